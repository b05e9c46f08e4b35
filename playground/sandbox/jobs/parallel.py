"""How many inputs run in parallel (section 1.5), and which launches are over.

A run that waits for its time, by a delay, does not run in parallel with anything yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from playground.contract import jobs
from playground.sandbox.jobs import engine
from playground.sandbox.jobs.attempts import Circumstances
from playground.sandbox.jobs.engine import Run
from playground.sandbox.records import Launch

# Of a schedule, only the latest runs are looked at: older ones are long over.
MOST_RUNS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class InFlight:
    """How many inputs of runs are running or about to, and the prefixes of launches that are
    over: nothing more happens to them by itself."""

    inputs: int
    over: tuple[str, ...]


def look_at(launches: Iterable[Launch], now: datetime, around: Circumstances) -> InFlight:
    inputs, over = 0, list[str]()
    for launch in launches:
        if _may_be_over(launch, now):
            runs = tuple(_latest_runs(launch, now, around))
            over += [launch.prefix] if all(run.is_final for run in runs) else []
        else:
            runs = tuple(_runs_in_question(launch, now, around))
        inputs += sum(_in_flight(run, now) for run in runs)
    return InFlight(inputs=inputs, over=tuple(over))


def _may_be_over(launch: Launch, now: datetime) -> bool:
    """Whether no run is to come, and none of those that came is too old to be looked at."""
    is_ended = not engine.is_scheduled(launch, now)
    return is_ended and engine.count_occurrences(launch, now) <= MOST_RUNS


def _runs_in_question(launch: Launch, now: datetime, around: Circumstances) -> Iterator[Run]:
    """Those that may be in flight. All runs take equally long and stand in line in their order,
    so that what comes before one that went to its end did so too, unless somebody stepped in."""
    is_resumed = any(event.kind == "resume" for event in launch.events)
    retried = {event.occurrence for event in launch.events if event.kind == "retry"}
    for run in _latest_runs(launch, now, around):
        retried.discard(run.occurrence)
        yield run
        is_undisturbed = len(run.attempts) == 1 and not run.latest.attempt.ended_by
        if run.is_final and is_undisturbed and not is_resumed:
            break
    found = (engine.run_at(launch, occurrence, now, around) for occurrence in sorted(retried))
    yield from (run for run in found if run is not None)


def _latest_runs(launch: Launch, now: datetime, around: Circumstances) -> Iterator[Run]:
    """The latest one first."""
    count = engine.count_occurrences(launch, now)
    for occurrence in reversed(range(max(0, count - MOST_RUNS), count)):
        run = engine.run_at(launch, occurrence, now, around)
        if run is not None:
            yield run


def _in_flight(run: Run, now: datetime) -> int:
    attempt = run.latest.attempt
    is_counted = run.latest.status == jobs.RUNNING or (
        run.latest.status == jobs.PENDING and attempt.due_at <= now
    )
    return attempt.plan.number_rows if is_counted else 0
