"""Loses the answers of launches that are alike, and looks whose job each is taken to be.

    .venv/bin/python -m tests.soak.pairing --launches 1000

Launches with few names and few rows go to an upstream that judges like the sandbox. Some never
arrive, some arrive and are not answered, some arrive late; strangers send the same, too. The
playground looks for what it does not know, as it does by itself, and a person looks now and then.
The clock is handed to all of them. In the end each job that the ledger has is held against the
upstream's own log.

A control follows that takes each likeness for a proof. It must go wrong.

Exits with 1 when a launch has another's job, when one is said not to be there and is, or when the
control makes no such mistake.
"""

from __future__ import annotations

import argparse
import datetime as dt
import email.utils
import json
import os
import random
import sys
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from unittest import mock

import django
import httpx

from tests.environment import without_variables

START = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)
NAMES = ("Monday", "Find an e-mail", "")
PEOPLE = ("Ada", "Grace", "Zoë")
# What becomes of a launch on its way, and of how many in ten.
ANSWERED, NEVER_ARRIVES, LOST, LATE = "answered", "never arrives", "answer lost", "late"
FATES = (ANSWERED, ANSWERED, NEVER_ARRIVES, NEVER_ARRIVES, LOST, LOST, LOST, LATE, LATE, LATE)
URL = "http://upstream.invalid/v3"
CAREFUL, CONTROL = "the playground", "the control"


@dataclass(slots=True)
class World:
    """The upstream and its log: which job came of which launch, by the launch's number."""

    chance: random.Random
    store: object
    settings: object
    now: dt.datetime = START
    fates: Counter[str] = field(default_factory=Counter)
    log: dict[int, str] = field(default_factory=dict)
    late: list[tuple[dt.datetime, int | None, httpx.Request]] = field(default_factory=list)
    number: int = 0

    def answer(self, request: httpx.Request) -> httpx.Response:
        request.read()
        if not (request.method == "POST" and request.url.path.endswith("/schedule")):
            return self._handle(request)
        fate = self.chance.choice(FATES)
        self.fates[fate] += 1
        if fate == LATE:
            arrives_at = self.now + dt.timedelta(seconds=self.chance.uniform(0.1, 50))
            self.late.append((arrives_at, self.number, request))
        elif fate != NEVER_ARRIVES:
            answer = self._arrive(self.number, request)
            if fate == ANSWERED:
                return answer
        # It is waited for until the launch's budget is used up.
        self.pass_to(self.now + dt.timedelta(seconds=20))
        raise httpx.ReadTimeout("lost")

    def pass_to(self, moment: dt.datetime) -> None:
        """What was late arrives, each at its own time."""
        for arrives_at, number, request in sorted(self.late, key=lambda one: one[0]):
            if arrives_at <= moment:
                self.now = max(self.now, arrives_at)
                self._arrive(number, request)
        self.late = [one for one in self.late if one[0] > moment]
        self.now = max(self.now, moment)

    def send_as_a_stranger(self, request: httpx.Request) -> None:
        self._arrive(None, request)

    def _arrive(self, number: int | None, request: httpx.Request) -> httpx.Response:
        answer = self._handle(request)
        if number is not None and answer.status_code == 200:
            self.log[number] = json.loads(answer.content)["job_uid"]
        return answer

    def _handle(self, request: httpx.Request) -> httpx.Response:
        from playground.sandbox.api import handle as api

        asked = api.SandboxRequest(
            method=request.method,
            path=request.url.raw_path.decode().partition("?")[0].removeprefix("/v3"),
            query=request.url.query.decode(),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=request.content,
            base_url=URL,
        )
        answer = api.handle(asked, self.store, self.now, self.settings)
        headers = dict(answer.headers) | {"date": email.utils.format_datetime(self.now, True)}
        return httpx.Response(answer.status, content=answer.body, headers=headers)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--launches", type=int, default=200, help="(%(default)s)")
    parser.add_argument("--control-launches", type=int, default=100, help="(%(default)s)")
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="playground-pairing-") as folder:
        _set_up(folder)
        chance = random.Random(options.seed)
        wrong = {CAREFUL: _run(CAREFUL, options.launches, chance)}
        with _likeness_is_proof():
            wrong[CONTROL] = _run(CONTROL, options.control_launches, chance)
    print(f"seed {options.seed}")
    complaints = [f"{wrong[CAREFUL]} wrong"] if wrong[CAREFUL] else []
    complaints += [] if wrong[CONTROL] else ["the control made no mistake"]
    for complaint in complaints:
        print(f"FAILED: {complaint}")
    return 1 if complaints else 0


