"""Jobs that several launches took for theirs, in a database of an earlier version."""

from __future__ import annotations

import datetime as dt
import importlib
import uuid

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection

from playground.models import Launch, LaunchState

NOW = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)
CONSTRAINT = next(one for one in Launch._meta.constraints if one.name == "job_of_one_launch")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _as_it_was_before():
    with connection.schema_editor() as editor:
        editor.remove_constraint(Launch, CONSTRAINT)
    yield
    Launch.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Launch, CONSTRAINT)


def launch(job_uid: str, sentence: str) -> Launch:
    user, _ = User.objects.get_or_create(username="ada")
    return Launch.objects.create(
        launch_token=uuid.uuid4(),
        user=user,
        workflow_uid="w-1",
        workflow_name="Find an e-mail",
        payload=b"{}",
        fingerprint="0" * 12,
        row_count=1,
        upstream="sandbox",
        state=LaunchState.LAUNCHED,
        job_uid=job_uid,
        sentence=sentence,
        created_at=NOW,
    )


def test_a_shared_job_stays_with_the_launch_that_was_answered_with_it():
    likely = launch("j-1", "Found in the upstream's list of jobs.")
    answered = launch("j-1", "Bot successfully scheduled.")
    guesses = [launch("j-2", "Found in the upstream's list of jobs.") for _ in range(2)]
    alone = launch("j-3", "Found in the upstream's list of jobs.")

    migration = importlib.import_module("playground.migrations.0007_candidates")
    migration.part_shared_jobs(apps, None)

    found = {one.pk: (one.state, one.job_uid) for one in Launch.objects.all()}
    assert found == {
        likely.pk: ("not-proved", ""),
        answered.pk: ("launched", "j-1"),
        guesses[0].pk: ("not-proved", ""),
        guesses[1].pk: ("not-proved", ""),
        alone.pk: ("launched", "j-3"),
    }
    likely.refresh_from_db()
    assert f"belongs to launch {answered.pk} by the upstream's own answer" in likely.sentence
