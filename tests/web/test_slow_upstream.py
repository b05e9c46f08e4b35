"""While too many wait for the upstream, or it is silent: what is known, how old that is, or a plain
sentence at once; and what somebody sends goes out all the same."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Iterator

import httpx
import pytest
from django.contrib.messages import get_messages
from django.db.models import F
from selectolax.lexbor import LexborHTMLParser

from playground.models import Change, JobLook, Launch
from playground.services.upstream_cache import cache, invalidation
from playground.services.upstream_cache.invalidation import Kept
from playground.upstream import breaker, waiting
from tests.crowds import held
from tests.web.conftest import ADD, ADDRESS, VALID, WORKFLOW_UID
from tests.web.html_forms import posted_fields

JOB = {"uid": "j-1", "name": "Monday", "status": "running", "workflow_uid": WORKFLOW_UID}
JOBS = f"/workflows/{WORKFLOW_UID}/jobs/"
GLANCE = f"/workflows/{WORKFLOW_UID}/glance/"
SLOW = "The upstream is slow: too many wait for its answers already. Try again in a moment."
TYPED = {"inputs-0-first_name": "Ada", f"steps-{ADD}-accounts": [VALID]}
KNOWN = {
    "/jobs/j-1/": "Monday",
    "/jobs/j-1/status/": "running",
    "/workflows/": "Find & add",
    ADDRESS: "Find & add",
    GLANCE: "first_name",
    JOBS: "Monday",
    "/users/": "jane@example.com",
}


@pytest.fixture(autouse=True)
def _answers(hosted, settings) -> None:
    settings.UPSTREAM_IS_SANDBOX = False
    user = {"uid": "u-1", "email": "jane@example.com"}
    hosted.answers |= {
        "j-1": lambda _: httpx.Response(200, json=JOB),
        "jobs": lambda _: httpx.Response(200, json=[JOB]),
        "users": lambda _: httpx.Response(200, json={"users": [user], "pages": 1, "nbr_users": 1}),
        "results": lambda _: httpx.Response(200, json={"results": []}),
        "inputs": lambda _: httpx.Response(200, json={"inputs": []}),
    }


@pytest.fixture
def crowd() -> Iterator[None]:
    with held(waiting.place, waiting.MOST_WATCHING):
        yield


def text_of(response) -> str:
    return " ".join(LexborHTMLParser(response.content.decode()).body.text(deep=True).split())


def grow_old() -> None:
    """What is kept is good for those only who take any age."""
    for kept in Kept:
        if kept in invalidation._caches:
            invalidation._caches[kept].outdate()
    # What one process saw of a job it has told the others.
    hour = dt.timedelta(hours=1)
    JobLook.objects.update(asked_at=F("asked_at") - hour, answered_at=F("answered_at") - hour)


@pytest.mark.parametrize("path", KNOWN)
def test_what_is_known_is_shown_with_its_age(client, hosted, path):
    client.get(path)
    grow_old()

    with held(waiting.place, waiting.MOST_WATCHING):
        asked = len(hosted.requests)
        page = client.get(path)

    assert page.status_code == 200
    assert KNOWN[path] in text_of(page)
    # A glance is a part of a page that tells its own age; the playground's panel tells it, and
    # what it stands on is asked for beside the request.
    if path not in (ADDRESS, GLANCE):
        assert len(hosted.requests) == asked
        assert f"{SLOW} What you see was asked for " in text_of(page)


@pytest.mark.parametrize("path", [*KNOWN, "/users/u-1/", "/jobs/j-1/results/"])
def test_where_nothing_is_known_a_sentence_says_so_at_once(client, hosted, crowd, path):
    page = client.get(path)

    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert SLOW in text_of(page)
    assert hosted.requests == []


def test_accounts_that_are_asked_for_beside_the_request_are_not_awaited(client, hosted, crowd):
    go_on = threading.Event()

    def hang(request: httpx.Request) -> httpx.Response:
        go_on.wait(60)
        return httpx.Response(200, json=[])

    hosted.answers |= {"workflows": hang, "users": hang}
    page = client.get("/accounts/")
    go_on.set()

    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert "The upstream takes long to list workflows. Reload to go on." in text_of(page)


def test_who_has_waited_long_enough_is_told_so(client, hosted, monkeypatch):
    monkeypatch.setattr(cache, "PATIENCE", 0.05)
    go_on = threading.Event()
    answer = hosted.answers["details"]

    def hang(request: httpx.Request) -> httpx.Response:
        go_on.wait(60)
        return answer(request)

    hosted.answers["details"] = hang
    late = client.get(ADDRESS)
    go_on.set()

    assert late.status_code == 503
    assert "takes long to answer, and is still being asked" in text_of(late)


def test_silent_upstream_is_left_alone_and_pages_show_what_is_known(client, hosted, monkeypatch):
    monkeypatch.setattr(breaker, "REST", 1_000)
    client.get("/jobs/j-1/")
    grow_old()

    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("silent")

    hosted.answers |= dict.fromkeys(hosted.answers, silent)
    asked = len(hosted.requests)
    pages = [client.get("/jobs/j-1/") for _ in range(8)]

    assert {page.status_code for page in pages} == {200}
    assert "What you see was asked for " in text_of(pages[-1])
    assert len(hosted.requests) - asked <= breaker.MOST_SILENCES


def test_what_is_known_is_not_shown_of_a_job_that_is_gone(client, hosted):
    client.get("/jobs/j-1/")
    grow_old()
    hosted.answers["j-1"] = lambda _: httpx.Response(404, json={"message": "Gone."})
    hosted.answers["jobs"] = lambda _: httpx.Response(200, json=[])

    assert client.get("/jobs/j-1/").status_code == 404


def test_a_job_is_asked_for_once_however_many_look(client, hosted):
    for _ in range(5):
        assert client.get("/jobs/j-1/").status_code == 200

    assert sum(request.url.path.endswith("/jobs/j-1") for request in hosted.requests) == 1


def test_those_who_watch_do_not_keep_a_launch_from_being_sent(client, hosted, form):
    fields = form(**TYPED)
    grow_old()

    with held(waiting.place, waiting.MOST_WATCHING):
        answer = client.post(f"{ADDRESS}launch/", fields)

    assert (answer.status_code, answer["Location"]) == (303, "/jobs/j-1/")
    # What it is judged by was asked for as well.
    assert any(request.url.path.endswith("/workspace") for request in hosted.requests)


def test_search_for_a_lost_launch_does_not_wait_where_too_many_do(client, hosted, form):
    fields = form(**TYPED)
    hosted.answers["schedule"] = lambda _: httpx.Response(500)
    client.post(f"{ADDRESS}launch/", fields)
    launch = Launch.objects.get()
    asked = len(hosted.requests)

    with held(waiting.place, waiting.MOST_WATCHING):
        page = client.post(f"/launches/{launch.pk}/search/", follow=True)

    assert f"Could not be looked for: {SLOW}" in text_of(page)
    assert (len(hosted.requests), Launch.objects.get().is_unknown) == (asked, True)


@pytest.fixture
def senders() -> Iterator[None]:
    with held(lambda: waiting.place(is_change=True), waiting.MOST_SENDING):
        yield


def test_launch_that_finds_no_place_was_not_sent_and_can_be_tried_again(
    client, hosted, form, request
):
    fields = form(**TYPED)
    request.getfixturevalue("senders")
    answer = client.post(f"{ADDRESS}launch/", fields)

    assert answer.status_code == 502
    assert "Nothing was sent; try again in a moment." in text_of(answer)
    assert "Ada" in answer.content.decode()
    assert (hosted.launches, Launch.objects.get().is_unreachable) == ([], True)


def test_change_that_finds_no_place_was_not_sent_and_says_so(client, hosted, senders):
    fields = dict(posted_fields(client.get("/users/new/").content.decode(), "user-form"))
    job_form = {"change_token": str(uuid.uuid4())}
    asked = len(hosted.requests)

    user = client.post("/users/new/", fields | {"email": "a@b.example"})
    job = client.post("/jobs/j-1/cancel/", job_form)

    assert user.status_code == 502
    assert "Nothing was sent; try again in a moment." in text_of(user)
    assert "a@b.example" in user.content.decode()
    assert "Nothing was sent; try again" in str(next(iter(get_messages(job.wsgi_request))))
    assert {one.state for one in Change.objects.all()} == {"unreachable"}
    assert len(hosted.requests) == asked


def test_call_from_the_reference_waits_among_those_who_watch(client, hosted, crowd):
    token = {"token": str(uuid.uuid4())}

    answer = client.post("/reference/get_workspace/try/", token, follow=True)

    assert SLOW in text_of(answer)
    assert hosted.requests == []
