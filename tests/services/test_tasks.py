"""What a worker does: it looks after launches, also those that were queued under an older name."""

from __future__ import annotations

import httpx
import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from playground.models import Launch
from playground.services import tasks
from playground.services.launches import recovery
from tests.services.launches.test_recovery import NOW, Jobs, unknown_launch
from tests.upstreams import AnsweringTransport, upstream

OLD_NAME = "playground.services.tasks.follow_launch"

pytestmark = pytest.mark.django_db


def work() -> None:
    """A worker starts, does what is due, and stops."""
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)


def state_of(launch: Launch) -> tuple[str, str]:
    launch.refresh_from_db()
    return launch.state, launch.job_uid


@pytest.mark.parametrize("name", ["playground.services.launches.recovery.follow_launch", OLD_NAME])
@pytest.mark.django_db(transaction=True)
def test_task_that_waits_in_the_database_is_done_by_its_name_of_now_and_of_before(name):
    launch = unknown_launch()
    recovery.follow_launch.enqueue(launch.pk)
    DBTaskResult.objects.update(task_path=name)

    jobs = Jobs()
    jobs.add("ours")
    transport = AnsweringTransport(jobs=jobs.list, inputs=jobs.inputs)

    with upstream(transport, clock=lambda: NOW):
        work()

    assert state_of(launch) == ("launched", "ours")
    assert set(DBTaskResult.objects.values_list("status", flat=True)) <= {"SUCCESSFUL", "READY"}


def test_task_is_queued_by_the_name_of_its_service():
    recovery.follow_launch.enqueue(1)

    assert DBTaskResult.objects.get().task_path == (
        "playground.services.launches.recovery.follow_launch"
    )


@pytest.mark.django_db(transaction=True)
def test_worker_that_starts_follows_every_launch_that_is_undecided():
    launch = unknown_launch()
    unknown_launch(state="launched", job_uid="j-1")

    with upstream(AnsweringTransport(jobs=lambda _: httpx.Response(200, json=[]))):
        work()

    waiting = DBTaskResult.objects.filter(status="READY", task_path__endswith="follow_launch")
    assert [one.args_kwargs for one in waiting] == [{"args": [launch.pk], "kwargs": {}}]
    assert tasks.follow_launch is recovery.follow_launch
