"""Calls that Schemathesis made of the document, and the sandbox's answers to them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from playground.reference.api.operations import OPERATIONS
from playground.sandbox.api.handle import SandboxResponse
from tests.reference.formats import recorded
from tests.reference.formats.recorded import Call
from tests.reference.formats.sandbox_app import SandboxApp
from tests.soak import conformance

CALLS = recorded.read_calls()


def calls_of(name: str) -> list[Call]:
    return [call for call in CALLS if call.operation == name]


def documented(name: str) -> set[int]:
    operation = OPERATIONS[name]
    return {item.status for item in (*operation.answers, *operation.failures)}


def faults_in(calls: list[Call]) -> list[tuple[str, Call]]:
    return [
        (fault, call)
        for call, response in recorded.replay(calls)
        for fault in recorded.faults_of(call, response)
    ]


@pytest.mark.parametrize("name", OPERATIONS)
def test_answers_to_recorded_calls_are_as_described(name: str):
    assert faults_in(calls_of(name))[:3] == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_recorded_calls_have_answers_of_every_kind(name: str):
    listed = {call.status for call in calls_of(name)}

    assert {200, 401} <= listed
    assert {400, 404} & documented(name) <= listed


def test_recorded_calls_are_many():
    per_operation = Counter(call.operation for call in CALLS)

    assert len(set(CALLS)) == len(CALLS) >= 3_500
    assert set(per_operation) == set(OPERATIONS)


@pytest.mark.parametrize(
    ("break_it", "fault"),
    [
        (lambda answer: answer | {"status": 5}, "$.status: 5 is not of type 'string'"),
        (
            lambda answer: {key: answer[key] for key in answer if key != "uid"},
            "not of the contract's type: $.uid: missing",
        ),
    ],
    ids=["another type", "without what is required"],
)
def test_an_answer_that_is_not_as_described_is_found(
    break_it: Callable[[dict[str, Any]], dict[str, Any]], fault: str, monkeypatch
):
    handle = SandboxApp.handle

    def break_jobs(app: SandboxApp, request: Any) -> SandboxResponse:
        answer = handle(app, request)
        if answer.status != 200 or not request.path.startswith("/jobs/"):
            return answer
        body = json.dumps(break_it(json.loads(answer.body))).encode()
        return SandboxResponse(status=200, body=body, headers=answer.headers)

    monkeypatch.setattr(SandboxApp, "handle", break_jobs)

    found = {fault for fault, _ in faults_in(calls_of("get_job"))}

    assert any(one.startswith(fault) for one in found), found


def test_new_cases_find_nothing_wrong():
    """A few of those that `python -m tests.soak.conformance` makes of the document as it is now."""
    report = conformance.run(200)

    assert report.faults == {}
    assert report.cases >= 200
    assert {call.operation for call in report.kept} == set(OPERATIONS)
