"""Pages are tested through Django's client, against an upstream with one small workflow."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import httpx
import pytest
from django.test import Client

from tests.upstreams import AnsweringTransport, upstream
from tests.web.html_forms import posted_fields

WORKFLOW_UID = "1f6f1111-2222-4333-8444-555555555501"
FIND, ADD = "c8cb1111-2222-4333-8444-555555555501", "c8cb1111-2222-4333-8444-555555555502"
VALID, EXPIRED = "aaaa1111-2222-4333-8444-555555555501", "aaaa1111-2222-4333-8444-555555555502"
ADDRESS = f"/workflows/{WORKFLOW_UID}/"

WORKFLOW = {
    "uid": WORKFLOW_UID,
    "name": "Find & add",
    "steps": [
        {
            "step_uid": FIND,
            "step_name": "Find an e-mail",
            "position": 0,
            "integrations": [],
            "input_schema": {
                "first_name": {"required": 1},
                "company": {"required": 0, "variations": ["company_name"]},
            },
            "output_schema": ["email"],
            "parameters_schema": {
                "properties": {
                    "most": 3,
                    "score": 0.5,
                    "strict": False,
                    "domain": "",
                    "tags": ["a"],
                    "options": {"a": 1},
                    "owner": None,
                }
            },
        },
        {
            "step_uid": ADD,
            "step_name": "Add to the CRM",
            "position": 1,
            "integrations": ["hubspot"],
            "output_schema": ["id"],
            "parameters_schema": {"properties": {}},
        },
    ],
}
ACCOUNTS = [
    {"uid": VALID, "name": "Sales <team>", "is_valid": True, "level": "Classic"},
    {"uid": EXPIRED, "name": "Old", "is_valid": False, "is_shared": True},
]
WORKSPACE = {
    "name": "Team",
    "email": "ops@example.com",
    "plan_name": "Pro",
    "current_month_start": "2026-11-01T00:00:00+00:00",
    "current_month_end": "2026-12-01T00:00:00+00:00",
    "tasks_left": 1000,
}
ACCEPTED = {"job_uid": "j-1", "message": "Bot successfully scheduled."}


@pytest.fixture(autouse=True)
def _local_sign_in(settings) -> None:
    settings.SIGN_IN = "local"


@pytest.fixture
def hosted() -> Iterator[AnsweringTransport]:
    """The upstream; set `hosted.answers["schedule"]` to change what a launch gets."""
    listing = [{"uid": WORKFLOW_UID, "name": "Find & add", "steps": [{"name": "Find an e-mail"}]}]
    numbers = itertools.count(1)
    transport = AnsweringTransport(
        workflows=lambda _: httpx.Response(200, json=listing),
        details=lambda request: (
            httpx.Response(200, json=WORKFLOW)
            if WORKFLOW_UID in request.url.path
            else httpx.Response(404, json={"message": "No such workflow."})
        ),
        accounts=lambda _: httpx.Response(
            200, json={"accounts": ACCOUNTS, "next_page_exist": False}
        ),
        workspace=lambda _: httpx.Response(200, json=WORKSPACE),
        jobs=lambda _: httpx.Response(200, json=[]),
        schedule=lambda _: httpx.Response(200, json=ACCEPTED | {"job_uid": f"j-{next(numbers)}"}),
    )
    with upstream(transport):
        yield transport


@pytest.fixture
def client(db: None, hosted: AnsweringTransport) -> Client:
    return Client()


@pytest.fixture
def form(client: Client) -> Callable[..., dict[str, list[str]]]:
    """The fields of the playground page as a browser would post them, with changes."""

    def fill(**changes: str | list[str]) -> dict[str, list[str]]:
        html = client.get(ADDRESS).content.decode()
        fields: dict[str, list[str]] = {}
        for name, value in posted_fields(html, "launch-form"):
            fields.setdefault(name, []).append(value)
        for name, value in changes.items():
            fields[name] = value if isinstance(value, list) else [value]
        return fields

    return fill
