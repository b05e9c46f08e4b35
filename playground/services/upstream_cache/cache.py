"""Answers of the upstream, kept for a short, visible time in this process.

Whatever is asked for twice at a time is fetched once. What nobody needs to wait for is fetched
in a thread beside the request, whose answer the next request finds.
"""

from __future__ import annotations

import copy
import dataclasses
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from playground.services.upstream_cache.calls import UnableToReachUpstream
from playground.services.upstream_cache.parallel import (
    PATIENCE,
    Flight,
    Run,
    beside,
    inline,
    land,
    result_of,
)
from playground.upstream import targets

# Seconds that an answer is good for when a page is opened. The preview takes any age: it must
# not wait for the upstream, and the page it belongs to was opened a moment ago.
PAGE_MAX_AGE = 60.0
# Seconds for which it is not asked again what has just failed.
FAILURES_KEPT = 10.0
# Seconds that somebody waits for what is newer than what is known.
NEWER_PATIENCE = 2.0

K = TypeVar("K")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fresh(Generic[T]):
    """A value and when it was fetched, on the monotonic clock, in seconds.

    What is outdated is for those only who take any age.
    """

    value: T
    fetched_at: float
    is_outdated: bool = False


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """A value as it was `age` seconds ago; `problem` says why there is none that is newer."""

    value: T
    age: float = 0.0
    problem: str = ""


# Done, or under way.
Fetch = Flight[Fresh[T]]


