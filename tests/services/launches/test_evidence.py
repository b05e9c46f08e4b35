"""A job is recognised as a launch's by what it holds; a likeness is no proof."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from playground.contract.jobs import Job
from playground.services.launches.evidence import ClockSkew, Sought, compare_rows, may_be, moment_of

SENT_AT = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)
SOUGHT = Sought(job_name="Monday", row_count=2, rows=({"a": "1"}, {"a": "2"}), sent_at=SENT_AT)
CLOCK = ClockSkew()


def job(**changes: object) -> Job:
    values = {"uid": "j", "name": "Monday", "number_inputs": 2, "scheduled_time": at(1)}
    return Job(**(values | changes))


def at(seconds: float) -> str:
    """A time of the API: without a zone, and meant as UTC."""
    return (SENT_AT + dt.timedelta(seconds=seconds)).replace(tzinfo=None).isoformat()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"name": "Tuesday"}, False),
        ({"name": None}, True),
        ({"name": ""}, True),
        ({"name": " monday "}, True),
        ({"name": "Mon"}, False),
        ({"number_inputs": 3}, False),
        ({"number_inputs": 1}, False),
        ({"number_inputs": 0}, True),
        ({"number_inputs": None}, True),
        ({"main_job_uid": "another"}, False),
        ({"scheduled_time": at(-301)}, False),
        ({"scheduled_time": at(-299)}, True),
        ({"scheduled_time": None, "start_time": None}, True),
        ({"scheduled_time": at(3600)}, True),
    ],
)
def test_a_job_is_left_out_only_for_what_the_list_tells(changes, expected):
    assert may_be(job(**changes), SOUGHT, CLOCK) is expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [("n" * 255, True), ("n" * 252 + "...", True), ("n" * 20, False), ("m" * 255, False)],
)
def test_a_name_that_the_upstream_cut_may_be_the_launchs(told, expected):
    sought = dataclasses.replace(SOUGHT, job_name="n" * 300)

    assert may_be(job(name=told), sought, CLOCK) is expected


def test_a_launch_that_names_no_job_is_known_by_anything_but_its_name():
    assert may_be(
        job(name="As the upstream likes"), dataclasses.replace(SOUGHT, job_name=""), CLOCK
    )


@pytest.mark.parametrize("count", [0, 1])
def test_a_launch_without_rows_runs_once(count):
    sought = dataclasses.replace(SOUGHT, row_count=0, rows=())

    assert may_be(job(number_inputs=count), sought, CLOCK)
    assert not may_be(job(number_inputs=2), sought, CLOCK)


@pytest.mark.parametrize(
    ("scheduled", "started", "expected"),
    [
        (1, None, "within"),
        (1, 2, "within"),
        (None, 2, "within"),
        (-1, 30, "within"),
        (-3, 30, "not-known"),
        (-300, -299, "not-known"),
        (-301, -301, "before"),
        (18, None, "within"),
        (19, None, "not-known"),
        (23, None, "not-known"),
        (62, None, "not-known"),
        (63, None, "after"),
        (None, None, "not-known"),
    ],
)
def test_when_a_job_was_made(scheduled, started, expected):
    found = job(
        scheduled_time=None if scheduled is None else at(scheduled),
        start_time=None if started is None else at(started),
    )

    assert moment_of(found, SOUGHT, CLOCK) == expected


def test_a_delay_is_taken_off_the_time_that_a_job_is_due():
    delayed = dataclasses.replace(SOUGHT, delay=3600.0)

    assert moment_of(job(scheduled_time=at(3601)), delayed, CLOCK) == "within"
    assert moment_of(job(scheduled_time=at(-301)), delayed, CLOCK) == "before"


@pytest.mark.parametrize("seconds", [1, 720, 3000])
def test_a_delay_that_the_upstream_shortened_does_not_make_the_job_of_before(seconds):
    delayed = dataclasses.replace(SOUGHT, delay=3600.0)

    assert moment_of(job(scheduled_time=at(seconds)), delayed, CLOCK) == "not-known"
    assert may_be(job(scheduled_time=at(seconds)), delayed, CLOCK)


def test_a_clock_that_goes_wrong_is_set_right():
    clock = ClockSkew(ahead=dt.timedelta(hours=1), doubt=dt.timedelta(seconds=5))

    assert moment_of(job(scheduled_time=at(3601)), SOUGHT, clock) == "within"
    assert moment_of(job(scheduled_time=at(1)), SOUGHT, clock) == "before"


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        ([{"a": "1"}, {"a": "2"}], "same"),
        ([{"a": "2", "status": "failed"}, {"a": "1", "error_message": None, "x": 1}], "same"),
        ([{"a": "1"}, {"a": "1"}], "other"),
        ([{"a": "1"}, {"a": "2"}, {"a": "2"}], "other"),
        ([{"a": 1}, {"a": 2}], "not-known"),
        ([{"a": " 1"}, {"a": "2\u00a0"}], "not-known"),
        ([{"a": 3}, {"a": 2}], "other"),
        ([{"name": "1"}, {"name": "2"}], "not-known"),
        ([], "not-known"),
    ],
)
def test_rows_are_compared_by_the_keys_that_were_sent(theirs, expected):
    assert compare_rows(SOUGHT.rows, theirs, is_whole=True) == expected


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("Zo\u00eb", "Zoe\u0308", "not-known"),
        ("ADA", "ada", "not-known"),
        (7.0, "7", "not-known"),
        (True, "true", "not-known"),
        (None, "", "not-known"),
        ("", "x", "other"),
        ([1, 2], [2, 1], "other"),
    ],
)
def test_rows_that_the_upstream_may_have_written_otherwise_are_not_anothers(ours, theirs, expected):
    found = compare_rows([{"a": ours, "b": "1"}], [{"a": theirs, "b": "1"}], is_whole=True)

    assert found == expected


def test_rows_that_were_not_all_read_prove_nothing():
    assert compare_rows(SOUGHT.rows, [{"a": "1"}, {"a": "2"}], is_whole=False) == "not-known"


def test_meta_counts_where_it_comes_back():
    ours = ({"a": "1", "meta": {"id": 7}},)

    assert compare_rows(ours, [{"a": "1", "meta": {"id": 7}}], is_whole=True) == "same"
    assert compare_rows(ours, [{"a": "1", "meta": {"id": 8}}], is_whole=True) == "other"
    assert compare_rows(ours, [{"a": "1"}], is_whole=True) == "same"


def test_rows_without_keys_of_their_own_prove_nothing():
    assert compare_rows(({"meta": {}},), [{"meta": {}}], is_whole=True) == "not-known"
    assert compare_rows((), [], is_whole=True) == "not-known"
