"""One attempt at a run and the state of its steps at a given time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from playground.contract import jobs
from playground.sandbox.account_book import AccountBook
from playground.sandbox.jobs import flow, timeline
from playground.sandbox.jobs.timeline import Share, StepTimeline
from playground.sandbox.records import Launch, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class StepState:
    """One step of an attempt. `rows_done` counts rows of the launch that it is done with,
    `inputs_done` its own inputs, `row_count` its results; `accounts` are those that it used."""

    index: int
    status: str
    error: str | None
    start_at: datetime | None
    finish_at: datetime | None
    rows_done: int
    inputs_done: int
    row_count: int
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAttempt:
    """A first go at a run, or one made by a retry. `body_number` names its body in the store.

    `ended_at` is when a caller ended it, by cancelling or by starting the next attempt.
    """

    launch: Launch
    occurrence: int = 0
    number: int = 0
    body_number: int = 0
    plan: Plan
    due_at: datetime
    resumed_at: tuple[datetime, ...] = ()
    ended_at: datetime | None = None
    ended_by: Literal["", "cancel", "retry"] = ""


def _no_share(_attempt: RunAttempt, _index: int) -> Share | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """All that an attempt depends on besides its launch and the time: the accounts, and what
    their limits have let its steps do (None for a step that no limit governs)."""

    book: AccountBook
    share: Callable[[RunAttempt, int], Share | None] = _no_share


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptState:
    attempt: RunAttempt
    status: str
    steps: tuple[StepState, ...]

    @property
    def error(self) -> str | None:
        """The sentence of the step that brought the attempt into its status."""
        found = (step.error for step in self.steps if step.status == self.status)
        return next((error for error in found if error), None)

    @property
    def start_at(self) -> datetime | None:
        return self.steps[0].start_at

    @property
    def finish_at(self) -> datetime | None:
        """When the last step ended; None while the attempt may go on."""
        if self.status not in jobs.FINAL:
            return None
        return max((step.finish_at for step in self.steps if step.finish_at), default=None)


def seconds_between(launch: Launch, start: datetime, end: datetime) -> float:
    """Seconds at speed 1."""
    return (end - start).total_seconds() * launch.speed


def time_after(launch: Launch, start: datetime, seconds: float) -> datetime:
    return start + timedelta(seconds=seconds / launch.speed)


def state_at(attempt: RunAttempt, now: datetime, around: Circumstances) -> AttemptState:
    """The attempt's state; `now` is not before any of its events."""
    second = second_at(attempt, attempt.ended_at or now)
    steps = tuple(
        _step_state(attempt, index, item, second, around)
        for index, item in enumerate(timelines_of(attempt, around))
    )
    status = jobs.STOPPED if attempt.ended_by == "cancel" else _status_of(steps)
    return AttemptState(attempt=attempt, status=status, steps=steps)


def timelines_of(attempt: RunAttempt, around: Circumstances) -> tuple[StepTimeline, ...]:
    return timeline.lay_out(
        attempt.plan,
        _trouble_of(attempt, around),
        _resumed(attempt),
        lambda index: around.share(attempt, index),
        breaks_off=breaks_off(attempt),
    )


def arrivals_at(
    attempt: RunAttempt, index: int, around: Circumstances
) -> tuple[tuple[float, int], ...]:
    """When rows come to a step, in seconds, and how many, as far as it is known by now."""
    if index == 0:  # Nothing else of the attempt matters to it.
        pace = timeline.pace_of(attempt.plan, index)
        trouble, resumed = _trouble_of(attempt, around), _resumed(attempt)
        begun = timeline.begin_step(0, timeline.QUEUE_SECONDS, pace, trouble, resumed)
        return () if begun.works is None else ((begun.works, pace.rows),)
    timelines = timelines_of(attempt, around)
    if timelines[index].works is None:
        return ()
    return timeline.pieces_of(timelines[index], timelines[index - 1])


