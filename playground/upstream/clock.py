"""How far the upstream's clock is ahead of ours, by the `Date` of its answers (RFC 9110, 6.6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# A `Date` tells whole seconds.
_RESOLUTION = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReading:
    """By how much the upstream's clock is `ahead` of ours; `error` is the most this is wrong."""

    ahead: timedelta
    error: timedelta


def read_date(text: str | None, sent_at: datetime, answered_at: datetime) -> ClockReading | None:
    """None without a `Date` that can be read. It was written between the two moments."""
    try:
        told = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    if told is None:
        return None
    told = told.replace(tzinfo=told.tzinfo or UTC)
    least, most = told - answered_at, told + _RESOLUTION - sent_at
    return ClockReading(ahead=(least + most) / 2, error=(most - least) / 2)
