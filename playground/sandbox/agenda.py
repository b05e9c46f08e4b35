"""What is to happen, in the order of time. Things that happen may plan more of them."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime
from typing import Any

# What happens at the same moment happens in this order.
CHANGE, EVENT, WINDOW, RUN, ARRIVAL = range(5)


class Agenda:
    """What is planned for later than `until` is forgotten, but for when the first of it is."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        self.next_at: datetime | None = None
        self._now: datetime | None = None
        self._numbers = itertools.count()
        self._heap: list[tuple[datetime, int, int, Callable[..., None], Any]] = []

    def next_number(self) -> int:
        """A number that rises: what was planned first comes first."""
        return next(self._numbers)

    def plan(self, at: datetime, order: int, act: Callable[..., None], item: Any) -> bool:
        """Has `act` called with the time and the item: at once when the time has passed. False
        when it is too late for it."""
        if at > self.until:
            self.next_at = at if self.next_at is None else min(at, self.next_at)
            return False
        at = at if self._now is None else max(at, self._now)
        heapq.heappush(self._heap, (at, order, self.next_number(), act, item))
        return True

    def run(self) -> None:
        while self._heap:
            self._now, _, _, act, item = heapq.heappop(self._heap)
            act(self._now, item)
