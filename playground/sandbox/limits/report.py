"""How much of its daily limits an account has used, out of the simulation that jobs obey too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from playground.contract.accounts import Limit
from playground.sandbox import catalog
from playground.sandbox.account_book import AccountBook
from playground.sandbox.catalog import AccountLimit
from playground.sandbox.jobs import attempts, engine, flow, timeline
from playground.sandbox.jobs.attempts import Circumstances
from playground.sandbox.limits import eligibility
from playground.sandbox.limits.active_attempts import ActiveAttempt
from playground.sandbox.limits.checkpoints import simulation_at
from playground.sandbox.limits.simulation import LimitSimulation
from playground.sandbox.limits.windows import DAY, WindowKey
from playground.sandbox.records import Launch, StepPlan, StoredAccount
from playground.sandbox.storage.protocol import JobStore

_WEEK = timedelta(days=7)


def circumstances(
    store: JobStore, workflow_uids: Iterable[str], now: datetime, book: AccountBook
) -> Circumstances:
    """What the jobs of these workflows depend on. Others are read only if a limit may concern
    one of these."""
    if eligibility.LIMITED_WORKFLOWS.isdisjoint(workflow_uids):
        return Circumstances(book=book)
    return simulation_at(store, now, book).around


class LimitReport:
    """The limits of accounts at a time. A launch counts from the moment it was accepted: the
    simulation is read as it will be when a job that is queued now begins."""

    def __init__(self, store: JobStore, now: datetime, book: AccountBook, speed: float) -> None:
        begins = now + timedelta(seconds=timeline.QUEUE_SECONDS / speed)
        self._now = now
        self._simulation = simulation_at(store, now, book).fork()
        self._simulation.advance(begins)
        self._queued = _count_queued(self._simulation, begins)

    def limits_of(self, account: StoredAccount) -> tuple[Limit, ...]:
        """Those of the account's level."""
        return tuple(
            self._limit((account.uid, item.permalink), item)
            for item in catalog.LIMITS
            if item.integration == account.integration and item.level == (account.level or "")
        )

    def _limit(self, key: WindowKey, item: AccountLimit) -> Limit:
        window = self._simulation.waiting_lines.windows.get(key)
        if window is not None and window.end <= self._now:
            window = None
        midnight = self._now.replace(hour=0, minute=0, second=0, microsecond=0)
        return Limit(
            permalink=item.permalink,
            level=item.level,
            item_scraped=window.used if window else 0,
            limit_value=item.value,
            limit_name=item.name,
            start_time_range=_stamp(window.start if window else midnight),
            end_time_range=_stamp(window.end if window else midnight + DAY),
            templates=item.templates,
            nbr_inputs_queued_next_seven_days=self._queued[key],
        )


def _count_queued(simulation: LimitSimulation, at: datetime) -> Counter[WindowKey]:
    """Rows that wait, that are on their way to a later step, or whose run is due within seven
    days."""
    queued: Counter[WindowKey] = Counter()
    for active in simulation.active_attempts:
        if not simulation.active_attempts.is_complete(active):
            _add_rest(queued, simulation, active, at)
    for launch, following in simulation.schedules():
        runs = max(0, _runs_due_soon(launch, at) - following)
        for index, step in enumerate(launch.plan.steps):
            if eligibility.is_limited(step.step_uid) and (
                index == 0 or launch.plan.number_succeeding
            ):
                rows = runs * flow.inputs_of(launch.plan, index)
                _add(queued, simulation, step, rows, at)
    return queued


def _add_rest(
    queued: Counter[WindowKey], simulation: LimitSimulation, active: ActiveAttempt, at: datetime
) -> None:
    """What an attempt has yet to take. A paused step takes nothing, nor do those after it."""
    attempt = active.attempt
    if attempt.due_at > _soon(attempt.launch, at):
        return
    timelines = attempts.timelines_of(attempt, simulation.around)
    for index, step in enumerate(attempt.plan.steps):
        if timelines[index].begins is not None and timelines[index].works is None:
            return
        if index and not attempt.plan.number_succeeding:
            return
        allocation = simulation.active_attempts.allocations.get((active.key, index))
        if allocation and allocation.paused_at is not None:
            return
        if eligibility.is_limited(step.step_uid):
            taken = allocation.granted if allocation else 0
            inputs = [
                flow.inputs_before(attempt.plan, index, place)
                for place in (taken, active.most(index))
            ]
            _add(queued, simulation, step, inputs[1] - inputs[0], at)


def _add(
    queued: Counter[WindowKey], simulation: LimitSimulation, step: StepPlan, rows: int, at: datetime
) -> None:
    """Splits the rows between the step's accounts by what each may do in a day."""
    found = [
        (account, eligibility.limit_of(account, step.step_uid))
        for account in simulation.waiting_lines.accounts_for(step, at)
    ]
    limits = [(account.uid, limit) for account, limit in found if limit]
    if len(limits) < len(found):
        return  # One of them does as much as it is asked to.
    rest = sum(limit.value for _, limit in limits)
    for uid, limit in limits:
        part = -(-rows * limit.value // rest)
        queued[uid, limit.permalink] += part
        rows, rest = rows - part, rest - limit.value


def _runs_due_soon(launch: Launch, now: datetime) -> int:
    at = _soon(launch, now) if engine.is_scheduled(launch, now) else now
    return 0 if engine.due_at(launch, 0) > at else engine.count_occurrences(launch, at)


def _soon(launch: Launch, now: datetime) -> datetime:
    return now + _WEEK / launch.speed


def _stamp(at: datetime) -> str:
    """Limit windows are written without fraction (section 1)."""
    return at.strftime("%Y-%m-%dT%H:%M:%S")
