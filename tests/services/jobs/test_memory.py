"""What the worker keeps of jobs, and how gently it asks."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import httpx
import pytest
from django.contrib.auth.models import User

from playground.models import JobSighting, Launch, LaunchState
from playground.services.jobs import memory
from playground.services.upstream_cache import invalidation
from playground.upstream import targets
from tests.sandbox.world import FIND, PERSON, World, body
from tests.upstreams import RecordingTransport, upstream
from tests.web.jobs.test_pages import transport_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    world = World()
    recording = RecordingTransport(transport_of(world))
    world.calls = recording.calls
    with upstream(recording):
        yield world


def launched(world: World, company: str = "acme.com", **columns) -> Launch:
    row = PERSON | {"company_name": company}
    answer = world.send("POST", f"/workflows/{FIND.uid}/schedule", body(FIND, [row]))
    user, _ = User.objects.get_or_create(username="ada")
    return Launch.objects.create(
        **{
            "launch_token": uuid.uuid4(),
            "user": user,
            "workflow_uid": FIND.uid,
            "payload": b"{}",
            "fingerprint": "0" * 12,
            "row_count": 1,
            "upstream": targets.name(),
            "state": LaunchState.LAUNCHED,
            "job_uid": json.loads(answer.body)["job_uid"],
            "created_at": world.now,
        }
        | columns
    )


def look(world: World, *seconds: float) -> None:
    for passed in seconds:
        world.pass_seconds(passed)
        invalidation.forget_everything()
        memory.look(world.now)


def seen(launch: Launch) -> list[tuple[str, int | None, str]]:
    return list(launch.sightings.values_list("status", "rows", "error"))


def test_each_change_of_status_is_kept_once_until_the_job_is_over(world):
    launch = launched(world)

    look(world, 0, 20)
    asked = len(world.calls)
    look(world, 20, 600)

    assert [status for status, *_ in seen(launch)] == ["pending", "finished"]
    launch.refresh_from_db()
    assert (launch.job_status, launch.job_rows, launch.job_is_over) == ("finished", 1, True)
    assert len(world.calls) == asked


def test_what_went_wrong_is_kept(world):
    launch = launched(world, "test:shutdown")

    look(world, 0, 60)

    launch.refresh_from_db()
    assert launch.job_status == "shutdown"
    assert launch.job_error
    assert seen(launch)[-1] == ("shutdown", launch.job_rows, launch.job_error)


def test_one_list_is_asked_for_however_many_jobs_of_the_workflow_run(world):
    launches = [launched(world) for _ in range(5)]

    look(world, 0)

    # The second page says that there are no more.
    assert len(world.calls) == 2
    assert {len(seen(launch)) for launch in launches} == {1}


def test_a_job_that_the_upstream_has_forgotten_is_asked_for_no_more(world):
    launch = launched(world, job_uid=str(uuid.uuid4()), job_status="running")

    look(world, 0)
    asked = len(world.calls)
    look(world, 600)

    launch.refresh_from_db()
    assert (launch.job_status, launch.job_is_over) == ("running", True)
    assert seen(launch) == [("", None, "")]
    assert len(world.calls) == asked


def test_a_workflow_that_is_gone_does_not_keep_others_from_being_looked_at(world):
    launch = launched(world, workflow_uid="gone", job_uid=str(uuid.uuid4()))

    look(world, 0)

    launch.refresh_from_db()
    assert launch.job_is_over


def test_two_workers_keep_one_sighting(world):
    launch = launched(world)
    stale = Launch.objects.get(pk=launch.pk)
    look(world, 0)

    world.pass_seconds(20)
    job = memory.ask(lambda client: client.get_job(launch.job_uid))
    memory.note(Launch.objects.get(pk=launch.pk), job, world.now)
    memory.note(stale, job, world.now)

    assert JobSighting.objects.count() == 2


def test_an_upstream_that_is_silent_changes_nothing(world, monkeypatch):
    launch = launched(world, job_status="running")

    def fail(*_: object) -> None:
        raise httpx.ConnectError("no route")

    monkeypatch.setattr(RecordingTransport, "handle_request", fail)
    look(world, 0)

    launch.refresh_from_db()
    assert (launch.job_status, launch.job_seen_at) == ("running", None)


@pytest.mark.parametrize(
    ("age", "since", "is_due"),
    [(60, 10, False), (60, 15, True), (1_800, 30, False), (1_800, 60, True), (90_000, 600, False)],
)
def test_the_older_a_job_is_the_more_rarely_it_is_looked_at(age, since, is_due):
    now = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    launch = Launch(
        created_at=now - dt.timedelta(seconds=age), job_seen_at=now - dt.timedelta(seconds=since)
    )

    assert memory.is_due(launch, now) is is_due
