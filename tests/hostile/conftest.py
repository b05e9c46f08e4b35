"""A playground on its own sandbox, with one launch and its job, for whoever attacks it."""

from __future__ import annotations

import copy
import dataclasses
import functools
import threading
import time
import uuid
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from playground import worker_presence as presence
from playground.contract.accounts import Account
from playground.contract.workflows import Step, Workflow
from playground.models import Webhook
from playground.payload.drafts import Entry, LaunchDraft, RowDraft
from playground.payload.edit import reading
from playground.reference.api.operations import OPERATIONS
from playground.reference.calls.request import CallDraft
from playground.services import api_calls, people
from playground.services.accounts import lookup as account_lookup
from playground.services.jobs import schedule_changes
from playground.services.launches import preview, send, split
from playground.services.presets import drafts, presets, snapshots
from playground.services.presets.presets import Given
from playground.services.row_sets import reading as row_set_reading
from playground.services.row_sets.reading import Source
from playground.services.upstream_cache import invalidation
from playground.services.workflows import lookup as workflow_lookup
from playground.upstream import connections
from tests.hostile import surface
from tests.hostile.watching import playground as playground
from tests.hostile.watching import upstream as upstream
from tests.hostile.watching import watched as watched

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _no_call_fails_unexpectedly(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The client turns faults of its own into a 502 and a line in the log: there must be none."""
    yield
    unexpected = [
        record.getMessage()[-1_000:]
        for record in caplog.get_records("call")
        if record.name.startswith("playground") and record.levelname == "ERROR"
    ]
    assert unexpected == []


@pytest.fixture(autouse=True)
def _a_worker_is_there() -> Iterator[None]:
    with presence.announce_worker():
        yield


@pytest.fixture(autouse=True)
def _no_thread_dies(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is asked beside a request must not end in an exception that nobody sees."""
    died: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda told: died.append(repr(told.exc_value)))
    yield
    assert died == []


@pytest.fixture
def local(settings: object) -> None:
    settings.SIGN_IN = "local"


@pytest.fixture
def with_password(settings: object) -> None:
    settings.SIGN_IN = "password"


@pytest.fixture
def things(request: pytest.FixtureRequest, db: None, settings: object) -> Iterator[dict[str, str]]:
    """Names of what exists: `{workflow_uid}`, `{launch}`, `{job_uid}` and so on."""
    _forget()
    settings.SANDBOX_PLAN_LIMIT = 0
    # Everybody sees only their own: what was tried belongs to whoever `client` is.
    is_adas = "with_password" in request.fixturenames
    made = _made.get(is_adas)
    if made is None or time.monotonic() - made.at > SECONDS_NEW:
        _made[is_adas] = made = _make(is_adas=is_adas)
    else:
        made.put_back()
    yield dict(made.names)
    _forget()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Made:
    """The rows behind some names, to be put into an empty database again."""

    names: dict[str, str]
    rows: dict[type[Model], list[Model]]
    at: float = dataclasses.field(default_factory=time.monotonic)

    def put_back(self) -> None:
        for model, rows in self.rows.items():
            model._base_manager.bulk_create(map(copy.copy, rows))


# Launching costs more than most tests: what was made lately is put back, row by row. Not for
# long, since a job goes on from when it was launched.
SECONDS_NEW = 2
_made: dict[bool, Made] = {}


