"""The simulation of a store at any time, without beginning from the beginning for every call.

Simulations are kept in this process as they stood at some times. What they hold follows from the
store alone: when none fits (after a start, when time was set back, when something was written
late), the simulation is made anew from the store.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from playground.sandbox.account_book import AccountBook
from playground.sandbox.limits import eligibility
from playground.sandbox.limits.simulation import LimitSimulation
from playground.sandbox.records import Change
from playground.sandbox.storage.protocol import JobStore, News

_MOST_STORES = 4
# Of two ages in one span only one is kept; each span is so many times as long as the one before.
_SPAN = 4
# A simulation made anew stops so long before the time that is asked for, too: what other processes
# are about to write is seldom older.
_LATENESS = timedelta(minutes=1)
_BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A simulation to which everything before `until` has happened that was in the store at the
    mark; the latest event of that was before `until`, too, unless a clock was set back. It is
    never changed: whoever wants to go on makes a fork."""

    simulation: LimitSimulation
    until: datetime = _BEGINNING
    latest_event: datetime = _BEGINNING
    mark: Hashable = None
    changes: tuple[Change, ...] = ()

    def has_to_know(self, news: News, book: AccountBook) -> bool:
        """Whether something of it came too late for this checkpoint."""
        known = len(self.changes)
        times = [launch.created_at for launch in news.launches]
        times += [change.at for change in book.changes[known:]]
        earliest = min(times, default=self.until)
        return (
            book.changes[:known] != self.changes
            or earliest < self.until
            or any(event.at < max(self.until, self.latest_event) for _, event in news.events)
        )

    def advanced(self, news: News, book: AccountBook, now: datetime) -> Checkpoint:
        """One that knows the news, and stands right before `now` if anything happens by then."""
        following = self.simulation.next_at
        is_same = not news.launches and not news.events and book.changes == self.changes
        if is_same and (following is None or following >= now):
            return self if news.mark == self.mark else replace(self, mark=news.mark)
        simulation = self.simulation.fork()
        simulation.add_changes(book, len(self.changes))
        for launch in news.launches:
            simulation.add_launch(launch)
        for launch, event in news.events:
            simulation.add_event(launch, event)
        simulation.advance(now, is_included=False)
        return Checkpoint(
            simulation=simulation,
            until=now,
            latest_event=max([self.latest_event, *(event.at for _, event in news.events)]),
            mark=news.mark,
            changes=book.changes,
        )


@dataclass(slots=True, kw_only=True, eq=False)
class _Kept:
    """Checkpoints of one store, the latest first. Several threads may use it."""

    checkpoints: tuple[Checkpoint, ...] = ()
    lock: threading.Lock = field(default_factory=threading.Lock)
    making: threading.Lock = field(default_factory=threading.Lock)

    def put(self, made: Checkpoint, now: datetime) -> None:
        """Keeps fewer and fewer of older times, so that there are some for all of them."""
        spans: dict[object, Checkpoint] = {}
        with self.lock:
            for known in self.checkpoints:
                age = (now - known.until).total_seconds()
                spans[age < 0, int(math.log(1 + abs(age), _SPAN))] = known
            others = {item.until: item for item in spans.values()} | {made.until: made}
            self.checkpoints = tuple(others[at] for at in sorted(others, reverse=True))

    def drop(self, dropped: Checkpoint) -> None:
        with self.lock:
            self.checkpoints = tuple(item for item in self.checkpoints if item is not dropped)


_kept: OrderedDict[Hashable, _Kept] = OrderedDict()
_kept_lock = threading.Lock()


def simulation_at(store: JobStore, now: datetime, book: AccountBook) -> LimitSimulation:
    """The simulation as it is at the time `now`; `book` is of all changes in the store. Others may
    be reading it: fork it before letting anything happen to it."""
    kept = _kept_of(store)
    checkpoint, news = _latest(kept, store, now, book)
    following = checkpoint.advanced(news, book, now)
    if following is not checkpoint:
        kept.put(following, now)
    simulation = following.simulation
    if simulation.next_at == now:
        simulation = simulation.fork()
        simulation.advance(now)
    return simulation


def _latest(
    kept: _Kept, store: JobStore, now: datetime, book: AccountBook
) -> tuple[Checkpoint, News]:
    """A checkpoint that fits what is in the store, and what it does not know yet."""
    found = _fitting(kept, store, now, book)
    if found is not None:
        return found
    with kept.making:  # Of several threads, one makes what all of them need.
        return _fitting(kept, store, now, book) or _made(kept, store, now, book)


def _fitting(
    kept: _Kept, store: JobStore, now: datetime, book: AccountBook
) -> tuple[Checkpoint, News] | None:
    for checkpoint in kept.checkpoints:
        if checkpoint.until > now:
            continue
        news = store.list_news(eligibility.LIMITED_WORKFLOWS, checkpoint.mark)
        if not news.is_all and not checkpoint.has_to_know(news, book):
            return checkpoint, news
        kept.drop(checkpoint)
    return None


def _made(
    kept: _Kept, store: JobStore, now: datetime, book: AccountBook
) -> tuple[Checkpoint, News]:
    news = store.list_news(eligibility.LIMITED_WORKFLOWS)
    made = Checkpoint(simulation=LimitSimulation()).advanced(news, book, now - _LATENESS)
    kept.put(made, now)
    return made, replace(news, launches=(), events=())


def _kept_of(store: JobStore) -> _Kept:
    with _kept_lock:
        found = _kept.setdefault(store.identity, _Kept())
        _kept.move_to_end(store.identity)
        while len(_kept) > _MOST_STORES:
            _kept.popitem(last=False)
        return found
