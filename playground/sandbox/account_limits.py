"""How much of its daily limits an account has used (section 1.6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from playground.contract.accounts import Limit
from playground.sandbox import catalog, engine
from playground.sandbox.catalog import AccountLimit
from playground.sandbox.records import Launch, StoredAccount

_DAY = timedelta(hours=24)
_WEEK = timedelta(days=7)
_INSTANT = timedelta(microseconds=1)


def limits_of(
    account: StoredAccount, launches: Iterable[Launch], now: datetime
) -> tuple[Limit, ...]:
    """The limits of the account's level. The window opens with the first launch in it."""
    return tuple(
        _limit(item, [launch for launch in launches if _uses(launch, account, item)], now)
        for item in catalog.LIMITS
        if item.integration == account.integration and item.level == (account.level or "")
    )


def _limit(item: AccountLimit, launches: list[Launch], now: datetime) -> Limit:
    starts = [at for launch in launches if (at := _first_run(launch, now - _DAY, now))]
    start = min(starts, default=now.replace(hour=0, minute=0, second=0, microsecond=0))
    launched = sum(_inputs(launch, start - _INSTANT, now) for launch in launches)
    queued = sum(_inputs(launch, now, now + _WEEK) for launch in launches)
    done = min(launched, item.value)
    return Limit(
        permalink=item.permalink,
        level=item.level,
        item_scraped=done,
        limit_value=item.value,
        limit_name=item.name,
        start_time_range=_stamp(start),
        end_time_range=_stamp(start + _DAY),
        templates=item.templates,
        nbr_inputs_queued_next_seven_days=queued + launched - done,
    )


def _uses(launch: Launch, account: StoredAccount, item: AccountLimit) -> bool:
    return any(
        account.uid in step.accounts and catalog.template_of(step.step_uid) in item.templates
        for step in launch.plan.steps
    )


def _count(launch: Launch, at: datetime) -> int:
    """Runs due up to this time."""
    count = engine.count_occurrences(launch, at)
    return 0 if engine.due_at(launch, 0) > at else count


def _first_run(launch: Launch, after: datetime, until: datetime) -> datetime | None:
    number = _count(launch, after)
    return engine.due_at(launch, number) if _count(launch, until) > number else None


def _inputs(launch: Launch, after: datetime, until: datetime) -> int:
    """Inputs of the runs that are due later than `after`, and not later than `until`."""
    return launch.plan.number_rows * (_count(launch, until) - _count(launch, after))


def _stamp(at: datetime) -> str:
    """Limit windows are written without fraction (section 1)."""
    return at.strftime("%Y-%m-%dT%H:%M:%S")
