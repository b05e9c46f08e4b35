"""The document is true of the sandbox: examples work, statuses can be had, answers conform."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from playground.contract import wire
from playground.contract.paths import LARGEST_PAGE, path_for
from playground.reference.api.examples import accounts
from playground.reference.api.examples.runs import LAUNCH
from playground.reference.api.fields.free import FREE_OBJECTS
from playground.reference.api.operations import OPERATIONS
from playground.sandbox.api.handle import SandboxResponse
from tests.reference.formats.test_openapi import DOCUMENT, json_of, operations_of, schema_problems
from tests.sandbox.world import World

IN_DOCUMENT = operations_of(DOCUMENT)
NOBODY = "5a9db0c0-0009-4000-8000-000000000009"
ONCE, AGAIN = LAUNCH, LAUNCH | {"repeat_option": {"type": "minute", "value": 10}}


def send(
    world: World, name: str, *, query: dict[str, Any] | None = None, **changes: Any
) -> SandboxResponse:
    """Sends the example of the operation as the document has it, with changes to its parts."""
    method, path, found = IN_DOCUMENT[name]
    values = {item["name"]: item["example"] for item in found.get("parameters", ())}
    asked = {
        item["name"]: json.dumps(item["example"]) if item["example"] is True else item["example"]
        for item in found.get("parameters", ())
        if item["in"] == "query"
    }
    filled = path.format(**(values | changes.pop("values", {}))).replace(" ", "%20")
    body = json_of(found["requestBody"])["example"] if "requestBody" in found else None
    body = changes.pop("body", body)
    return world.send(method, f"{filled}?{urlencode(asked | (query or {}))}", body, **changes)


def prepared(name: str) -> tuple[World, dict[str, str]]:
    """A sandbox in which the example of the operation makes sense, and the job that it is about."""
    world = World(speed=1000)
    launch = path_for("launch_workflow", workflow_uid=accounts.PROFILE_UID)
    job = world.post(launch, AGAIN)["job_uid"]
    if name == "retry_job":
        world.post(path_for("cancel_job", job_uid=job))
    if name in ("get_last_results", "list_results"):
        world.pass_seconds(60)
    variable = "job" if name == "get_job" else "job_uid"
    return world, {variable: job} if f"{{{variable}}}" in IN_DOCUMENT[name][1] else {}


def problems_of(name: str, response: SandboxResponse) -> list[str]:
    """What is wrong with an answer by the document."""
    listed = IN_DOCUMENT[name][2]["responses"]
    found = listed.get(str(response.status)) or DOCUMENT["components"]["responses"]["Other"]
    return schema_problems(json_of(found)["schema"], json.loads(response.body))


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_example_can_be_sent_as_it_stands_and_its_answer_is_as_described(name: str):
    world, values = prepared(name)

    response = send(world, name, values=values)

    assert response.status == 200, response.body
    assert problems_of(name, response) == []
    answer = OPERATIONS[name].answers[0]
    assert answer.type
    if answer.is_array:
        assert wire.decode_many(answer.type, response.body)
    else:
        wire.decode(answer.type, response.body)


@pytest.mark.parametrize("name", OPERATIONS)
def test_without_credentials_every_operation_answers_401(name: str):
    world, values = prepared(name)

    response = send(world, name, values=values, headers={})

    assert (response.status, problems_of(name, response)) == (401, [])


UNKNOWN: dict[str, dict[str, Any]] = {
    "get_workflow": {"values": {"workflow_uid": NOBODY}},
    "launch_workflow": {"values": {"workflow_uid": NOBODY}},
    "list_jobs": {"values": {"workflow_uid": NOBODY}},
    "get_last_results": {"values": {"workflow_uid": NOBODY}},
    "get_job": {"values": {"job": NOBODY}},
    "list_results": {"values": {"job_uid": NOBODY}},
    "list_job_inputs": {"values": {"job_uid": NOBODY}},
    "retry_job": {"values": {"job_uid": NOBODY}},
    "cancel_job": {"values": {"job_uid": NOBODY}},
    "retry_webhook": {"values": {"job_uid": NOBODY}},
    "remove_schedule": {"values": {"job": "Nothing of this name"}},
    "list_accounts": {"values": {"integration": "nothing"}},
    "save_account": {"values": {"integration": "nothing"}},
    "delete_account": {"values": {"account_uid": NOBODY}},
    "answer_checkpoint": {"values": {"account_uid": NOBODY}},
    "save_user": {"body": {"uid": NOBODY}},
    "delete_user": {"values": {"user_uid": NOBODY}},
}
MALFORMED: dict[str, dict[str, Any]] = {
    "launch_workflow": {"body": {}},
    "list_jobs": {"query": {"page": "one"}},
    "get_last_results": {"query": {"page": "0"}},
    "list_results": {"query": {"page": "0"}},
    "list_job_inputs": {"query": {"page": "-1"}},
    "retry_job": {"body": {"steps": 1}},
    "list_accounts": {"query": {"page": "-1"}},
    "save_account": {"body": {"account": {"name": "No credentials"}}},
    "answer_checkpoint": {"body": {"code": 123456}},
    "list_users": {"query": {"role": "king"}},
    "save_user": {"body": {"country": "XK"}},
}


def documented(status: int) -> set[str]:
    return {name for name, found in IN_DOCUMENT.items() if str(status) in found[2]["responses"]}


@pytest.mark.parametrize(("name", "changes"), UNKNOWN.items(), ids=UNKNOWN)
def test_what_is_not_there_is_404(name: str, changes: dict[str, Any]):
    world, values = prepared(name)

    response = send(world, name, **({"values": values} | changes))

    assert (response.status, problems_of(name, response)) == (404, [])


@pytest.mark.parametrize(("name", "changes"), MALFORMED.items(), ids=MALFORMED)
def test_what_is_malformed_is_400(name: str, changes: dict[str, Any]):
    world, values = prepared(name)

    response = send(world, name, values=values, **changes)

    assert (response.status, problems_of(name, response)) == (400, [])


def test_a_job_that_has_ended_cannot_be_cancelled():
    world, values = prepared("cancel_job")

    answers = [send(world, "cancel_job", values=values) for _ in range(2)]

    assert [answer.status for answer in answers] == [200, 400]
    assert problems_of("cancel_job", answers[1]) == []


def test_a_launch_beside_as_many_inputs_as_the_plan_allows_is_429():
    world = World(plan_limit=1)
    send(world, "launch_workflow", body=ONCE)

    response = send(world, "launch_workflow", body=ONCE)

    assert (response.status, problems_of("launch_workflow", response)) == (429, [])
    assert int(response.headers["Retry-After"]) > 0


def test_every_status_that_an_operation_documents_has_been_had():
    every = {status for found in IN_DOCUMENT.values() for status in found[2]["responses"]}

    assert every == {"200", "400", "401", "404", "429", "default"}
    assert documented(400) == {*MALFORMED, "cancel_job"}
    assert documented(401) == set(OPERATIONS)
    assert documented(404) == set(UNKNOWN)
    assert documented(429) == {"launch_workflow"}


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_a_method_that_a_path_does_not_document_is_405_and_the_answer_names_the_others(path: str):
    world = World()
    known = {method.upper() for method in DOCUMENT["paths"][path]}
    filled = path.format_map(_Anything())

    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - known:
        response = world.send(method, filled)
        if method == "DELETE" and path.startswith("/jobs/"):
            # A job's name may have slashes, so this is the removal of a schedule.
            assert response.status == 404
            continue
        allowed = set(response.headers["Allow"].split(", "))
        assert (response.status, known <= allowed) == (405, True)
        assert schema_problems(_other_schema(), json.loads(response.body)) == []


class _Anything(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return name


def _other_schema() -> dict[str, Any]:
    schema: dict[str, Any] = json_of(DOCUMENT["components"]["responses"]["Other"])["schema"]
    return schema


def undescribed(schema: dict[str, Any], value: Any, at: str = "$") -> list[str]:
    """Where a value has keys of which its schema says nothing. Free objects say so themselves."""
    schema = resolved(schema)
    if isinstance(value, list):
        return [
            line
            for index, item in enumerate(value)
            for line in undescribed(schema.get("items", {}), item, f"{at}[{index}]")
        ]
    if not isinstance(value, dict) or schema.get("title") in FREE_OBJECTS:
        return []
    properties, others = schema.get("properties", {}), schema.get("additionalProperties")
    found = []
    for key, item in value.items():
        known = properties.get(key, others if isinstance(others, dict) else None)
        found += [f"{at}.{key}"] if known is None else undescribed(known, item, f"{at}.{key}")
    return found


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    if "anyOf" in schema:
        return resolved(schema["anyOf"][0])
    name = schema.get("$ref", "").rpartition("/")[2]
    return DOCUMENT["components"]["schemas"][name] if name else schema


@pytest.mark.parametrize("name", OPERATIONS)
def test_everything_that_is_sent_is_described(name: str):
    world, values = prepared(name)

    response = send(world, name, values=values)

    schema = json_of(IN_DOCUMENT[name][2]["responses"]["200"])["schema"]
    assert undescribed(schema, json.loads(response.body)) == []


def test_a_key_that_is_not_described_is_found():
    schema = json_of(IN_DOCUMENT["list_results"][2]["responses"]["200"])["schema"]
    page = {"results": [{"any": 1}], "paging": {"next": None, "last": 3}, "more": 1}

    assert undescribed(schema, page) == ["$.paging.last", "$.more"]


@pytest.mark.parametrize(
    ("name", "links"),
    [
        (name, response["links"])
        for name, (_, _, operation) in IN_DOCUMENT.items()
        for response in operation["responses"].values()
        if "links" in response
    ],
)
def test_links_lead_on_with_what_the_answer_has(name: str, links: dict[str, Any]):
    world, values = prepared(name)
    answer = json.loads(send(world, name, values=values).body)

    for link in links.values():
        ((variable, pointer),) = link["parameters"].items()
        value = answer[pointer.removeprefix("$response.body#/")]
        variables = {item["name"] for item in IN_DOCUMENT[link["operationId"]][2]["parameters"]}
        assert isinstance(value, str)
        assert variable in variables
    assert {"get_workflow", "launch_workflow"} <= {
        one for one, found in IN_DOCUMENT.items() if "links" in found[2]["responses"]["200"]
    }


BOUNDS = [
    ("launch_workflow", {"delay": 366 * 24 * 3600 + 1}),
    ("launch_workflow", {"delay": -1}),
    ("launch_workflow", {"repeat_option": {"type": "day", "value": 0}}),
    ("launch_workflow", {"repeat_option": {"type": "day", "value": 10_001}}),
    ("launch_workflow", {"repeat_option": {"type": "year", "value": 1}}),
    ("launch_workflow", {"inputs": [{}] * 100_001}),
    ("answer_checkpoint", {"code": "12345"}),
    ("answer_checkpoint", {"code": "1234567"}),
    ("answer_checkpoint", {"code": "12345a"}),
    ("save_user", {"country": "FRA"}),
    ("save_user", {"email": "nobody"}),
    ("save_user", {"email": "a" * 320 + "@example.com"}),
    ("save_account", {"account": {"name": "A", "cookies": {"a" * 201: "x"}}}),
    ("save_account", {"account": {"name": "A", "cookies": {str(n): "x" for n in range(101)}}}),
]


@pytest.mark.parametrize(("name", "change"), BOUNDS, ids=lambda part: str(part)[:40])
def test_what_the_server_refuses_by_its_bounds_does_not_fit_the_schema(
    name: str, change: dict[str, Any]
):
    world, values = prepared(name)
    body = json_of(IN_DOCUMENT[name][2]["requestBody"])["example"]

    response = send(world, name, values=values, body=body | change)

    assert response.status == 400, response.body
    schema = json_of(IN_DOCUMENT[name][2]["requestBody"])["schema"]
    assert schema_problems(schema, body | change) != []


def test_pages_beyond_the_bound_are_refused_and_said_to_be():
    for name, (_, _, operation) in IN_DOCUMENT.items():
        for item in operation.get("parameters", ()):
            if item["name"] == "page":
                world, values = prepared(name)
                response = send(world, name, values=values, query={"page": LARGEST_PAGE + 1})
                assert (response.status, item["schema"]["maximum"]) == (400, LARGEST_PAGE)
