"""Where launches, their events and changes of users and accounts are kept."""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Collection, Hashable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from playground.sandbox.jobs import engine
from playground.sandbox.records import Change, Event, Launch


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What was added since a mark: launches, and events with their launches as they are now,
    each in the order in which they were added. It `is_all` there is when there was no mark, or
    what it marked is not there any more. `mark` is for asking again."""

    launches: tuple[Launch, ...]
    events: tuple[tuple[Launch, Event], ...]
    mark: Hashable
    is_all: bool


class JobStore(Protocol):
    """All that `api.handle` asks of a store. Times are aware; lists are oldest first."""

    @property
    def identity(self) -> Hashable:
        """The same for all that keep the same things."""

    def exclusive(self) -> AbstractContextManager[None]:
        """While it is held, no other caller may hold it: for a check and the write it permits."""

    def new_seed(self) -> int:
        """A number that no launch of this store has had."""

    def add_launch(self, launch: Launch, body: bytes) -> None: ...

    def find_launch(self, prefix: str) -> Launch | None: ...

    def iterate_due(self, workflow_uid: str, since: datetime) -> Iterator[Launch]:
        """Those of the workflow that run once, and are due since then: the latest first. Reads
        only as far as is asked for."""

    def list_repeating(self, workflow_uid: str | None = None) -> tuple[Launch, ...]:
        """Those that repeat, or did; of all workflows if none is given."""

    def count_rows(self, since: datetime) -> int:
        """The rows of all launches that run once and were made since then."""

    def list_unsettled(self) -> tuple[Launch, ...]: ...

    def list_news(self, workflow_uids: Collection[str], after: Hashable = None) -> News:
        """What concerns these workflows and was added after the mark."""

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
        self._events: list[tuple[str, int]] = []
        self._bodies: dict[tuple[str, int], bytes] = {}
        self._changes: list[Change] = []

    @property
    def identity(self) -> Hashable:
        return self

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

    def add_change(self, change: Change) -> None:
        with self._lock:
            self._changes.append(change)

    def list_changes(self) -> tuple[Change, ...]:
        return tuple(self._changes)

    def _oldest_first(self) -> list[Launch]:
        with self._lock:
            return sorted(self._launches.values(), key=lambda launch: launch.created_at)
