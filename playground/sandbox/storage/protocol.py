"""What the sandbox asks of whatever keeps its launches, their events and the changes of users and
accounts. `memory` and `database` keep to it."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """How much is kept: launches, those of them that are not settled, and the bytes of all."""

    launches: int
    unsettled: int
    size: int


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

    def weigh(self) -> Weight: ...

    def drop(
        self, before: datetime, kept: Collection[str], *, size: int | None = None, count: int = 0
    ) -> None:
        """Drops settled launches that were made before then, the oldest first: all, or, with a
        `size`, until so many bytes and so many launches went. Of those of the workflows `kept` the
        records stay where `list_news` has them; nothing else finds them."""

    def forget(self, before: datetime) -> None:
        """Takes out what is left of dropped launches that were made before then, and changes that
        others replaced before then."""

    def add_change(self, change: Change) -> None: ...

    def list_changes(self) -> tuple[Change, ...]: ...
