"""Where launches, their events and changes of users and accounts are kept."""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from playground.sandbox.records import Change, Event, Launch


class JobStore(Protocol):
    """All that `api.handle` asks of a store. Times are aware; lists are oldest first."""

    def exclusive(self) -> AbstractContextManager[None]:
        """While it is held, no other caller may hold it: for a check and the write it permits."""

    def new_seed(self) -> int:
        """A number that no launch of this store has had."""

    def add_launch(self, launch: Launch, body: bytes) -> None: ...

    def find_launch(self, prefix: str) -> Launch | None: ...

    def list_launches(
        self, *, workflow_uid: str | None = None, since: datetime
    ) -> tuple[Launch, ...]:
        """Those made since then, and older ones that are not settled."""

    def list_unsettled(self) -> tuple[Launch, ...]: ...

    def list_limited(self, workflow_uids: Collection[str]) -> tuple[Launch, ...]:
        """All launches of these workflows, however old."""

    def settle(self, prefixes: Iterable[str]) -> None:
        """Marks launches to which nothing more happens by itself."""

    def add_event(self, prefix: str, event: Event, body: bytes | None = None) -> None:
        """Appends the event under a number that rises, and unsettles the launch."""

    def read_body(self, prefix: str, event_number: int = 0) -> bytes:
        """The raw body of the launch, or of the retry of that number."""

    def add_change(self, change: Change) -> None: ...

    def list_changes(self) -> tuple[Change, ...]: ...


class MemoryStore:
    """Keeps everything in this process: for tests, whose seeds are then always the same."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)  # noqa: S311 - names jobs, guards nothing
        self._lock = threading.RLock()
        self._launches: dict[str, Launch] = {}
        self._bodies: dict[tuple[str, int], bytes] = {}
        self._changes: list[Change] = []

    @contextlib.contextmanager
    def exclusive(self) -> Iterator[None]:
        with self._lock:
            yield

    def new_seed(self) -> int:
        return self._random.getrandbits(63)

    def add_launch(self, launch: Launch, body: bytes) -> None:
        with self._lock:
            self._launches[launch.prefix] = launch
            self._bodies[launch.prefix, 0] = body

    def find_launch(self, prefix: str) -> Launch | None:
        return self._launches.get(prefix)

    def list_launches(
        self, *, workflow_uid: str | None = None, since: datetime
    ) -> tuple[Launch, ...]:
        return tuple(
            launch
            for launch in self._oldest_first()
            if (launch.created_at >= since or not launch.is_settled)
            and workflow_uid in (None, launch.workflow_uid)
        )

    def list_unsettled(self) -> tuple[Launch, ...]:
        return tuple(item for item in self._oldest_first() if not item.is_settled)

    def list_limited(self, workflow_uids: Collection[str]) -> tuple[Launch, ...]:
        return tuple(item for item in self._oldest_first() if item.workflow_uid in workflow_uids)

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
            if body is not None:
                self._bodies[prefix, number] = body

    def read_body(self, prefix: str, event_number: int = 0) -> bytes:
        return self._bodies[prefix, event_number]

    def add_change(self, change: Change) -> None:
        with self._lock:
            self._changes.append(change)

    def list_changes(self) -> tuple[Change, ...]:
        return tuple(self._changes)

    def _oldest_first(self) -> list[Launch]:
        with self._lock:
            return sorted(self._launches.values(), key=lambda launch: launch.created_at)
