"""What the builder found → lines: each issue once, some weightier than the builder takes them."""

from __future__ import annotations

from playground.payload import issues
from playground.payload.issues import Issue
from playground.payload.paths import Path
from playground.preflight.lines import Line, Section, Severity

_SEVERITIES: dict[issues.Severity, Severity] = {
    "error": "stops",
    "warning": "risky",
    "hint": "note",
}
# A step that needs an account and has none that works: the upstream takes the launch, and the
# job pauses there without a result (contract section 12, line 9).
_WEIGHTIER: dict[str, Severity] = {"no-account": "stops"}


def line_of(issue: Issue) -> Line:
    return Line(
        code=issue.code,
        severity=_WEIGHTIER.get(issue.code, _SEVERITIES[issue.severity]),
        section=section_of(issue.path),
        message=issue.message,
        path=issue.path,
    )


def section_of(path: Path) -> Section:
    """Where a part of the payload is told about."""
    key = path[0] if path else ""
    if key == "inputs":
        return "rows"
    return "steps" if key == "steps" else "schedule"
