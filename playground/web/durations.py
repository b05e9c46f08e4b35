"""How old an answer of the upstream is, as pages say it."""

from __future__ import annotations

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
# From so many hours on days are told.
_MOST_HOURS = 48


def why_old(problem: str, age: float) -> str:
    """What is said of something that could not be renewed; nothing where there is no problem."""
    return f"{problem} What you see was asked for {in_words(age)}." if problem else ""


def in_words(seconds: float) -> str:
    """How long ago, in one unit: `just now`, `40 s ago`, `3 min ago`, `2 h ago`, `3 days ago`."""
    whole = int(seconds)
    if whole < 1:
        return "just now"
    if whole < _MINUTE:
        return f"{whole} s ago"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min ago"
    hours = whole // _HOUR
    return f"{hours} h ago" if hours < _MOST_HOURS else f"{whole // _DAY} days ago"
