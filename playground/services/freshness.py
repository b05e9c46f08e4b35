"""Answers of the upstream, kept for a short, visible time in this process."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fresh(Generic[T]):
    """A value and when it was fetched, on the monotonic clock, in seconds."""

    value: T
    fetched_at: float


class FreshnessCache(Generic[T]):
    """Key → value, at most `most` of them, each fetched once however many ask at a time.

    A failed fetch is not kept; it raises for everybody who waited for it.
    """

    def __init__(self, *, most: int = 500, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._values: OrderedDict[str, Fresh[T]] = OrderedDict()
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def get(self, key: str, fetch: Callable[[], T], *, max_age: float | None) -> Fresh[T]:
        """The kept value if it is at most `max_age` seconds old (None: any age), else a new one."""
        found = self.peek(key, max_age=max_age)
        if found:
            return found
        with self._guard:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            found = self.peek(key, max_age=max_age)
            if found:
                return found
            try:
                fresh = Fresh(fetch(), self._clock())
            except BaseException:
                # Names of nothing can be asked for without end: their locks must not stay.
                with self._guard:
                    self._locks.pop(key, None)
                raise
        self._keep(key, fresh)
        return fresh

    def peek(self, key: str, *, max_age: float | None = None) -> Fresh[T] | None:
        found = self._values.get(key)
        if found and (max_age is None or self._clock() - found.fetched_at <= max_age):
            return found
        return None

    def forget(self) -> None:
        with self._guard:
            self._values.clear()
            self._locks.clear()

    def _keep(self, key: str, fresh: Fresh[T]) -> None:
        with self._guard:
            self._values[key] = fresh
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                oldest, _ = self._values.popitem(last=False)
                self._locks.pop(oldest, None)
