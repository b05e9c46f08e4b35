"""The results of a job become a table: all of them, or it is said what is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import msgspec
import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User

from playground.contract.workflows import Workflow
from playground.models import RowSet, RowSetState
from playground.row_sets.tables import ReadAs
from playground.services.jobs import pages as pages_of_job
from playground.services.row_sets import fetching, job_results, listing, reading, store
from playground.services.row_sets.errors import UnableToMakeRowSet
from tests.services.row_sets.row_sets import NOW, make_workflow, texts_of
from tests.upstreams import AnsweringTransport, upstream

JOB = {"uid": "j-1", "name": "Monday", "status": "finished", "finish_time": "2026-05-04T10:00:00Z"}
PAGES: list[list[dict[str, Any]]] = [
    [{"name": f"Person {at}", "at": at} for at in range(1_000)],
    [{"name": f"Person {at}"} for at in range(1_000, 2_000)],
    [
        {"name": "007", "found": {"mail": ["a@b.c", None]}, "score": 1e5, "meta": {"id": "0012"}},
        {"other": None, "name": ""},
        {"name": "two\nlines, O'Brien", "big": 123456789012345678901234567890},
    ],
]
ALL = [row for page in PAGES for row in page]


@pytest.fixture
def workflow() -> Workflow:
    return make_workflow(full_name={"required": 1, "variations": ["name"]})


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def hosted() -> Iterator[AnsweringTransport]:
    transport = AnsweringTransport(results=pages(*PAGES))
    transport.answers["j-1"] = lambda _: httpx.Response(200, json=JOB | {"row_count": 2_003})
    with upstream(transport):
        yield transport


def pages(*found: list[dict[str, Any]], tells: bool = True) -> Callable[..., httpx.Response]:
    """Beyond the last there is an empty one."""

    def answer(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params["page"])
        rows = found[number - 1] if number <= len(found) else []
        told = {"paging": {"have_next_page": number < len(found)}} if tells else {}
        return httpx.Response(200, content=msgspec.json.encode({"results": rows, **told}))

    return answer


def make(ada: User, workflow: Workflow) -> RowSet:
    return reading.make(ada, workflow, job_results.source_of_job(ada, "j-1"), now=NOW)


def work(row_set: RowSet) -> RowSet:
    """As the worker does when its time has come."""
    reading.read_row_set.call(row_set.pk)
    row_set.refresh_from_db()
    return row_set


def asked(hosted: AnsweringTransport) -> list[str]:
    """The pages of results that were asked for."""
    found = [one.url for one in hosted.requests if one.url.path.endswith("/results")]
    return [url.params["page"] for url in found]


def test_all_results_are_rows_whatever_is_in_them(
    ada: User, workflow: Workflow, hosted: AnsweringTransport
) -> None:
    row_set = make(ada, workflow)
    assert (row_set.state, asked(hosted)) == (RowSetState.READING, [])

    work(row_set)

    assert (row_set.state, row_set.rows, row_set.name) == ("ready", 2_003, "Results of Monday")
    facts = store.facts_of(row_set)
    assert facts.columns == ("name", "at", "found", "score", "meta.id", "other", "big")
    assert facts.mapping == ("full_name", None, None, None, "meta.id", None, None)
    assert facts.found == "2,003 rows: the results of Monday."
    texts = texts_of(row_set)
    assert texts[1_000:1_001] == [["Person 1000", "", "", "", "", "", ""]]
    assert texts[-3:] == [
        ["007", "", '{"mail":["a@b.c",null]}', "100000.0", "0012", "", ""],
        ["", "", "", "", "", "null", ""],
        ["two\nlines, O'Brien", "", "", "", "", "", "123456789012345678901234567890"],
    ]
    lines = b"".join(listing.inputs_lines(ada, row_set)).splitlines()
    sent = [msgspec.json.decode(line) for line in lines]
    assert sent[2_000] == {"full_name": "007", "meta": {"id": "0012"}}
    assert asked(hosted) == ["1", "2", "3"]


def test_what_does_not_come_is_asked_for_again_behind_what_is_here(
    ada: User, workflow: Workflow, hosted: AnsweringTransport
) -> None:
    whole = hosted.answers["results"]
    hosted.answers["results"] = lambda request: (
        whole(request) if request.url.params["page"] == "1" else httpx.Response(503)
    )
    row_set = work(make(ada, workflow))
    assert (row_set.state, row_set.done, row_set.lease) == (RowSetState.READING, 1_000, None)
    assert row_set.sentence.startswith("Page 2 of the results could not be read.")
    for _ in range(pages_of_job.MOST_TRIES):
        work(row_set)
    assert row_set.state == RowSetState.FAILED
    assert row_set.sentence.endswith("but it is not all: no table was made of it.")
    assert not row_set.chunks.exists()

    hosted.answers["results"] = whole
    before = len(asked(hosted))
    again = work(reading.read_again(row_set, ReadAs(), now=NOW))

    assert asked(hosted)[before:] == ["2", "3"]
    assert (again.state, again.rows, again.sentence) == (RowSetState.READY, 2_003, "")


def test_a_turn_ends_and_the_next_one_goes_on(
    ada: User, workflow: Workflow, hosted: AnsweringTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(100))
    monkeypatch.setattr(fetching, "time", SimpleNamespace(monotonic=lambda: 9 * next(clock)))
    row_set = make(ada, workflow)
    seen = []
    while row_set.state == RowSetState.READING and len(seen) < 9:
        work(row_set)
        seen.append(len(asked(hosted)))
    assert (row_set.state, row_set.rows) == (RowSetState.READY, 2_003)
    assert asked(hosted) == ["1", "2", "3"]
    assert seen == [1, 2, 3, 3]


def test_more_than_a_table_may_have_is_cut_and_named_so(
    ada: User, workflow: Workflow, hosted: AnsweringTransport, settings: LazySettings
) -> None:
    settings.ROW_SET_ROWS = 1_500
    row_set = work(make(ada, workflow))
    told = "Only the first 1,500 result rows of 2,003 are in it: a table may have no more here."
    assert (row_set.rows, row_set.name) == (1_500, "Results of Monday (the first 1,500)")
    assert store.facts_of(row_set).notices == (told,)


def test_as_many_as_a_table_may_have_are_all_of_them(
    ada: User, workflow: Workflow, hosted: AnsweringTransport, settings: LazySettings
) -> None:
    settings.ROW_SET_ROWS = 2_000
    hosted.answers["results"] = pages(*PAGES[:2], tells=False)
    hosted.answers["j-1"] = lambda _: httpx.Response(200, json=JOB)
    row_set = work(make(ada, workflow))
    assert (row_set.rows, row_set.name) == (2_000, "Results of Monday")
    assert store.facts_of(row_set).notices == ()


def test_fewer_than_the_job_tells_of_are_said_to_be_fewer(
    ada: User, workflow: Workflow, hosted: AnsweringTransport
) -> None:
    hosted.answers["results"] = pages(PAGES[0])
    row_set = work(make(ada, workflow))
    told = "The job tells of 2,003 result rows, and the upstream gave 1,000: the others are not in"
    assert store.facts_of(row_set).notices == (f"{told} it.",)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (pages(), "no result rows"),
        (lambda _: pages(PAGES[2], [])(httpx.Request("GET", "http://x?page=1")), "over and over"),
        (lambda _: httpx.Response(404, json={"message": "Gone."}), "Page 1 of the results"),
        (lambda _: httpx.Response(200, json={"results": [1, 2]}), "Page 1 of the results"),
    ],
)
def test_what_is_not_whole_is_no_table(
    ada: User, workflow: Workflow, hosted: AnsweringTransport, answer: Any, told: str
) -> None:
    hosted.answers["results"] = answer
    row_set = make(ada, workflow)
    for _ in range(pages_of_job.MOST_TRIES):
        work(row_set)
    assert (row_set.state, row_set.rows) == (RowSetState.FAILED, 0)
    assert told in row_set.sentence
    assert not row_set.chunks.exists()


def test_a_job_that_runs_again_meanwhile_is_read_anew(
    ada: User, workflow: Workflow, hosted: AnsweringTransport
) -> None:
    row_set = make(ada, workflow)
    times = iter(["10:00", "11:00", "11:00", "11:00"])
    hosted.answers["j-1"] = lambda _: httpx.Response(200, json=JOB | {"finish_time": next(times)})
    assert work(row_set).sentence.startswith("The job was run again")
    again = work(reading.read_again(row_set, ReadAs(), now=NOW))
    assert (again.state, again.rows) == (RowSetState.READY, 2_003)
    assert asked(hosted) == ["1", "2", "3", "1", "2", "3"]


def test_no_other_upstream_is_asked(
    ada: User, workflow: Workflow, hosted: AnsweringTransport, settings: LazySettings
) -> None:
    settings.UPSTREAM_IS_SANDBOX = False
    settings.UPSTREAM_URL, settings.UPSTREAM_PROJECT_ID = "https://other.example/v3", "p"
    row_set = make(ada, workflow)
    settings.UPSTREAM_PROJECT_ID = "q"
    before = len(hosted.requests)
    assert "another upstream" in work(row_set).sentence
    assert (row_set.state, len(hosted.requests)) == (RowSetState.FAILED, before)


def test_one_that_is_stopped_is_fetched_no_further(
    ada: User, workflow: Workflow, hosted: AnsweringTransport
) -> None:
    row_set = make(ada, workflow)
    whole = hosted.answers["results"]

    def stop(request: httpx.Request) -> httpx.Response:
        reading.stop(row_set)
        return whole(request)

    hosted.answers["results"] = stop
    assert work(row_set).sentence == "It was stopped before it was read."
    assert (row_set.state, asked(hosted)) == (RowSetState.FAILED, ["1"])


@pytest.mark.parametrize("status", ["running", "paused", None])
def test_a_job_that_is_not_over_gives_none(
    ada: User, workflow: Workflow, hosted: AnsweringTransport, status: str | None
) -> None:
    hosted.answers["j-1"] = lambda _: httpx.Response(200, json=JOB | {"status": status})
    with pytest.raises(UnableToMakeRowSet, match="when it is over"):
        make(ada, workflow)
