"""How many inputs failed: counted over all pages, or said to be unknown."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from django.contrib.auth.models import AnonymousUser

from playground.contract.jobs import Job
from playground.services import permissions
from playground.services.jobs import results
from tests.upstreams import AnsweringTransport, upstream

pytestmark = pytest.mark.django_db
FAILED = {"name": "Ada", "status": "failed", "error_message": "Nobody"}
DONE = {"name": "Bob", "status": "succeeded"}


@pytest.fixture
def hosted(monkeypatch: pytest.MonkeyPatch) -> Iterator[AnsweringTransport]:
    monkeypatch.setattr(permissions, "require", lambda *_: None)
    transport = AnsweringTransport()
    with upstream(transport):
        yield transport


def answers(*pages: list[dict], paging: bool = True, then: int = 404):
    """Pages of inputs; whatever lies beyond the last is refused."""

    def answer(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("page", 1))
        if number > len(pages):
            return httpx.Response(then, json={"message": "no such page"})
        told = {"paging": {"have_next_page": number < len(pages)}} if paging else {}
        return httpx.Response(200, json={"inputs": pages[number - 1], **told})

    return answer


def count(inputs: int | None = None) -> results.Failures:
    job = Job(uid="j-1", status="finished", number_inputs=inputs)
    return results.find_failures(AnonymousUser(), job)


def test_failed_inputs_are_counted_over_all_pages(hosted):
    hosted.answers["inputs"] = answers([DONE] * 1000, [FAILED, DONE] * 500, [FAILED] * 7)

    found = count(2007)

    assert (found.count, found.is_whole, len(found.inputs)) == (507, True, 50)


def test_page_that_tells_of_no_other_but_is_full_is_not_the_last(hosted):
    hosted.answers["inputs"] = answers([DONE] * 1000, [FAILED] * 3, paging=False)

    assert (count().count, count().is_whole) == (3, True)


@pytest.mark.parametrize("status", [404, 500, 401])
def test_count_that_breaks_off_is_at_least_so_many(hosted, status):
    pages = answers([FAILED] * 1000, paging=False, then=status)
    hosted.answers["inputs"] = pages

    found = count(2000)

    assert (found.count, found.is_whole, bool(found.problem)) == (1000, False, True)


def test_fewer_inputs_than_the_job_was_given_are_not_all(hosted):
    hosted.answers["inputs"] = answers([FAILED] * 10, paging=False)

    assert (count(500).count, count(500).is_whole) == (10, False)


def test_error_is_not_read_as_no_failure(hosted):
    hosted.answers["inputs"] = lambda _: httpx.Response(500)

    found = count(3)

    assert (found.count, found.is_whole) == (0, False)
    assert "The upstream failed" in found.problem


def test_inputs_without_a_fate_do_not_count_as_done(hosted):
    hosted.answers["inputs"] = answers([{"name": "Ada"}] * 3)

    found = count(3)

    assert (found.is_whole, found.problem) == (
        False,
        "The upstream does not tell which inputs failed.",
    )


def test_upstream_that_knows_no_pages_is_not_counted_over_and_over(hosted):
    same = {"inputs": [FAILED] * 2, "paging": {"have_next_page": True}}
    hosted.answers["inputs"] = lambda _: httpx.Response(200, json=same)

    assert (count().count, count().is_whole) == (2, False)


def test_reading_ends_somewhere(hosted, monkeypatch):
    monkeypatch.setattr(results, "MOST_INPUT_PAGES", 3)
    many = [[FAILED, {**DONE, "name": str(number)}] for number in range(9)]
    hosted.answers["inputs"] = answers(*many)

    assert (count().count, count().is_whole) == (3, False)
    assert len(hosted.requests) == 3


def test_first_rows_are_asked_for_while_there_are_more_than_are_known(hosted, monkeypatch):
    seconds, came = 0.0, 0
    monkeypatch.setattr(results._results, "_clock", lambda: seconds)
    hosted.answers["results"] = lambda _: httpx.Response(
        200, json={"results": [{"name": f"row {number}"} for number in range(came)]}
    )
    asked = []
    # Seconds passed, and rows that there are by then.
    for seconds, came in ((0, 3), (60, 3), (62, 8), (75, 30), (77, 31), (110, 90)):  # noqa: B007
        hosted.requests.clear()
        job = Job(uid="j-1", status="running", row_count=came)
        found = results.find_first_rows(AnonymousUser(), job, 20)
        asked.append((len(hosted.requests), min(20, len(found.rows))))

    assert asked == [(1, 3), (0, 3), (1, 8), (1, 20), (0, 20), (0, 20)]
