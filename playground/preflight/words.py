"""Numbers, times and names as a sentence says them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playground.contract.accounts import Account, Limit
from playground.payload.texts import shorten, without_hiding
from playground.payload.words import counted

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_LONGEST_SENTENCE = 200


def ago(at: datetime, now: datetime) -> str:
    """`10 minutes ago`; what lies ahead happened just now by a clock that is fast."""
    seconds = int((now - at).total_seconds())
    return "just now" if seconds < _MINUTE else f"{_parts(seconds)[0]} ago"


def lasting(seconds: float) -> str:
    """A length of time in its two largest units: `45 seconds`, `1 hour 30 minutes`."""
    return " ".join(_parts(int(seconds))[:2])


def _parts(seconds: int) -> list[str]:
    parts: list[str] = []
    for size, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute"), (1, "second")):
        count, seconds = divmod(seconds, size)
        if count or parts:
            parts.append(counted(count, name) if count else "")
    kept = parts[:2] or [counted(0, "second")]
    return [part for part in kept if part]


def moment(at: datetime, now: datetime) -> str:
    """`15:29 UTC`, with the day in front when it is not today's."""
    try:
        there, here = at.astimezone(UTC), now.astimezone(UTC)
    except OverflowError:  # The year 1 or 9999, moved by its offset.
        return "an unknown time"
    clock = f"{there:%H:%M} UTC"
    if there.date() == here.date():
        return clock
    day = f"{there.day} {_MONTHS[there.month - 1]}"
    is_near = abs(there - here) < timedelta(days=180)
    return f"{day}, {clock}" if is_near else f"{day} {there.year}, {clock}"


def sentence(text: str) -> str:
    """Somebody else's sentence on one line, cut where it gets long."""
    line = without_hiding(text[: _LONGEST_SENTENCE * 2])
    return line if len(line) <= _LONGEST_SENTENCE else line[: _LONGEST_SENTENCE - 1] + "…"


def person(name: str) -> str:
    return shorten(name) or "somebody"


def account_name(account: Account) -> str:
    name = account.name if isinstance(account.name, str) else ""
    return shorten(name) or shorten(account.uid)


def limit_name(limit: Limit) -> str:
    """What is limited: `profile visits`; `actions` when the upstream has no word for it."""
    found = (name for name in (limit.limit_name, limit.permalink) if isinstance(name, str))
    return next((shorten(name) for name in found if name.strip()), "actions")
