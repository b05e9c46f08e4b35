"""The simulation that is carried on says the same as one that is made from the beginning."""

from __future__ import annotations

import random
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from playground.sandbox.account_book import AccountBook
from playground.sandbox.limits import checkpoints, eligibility, event_queue, report
from playground.sandbox.limits.checkpoints import Checkpoint
from playground.sandbox.limits.event_queue import EventQueue, Handlers
from playground.sandbox.limits.simulation import LimitSimulation
from playground.sandbox.storage.database import DatabaseStore
from playground.sandbox.storage.protocol import JobStore
from tests.sandbox.limits.limited import DAY, HOUR, LINKEDIN, OMAR, at, launch, seen
from tests.sandbox.limits.worlds_of_limits import perform, some_act, told
from tests.sandbox.world import START, World


def plain(store: JobStore, now: datetime, book: AccountBook) -> LimitSimulation:
    """The simulation at that time, from the beginning."""
    news = store.list_news(eligibility.LIMITED_WORKFLOWS)
    simulation = Checkpoint(simulation=LimitSimulation()).advanced(news, book, now).simulation
    simulation.advance(now)
    return simulation


@contextmanager
def simulating_from_the_beginning() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "simulation_at", plain)
        yield


class Processes:
    """Several processes on one store, each of which remembers for itself."""

    def __init__(self, number: int) -> None:
        self._memories = [OrderedDict[object, object]() for _ in range(number)]

    @contextmanager
    def one(self, chance: random.Random) -> Iterator[None]:
        number = chance.randrange(len(self._memories))
        if chance.random() < 0.05:
            self._memories[number] = OrderedDict()  # It was started again.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(checkpoints, "_kept", self._memories[number])
            yield


@pytest.mark.parametrize("seed", [*range(12), 44])
def test_any_world_is_told_as_if_simulated_from_the_beginning(seed: int) -> None:
    chance = random.Random(seed)
    processes, jobs = Processes(chance.choice([1, 1, 3])), list[str]()
    sandbox = World(speed=chance.choice([1, 1, 50]))

    for _ in range(chance.randint(6, 14)):
        with processes.one(chance):
            perform(sandbox, some_act(chance), jobs)
        _compare(sandbox, processes, chance, sandbox.now + timedelta(seconds=chance.choice(LOOKS)))
    for days in sorted(chance.uniform(-1, 12) for _ in range(6)):
        _compare(sandbox, processes, chance, START + timedelta(days=days / sandbox.speed))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_a_world_in_the_database_is_told_so_too(seed: int) -> None:
    chance, processes = random.Random(seed), Processes(2)
    sandbox, jobs = World(store=DatabaseStore()), list[str]()

    for _ in range(10):
        with processes.one(chance):
            perform(sandbox, some_act(chance), jobs)
        _compare(sandbox, processes, chance, sandbox.now + timedelta(seconds=chance.choice(LOOKS)))


def test_a_launch_does_not_simulate_those_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox, happened = World(), Counter[int]()
    for _ in range(30):
        launch(sandbox, 3, OMAR)
        sandbox.pass_seconds(HOUR)
    sandbox.get(LINKEDIN)
    advance = EventQueue.advance

    def counted(
        self: EventQueue, until: datetime, handlers: Handlers, *, is_included: bool
    ) -> None:
        advance(self, until, _counting(handlers, happened), is_included=is_included)

    monkeypatch.setattr(EventQueue, "advance", counted)
    uid = launch(sandbox, 3, OMAR)
    sandbox.pass_seconds(60)

    assert seen(sandbox, uid) == ("finished", 3)
    # One simulation follows the launch at its moment, to check the plan; another one goes on.
    assert happened[event_queue.LAUNCH] <= 2
    assert happened[event_queue.ARRIVAL] == 1


def test_what_happens_at_the_very_moment_is_left_open_in_what_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sandbox, kept = World(), OrderedDict[Any, Any]()
    monkeypatch.setattr(checkpoints, "_kept", kept)
    uid = launch(sandbox, 100, OMAR)

    moment = (at(sandbox, DAY).now, seen(sandbox, uid))
    (of_the_store,) = kept.values()

    # Somebody may still cancel the job at this moment, before the next day's window opens.
    assert moment == (START + timedelta(seconds=DAY), ("running", 80))
    assert of_the_store.checkpoints[0].simulation.next_at == sandbox.now


def _counting(handlers: Handlers, happened: Counter[int]) -> Handlers:
    def counting(kind: int) -> Callable[[datetime, Any], None]:
        def act(at: datetime, item: Any) -> None:
            happened[kind] += 1
            handlers[kind](at, item)

        return act

    return {kind: counting(kind) for kind in handlers}


# How long after an act one looks, in seconds; also at exactly the same time, and before it.
LOOKS = (0.0, 0.0, 0.5, 1.0, 30.0, DAY, -0.1, -DAY)


def _compare(sandbox: World, processes: Processes, chance: random.Random, moment: datetime) -> None:
    before, sandbox.now = sandbox.now, moment
    with processes.one(chance):
        found = told(sandbox)
    with simulating_from_the_beginning():
        assert found == told(sandbox)
    sandbox.now = before
