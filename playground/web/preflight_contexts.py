"""The preflight panel as its template shows it."""

from __future__ import annotations

from dataclasses import dataclass

from playground.preflight.lines import Line
from playground.services.preflights import Check

_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightContext:
    """`checked` says how old the oldest answer is that the lines stand on."""

    lines: tuple[Line, ...]
    stops: int
    risky: int
    ready_rows: int
    row_count: int
    expected_days: int
    checked: str
    is_complete: bool

    @classmethod
    def of(cls, check: Check) -> PreflightContext:
        found = check.preflight
        return cls(
            lines=found.lines,
            stops=len(found.stops),
            risky=len(found.risky),
            ready_rows=found.ready_rows,
            row_count=found.row_count,
            expected_days=found.expected_days or 0,
            checked=in_words(check.age),
            is_complete=check.is_complete,
        )


def in_words(seconds: float) -> str:
    """How long ago, in one unit: `just now`, `40 s ago`, `3 min ago`, `2 h ago`."""
    whole = int(seconds)
    if whole < 1:
        return "just now"
    if whole < _MINUTE:
        return f"{whole} s ago"
    return f"{whole // _MINUTE} min ago" if whole < _HOUR else f"{whole // _HOUR} h ago"
