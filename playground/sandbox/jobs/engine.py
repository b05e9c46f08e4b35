"""A job's life as a function of its launch, its events, the time, and what is around it: the
accounts and, where they are limited, the other launches that use them.

Nothing is stored while a job runs: statuses, times and counts are computed when asked for. The
cost depends neither on the number of rows nor on earlier runs of a schedule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from playground.contract import jobs
from playground.sandbox.jobs import attempts, uids
from playground.sandbox.jobs.attempts import AttemptState, Circumstances, RunAttempt
from playground.sandbox.records import Event, Launch


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One occurrence of a launch, with the state of each attempt at it."""

    launch: Launch
    occurrence: int
    attempts: tuple[AttemptState, ...]

    @property
    def latest(self) -> AttemptState:
        return self.attempts[-1]

    @property
    def is_final(self) -> bool:
        return self.latest.status in jobs.FINAL


def count_occurrences(launch: Launch, now: datetime) -> int:
    """How many runs there are by now; the first one exists from the launch on."""
    if not launch.plan.is_repeating:
        return 1
    ended = _unscheduled_at(launch, now)
    second = attempts.seconds_between(launch, launch.created_at, ended or now)
    passed = (second - launch.plan.delay) // launch.plan.interval
    return max(1, min(1 + int(passed), uids.MOST_OCCURRENCES))


def due_at(launch: Launch, occurrence: int) -> datetime:
    """When this run was, or is, to begin."""
    second = launch.plan.delay + occurrence * launch.plan.interval
    return attempts.time_after(launch, launch.created_at, second)


def is_scheduled(launch: Launch, now: datetime) -> bool:
    """Whether the launch will run again by itself."""
    return launch.plan.is_repeating and _unscheduled_at(launch, now) is None


def has_run(launch: Launch, occurrence: int, now: datetime) -> bool:
    """Whether the schedule gets to this run, as far as is known by now."""
    return is_scheduled(launch, now) or occurrence < count_occurrences(launch, now)


def run_at(launch: Launch, occurrence: int, now: datetime, around: Circumstances) -> Run | None:
    """The run as it is now; None when there is no such run (yet)."""
    if not 0 <= occurrence < count_occurrences(launch, now):
        return None
    found = attempts_until(launch, occurrence, now, around)
    return Run(
        launch=launch,
        occurrence=occurrence,
        attempts=tuple(attempts.state_at(item, now, around) for item in found),
    )


def attempts_until(
    launch: Launch, occurrence: int, now: datetime, around: Circumstances
) -> tuple[RunAttempt, ...]:
    """The attempts at a run that were made by now, whether or not it is due."""
    due = due_at(launch, occurrence)
    found = [RunAttempt(launch=launch, occurrence=occurrence, plan=launch.plan, due_at=due)]
    for event in sorted(launch.events, key=lambda item: item.at):
        if event.at <= now and (event.kind in _FOR_ALL or event.occurrence == occurrence):
            found[-1:] = apply(event, found[-1], around)
    return tuple(found)


_FOR_ALL = frozenset({"resume", "unschedule"})


def apply(event: Event, attempt: RunAttempt, around: Circumstances) -> tuple[RunAttempt, ...]:
    """The attempt after the event, and the next one if it began one.

    An event that the status at its time does not permit changes nothing, so that it does no
    harm when two callers act at the same moment.
    """
    if event.kind == "resume":
        return (replace(attempt, resumed_at=(*attempt.resumed_at, event.at)),)
    state = attempts.state_at(attempt, event.at, around)
    is_cancel = event.kind == "cancel" and state.status in jobs.CANCELLABLE
    # A retry is no run of the schedule, even if it is to begin later.
    is_to_come = attempt.number == 0 and attempt.due_at > event.at
    is_called_off = event.kind == "unschedule" and is_to_come
    if (is_cancel or is_called_off) and attempt.ended_by == "":
        return (replace(attempt, ended_at=event.at, ended_by="cancel"),)
    if event.kind == "retry" and may_be_retried(state):
        return _retry(event, attempt)
    return (attempt,)


def may_be_retried(state: AttemptState) -> bool:
    """A job whose retry has not begun is not retried again: two retries at once are one."""
    is_retry_to_come = state.attempt.number > 0 and state.status == jobs.PENDING
    return state.status in jobs.RETRYABLE and not is_retry_to_come


def _retry(event: Event, attempt: RunAttempt) -> tuple[RunAttempt, ...]:
    if attempt.number + 1 >= uids.MOST_ATTEMPTS:
        return (attempt,)
    closed = attempt if attempt.ended_by else replace(attempt, ended_at=event.at, ended_by="retry")
    plan = event.plan or attempt.plan
    delay = event.plan.delay if event.plan else 0
    following = RunAttempt(
        launch=attempt.launch,
        occurrence=attempt.occurrence,
        number=attempt.number + 1,
        body_number=event.number if event.plan else attempt.body_number,
        plan=plan,
        due_at=attempts.time_after(attempt.launch, event.at, delay),
    )
    return (closed, following)


def _unscheduled_at(launch: Launch, now: datetime) -> datetime | None:
    ended = (event.at for event in launch.events if event.kind == "unschedule" and event.at <= now)
    return min(ended, default=None)
