"""Five thousand calls that Schemathesis made of the document, and the sandbox's answers to them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from playground.reference.api.operations import OPERATIONS
from playground.sandbox.api.handle import SandboxResponse
from tests.soak import conformance

CASES = 5_000


def documented(name: str) -> set[int]:
    operation = OPERATIONS[name]
    return {item.status for item in (*operation.answers, *operation.failures)}


@pytest.mark.parametrize("name", OPERATIONS)
def test_generated_cases_find_nothing_wrong(name: str):
    report = conformance.run(CASES, names=(name,))

    assert report.faults == {}
    assert report.cases >= conformance.planned(name, CASES)
    listed = {status for of, status in report.statuses if of == name}
    assert {200, 401} <= listed
    assert {400, 404} & documented(name) <= listed


def test_generated_cases_are_five_thousand():
    assert sum(conformance.planned(name, CASES) for name in OPERATIONS) >= 5_000


@pytest.mark.parametrize(
    ("break_it", "fault"),
    [
        (lambda answer: answer | {"status": 5}, "Response violates schema"),
        (
            lambda answer: {key: answer[key] for key in answer if key != "uid"},
            "not of the contract",
        ),
    ],
    ids=["another type", "without what is required"],
)
def test_generated_cases_do_find_an_answer_that_is_not_as_described(
    break_it: Callable[[dict[str, Any]], dict[str, Any]], fault: str, monkeypatch
):
    handle = conformance.SandboxApp.handle

    def break_jobs(app: conformance.SandboxApp, request: Any) -> SandboxResponse:
        answer = handle(app, request)
        if answer.status != 200 or not request.path.startswith("/jobs/"):
            return answer
        body = json.dumps(break_it(json.loads(answer.body))).encode()
        return SandboxResponse(status=200, body=body, headers=answer.headers)

    monkeypatch.setattr(conformance.SandboxApp, "handle", break_jobs)

    report = conformance.run(500, names=("get_job",))

    assert any(fault in found for _, found in report.faults)
