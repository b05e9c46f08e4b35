"""What `HOW_IT_WORKS.md` says is so: its tables are run, its names are looked up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from playground.sandbox import limits
from playground.sandbox.account_book import AccountBook
from playground.sandbox.jobs import timeline
from playground.sandbox.limits import checkpoints, eligibility, event_queue, forkable_map
from playground.sandbox.limits.checkpoints import Checkpoint
from playground.sandbox.limits.event_queue import EventQueue, Handlers
from playground.sandbox.limits.forkable_map import ForkableMap
from playground.sandbox.limits.simulation import LimitSimulation
from tests.sandbox.limits.limited import MEI, OMAR, at, launch, reported, rotating, seen
from tests.sandbox.world import START, World

FOLDER = Path(limits.__file__).parent
SKETCH = (FOLDER / "HOW_IT_WORKS.md").read_text()
KINDS = {
    number: name
    for name, number in vars(event_queue).items()
    if name.isupper() and isinstance(number, int)
}
ONE = "100 visits on one Classic account"
TWO = "The same with rotation, on two Classic accounts"
AGAIN = "The same on one account, cancelled after 5 seconds, retried after an hour"


def tables_of(heading: str) -> list[list[list[str]]]:
    """The rows of each table under this heading, without the tables' heads."""
    part = SKETCH.split(f"# {heading}\n", 1)[1].split("\n#", 1)[0]
    found = re.findall(r"(?:^\|.*\|\n)+", part, re.MULTILINE)
    return [
        [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
        for table in found
    ]


@contextmanager
def noting_events(noted: list[list[str]]) -> Iterator[None]:
    advance = EventQueue.advance

    def noting(kind: int, handle: Callable[[datetime, Any], None]) -> Callable[..., None]:
        def act(at: datetime, item: Any) -> None:
            second = round((at - START).total_seconds(), 3)
            noted.append([f"{second:.3f}".rstrip("0").rstrip("."), KINDS[kind]])
            handle(at, item)

        return act

    def noted_advance(
        self: EventQueue, until: datetime, handlers: Handlers, *, is_included: bool
    ) -> None:
        noting_handlers = {kind: noting(kind, handle) for kind, handle in handlers.items()}
        advance(self, until, noting_handlers, is_included=is_included)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EventQueue, "advance", noted_advance)
        yield


def events_of(sandbox: World) -> list[list[str]]:
    """All that happens in this world within a year, as the sketch writes it."""
    noted: list[list[str]] = []
    news = sandbox.store.list_news(eligibility.LIMITED_WORKFLOWS)
    book = AccountBook(sandbox.store.list_changes())
    beginning = Checkpoint(simulation=LimitSimulation())
    with noting_events(noted):
        beginning.advanced(news, book, START + timedelta(days=365))
    return noted


def test_the_example_of_one_account_is_so() -> None:
    sandbox = World()
    uid = launch(sandbox, 100, OMAR)
    states, events = tables_of(ONE)

    for second, *told in states:
        at(sandbox, float(second))
        assert told == [str(cell) for cell in (*seen(sandbox, uid), *reported(sandbox))], second
    assert events == events_of(sandbox)


def test_the_number_of_events_does_not_grow_with_the_rows_but_with_the_windows() -> None:
    sandbox = World()
    launch(sandbox, 8_000, OMAR)

    kinds = [kind for _, kind in events_of(sandbox)]

    assert kinds == ["LAUNCH", "ARRIVAL", *["WINDOW_END"] * 99, "RETIREMENT"]
    assert f"8,000 rows on this account are {len(kinds)}: " in SKETCH
    assert "99 ends of windows" in SKETCH


def test_the_example_of_rotation_is_so() -> None:
    sandbox = World()
    uid = rotating(sandbox, 100, OMAR, MEI)
    states, events = tables_of(TWO)

    for second, *told in states:
        at(sandbox, float(second))
        used = [reported(sandbox, account)[0] for account in (OMAR, MEI)]
        assert told == [str(cell) for cell in (*seen(sandbox, uid), *used)], second
    assert events == events_of(sandbox)


