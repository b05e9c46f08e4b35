"""`Retry-After`: how long an upstream asks to wait. Section 1.5; RFC 9110, section 10.2.3."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 3600
# Beyond a week nobody means it: a date in milliseconds, a test, a joke.
ABSURD_WAIT = 7 * 24 * 3600


def parse_retry_after(text: str | None, now: datetime) -> int | None:
    """Seconds from `now`, at most an hour; None when absent, unreadable, past or absurd."""
    wait = _seconds(text.strip(), now) if text else None
    if wait is None or not 0 <= wait <= ABSURD_WAIT:
        return None
    return min(wait, LONGEST_WAIT)


def _seconds(text: str, now: datetime) -> int | None:
    if re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    try:
        moment = parsedate_to_datetime(text[:100])
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return round((moment - now).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
