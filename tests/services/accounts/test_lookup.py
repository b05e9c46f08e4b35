"""Accounts are looked up side by side, once for all who ask, and named where they were used."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import httpx
import pytest
from django.contrib.auth.models import AnonymousUser, User

from playground.contract import wire
from playground.contract.jobs import Job
from playground.contract.workflows import Workflow
from playground.services.accounts import lookup as account_lookup
from playground.services.jobs.follow import JobDetail, JobStep, UsedAccount
from tests.upstreams import AnsweringTransport, upstream

SLUGS = ("linkedin", "hubspot")
WORKFLOW = wire.from_builtins(
    Workflow,
    {
        "uid": "w-1",
        "name": "Visit and save",
        "steps": [
            {"step_uid": "s-1", "position": 0, "integrations": ["linkedin"]},
            {"step_uid": "s-2", "position": 1, "integrations": ["linkedin", "hubspot"]},
        ],
    },
)


@pytest.fixture
def hosted(settings) -> Iterator[AnsweringTransport]:
    settings.UPSTREAM_IS_SANDBOX = False
    settings.UPSTREAM_URL = "http://upstream.invalid/v3"
    transport = AnsweringTransport(
        accounts=lambda request: httpx.Response(200, json=accounts_of(request))
    )
    with upstream(transport):
        yield transport


def accounts_of(request: httpx.Request) -> object:
    slug = request.url.path.split("/")[-2]
    return {"accounts": [{"uid": f"{slug}-1", "name": f"Jane's {slug}"}], "next_page_exist": False}


def job_with(*uids: str) -> JobDetail:
    """A job whose second step, the chosen one, ran with these accounts."""
    used = tuple(UsedAccount(uid=uid) for uid in uids)
    first, second = (
        JobStep(number=number, step_uid=f"s-{number}", name="", step=None, job=None, accounts=used)
        for number in (1, 2)
    )
    return JobDetail(
        job=Job(uid="j-1"), workflow=WORKFLOW, launch=None, steps=(first, second), chosen=second
    )


def test_slow_integration_is_named_and_the_other_is_there(hosted):
    go_on = threading.Event()

    def slow(request: httpx.Request) -> httpx.Response:
        if "hubspot" in request.url.path:
            assert go_on.wait(60)
        return httpx.Response(200, json=accounts_of(request))

    hosted.answers["accounts"] = slow
    early = account_lookup.find(SLUGS, patience=0.5)
    go_on.set()
    late = account_lookup.find(SLUGS, patience=60)

    assert (list(early.by_integration), early.is_complete) == (["linkedin"], False)
    assert early.problems == {
        "hubspot": "The accounts of hubspot take long to come: the upstream is still being asked."
    }
    assert (sorted(late.by_integration), late.problems) == (["hubspot", "linkedin"], {})
    assert len([one for one in hosted.requests if "accounts" in one.url.path]) == 2


def test_two_people_typing_ask_the_upstream_once(hosted):
    begun = threading.Barrier(8)
    gathered = []

    def person() -> None:
        begun.wait(60)
        gathered.append(account_lookup.find(SLUGS))

    threads = [threading.Thread(target=person) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(gathered) == 8
    assert len([one for one in hosted.requests if "accounts" in one.url.path]) == 2


def test_flights_of_the_sandbox_stay_in_the_thread_of_the_request(settings):
    settings.UPSTREAM_IS_SANDBOX = True
    seen = []

    def fetch(_: httpx.Request) -> httpx.Response:
        seen.append(threading.current_thread())
        return httpx.Response(200, json={"accounts": []})

    with upstream(AnsweringTransport(accounts=fetch)):
        account_lookup.find(SLUGS)

    assert seen == [threading.current_thread()] * 2


def test_accounts_beyond_the_last_page_are_not_taken_for_missing_ones(hosted):
    def endless(request: httpx.Request) -> httpx.Response:
        listed = [{"uid": f"a-{request.url.params['page']}"}, {"uid": "on every page"}]
        return httpx.Response(200, json={"accounts": listed, "next_page_exist": True})

    hosted.answers["accounts"] = endless

    found = account_lookup.find(["linkedin"])

    assert len(found.by_integration["linkedin"]) == account_lookup.MOST_PAGES + 1
    assert (found.cut, found.known.integrations) == ({"linkedin"}, frozenset())


def test_accounts_of_a_job_are_named_as_far_as_they_are_known(hosted):
    person = User(username="ada")
    account_lookup.find(["hubspot"])
    asked = len(hosted.requests)

    named = account_lookup.name_accounts(person, job_with("hubspot-1", "linkedin-1"))

    told = [[(one.uid, one.name, one.integration) for one in step.accounts] for step in named.steps]
    assert told == [[("hubspot-1", "Jane's hubspot", "hubspot"), ("linkedin-1", "", "")]] * 2
    assert named.chosen == named.steps[1]
    assert len(hosted.requests) == asked


def test_stranger_is_told_no_name_of_an_account(hosted):
    account_lookup.find(["hubspot"])
    detail = job_with("hubspot-1")

    assert account_lookup.name_accounts(AnonymousUser(), detail) == detail


@pytest.mark.parametrize(
    ("told", "pages"),
    [
        ({}, 3),
        ({"next_page_exist": None, "number_total_acounts": 2}, 2),
        ({"number_total_acounts": 1}, 1),
    ],
)
def test_page_that_tells_of_no_other_is_not_taken_for_the_last(told, pages):
    def answer(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params["page"])
        found = [{"uid": f"a-{number}", "name": "Ada"}] if number < 2 else []
        return httpx.Response(200, json={"accounts": found, **told})

    transport = AnsweringTransport(accounts=answer)
    with upstream(transport):
        found = account_lookup.find(["linkedin"])

    assert len(found.by_integration["linkedin"]) == min(pages, 2)
    assert (len(transport.requests), found.whole) == (pages, {"linkedin"})
