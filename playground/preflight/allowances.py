"""What accounts may still do under their daily limits (contract sections 1.6 and 5).

Whatever the upstream says of a limit is read without trust: what is missing, null or below zero
counts as nothing, and no number as more than `MOST`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from playground.contract.accounts import Account, Limit
from playground.contract.times import parse_time
from playground.preflight import words

MOST = 1_000_000_000
Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """One account under one limit. `ends_at` is when the window that is open now closes.

    `used` are inputs of the open window, `queued` those that wait before any new one. Two
    allowances of one `key` (the account's UID, the limit) draw on the same window; `keys` are of
    all limits that the same work draws on.
    """

    key: Key
    keys: tuple[Key, ...] = ()
    account: str
    limit: str
    a_day: int
    used: int
    queued: int
    ends_at: datetime | None

    def done_within(self, days: int) -> int:
        """How many more inputs it can work on until the end of this day, today being day 1."""
        free = max(0, self.a_day - self.used)
        return max(0, free + (days - 1) * self.a_day - self.queued)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What some accounts may do together."""

    parts: tuple[Allowance, ...]

    @property
    def a_day(self) -> int:
        return sum(part.a_day for part in self.parts)

    @property
    def left_today(self) -> int:
        return self.done_within(1)

    @property
    def used(self) -> int:
        return sum(min(part.used, part.a_day) for part in self.parts)

    @property
    def queued(self) -> int:
        return sum(part.queued for part in self.parts)

    @property
    def ends_at(self) -> datetime | None:
        """When the first window that is open now closes."""
        return min((part.ends_at for part in self.parts if part.ends_at), default=None)

    def done_within(self, days: int) -> int:
        return sum(part.done_within(days) for part in self.parts)

    def shares(self, inputs: int) -> dict[Key, int]:
        """How the inputs spread over the accounts by the day on which the last of them is done:
        each does what it can, in their order. Without such a day all wait for the first."""
        days = self.days_for(inputs)
        if days is None:
            return dict.fromkeys(self.parts[0].keys or (self.parts[0].key,), inputs)
        found: dict[Key, int] = {}
        for part in self.parts:
            share = min(part.done_within(days), inputs)
            found |= dict.fromkeys(part.keys or (part.key,), share)
            inputs -= share
        return found

    def days_for(self, inputs: int) -> int | None:
        """The day, from 1, on which the last of these inputs is done; None when never."""
        if not self.a_day:
            return None
        most = 1
        while self.done_within(most) < inputs:
            most *= 2
        least = most // 2 + 1
        while least < most:
            middle = (least + most) // 2
            if self.done_within(middle) < inputs:
                least = middle + 1
            else:
                most = middle
        return most


def capacity_of(
    accounts: Iterable[Account],
    template: str,
    inputs: int,
    now: datetime,
    planned: Mapping[Key, int] = MappingProxyType({}),
) -> Capacity | None:
    """What the accounts may do together when so much more is `planned` before; None when one of
    them is not known to be limited.

    Of several limits on one account the one counts that holds up this many inputs longest.
    """
    parts = []
    for account in accounts:
        given = (_allowance(account, item, now) for item in _limits_of(account, template))
        found = [
            replace(item, queued=min(item.queued + planned.get(item.key, 0), MOST))
            for item in given
            if item is not None
        ]
        part = _tightest(found, inputs)
        if part is None:
            return None
        parts.append(replace(part, keys=tuple(dict.fromkeys(item.key for item in found))))
    return Capacity(parts=tuple(parts)) if parts else None


def _limits_of(account: Account, template: str) -> list[Limit]:
    """Those that govern the template and are the level's of the account, or of every level."""
    limits = account.limits if isinstance(account.limits, tuple) else ()
    return [
        item
        for item in limits
        if isinstance(item.templates, tuple)
        and template in item.templates
        and (not item.level or item.level == account.level)
    ]


def _allowance(account: Account, limit: Limit, now: datetime) -> Allowance | None:
    a_day = limit.limit_value
    if type(a_day) is not int or a_day < 0:
        return None
    ends_at = parse_time(limit.end_time_range)
    is_over = ends_at is not None and ends_at <= now
    name = words.limit_name(limit)
    return Allowance(
        key=(account.uid, limit.permalink if isinstance(limit.permalink, str) else name),
        account=words.account_name(account),
        limit=name,
        a_day=min(a_day, MOST),
        used=0 if is_over else _count(limit.item_scraped),
        queued=_count(limit.nbr_inputs_queued_next_seven_days),
        ends_at=None if is_over else ends_at,
    )


def _count(value: object) -> int:
    return min(max(0, value), MOST) if type(value) is int else 0


def _tightest(found: Sequence[Allowance], inputs: int) -> Allowance | None:
    return max(found, key=lambda item: _hold_up(item, inputs), default=None)


def _hold_up(item: Allowance, inputs: int) -> tuple[float, int]:
    days = Capacity(parts=(item,)).days_for(inputs)
    return (float("inf") if days is None else days, -item.done_within(1))
