"""Once a day what is too old goes, by one worker, and each launch is followed by one chain."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from playground.models import ApiCall, ApiCallState, Appointment, Guesses, KeptFields
from playground.services import tasks, upkeep
from playground.services.launches import recovery
from playground.services.ledger import queue_once
from tests.services.launches.test_recovery import unknown_launch

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def waiting(name: str) -> int:
    return DBTaskResult.objects.filter(task_path__endswith=name, status="READY").count()


def api_call(user: User, at: dt.datetime) -> ApiCall:
    return ApiCall.objects.create(
        token=uuid.uuid4(),
        user=user,
        operation="list_users",
        state=ApiCallState.ANSWERED,
        draft=b"{}",
        created_at=at,
    )


def test_what_is_too_old_goes_though_nobody_comes_again():
    now = timezone.now()
    ada = User.objects.create(username="ada")
    kept, _ = api_call(ada, now - 29 * DAY), api_call(ada, now - 31 * DAY)
    for number, at in enumerate((now - DAY, now + DAY)):
        Session.objects.create(session_key=f"s-{number}", expire_date=at)
    for minutes in (14, 16):
        at = now - dt.timedelta(minutes=minutes)
        Guesses.objects.create(key=f"after {minutes}", last_at=at)
    for days in (1, 30):
        KeptFields.objects.create(user=ada, digest=str(days), fields=b"", kept_at=now - days * DAY)
    for at in (now - 3 * DAY, now):
        Appointment.objects.create(name=f"launch of {at}", at=at)

    upkeep.sweep(now)

    assert list(ApiCall.objects.all()) == [kept]
    assert [one.session_key for one in Session.objects.all()] == ["s-1"]
    assert [one.key for one in Guesses.objects.all()] == ["after 14"]
    assert [one.digest for one in KeptFields.objects.all()] == ["1"]
    assert [one.at for one in Appointment.objects.all()] == [now]


def test_rows_of_tasks_go_when_they_are_done_or_lost():
    now = timezone.now()
    for name, status, days in (
        ("done", "SUCCESSFUL", 2),
        ("done today", "SUCCESSFUL", 0),
        ("failed", "FAILED", 2),
        ("failed long ago", "FAILED", 15),
        ("waiting", "READY", 90),
        ("killed", "RUNNING", 15),
    ):
        row = recovery.follow_launch.enqueue(0)
        at = now - days * DAY
        DBTaskResult.objects.filter(pk=row.id).update(
            task_path=name,
            status=status,
            started_at=at,
            finished_at=at if status in ("SUCCESSFUL", "FAILED") else None,
        )

    upkeep.sweep(now)

    left = set(DBTaskResult.objects.values_list("task_path", flat=True))
    assert left == {"done today", "failed", "waiting"}


def test_one_step_that_fails_keeps_no_other_from_being_done(monkeypatch, caplog):
    def fail(_: dt.datetime) -> None:
        raise RuntimeError("no room")

    done = []
    monkeypatch.setattr(upkeep, "STEPS", {"rooms": fail, "others": done.append})

    upkeep.sweep(timezone.now())

    assert len(done) == 1
    assert "upkeep failed of=rooms" in caplog.text


def test_house_is_kept_once_a_day_however_many_workers_start(monkeypatch):
    swept = []
    monkeypatch.setattr(upkeep, "sweep", swept.append)
    for _ in range(3):
        tasks.keep_house.call()

    assert (len(swept), waiting("keep_house")) == (1, 1)

    # The next day, or after the worker stood still for longer.
    Appointment.objects.filter(name="upkeep").update(at=timezone.now() - DAY)
    tasks.keep_house.call()
    assert (len(swept), waiting("keep_house")) == (2, 2)


def test_launch_is_followed_by_one_chain_however_many_workers_start():
    unknown_launch()
    for _ in range(5):
        tasks.sweep_launches.call()

    assert waiting("follow_launch") == 1


def test_chains_that_came_before_run_out_in_one():
    launch = unknown_launch()
    now = timezone.now()
    for _ in range(3):
        # As when several were queued and none was done: what they begin is one.
        recovery.follow_later(launch, now)

    assert waiting("follow_launch") == 1


def test_chain_that_was_lost_begins_anew():
    launch = unknown_launch()
    now = timezone.now()
    recovery.follow_later(launch, now)
    DBTaskResult.objects.all().delete()

    recovery.follow_later(launch, now)
    too_early = waiting("follow_launch")
    recovery.follow_later(launch, now + DAY)

    assert (too_early, waiting("follow_launch")) == (0, 1)


@pytest.mark.parametrize("hours", [0.2, 1, 10, 23])
def test_upstream_that_does_not_answer_is_asked_more_and_more_rarely(hours):
    asked_at = dt.timedelta(hours=hours)
    launch = unknown_launch(searches=0)
    launch.searched_at = launch.sent_at + asked_at

    due_at = recovery.next_at(launch)

    assert due_at == launch.searched_at + max(dt.timedelta(minutes=1), asked_at / 10)


def test_queued_once_is_queued_again_when_its_time_is_over():
    now, queued = timezone.now(), []
    for minutes in (0, 1, 4, 5, 6):
        at = now + dt.timedelta(minutes=minutes)
        queue_once.queue_once("it", at + dt.timedelta(minutes=5), at, lambda: queued.append(1))

    assert len(queued) == 2
