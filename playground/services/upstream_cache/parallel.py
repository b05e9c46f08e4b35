"""Asking the upstream beside a request, or several things at a time, and not for too long.

What runs beside a request sees its context (whose server is asked), and does not hold up the end
of the process. Of the sandbox in this process everything is asked in the request's own thread: it
is never slow, and its database belongs to this thread.
"""

from __future__ import annotations

import contextlib
import contextvars
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent import futures
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from playground.services.upstream_cache.calls import (
    COME_AGAIN_AFTER,
    UnableToReachUpstream,
    place_to_wait,
)
from playground.upstream import targets, waiting

T = TypeVar("T")
Work = Callable[[], None]
Run = Callable[[Work], None]

# Seconds that whoever has nothing else to show waits for an answer: as long as one call may take.
PATIENCE = 10.0
# Calls that this process has under way at a time, for all pages together.
MOST_AT_A_TIME = 8
_places = threading.BoundedSemaphore(MOST_AT_A_TIME)


class Flight(futures.Future[T]):
    """A question: answered, or under way since `began_at`, on the monotonic clock."""

    def __init__(self) -> None:
        super().__init__()
        self.began_at = time.monotonic()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered(Generic[T]):
    """What came within the time: answers, and what failed.

    A key that is in neither was not answered in time. A call that was under way goes on by
    itself: where its answer is kept, the next look finds it.
    """

    answers: Mapping[str, T]
    problems: Mapping[str, UnableToReachUpstream]


def inline(work: Work) -> None:
    work()


def in_thread(work: Work) -> None:
    _in_threads(work, 1)


def beside(work: Work) -> None:
    """In a thread, unless the sandbox in this process is asked, or this is no request's thread."""
    (inline if targets.is_sandbox() or waiting.is_aside() else in_thread)(work)


def wait(flights: Iterable[Flight[Any]], seconds: float) -> None:
    """Until all are done, or the last of them is under way for so many seconds.

    Whoever comes later to a slow one waits the less, so that it holds up few requests. Where too
    many wait already, nobody waits at all.
    """
    awaited = [flight for flight in flights if not flight.done()]
    if not awaited:
        return
    latest = max(flight.began_at for flight in awaited)
    with contextlib.suppress(UnableToReachUpstream), place_to_wait():
        futures.wait(awaited, timeout=max(0.0, latest + seconds - time.monotonic()))


def result_of(begin: Callable[[], Flight[T]], *, seconds: float) -> T:
    """What a flight brings that is begun only if it may be waited for, for so many seconds.

    Raises `UnableToReachUpstream` when there is no place to wait, or the time is over. The flight
    goes on by itself.
    """
    with place_to_wait():
        flight = begin()
        wait([flight], seconds)
    if not flight.done():
        raise UnableToReachUpstream(
            "The upstream takes long to answer, and is still being asked. Look again in a moment.",
            retry_after=COME_AGAIN_AFTER,
        )
    return flight.result()


def gather(questions: Mapping[str, Callable[[], T]], *, seconds: float) -> Gathered[T]:
    """Ask all, in their order, for at most so many seconds.

    Anything but `UnableToReachUpstream` that a question raises is raised here.
    """
    asking = _Asking(questions, time.monotonic() + seconds)
    if targets.is_sandbox():
        asking.work()
    elif questions:
        _in_threads(asking.work_in_a_place, min(len(questions), MOST_AT_A_TIME))
        wait(asking.flights.values(), seconds)
    return asking.gathered()


def _in_threads(work: Work, count: int) -> None:
    """In so many threads, or in those that can be had: here, if there is none. Somebody waits."""
    started = [_starts(work) for _ in range(count)]
    if not any(started):
        work()


def _starts(work: Work) -> bool:
    context = contextvars.copy_context()
    context.run(waiting.step_aside)
    thread = threading.Thread(target=context.run, args=(work,), daemon=True)
    try:
        thread.start()
    except RuntimeError:  # No more threads can be had.
        return False
    return True


class _Asking(Generic[T]):
    """Questions that any number of threads take from one queue until the time is over."""

    def __init__(self, questions: Mapping[str, Callable[[], T]], ends_at: float) -> None:
        self.flights: dict[str, Flight[T]] = {key: Flight() for key in questions}
        self._questions = questions
        self._ends_at = ends_at
        self._todo: queue.SimpleQueue[str] = queue.SimpleQueue()
        for key in questions:
            self._todo.put(key)

    def work_in_a_place(self) -> None:
        if _places.acquire(timeout=max(self._seconds_left, 0)):
            try:
                self.work()
            finally:
                _places.release()

    def work(self) -> None:
        while self._seconds_left > 0:
            try:
                key = self._todo.get_nowait()
            except queue.Empty:
                return
            land(self.flights[key], self._questions[key])

    def gathered(self) -> Gathered[T]:
        # Looked at once: what lands meanwhile is late.
        done = {key: flight for key, flight in self.flights.items() if flight.done()}
        problems: dict[str, UnableToReachUpstream] = {}
        for key, flight in done.items():
            error = flight.exception()
            if isinstance(error, UnableToReachUpstream):
                problems[key] = error
            elif error:
                raise error
        answers = {key: flight.result() for key, flight in done.items() if key not in problems}
        return Gathered(answers=answers, problems=problems)

    @property
    def _seconds_left(self) -> float:
        return self._ends_at - time.monotonic()


def land(flight: Flight[T], question: Callable[[], T]) -> None:
    """Ask the question: whatever comes of it, nobody waits for the flight any longer.

    An end of the process that comes meanwhile goes on its way.
    """
    try:
        answer = question()
    except BaseException as error:
        flight.set_exception(error)
        if not isinstance(error, Exception):
            raise
    else:
        flight.set_result(answer)
