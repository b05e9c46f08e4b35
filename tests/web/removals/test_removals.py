"""Removing an account or a user: what ends is said before, and what was seen is sent once."""

from __future__ import annotations

import datetime as dt
import threading
import time
import uuid
from contextlib import contextmanager

import httpx
import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from playground.models import Change, ChangeKind, ChangeState, Launch, LaunchAccount, LaunchState
from playground.services.accounts import lookup
from playground.services.removals import ends
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.invalidation import Event
from playground.upstream import targets
from tests.web.conftest import WORKFLOW_UID

ACCOUNT, USER = "/accounts/hubspot/a-1/remove/", "/users/u-1/remove/"
BOTH = pytest.mark.parametrize("address", [ACCOUNT, USER])
GONE = {ACCOUNT: "/accounts/hubspot/a-1/", USER: "/users/u-1/"}
LIST = {ACCOUNT: "/accounts/", USER: "/users/"}
UID = {ACCOUNT: "a-1", USER: "u-1"}


class Workspace:
    """Accounts and users that a DELETE removes; `answer` replaces what it answers then."""

    def __init__(self, hosted) -> None:
        self.accounts = {"a-1": {"uid": "a-1", "name": "Sales <b>", "is_valid": True}}
        self.accounts["a-2"] = {"uid": "a-2", "name": "Old", "is_valid": False, "is_shared": True}
        self.users = {"u-1": ["a-1", "a-2"], "u-2": ["a-2"]}
        self.deleted: list[str] = []
        self.answer: httpx.Response | Exception | None = None
        self.takes_effect = True
        self.jobs: list[dict[str, object]] = []
        self.hosted = hosted
        hosted.answers["accounts"] = lambda _: httpx.Response(
            200, json={"accounts": [*self.accounts.values()]}
        )
        hosted.answers["users"] = self.list_users
        hosted.answers["jobs"] = lambda _: httpx.Response(200, json=self.jobs)
        for uid in ("a-1", "a-2", "u-1", "u-2"):
            hosted.answers[uid] = self.delete

    def list_users(self, _: httpx.Request) -> httpx.Response:
        users = [
            {
                "uid": uid,
                "full_name": f"Name of {uid}",
                "accounts": [{"uid": one, "application_permalink": "hubspot"} for one in owned],
            }
            for uid, owned in self.users.items()
        ]
        return httpx.Response(200, json={"users": users, "pages": 1})

    def delete(self, request: httpx.Request) -> httpx.Response:
        assert request.method == "DELETE"
        uid = request.url.path.rpartition("/")[2]
        self.deleted.append(uid)
        if self.takes_effect and self.accounts.pop(uid, None) is None:
            for one in self.users.pop(uid, ()):
                self.accounts.pop(one, None)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer or httpx.Response(200, json={"message": "Deleted."})


@pytest.fixture
def workspace(client, hosted):
    return Workspace(hosted)


def form_of(response) -> dict[str, str]:
    nodes = LexborHTMLParser(response.content.decode()).css("main form input")
    return {str(one.attributes["name"]): one.attributes["value"] or "" for one in nodes}


def text(response, selector: str) -> str:
    nodes = LexborHTMLParser(response.content.decode()).css(selector)
    return " | ".join(" ".join(node.text(deep=True).split()) for node in nodes)


def told(response) -> str:
    return [str(one) for one in get_messages(response.wsgi_request)][-1]


def launched(**changes) -> Launch:
    made = Launch.objects.create(
        **{
            "launch_token": uuid.uuid4(),
            "user": User.objects.get_or_create(username="ada")[0],
            "workflow_uid": WORKFLOW_UID,
            "workflow_name": "Find & add",
            "payload": b'{"steps": []}',
            "fingerprint": "0" * 12,
            "row_count": 1,
            "upstream": targets.name(),
            "state": LaunchState.LAUNCHED,
            "created_at": timezone.now(),
        }
        | changes
    )
    LaunchAccount.objects.create(launch=made, account_uid="a-1")
    return made


