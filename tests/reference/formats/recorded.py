"""Calls that were made up once, by `tests.soak.conformance`, and are replayed in a moment.

`calls.jsonl` has one a line, with the status of its answer. To make it anew, of other cases or
because the document has changed:

    python -m tests.soak.conformance --keep
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from playground.contract import wire
from playground.contract.paths import path_for
from playground.reference.api.examples import accounts
from playground.reference.api.examples.runs import LAUNCH
from playground.reference.api.operations import OPERATIONS
from playground.sandbox import catalog
from playground.sandbox.api.handle import SandboxRequest, SandboxResponse
from playground.sandbox.storage.memory import MemoryStore
from tests.reference.formats.sandbox_app import SERVER_URL, SandboxApp
from tests.reference.formats.test_openapi import json_of, schema_problems
from tests.reference.formats.test_openapi_sandbox import IN_DOCUMENT, problems_of
from tests.sandbox.world import KEY, PROJECT, World

FILE = Path(__file__).parent / "calls.jsonl"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`headers` is a number in `EVERY_HEADERS`, `status` that of the answer. In paths stand the
    names of jobs, such as `{job 0}`, as UIDs are the store's affair."""

    operation: str
    method: str
    path: str
    query: str = ""
    headers: int = 0
    body: str = ""
    plan_limit: int = 0
    status: int = 200

    def request(self, jobs: Iterable[str]) -> SandboxRequest:
        path = self.path
        for number, uid in enumerate(jobs):
            path = path.replace(f"{{job {number}}}", uid)
        return SandboxRequest(
            method=self.method,
            path=path,
            query=self.query,
            headers={name.lower(): text for name, text in EVERY_HEADERS[self.headers].items()},
            body=self.body.encode("utf-8", "surrogateescape"),
            base_url=SERVER_URL,
        )


def read_calls() -> tuple[Call, ...]:
    with FILE.open() as lines:
        return tuple(Call(**json.loads(line)) for line in lines)


def write_calls(calls: Iterable[Call]) -> None:
    lines = (json.dumps(_without_defaults(call)) for call in calls)
    FILE.write_text("".join(f"{line}\n" for line in lines))


def replay(calls: Iterable[Call]) -> Iterator[tuple[Call, SandboxResponse]]:
    """The answers to calls of one operation, in a world of their own."""
    app = SandboxApp(World())
    known = prepare(app)
    prepared = app.world
    for call in calls:
        if OPERATIONS[call.operation].changes:
            app.world = copied(prepared, plan_limit=call.plan_limit)
        yield call, app.handle(call.request(known["job_uid"]))


def prepare(app: SandboxApp) -> dict[str, list[str]]:
    """A new world; path variable → what exists in it, with jobs of several kinds."""
    app.world = world = World(speed=20)
    path = path_for("launch_workflow", workflow_uid=accounts.PROFILE_UID)
    once, again = LAUNCH, LAUNCH | {"repeat_option": {"type": "minute", "value": 10}}
    slow = {"inputs": [{"linkedin_profile_url": "test:slow"}]}
    bodies = (again, once, once | {"delay": 10_000}, once | slow)
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


def copied(world: World, *, plan_limit: int) -> World:
    """A world of its own, where all is as it was: preparing one takes as long as ten calls."""
    store, made = world.store, MemoryStore()
    assert isinstance(store, MemoryStore)
    made._launches, made._bodies = dict(store._launches), dict(store._bodies)
    made._changes = list(store._changes)
    made._random.setstate(store._random.getstate())
    return dataclasses.replace(world, store=made, plan_limit=plan_limit)


def faults_of(call: Call, response: SandboxResponse) -> list[str]:
    """What is wrong with the answer: by the document, and by the playground's own types."""
    found = [f"status {response.status}, once {call.status}"]
    found = found if response.status != call.status else []
    if response.headers["content-type"] != "application/json":
        found.append(f"content type {response.headers['content-type']}")
    found += own_faults(call.operation, response.status, response.body, call.headers < 2)
    if response.status == 200:
        found += [f"taken against the document: {one}" for one in problems_of_request(call)]
    return found + problems_of(call.operation, response)


def problems_of_request(call: Call) -> list[str]:
    """What is wrong with the query and the body by the document."""
    described = IN_DOCUMENT[call.operation][2]
    asked = dict(parse_qsl(call.query, keep_blank_values=True))
    found = []
    for item in described.get("parameters", ()):
        if item["in"] != "query":
            continue
        if item["name"] in asked:
            found += schema_problems(item["schema"], _typed(asked[item["name"]], item["schema"]))
        elif item.get("required"):
            found.append(f"{item['name']} is required")
    if call.body and "requestBody" in described:
        schema = json_of(described["requestBody"])["schema"]
        found += schema_problems(schema, json.loads(call.body))
    elif described.get("requestBody", {}).get("required"):
        found.append("a body is required")
    return found


def _typed(text: str, schema: dict[str, Any]) -> object:
    """The text of a query as the type that the document gives it, if it is one."""
    if schema.get("type") == "integer" and text.lstrip("-").isdecimal():
        return int(text)
    if schema.get("type") == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def own_faults(name: str, status: int, body: bytes, is_known: bool) -> list[str]:
    """What Schemathesis cannot know: `default` allows any status; our types must read it."""
    operation = OPERATIONS[name]
    listed = {
        item.status for item in (*operation.answers, *operation.failures) if item.status < 500
    }
    found = [] if status in listed else [f"status {status} is not listed"]
    if is_known == (status == 401):
        found.append(f"status {status} with {'good' if is_known else 'wrong'} credentials")
    if status >= 400:
        message = json.loads(body).get("message")
        if not (isinstance(message, str) and message.endswith(".")):
            found.append("an error without sentence")
        return found
    answer = operation.answers[0]
    assert answer.type
    try:
        (wire.decode_many if answer.is_array else wire.decode)(answer.type, body)
    except wire.WireError as error:
        found.append(f"not of the contract's type: {error}")
    return found


def _without_defaults(call: Call) -> dict[str, Any]:
    defaults = {item.name: item.default for item in dataclasses.fields(Call)}
    told = dataclasses.asdict(call)
    return {name: value for name, value in told.items() if value != defaults[name]}
