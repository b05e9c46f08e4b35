"""The preflight panel as its template shows it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from playground.payload import words
from playground.preflight.lines import Line
from playground.preflight.schedules import Timing
from playground.services.launches.preflight import Check
from playground.web import durations, numbers
from playground.web.field_ids import LinkedIssue, field_id
from playground.web.launches.field_names import FieldNames

# Of lines that say the same of many rows so many are shown; the others are folded.
MOST_ROWS_ALIKE = 4
_MOST_ROWS_NAMED = 10


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Lines of one kind that follow each other."""

    shown: tuple[LinkedIssue, ...]
    folded: tuple[LinkedIssue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightContext:
    """The gravest lines come first; `checked` says how old the oldest answer is behind them.

    It `is_certain` when all was looked at that there is to look at.
    """

    groups: tuple[LineGroup, ...]
    stops: int
    risky: int
    ready_rows: int
    row_count: int
    expected_days: int
    checked: str
    is_complete: bool
    is_certain: bool
    workflow_problem: str
    launches_seen: str
    is_refused: bool
    incomplete: int
    incomplete_rows: str
    timing: Timing | None
    timing_field: str
    workflow_changes: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """What of it is heard when it changes: the verdict and the counts, not the lines."""
        verdict = "ready to launch" if self.is_certain else "nothing known stops it"
        if self.stops or self.risky:
            stop = "stops" if self.stops == 1 else "stop"
            found = (
                f"{numbers.counted(self.stops, 'thing')} {stop} it" if self.stops else "",
                f"{numbers.number(self.risky)} risky" if self.risky else "",
            )
            verdict = ", ".join(filter(None, found))
        rows = f"{self.ready_rows:,} of {numbers.counted(self.row_count, 'row')} ready"
        return f"Preflight: {verdict}{f', {rows}' if self.row_count else ''}."

    @classmethod
    def of(
        cls, check: Check, names: FieldNames, workflow_changes: tuple[str, ...] = ()
    ) -> PreflightContext:
        """`workflow_changes` are since the form was made: they stop the launch too."""
        found = check.preflight
        # Without those rows there has to be something left to launch.
        are_some_left = len(found.incomplete) < found.row_count
        incomplete = [str(one.position) for one in found.incomplete] if are_some_left else []
        return cls(
            groups=tuple(_groups((*found.stops, *found.risky, *found.notes), names)),
            stops=len(found.stops) + bool(workflow_changes),
            risky=len(found.risky),
            ready_rows=found.ready_rows,
            row_count=found.row_count,
            expected_days=found.expected_days or 0,
            checked=durations.in_words(check.age),
            is_complete=check.is_complete,
            is_certain=check.is_complete and not check.workflow_problem and found.is_certain,
            workflow_problem=check.workflow_problem,
            launches_seen=str(check.facts.newest_launch),
            is_refused=found.is_refused,
            incomplete=len(incomplete),
            incomplete_rows=words.cut_list(incomplete, _MOST_ROWS_NAMED) if incomplete else "",
            timing=found.timing,
            timing_field=field_id(names.name_of(("repeat_option", "value"))),
            workflow_changes=workflow_changes,
        )


def _groups(lines: Iterable[Line], names: FieldNames) -> Iterator[LineGroup]:
    for _, found in itertools.groupby(lines, key=lambda line: (line.severity, line.code)):
        alike = tuple(found)
        # Nobody unfolds a single line. Steps are few, and each is looked after by itself.
        is_long = alike[0].section == "rows" and len(alike) > MOST_ROWS_ALIKE + 1
        count = MOST_ROWS_ALIKE if is_long else len(alike)
        linked = tuple(LinkedIssue.of(line, names.name_of(line.path)) for line in alike)
        yield LineGroup(linked[:count], linked[count:])
