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
from playground.contract.workflows import Workflow, WorkflowSummary
from playground.models import Launch, LaunchState
from playground.payload.build.builder import build_launch_request
from playground.payload.drafts import LaunchDraft
from playground.services.accounts import lookup as account_lookup
from playground.services.launches import facts
from playground.services.ledger import history
from playground.services.upstream_cache import invalidation
from playground.services.workflows import step_templates
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


def test_slow_integration_is_named_and_the_other_is_there(hosted):
    go_on = threading.Event()

    def slow(request: httpx.Request) -> httpx.Response:
        if "hubspot" in request.url.path:
            assert go_on.wait(60)
        return httpx.Response(200, json=accounts_of(request))

    hosted.answers["accounts"] = slow
    early = account_lookup.find(WORKFLOW.integration_slugs, patience=0.5)
    go_on.set()
    late = account_lookup.find(WORKFLOW.integration_slugs, patience=60)

    assert (list(early.by_integration), early.is_complete) == (["linkedin"], False)
    assert early.problems == {
        "hubspot": "The accounts of hubspot take long to come: the upstream is still being asked."
    }
    assert (sorted(late.by_integration), late.problems) == (["hubspot", "linkedin"], {})
    assert len([one for one in hosted.requests if "accounts" in one.url.path]) == 2


def test_accounts_that_cannot_be_renewed_are_shown_as_they_were(hosted):
    account_lookup.find(WORKFLOW.integration_slugs)
    hosted.answers["accounts"] = lambda _: httpx.Response(503)

    found = account_lookup.find(WORKFLOW.integration_slugs, max_age=0)

    assert sorted(found.by_integration) == ["hubspot", "linkedin"]
    assert sorted(found.problems) == ["hubspot", "linkedin"]
    assert facts._unknown(found) == {}


def test_two_people_typing_ask_the_upstream_once(hosted):
    begun = threading.Barrier(8)
    gathered = []

    def person() -> None:
        begun.wait(60)
        gathered.append(account_lookup.find(WORKFLOW.integration_slugs))

    threads = [threading.Thread(target=person) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(gathered) == 8
    assert len([one for one in hosted.requests if "accounts" in one.url.path]) == 2


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

    found = history.find_launches("w-1", NOW)

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


def summary(uid: str, template_uid: str | None, *names: str, **extra: object) -> WorkflowSummary:
    listed = {"uid": uid, "name": uid, "template_uid": template_uid}
    steps = [{"name": name} for name in names]
    return wire.from_builtins(WorkflowSummary, listed | {"steps": steps} | extra)


def detail(uid: str, *permalinks: str) -> Workflow:
    steps = [
        {"step_uid": f"{uid}-{number}", "permalink": permalink, "step_name": permalink.title()}
        for number, permalink in enumerate(permalinks)
    ]
    return wire.from_builtins(Workflow, {"uid": uid, "name": uid, "steps": steps})


def test_template_of_a_step_is_that_of_a_workflow_which_does_only_that():
    wanted = detail("w-1", "visit", "save")
    listing = (
        summary("w-1", None, "Visit", "Save"),
        summary("w-2", "t-visit", "Called otherwise"),
        summary("w-3", "t-save", "Save"),
    )

    found = step_templates.find_templates(wanted, listing, {"w-2": detail("w-2", "visit")})

    assert found == {"w-1-0": "t-visit", "w-1-1": "t-save"}


def test_last_template_is_found_by_elimination_and_never_guessed():
    wanted = detail("w-1", "visit", "save", "write")
    listing = (
        summary("w-1", None, "a", "b", "c", linked_templates=["t-visit", "t-x", "t-y"]),
        summary("w-2", "t-visit", "Visit"),
    )
    fewer = detail("w-1", "visit", "save")
    shorter = (summary("w-1", None, "a", "b", linked_templates=["t-visit", "t-x"]), listing[1])

    assert step_templates.find_templates(wanted, listing, {}) == {"w-1-0": "t-visit"}
    assert step_templates.find_templates(fewer, shorter, {}) == {"w-1-0": "t-visit", "w-1-1": "t-x"}


def test_nothing_is_said_of_templates_that_nobody_names():
    assert step_templates.find_templates(detail("w-1", "visit"), (), {}) == {}


def test_flights_of_the_sandbox_stay_in_the_thread_of_the_request(settings):
    settings.UPSTREAM_IS_SANDBOX = True
    seen = []

    def fetch(_: httpx.Request) -> httpx.Response:
        seen.append(threading.current_thread())
        return httpx.Response(200, json={"accounts": []})

    with upstream(AnsweringTransport(accounts=fetch)):
        account_lookup.find(WORKFLOW.integration_slugs)

    assert seen == [threading.current_thread()] * 2


def test_accounts_beyond_the_last_page_are_not_taken_for_missing_ones(hosted):
    def endless(request: httpx.Request) -> httpx.Response:
        listed = [{"uid": f"a-{request.url.params['page']}"}, {"uid": "on every page"}]
        return httpx.Response(200, json={"accounts": listed, "next_page_exist": True})

    hosted.answers["accounts"] = endless

    found = account_lookup.find(["linkedin"])

    assert len(found.by_integration["linkedin"]) == account_lookup.MOST_PAGES + 1
    assert (found.cut, found.known.integrations) == ({"linkedin"}, frozenset())


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
