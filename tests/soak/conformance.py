"""Whether the sandbox keeps to its OpenAPI document, whatever is sent: cases by Schemathesis.

    python -m tests.soak.conformance --cases 6000

Half of the cases fit the document, half break it; a part of each names what exists (workflows,
jobs, accounts), comes without the right credentials, or launches something that is accepted. Each
answer must have a status that the document lists for the operation, fit that answer's schema, and
be read by the playground's own client types; an error must have a sentence. The same seed makes
the same cases.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import positive_data_acceptance

from playground.contract import wire
from playground.contract.launches import LaunchRequest
from playground.contract.paths import path_for
from playground.reference.api.examples import accounts
from playground.reference.api.examples.runs import LAUNCH
from playground.reference.api.operations import OPERATIONS
from playground.sandbox import catalog
from playground.sandbox.storage.memory import MemoryStore
from tests.reference.formats.sandbox_app import DOCUMENT_PATH, SandboxApp
from tests.sandbox.world import KEY, PROJECT, World

MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
GOOD_HEADERS = (
    {"Authorization": f"x-api-key {KEY}", "x-project-id": PROJECT},
    {"x-api-key": KEY, "X-Project-Id": PROJECT},
)
WRONG_HEADERS = (
    {"Authorization": f"x-api-key {'0' * 64}", "x-project-id": PROJECT},
    {"Authorization": f"Bearer {KEY}", "x-project-id": PROJECT},
    {"x-api-key": KEY, "x-project-id": "5a9db0c0-0000-4000-8000-00000000000f"},
)
EVERY_HEADERS = (*GOOD_HEADERS, *WRONG_HEADERS)
# Bodies of a launch take ten times as long to make up as others, and a path alone varies little.
SHARES = {"launch": 1, "path": 1, "other": 3}


class Independent(HypothesisProvider):
    """Each case for itself. Hypothesis' own search changes parts of cases that it had before, a
    third of which come out as they were."""


AVAILABLE_PROVIDERS["independent"] = f"{__name__}.{Independent.__name__}"


@dataclass(kw_only=True)
class Report:
    """What was sent and what was wrong with it. A fault is told once, with a call that shows it.

    `calls` are those sent, each once, however often it was made up.
    """

    cases: int = 0
    seconds: float = 0
    calls: set[str] = field(default_factory=set)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, name: str, fault: str, call: str) -> None:
        self.faults.setdefault((name, fault), call)


def run(cases: int, *, first_seed: int = 20, names: Iterable[str] = OPERATIONS) -> Report:
    """About `cases` cases if all operations are named; of some of them, their part of these."""
    load_all_checks()
    report = Report()
    began = time.monotonic()
    for name in names:
        for mode in _modes(name):
            _try_operation(report, name, mode, _count(name, cases), first_seed)
    report.seconds = time.monotonic() - began
    return report


def planned(name: str, cases: int) -> int:
    """How many cases of the operation `run` makes at least, of so many."""
    return len(_modes(name)) * _count(name, cases) if _can_vary(name) else len(EVERY_HEADERS)


def _count(name: str, cases: int) -> int:
    """Cases of each kind, or examples, where each gets all of the credentials."""
    whole = sum(_share(other) * len(_modes(other)) for other in OPERATIONS if _can_vary(other))
    return -(-cases // whole) * _share(name) if _can_vary(name) else 1


def _share(name: str) -> int:
    operation = OPERATIONS[name]
    if operation.body is LaunchRequest:
        return SHARES["launch"]
    return SHARES["other" if _can_break(name) else "path"]


def _modes(name: str) -> tuple[GenerationMode, ...]:
    return MODES if _can_break(name) else (GenerationMode.POSITIVE,)


def _can_break(name: str) -> bool:
    """Any text is a path, so only queries and bodies can break the document."""
    operation = OPERATIONS[name]
    return operation.body is not None or any(item.where == "query" for item in operation.parameters)


def _can_vary(name: str) -> bool:
    return bool(OPERATIONS[name].parameters or OPERATIONS[name].body)


def _try_operation(report: Report, name: str, mode: GenerationMode, count: int, first: int) -> None:
    app = SandboxApp(World())
    operation = schemathesis.openapi.from_wsgi(DOCUMENT_PATH, app).find_operation_by_id(name)
    known = _prepare(app)
    prepared = app.world
    # Not Hypothesis' own choices: those prefer the simplest, and would seldom lead anywhere.
    random = Random(f"{first} {name} {mode}")

    @seed(first)
    @settings(
        max_examples=count,
        backend="independent",
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        if OPERATIONS[name].changes:
            app.world = _copied(prepared, plan_limit=random.choice((0, 0, 0, 1)))
        _make_likelier(case, known, random)
        for headers in _credentials(name, random):
            report.cases += 1
            _judge(report, name, case, headers)

    send()


def _credentials(name: str, random: Random) -> list[dict[str, str]]:
    """Mostly good ones. Where nothing else can vary there is one case: it gets all of them."""
    if not _can_vary(name):
        return list(EVERY_HEADERS)
    return [random.choice(GOOD_HEADERS if random.random() < 0.9 else WRONG_HEADERS)]


def _prepare(app: SandboxApp) -> dict[str, list[str]]:
    """A new world; path variable → what exists in it, with jobs of several kinds."""
    app.world = world = World(speed=20)
    path = path_for("launch_workflow", workflow_uid=accounts.PROFILE_UID)
    once = {key: value for key, value in LAUNCH.items() if key != "repeat_option"}
    slow = {"inputs": [{"linkedin_profile_url": "test:slow"}]}
    bodies = (LAUNCH, once, once | {"delay": 10_000}, once | slow)
    jobs = [world.post(path, body)["job_uid"] for body in bodies]
    stopped = world.post(path, once | {"delay": 10_000})["job_uid"]
    world.post(path_for("cancel_job", job_uid=stopped))
    return {
        "job_uid": [*jobs, stopped],
        "job": [*jobs, LAUNCH["job_name"]],
        "workflow_uid": [item.workflow.uid for item in catalog.WORKFLOWS],
        "user_uid": [user.uid for user in catalog.USERS],
        "account_uid": [account.uid for account in catalog.ACCOUNTS],
        "integration": ["linkedin", "hubspot", "slack"],
    }


def _copied(world: World, *, plan_limit: int) -> World:
    """A world of its own, where all is as it was: preparing one takes as long as ten calls."""
    store, made = world.store, MemoryStore()
    assert isinstance(store, MemoryStore)
    made._launches, made._bodies = dict(store._launches), dict(store._bodies)
    made._changes = list(store._changes)
    made._random.setstate(store._random.getstate())
    return dataclasses.replace(world, store=made, plan_limit=plan_limit)


def _make_likelier(case: Any, known: dict[str, list[str]], random: Random) -> None:
    """Mostly a path that leads somewhere; often an example of which only a part is made up."""
    for name in case.path_parameters or {}:
        if random.random() < 0.8:
            case.path_parameters[name] = random.choice(known[name])
    if isinstance(case.body, dict) and random.random() < 0.6:
        operation = OPERATIONS[case.operation.definition.raw["operationId"]]
        kept = [key for key in case.body if random.random() < 0.4]
        case.body = operation.body_example | {key: case.body[key] for key in kept}
        case.path_parameters |= {
            item.name: item.example
            for item in operation.parameters
            if item.where == "path" and item.name != "job_uid"
        }


def _judge(report: Report, name: str, case: Any, headers: dict[str, str]) -> None:
    response = case.call(headers=headers)
    call = f"{case.method} {case.path} {case.path_parameters} {case.query} {case.body!r}"
    report.calls.add(f"{call} {headers}")
    call = call[:600]
    report.statuses[name, response.status_code] += 1
    for fault in _own_faults(name, response, headers in GOOD_HEADERS):
        report.add(name, fault, f"{call} → {response.content[:300]!r}")
    try:
        case.validate_response(
            response, headers=headers, excluded_checks=[positive_data_acceptance]
        )
    except FailureGroup as group:
        for failure in group.exceptions:
            report.add(name, f"{failure.title}", f"{call} → {failure}"[:1500])
    except Failure as failure:
        report.add(name, f"{failure.title}", f"{call} → {failure}"[:1500])


def _own_faults(name: str, response: Any, is_known: bool) -> list[str]:
    """What Schemathesis cannot know: `default` allows any status; our types must read it."""
    operation, status = OPERATIONS[name], response.status_code
    listed = {
        item.status for item in (*operation.answers, *operation.failures) if item.status < 500
    }
    found = [] if status in listed else [f"status {status} is not listed"]
    if is_known == (status == 401):
        found.append(f"status {status} with {'good' if is_known else 'wrong'} credentials")
    if status >= 400:
        message = json.loads(response.content).get("message")
        if not (isinstance(message, str) and message.endswith(".")):
            found.append("an error without sentence")
        return found
    answer = operation.answers[0]
    assert answer.type
    try:
        (wire.decode_many if answer.is_array else wire.decode)(answer.type, response.content)
    except wire.WireError as error:
        found.append(f"not of the contract's type: {error}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=6_000)
    parser.add_argument("--seed", type=int, default=20)
    options = parser.parse_args()
    report = run(options.cases, first_seed=options.seed)
    print(f"{report.cases} cases, {len(report.calls)} different, in {report.seconds:.0f} s")
    for name in OPERATIONS:
        found = {status: n for (of, status), n in sorted(report.statuses.items()) if of == name}
        print(f"  {name:18} {found}")
    for (name, fault), call in report.faults.items():
        print(f"FAULT {name}: {fault}\n    {call}")
    raise SystemExit(bool(report.faults))


if __name__ == "__main__":
    main()
