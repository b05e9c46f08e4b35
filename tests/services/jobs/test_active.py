"""Of which workflows the jobs are listed, and when not any more."""

from __future__ import annotations

import datetime as dt
import uuid

import httpx
import pytest

from playground.services.jobs import active, change
from playground.services.ledger import history
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.invalidation import Event
from tests.services.launches.test_facts import NOW, gather, hosted, launched  # noqa: F401
from tests.upstreams import AnsweringTransport

pytestmark = pytest.mark.django_db
HOURS = dt.timedelta(hours=1)


@pytest.fixture
def quiet(hosted: AnsweringTransport) -> AnsweringTransport:  # noqa: F811
    """An upstream where nothing runs."""
    done = {"uid": "j-1", "status": "finished", "number_inputs": 1}
    hosted.answers["jobs"] = lambda _: httpx.Response(200, json=[done])
    return hosted


def asked(upstream: AnsweringTransport) -> list[str]:
    """The workflows whose jobs were listed since the last time, in their order."""
    paths = [one.url.path.split("/") for one in upstream.requests]
    upstream.requests.clear()
    return sorted({path[-2] for path in paths if path[-1] == "jobs"})


def launch_many(count: int) -> None:
    for number in range(count):
        launched(f"w-{number:02}", created_at=NOW - number * HOURS)


def test_jobs_of_long_ago_are_counted_while_they_run(hosted):  # noqa: F811
    for number in range(6):
        launched(f"w-{number}")
    launched("w-old", created_at=NOW - dt.timedelta(days=3))

    found = gather()

    assert "w-old-main" in [job.uid for job in found.facts.running]


def test_jobs_beyond_the_pages_that_are_read_are_not_none(hosted):  # noqa: F811
    def page(request: httpx.Request) -> httpx.Response:
        job = {"uid": f"j-{request.url.params['page']}", "status": "running", "number_inputs": 1}
        return httpx.Response(200, json=[job])

    whole = gather().facts.is_running_whole
    hosted.answers["jobs"] = page
    invalidation.forget_everything()
    cut = gather()

    assert (whole, cut.facts.is_running_whole) == (True, False)
    assert len(cut.facts.running) == active.MOST_PAGES


def test_workflow_in_which_nothing_runs_is_left_alone_unless_it_is_busy(quiet):
    launch_many(9)

    gather()
    first = asked(quiet)
    active._listings.outdate(["w-1", *(f"w-{number:02}" for number in range(5))])
    gather()

    assert first == ["w-00", "w-01", "w-02", "w-03", "w-04", "w-05", "w-06", "w-07", "w-08", "w-1"]
    assert asked(quiet) == ["w-00", "w-01", "w-02", "w-03", "w-04", "w-1"]


# Seconds before now; the listing is 200 seconds old.
@pytest.mark.parametrize("launched_before", [100, 230])
def test_quiet_workflow_is_asked_about_when_it_was_launched_since(
    quiet, monkeypatch, launched_before
):
    launch_many(9)
    gather()
    asked(quiet)
    monkeypatch.setattr(active._listings, "age", lambda _: 200.0)
    for number in range(5):
        launched(f"w-{number:02}", created_at=NOW)
    launched("w-08", created_at=NOW - dt.timedelta(seconds=launched_before))
    active._launched.outdate()

    gather()

    assert asked(quiet) == ["w-00", "w-01", "w-02", "w-03", "w-04", "w-08", "w-1"]


def test_ledger_is_not_asked_on_every_keystroke_where_jobs_may_run(
    quiet, django_assert_num_queries
):
    launch_many(2)
    gather()

    with django_assert_num_queries(2):  # The workflow's launches, and the schedules of the name.
        gather()


def test_no_more_workflows_are_asked_about_than_can_be(hosted):  # noqa: F811
    launch_many(30)

    gather()

    assert len(asked(hosted)) == active.MOST_WORKFLOWS + 1


def test_workflows_that_repeat_are_looked_at_until_their_schedule_is_removed(hosted):  # noqa: F811
    launched("w-1", is_repeating=True, created_at=NOW - dt.timedelta(days=90))
    ended = {"is_repeating": True, "schedule_ended_at": NOW}
    launched("w-2", created_at=NOW - dt.timedelta(days=90), **ended)
    launched("w-3", created_at=NOW - HOURS)

    assert list(history.find_launched_workflows(NOW)) == ["w-3", "w-1"]


def test_job_that_still_runs_is_found_behind_those_that_came_later(hosted):  # noqa: F811
    def page_of(*pages: list[dict[str, object]]):
        def answer(request: httpx.Request) -> httpx.Response:
            number = int(request.url.params["page"])
            return httpx.Response(200, json=pages[number] if number < len(pages) else [])

        return answer

    long_one = {"uid": "long", "status": "running", "number_inputs": 500}
    later = [{"uid": f"later-{number}", "status": "finished"} for number in range(30)]
    hosted.answers["jobs"] = page_of([long_one])
    gather()
    hosted.answers["jobs"] = page_of(later, [long_one])
    invalidation.make_stale(Event.JOB_CHANGED)

    found = gather()

    assert [job.uid for job in found.facts.running] == ["long"]


def test_jobs_that_were_not_told_are_known_to_be_missing(hosted):  # noqa: F811
    launched("w-2")
    hosted.answers["jobs"] = lambda request: (
        httpx.Response(503) if "w-2" in request.url.path else httpx.Response(200, json=[])
    )

    found = gather()

    assert (found.facts.running, found.facts.is_running_whole) == ((), False)


def test_cancelled_job_does_not_count_any_more(hosted, django_user_model):  # noqa: F811
    gather()
    asked(hosted)
    hosted.answers["cancel"] = lambda _: httpx.Response(200, json={"message": "Stopped."})

    eve = django_user_model.objects.create(username="eve")
    change.cancel_job(eve, "w-1-main", seen=0, token=uuid.uuid4(), clock=lambda: NOW)
    gather()

    assert asked(hosted) == ["w-1"]
