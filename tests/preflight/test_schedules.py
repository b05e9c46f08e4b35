"""A rhythm against the jobs of the past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from playground.contract.jobs import Job
from playground.payload.build.builder import build_launch_request
from playground.preflight.checks import check_launch
from playground.preflight.facts import Facts
from tests.payload.samples import ACCOUNTS
from tests.preflight.samples import FIND, people
from tests.preflight.scene import draft

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
ENDING = " Repeat it less often, or with fewer rows."


def job(seconds: float, inputs: Any = 1, status: str = "finished", **changes: Any) -> Job:
    start = datetime(2025, 2, 28, 12, tzinfo=UTC)
    given = {
        "uid": "j",
        "status": status,
        "number_inputs": inputs,
        "start_time": start.isoformat(),
        "finish_time": (start + timedelta(seconds=seconds)).isoformat(),
    }
    return Job(**given | changes)


def messages(*past_jobs: Job, unit: str = "minute", value: str = "10") -> list[str]:
    draft_ = draft(FIND, people(2), schedule_type=unit, schedule_value=value)
    facts = Facts(now=NOW, accounts=ACCOUNTS, past_jobs=past_jobs)
    built = build_launch_request(FIND, draft_, ACCOUNTS)
    lines = check_launch(FIND, draft_, built, facts).lines
    return [line.message for line in lines if line.code == "rhythm-too-short"]


def test_median_of_past_jobs_is_compared_with_the_rhythm():
    found = messages(job(100), job(660), job(20_000))

    assert found == [
        "It would run every 10 minutes, but the last 3 jobs of at most as many rows took 11 "
        "minutes (median)." + ENDING
    ]


def test_one_slow_job_among_quick_ones_says_nothing():
    assert messages(job(100), job(599), job(20_000)) == []


def test_rhythm_of_exactly_the_time_that_jobs_take_is_left_alone():
    assert messages(job(600)) == []
    assert len(messages(job(601))) == 1


@pytest.mark.parametrize(
    "odd",
    [
        job(9_000, inputs=3),
        job(9_000, inputs=None),
        job(9_000, inputs=-1),
        job(9_000, status="warning"),
        job(9_000, status="running"),
        job(9_000, main_job_uid="other"),
        job(9_000, start_time=None),
        job(9_000, finish_time="soon"),
        job(-9_000),
    ],
    ids=lambda item: f"{item.number_inputs} {item.status} {item.start_time} {item.finish_time}",
)
def test_jobs_that_tell_nothing_are_passed_over(odd):
    assert messages(odd) == []
    assert messages(odd, job(6_000))[0].startswith(
        "It would run every 10 minutes, but the last job"
    )


def test_jobs_of_as_many_rows_count():
    assert len(messages(job(9_000, inputs=2))) == 1


def test_only_the_newest_jobs_count():
    quick, slow = [job(10)] * 25, [job(90_000)] * 100

    assert messages(*quick, *slow) == []
    assert "the last 25 jobs" in messages(*slow, *quick)[0]


@pytest.mark.parametrize(
    ("unit", "value", "told"),
    [
        ("minute", "1", "every minute"),
        ("hour", "3", "every 3 hours"),
        ("week", "1", "every week"),
        ("month", "2", "every 2 months"),
    ],
)
def test_rhythm_is_told_as_it_was_typed(unit, value, told):
    found = messages(job(10_000_000), unit=unit, value=value)

    assert found == [
        f"It would run {told}, but the last job of at most as many rows took 115 days 17 hours."
        + ENDING
    ]


@pytest.mark.parametrize(("unit", "value"), [("year", "1"), ("minute", "0"), ("minute", "x")])
def test_schedule_that_would_be_refused_has_no_rhythm(unit, value):
    assert messages(job(10_000_000), unit=unit, value=value) == []


def timing(**entries: str) -> Any:
    draft_ = draft(FIND, people(2), **entries)
    built = build_launch_request(FIND, draft_, ACCOUNTS)
    return check_launch(FIND, draft_, built, Facts(now=NOW, accounts=ACCOUNTS)).timing


@pytest.mark.parametrize(
    ("entries", "short", "beginning"),
    [
        (
            {"schedule_type": "minute", "schedule_value": "10"},
            "Repeats every 10 minutes, first at once, until the schedule is removed.",
            "Launched now, it runs at once, again at 12:10 UTC and every 10 minutes from then on,",
        ),
        (
            {"schedule_type": "day", "schedule_value": "1", "delay": "5400"},
            (
                "Repeats every day, first after 1 hour 30 minutes, at 13:30 UTC, until the "
                "schedule is removed."
            ),
            (
                "Launched now, it runs after 1 hour 30 minutes, at 13:30 UTC, again at 2 "
                "March, 13:30 UTC and every day from then on,"
            ),
        ),
        (
            {"schedule_type": "month", "schedule_value": "10000"},
            "Repeats every 10,000 months, first at once, until the schedule is removed.",
            "Launched now, it runs at once and every 10,000 months from then on,",
        ),
        (
            {"delay": "60"},
            "Starts after 1 minute, at 12:01 UTC.",
            "Launched now, it starts after 1 minute, at 12:01 UTC, and runs once.",
        ),
    ],
)
def test_schedule_and_delay_are_named_before_launching(entries, short, beginning):
    found = timing(**entries)

    assert found.short == short
    assert found.sentence.startswith(beginning)


@pytest.mark.parametrize(
    "entries",
    [
        {},
        {"schedule_type": "day"},
        {"schedule_type": "day", "schedule_value": "0"},
        {"delay": "0.5"},
        {"delay": "-1"},
        {"delay": "999999999999"},
        {"delay": "soon"},
    ],
)
def test_launch_that_starts_at_once_and_what_is_no_schedule_name_none(entries):
    assert timing(**entries) is None
