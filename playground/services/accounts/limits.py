"""An account's limits as gauges: what was used of what, until when. Contract section 5."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from playground.contract.accounts import Account, Limit
from playground.contract.times import parse_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """One limit. Numbers are as the upstream tells them, even below zero; None: it does not."""

    name: str
    level: str
    used: int | None
    most: int | None
    queued: int | None
    ends_at: dt.datetime | None
    is_over: bool
    templates: tuple[str, ...]

    @property
    def percent(self) -> int | None:
        """How far it is used, 0 to 100; None when that cannot be told, as of one below zero."""
        if self.used is None or self.most is None or self.most < 0:
            return None
        if self.used >= self.most:
            return 100
        # Integers: they may be too large for a fraction. `used` is below `most` here.
        return max(0, self.used * 100 // self.most) if self.most else 0

    @property
    def is_used_up(self) -> bool:
        """Nothing more may be done in this window, and the window is still open."""
        return self.percent == 100 and not self.is_over


def read_gauges(account: Account, now: dt.datetime) -> tuple[Gauge, ...]:
    """The account's limits, in the upstream's order; none when it was listed without."""
    return tuple(_read(limit, now) for limit in account.limits or ())


def has_used_up(gauges: Iterable[Gauge]) -> bool:
    return any(gauge.is_used_up for gauge in gauges)


def _read(limit: Limit, now: dt.datetime) -> Gauge:
    ends_at = parse_time(limit.end_time_range)
    return Gauge(
        name=_text(limit.limit_name) or _text(limit.permalink) or "limit without a name",
        level=_text(limit.level),
        used=_number(limit.item_scraped),
        most=_number(limit.limit_value),
        queued=_number(limit.nbr_inputs_queued_next_seven_days),
        ends_at=ends_at,
        is_over=ends_at is not None and ends_at <= now,
        templates=limit.templates or (),
    )


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
