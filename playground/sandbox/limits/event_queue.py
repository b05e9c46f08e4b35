"""What is to happen, in the order of time. Whatever happens may add more."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

# At the same moment the kinds come in this order, and of one kind whatever was added first.
ACCOUNT_CHANGE, LAUNCH, LAUNCH_EVENT, WINDOW_END, RUN_DUE, ARRIVAL, RETIREMENT = range(7)
# By what kind of thing happens: what to call with the time and the item.
Handlers = Mapping[int, Callable[[datetime, Any], None]]


class EventQueue:
    """Items are never changed, so that a fork shares them."""

    def __init__(self) -> None:
        self._now: datetime | None = None
        self._number = 0
        self._heap: list[tuple[datetime, int, int, Any]] = []

    def fork(self) -> EventQueue:
        """One that goes on from here by itself."""
        made = EventQueue()
        made._now, made._number, made._heap = self._now, self._number, self._heap.copy()
        return made

    @property
    def next_at(self) -> datetime | None:
        """When the next thing is to happen."""
        return self._heap[0][0] if self._heap else None

    def next_number(self) -> int:
        """A number that rises: what was added first comes first."""
        self._number += 1
        return self._number

    def add(self, at: datetime, kind: int, item: Any) -> None:
        """Has the item happen: next, if the time has passed already."""
        at = at if self._now is None else max(at, self._now)
        heapq.heappush(self._heap, (at, kind, self.next_number(), item))

    def advance(self, until: datetime, handlers: Handlers, *, is_included: bool) -> None:
        """Lets happen what is to happen before `until`, or for then too."""
        while self._heap and (self._heap[0][0] < until or (is_included and self._is_due(until))):
            self._now, kind, _, item = heapq.heappop(self._heap)
            handlers[kind](self._now, item)

    def _is_due(self, at: datetime) -> bool:
        return self._heap[0][0] == at