@BOTH
def test_page_says_what_ends_and_changes_nothing(client, workspace, address):
    launched(job_name="Weekly", is_repeating=True)
    launched(job_name="Elsewhere", is_repeating=True, upstream="https://other.invalid/v3")
    launched(job_name="Refused", is_repeating=True, state=LaunchState.REJECTED)
    workspace.jobs = [
        {"uid": "j-1", "name": "Runs", "status": "running"},
        {"uid": "j-1a", "status": "running", "main_job_uid": "j-1", "accounts": ["a-1"]},
        {"uid": "j-2", "name": "Waits", "status": "paused", "accounts": ["a-1"]},
        {"uid": "j-3", "name": "Over", "status": "finished", "accounts": ["a-1"]},
        {"uid": "j-4", "name": "Of another", "status": "running", "accounts": ["a-9"]},
    ]

    page = client.get(address)

    is_user = address == USER
    assert page.status_code == 200
    assert text(page, "h1") == (
        "Remove the user “Name of u-1” with 2 accounts?"
        if is_user
        else "Remove the account “Sales <b>”?"
    )
    accounts = text(page, "section:has(#ends-accounts) li a")
    assert accounts == ("Sales <b> | Old" if is_user else "Sales <b> | Name of u-1")
    assert text(page, "section:has(#ends-jobs) li a") == "Runs | Waits"
    assert text(page, "section:has(#ends-schedules) li a") == "Weekly"
    assert text(page, "section:has(#ends-workflows) li a") == "Find & add"
    assert "no other valid account is left" in text(page, "section:has(#ends-workflows)")
    assert (workspace.deleted, Change.objects.count()) == ([], 0)


def test_page_of_a_user_tells_what_is_shared(client, workspace):
    page = client.get(USER)

    assert text(page, "section:has(#ends-accounts) .pill") == (
        "shared: others may use it | also listed with Name of u-2: not known whether it ends"
    )


@BOTH
def test_what_was_seen_is_removed_once_and_recorded(client, workspace, address):
    form = form_of(client.get(address))
    first = client.post(address, form)
    again = client.post(address, form)

    change = Change.objects.get()
    assert (first.status_code, first["Location"]) == (303, LIST[address])
    assert (again.status_code, again["Location"]) == (303, LIST[address])
    assert told(first) == f"The {'user' if address == USER else 'account'} was removed."
    assert "when this form came first" in told(again)
    assert workspace.deleted == [UID[address]]
    assert (change.state, change.uid) == (ChangeState.SAVED, UID[address])
    assert change.user.get_username() == "local"
    assert change.upstream == targets.name()
    assert change.ended == ("a-1\na-2" if address == USER else "")


@BOTH
def test_list_and_page_of_what_is_gone_tell_who_removed_it(client, workspace, address):
    client.post(address, form_of(client.get(address)))

    listed, gone = client.get(LIST[address]), client.get(GONE[address])

    name = "Name of u-1" if address == USER else "Sales <b>"
    assert name in text(listed, "section:has(#removed-lately) li")
    assert "by local" in text(listed, "section:has(#removed-lately) li")
    assert gone.status_code == 404
    assert "Removed by local" in text(gone, "section:has(#changes-of) li")


def test_page_of_an_account_that_ended_with_its_user_says_so(client, workspace):
    client.post(USER, form_of(client.get(USER)))

    gone = client.get("/accounts/hubspot/a-2/")
    workspace.accounts["a-2"] = {"uid": "a-2", "name": "Old"}
    invalidation.make_stale(Event.USER_REMOVED)
    there = client.get("/accounts/hubspot/a-2/")

    told = text(there, "section:has(#changes-of) li")
    assert told.startswith("Its user “Name of u-1” removed by local")
    assert gone.status_code == 404
    assert "Removed with the user “Name of u-1” by local" in text(gone, "section:has(#changes-of)")


def add_account(workspace) -> None:
    workspace.users["u-1"].append("a-3")


def take_account(workspace) -> None:
    workspace.users["u-1"].remove("a-2")


def give_to_another(workspace) -> None:
    workspace.users = {"u-2": ["a-1"], "u-1": []}


def begin_job(workspace) -> None:
    workspace.jobs = [{"uid": "j-9", "status": "running", "accounts": ["a-1"]}]
    invalidation.make_stale(Event.JOB_CHANGED)


