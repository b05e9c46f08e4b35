"""The store in memory, for tests: it ends with its process."""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

import msgspec

from playground.sandbox.jobs import engine
from playground.sandbox.records import Change, Event, Launch
from playground.sandbox.storage.protocol import News, Weight


class MemoryStore:
    """Keeps everything in this process: for tests, whose seeds are then always the same."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)  # noqa: S311 - names jobs, guards nothing
        self._lock = threading.RLock()
        # Of its own: whoever holds the store may wait for somebody who reads it.
        self._turn = threading.RLock()
        self._launches: dict[str, Launch] = {}
        self._events: list[tuple[str, int]] = []
        self._bodies: dict[tuple[str, int], bytes] = {}
        self._changes: list[Change] = []
        self._dropped: set[str] = set()

    @property
    def identity(self) -> Hashable:
        return self

    @contextlib.contextmanager
    def exclusive(self) -> Iterator[None]:
        with self._turn:
            yield

    def new_seed(self) -> int:
        return self._random.getrandbits(63)

    def add_launch(self, launch: Launch, body: bytes) -> None:
        with self._lock:
            self._launches[launch.prefix] = launch
            self._bodies[launch.prefix, 0] = body

    def find_launch(self, prefix: str) -> Launch | None:
        return None if prefix in self._dropped else self._launches.get(prefix)

    def iterate_due(self, workflow_uid: str, since: datetime) -> Iterator[Launch]:
        found = [
            (due_at, launch)
            for launch in self._oldest_first()
            if launch.workflow_uid == workflow_uid
            and not launch.plan.is_repeating
            and (due_at := engine.due_at(launch, 0)) >= since
        ]
        found.sort(key=lambda item: item[0])
        return (launch for _, launch in reversed(found))

    def list_repeating(self, workflow_uid: str | None = None) -> tuple[Launch, ...]:
        return tuple(
            launch
            for launch in self._oldest_first()
            if launch.plan.is_repeating and workflow_uid in (None, launch.workflow_uid)
        )

    def count_rows(self, since: datetime) -> int:
        return sum(
            launch.plan.number_rows
            for launch in self._oldest_first()
            if launch.created_at >= since and not launch.plan.is_repeating
        )

    def list_unsettled(self) -> tuple[Launch, ...]:
        return tuple(item for item in self._oldest_first() if not item.is_settled)

    def list_news(self, workflow_uids: Collection[str], after: Hashable = None) -> News:
        with self._lock:
            launches, events = after if isinstance(after, tuple) else (0, 0)
            added = list(self._launches.values())[launches:]
            happened = [
                (launch, launch.events[number - 1])
                for prefix, number in self._events[events:]
                if (launch := self._launches[prefix]).workflow_uid in workflow_uids
            ]
            return News(
                launches=tuple(item for item in added if item.workflow_uid in workflow_uids),
                events=tuple(happened),
                mark=(len(self._launches), len(self._events)),
                is_all=after is None,
            )

    def settle(self, prefixes: Iterable[str]) -> None:
        with self._lock:
            for prefix in prefixes:
                self._launches[prefix] = replace(self._launches[prefix], is_settled=True)

    def add_event(self, prefix: str, event: Event, body: bytes | None = None) -> None:
        with self._lock:
            launch = self._launches[prefix]
            number = len(launch.events) + 1
            events = (*launch.events, replace(event, number=number))
            self._launches[prefix] = replace(launch, events=events, is_settled=False)
            self._events.append((prefix, number))
            if body is not None:
                self._bodies[prefix, number] = body

    def read_body(self, prefix: str, event_number: int = 0) -> bytes:
        return self._bodies[prefix, event_number]

    def weigh(self) -> Weight:
        with self._lock:
            records = (len(msgspec.json.encode(one)) for one in self._oldest_first())
            return Weight(
                launches=len(self._launches) - len(self._dropped),
                unsettled=sum(not one.is_settled for one in self._oldest_first()),
                size=sum(records) + sum(map(len, self._bodies.values())),
            )

    def drop(
        self, before: datetime, kept: Collection[str], *, size: int | None = None, count: int = 0
    ) -> None:
        """All of them stay where `list_news` has them, whatever their workflow."""
        del kept
        with self._lock:
            taken = gone = 0
            for launch in self._oldest_first():
                if size is not None and taken >= size and gone >= count:
                    break
                if launch.is_settled and launch.created_at < before:
                    keys = [key for key in self._bodies if key[0] == launch.prefix]
                    taken += sum(len(self._bodies.pop(key)) for key in keys)
                    self._dropped.add(launch.prefix)
                    gone += 1

    def forget(self, before: datetime) -> None:
        """It ends with its process."""

    def add_change(self, change: Change) -> None:
        with self._lock:
            self._changes.append(change)

    def list_changes(self) -> tuple[Change, ...]:
        return tuple(self._changes)

    def _oldest_first(self) -> list[Launch]:
        with self._lock:
            found = [one for one in self._launches.values() if one.prefix not in self._dropped]
            return sorted(found, key=lambda launch: launch.created_at)