def _make(*, is_adas: bool) -> Made:
    """By the roads that people take."""
    before = {model: set(model._base_manager.values_list("pk")) for model in _models()}
    local = people.get_local_user()
    person = User.objects.create_superuser("ada", password=PASSWORD)
    workflow, step, account = _what_is_launched()
    launch = send.launch_workflow(
        person,
        workflow,
        good_draft(workflow, account.uid),
        token=uuid.uuid4(),
        clock=timezone.now,
        override_reason="Ada is no address",
    )
    assert launch.is_launched, launch.sentence
    group = split.split_launch(
        person,
        workflow,
        good_draft(workflow, account.uid),
        split.Plan(rows=1, waits_for_capacity=True, override_reason="Ada is no address"),
        token=uuid.uuid4(),
        clock=timezone.now,
    )
    tried = api_calls.send_api_call(
        person if is_adas else local,
        OPERATIONS["list_workflows"],
        CallDraft(),
        token=uuid.uuid4(),
        clock=timezone.now,
    )
    csv = ",".join(workflow.inputs) + "\nAda\n,x\n"
    row_set = row_set_reading.make(
        person if is_adas else local,
        workflow,
        Source(name="leads.csv", data=csv.encode()),
        now=timezone.now(),
    )
    owner = person if is_adas else local
    fields = [(f"steps-{step.step_uid}-accounts", account.uid), ("job_name", "Hostile")]
    given = Given(name="Hostile", is_team=True)
    preset = presets.save_new(owner, workflow, given, fields, timezone.now())
    drafts.save(owner, workflow, fields, 0, timezone.now())
    built = preview.build(workflow, good_draft(workflow, account.uid))
    shared = snapshots.share(owner, workflow, built, uuid.uuid4(), 7, timezone.now())
    begun = schedule_changes.begin(person, launch, timezone.now())
    webhook = Webhook.objects.create(
        user=owner,
        is_team=False,
        address="https://hooks.example/T0/s3cret",
        salt="0" * 32,
        site="https://playground.example",
        created_at=timezone.now(),
    )
    names = {
        "webhook": str(webhook.pk),
        "schedule_change": str(begun.pk),
        "preset": str(preset.pk),
        "shared": shared.address,
        "user": str(person.pk),
        "row_set": str(row_set.pk),
        "try": str(tried.pk),
        "workflow_uid": workflow.uid,
        "launch": str(launch.pk),
        "group": str(group.pk),
        "job_uid": launch.job_uid,
        "job_name": launch.job_name,
        "step_uid": step.step_uid,
        "account_uid": account.uid,
        "integration": step.integration_slugs[0],
        "user_uid": "00000000-0000-4000-8000-000000000000",
        "known_user": surface.USER_UID,
        "key": next(iter(workflow.inputs)),
        "parameter": step.parameters[0].name if step.parameters else "none",
    }
    rows = {
        model: [row for row in model._base_manager.all() if (row.pk,) not in before[model]]
        for model in _models()
    }
    return Made(names=names, rows={model: some for model, some in rows.items() if some})


def _models() -> list[type[Model]]:
    return apps.get_models(include_auto_created=True)


@pytest.fixture
def person(things: dict[str, str]) -> User:
    return User.objects.get(username="ada")


@pytest.fixture
def client(request: pytest.FixtureRequest, settings: object, things: dict[str, str]) -> Client:
    """A browser of the playground's own machine; a fault becomes its 500."""
    asks = "with_password" in request.fixturenames
    settings.SIGN_IN = "password" if asks else "local"
    return Client(raise_request_exception=False)


def good_draft(workflow: Workflow, account_uid: str) -> LaunchDraft:
    """One row, and the account for every step that takes one."""
    draft = reading.default_draft(workflow)
    entries = {key: Entry("Ada") for key in workflow.inputs}
    steps = {
        step.step_uid: dataclasses.replace(
            draft.step(step.step_uid), accounts=(account_uid,) if step.integration_slugs else ()
        )
        for step in workflow.steps
    }
    return dataclasses.replace(draft, rows=(RowDraft(number=0, entries=entries),), steps=steps)


@functools.cache
def _what_is_launched() -> tuple[Workflow, Step, Account]:
    """The first workflow of the sandbox that takes inputs and an account: the same in each test."""
    workflow = next(
        found
        for found in (
            workflow_lookup.get_workflow(one.uid) for one in workflow_lookup.list_workflows()
        )
        if found.inputs and any(step.integration_slugs for step in found.steps)
    )
    step = next(step for step in workflow.ordered_steps if step.integration_slugs)
    slug = step.integration_slugs[0]
    accounts = account_lookup.find([slug]).by_integration[slug]
    return workflow, step, next(one for one in accounts if one.is_valid)


def _forget() -> None:
    connections.reset()
    invalidation.forget_everything()