def breaks_off(attempt: RunAttempt) -> bool:
    return attempt.plan.fate == "shutdown" and attempt.number == 0


def second_at(attempt: RunAttempt, at: datetime) -> float:
    return seconds_between(attempt.launch, attempt.due_at, at)


def time_at(attempt: RunAttempt, second: float) -> datetime:
    return time_after(attempt.launch, attempt.due_at, second)


def _resumed(attempt: RunAttempt) -> list[float]:
    return [second_at(attempt, at) for at in attempt.resumed_at]


def _trouble_of(attempt: RunAttempt, around: Circumstances) -> timeline.Trouble:
    return lambda index, second: _trouble(attempt, index, second, around.book)


def _trouble(attempt: RunAttempt, index: int, second: float, book: AccountBook) -> str:
    is_beginning = index == 0 and second <= timeline.QUEUE_SECONDS
    if attempt.plan.fate == "paused" and attempt.number == 0 and is_beginning:
        return "The job was paused, as its test input asks for."
    return book.trouble(attempt.plan.steps[index], time_at(attempt, second))


def _step_state(
    attempt: RunAttempt, index: int, item: StepTimeline, second: float, around: Circumstances
) -> StepState:
    status = item.status_at(second)
    finish_at = _time_of(attempt, item.ends) if status in jobs.FINAL else None
    error = {jobs.PAUSED: item.trouble_at(second), item.outcome: item.error}.get(status)
    if _is_stopped(attempt, status):
        status, error, finish_at = jobs.STOPPED, None, finish_at or attempt.ended_at
    plan, done = attempt.plan, item.rows_done_at(second)
    has_begun = item.begins is not None and second >= item.begins
    return StepState(
        index=index,
        status=status,
        error=error,
        start_at=_time_of(attempt, item.begins) if has_begun else None,
        finish_at=finish_at,
        rows_done=done // flow.places_each(plan, index),
        inputs_done=flow.inputs_before(plan, index, done),
        row_count=flow.results_before(plan, index, done),
        accounts=_accounts_used(attempt, index, item, second, around),
    )


def _accounts_used(
    attempt: RunAttempt, index: int, item: StepTimeline, second: float, around: Circumstances
) -> tuple[str, ...]:
    """Those that took work by then; as long as the step has yet to begin, those it was given."""
    step = attempt.plan.steps[index]
    if item.begins is None or second < item.begins:
        is_to_come = item.status_at(second) == jobs.PENDING and not attempt.ended_by
        return step.accounts if is_to_come else ()
    if item.works is None or second < item.works:
        return step.accounts
    share = around.share(attempt, index)
    if share is None:
        worker = around.book.worker(step, time_at(attempt, item.works))
        return (worker,) if worker else ()
    pairs = zip(share.grants, share.accounts, strict=True)
    used = tuple(dict.fromkeys(uid for (at, _), uid in pairs if at <= second))
    # Before the first grant, and where accounts stopped to work before it.
    return used or (step.accounts if item.trouble_at(second) else ())


def _is_stopped(attempt: RunAttempt, status: str) -> bool:
    if attempt.ended_by == "cancel":
        return status in jobs.CANCELLABLE
    return attempt.ended_by == "retry" and status not in jobs.FINAL


def _status_of(steps: Iterable[StepState]) -> str:
    """The main job's status, out of those of its steps."""
    found = {step.status for step in steps}
    for status in (jobs.PAUSED, jobs.STOPPED):
        if status in found:
            return status
    if found <= jobs.FINAL:
        worst = (status for status in (jobs.SHUTDOWN, jobs.WARNING) if status in found)
        return next(worst, jobs.FINISHED)
    return jobs.PENDING if found == {jobs.PENDING} else jobs.RUNNING


def _time_of(attempt: RunAttempt, second: float | None) -> datetime | None:
    return None if second is None else time_at(attempt, second)
