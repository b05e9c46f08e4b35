"""Whether the sandbox keeps to its OpenAPI document, whatever is sent: cases by Schemathesis.

    python -m tests.soak.conformance --cases 6000 [--keep]

Half of the cases fit the document, half break it; a part of each names what exists (workflows,
jobs, accounts), comes without the right credentials, or launches something that is accepted. Each
answer must have a status that the document lists for the operation, fit that answer's schema, and
be read by the playground's own client types; an error must have a sentence. The same seed makes
the same cases.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import positive_data_acceptance

from playground.contract.launches import LaunchRequest
from playground.reference.api.operations import OPERATIONS
from playground.sandbox.api.handle import SandboxRequest, SandboxResponse
from tests.reference.formats.recorded import (
    EVERY_HEADERS,
    GOOD_HEADERS,
    WRONG_HEADERS,
    Call,
    copied,
    own_faults,
    prepare,
    replay,
    write_calls,
)
from tests.reference.formats.sandbox_app import DOCUMENT_PATH, SandboxApp
from tests.sandbox.world import World

MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
# Bodies of a launch take ten times as long to make up as others, and a path alone varies little.
SHARES = {"launch": 1, "path": 1, "other": 3}
# Characters of a body.
LONGEST_KEPT = 1_500


class Independent(HypothesisProvider):
    """Each case for itself. Hypothesis' own search changes parts of cases that it had before, a
    third of which come out as they were."""


AVAILABLE_PROVIDERS["independent"] = f"{__name__}.{Independent.__name__}"


class Listening(SandboxApp):
    """Remembers the latest call."""

    asked: SandboxRequest
    answered: SandboxResponse

    def handle(self, request: SandboxRequest) -> SandboxResponse:
        self.asked, self.answered = request, super().handle(request)
        return self.answered

    def heard(self, name: str, headers: dict[str, str], jobs: list[str]) -> Call:
        path = self.asked.path
        for number, uid in enumerate(jobs):
            path = path.replace(uid, f"{{job {number}}}")
        return Call(
            operation=name,
            method=self.asked.method,
            path=path,
            query=self.asked.query,
            headers=EVERY_HEADERS.index(headers),
            body=self.asked.body.decode("utf-8", "surrogateescape"),
            plan_limit=self.world.plan_limit,
            status=self.answered.status,
        )


@dataclass(kw_only=True)
class Report:
    """What was sent and what was wrong with it. A fault is told once, with a call that shows it.

    `calls` are those sent, each once, however often it was made up.
    """

    cases: int = 0
    seconds: float = 0
    calls: set[str] = field(default_factory=set)
    kept: list[Call] = field(default_factory=list)
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
    app = Listening(World())
    operation = schemathesis.openapi.from_wsgi(DOCUMENT_PATH, app).find_operation_by_id(name)
    known = prepare(app)
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
            app.world = copied(prepared, plan_limit=random.choice((0, 0, 0, 1)))
        _make_likelier(case, known, random)
        for headers in _credentials(name, random):
            report.cases += 1
            _judge(report, name, case, headers)
            report.kept.append(app.heard(name, headers, known["job_uid"]))

    send()


def _credentials(name: str, random: Random) -> list[dict[str, str]]:
    """Mostly good ones. Where nothing else can vary there is one case: it gets all of them."""
    if not _can_vary(name):
        return list(EVERY_HEADERS)
    return [random.choice(GOOD_HEADERS if random.random() < 0.9 else WRONG_HEADERS)]


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
    is_known = headers in GOOD_HEADERS
    for fault in own_faults(name, response.status_code, response.content, is_known):
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


def keep(report: Report) -> None:
    """Each call once, with the status that it has when they are replayed; no long ones."""
    calls = [call for call in dict.fromkeys(report.kept) if len(call.body) <= LONGEST_KEPT]
    write_calls(
        replace(call, status=response.status)
        for name in OPERATIONS
        for call, response in replay(call for call in calls if call.operation == name)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=6_000)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--keep", action="store_true", help="for the suite to replay")
    options = parser.parse_args()
    report = run(options.cases, first_seed=options.seed)
    if options.keep:
        keep(report)
    print(f"{report.cases} cases, {len(report.calls)} different, in {report.seconds:.0f} s")
    for name in OPERATIONS:
        found = {status: n for (of, status), n in sorted(report.statuses.items()) if of == name}
        print(f"  {name:18} {found}")
    for (name, fault), call in report.faults.items():
        print(f"FAULT {name}: {fault}\n    {call}")
    raise SystemExit(bool(report.faults))


if __name__ == "__main__":
    main()