def test_the_example_of_a_retry_is_so() -> None:
    sandbox = World()
    uid = launch(sandbox, 100, OMAR)
    states, events = tables_of(AGAIN)

    for second, *told in states:
        at(sandbox, float(second))
        if told[0].startswith("*"):
            sandbox.post(f"/jobs/{uid}/{told[0].strip('*')}")
            continue
        assert told == [str(cell) for cell in (*seen(sandbox, uid), *reported(sandbox))], second
    assert events == events_of(sandbox)


def test_the_batches_are_as_the_examples_say() -> None:
    sandbox = World()
    launch(sandbox, 100, OMAR)
    (made,) = sandbox.store.list_unsettled()

    pace = timeline.pace_of(made.plan, 0)

    assert (
        f"{pace.rows} rows are worked off in\n{pace.batches} batches of {pace.batch} rows; "
        f"one batch takes {pace.seconds:.3f} seconds" in SKETCH
    )


def test_the_kinds_of_events_are_listed_in_their_order() -> None:
    listed = re.findall(r"^\d\. `(\w+)`", SKETCH, re.MULTILINE)

    assert listed == [KINDS[number] for number in sorted(KINDS)]


def test_every_module_stands_in_the_picture_and_every_test_exists() -> None:
    picture = SKETCH.split("```")[1]
    modules = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    named = re.findall(r"`(test_\w+)`", SKETCH)

    assert {name for name in modules if not re.search(rf"\b{name}\b", picture)} == set()
    assert len(named) == 7
    assert [name for name in named if f"def {name}(" not in tests] == []


def test_the_sizes_of_what_is_kept_are_those_of_the_code() -> None:
    span, most_stores = checkpoints._SPAN, checkpoints._MOST_STORES
    minutes = checkpoints._LATENESS // timedelta(minutes=1)

    assert f"each span {span} times as long as the one before" in SKETCH
    assert f"it stops {minutes} minute before now" in SKETCH
    assert f"checkpoints of at most {most_stores} stores are kept" in SKETCH
    assert f"more than {forkable_map._MOST_ON_TOP} entries lie on top" in SKETCH
    assert f"at most {forkable_map._MOST_ON_TOP}; one in {forkable_map._MOST_ON_TOP}" in SKETCH


def test_a_year_of_calls_keeps_no_more_checkpoints_than_the_sketch_says() -> None:
    kept, simulation, now, most = checkpoints._Kept(), LimitSimulation(), START, 0

    for _ in range(365 * 24):
        now += timedelta(hours=1)
        kept.put(Checkpoint(simulation=simulation, until=now), now)
        most = max(most, len(kept.checkpoints))
    for _ in range(600):
        now += timedelta(seconds=1)
        kept.put(Checkpoint(simulation=simulation, until=now), now)
        most = max(most, len(kept.checkpoints))

    (told,) = re.findall(r"leaves at most (\d+) of them", SKETCH)
    assert 10 < most <= int(told)
    assert f"at most {told} times *k*" in SKETCH


def test_a_fork_of_a_large_map_copies_what_lies_on_top_alone() -> None:
    one, lowest = ForkableMap[int, int](), set[int]()
    forks = []

    for number in range(5_000):
        one.put(number, -number)
        one = one.fork()
        forks.append(one)  # Kept, so that each dictionary has an identity of its own.
        lowest.add(id(one._below))
        assert len(one._top) <= forkable_map._MOST_ON_TOP

    assert len(lowest) <= 5_000 // forkable_map._MOST_ON_TOP + 1
    assert [one.get(number, 0) for number in range(5_000)] == [-n for n in range(5_000)]


def test_a_fork_and_what_it_was_made_of_do_not_see_what_the_other_is_given() -> None:
    one = ForkableMap[str, int]()
    one.put("before", 1)
    other = one.fork()

    one.put("one", 2)
    other.put("other", 3)

    assert [one.get(key, 0) for key in ("before", "one", "other")] == [1, 2, 0]
    assert [other.get(key, 0) for key in ("before", "one", "other")] == [1, 0, 3]
