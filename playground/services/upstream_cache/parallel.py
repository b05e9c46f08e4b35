"""Many questions to the upstream for one page: a few at a time, and not for too long."""

from __future__ import annotations

import contextvars
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from playground.services.upstream_cache.calls import UnableToReachUpstream
from playground.upstream import targets

T = TypeVar("T")

# Calls that this process has under way at a time, for all pages together.
MOST_AT_A_TIME = 8
_places = threading.BoundedSemaphore(MOST_AT_A_TIME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered(Generic[T]):
    """What came within the time: answers, and what failed.

    A key that is in neither was not answered in time. A call that was under way goes on by
    itself: where its answer is kept, the next look finds it.
    """

    answers: Mapping[str, T]
    problems: Mapping[str, UnableToReachUpstream]


def gather(questions: Mapping[str, Callable[[], T]], *, seconds: float) -> Gathered[T]:
    """Ask all, in their order, for at most so many seconds.

    Anything but `UnableToReachUpstream` that a question raises is raised here.
    """
    asking = _Asking(questions, time.monotonic() + seconds)
    # The sandbox in this process is never slow, and its database belongs to this thread.
    if targets.is_sandbox():
        asking.work()
    else:
        asking.work_in_threads()
    return asking.gathered()


class _Asking(Generic[T]):
    def __init__(self, questions: Mapping[str, Callable[[], T]], ends_at: float) -> None:
        self._todo: queue.SimpleQueue[tuple[str, Callable[[], T]]] = queue.SimpleQueue()
        for item in questions.items():
            self._todo.put(item)
        self._count = len(questions)
        self._ends_at = ends_at
        self._outcomes: dict[str, T | Exception] = {}

    def work(self) -> None:
        while self._seconds_left > 0:
            try:
                key, question = self._todo.get_nowait()
            except queue.Empty:
                return
            try:
                self._outcomes[key] = question()
            except Exception as error:
                self._outcomes[key] = error

    def work_in_threads(self) -> None:
        """They do not hold up the end of the process."""
        threads = [
            threading.Thread(
                target=contextvars.copy_context().run,
                args=(self._work_in_a_place,),
                name="gathering",
                daemon=True,
            )
            for _ in range(min(self._count, MOST_AT_A_TIME))
        ]
        started = [thread for thread in threads if _starts(thread)]
        if not started:
            self._work_in_a_place()
        for thread in started:
            thread.join(max(self._seconds_left, 0))

    def gathered(self) -> Gathered[T]:
        outcomes = dict(self._outcomes)  # Threads that are late still write.
        answers: dict[str, T] = {}
        problems: dict[str, UnableToReachUpstream] = {}
        for key, outcome in outcomes.items():
            if isinstance(outcome, UnableToReachUpstream):
                problems[key] = outcome
            elif isinstance(outcome, Exception):
                raise outcome
            else:
                answers[key] = outcome
        return Gathered(answers=answers, problems=problems)

    @property
    def _seconds_left(self) -> float:
        return self._ends_at - time.monotonic()

    def _work_in_a_place(self) -> None:
        if _places.acquire(timeout=max(self._seconds_left, 0)):
            try:
                self.work()
            finally:
                _places.release()


def _starts(thread: threading.Thread) -> bool:
    try:
        thread.start()
    except RuntimeError:  # No more threads can be had.
        return False
    return True
