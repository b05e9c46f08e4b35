"""Repeat schedules: runs are counted, not stored."""

from __future__ import annotations

from datetime import timedelta

from playground.sandbox.jobs import uids as job_uids
from tests.sandbox import world
from tests.sandbox.world import EXPIRED, FIND, PERSON, PROFILE, World

EVERY_MINUTE = {"type": "minute", "value": 1}
PROFILE_ROW = {"linkedin_profile_url": "https://www.linkedin.com/in/jane-doe/"}


def main_jobs(sandbox: World, of: world.Workflow = FIND) -> list[tuple[str, str]]:
    jobs = sandbox.get(f"/workflows/{of.uid}/jobs")
    return [(job["scheduled_time"][11:19], job["status"]) for job in jobs if not job["step_uid"]]


def test_a_schedule_makes_a_run_each_time_it_is_due() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON], repeat_option=EVERY_MINUTE))

    at_once = main_jobs(sandbox)
    sandbox.pass_seconds(125)

    assert at_once == [("12:00:00", "pending")]
    assert main_jobs(sandbox) == [
        ("12:02:00", "running"),
        ("12:01:00", "finished"),
        ("12:00:00", "finished"),
    ]
    assert sandbox.job(uid)["scheduled_time"] == "2025-03-01T12:00:00.000000"


def test_every_run_of_a_schedule_has_jobs_and_results_of_its_own() -> None:
    sandbox = World()
    sandbox.launch(FIND, world.body(FIND, [PERSON], repeat_option=EVERY_MINUTE))
    sandbox.pass_seconds(110)

    jobs = sandbox.get(f"/workflows/{FIND.uid}/jobs")

    assert len({job["uid"] for job in jobs}) == 4
    assert [len(sandbox.results(job["uid"])) for job in jobs] == [1, 1, 1, 1]
    assert jobs[1]["main_job_uid"] == jobs[0]["uid"]


def test_a_removed_schedule_makes_no_more_runs_and_its_jobs_stay() -> None:
    sandbox = World()
    content = world.body(FIND, [PERSON], repeat_option=EVERY_MINUTE, job_name="Each minute / ü")
    sandbox.launch(FIND, content)

    sandbox.pass_seconds(61)
    answer = sandbox.delete("/jobs/Each%20minute%20%2F%20%C3%BC")
    sandbox.pass_seconds(1_000)

    assert answer == {"message": "Schedule deleted."}
    assert main_jobs(sandbox) == [("12:01:00", "finished"), ("12:00:00", "finished")]


def test_all_schedules_of_one_name_are_removed_and_then_the_name_is_unknown() -> None:
    sandbox = World()
    content = world.body(FIND, [PERSON], repeat_option=EVERY_MINUTE, job_name="Twice")
    sandbox.launch(FIND, content)
    sandbox.launch(FIND, content)

    sandbox.delete("/jobs/Twice")
    again = sandbox.refusal("DELETE", "/jobs/Twice")
    sandbox.pass_seconds(600)

    assert again == (404, "There is no schedule with this job name.")
    assert len(main_jobs(sandbox)) == 2


def test_a_job_without_a_schedule_is_no_schedule_to_remove() -> None:
    sandbox = World()
    sandbox.launch(FIND, world.body(FIND, [PERSON], job_name="Once"))

    refusal = sandbox.refusal("DELETE", "/jobs/Once")

    assert refusal == (404, "There is no schedule with this job name.")


def test_a_schedule_without_name_is_removed_by_the_workflows_name() -> None:
    sandbox = World()
    sandbox.launch(FIND, world.body(FIND, [PERSON], repeat_option=EVERY_MINUTE, job_name="  "))

    answer = sandbox.delete("/jobs/Find%20an%20e-mail")

    assert answer == {"message": "Schedule deleted."}


def test_a_first_run_that_still_waits_is_stopped_with_its_schedule() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON], repeat_option=EVERY_MINUTE, delay=300))

    sandbox.pass_seconds(100)
    sandbox.delete("/jobs/Test")
    sandbox.pass_seconds(1_000)

    assert sandbox.status(uid) == "stopped"
    assert len(main_jobs(sandbox)) == 1


def test_retry_and_cancel_concern_one_run_of_the_schedule_only() -> None:
    sandbox = World()
    sandbox.launch(FIND, world.body(FIND, [PERSON], repeat_option=EVERY_MINUTE))
    sandbox.pass_seconds(125)
    latest = sandbox.get(f"/workflows/{FIND.uid}/jobs")[0]["uid"]

    sandbox.post(f"/jobs/{latest}/cancel")
    sandbox.pass_seconds(56)

    assert main_jobs(sandbox) == [
        ("12:03:00", "running"),
        ("12:02:00", "stopped"),
        ("12:01:00", "finished"),
        ("12:00:00", "finished"),
    ]