def send_schedule(workspace) -> None:
    launched(job_name="New", is_repeating=True)


@pytest.mark.parametrize(
    ("address", "meanwhile"),
    [
        (USER, add_account),
        (USER, take_account),
        (USER, send_schedule),
        (USER, begin_job),
        (ACCOUNT, give_to_another),
        (ACCOUNT, begin_job),
        (ACCOUNT, send_schedule),
    ],
)
def test_nothing_is_sent_when_something_else_would_end(client, workspace, address, meanwhile):
    form = form_of(client.get(address))
    meanwhile(workspace)

    answer = client.post(address, form)
    sent_then = list(workspace.deleted)
    second = client.post(address, form_of(answer))

    assert answer.status_code == 409
    assert text(answer, "#refusal").startswith("Nothing was removed: what would end is not what")
    assert sent_then == []
    assert (second.status_code, workspace.deleted) == (303, [UID[address]])


@pytest.mark.parametrize("seen", ["", "x", "0" * 12, "\x00", "é " * 500])
@BOTH
def test_form_that_saw_nothing_removes_nothing(client, workspace, address, seen):
    answer = client.post(address, form_of(client.get(address)) | {"seen": seen})

    assert (answer.status_code, workspace.deleted) == (409, [])


def test_less_than_was_seen_is_removed(client, workspace):
    workspace.jobs = [{"uid": "j-1", "status": "running", "accounts": ["a-1"]}]
    schedule = launched(job_name="Weekly", is_repeating=True)
    form = form_of(client.get(ACCOUNT))
    workspace.jobs = []
    Launch.objects.filter(pk=schedule.pk).update(schedule_ended_at=timezone.now())
    invalidation.make_stale(Event.JOB_CHANGED)

    assert client.post(ACCOUNT, form).status_code == 303
    assert workspace.deleted == ["a-1"]


LOST = [httpx.ReadTimeout("x"), httpx.Response(500), httpx.Response(302), httpx.ReadError("x")]


@pytest.mark.parametrize("answer", LOST)
@BOTH
def test_lost_answer_of_what_is_gone_is_a_removal(client, workspace, address, answer):
    form = form_of(client.get(address))
    workspace.answer = answer

    done = client.post(address, form)

    assert (done.status_code, done["Location"]) == (303, LIST[address])
    assert "The answer was lost, but the upstream’s list does not have it" in told(done)
    assert Change.objects.get().state == ChangeState.SAVED


@pytest.mark.parametrize("answer", LOST[:2])
@BOTH
def test_lost_answer_of_what_is_still_there_is_not_known(client, workspace, address, answer):
    form = form_of(client.get(address))
    workspace.answer, workspace.takes_effect = answer, False

    unknown = client.post(address, form)
    repeat = client.post(address, form)
    state = Change.objects.get().state
    workspace.answer, workspace.takes_effect = None, True
    again = client.post(address, form_of(unknown))

    assert (unknown.status_code, repeat.status_code) == (502, 502)
    assert "may be removed again, which does no harm" in text(unknown, "#refusal")
    assert "not known whether it took effect" in text(repeat, "#refusal")
    assert state == ChangeState.UNKNOWN
    assert again.status_code == 303
    assert workspace.deleted == [UID[address]] * 2


def test_list_that_was_cut_or_not_told_is_no_proof(client, workspace, hosted):
    form = form_of(client.get(ACCOUNT))
    workspace.answer = httpx.ReadTimeout("x")
    page = {"accounts": [{"uid": "a-9"}], "next_page_exist": True}
    asked = hosted.answers["accounts"]
    hosted.answers["accounts"] = lambda request: (
        httpx.Response(200, json=page) if workspace.deleted else asked(request)
    )

    client.post(ACCOUNT, form)

    assert Change.objects.get().state == ChangeState.UNKNOWN


