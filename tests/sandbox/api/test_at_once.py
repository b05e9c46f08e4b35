"""What several callers do at one moment: read, judged and written by one after the other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections

from playground.sandbox.storage.database import DatabaseStore
from playground.sandbox.storage.memory import MemoryStore
from playground.sandbox.storage.protocol import JobStore
from tests.sandbox import world
from tests.sandbox.limits.limited import LINKEDIN, MEI, OMAR
from tests.sandbox.world import FIND, PERSON, World

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = 8
USER = {"email": "ada@example.com", "full_name": "Ada"}
# A call is not always let in in the order in which calls came.
LATENESS = [timedelta(milliseconds=number * 37 % 11) for number in range(NUMBER)]


@pytest.fixture(params=[MemoryStore, DatabaseStore])
def store(request: pytest.FixtureRequest) -> JobStore:
    made: JobStore = request.param()
    return made


def at_once(sandbox: World, *calls: tuple[str, str, object]) -> list[tuple[int, str]]:
    """The statuses and messages of calls that all begin together, each at a moment of its own."""
    barrier = Barrier(len(calls))

    def made(number: int) -> tuple[int, str]:
        mine = World(store=sandbox.store, now=sandbox.now - LATENESS[number % NUMBER])
        barrier.wait()
        try:
            response = mine.send(*calls[number])
        finally:
            connections.close_all()
        return response.status, json.loads(response.body).get("message", "")

    with ThreadPoolExecutor(len(calls)) as pool:
        found = list(pool.map(made, range(len(calls))))
    sandbox.pass_seconds(1)
    return found


def stopped_job(sandbox: World) -> str:
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON]))
    sandbox.pass_seconds(2)
    sandbox.post(f"/jobs/{uid}/cancel")
    sandbox.pass_seconds(2)
    return uid


@pytest.mark.parametrize("body", [None, world.body(FIND, [PERSON, PERSON])])
def test_of_eight_retries_at_once_one_takes_effect(store: JobStore, body: object) -> None:
    sandbox = World(store=store)
    uid = stopped_job(sandbox)

    answers = at_once(sandbox, *[("POST", f"/jobs/{uid}/retry", body)] * NUMBER)

    assert Counter(answers) == {
        (200, "Job successfully scheduled again."): 1,
        (400, "The job is about to run again: it cannot be retried before it does."): 7,
    }
    sandbox.pass_seconds(60)
    jobs = [job for job in sandbox.get(f"/workflows/{FIND.uid}/jobs") if job["main_job_uid"]]
    assert [job["status"] for job in jobs] == ["finished", "stopped"]


def test_of_eight_cancels_at_once_one_takes_effect(store: JobStore) -> None:
    sandbox = World(store=store)
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON]))
    sandbox.pass_seconds(2)

    answers = at_once(sandbox, *[("POST", f"/jobs/{uid}/cancel", None)] * NUMBER)

    assert Counter(answers) == {
        (200, "Job successfully stopped."): 1,
        (400, "A job that is stopped cannot be cancelled."): 7,
    }


def test_of_eight_removals_of_a_schedule_at_once_one_finds_it(store: JobStore) -> None:
    sandbox = World(store=store)
    repeating = {"repeat_option": {"type": "day", "value": 1}}
    sandbox.launch(FIND, world.body(FIND, [PERSON], **repeating))
    sandbox.pass_seconds(2)

    answers = at_once(sandbox, *[("DELETE", "/jobs/Test", None)] * NUMBER)

    assert Counter(status for status, _ in answers) == {200: 1, 404: 7}


def test_updates_of_one_account_at_once_lose_none_of_what_they_say(store: JobStore) -> None:
    sandbox = World(store=store)
    user = sandbox.post("/users", {"full_name": "Ada"})["user"]["uid"]
    sandbox.pass_seconds(1)
    parts: list[dict[str, object]] = [
        {"account": {"uid": OMAR, "name": "Renamed"}},
        {"account": {"uid": OMAR, "user_uid": user}},
        {"account": {"uid": OMAR, "cookies": {"li_at": "new", "li_a": "new"}}},
        {"account": {"uid": OMAR}, "shared_account": True},
    ]

    answers = at_once(sandbox, *(("POST", LINKEDIN, part) for part in parts))

    assert [status for status, _ in answers] == [200] * 4
    (account,) = [one for one in sandbox.get(LINKEDIN)["accounts"] if one["uid"] == OMAR]
    assert (account["name"], account["is_shared"]) == ("Renamed", True)
    assert account["level"] == "Sales Navigator"
    assert OMAR in _accounts_of(sandbox, user)


def test_an_account_that_was_deleted_while_it_was_updated_is_gone(store: JobStore) -> None:
    sandbox = World(store=store)
    update = ("POST", LINKEDIN, {"account": {"uid": MEI, "name": "Renamed"}})
    delete = ("DELETE", f"{LINKEDIN}/{MEI}", None)

    answers = at_once(sandbox, *[update] * 4, delete, *[update] * 3)

    assert answers[4] == (200, "Account deleted.")
    assert {status for status, _ in answers} <= {200, 404}
    assert MEI not in [account["uid"] for account in sandbox.get(LINKEDIN)["accounts"]]


def test_no_account_is_given_to_a_user_who_is_deleted_at_the_same_moment(store: JobStore) -> None:
    sandbox = World(store=store)
    user = sandbox.post("/users", {"full_name": "Ada"})["user"]["uid"]
    sandbox.pass_seconds(1)
    account = {"name": "A", "cookies": {"li_at": "a"}, "user_uid": user}
    create = ("POST", LINKEDIN, {"account": account})

    answers = at_once(sandbox, *[create] * 4, ("DELETE", f"/users/{user}", None), *[create] * 3)

    refusal = "account.user_uid is not the UID of a user of this workspace."
    assert answers[4] == (200, "User deleted.")
    assert {answer for answer in answers if answer[0] != 200} <= {(400, refusal)}
    assert "A" not in [account["name"] for account in sandbox.get(LINKEDIN)["accounts"]]


def test_of_eight_new_users_with_one_email_at_once_one_is_created(store: JobStore) -> None:
    sandbox = World(store=store)

    answers = at_once(
        sandbox,
        *(("POST", "/users", USER | {"email": email}) for email in _writings("ada@example.com")),
    )

    refusal = "email is that of another user: give the uid of that user to update it."
    assert Counter(answers) == {(200, "User created."): 1, (400, refusal): 7}
    assert sandbox.get("/users?search_term=ada@example.com")["nbr_users"] == 1


def test_a_user_may_not_take_over_the_email_of_another_one() -> None:
    sandbox = World()
    ada = sandbox.post("/users", USER)["user"]["uid"]
    other = sandbox.post("/users", {"full_name": "Bob"})["user"]["uid"]

    refusal = sandbox.refusal("POST", "/users", {"uid": other, "email": " ADA@example.com"})
    kept = sandbox.post("/users", {"uid": ada, "email": "Ada@example.com", "country": "gb"})

    assert refusal == (
        400,
        "email is that of another user: give the uid of that user to update it.",
    )
    assert (kept["user"]["email"], kept["message"]) == ("Ada@example.com", "User updated.")


def test_a_clock_that_was_set_back_by_an_hour_does_not_hold_changes_up() -> None:
    sandbox = World()
    sandbox.post(LINKEDIN, {"account": {"uid": OMAR, "name": "Later"}})
    sandbox.pass_seconds(-3_600)

    sandbox.post(LINKEDIN, {"account": {"uid": OMAR, "name": "Earlier"}})

    names = {one["uid"]: one["name"] for one in sandbox.get(LINKEDIN)["accounts"]}
    assert names[OMAR] == "Earlier"


def _writings(email: str) -> list[str]:
    writings: list[Callable[[str], str]] = [str, str.upper, str.title, lambda text: f" {text} "]
    return [write(email) for write in writings * 2]


def _accounts_of(sandbox: World, user_uid: str) -> list[str]:
    (user,) = [one for one in sandbox.get("/users")["users"] if one["uid"] == user_uid]
    return [account["uid"] for account in user["accounts"]]
