"""Timestamps of the API. Contract section 1: ISO 8601, most without a zone, some with an offset."""

from __future__ import annotations

import datetime as dt


def parse_time(text: object) -> dt.datetime | None:
    """A timestamp in UTC, which it is when it names no zone.

    None when it is missing, unreadable, or beyond the calendar.
    """
    if not isinstance(text, str):
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
        return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    except (ValueError, OverflowError):
        return None


def write_time(moment: dt.datetime | None) -> str | None:
    """As most timestamps of the API are written: in UTC, without zone, with microseconds."""
    return None if moment is None else moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