def _set_up(folder: str) -> None:
    variables = {
        "DJANGO_SETTINGS_MODULE": "playground.settings",
        "DATA_DIR": folder,
        "DATABASE_URL": f"sqlite:///{folder}/playground.sqlite3",
        "SECRET_KEY": os.urandom(32).hex(),
        "PLAYGROUND_SIGN_IN": "local",
        "UPSTREAM_URL": URL,
        "UPSTREAM_API_KEY": "key-of-the-tests",
        "UPSTREAM_PROJECT_ID": "project-of-the-tests",
    }
    clean = without_variables(os.environ)
    os.environ.clear()
    os.environ.update(clean | variables)
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _run(part: str, launches: int, chance: random.Random) -> int:
    """How many launches the ledger has wrong."""
    from playground.models import Launch
    from playground.sandbox.api.handle import SandboxSettings
    from playground.sandbox.storage.memory import MemoryStore
    from tests.upstreams import upstream

    Launch.objects.all().delete()
    settings = SandboxSettings(
        api_key="key-of-the-tests", project_id="project-of-the-tests", speed=1000, plan_limit=0
    )
    world = World(chance=chance, store=MemoryStore(chance.randrange(2**31)), settings=settings)
    transport = httpx.MockTransport(world.answer)
    with upstream(transport, clock=lambda: world.now):
        numbers = {_launch(world, number): number for number in range(launches)}
        _search_until(world, world.now + dt.timedelta(days=1))
    states: Counter[str] = Counter()
    wrong = 0
    for launch in Launch.objects.all():
        job = world.log.get(numbers[launch.pk], "")
        states[launch.state] += 1
        is_wrong = (
            launch.job_uid != job if launch.is_launched else launch.is_safe_to_launch_again and job
        )
        wrong += bool(is_wrong)
    print(f"{part}: {launches} launches, {dict(world.fates)}; {dict(states)}; {wrong} wrong")
    return wrong


def _launch(world: World, number: int) -> int:
    """One launch, and what happens until the next one. Returns its row."""
    from playground.contract import paths
    from playground.payload.edit import reading
    from playground.sandbox import catalog
    from playground.services import people
    from playground.services.launches import send

    workflow = catalog.WORKFLOWS[0].workflow
    step = {"step_uid": workflow.ordered_steps[0].step_uid, "accounts": [], "parameters": {}}
    row = {"first_name": world.chance.choice(PEOPLE), "last_name": "B", "company_name": "Acme"}
    payload = {"job_name": world.chance.choice(NAMES), "steps": [step], "inputs": [row]}
    if not payload["job_name"]:
        del payload["job_name"]
    world.number = number
    launch = send.launch_workflow(
        people.get_local_user(),
        workflow,
        reading.read_payload(workflow, payload),
        token=uuid.uuid4(),
        clock=lambda: world.now,
        override_reason="to see whose job it becomes",
    )
    if world.chance.random() < 0.2:
        path = paths.path_for("launch_workflow", workflow_uid=workflow.uid)
        headers = {"x-api-key": "key-of-the-tests", "x-project-id": "project-of-the-tests"}
        world.now += dt.timedelta(seconds=world.chance.uniform(0, 120))
        world.send_as_a_stranger(
            httpx.Request("POST", URL + path, headers=headers, content=bytes(launch.payload))
        )
    _search_until(world, world.now + dt.timedelta(seconds=world.chance.expovariate(1 / 60)))
    return launch.pk


def _search_until(world: World, moment: dt.datetime) -> None:
    """The searches that come due, each at its own moment, and now and then somebody's own."""
    from playground.models import Launch
    from playground.services.launches import recovery

    while True:
        sought = [one for one in Launch.objects.all() if one.is_sought]
        due = [(at, one) for one in sought if (at := recovery.next_at(one)) and at <= moment]
        if not due:
            break
        at, launch = min(due, key=lambda item: (item[0], item[1].pk))
        world.pass_to(at)
        recovery.search_for_launch(launch, world.now)
    world.pass_to(moment)
    if sought and world.chance.random() < 0.3:
        launch = world.chance.choice(sought)
        recovery.search_by_hand(launch.user, launch, world.now)


@contextmanager
def _likeness_is_proof() -> Iterator[None]:
    from playground.services.launches import candidates, evidence

    with (
        mock.patch.object(candidates, "_rivals", return_value=()),
        mock.patch.object(evidence, "compare_rows", return_value="same"),
        mock.patch.object(evidence, "moment_of", return_value="within"),
    ):
        yield


if __name__ == "__main__":
    sys.exit(main())
