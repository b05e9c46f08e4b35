"""What cancelling, retrying, schedules, speed and test inputs do to jobs that wait for a day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from playground.sandbox.records import Event
from playground.sandbox.storage.database import DatabaseStore
from playground.sandbox.storage.memory import MemoryStore
from tests.sandbox import world
from tests.sandbox.limits.limited import (
    DAY,
    HOUR,
    OMAR,
    ROW,
    VISIT,
    at,
    launch,
    reported,
    seen,
    windows,
)
from tests.sandbox.world import VISIT_CONNECT, World


def test_a_cancelled_job_gives_back_what_it_had_not_worked_on() -> None:
    sandbox = World()
    first = launch(sandbox, 100, OMAR)
    second = launch(sandbox, 100, OMAR)

    sandbox.pass_seconds(5)
    before = reported(sandbox)
    sandbox.post(f"/jobs/{first}/cancel")
    after = reported(sandbox)
    sandbox.pass_seconds(HOUR)
    table = [(seen(sandbox, first), seen(sandbox, second))]
    sandbox.pass_seconds(DAY)
    table.append((seen(sandbox, first), seen(sandbox, second)))

    # 32 rows were done after five seconds, so that the second job gets 48 on the same day.
    assert (before, after) == ((80, 120), (80, 52))
    assert table == [
        (("stopped", 32), ("running", 48)),
        (("stopped", 32), ("finished", 100)),
    ]


def test_a_cancelled_job_that_waits_frees_the_next_day() -> None:
    sandbox = World()
    first = launch(sandbox, 160, OMAR)
    second = launch(sandbox, 80, OMAR)

    sandbox.pass_seconds(HOUR)
    sandbox.post(f"/jobs/{first}/cancel")
    sandbox.pass_seconds(DAY)

    assert (seen(sandbox, first), seen(sandbox, second)) == (("stopped", 80), ("finished", 80))
    assert reported(sandbox) == (80, 0)


def test_a_job_cancelled_before_it_begins_uses_nothing() -> None:
    sandbox = World()
    first = launch(sandbox, 50, OMAR, delay=HOUR)
    queued = reported(sandbox)

    sandbox.post(f"/jobs/{first}/cancel")
    freed = reported(sandbox)
    sandbox.pass_seconds(2 * HOUR)

    assert (queued, freed, reported(sandbox)) == ((0, 50), (0, 0), (0, 0))


def test_a_retry_takes_its_place_behind_the_others_and_works_on_all_rows() -> None:
    sandbox = World()
    first = launch(sandbox, 100, OMAR)
    sandbox.pass_seconds(HOUR)
    second = launch(sandbox, 40, OMAR)

    sandbox.post(f"/jobs/{first}/cancel")
    sandbox.post(f"/jobs/{first}/retry")
    counts = [
        (seen(at(sandbox, day * DAY + 2 * HOUR), first), seen(sandbox, second)) for day in range(3)
    ]

    assert counts == [
        (("running", 0), ("running", 0)),
        (("running", 40), ("finished", 40)),
        (("finished", 100), ("finished", 40)),
    ]
    assert [job["status"] for job in sandbox.get(f"/workflows/{VISIT.uid}/jobs")] == [
        "finished",
        "finished",
        "finished",
        "finished",
        "stopped",
    ]


@pytest.mark.parametrize("pause", [HOUR, 3 * DAY])
@pytest.mark.parametrize("end", ["cancel", "unschedule"])
def test_a_retry_of_a_run_that_was_called_off_begins_at_once(end: str, pause: int) -> None:
    sandbox = World()
    weekly = {"type": "week", "value": 1}
    uid = launch(sandbox, 20, OMAR, delay=2 * DAY, repeat_option=weekly)
    if end == "cancel":
        sandbox.post(f"/jobs/{uid}/cancel")
    else:
        sandbox.delete("/jobs/Test")

    sandbox.pass_seconds(pause)
    sandbox.post(f"/jobs/{uid}/retry")
    sandbox.pass_seconds(60)
    found = seen(sandbox, uid), reported(sandbox)[0]
    sandbox.pass_seconds(2 * DAY)

    # The run's own time comes later, and takes nothing.
    assert found == (("finished", 20), 20)
    assert reported(sandbox)[0] == 0


def test_a_retry_that_is_to_begin_later_outlives_the_schedule() -> None:
    sandbox = World()
    uid = launch(sandbox, 20, OMAR, repeat_option={"type": "week", "value": 1})
    sandbox.post(f"/jobs/{uid}/cancel")
    sandbox.post(f"/jobs/{uid}/retry", world.body(VISIT, [ROW] * 20, OMAR, delay=HOUR))

    sandbox.delete("/jobs/Test")
    sandbox.pass_seconds(2 * HOUR)

    assert (seen(sandbox, uid), reported(sandbox)) == (("finished", 20), (20, 0))


def test_events_count_in_the_order_of_their_times_not_of_their_writing() -> None:
    sandbox = World()
    uid = launch(sandbox, 100, OMAR)
    cancelled, retried = (world.START + timedelta(seconds=HOUR + late) for late in (0, 1))

    sandbox.store.add_event(uid[:23], Event(kind="retry", at=retried))
    sandbox.store.add_event(uid[:23], Event(kind="cancel", at=cancelled))
    at(sandbox, HOUR + 60)

    assert (seen(sandbox, uid), reported(sandbox)) == (("running", 0), (80, 100))


def test_a_retry_with_other_accounts_waits_for_none() -> None:
    sandbox = World()
    uid = launch(sandbox, 100, OMAR)
    sandbox.pass_seconds(HOUR)
    sandbox.post(f"/jobs/{uid}/cancel")

    sandbox.post(f"/jobs/{uid}/retry", world.body(VISIT, [ROW] * 20, world.JANE))
    sandbox.pass_seconds(60)

    assert seen(sandbox, uid) == ("finished", 20)
    assert reported(sandbox) == (80, 0)


def test_at_speed_50_a_day_takes_a_fiftieth_and_its_end_is_told_in_true_time() -> None:
    sandbox = World(speed=50)
    uid = launch(sandbox, 200, OMAR)
    limit = windows(sandbox)

    counts = [seen(at(sandbox, second), uid)[1] for second in (60, 1_727, 1_730, 3_455, 3_460)]

    assert (limit["start_time_range"], limit["end_time_range"]) == (
        "2025-03-01T12:00:00",
        "2025-03-01T12:28:48",
    )
    assert counts == [80, 80, 160, 160, 200]


def test_a_window_of_less_than_a_second_is_not_over_when_it_opens() -> None:
    sandbox = World(speed=100_000)
    sandbox.pass_seconds(0.9)

    uid = launch(sandbox, 60, OMAR)
    sandbox.pass_seconds(0.01)

    assert (seen(sandbox, uid), reported(sandbox)) == (("finished", 60), (60, 0))


def test_a_row_counts_in_the_window_in_which_it_is_done_and_nothing_is_lost_at_its_end() -> None:
    sandbox = World()
    launch(sandbox, 1, OMAR)
    sandbox.pass_seconds(DAY - 5)

    uid = launch(sandbox, 60, OMAR)
    in_old = reported(sandbox)
    sandbox.pass_seconds(5)
    done, in_new = seen(sandbox, uid)[1], reported(sandbox)
    sandbox.pass_seconds(8)

    assert (in_old, done, in_new) == ((23, 38), 22, (38, 0))
    assert sandbox.job(uid)["finish_time"] == "2025-03-02T12:00:07.540000"


@pytest.mark.parametrize(
    ("value", "table"),
    [
        ("test:warning", [("running", 0), ("warning", 0)]),
        ("test:shutdown", [("shutdown", 50), ("shutdown", 50)]),
        ("test:paused", [("paused", 0), ("paused", 0)]),
        ("test:slow", [("running", 80), ("running", 80)]),
        ("test:not-found", [("running", 79), ("finished", 99)]),
    ],
)
def test_test_inputs_do_what_they_say_when_days_are_used_up(
    value: str, table: list[tuple[str, int]]
) -> None:
    sandbox = World()
    rows = [{"linkedin_profile_url": value}, *[ROW] * 99]
    uid = sandbox.launch(VISIT, world.body(VISIT, rows, OMAR))

    found = [seen(at(sandbox, seconds), uid) for seconds in (HOUR, DAY + 10)]

    assert found == table


def test_a_job_in_which_all_fails_takes_nothing_for_its_later_steps() -> None:
    sandbox = World()
    rows = [{"linkedin_profile_url": "test:not-found"}] * 10
    sandbox.launch(VISIT_CONNECT, world.body(VISIT_CONNECT, rows, OMAR))

    sandbox.pass_seconds(HOUR)

    assert reported(sandbox) == (10, 0)
    assert reported(sandbox, OMAR, "connection requests") == (0, 0)


def test_the_runs_of_a_schedule_wait_in_line_too() -> None:
    sandbox = World()
    hourly = {"type": "hour", "value": 1}
    sandbox.launch(VISIT, world.body(VISIT, [ROW] * 30, OMAR, repeat_option=hourly))

    at(sandbox, 5.5 * HOUR)
    jobs = [job for job in sandbox.get(f"/workflows/{VISIT.uid}/jobs") if not job["step_uid"]]
    queued = reported(sandbox)
    sandbox.delete("/jobs/Test")
    ended = reported(sandbox)
    at(sandbox, DAY + HOUR)
    later = [job for job in sandbox.get(f"/workflows/{VISIT.uid}/jobs") if not job["step_uid"]]

    counts = [job["row_count"] for job in reversed(jobs)]
    assert counts == [30, 30, 20, 0, 0, 0]
    # Six runs were due; 168 more are, in seven days.
    assert (queued, ended) == ((80, 100 + 168 * 30), (80, 100))
    assert [job["row_count"] for job in reversed(later)] == [30, 30, 30, 30, 30, 10]


def test_a_job_that_waits_counts_as_running_in_parallel() -> None:
    sandbox = World(plan_limit=100)
    launch(sandbox, 100, OMAR)
    sandbox.pass_seconds(HOUR)

    status, _ = sandbox.refusal(
        "POST", f"/workflows/{VISIT.uid}/schedule", world.body(VISIT, [ROW], OMAR)
    )

    assert status == 429


@pytest.mark.django_db
def test_a_limited_job_lives_the_same_life_in_the_database() -> None:
    lives = []
    for store in (MemoryStore(), DatabaseStore()):
        sandbox = World(store=store)
        first, second = launch(sandbox, 100, OMAR), launch(sandbox, 100, OMAR)
        sandbox.pass_seconds(5)
        sandbox.post(f"/jobs/{first}/cancel")
        sandbox.now += timedelta(hours=25)
        lives.append((seen(sandbox, first), seen(sandbox, second), reported(sandbox)))

    assert lives == [(("stopped", 32), ("finished", 100), (52, 0))] * 2
