"""What was sent to one upstream is asked of no other, however the settings change."""

from __future__ import annotations

import uuid

import httpx
import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from playground.models import ApiCall, ApiCallState, Change, ChangeKind, ChangeState, Launch
from playground.models import LaunchState as State
from playground.services.ledger import history
from playground.services.ledger import launches as launch_ledger
from playground.services.workflows import lookup as workflow_lookup
from playground.upstream import targets
from tests.web.conftest import WORKFLOW_UID

JOB = "11111111-2222-4333-8444-555555555555"
MOVES = {
    "another address": {"UPSTREAM_URL": "https://b.example/v3"},
    "another workspace": {"UPSTREAM_PROJECT_ID": "project-b"},
    "the sandbox": {"UPSTREAM_IS_SANDBOX": True},
}


@pytest.fixture
def sent(client, settings) -> Launch:
    """A launch to one upstream, whose schedule repeats and whose job runs."""
    settings.UPSTREAM_IS_SANDBOX = False
    settings.UPSTREAM_URL, settings.UPSTREAM_PROJECT_ID = "https://a.example/v3", "project-a"
    client.get("/")
    return Launch.objects.create(
        launch_token=uuid.uuid4(),
        user=User.objects.get(),
        workflow_uid=WORKFLOW_UID,
        workflow_name="Find & add",
        job_name="Monday",
        payload=b'{"job_name":"Monday","steps":[],"inputs":[]}',
        fingerprint="f",
        row_count=0,
        upstream=targets.name(),
        state=State.LAUNCHED,
        job_uid=JOB,
        created_at=timezone.now(),
        sent_at=timezone.now(),
        is_repeating=True,
    )


def move(settings, where: str) -> None:
    for name, value in MOVES[where].items():
        setattr(settings, name, value)


def calls(hosted) -> list[str]:
    """What concerns jobs and was asked of the upstream."""
    return [request.url.path for request in hosted.requests if "/jobs" in request.url.path]


def post(client, address: str) -> int:
    fields = {"change_token": str(uuid.uuid4()), "confirmed": "yes", "seen": "99999"}
    return client.post(address, fields).status_code


@pytest.mark.parametrize("where", MOVES)
def test_nothing_is_asked_or_offered_elsewhere(client, hosted, settings, sent, where):
    move(settings, where)
    own = f"/launches/{sent.pk}/"

    shown = client.get(own).content.decode()
    looked = [
        client.get(address).status_code
        for address in (
            f"/jobs/{JOB}/",
            f"/jobs/{JOB}/status/",
            f"/jobs/{JOB}/results/",
            f"/workflows/{WORKFLOW_UID}/?launch={sent.pk}",
        )
    ]
    done = [
        post(client, address)
        for address in (f"/jobs/{JOB}/cancel/", f"/jobs/{JOB}/retry/", f"{own}remove-schedule/")
    ]

    assert "It was sent to " in shown
    for offer in (f"/jobs/{JOB}/", f"{own}remove-schedule/", f"{own}search/", "?launch="):
        assert offer not in shown
    assert "elsewhere" in client.get("/launches/").content.decode()
    assert (looked, done, calls(hosted)) == ([409] * 4, [409] * 3, [])
    sent.refresh_from_db()
    assert sent.schedule_ended_at is None


@pytest.mark.parametrize("where", MOVES)
def test_preflight_counts_what_was_sent_here(sent, settings, where):
    now, workflow = timezone.now(), workflow_lookup.get_workflow(WORKFLOW_UID)
    here = (history.find_launches(workflow, now), history.find_schedules("Monday"))
    move(settings, where)
    there = (history.find_launches(workflow, now), history.find_schedules("Monday"))

    assert [[one.number for one in found] for found in here] == [[sent.pk], [sent.pk]]
    assert there == ((), ())
    assert history.find_launched_workflows(now) == {}


def test_schedule_of_the_same_name_elsewhere_stays(hosted, settings, sent):
    move(settings, "another address")

    launch_ledger.end_schedules("Monday", timezone.now())

    sent.refresh_from_db()
    assert sent.schedule_ended_at is None
    assert list(launch_ledger.list_unended("Monday")) == []


def test_another_key_is_the_same_upstream(client, hosted, settings, sent):
    hosted.answers["Monday"] = lambda _: httpx.Response(200, json={"message": "Gone."})
    settings.UPSTREAM_API_KEY = "renewed"

    shown = client.get(f"/launches/{sent.pk}/").content.decode()

    assert "It was sent to " not in shown
    assert post(client, f"/launches/{sent.pk}/remove-schedule/") == 303
    sent.refresh_from_db()
    assert sent.schedule_ended_at is not None


def test_what_was_sent_before_workspaces_were_recorded_is_of_its_address(settings, sent):
    Launch.objects.filter(pk=sent.pk).update(upstream="https://a.example/v3")
    sent.refresh_from_db()

    assert not sent.is_elsewhere
    assert launch_ledger.find_launch_of_job(JOB) == sent
    move(settings, "another address")
    assert sent.is_elsewhere


def test_workspace_is_recorded_by_a_digest(sent):
    assert "project-a" not in sent.upstream
    assert sent.sent_to == "https://a.example/v3"


@pytest.mark.parametrize("where", MOVES)
def test_lost_launch_is_not_decided_elsewhere(client, hosted, settings, sent, where):
    Launch.objects.filter(pk=sent.pk).update(state=State.NOT_PROVED, job_uid="")
    move(settings, where)

    chosen = client.post(f"/launches/{sent.pk}/decide/", {"job_uid": JOB})
    none = client.post(f"/launches/{sent.pk}/decide/", {"none": "yes"})

    sent.refresh_from_db()
    assert (chosen.status_code, none.status_code) == (409, 409)
    assert (sent.state, hosted.requests) == (State.NOT_PROVED, [])


def test_tries_and_changes_belong_to_their_upstream(client, settings, sent):
    user = User.objects.get()
    made = ApiCall.objects.create(
        token=uuid.uuid4(),
        user=user,
        operation="get_job",
        method="GET",
        address=f"/jobs/{JOB}",
        draft=b'{"values":{"job_uid":"%s"},"query":{},"blanks":[],"body":""}' % JOB.encode(),
        upstream=targets.name(),
        state=ApiCallState.ANSWERED,
        status=200,
        answer=b'{"uid":"%s"}' % JOB.encode(),
        answer_size=10,
        created_at=timezone.now(),
    )
    change = Change.objects.create(
        token=uuid.uuid4(),
        user=user,
        upstream=targets.name(),
        kind=ChangeKind.RETRY_JOB,
        uid=JOB,
        state=ChangeState.SAVED,
        created_at=timezone.now(),
    )
    address, again = f"/reference/tries/{made.pk}/", f"/reference/get_job/try/?again={made.pk}"

    here = client.get(address).content.decode(), client.get(again).status_code
    move(settings, "another workspace")
    there = client.get(address).content.decode(), client.get(again).status_code

    assert ("?again=" in here[0], "use this" in here[0], here[1]) == (True, True, 200)
    assert ("?again=" in there[0], "use this" in there[0], there[1]) == (False, False, 409)
    assert change.is_elsewhere
