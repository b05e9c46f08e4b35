"""Preflight: everything that can be known about a launch before it is sent."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from playground.contract.workflows import Workflow
from playground.payload.build.builder import Built
from playground.payload.build.origins import RowSource
from playground.payload.drafts import LaunchDraft
from playground.preflight import history, limits, plan, refusals, rows, schedules, steps
from playground.preflight.facts import Facts
from playground.preflight.issues import line_of
from playground.preflight.lines import SECTIONS, Line, Severity
from playground.preflight.schedules import Timing

__all__ = ["Preflight", "check_launch", "check_since"]

# Lines that tell what could not be looked at.
_UNKNOWN = frozenset(
    {
        "accounts-unknown",
        "limits-unknown",
        "workspace-unknown",
        "parallel-unknown",
        "regex-unchecked",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """What is known of a launch. A clean one has no lines.

    `ready_rows` are rows with every required value, each in the form it should have.
    `expected_days` is how long the accounts' daily limits let it take: 1 when it fits into today,
    None when no limit is known to govern it. `timing` names its schedule and its delay.
    When it `is_refused`, the API takes it for certain not: no reason to send it helps. Without
    the `incomplete` rows it may take the others.
    """

    lines: tuple[Line, ...]
    row_count: int
    ready_rows: int
    expected_days: int | None = None
    timing: Timing | None = None
    incomplete: tuple[RowSource, ...] = ()
    is_refused: bool = False

    @property
    def stops(self) -> tuple[Line, ...]:
        return self._lines_of("stops")

    @property
    def risky(self) -> tuple[Line, ...]:
        return self._lines_of("risky")

    @property
    def notes(self) -> tuple[Line, ...]:
        return self._lines_of("note")

    @property
    def is_certain(self) -> bool:
        """Whether all was known that a line could stand on."""
        return all(line.code not in _UNKNOWN for line in self.lines)

    def _lines_of(self, severity: Severity) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.severity == severity)


def check_launch(workflow: Workflow, draft: LaunchDraft, built: Built, facts: Facts) -> Preflight:
    """The lines of a launch, in the order of the page. Never raises.

    `built` is the draft's payload, made with `facts.accounts`.
    """
    digests = rows.digests_of(workflow, built)
    misfits = rows.find_misfits(workflow, built, facts.test_inputs)
    inputs = rows.count_inputs(built)
    sent = tuple(steps.sent_steps(workflow, built))
    loads = limits.find_loads(sent, inputs, facts)
    rhythm = schedules.rhythm_of(built)
    found = [
        rows.find_hopeless(misfits),
        rows.find_hopeless_table(built.stored),
        rows.note_set_aside(draft),
        *_issue_lines(built, rows.find_repeats(workflow, built)),
        rows.find_similar(workflow, built, digests),
        *(steps.check_accounts(step, facts) for step in sent),
        *(steps.check_levels(step, facts) for step in sent),
        *(limits.check_load(load, facts) for load in loads),
        limits.check_known(sent, inputs, facts),
        *plan.check_plan(inputs, facts, is_delayed=schedules.is_delayed(built)),
        schedules.check_rhythm(rhythm, inputs, loads, facts),
        schedules.check_same_name(workflow.name, built, rhythm is not None, facts),
        *history.check_history(built, digests, facts),
    ]
    return Preflight(
        lines=_in_page_order(found),
        row_count=built.row_count,
        ready_rows=rows.count_ready(workflow, draft, built, misfits),
        expected_days=limits.longest(loads),
        timing=schedules.timing_of(built, facts.now),
        incomplete=rows.find_incomplete(workflow, built),
        is_refused=refusals.is_certain(built),
    )


def check_since(workflow: Workflow, built: Built, facts: Facts, *, number: int) -> list[Line]:
    """What speaks against it of what was launched lately, after launch `number`: the same once
    more, and a schedule of the same name."""
    since = tuple(past for past in facts.schedules if past.number > number)
    newer = dataclasses.replace(facts, schedules=since)
    repeats = schedules.rhythm_of(built) is not None
    named = schedules.check_same_name(workflow.name, built, repeats, newer) if repeats else None
    lines = history.check_since(built, rows.digests_of(workflow, built), facts, number=number)
    return [*lines, named] if named else lines


def _issue_lines(built: Built, repeats: Line | None) -> list[Line]:
    """A line for each issue; `repeats` takes the place of the builder's own word on repeats."""
    is_told = False
    lines = []
    for issue in built.issues:
        line = line_of(issue)
        if line.code == rows.DUPLICATES and repeats:
            line, is_told = repeats, True
        lines.append(line)
    return lines if is_told or repeats is None else [*lines, repeats]


def _in_page_order(found: Iterable[Line | None]) -> tuple[Line, ...]:
    lines = [line for line in found if line is not None]
    return tuple(sorted(lines, key=lambda line: SECTIONS.index(line.section)))
