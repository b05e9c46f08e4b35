"""Times as pages tell them beside the exact ones: how long ago, and how long something took."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils import timezone

from playground.web import durations

register = template.Library()

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


@register.filter
def ago(moment: dt.datetime | None) -> str:
    """`just now`, `3 min ago`, `in 5 min`; empty for no moment."""
    return since(moment, timezone.now()) if moment else ""


@register.filter
def aged(seconds: float | None) -> str:
    """How long ago something was asked for, by how old it is: `just now`, `3 min ago`."""
    return durations.in_words(seconds) if seconds is not None else ""


@register.filter
def took(start: dt.datetime | None, end: dt.datetime | None) -> str:
    """How long it took, or takes until now where it has no end; empty when it has no start."""
    return length(((end or timezone.now()) - start).total_seconds()) if start else ""


def since(moment: dt.datetime, now: dt.datetime) -> str:
    seconds = (now - moment).total_seconds()
    return durations.in_words(seconds) if seconds > -1 else f"in {length(-seconds, most=1)}"


def length(seconds: float, *, most: int = 2) -> str:
    """In the two largest units (or so many) that say something: `12 s`, `2 min 5 s`, `1 d 3 h`.

    What ended before it began took no time; so do clocks differ.
    """
    left = max(round(seconds), 0)
    parts: list[str] = []
    for size, unit in _UNITS:
        count, left = divmod(left, size)
        if count or parts:
            parts.append(f"{count} {unit}" if count else "")
        if len(parts) == most:
            break
    return " ".join(filter(None, parts)) or "under 1 s"