@BOTH
def test_lost_process_shows_as_unknown_and_what_is_gone_as_gone(client, workspace, address):
    Change.objects.create(
        token=uuid.uuid4(),
        user=User.objects.create_user("ada"),
        upstream=targets.name(),
        kind=ChangeKind.REMOVE_USER if address == USER else ChangeKind.REMOVE_ACCOUNT,
        integration="" if address == USER else "hubspot",
        uid=UID[address],
        state=ChangeState.SENDING,
        created_at=timezone.now() - dt.timedelta(minutes=2),
    )

    listed, there = client.get(LIST[address]), client.get(GONE[address])
    workspace.accounts.clear()
    workspace.users.clear()
    invalidation.make_stale(Event.USER_REMOVED)
    gone = client.get(GONE[address])

    assert "outcome unknown" in text(listed, "section:has(#removed-lately) li")
    assert "outcome unknown" in text(there, "section:has(#changes-of) li")
    assert "the list does not have it any more" in text(gone, "section:has(#changes-of) li")
    assert Change.objects.get().state == ChangeState.SENDING


@BOTH
def test_what_somebody_else_removed_is_gone_and_nothing_is_sent(client, workspace, address):
    form = form_of(client.get(address))
    workspace.accounts.clear()
    workspace.users.clear()

    answer = client.post(address, form)
    page = client.get(address)

    assert (answer.status_code, answer["Location"]) == (303, GONE[address])
    assert "has no such" in told(answer)
    assert (page.status_code, page["Location"]) == (303, GONE[address])
    assert (workspace.deleted, Change.objects.count()) == ([], 0)


@pytest.mark.parametrize("takes_effect", [True, False])
@BOTH
def test_404_is_gone_only_where_the_list_says_so(client, workspace, address, takes_effect):
    form = form_of(client.get(address))
    workspace.answer, workspace.takes_effect = httpx.Response(404), takes_effect

    answer = client.post(address, form)

    assert Change.objects.get().state == ChangeState.REFUSED
    if takes_effect:
        assert (answer.status_code, answer["Location"]) == (303, GONE[address])
    else:
        assert answer.status_code == 502
        assert "and still lists it" in text(answer, "#refusal")


@pytest.mark.parametrize(
    ("answer", "state", "status"),
    [
        (httpx.Response(401), ChangeState.REFUSED, 502),
        (httpx.Response(405), ChangeState.REFUSED, 502),
        (httpx.Response(409), ChangeState.REFUSED, 422),
        (httpx.ConnectError("x"), ChangeState.UNREACHABLE, 502),
    ],
)
@BOTH
def test_refusal_comes_back_to_the_page(client, workspace, address, answer, state, status):
    form = form_of(client.get(address))
    workspace.answer, workspace.takes_effect = answer, False

    refused = client.post(address, form)

    assert refused.status_code == status
    assert text(refused, "#refusal").startswith("Nothing was removed. ")
    assert form_of(refused)["change_token"] != form["change_token"]
    assert Change.objects.get().state == state


@pytest.mark.parametrize("token", ["", "x", "\x00"])
@BOTH
def test_form_without_a_usable_token_removes_nothing(client, workspace, address, token):
    answer = client.post(address, form_of(client.get(address)) | {"change_token": token})

    assert (answer.status_code, workspace.deleted) == (422, [])
    assert "lost its token. Nothing was sent" in text(answer, "#refusal")


def test_token_of_one_thing_removes_no_other(client, workspace):
    form = form_of(client.get(ACCOUNT))
    client.post(ACCOUNT, form)
    other = form_of(client.get("/accounts/hubspot/a-2/remove/"))

    answer = client.post(
        "/accounts/hubspot/a-2/remove/", other | {"change_token": form["change_token"]}
    )

    assert (answer.status_code, workspace.deleted) == (422, ["a-1"])


def test_form_that_was_shown_at_another_upstream_removes_nothing(client, workspace, settings):
    form = form_of(client.get(ACCOUNT))
    settings.UPSTREAM_IS_SANDBOX = False
    settings.UPSTREAM_URL = "https://other.invalid/v3"

    answer = client.post(ACCOUNT, form)

    assert (answer.status_code, workspace.deleted) == (409, [])


