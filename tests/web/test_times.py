"""Times, durations and where a page stands, as the HTML tells them."""

from __future__ import annotations

import datetime as dt
import re

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from playground.models import Launch
from playground.web import durations, times
from tests.web.conftest import ADDRESS, VALID, WORKFLOW_UID
from tests.web.launches.test_page import READY

NOW = dt.datetime(2026, 11, 28, 12, 0, tzinfo=dt.UTC)
JOB = {
    "uid": "j-1",
    "name": "Monday",
    "status": "finished",
    "workflow_uid": WORKFLOW_UID,
    "start_time": "2026-11-28T10:00:00",
    "finish_time": "2026-11-28T10:02:05",
    "row_count": 2,
}


def page_of(response) -> LexborHTMLParser:
    return LexborHTMLParser(response.content.decode())


def crumbs(page: LexborHTMLParser) -> list[str]:
    found = page.css("nav[aria-label=Breadcrumb] li")
    return [" ".join(node.text(deep=True).split()) for node in found]


@pytest.fixture
def job(hosted):
    """The upstream has one job; set its fields."""
    fields = dict(JOB)
    hosted.answers["j-1"] = lambda _: httpx.Response(200, json=fields)
    hosted.answers["results"] = lambda _: httpx.Response(200, json={"results": []})
    hosted.answers["inputs"] = lambda _: httpx.Response(200, json={"inputs": []})
    return fields


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "under 1 s"),
        (-5, "under 1 s"),
        (1, "1 s"),
        (125, "2 min 5 s"),
        (120, "2 min"),
        (3_601, "1 h"),
        (3_660, "1 h 1 min"),
        (90_000, "1 d 1 h"),
        (10**7, "115 d 17 h"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(seconds, words):
    assert times.length(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (40, "40 s ago"),
        (200, "3 min ago"),
        (7_300, "2 h ago"),
        (47 * 3600, "47 h ago"),
        (3 * 86_400, "3 days ago"),
        (-90, "in 1 min"),
        (-5, "in 5 s"),
    ],
)
def test_how_long_ago_is_told_in_one_unit(seconds, words):
    assert times.since(NOW - dt.timedelta(seconds=seconds), NOW) == words
    assert seconds < 0 or durations.in_words(seconds) == words


def test_a_time_is_exact_in_utc_until_a_script_shows_the_readers_own(client, form):
    client.post(ADDRESS + "launch/", form(**READY))
    page = page_of(client.get("/launches/"))

    shown = page.css_first("td time")
    exact = shown.text()
    assert re.fullmatch(r"\d+ \w{3} 20\d\d, \d\d:\d\d:\d\d UTC", exact)
    assert shown.attributes["title"] == exact
    assert dt.datetime.fromisoformat(shown.attributes["datetime"]).utcoffset() == dt.timedelta(0)
    assert page.css_first("td .ago").attributes["data-since"] == shown.attributes["datetime"]
    assert re.fullmatch(r"just now|\d+ s ago", page.css_first("td .ago").text())


def test_a_finished_job_tells_how_long_it_took_and_says_so_in_the_title(client, job):
    page = page_of(client.get("/jobs/j-1/"))

    facts = {
        node.css_first("dt").text(): node.css_first("dd").text()
        for node in page.css("#job-status dl div")
    }
    assert facts["Took"] == "2 min 5 s"
    assert page.css_first("title").text() == "Finished · Monday · Playground"
    said = " ".join(page.css_first("#job-said").attributes["data-say"].split())
    assert said == "The job is finished. 2 rows."


@pytest.mark.parametrize(
    ("rows", "said"),
    [(0, " 0 rows."), (1, " 1 row."), (2500, " 2,500 rows."), (None, "")],
)
def test_rows_that_were_not_told_are_not_none(client, job, rows, said):
    job |= {"row_count": rows}

    page = page_of(client.get("/jobs/j-1/"))

    told = " ".join(page.css_first("#job-said").attributes["data-say"].split())
    assert told == f"The job is finished.{said}"


def test_a_running_job_tells_since_when_and_its_fragment_brings_the_title(client, job):
    job |= {"status": "running", "finish_time": None}

    fragment = client.get("/jobs/j-1/status/").content.decode()

    assert fragment.startswith("<title>Running · Monday · Playground</title>")
    assert "Running for" in fragment
    assert "Took" not in fragment


@pytest.mark.parametrize(
    ("address", "section", "trail"),
    [
        ("/jobs/j-1/", "Workflows", ["Workflows", "Find & add", "Jobs", "Monday"]),
        (ADDRESS, "Workflows", ["Workflows", "Find & add"]),
        (f"{ADDRESS}jobs/", "Workflows", ["Workflows", "Find & add", "Jobs"]),
        (f"/accounts/hubspot/{VALID}/", "Accounts", ["Accounts", "HubSpot", "Sales <team>"]),
        (f"/accounts/hubspot/{VALID}/remove/", "Accounts", ["Accounts", "Sales <team>", "Remove"]),
        ("/accounts/hubspot/new/", "Accounts", ["Accounts", "Add an account"]),
        ("/users/new/", "Accounts", ["Users", "New user"]),
        ("/reference/launch_workflow/", "Reference", ["Reference", None, None]),
        ("/reference/tries/", "Reference", ["Reference", "Your tries"]),
        ("/reference/list_accounts/try/", "Reference", ["Reference", None, "Try it"]),
    ],
)
def test_a_page_tells_where_it_stands(client, job, address, section, trail):
    page = page_of(client.get(address))

    marked = page.css("nav[aria-label=Main] [aria-current]")
    assert [(node.text(), node.attributes["aria-current"]) for node in marked] == [
        (section, "true")
    ]
    told = crumbs(page)
    assert len(told) == len(trail)
    assert all(one and wanted in (None, one) for one, wanted in zip(told, trail, strict=True))
    here = page.css("nav[aria-label=Breadcrumb] [aria-current=page]")
    assert len(here) == 1


def test_a_launch_tells_where_it_stands(client, form):
    client.post(ADDRESS + "launch/", form(**READY))
    number = Launch.objects.get().pk
    page = page_of(client.get(f"/launches/{number}/"))

    assert crumbs(page) == ["Launches", f"Launch {number}"]
    asked = page_of(client.get(f"/launches/{number}/remove-schedule/"))
    assert crumbs(asked) in ([], ["Launches", f"Launch {number}", "Remove the schedule"])
    assert page.css_first("nav[aria-label=Main] [aria-current]").text() == "Launches"


@pytest.mark.parametrize("address", ["/workflows/", "/launches/", "/accounts/", "/reference/"])
def test_a_sections_own_page_is_marked_as_the_page_itself(client, address):
    page = page_of(client.get(address))

    marked = page.css("nav[aria-label=Main] [aria-current]")
    assert [node.attributes["aria-current"] for node in marked] == ["page"]
