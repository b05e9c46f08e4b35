"""A launch of unknown outcome: what its page shows, and what a person can say of it."""

from __future__ import annotations

import datetime as dt

import httpx
import pytest
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from playground.models import Launch, LaunchState
from tests.web.conftest import ADDRESS, VALID
from tests.web.launches.test_page import ACCOUNTS, CELL, texts

JOB = {
    "uid": "j-lost",
    "name": "Find & add",
    "number_inputs": 1,
    "start_time": None,
    "main_job_uid": None,
}


def lose(_: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow")


@pytest.fixture
def lost(client, form, hosted) -> Launch:
    """A launch whose answer was lost ten minutes ago, after its last search found one job."""
    hosted.answers["schedule"] = lose
    client.post(ADDRESS + "launch/", form(**{CELL: "Ada", ACCOUNTS: [VALID]}))
    ago = timezone.now() - dt.timedelta(minutes=10)
    Launch.objects.update(created_at=ago, sent_at=ago, decided_at=ago, searches=3)
    hosted.answers["jobs"] = listed({**JOB, "scheduled_time": ago.replace(tzinfo=None).isoformat()})
    return Launch.objects.get()


def listed(*jobs):
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=list(jobs) if request.url.params["page"] == "0" else [])

    return answer


def test_candidates_stand_side_by_side_with_what_speaks_for_them(client, lost):
    client.post(f"/launches/{lost.pk}/search/")

    page = client.get(f"/launches/{lost.pk}/")

    (item,) = LexborHTMLParser(page.content.decode()).css("#launch-candidates li")
    (looked,) = texts(page, "#looked")
    assert "UTC without an answer; looked 3 of 4 times, last " in looked
    told = " ".join(item.text(deep=True).split())
    assert told.startswith("Find & add j-lost")
    assert "1 input, rows not known made when it was sent ·" in told
    assert item.css_first("a").attributes["href"] == "/jobs/j-lost/"


def test_a_person_says_that_a_job_is_it(client, lost):
    client.post(f"/launches/{lost.pk}/search/")

    done = client.post(f"/launches/{lost.pk}/decide/", {"job_uid": "j-lost"})

    page = client.get(done["Location"])
    assert (done.status_code, done["Location"]) == (303, f"/launches/{lost.pk}/")
    assert texts(page, ".lead") == ["local said that this is its job."]
    assert texts(page, ".head .button") == ["Open the job", "Launch again…"]


def test_none_of_them_leads_to_the_same_launch_once_more(client, lost):
    Launch.objects.update(state=LaunchState.NOT_PROVED)
    page = client.get(f"/launches/{lost.pk}/")
    assert "None of them: launch again…" in texts(page, "#launch-candidates button")

    done = client.post(f"/launches/{lost.pk}/decide/", {"none": "yes"})

    again = client.get(done["Location"])
    assert done["Location"] == f"{ADDRESS}?launch={lost.pk}"
    fields = LexborHTMLParser(again.content.decode())
    assert fields.css_first("[name=relaunch_of]").attributes["value"] == str(lost.pk)
    assert Launch.objects.get().state == LaunchState.NOT_FOUND


def test_a_job_that_was_not_found_is_refused_in_words(client, lost):
    refused = client.post(f"/launches/{lost.pk}/decide/", {"job_uid": "made-up"})

    assert refused.status_code == 409
    assert texts(refused, ".page > .notice.error") == [
        "That job is none of those that were found. Look for it once more."
    ]
    assert Launch.objects.get().state == LaunchState.UNKNOWN


def test_a_launch_that_is_decided_shows_no_candidates(client, lost):
    Launch.objects.update(state=LaunchState.REJECTED)

    assert texts(client.get(f"/launches/{lost.pk}/"), "#launch-candidates") == []
