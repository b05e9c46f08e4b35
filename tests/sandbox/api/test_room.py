"""The sandbox keeps so much and no more, and nothing goes that a job needs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from playground.sandbox import upkeep
from playground.sandbox.api import room
from playground.sandbox.models import SandboxEvent, SandboxLaunch
from playground.sandbox.storage.database import DatabaseStore
from playground.sandbox.storage.memory import MemoryStore
from playground.sandbox.storage.protocol import JobStore
from tests.sandbox.limits import limited
from tests.sandbox.world import FIND, JANE, PERSON, START, World, body

pytestmark = pytest.mark.django_db
LATER = room.KEPT_FOR + timedelta(days=1)


@pytest.fixture(params=[MemoryStore, DatabaseStore])
def sandbox(request: pytest.FixtureRequest) -> World:
    make: Callable[[], JobStore] = request.param
    return World(store=make(), speed=50)


def find(world: World, **changes: Any) -> str:
    return world.launch(FIND, body(FIND, [PERSON], **changes))


def visit(world: World, count: int = 1) -> str:
    return limited.launch(world, count, JANE)


def is_there(world: World, uid: str) -> bool:
    return world.send("GET", f"/jobs/{uid}").status == 200


def test_what_is_over_goes_after_two_months_and_what_is_not_stays(sandbox: World) -> None:
    sandbox.speed = 1  # It divides delays too.
    over = [find(sandbox), visit(sandbox)]
    repeating = find(sandbox, repeat_option={"type": "day", "value": 1})
    waiting = find(sandbox, delay=366 * 24 * 3600)
    sandbox.now += LATER
    lately = find(sandbox)
    sandbox.pass_seconds(600)

    room.prune(sandbox.store, sandbox.now)

    assert [is_there(sandbox, uid) for uid in over] == [False, False]
    assert [is_there(sandbox, uid) for uid in (repeating, waiting, lately)] == [True] * 3
    assert sandbox.send("GET", f"/jobs/{over[0]}/results").status == 404
    assert sandbox.send("POST", f"/jobs/{over[1]}/retry").status == 404
    names = {
        job["main_job_uid"] or job["uid"] for job in sandbox.get(f"/workflows/{FIND.uid}/jobs")
    }
    assert over[0] not in names


def test_limits_of_accounts_are_the_same_when_old_jobs_are_gone(sandbox: World) -> None:
    """Of 400 visits at 150 a day, what a later job may do depends on those before it."""
    sandbox.speed = 1
    visit(sandbox, 20)
    sandbox.now += LATER
    live = visit(sandbox, 400)
    sandbox.pass_seconds(3 * 3600)
    before = sandbox.job(live), sandbox.get("/integrations/linkedin/accounts")

    room.prune(sandbox.store, sandbox.now)

    assert (sandbox.job(live), sandbox.get("/integrations/linkedin/accounts")) == before
    assert sandbox.status(live) == "running"


def test_records_and_replaced_changes_go_after_a_year(sandbox: World) -> None:
    visit(sandbox)
    user = sandbox.post("/users", {"full_name": "Ada"})["user"]["uid"]
    for name in ("Bea", "Cleo"):
        sandbox.post("/users", {"uid": user, "full_name": name})
    sandbox.now += room.RECORDS_KEPT_FOR + timedelta(days=1)

    room.prune(sandbox.store, sandbox.now)
    room.prune(sandbox.store, sandbox.now)

    found = sandbox.get("/users?search_term=cleo")["users"]
    assert [one["uid"] for one in found] == [user]
    if isinstance(sandbox.store, DatabaseStore):
        assert len(sandbox.store.list_changes()) == 1
        assert (SandboxLaunch.objects.count(), SandboxEvent.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("bound", "value"), [("MOST_LAUNCHES", 3), ("MOST_BYTES", 5_000)], ids=["launches", "bytes"]
)
def test_jobs_that_ended_make_room_and_live_ones_do_not(
    sandbox: World, monkeypatch: pytest.MonkeyPatch, bound: str, value: int
) -> None:
    monkeypatch.setattr(room, bound, value)
    live = find(sandbox, delay=366 * 24 * 3600, padding="x" * 700)
    ended = find(sandbox, padding="x" * 700)
    sandbox.pass_seconds(2 * 3600)

    uids = [find(sandbox, padding="x" * 700) for _ in range(2)]
    refused = [
        sandbox.refusal(
            "POST",
            f"/workflows/{FIND.uid}/schedule",
            body(FIND, [PERSON], delay=9_999, padding="x" * 700),
        )
        for _ in range(3)
    ]

    assert (is_there(sandbox, live), is_there(sandbox, ended)) == (True, False)
    assert [is_there(sandbox, uid) for uid in uids] == [True, True]
    assert refused[-1][0] == 429
    assert "The sandbox is full" in refused[-1][1]


def test_launches_that_wait_are_bounded(sandbox: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_UNSETTLED", 1)
    find(sandbox, delay=9_999)

    status, sentence = sandbox.refusal(
        "POST", f"/workflows/{FIND.uid}/schedule", body(FIND, [PERSON], delay=9_999)
    )

    assert status == 429
    assert sentence.startswith("The sandbox keeps at most 1 launches that run, wait or repeat")


def test_users_and_accounts_are_bounded(sandbox: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_CHANGES", 1)
    sandbox.post("/users", {"full_name": "Ada"})
    account = {"account": {"name": "A", "cookies": {"li_at": "x"}}}

    refused = [
        sandbox.refusal("POST", "/users", {"full_name": "Bea"}),
        sandbox.refusal("POST", "/integrations/linkedin/accounts", account),
    ]

    assert [status for status, _ in refused] == [429, 429]
    assert sandbox.get("/users?search_term=bea")["users"] == []


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/users", {"full_name": "x" * 40_000}),
        ("/users", {"full_name": "x" * 2**20}),
        ("/integrations/linkedin/accounts", {"account": {"name": "x" * 40_000}}),
        (f"/jobs/{'0' * 8}-0000-4000-8000-{'0' * 12}/cancel", {"x": "x" * 2**20}),
    ],
)
def test_only_launches_may_be_large(path: str, content: Any) -> None:
    world = World()
    if "account" in content:
        content["account"]["cookies"] = {"li_at": "x"}

    assert world.refusal("POST", path, content)[0] == 413


def test_bytes_are_counted_without_reading_bodies() -> None:
    world = World(store=DatabaseStore(), speed=50)
    row = PERSON | {"first_name": "test:shutdown"}
    uid = world.launch(FIND, body(FIND, [row], padding="x" * 5_000))
    world.pass_seconds(600)
    large = json.dumps(body(FIND, [PERSON], padding="y" * 9_000)).encode()
    before = world.store.weigh().size
    assert world.send("POST", f"/jobs/{uid}/retry", large).status == 200

    assert before > 5_000
    assert world.store.weigh().size > before + len(large)


def test_upkeep_prunes_the_database() -> None:
    world = World(store=DatabaseStore(), now=START)
    uid = find(world)

    upkeep.prune(START + LATER)

    assert not is_there(world, uid)