class FreshnessCache(Generic[T]):
    """Key → value, at most `most` of them, each fetched once however many ask at a time.

    A failed fetch raises for everybody who waited for it. It is remembered for `failures_kept`
    seconds, so that an upstream that is down is not asked on every keystroke. Keys count within
    what `scope` names at the time: servers know different things by one name.

    Whoever waits for an answer needs a place (`upstream.waiting`), and waits no longer than is
    patient. With `is_ours` it is our own database that is asked: here, and until it answers.
    """

    def __init__(
        self,
        *,
        most: int = 500,
        failures_kept: float = 0,
        scope: Callable[[], str] = targets.current,
        clock: Callable[[], float] = time.monotonic,
        is_ours: bool = False,
    ) -> None:
        self._most = most
        self._is_ours = is_ours
        self._failures_kept = failures_kept
        self._scope = scope
        self._clock = clock
        self._values: OrderedDict[str, Fresh[T]] = OrderedDict()
        self._failures: OrderedDict[str, Fresh[BaseException]] = OrderedDict()
        self._flights: dict[str, Fetch[T]] = {}
        self._guard = threading.Lock()

    def get(
        self,
        key: str,
        fetch: Callable[[], T],
        *,
        max_age: float | None,
        patience: float = PATIENCE,
    ) -> Fresh[T]:
        """The kept value if it is at most `max_age` seconds old (None: any age), else a new one.

        Raises `UnableToReachUpstream` when that cannot be waited for, or not for so long.
        """
        found = self.peek(key, max_age=max_age)
        if found:
            return found
        if self._is_ours:
            return self.start(key, fetch, max_age=max_age, run=inline).result()
        return result_of(
            lambda: self.start(key, fetch, max_age=max_age, run=beside), seconds=patience
        )

    def get_known(
        self, key: str, fetch: Callable[[], T], *, max_age: float, is_again: bool = False
    ) -> Known[T]:
        """The same or, where that cannot be had soon, what is known, with the reason.

        With `is_again` it is also asked for what has just failed. Raises `UnableToReachUpstream`
        when nothing is known, or what is known holds no more.
        """
        patience = NEWER_PATIENCE if self.peek(key) else PATIENCE
        get = self.get_anew if is_again else self.get
        try:
            fresh = get(key, fetch, max_age=max_age, patience=patience)
        except UnableToReachUpstream as error:
            found = self.peek(key)
            if found is None or error.is_definite:
                raise
            return Known(found.value, self.age(found), error.sentence)
        return Known(fresh.value, self.age(fresh))

    def get_anew(
        self, key: str, fetch: Callable[[], T], *, max_age: float, patience: float = PATIENCE
    ) -> Fresh[T]:
        """As `get`, asking also for what has just failed: somebody tries it again.

        A failure is remembered only of what is known: names of nothing leave nothing behind.
        """
        self._forgive(key)
        try:
            return self.get(key, fetch, max_age=max_age, patience=patience)
        except Exception:
            if self.peek(key) is None:
                self._forgive(key)
            raise

    def _forgive(self, key: str) -> None:
        with self._guard:
            self._failures.pop(self._place(key), None)

    def start(
        self, key: str, fetch: Callable[[], T], *, max_age: float | None, run: Run = inline
    ) -> Fetch[T]:
        """The same as a flight: done already, under way for somebody else, or begun by `run`."""
        place = self._place(key)
        with self._guard:
            found = self.peek(key, max_age=max_age)
            if found:
                return _done(found)
            flight = self._flights.get(place)
            if flight:
                return flight
            failure = self._failures.get(place)
            if failure and self._clock() - failure.fetched_at < self._failures_kept:
                return _failed(_bare(failure.value))
            flight = self._flights[place] = Flight()
        run(lambda: land(flight, lambda: self._fetch(place, fetch, flight)))
        return flight

    def peek(self, key: str, *, max_age: float | None = None) -> Fresh[T] | None:
        found = self._values.get(self._place(key))
        if found is None or max_age is None:
            return found
        return None if found.is_outdated or self.age(found) > max_age else found

    def age(self, found: Fresh[T]) -> float:
        """Seconds since it was fetched."""
        return self._clock() - found.fetched_at

    def age_of(self, flight: Fetch[T]) -> float:
        """Seconds since it brought its answer; 0 when it brought none."""
        has_answer = flight.done() and flight.exception() is None
        return self.age(flight.result()) if has_answer else 0.0

    def forget(self, keys: Iterable[str] | None = None) -> None:
        """Ask anew for these keys, or for all. What is under way now is not kept either."""
        with self._guard:
            for place in self._places(keys):
                self._drop_news(place)
                self._values.pop(place, None)

    def outdate(self, keys: Iterable[str] | None = None) -> None:
        """The same, but until something newer is there, the values are those that are known."""
        with self._guard:
            for place in self._places(keys):
                self._drop_news(place)
                if place in self._values:
                    found = self._values[place]
                    self._values[place] = dataclasses.replace(found, is_outdated=True)

    def _places(self, keys: Iterable[str] | None) -> tuple[str, ...]:
        if keys is None:
            return (*self._values, *self._failures, *self._flights)
        return tuple(map(self._place, keys))

    def _drop_news(self, place: str) -> None:
        self._failures.pop(place, None)
        self._flights.pop(place, None)

    def _place(self, key: str) -> str:
        return f"{self._scope()} {key}"

    def _fetch(self, place: str, fetch: Callable[[], T], flight: Fetch[T]) -> Fresh[T]:
        """Kept before anybody is told of it: who asks next must find it."""
        try:
            fresh = Fresh(fetch(), self._clock())
        except BaseException as error:
            self._keep(place, flight, self._failures, Fresh(_bare(error), self._clock()))
            raise
        self._keep(place, flight, self._values, fresh)
        return fresh

    def _keep(
        self,
        place: str,
        flight: Fetch[T],
        kept: OrderedDict[str, Fresh[K]],
        fresh: Fresh[K],
    ) -> None:
        with self._guard:
            if self._flights.get(place) is not flight:
                return  # Forgotten on its way: something changed meanwhile.
            del self._flights[place]
            self._failures.pop(place, None)
            if kept is self._failures and not self._is_to_be_kept(place, fresh.value):
                return
            kept[place] = fresh
            kept.move_to_end(place)
            while len(kept) > self._most:
                kept.popitem(last=False)

    def _is_to_be_kept(self, place: str, error: object) -> bool:
        """What was not even asked has not failed, and names of nothing leave nothing behind."""
        if not self._failures_kept:
            return False
        if not isinstance(error, UnableToReachUpstream):
            return True
        return error.retry_after is None and not (error.is_missing and place not in self._values)


def _done(value: Fresh[T]) -> Fetch[T]:
    flight: Fetch[T] = Flight()
    flight.set_result(value)
    return flight


def _bare(error: BaseException) -> BaseException:
    """The same without the frames it went through, which hold whole requests."""
    try:
        return copy.copy(error)
    except Exception:  # Not every exception can be made of its own arguments.
        return error.with_traceback(None)


def _failed(error: BaseException) -> Fetch[T]:
    flight: Fetch[T] = Flight()
    flight.set_exception(error)
    return flight