def test_paused_runs_of_a_schedule_resume_together() -> None:
    sandbox = World()
    content = world.body(PROFILE, [PROFILE_ROW], EXPIRED, repeat_option=EVERY_MINUTE)
    sandbox.launch(PROFILE, content)
    sandbox.pass_seconds(100)
    before = main_jobs(sandbox, PROFILE)

    sandbox.post(
        "/integrations/linkedin/accounts",
        {"account": {"uid": EXPIRED, "cookies": {"li_at": "new"}}, "resume_paused_jobs": True},
    )
    sandbox.pass_seconds(15)

    assert before == [("12:01:00", "paused"), ("12:00:00", "paused")]
    assert main_jobs(sandbox, PROFILE) == [("12:01:00", "finished"), ("12:00:00", "finished")]


def test_a_month_of_runs_each_minute_is_listed_without_delay() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON], repeat_option=EVERY_MINUTE))
    sandbox.now = world.START + timedelta(days=30)

    first = sandbox.get(f"/workflows/{FIND.uid}/jobs")
    far = sandbox.get(f"/workflows/{FIND.uid}/jobs?page=60")
    too_far = sandbox.get(f"/workflows/{FIND.uid}/jobs?page=999999999")

    assert first[0]["scheduled_time"] == "2025-03-31T12:00:00.000000"
    # 1,800 jobs, two a run, are passed over: 900 minutes.
    assert far[0]["scheduled_time"] == "2025-03-30T21:00:00.000000"
    assert too_far == []
    assert sandbox.status(uid) == "finished"


def test_jobs_older_than_two_months_are_not_listed() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON]))

    sandbox.pass_seconds(60 * 24 * 3600)
    recent = len(main_jobs(sandbox))
    sandbox.pass_seconds(2 * 24 * 3600)

    assert (recent, len(main_jobs(sandbox))) == (1, 0)
    assert sandbox.status(uid) == "finished"


def test_the_longest_schedule_at_the_slowest_speed_does_not_leave_the_calendar() -> None:
    sandbox = World(speed=0.01)
    month = {"type": "month", "value": 10_000}
    uid = sandbox.launch(
        FIND, world.body(FIND, [PERSON], repeat_option=month, delay=366 * 24 * 3600)
    )

    sandbox.pass_seconds(3_000 * 24 * 3600)

    assert sandbox.status(uid) == "pending"


def test_a_schedule_that_was_removed_is_settled_once_its_runs_are_over() -> None:
    sandbox = World()
    hourly = {"type": "hour", "value": 1}
    sandbox.launch(FIND, world.body(FIND, [PERSON], repeat_option=hourly))
    sandbox.pass_seconds(3 * 3_600)
    sandbox.delete("/jobs/Test")

    unsettled = []
    for _ in range(2):
        latest = sandbox.launch(FIND, world.body(FIND, [PERSON]))
        unsettled.append(
            [job_uids.first_job(item.prefix) for item in sandbox.store.list_unsettled()]
        )
        sandbox.pass_seconds(60)

    # The run that was due at the moment of the removal goes to its end.
    assert len(unsettled[0]) == 2
    assert unsettled[1] == [latest]


def in_flight(sandbox: World) -> str:
    """What a launch is told that the plan has no room for."""
    sandbox.plan_limit = 1
    body = world.body(FIND, [PERSON])
    sentence = sandbox.refusal("POST", f"/workflows/{FIND.uid}/schedule", body)[1]
    sandbox.plan_limit = 0
    return sentence.removeprefix("Too many inputs in parallel: ").split(",")[0]


def test_an_old_run_that_was_retried_counts_as_running() -> None:
    sandbox = World()
    hourly = {"type": "hour", "value": 1}
    rows = [PERSON | {"first_name": "test:warning"}] * 5
    uid = sandbox.launch(FIND, world.body(FIND, rows, repeat_option=hourly))
    sandbox.pass_seconds(300 * 3_600 - 5)

    sandbox.post(f"/jobs/{uid}/retry", world.body(FIND, [PERSON] * 4))
    sandbox.pass_seconds(10)

    # The first run again, and the one that has just begun.
    assert in_flight(sandbox) == "9 are running or pending"


def test_old_runs_that_were_resumed_count_as_running() -> None:
    sandbox = World()
    hourly = {"type": "hour", "value": 1}
    rows = [PROFILE_ROW] * 5
    sandbox.launch(PROFILE, world.body(PROFILE, rows, EXPIRED, repeat_option=hourly))
    sandbox.pass_seconds(2.5 * 3_600)
    account = {"account": {"uid": EXPIRED, "cookies": {"li_at": "new"}}}
    sandbox.post("/integrations/linkedin/accounts", account)
    sandbox.pass_seconds(3_600)

    sandbox.post("/integrations/linkedin/accounts", account | {"resume_paused_jobs": True})
    sandbox.pass_seconds(5)

    # Three of four were paused.
    assert in_flight(sandbox) == "15 are running or pending"
