"""What preflight is told of the world: asked side by side, once for all, and honest when late."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Iterator

import httpx
import pytest
from django.contrib.auth.models import User
from django.db import connection

from playground.contract import wire
from playground.contract.workflows import Workflow
from playground.models import Launch, LaunchState
from playground.payload.build.builder import build_launch_request
from playground.payload.drafts import LaunchDraft
from playground.services.accounts import lookup as account_lookup
from playground.services.launches import facts
from playground.services.ledger import history
from playground.services.upstream_cache import invalidation
from tests.upstreams import AnsweringTransport, upstream

NOW = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)
WORKFLOW = wire.from_builtins(
    Workflow,
    {
        "uid": "w-1",
        "name": "Visit and save",
        "steps": [
            {"step_uid": "s-1", "position": 0, "permalink": "visit", "integrations": ["linkedin"]},
            {"step_uid": "s-2", "position": 1, "permalink": "save", "integrations": ["hubspot"]},
        ],
    },
)
WORKSPACE = {
    "name": "Team",
    "email": "ops@example.com",
    "plan_name": "Pro",
    "current_month_start": "2026-05-01T00:00:00+00:00",
    "current_month_end": "2026-06-01T00:00:00+00:00",
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def hosted(settings) -> Iterator[AnsweringTransport]:
    settings.UPSTREAM_IS_SANDBOX = False
    settings.UPSTREAM_URL = "http://upstream.invalid/v3"
    transport = AnsweringTransport(
        workspace=lambda _: httpx.Response(200, json=WORKSPACE),
        jobs=lambda request: httpx.Response(200, json=jobs_of(request)),
        accounts=lambda request: httpx.Response(200, json=accounts_of(request)),
        workflows=lambda _: httpx.Response(200, json=[]),
    )
    with upstream(transport):
        yield transport


def accounts_of(request: httpx.Request) -> object:
    slug = request.url.path.split("/")[-2]
    return {"accounts": [{"uid": f"{slug}-1", "name": slug}], "next_page_exist": False}


def jobs_of(request: httpx.Request) -> list[dict[str, object]]:
    uid = request.url.path.split("/")[-2]
    return [
        {"uid": f"{uid}-main", "status": "running", "number_inputs": 5},
        {
            "uid": f"{uid}-part",
            "status": "running",
            "number_inputs": 5,
            "main_job_uid": f"{uid}-main",
        },
        {"uid": f"{uid}-done", "status": "finished", "number_inputs": 9},
    ]


def launched(workflow_uid: str, **changes: object) -> Launch:
    user, _ = User.objects.get_or_create(username="ada")
    values: dict[str, object] = {
        "workflow_name": "Visit and save",
        "payload": b'{"inputs": [{"a": "1"}, {"a": "2"}], "steps": []}',
        "fingerprint": "0" * 12,
        "row_count": 2,
        "upstream": "http://upstream.invalid/v3",
        "state": LaunchState.LAUNCHED,
        "created_at": NOW - dt.timedelta(hours=1),
    }
    return Launch.objects.create(
        launch_token=uuid.uuid4(), user=user, workflow_uid=workflow_uid, **values | changes
    )


def gather(patience: float = 5.0) -> facts.Gathered:
    looks = facts.look(WORKFLOW, now=NOW)
    accounts = account_lookup.find(WORKFLOW.integration_slugs, patience=patience)
    built = build_launch_request(WORKFLOW, LaunchDraft(), accounts.known)
    return facts.gather(looks, WORKFLOW, built, accounts, now=NOW, patience=patience)


def test_all_that_is_known_is_gathered(hosted):
    launched("w-2")

    found = gather()

    assert found.is_complete
    assert sorted(found.facts.accounts.by_uid) == ["hubspot-1", "linkedin-1"]
    assert found.facts.workspace.plan_name == "Pro"
    assert sorted(job.uid for job in found.facts.running) == ["w-1-main", "w-2-main"]
    assert [job.uid for job in found.facts.past_jobs] == ["w-1-main", "w-1-part", "w-1-done"]


def test_accounts_that_cannot_be_renewed_are_shown_as_they_were(hosted):
    account_lookup.find(WORKFLOW.integration_slugs)
    hosted.answers["accounts"] = lambda _: httpx.Response(503)

    found = account_lookup.find(WORKFLOW.integration_slugs, max_age=0)

    assert sorted(found.by_integration) == ["hubspot", "linkedin"]
    assert sorted(found.problems) == ["hubspot", "linkedin"]
    assert facts._unknown(found) == {}


def test_late_parts_leave_the_facts_incomplete(hosted):
    go_on = threading.Event()

    def slow(_: httpx.Request) -> httpx.Response:
        assert go_on.wait(60)
        return httpx.Response(200, json=WORKSPACE)

    hosted.answers["workspace"] = slow
    found = gather(patience=0.2)
    go_on.set()

    assert not found.is_complete
    assert found.facts.workspace is None
    assert found.facts.workspace_problem == "The upstream is still being asked."


def test_launches_of_a_day_are_told_with_their_rows_and_others_are_not(hosted):
    recent = launched("w-1", job_name="Monday")
    launched("w-1", created_at=NOW - dt.timedelta(hours=25))
    launched("w-1", state=LaunchState.REJECTED)
    launched("w-1", upstream="sandbox")
    unknown = launched("w-1", state=LaunchState.UNKNOWN, row_count=history.MOST_ROWS + 1)

    found = history.find_launches(Workflow(uid="w-1", name="W", steps=()), NOW)

    assert [(past.number, past.job_name, len(past.rows)) for past in found] == [
        (unknown.pk, "Visit and save", 0),
        (recent.pk, "Monday", 2),
    ]


def test_schedules_of_a_name_are_told_until_they_are_removed(hosted):
    goes_on = launched("w-9", job_name="Weekly", is_repeating=True)
    launched("w-9", job_name="Weekly")
    launched("w-9", job_name="Weekly", is_repeating=True, schedule_ended_at=NOW)
    launched("w-9", job_name="Daily", is_repeating=True)

    assert [past.number for past in history.find_schedules("Weekly")] == [goes_on.pk]


def test_templates_that_could_not_be_listed_are_said_to_be_unknown(hosted):
    known = gather().facts.templates_problem
    invalidation.forget_everything()
    hosted.answers["workflows"] = lambda _: httpx.Response(503)

    unknown = gather().facts.templates_problem

    assert (known, unknown.partition(" (503)")[0]) == (
        "",
        "The upstream, or something behind it, is not available",
    )


def test_schedules_are_found_without_reading_every_launch(django_assert_num_queries):
    if connection.vendor != "sqlite":
        pytest.skip("other databases choose by what is in the table")
    with django_assert_num_queries(1) as asked:
        history.find_schedules("Weekly")
    (query,) = asked.captured_queries

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
        plan = [row[-1] for row in cursor.fetchall()]

    assert plan[0] == "SCAN playground_launch USING INDEX launch_unended"
