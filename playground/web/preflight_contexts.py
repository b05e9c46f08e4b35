"""The preflight panel as its template shows it."""

from __future__ import annotations

from dataclasses import dataclass

from playground.preflight.lines import Line
from playground.services.preflights import Check
from playground.web import ages


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightContext:
    """The gravest lines come first; `checked` says how old the oldest answer is behind them."""

    lines: tuple[Line, ...]
    stops: int
    risky: int
    ready_rows: int
    row_count: int
    expected_days: int
    checked: str
    is_complete: bool
    workflow_problem: str

    @classmethod
    def of(cls, check: Check) -> PreflightContext:
        found = check.preflight
        return cls(
            lines=(*found.stops, *found.risky, *found.notes),
            stops=len(found.stops),
            risky=len(found.risky),
            ready_rows=found.ready_rows,
            row_count=found.row_count,
            expected_days=found.expected_days or 0,
            checked=ages.in_words(check.age),
            is_complete=check.is_complete,
            workflow_problem=check.workflow_problem,
        )
