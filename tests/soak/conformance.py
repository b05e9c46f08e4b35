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
import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import positive_data_acceptance

from playground.contract import examples, wire
from playground.contract.examples_runs import LAUNCH
from playground.contract.operations import OPERATIONS
from playground.contract.paths import path_for
from playground.sandbox import catalog
from tests.reference.sandbox_app import DOCUMENT_PATH, SandboxApp
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


@dataclass(kw_only=True)
class Report:
    """What was sent and what was wrong with it. A fault is told once, with a call that shows it."""

    cases: int = 0
    seconds: float = 0
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, name: str, fault: str, call: str) -> None:
        self.faults.setdefault((name, fault), call)


def run(cases: int, *, first_seed: int = 20, names: Iterable[str] = OPERATIONS) -> Report:
    """About `cases` cases, spread evenly over the operations and both kinds."""
    load_all_checks()
    report = Report()
    pairs = [(name, mode) for name in names for mode in MODES if _has_parts(name, mode)]
    each = max(1, -(-cases // len(pairs)))
    began = time.monotonic()
    for name, mode in pairs:
        _try_operation(report, name, mode, each, first_seed)
    report.seconds = time.monotonic() - began
    return report


def _has_parts(name: str, mode: GenerationMode) -> bool:
    """Any text is a path, so only queries and bodies can break the document."""
    operation = OPERATIONS[name]
    has_query = any(item.where == "query" for item in operation.parameters)
    return mode is GenerationMode.POSITIVE or has_query or operation.body is not None


def _try_operation(report: Report, name: str, mode: GenerationMode, count: int, first: int) -> None:
    app = SandboxApp(World())
    operation = schemathesis.openapi.from_wsgi(DOCUMENT_PATH, app).find_operation_by_id(name)
    known = _prepare(app)
    # Not Hypothesis' own choices: those prefer the simplest, and would seldom lead anywhere.
    random = Random(f"{first} {name} {mode}")

    @seed(first)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        if OPERATIONS[name].changes:
            known.update(_prepare(app))
            app.world.plan_limit = random.choice((0, 0, 0, 1))
        _make_likelier(case, known, random)
        is_known = random.random() < 0.9
        headers = random.choice(GOOD_HEADERS if is_known else WRONG_HEADERS)
        report.cases += 1
        _judge(report, name, case, headers, is_known)

    send()


def _prepare(app: SandboxApp) -> dict[str, list[str]]:
    """A new world; path variable → what exists in it, with jobs of several kinds."""
    app.world = world = World(speed=20)
    path = path_for("launch_workflow", workflow_uid=examples.PROFILE_UID)
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


def _judge(report: Report, name: str, case: Any, headers: dict[str, str], is_known: bool) -> None:
    response = case.call(headers=headers)
    call = f"{case.method} {case.path} {case.path_parameters} {case.query} {case.body!r}"[:600]
    report.statuses[name, response.status_code] += 1
    for fault in _own_faults(name, response, is_known):
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
    print(f"{report.cases} cases in {report.seconds:.0f} s")
    for name in OPERATIONS:
        found = {status: n for (of, status), n in sorted(report.statuses.items()) if of == name}
        print(f"  {name:18} {found}")
    for (name, fault), call in report.faults.items():
        print(f"FAULT {name}: {fault}\n    {call}")
    raise SystemExit(bool(report.faults))


if __name__ == "__main__":
    main()
