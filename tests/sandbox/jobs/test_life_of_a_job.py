"""A job's whole life, told through the API while the clock is moved by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from playground.sandbox import catalog
from tests.sandbox import world
from tests.sandbox.world import (
    CONNECTIONS,
    EXPIRED,
    FIND,
    JANE,
    PERSON,
    PROFILE,
    VISIT_CONNECT,
    World,
)

PROFILE_ROW = {"linkedin_profile_url": "https://www.linkedin.com/in/jane-doe/"}


def state(sandbox: World, uid: str) -> tuple[str, int]:
    job = sandbox.job(uid)
    return job["status"], job["row_count"]


def test_three_rows_take_about_ten_seconds_and_come_batch_by_batch() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON] * 3))

    seen = {}
    for second in (0, 0.4, 0.5, 3, 3.7, 6.9, 10, 10.1, 10_000):
        sandbox.now = world.START + timedelta(seconds=second)
        seen[second] = state(sandbox, uid)

    assert seen == {
        0: ("pending", 0),
        0.4: ("pending", 0),
        0.5: ("running", 0),
        3: ("running", 0),
        3.7: ("running", 1),
        6.9: ("running", 2),
        10: ("running", 2),
        10.1: ("finished", 3),
        10_000: ("finished", 3),
    }


def test_times_are_told_when_they_are_known() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON] * 3))

    sandbox.pass_seconds(5)
    running = sandbox.job(uid)
    sandbox.pass_seconds(60)
    finished = sandbox.job(uid)

    times = ("scheduled_time", "start_time", "finish_time")
    assert [running[key] for key in times] == [
        "2025-03-01T12:00:00.000000",
        "2025-03-01T12:00:00.500000",
        None,
    ]
    assert finished["finish_time"] == "2025-03-01T12:00:10.032000"


def test_2500_rows_take_about_two_minutes() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON] * 2_500))

    sandbox.pass_seconds(60)
    halfway = state(sandbox, uid)
    sandbox.pass_seconds(59.8)
    just_before = state(sandbox, uid)
    sandbox.pass_seconds(0.2)

    assert halfway == ("running", 1_200)
    assert just_before == ("running", 2_450)
    assert state(sandbox, uid) == ("finished", 2_500)


def test_speed_divides_every_duration() -> None:
    sandbox = World(speed=50)
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON] * 3, delay=100))

    seen = []
    for seconds in (1.9, 0.11, 0.18, 0.02):
        sandbox.pass_seconds(seconds)
        seen.append(state(sandbox, uid))

    assert seen == [("pending", 0), ("running", 0), ("running", 2), ("finished", 3)]


def test_a_job_keeps_its_times_when_the_speed_setting_changes() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON] * 3))
    sandbox.pass_seconds(5)
    before = sandbox.job(uid)

    sandbox.speed = 100

    assert sandbox.job(uid) == before


def test_each_step_of_a_run_is_a_job_of_its_own_that_starts_with_the_first_rows() -> None:
    sandbox = World()
    uid = sandbox.launch(VISIT_CONNECT, world.body(VISIT_CONNECT, [PROFILE_ROW] * 3, JANE))

    seen = {}
    for second in (1, 4, 12, 19):
        sandbox.now = world.START + timedelta(seconds=second)
        jobs = [sandbox.job(uid), *sandbox.step_jobs(VISIT_CONNECT, uid)]
        seen[second] = [(job["status"], job["row_count"], job["total_row_count"]) for job in jobs]

    assert seen == {
        1: [("running", 0, 0), ("running", 0, 0), ("pending", 0, 0)],
        4: [("running", 0, 1), ("running", 1, 1), ("running", 0, 0)],
        12: [("running", 1, 4), ("finished", 3, 3), ("running", 1, 1)],
        19: [("finished", 3, 6), ("finished", 3, 3), ("finished", 3, 3)],
    }


def test_a_run_of_one_step_has_a_job_for_its_step_too() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON]))

    main, step = sandbox.get(f"/workflows/{FIND.uid}/jobs")

    assert (main["uid"], main["step_uid"], main["main_job_uid"]) == (uid, None, None)
    assert (step["step_uid"], step["main_job_uid"]) == (FIND.steps[0].step_uid, uid)
    assert sandbox.job(step["uid"]) == step


def test_a_delayed_job_is_pending_until_its_time() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON], delay=3_600))

    sandbox.pass_seconds(3_600)
    waiting = sandbox.job(uid)
    sandbox.pass_seconds(1)

    assert (waiting["status"], waiting["scheduled_time"]) == (
        "pending",
        "2025-03-01T13:00:00.000000",
    )
    assert sandbox.status(uid) == "running"


def test_a_workflow_without_inputs_runs_once() -> None:
    sandbox = World()
    uid = sandbox.launch(CONNECTIONS, world.body(CONNECTIONS, [], JANE))

    sandbox.pass_seconds(60)
    job = sandbox.job(uid)

    assert (job["status"], job["number_inputs"], job["row_count"]) == ("finished", 0, 25)
    assert len(sandbox.results(uid)) == 25


WHAT_TEST_INPUTS_DO = [
    ("test:not-found", "warning", "All inputs failed."),
    ("test:malformed", "warning", "All inputs failed."),
    ("test:session-expired", "warning", "All inputs failed."),
    ("test:warning", "warning", "All inputs failed."),
    ("test:shutdown", "shutdown", "The site stopped answering; the job was shut down."),
    ("test:paused", "paused", "The job was paused, as its test input asks for."),
    ("test:slow", "running", None),
]


@pytest.mark.parametrize(("value", "ended", "error"), WHAT_TEST_INPUTS_DO)
def test_every_test_input_does_what_it_says(value: str, ended: str, error: str | None) -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON | {"last_name": f" {value} "}]))

    sandbox.pass_seconds(599)
    job = sandbox.job(uid)

    assert (job["status"], job["error_message"]) == (ended, error)


def test_all_test_inputs_are_tried_above() -> None:
    tried = [value for value, _, _ in WHAT_TEST_INPUTS_DO]

    assert tried == [item.value for item in catalog.TEST_INPUTS]


def test_a_slow_job_takes_ten_minutes() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON | {"first_name": "test:slow"}]))

    sandbox.pass_seconds(599.9)
    before = sandbox.status(uid)
    sandbox.pass_seconds(0.1)

    assert (before, sandbox.status(uid)) == ("running", "finished")


def test_a_run_is_finished_when_one_input_of_many_succeeded() -> None:
    sandbox = World()
    rows = [PERSON | {"last_name": "test:not-found"}] * 9 + [PERSON]
    uid = sandbox.launch(FIND, world.body(FIND, rows))

    sandbox.pass_seconds(60)

    assert state(sandbox, uid) == ("finished", 1)


def test_steps_after_one_in_which_all_failed_end_with_it() -> None:
    sandbox = World()
    row = {"linkedin_profile_url": "test:not-found"}
    uid = sandbox.launch(VISIT_CONNECT, world.body(VISIT_CONNECT, [row], JANE))

    sandbox.pass_seconds(60)
    jobs = [sandbox.job(uid), *sandbox.step_jobs(VISIT_CONNECT, uid)]

    assert [(job["status"], job["error_message"], job["finish_time"]) for job in jobs] == [
        ("warning", "All inputs failed.", "2025-03-01T12:00:09.944000"),
        ("warning", "All inputs failed.", "2025-03-01T12:00:09.944000"),
        ("warning", "No rows came from the step before.", "2025-03-01T12:00:09.944000"),
    ]


def test_a_shutdown_keeps_the_rows_done_so_far_and_a_retry_succeeds() -> None:
    sandbox = World()
    rows = [PERSON | {"first_name": "test:shutdown"}, *[PERSON] * 9]
    uid = sandbox.launch(FIND, world.body(FIND, rows))

    sandbox.pass_seconds(60)
    broken = state(sandbox, uid)
    sandbox.post(f"/jobs/{uid}/retry")
    retried = state(sandbox, uid)
    sandbox.pass_seconds(60)

    assert (broken, retried, state(sandbox, uid)) == (
        ("shutdown", 5),
        ("pending", 0),
        ("finished", 10),
    )


def test_a_job_that_needs_an_account_and_has_none_is_paused() -> None:
    sandbox = World()
    uid = sandbox.launch(PROFILE, world.body(PROFILE, [PROFILE_ROW]))

    sandbox.pass_seconds(100_000)
    job = sandbox.job(uid)

    assert (job["status"], job["error_message"], job["finish_time"]) == (
        "paused",
        "The step needs an account of linkedin and was given none.",
        None,
    )


def test_only_the_step_without_a_working_account_pauses() -> None:
    sandbox = World()
    content = world.body(VISIT_CONNECT, [PROFILE_ROW] * 3, JANE)
    content["steps"][1]["accounts"] = [EXPIRED]
    uid = sandbox.launch(VISIT_CONNECT, content)

    sandbox.pass_seconds(60)
    jobs = [sandbox.job(uid), *sandbox.step_jobs(VISIT_CONNECT, uid)]

    assert [job["status"] for job in jobs] == ["paused", "finished", "paused"]
    assert jobs[2]["error_message"] == (
        "The account Mei's LinkedIn (expired) does not work any more: "
        "update it, then resume or retry the job."
    )


def test_one_working_account_among_several_is_enough() -> None:
    sandbox = World()
    uid = sandbox.launch(PROFILE, world.body(PROFILE, [PROFILE_ROW], EXPIRED, JANE))

    sandbox.pass_seconds(60)

    assert sandbox.status(uid) == "finished"


def test_rotation_without_accounts_takes_any_working_one_of_the_integration() -> None:
    sandbox = World()
    content = world.body(PROFILE, [PROFILE_ROW])
    content["steps"][0]["accounts_rotation_enabled"] = True
    uid = sandbox.launch(PROFILE, content)

    sandbox.pass_seconds(60)

    assert sandbox.status(uid) == "finished"


def repair(sandbox: World, **changes: object) -> None:
    account = {"uid": EXPIRED, "cookies": {"li_at": "a new session"}}
    sandbox.post("/integrations/linkedin/accounts", {"account": account} | changes)


def test_a_paused_job_resumes_when_its_account_is_repaired_with_resume() -> None:
    sandbox = World()
    uid = sandbox.launch(PROFILE, world.body(PROFILE, [PROFILE_ROW], EXPIRED))

    sandbox.pass_seconds(100)
    paused = sandbox.status(uid)
    repair(sandbox, resume_paused_jobs=True)
    resumed = sandbox.status(uid)
    sandbox.pass_seconds(10)
    job = sandbox.job(uid)

    assert (paused, resumed, job["status"]) == ("paused", "running", "finished")
    assert job["finish_time"] == "2025-03-01T12:01:49.444000"


def test_a_paused_job_stays_paused_when_its_account_is_repaired_without_resume() -> None:
    sandbox = World()
    uid = sandbox.launch(PROFILE, world.body(PROFILE, [PROFILE_ROW], EXPIRED))
    sandbox.pass_seconds(100)

    repair(sandbox)
    sandbox.pass_seconds(100)
    still = sandbox.status(uid)
    sandbox.post(f"/jobs/{uid}/retry")
    sandbox.pass_seconds(100)

    assert (still, sandbox.status(uid)) == ("paused", "finished")


def test_a_retry_without_repair_pauses_again() -> None:
    sandbox = World()
    uid = sandbox.launch(PROFILE, world.body(PROFILE, [PROFILE_ROW], EXPIRED))
    sandbox.pass_seconds(100)

    sandbox.post(f"/jobs/{uid}/retry")
    sandbox.pass_seconds(100)

    assert sandbox.status(uid) == "paused"


def test_a_job_that_is_over_stays_as_it_was_when_its_account_is_deleted() -> None:
    sandbox = World()
    uid = sandbox.launch(PROFILE, world.body(PROFILE, [PROFILE_ROW], JANE))
    sandbox.pass_seconds(100)
    before = sandbox.job(uid)

    sandbox.delete(f"/integrations/linkedin/accounts/{JANE}")
    sandbox.pass_seconds(100)

    assert sandbox.job(uid) == before


def test_a_delayed_job_pauses_when_its_account_was_deleted_meanwhile() -> None:
    sandbox = World()
    uid = sandbox.launch(PROFILE, world.body(PROFILE, [PROFILE_ROW], JANE, delay=60))

    sandbox.pass_seconds(30)
    sandbox.delete(f"/integrations/linkedin/accounts/{JANE}")
    sandbox.pass_seconds(60)

    assert sandbox.status(uid) == "paused"
    assert sandbox.step_jobs(PROFILE, uid)[0]["error_message"] == (
        f"There is no account {JANE} any more: launch again with another one, or retry the job "
        "with a body that names it."
    )


def test_a_cancelled_job_stops_where_it_is() -> None:
    sandbox = World()
    uid = sandbox.launch(VISIT_CONNECT, world.body(VISIT_CONNECT, [PROFILE_ROW] * 3, JANE))

    sandbox.pass_seconds(12)
    sandbox.post(f"/jobs/{uid}/cancel")
    sandbox.pass_seconds(1_000)
    jobs = [sandbox.job(uid), *sandbox.step_jobs(VISIT_CONNECT, uid)]

    assert [(job["status"], job["row_count"], job["finish_time"]) for job in jobs] == [
        ("stopped", 1, "2025-03-01T12:00:12.000000"),
        ("finished", 3, "2025-03-01T12:00:10.032000"),
        ("stopped", 1, "2025-03-01T12:00:12.000000"),
    ]


def test_a_retry_adds_a_job_to_each_step_and_the_earlier_ones_stay() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON] * 3))
    sandbox.pass_seconds(5)
    sandbox.post(f"/jobs/{uid}/cancel")

    answer = sandbox.post(f"/jobs/{uid}/retry")
    sandbox.pass_seconds(60)
    jobs = sandbox.get(f"/workflows/{FIND.uid}/jobs")

    assert answer == {"message": "Job successfully scheduled again.", "job_uid": uid}
    assert [(job["status"], job["row_count"]) for job in jobs] == [
        ("finished", 3),
        ("finished", 3),
        ("stopped", 1),
    ]
    assert len({job["uid"] for job in jobs}) == 3


def test_a_retry_with_a_body_runs_with_it() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON | {"last_name": "test:warning"}]))
    sandbox.pass_seconds(60)

    sandbox.post(f"/jobs/{uid}/retry", world.body(FIND, [PERSON, PERSON]))
    sandbox.pass_seconds(60)
    job = sandbox.job(uid)

    assert (job["status"], job["number_inputs"], job["row_count"]) == ("finished", 2, 2)
    assert [row["email"] for row in sandbox.results(uid)] == ["zoe.obrien@acme.com"] * 2


def test_the_body_of_a_retry_is_that_of_a_launch_or_there_is_none() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON], delay=60))

    refusal = sandbox.refusal("POST", f"/jobs/{uid}/retry", {})

    assert refusal == (400, "steps is missing: it must be an array.")


def test_a_retry_that_ended_in_warning_ends_in_warning_again() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON | {"last_name": "test:warning"}]))
    sandbox.pass_seconds(60)

    sandbox.post(f"/jobs/{uid}/retry")
    sandbox.pass_seconds(60)

    assert sandbox.status(uid) == "warning"


@pytest.mark.parametrize(
    ("seconds", "cancels", "action", "sentence"),
    [
        (5, False, "retry", "A job that is running cannot be retried."),
        (60, False, "retry", "A job that is finished cannot be retried."),
        (60, False, "cancel", "A job that is finished cannot be cancelled."),
        (5, True, "cancel", "A job that is stopped cannot be cancelled."),
    ],
)
def test_a_status_that_does_not_permit_it_refuses(
    seconds: float, cancels: bool, action: str, sentence: str
) -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON] * 3))
    sandbox.pass_seconds(seconds)
    if cancels:
        sandbox.post(f"/jobs/{uid}/cancel")

    refusal = sandbox.refusal("POST", f"/jobs/{uid}/{action}")

    assert refusal == (400, sentence)


def test_the_job_of_an_earlier_attempt_cannot_be_retried() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON]))
    step = sandbox.step_jobs(FIND, uid)[0]["uid"]
    sandbox.post(f"/jobs/{uid}/cancel")
    sandbox.post(f"/jobs/{uid}/retry")

    refusal = sandbox.refusal("POST", f"/jobs/{step}/retry")

    assert refusal == (400, "The job belongs to an earlier attempt and cannot be retried.")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ""),
        ({"job_name": None, "repeat_option": None}, ""),
        ({"job_name": "Other"}, " Its name stays as it was."),
        (
            {"repeat_option": {"type": "day", "value": 1}},
            " repeat_option does nothing in a retry: the schedule stays as it was.",
        ),
    ],
)
def test_a_retry_says_what_of_its_body_does_nothing(changes: dict[str, Any], told: str) -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON | {"first_name": "test:warning"}]))
    sandbox.pass_seconds(60)

    answer = sandbox.post(f"/jobs/{uid}/retry", world.body(FIND, [PERSON]) | changes)

    assert answer["message"] == f"Job successfully scheduled again.{told}"
    sandbox.pass_seconds(5 * 86_400)
    assert (sandbox.job(uid)["name"], sandbox.status(uid)) == ("Test", "finished")
    assert len(sandbox.get(f"/workflows/{FIND.uid}/jobs")) == 3


def test_a_retry_whose_name_or_schedule_could_not_be_launched_is_refused() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON | {"first_name": "test:warning"}]))
    sandbox.pass_seconds(60)

    for changes in ({"job_name": 5}, {"repeat_option": {"type": "year", "value": 1}}):
        body = world.body(FIND, [PERSON]) | changes
        assert sandbox.refusal("POST", f"/jobs/{uid}/retry", body)[0] == 400
