"""The plan's limits, whatever the upstream says of jobs and tasks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from playground.contract.accounts import Workspace
from playground.contract.jobs import Job
from playground.contract.wire import UNSET
from playground.preflight.facts import Facts
from playground.preflight.plan import check_plan, inputs_in_flight
from tests.payload.samples import ACCOUNTS

START = datetime(2025, 3, 1, 12, tzinfo=UTC)


def facts(plan: str = "Pro", running: Any = (), **tasks: Any) -> Facts:
    workspace = Workspace(
        name="W",
        email="w@example.com",
        plan_name=plan,
        current_month_start="",
        current_month_end="",
        **tasks,
    )
    return Facts(now=START, accounts=ACCOUNTS, workspace=workspace, running=running)


def job(uid: str, inputs: Any, status: Any = "running", **changes: Any) -> Job:
    return Job(uid=uid, number_inputs=inputs, status=status, **changes)


def codes(inputs: int, known: Facts) -> list[str]:
    return [line.code for line in check_plan(inputs, known)]


@pytest.mark.parametrize(
    ("plan", "most"),
    [
        ("AppSumo", 100),
        ("Pro", 100),
        ("lunar", 100),
        (" MARS ", 100),
        ("Scale", 5_000),
        ("growth", 5_000),
    ],
)
def test_plan_allows_so_many_inputs_in_parallel(plan, most):
    known = facts(plan, (job("a", 1),))

    assert codes(most - 1, known) == []
    assert codes(most, known) == ["parallel-limit"]


@pytest.mark.parametrize("plan", ["Enterprise", "", "Pro Max", "\u202eorP"])
def test_plan_without_a_known_limit_is_not_judged(plan):
    assert codes(100_000, facts(plan, (job("a", 99_999),))) == []
    assert codes(100_000, facts(plan, None)) == []


def test_one_job_alone_is_never_limited():
    assert codes(100_000, facts("Pro")) == []


def test_only_main_jobs_that_run_or_wait_are_counted_once():
    running = (
        job("a", 10),
        job("a", 10),
        job("b", 5, "pending"),
        job("c", 70, "finished"),
        job("d", 70, "paused"),
        job("e", 70, None),
        job("f", 70, main_job_uid="a"),
        job("g", 3, main_job_uid="g"),
        replace(job("h", 40, "pending"), scheduled_time="2025-03-01T12:00:00.000001"),
        replace(job("i", 2, "pending"), scheduled_time="2025-03-01T12:00:00"),
        replace(job("j", 1, "running"), scheduled_time="2025-03-02T12:00:00"),
        replace(job("k", 4, "pending"), scheduled_time="soon"),
    )

    assert inputs_in_flight(running, START) == 25


@pytest.mark.parametrize(("rows", "is_refused"), [(1, False), (2, True), (100, True), (101, False)])
def test_only_a_launch_that_fits_the_plan_alone_is_refused_beside_others(rows, is_refused):
    found = codes(rows, facts("Pro", (job("a", 99),)))

    assert found == ["parallel-limit"] * is_refused


def test_a_delayed_launch_is_held_against_nothing_that_runs_now():
    known = facts("Pro", (job("a", 100),), tasks_left=0)

    lines = [line.code for line in check_plan(5, known, is_delayed=True)]

    assert (lines, codes(5, facts("Pro", None))) == (["quota"], ["parallel-unknown"])


@pytest.mark.parametrize("inputs", [0, None, UNSET, -7, True])
def test_job_of_an_odd_number_of_inputs_counts_as_one(inputs):
    assert inputs_in_flight((job("a", inputs),), START) == 1


@pytest.mark.parametrize("left", [None, UNSET, 5, 6, 10**400, -(10**400)])
def test_tasks_that_suffice_or_are_not_known_say_nothing(left):
    assert codes(5, facts(tasks_left=left)) == []


def test_too_few_tasks_are_told_with_the_numbers_as_they_come():
    odd = facts(tasks_left=-3, tasks_max=None, tasks_used=10**400)
    fair = facts(tasks_left=1, tasks_max=10_000, tasks_used=0)

    ending = "the job may stop before its end."
    assert [line.message for known in (odd, fair) for line in check_plan(2, known)] == [
        f"2 rows, but -3 tasks are left in this period: {ending}",
        f"2 rows, but 1 task is left in this period (10,000 allowed, 0 used): {ending}",
    ]


def test_launch_that_has_no_rows_yet_is_not_judged():
    assert codes(0, facts("Pro", (job("a", 500),), tasks_left=-1)) == []
