"""Both stores keep the same things in the same way."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from playground.sandbox.jobs import uids as job_uids
from playground.sandbox.models import SandboxChange, SandboxEvent, SandboxLaunch
from playground.sandbox.records import (
    Change,
    Event,
    Launch,
    Plan,
    StepPlan,
    StoredAccount,
    StoredUser,
)
from playground.sandbox.storage.database import DatabaseStore
from playground.sandbox.storage.memory import MemoryStore
from playground.sandbox.storage.protocol import JobStore
from tests.sandbox import world
from tests.sandbox.world import EXPIRED, FIND, PERSON, PROFILE, World

pytestmark = pytest.mark.django_db

MakeStore = Callable[[], JobStore]
STEP = StepPlan(
    step_uid="s", accounts=("a",), is_rotating=True, parameters={"big": 2**70, "none": None}
)
PLAN = Plan(
    number_inputs=3,
    steps=(STEP,),
    failed=(0, 2),
    reasons="ne",
    fate="paused",
    is_slow=True,
    spreads_meta=True,
    delay=1.5,
    interval=60,
)
LAUNCH = Launch(
    prefix="00000000-0000-4000-8000",
    workflow_uid=FIND.uid,
    name="a\0b 😀",
    created_at=world.START,
    seed=2**63 - 1,
    speed=0.1,
    plan=PLAN,
)
DAY = timedelta(days=1)


@pytest.fixture(params=[MemoryStore, DatabaseStore])
def store(request: pytest.FixtureRequest) -> JobStore:
    made: JobStore = request.param()
    return made


def test_a_launch_comes_back_as_it_was(store: JobStore) -> None:
    body = b'{"job_name": "a\\u0000b"}\x00\xff'

    store.add_launch(LAUNCH, body)

    assert store.find_launch(LAUNCH.prefix) == LAUNCH
    assert store.read_body(LAUNCH.prefix) == body
    assert store.find_launch("00000000-0000-4000-8001") is None


def made(number: int, **changes: Any) -> Launch:
    """A launch of day `number`; it runs once."""
    plan = replace(PLAN, interval=0, delay=0)
    prefix, at = f"{number:08d}-0000-4000-8000", world.START + DAY * number
    return replace(LAUNCH, prefix=prefix, created_at=at, **({"plan": plan} | changes))


def test_launches_that_run_once_are_read_by_when_they_are_due(store: JobStore) -> None:
    delayed = made(1, plan=replace(PLAN, interval=0, delay=100 * 8_640))
    repeating, other = made(2, plan=PLAN), made(3, workflow_uid=PROFILE.uid)
    launches = [made(number) for number in range(10, 100)]
    for launch in (delayed, repeating, other, *launches):
        store.add_launch(launch, b"{}")
    store.settle([launches[0].prefix])

    found = store.iterate_due(FIND.uid, world.START + DAY * 10)

    settled = replace(launches[0], is_settled=True)
    assert list(found) == [delayed, *reversed(launches[1:]), settled]


def test_of_launches_due_at_the_same_time_the_latest_comes_first(store: JobStore) -> None:
    launches = [replace(made(1), prefix=f"{number:08d}-0000-4000-8000") for number in range(90)]
    for launch in launches:
        store.add_launch(launch, b"{}")

    found = store.iterate_due(FIND.uid, world.START)

    assert list(found) == launches[::-1]


def test_launches_that_repeat_are_listed_by_workflow_however_old(store: JobStore) -> None:
    first, second = made(1, plan=PLAN), made(2, plan=PLAN)
    other = made(3, plan=PLAN, workflow_uid=PROFILE.uid)
    for launch in (first, other, made(4), second):
        store.add_launch(launch, b"{}")

    assert store.list_repeating(FIND.uid) == (first, second)
    assert store.list_repeating() == (first, second, other)


def test_rows_are_counted_of_launches_that_run_once(store: JobStore) -> None:
    empty = made(4, plan=replace(PLAN, interval=0, number_inputs=0))
    for launch in (made(1), made(2), made(3, plan=PLAN), empty):
        store.add_launch(launch, b"{}")

    counts = [store.count_rows(world.START + DAY * number) for number in (0, 2, 4, 5)]

    assert counts == [3 + 3 + 1, 3 + 1, 1, 0]


def test_launches_of_before_are_found_by_when_they_are_due() -> None:
    store = DatabaseStore()
    delayed = made(1, plan=replace(PLAN, interval=0, delay=100 * 8_640))
    launches = (delayed, made(5), made(6, plan=PLAN))
    for launch in launches:
        store.add_launch(launch, b"{}")
    SandboxLaunch.objects.update(due_at=None, number_rows=0)

    migration = import_module("playground.sandbox.migrations.0002_due_times")
    migration.fill_columns(apps, connection.schema_editor())

    assert list(store.iterate_due(FIND.uid, world.START)) == [delayed, made(5)]
    assert store.list_repeating() == (made(6, plan=PLAN),)
    assert store.count_rows(world.START) == 6


def test_only_what_was_added_since_is_news(store: JobStore) -> None:
    first, second, other = made(1), made(2), made(3, workflow_uid=PROFILE.uid)
    cancel, retry = (Event(kind=kind, at=world.START + DAY * 9) for kind in ("cancel", "retry"))
    store.add_launch(first, b"{}")
    store.add_event(first.prefix, cancel)

    everything = store.list_news([FIND.uid])
    for launch in (second, other):
        store.add_launch(launch, b"{}")
        store.add_event(launch.prefix, cancel)
    store.add_event(first.prefix, retry)
    news = store.list_news([FIND.uid], everything.mark)
    nothing = store.list_news([FIND.uid], news.mark)

    assert [item.prefix for item in everything.launches] == [first.prefix]
    assert _kinds(everything.events) == [(first.prefix, "cancel", 1)]
    assert [item.prefix for item in news.launches] == [second.prefix]
    assert _kinds(news.events) == [(second.prefix, "cancel", 1), (first.prefix, "retry", 2)]
    assert (nothing.launches, nothing.events, nothing.mark) == ((), (), news.mark)
    assert [everything.is_all, news.is_all, nothing.is_all] == [True, False, False]


def _kinds(events: Iterable[tuple[Launch, Event]]) -> list[tuple[str, str, int]]:
    """Of each its launch, its kind, and how many events the launch has by then."""
    return [(launch.prefix, event.kind, len(launch.events)) for launch, event in events]


@pytest.mark.parametrize("changed", ["launch", "event"])
def test_all_is_news_in_a_database_that_is_another_one(changed: str) -> None:
    store, uids = DatabaseStore(), [FIND.uid]
    store.add_launch(made(1), b"{}")
    store.add_event(made(1).prefix, Event(kind="cancel", at=world.START))
    mark = store.list_news(uids).mark

    if changed == "launch":
        SandboxLaunch.objects.update(prefix=made(2).prefix)
    else:
        SandboxEvent.objects.update(record=b'{"kind": "resume", "at": "2025-03-01T12:00:00Z"}')
    news = store.list_news(uids, mark)

    assert (news.is_all, len(news.launches), len(news.events)) == (True, 1, 1)


def test_events_are_numbered_in_their_order_and_unsettle(store: JobStore) -> None:
    store.add_launch(LAUNCH, b"{}")
    store.settle([LAUNCH.prefix])
    settled = store.list_unsettled()
    retry = Event(kind="retry", at=world.START, occurrence=7, plan=PLAN)

    store.add_event(LAUNCH.prefix, Event(kind="cancel", at=world.START))
    store.add_event(LAUNCH.prefix, retry, b"\x00body")

    (found,) = store.list_unsettled()
    first, second = found.events
    assert (settled, found.is_settled) == ((), False)
    assert (first.kind, second) == ("cancel", replace(retry, number=second.number))
    assert first.number < second.number
    assert store.read_body(LAUNCH.prefix, second.number) == b"\x00body"


def test_changes_come_back_in_their_order(store: JobStore) -> None:
    account = StoredAccount(
        uid="a", integration="linkedin", name="\0", setup_at="", cookie_names=("li_at",)
    )
    changes = (
        Change(uid="a", at=world.START, account=account),
        Change(uid="u", at=world.START, user=StoredUser(uid="u", email="ü"), is_of_user=True),
        Change(uid="a", at=world.START + DAY),
    )

    for change in changes:
        store.add_change(change)

    assert store.list_changes() == changes


def test_seeds_do_not_repeat(store: JobStore) -> None:
    seeds = {store.new_seed() for _ in range(100)}

    assert len(seeds) == 100


def test_settling_nothing_or_many_is_fine(store: JobStore) -> None:
    prefixes = [f"{number:08d}-0000-4000-8000" for number in range(600)]
    for prefix in prefixes[:3]:
        store.add_launch(replace(LAUNCH, prefix=prefix), b"{}")

    with store.exclusive():
        store.settle([])
        store.settle(prefixes[:3])

    assert store.list_unsettled() == ()


def test_a_whole_life_is_the_same_in_both_stores() -> None:
    row = {"url": "https://www.linkedin.com/in/jane-doe/"}
    content = world.body(PROFILE, [row], EXPIRED, job_name="a\0b")

    lives = []
    for store in (MemoryStore(), DatabaseStore()):
        sandbox = World(store=store)
        uid = sandbox.launch(PROFILE, content)
        sandbox.pass_seconds(60)
        paused = sandbox.job(uid)
        account = {"uid": EXPIRED, "cookies": {"li_at": "new"}}
        sandbox.post(
            "/integrations/linkedin/accounts", {"account": account, "resume_paused_jobs": True}
        )
        sandbox.pass_seconds(5)
        sandbox.post(f"/jobs/{uid}/cancel")
        sandbox.post(f"/jobs/{uid}/retry", world.body(PROFILE, [row, row], EXPIRED))
        sandbox.pass_seconds(60)
        jobs = [paused, *sandbox.get(f"/workflows/{PROFILE.uid}/jobs")]
        lives.append([(job["name"], job["status"], job["row_count"]) for job in jobs])

    expected = [("a\0b", "paused", 0), ("a\0b", "finished", 2), ("a\0b", "finished", 2)]
    assert lives == [[*expected, ("a\0b", "stopped", 0)]] * 2


def test_no_secret_reaches_the_database() -> None:
    sandbox = World(store=DatabaseStore())
    secrets = ("canary-cookie", "canary-key", "canary-password")

    for credentials in (
        {"cookies": {"li_at": secrets[0]}},
        {"cookies": {"li_at": "a"}, "api_key": secrets[1]},
        {"cookies": {"li_at": "a"}, "username": "u", "password": secrets[2]},
    ):
        sandbox.post("/integrations/linkedin/accounts", {"account": {"name": "A"} | credentials})

    kept = b"".join(
        bytes(record)
        for model in (SandboxLaunch, SandboxEvent, SandboxChange)
        for record in model.objects.values_list("record", flat=True)
    )
    assert SandboxChange.objects.count() == 3
    assert [secret for secret in secrets if secret.encode() in kept] == []


def test_reading_changes_nothing_in_the_database() -> None:
    sandbox = World(store=DatabaseStore())
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON]))
    sandbox.pass_seconds(60)

    with _written() as statements:
        for path in (
            "/workspace",
            "/users",
            "/integrations/linkedin/accounts",
            f"/workflows/{FIND.uid}/jobs",
            f"/workflows/{FIND.uid}/results/last",
            f"/jobs/{uid}",
            f"/jobs/{uid}/results",
            f"/jobs/{uid}/inputs",
        ):
            sandbox.get(path)

    assert statements == []


def test_polling_a_job_leaves_its_body_in_the_database() -> None:
    sandbox = World(store=DatabaseStore())
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON]))

    with _asked() as statements:
        sandbox.get(f"/jobs/{uid}")
        sandbox.get(f"/workflows/{FIND.uid}/jobs")

    assert [text for text in statements if '"body"' in text] == []
    assert len(statements) == 7


class _asked:  # noqa: N801 - reads like a function
    """Gathers the statements that are sent to the database."""

    def __init__(self, *, writes_only: bool = False) -> None:
        self.statements: list[str] = []
        self._writes_only = writes_only
        self._wrapper = connection.execute_wrapper(self._note)

    def _note(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if not self._writes_only or not sql.startswith("SELECT"):
            self.statements.append(sql)
        return execute(sql, params, many, context)

    def __enter__(self) -> list[str]:
        self._wrapper.__enter__()
        return self.statements

    def __exit__(self, *error: object) -> None:
        self._wrapper.__exit__(*error)


def _written() -> _asked:
    return _asked(writes_only=True)


class _Watched(MemoryStore):
    """Notes what happens while the store is held by one caller."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[str] = []

    @contextlib.contextmanager
    def exclusive(self) -> Iterator[None]:
        self.noted.append("held")
        with super().exclusive():
            yield
        self.noted.append("released")

    def list_unsettled(self) -> tuple[Launch, ...]:
        self.noted.append("counted")
        return super().list_unsettled()

    def add_launch(self, launch: Launch, body: bytes) -> None:
        self.noted.append("added")
        super().add_launch(launch, body)


def test_no_launch_slips_in_between_the_count_and_the_launch_it_permits() -> None:
    store = _Watched()

    World(store=store, plan_limit=100).launch(FIND, world.body(FIND, [PERSON]))

    assert store.noted == ["held", "counted", "added", "released"]


def test_launches_that_are_over_are_settled_by_the_next_launch() -> None:
    sandbox = World(store=DatabaseStore())
    done = sandbox.launch(FIND, world.body(FIND, [PERSON]))
    repeating = sandbox.launch(
        FIND, world.body(FIND, [PERSON], repeat_option={"type": "day", "value": 1})
    )
    sandbox.pass_seconds(60)

    latest = sandbox.launch(FIND, world.body(FIND, [PERSON]))

    unsettled = [job_uids.first_job(launch.prefix) for launch in sandbox.store.list_unsettled()]
    assert unsettled == [repeating, latest]
    assert sandbox.status(done) == "finished"
