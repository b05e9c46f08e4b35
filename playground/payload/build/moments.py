"""A start by date and time: typed where the delay is, with its zone, and counted from now.

The API takes seconds and knows no zone. A time that a zone skips or has twice, when its clocks go
forward or back, is asked about and never guessed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import re
import zoneinfo

EXAMPLE = "2026-12-01 09:00 Europe/Paris"
# What somebody means as a date; a number in any way of writing it is none.
_DATE = re.compile(r"\s*\d{4}-\d{1,2}-\d{1,2}(?!\d).*", re.DOTALL)
_MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[T ]+(\d{1,2})[:.](\d{2})(?::(\d{2}))?\s*(\S.*)?", re.ASCII
)
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})", re.ASCII)
_ZONE = re.compile(r"[A-Za-z0-9_+/-]{1,60}", re.ASCII)


class UnclearMoment(Exception):
    """It cannot be said when that is; `sentence` says why, and how to say it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def is_like(text: str) -> bool:
    """Whether it is meant as a date, be it a wrong one."""
    return bool(_DATE.fullmatch(text))


def seconds_until(text: str, now: dt.datetime) -> int:
    """Whole seconds from `now`. Raises `UnclearMoment`, also for what is past."""
    at = read(text)
    seconds = math.ceil((at - now).total_seconds())
    if seconds < 0:
        raise UnclearMoment(
            f"This start is past: by now it is {now.astimezone(at.tzinfo):%Y-%m-%d %H:%M} there. "
            "Choose one that is to come, or leave it out to start at once."
        )
    return seconds


def read(text: str) -> dt.datetime:
    """The moment. Raises `UnclearMoment`."""
    found = _MOMENT.fullmatch(text.strip())
    if not found:
        raise UnclearMoment(f"A start is a date, a time and a zone, such as {EXAMPLE}.")
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
        local = dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
    except ValueError:
        raise UnclearMoment("There is no such date or time.") from None
    zone = (found[7] or "").strip()
    if not zone:
        raise UnclearMoment(f"Which time is that? Add its zone, such as {EXAMPLE}, or UTC.")
    return _in_zone(local, zone)


def _in_zone(local: dt.datetime, name: str) -> dt.datetime:
    offset = _OFFSET.fullmatch(name)
    if offset or name in ("Z", "UTC"):
        return local.replace(tzinfo=_fixed(offset) if offset else dt.UTC)
    zone = _zone(name)
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    before, after = (at.isoformat(sep=" ")[-6:] for at in (first, second))
    if first.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise UnclearMoment(
            f"There is no {local:%H:%M} on that day in {name}: the clocks go forward then. Choose "
            "another time."
        )
    raise UnclearMoment(
        f"{local:%H:%M} is there twice on that day in {name}, for the clocks go back: say which by "
        f"its distance from UTC, {local:%Y-%m-%d %H:%M} {before} or {after}."
    )


def _fixed(offset: re.Match[str]) -> dt.timezone:
    minutes = int(offset[2]) * 60 + int(offset[3])
    if minutes >= 24 * 60 or int(offset[3]) >= 60:
        raise UnclearMoment("No zone is so far from UTC.")
    return dt.timezone(dt.timedelta(minutes=-minutes if offset[1] == "-" else minutes))


def _zone(name: str) -> zoneinfo.ZoneInfo:
    with contextlib.suppress(ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        if _ZONE.fullmatch(name):
            return zoneinfo.ZoneInfo(name)
    raise UnclearMoment(
        "This zone is not known: write it as Europe/Paris, America/New_York or UTC, or as its "
        "distance from UTC, such as +01:00."
    )
