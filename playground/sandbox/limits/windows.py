"""Windows of 24 hours, out of which accounts take (section 1.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from playground.sandbox.catalog import AccountLimit

DAY = timedelta(hours=24)
# An account, and the permalink of one of its limits.
WindowKey = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What one account has taken of one limit since `start`; `is_watched` when somebody waits
    for its end."""

    limit: AccountLimit
    start: datetime
    end: datetime
    used: int = 0
    is_watched: bool = False

    @property
    def room(self) -> int:
        return max(0, self.limit.value - self.used)


def open_window(limit: AccountLimit, at: datetime, before: Window | None, speed: float) -> Window:
    """It opens on the full second, since windows are told without fraction, unless it would be
    over by now: its 24 hours are divided by the speed of the launch that opens it."""
    start, length = at.replace(microsecond=0), DAY / speed
    if start + length <= at:
        start = at
    if before is not None:
        start = max(start, before.end)
    return Window(limit=limit, start=start, end=start + length)
