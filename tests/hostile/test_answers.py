"""Whatever the upstream answers, pages stay pages, and threads beside them end quietly."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from itertools import zip_longest

import httpx
import pytest
from django.test import Client

from playground.contract import wire
from playground.reference.api.operations import OPERATIONS
from tests.hostile.answers import find_fault
from tests.hostile.attacks import (
    DEEP_TEXTS,
    JSON_VALUES,
    TEXTS,
    Shot,
    places_of,
    with_value,
    with_values,
)
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
LIMIT = {
    "permalink": "visits",
    "level": "Classic",
    "item_scraped": 3,
    "limit_value": 25,
    "limit_name": "visits",
    "start_time_range": "2026-01-01T00:00:00",
    "end_time_range": "9998-01-01T00:00:00",
    "templates": ["t-1"],
    "nbr_inputs_queued_next_seven_days": 1,
}
ACCOUNT = {
    "uid": "a-1",
    "name": "Ada",
    "setup_at": "2026-01-01T00:00:00.000001",
    "cookies": {"li_at": "****"},
    "via_extension": True,
    "is_shared": False,
    "is_valid": True,
    "level": "Classic",
    "application_permalink": "hubspot",
    "application_name": "HubSpot",
    "meta": {"type": "SALES_NAV"},
}
USER = {
    "uid": "u-1",
    "email": "ada@example.com",
    "first_name": "Ada",
    "last_name": "L",
    "full_name": "Ada L",
    "country": "fr",
    "role": "admin",
    "accounts": [{"uid": "a-1", "application_permalink": "hubspot"}],
}
GOOD = {
    "workflows": [
        {
            "uid": "w-1",
            "name": "One",
            "template_uid": "t-1",
            "linked_templates": ["t-1"],
            "steps": [{"name": "Find", "step_uid": "s-1"}],
        }
    ],
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
        "integration": {"uid": "i-1", "title": "HubSpot"},
        "accounts": [ACCOUNT | {"limits": [LIMIT]}],
        "next_page_exist": False,
        "number_total_acounts": 1,
    },
    "users": {
        "users": [USER],
        "nbr_users": 1,
        "limit": 30,
        "pages": 1,
        "paging": {"previous": None, "next": None},
    },
    "workspace": {
        "name": "Ours",
        "email": "ada@example.com",
        "plan_name": "Pro",
        "current_month_start": "2026-01-01T00:00:00+00:00",
        "current_month_end": "2026-02-01T00:00:00+00:00",
        "tasks_left": 5,
        "tasks_max": 10,
        "tasks_used": 5,
    },
    "POST accounts": ACCOUNT,
    "checkpoint": ACCOUNT,
    "POST users": {"user": USER, "message": "User updated."},
    "schedule": {"job_uid": "j-1", "message": "Launched."},
    "jobs": [JOB, {"uid": "j-2", "status": "running", "number_inputs": 3, "main_job_uid": None}],
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
OPERATION_OF = {
    "workflows": "list_workflows",
    "details": "get_workflow",
    "accounts": "list_accounts",
    "users": "list_users",
    "workspace": "get_workspace",
    "POST accounts": "save_account",
    "checkpoint": "answer_checkpoint",
    "POST users": "save_user",
    "schedule": "launch_workflow",
    "jobs": "list_jobs",
    "j-1": "get_job",
    "results": "list_results",
    "inputs": "list_job_inputs",
    "cancel": "cancel_job",
    "retry": "retry_job",
}
LAUNCH = ("POST", "/workflows/w-1/launch/")
PREFLIGHT = ("POST", "/workflows/w-1/launch/preflight/")
OWN = "/accounts/hubspot/a-1/"
# Where an answer is shown.
PAGES = {
    "workflows": [("GET", "/workflows/"), ("GET", "/workflows/?q=a"), PREFLIGHT],
    "details": [("GET", "/workflows/w-1/"), ("GET", "/workflows/w-1/glance/"), LAUNCH],
    "accounts": [("GET", "/accounts/"), PREFLIGHT],
    "users": [("GET", "/users/"), ("GET", "/users/u-1/")],
    "workspace": [PREFLIGHT],
    "POST accounts": [("POST", f"{OWN}edit/")],
    "checkpoint": [("POST", f"{OWN}checkpoint/")],
    "POST users": [("POST", "/users/u-1/")],
    "schedule": [LAUNCH],
    "jobs": [("GET", "/workflows/w-1/jobs/"), ("GET", "/jobs/j-1/?step=s-1"), PREFLIGHT],
    "j-1": [("GET", "/jobs/j-1/?step=s-1"), ("GET", "/jobs/j-1/status/")],
    "results": [("GET", "/jobs/j-1/"), ("GET", "/jobs/j-1/results/")],
    "inputs": [("GET", "/jobs/j-1/"), ("GET", "/jobs/j-1/?step=s-1")],
    "cancel": [("POST", "/jobs/j-1/cancel/"), ("GET", "/jobs/j-1/")],
    "retry": [("POST", "/jobs/j-1/retry/"), ("GET", "/jobs/j-1/")],
}
# Where it is shown as well. Each bad answer meets one page of the first table, in turn, and every
# other one a page of this.
OTHER_PAGES = {
    "workflows": [("GET", "/accounts/"), ("GET", OWN)],
    "details": [PREFLIGHT, ("GET", "/accounts/"), ("GET", OWN)],
    "accounts": [
        ("GET", "/workflows/w-1/"),
        ("GET", OWN),
        ("GET", f"{OWN}edit/"),
        ("GET", "/users/u-1/"),
        ("GET", "/accounts/?state=used-up"),
        LAUNCH,
    ],
    "users": [("GET", "/accounts/"), ("GET", OWN), ("GET", f"{OWN}edit/")],
    "workspace": [("GET", "/workflows/w-1/")],
    "POST accounts": [("POST", "/accounts/hubspot/new/")],
}
FIELDS = {
    "launch": "inputs-0-name=Ada&steps-s-1-parameters-most=4&steps-s-1-accounts=a-1&"
    "override_reason=because",
    "accounts": "name=Ada&kind=api-key&api_key=a-key&code=123456",
    "users": "full_name=Ada&country=FR",
    # Of a page that told of all that was done with the job.
    "jobs": "seen=999999999",
}


class OneBadAnswer(httpx.BaseTransport):
    """Good answers to everything but what ends in `ending`."""

    def __init__(self, ending: str, body: bytes) -> None:
        self.answers = {name: json.dumps(value).encode() for name, value in GOOD.items()}
        self.answers[ending] = body
        self.asked: set[str] = set()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        ending = request.url.path.rstrip("/").rpartition("/")[2]
        if f"{request.method} {ending}" in self.answers:
            ending = f"{request.method} {ending}"
        if ending not in self.answers:  # An odd answer named something odd.
            return httpx.Response(404, json={"message": "Nothing."})
        self.asked.add(ending)
        return httpx.Response(200, content=self.answers[ending])


def is_readable(value: bytes) -> bool:
    try:
        wire.parse_json(value)
    except wire.WireError:
        return False
    return True


# What is no JSON makes the whole answer none, wherever it stands.
READABLE = [value for value in JSON_VALUES if is_readable(value)]
# What the client cannot read is no answer to any page, whatever it was: of these, one in so many.
EVERY = 16


def bad_bodies(ending: str) -> Iterator[bytes]:
    """Two bad values at a time, in different places, so that each meets another one every time:
    half as many pages. Where one would hide the other (it holds it, or makes the answer none) it
    comes alone."""
    raw = json.dumps(GOOD[ending]).encode()
    places = list(places_of(json.loads(raw)))
    waiting: list[tuple[int, bytes]] = []
    for place, (holder, key) in enumerate(places):
        for value in READABLE if place else JSON_VALUES:
            body = with_value(raw, place, value)
            if not place or isinstance(holder[key], dict | list) or not is_taken(ending, body):
                yield body
            else:
                waiting.append((place, value))
    half = -(-len(waiting) // 2)
    for one, other in zip_longest(waiting[:half], waiting[half:]):
        yield with_values(raw, dict(filter(None, (one, other))))
    yield from TEXTS
    yield from DEEP_TEXTS


def is_taken(ending: str, body: bytes) -> bool:
    """Whether the client makes an answer of it, so that pages get to see it."""
    answer = OPERATIONS[OPERATION_OF[ending]].answers[0]
    assert answer.type
    try:
        (wire.decode_many if answer.is_array else wire.decode)(answer.type, body)
    except wire.WireError:
        return False
    return True


@pytest.fixture
def hosted(settings: object) -> None:
    """The upstream is another server than the sandbox, so it is asked beside requests, too."""
    settings.UPSTREAM_IS_SANDBOX = False
    settings.UPSTREAM_URL = "http://upstream.invalid/v3"


@pytest.mark.parametrize("ending", GOOD)
def test_one_bad_answer_spoils_no_page(client, hosted, ending):
    pages, others = PAGES[ending], OTHER_PAGES.get(ending, [])

    faults = []
    for number, body in enumerate(bad_bodies(ending)):
        # Every place of an answer meets each page, with many values; so does every value.
        turn = number + number // len(READABLE)
        if is_taken(ending, body):
            some = one_of(pages, turn) + (one_of(others, turn // 2) if turn % 2 else [])
        else:
            some = one_of(pages + others, turn // EVERY) if number % EVERY == 0 else []
        with upstream(OneBadAnswer(ending, body)):
            for method, path in some:
                fault = find_fault(as_shot(method, path, number), client)
                if fault:
                    faults.append(f"{body[:300]!r}: {fault}")

    assert faults == []


def one_of(pages: list[tuple[str, str]], turn: int) -> list[tuple[str, str]]:
    return [pages[turn % len(pages)]] if pages else []


def test_good_answers_are_all_asked_for_and_shown(client, hosted):
    """The control: what is not asked for is not tested."""
    asked = OneBadAnswer("workflows", json.dumps(GOOD["workflows"]).encode())

    with upstream(asked):
        statuses = {
            (method, path): fire(client, as_shot(method, path, number))
            for number, (method, path) in enumerate(every_page())
        }

    assert asked.asked == set(GOOD)
    assert {
        page: status for page, status in statuses.items() if status not in (200, 302, 303)
    } == {}


def every_page() -> list[tuple[str, str]]:
    pages = [page for part in (PAGES, OTHER_PAGES) for some in part.values() for page in some]
    return list(dict.fromkeys(pages))


def fire(client: Client, shot: Shot) -> int:
    return shot.fire(client).status_code


def as_shot(method: str, path: str, number: int) -> Shot:
    path, _, query = path.partition("?")
    if method == "GET":
        return Shot(what="bad answer", method=method, path=path, query=query)
    kind = "launch" if "/launch/" in path else path.split("/")[1]
    token = uuid.uuid5(uuid.NAMESPACE_URL, f"{path} {number}")
    body = f"launch_token={token}&change_token={token}&{FIELDS.get(kind, '')}"
    return Shot(what="bad answer", method=method, path=path, body=body.encode())
