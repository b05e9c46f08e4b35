"""What each status means and allows, and when a job is to be over."""

from __future__ import annotations

import datetime as dt

import pytest

from playground.contract import jobs
from playground.contract.jobs import Job
from playground.services.jobs import standing
from playground.services.jobs.follow import JobDetail, JobStep
from playground.web.jobs import timeline

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
STATUSES = (
    *(jobs.PENDING, jobs.RUNNING, jobs.FINISHED, "completed", jobs.WARNING, jobs.SHUTDOWN),
    *(jobs.STOPPED, jobs.PAUSED, "limbo"),
)


def seconds(count: float) -> dt.datetime:
    return NOON + dt.timedelta(seconds=count)


def job(status: str, *, start: float | None = None, end: float | None = None, **more) -> Job:
    times = {"start_time": start, "finish_time": end}
    written = {
        name: seconds(at).isoformat() if at is not None else None for name, at in times.items()
    }
    return Job(uid="j-1", status=status, **written, **more)


@pytest.mark.parametrize("status", STATUSES)
def test_each_act_is_offered_or_its_absence_has_a_reason(status):
    found = standing.of(job(status))

    offered = {act.label for act in (found.stop, found.rerun) if not act.absent}
    assert offered == {
        jobs.PENDING: {"Stop the job"},
        jobs.RUNNING: {"Stop the job"},
        jobs.WARNING: {"Run it again as it was"},
        jobs.SHUTDOWN: {"Run it again as it was"},
        jobs.STOPPED: {"Run it again as it was"},
        jobs.PAUSED: {"Stop the job", "Run it again as it was"},
    }.get(status, set())
    assert found.meaning.endswith(".")
    assert len(found.absent) == 2 - len(offered)


def test_both_spellings_of_success_are_one():
    assert standing.of(job("completed")) == standing.of(job("finished"))


def test_a_status_that_is_no_text_is_unknown_and_nothing_is_offered_for_it():
    assert len(standing.of(Job(uid="j-1", status=None)).absent) == 2


@pytest.mark.parametrize(
    ("parts", "steps", "share"),
    [
        ([], 0, 0.0),
        ([], 3, 0.0),
        ([job("finished", row_count=0, number_inputs=0)], 1, 1.0),
        ([job("running", row_count=5, number_inputs=10)], 2, 0.25),
        ([job("running", row_count=50, number_inputs=10)], 1, 1.0),
        ([job("running", row_count=5, number_inputs=0)], 1, 0.0),
        ([job("running", row_count=None, number_inputs=10)], 1, 0.0),
    ],
)
def test_share_of_the_work_that_is_done(parts, steps, share):
    assert standing.share_done(parts, steps) == share


@pytest.mark.parametrize(
    ("share", "status", "at"),
    [(0.5, "running", 200), (0.0, "running", None), (1.0, "running", None), (0.5, "paused", None)],
)
def test_expected_end_is_told_where_it_can_be(share, status, at):
    found = standing.expected_end(job(status, start=0), share, seconds(100))

    assert found == (None if at is None else seconds(at))


def detail(*parts: Job | None) -> JobDetail:
    steps = tuple(
        JobStep(number=at, step_uid=f"s-{at}", name="", step=None, job=part)
        for at, part in enumerate(parts, start=1)
    )
    return JobDetail(job=job("running"), workflow=None, launch=None, steps=steps, chosen=None)


def test_steps_stand_along_one_line_of_time():
    steps = detail(
        job("finished", start=0, end=50), job("running", start=50), job("pending"), None
    ).steps

    bars = [(lane.x, lane.width) for lane in timeline.lanes(steps, seconds(200))]

    assert bars == [(0, 250), (250, 750), (0, 0), (0, 0)]


def test_a_step_that_took_no_time_is_seen_within_the_line():
    steps = detail(job("finished", start=0, end=100), job("finished", start=100, end=100)).steps

    bars = [(lane.x, lane.width) for lane in timeline.lanes(steps, seconds(500))]

    assert bars == [(0, 1000), (1000 - timeline.LEAST, timeline.LEAST)]


@pytest.mark.parametrize(("age", "every"), [(0, 2), (59, 2), (60, 5), (3_599, 15), (99_999, 30)])
def test_the_older_a_job_is_the_less_it_is_looked_at(age, every):
    found = JobDetail(
        job=job("running", start=0), workflow=None, launch=None, steps=(), chosen=None
    )

    assert timeline.seconds_between_looks(found, seconds(age)) == every