@BOTH
def test_one_who_comes_while_it_is_being_removed_is_told(client, workspace, hosted, address):
    mine, theirs = form_of(client.get(address)), form_of(client.get(address))
    meanwhile = []
    delete = workspace.delete

    def take_its_time(request: httpx.Request) -> httpx.Response:
        if not meanwhile:
            meanwhile.append(None)
            meanwhile[0] = (Client().post(address, theirs), Client().post(address, mine))
        return delete(request)

    hosted.answers[UID[address]] = take_its_time
    client.post(address, mine)

    (other, same) = meanwhile[0]
    assert (other.status_code, same.status_code) == (409, 409)
    assert "being asked for at this moment by local" in text(other, ".lead")
    assert workspace.deleted == [UID[address]]


@BOTH
def test_what_was_removed_while_it_was_looked_at_is_not_sent(
    client, workspace, monkeypatch, address
):
    mine, theirs = form_of(client.get(address)), form_of(client.get(address))
    look, others = ends.look, []

    def somebody_else_is_quicker(*asked, **options):
        found = look(*asked, **options)
        if not others:
            others.append(None)
            others[0] = Client().post(address, theirs)
        return found

    monkeypatch.setattr(ends, "look", somebody_else_is_quicker)

    answer = client.post(address, mine)

    assert [others[0].status_code, answer.status_code] == [303, 303]
    assert answer["Location"] == GONE[address]
    assert "local has just removed this" in told(answer)
    assert workspace.deleted == [UID[address]]
    assert sorted(Change.objects.values_list("state", flat=True)) == ["saved", "unreachable"]


@contextmanager
def at_once(count: int, work):
    barrier, answers = threading.Barrier(count), []

    def run(number: int) -> None:
        barrier.wait()
        try:
            answers.append(work(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    yield answers


@pytest.mark.django_db(transaction=True)
@BOTH
def test_many_at_once_remove_it_once(hosted, monkeypatch, address):
    monkeypatch.setattr(lookup, "PATIENCE", 60)  # However busy the machine is.
    workspace = Workspace(hosted)
    delete = workspace.delete

    def take_its_time(request: httpx.Request) -> httpx.Response:
        time.sleep(0.2)
        return delete(request)

    hosted.answers[UID[address]] = take_its_time
    forms = [form_of(Client().get(address)) for _ in range(2)]

    with at_once(6, lambda number: Client().post(address, forms[number % 2])) as answers:
        statuses = [one.status_code for one in answers]

    assert workspace.deleted == [UID[address]]
    assert Change.objects.filter(state=ChangeState.SAVED).count() == 1
    assert set(statuses) <= {303, 409}
    assert 303 in statuses


def test_user_whose_accounts_are_not_told_is_not_removed_from_here(client, workspace, hosted):
    listing = {"users": [{"uid": "u-1", "full_name": "Jane"}], "pages": 1}
    hosted.answers["users"] = lambda _: httpx.Response(200, json=listing)

    page = client.get(USER)
    answer = client.post(USER, {"change_token": str(uuid.uuid4()), "seen": "x"})

    assert "does not tell which accounts this user has" in text(page, ".notice.warning")
    assert form_of(page) == {}
    assert (answer.status_code, workspace.deleted) == (409, [])


def test_what_could_not_be_asked_for_is_not_known(client, workspace, hosted):
    hosted.answers["jobs"] = lambda _: httpx.Response(500)
    hosted.answers["users"] = lambda _: httpx.Response(500)

    page = client.get(ACCOUNT)

    unknown = text(page, "section:has(#ends-unknown) li")
    assert "Jobs of 1 of 1 workflow." in unknown
    assert "The owner." in unknown
    assert "owner not known" in text(page, "section:has(#ends-accounts) li")


@pytest.mark.parametrize(("address", "ending"), [(ACCOUNT, "accounts"), (USER, "users")])
def test_nothing_is_sent_when_what_ends_cannot_be_looked_up(
    client, workspace, hosted, address, ending
):
    form = form_of(client.get(address))
    hosted.answers[ending] = lambda _: httpx.Response(503)

    answer = client.post(address, form)

    assert (answer.status_code, workspace.deleted) == (502, [])
    assert "Nothing was removed, because what would end cannot be looked up." in (
        answer.content.decode()
    )
