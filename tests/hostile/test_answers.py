"""Whatever the upstream answers, pages stay pages."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.hostile.answers import find_fault
from tests.hostile.attacks import DEEP_TEXTS, JSON_VALUES, TEXTS, Shot, places_of, with_value
from tests.upstreams import upstream

JOB = {
    "uid": "j-1",
    "name": "Monday",
    "status": "finished",
    "error_message": "Nothing",
    "start_time": "2026-01-01T00:00:00.000001",
    "finish_time": None,
    "scheduled_time": "2026-01-01T00:00:00",
    "number_inputs": 3,
    "row_count": 2,
    "total_row_count": 2,
    "workflow_uid": "w-1",
    "step_uid": "s-1",
    "accounts": ["a-1"],
    "configuration": {"most": 3},
    "main_job_uid": "j-1",
}
GOOD = {
    "workflows": [{"uid": "w-1", "name": "One", "steps": [{"name": "Find", "step_uid": "s-1"}]}],
    "details": {
        "uid": "w-1",
        "name": "One",
        "steps": [
            {
                "step_uid": "s-1",
                "step_name": "Find",
                "position": 0,
                "permalink": "find",
                "integrations": ["hubspot"],
                "input_schema": {
                    "name": {
                        "required": 1,
                        "primary": 0,
                        "help": "Who",
                        "regex": {"plain": "^a"},
                        "variations": ["full_name"],
                        "retro_variations": [],
                    }
                },
                "output_schema": ["email"],
                "parameters_schema": {"properties": {"most": 3, "tags": ["a"], "of": None}},
            }
        ],
    },
    "accounts": {
        "accounts": [{"uid": "a-1", "name": "Ada", "is_valid": True, "level": "Classic"}],
        "next_page_exist": False,
    },
    "schedule": {"job_uid": "j-1", "message": "Launched."},
    "jobs": [JOB, JOB | {"uid": "j-2"}],
    "j-1": JOB,
    "results": {
        "results": [{"email": "a@b.example", "score": 1.5, "all": [1, {"a": None}]}],
        "paging": {"previous": None, "next": None, "have_next_page": False},
    },
    "inputs": {
        "inputs": [{"name": "Ada", "status": "failed", "error_message": "Nobody"}],
        "paging": {"previous": None, "next": None, "have_next_page": False},
    },
    "cancel": {"message": "Stopped."},
    "retry": {"message": "Again.", "job_uid": "j-1"},
}
PAGES = {
    "workflows": [("GET", "/workflows/"), ("GET", "/workflows/?q=a")],
    "details": [("GET", "/workflows/w-1/"), ("GET", "/workflows/w-1/glance/"), ("POST", "")],
    "accounts": [("GET", "/workflows/w-1/"), ("POST", "")],
    "schedule": [("POST", "")],
    "jobs": [("GET", "/workflows/w-1/jobs/"), ("GET", "/jobs/j-1/?step=s-1")],
    "j-1": [("GET", "/jobs/j-1/?step=s-1"), ("GET", "/jobs/j-1/status/")],
    "results": [("GET", "/jobs/j-1/"), ("GET", "/jobs/j-1/results/")],
    "inputs": [("GET", "/jobs/j-1/"), ("GET", "/jobs/j-1/?step=s-1")],
    "cancel": [("POST", "/jobs/j-1/cancel/"), ("GET", "/jobs/j-1/")],
    "retry": [("POST", "/jobs/j-1/retry/"), ("GET", "/jobs/j-1/")],
}


class OneBadAnswer(httpx.BaseTransport):
    """Good answers to everything but what ends in `ending`."""

    def __init__(self, ending: str, body: bytes) -> None:
        self.answers = {name: json.dumps(value).encode() for name, value in GOOD.items()}
        self.answers[ending] = body

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        ending = request.url.path.rstrip("/").rpartition("/")[2]
        if ending not in self.answers:  # An odd answer named something odd.
            return httpx.Response(404, json={"message": "Nothing."})
        return httpx.Response(200, content=self.answers[ending])


def bad_bodies(good: object) -> Iterator[bytes]:
    raw = json.dumps(good).encode()
    for place in range(len(list(places_of(json.loads(raw))))):
        for value in JSON_VALUES:
            yield with_value(raw, place, value)
    yield from TEXTS
    yield from DEEP_TEXTS


@pytest.mark.parametrize("ending", GOOD)
def test_one_bad_answer_spoils_no_page(client, ending):
    faults = []
    for number, body in enumerate(bad_bodies(GOOD[ending])):
        with upstream(OneBadAnswer(ending, body)):
            for method, path in PAGES[ending]:
                shot = launch_shot(number) if not path else as_shot(method, path)
                fault = find_fault(shot, client)
                if fault:
                    faults.append(f"{body[:300]!r}: {fault}")

    assert faults == []


def as_shot(method: str, path: str) -> Shot:
    path, _, query = path.partition("?")
    return Shot(what="bad answer", method=method, path=path, query=query)


def launch_shot(number: int) -> Shot:
    body = f"launch_token={number:032x}&inputs-0-name=Ada&steps-s-1-parameters-most=4"
    return Shot(what="bad answer", method="POST", path="/workflows/w-1/launch/", body=body.encode())
