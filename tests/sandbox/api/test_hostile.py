"""Whatever comes in, what goes out is a clear answer in JSON, with little work."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.contract import paths
from tests.sandbox import world
from tests.sandbox.world import FIND, HEADERS, PERSON, World
from tests.work import lines_run

DEEP = b"[" * 100_000 + b"]" * 100_000
BODIES = [
    b"",
    b"\x00",
    b"\xff\xfe",
    b'"\\ud800"',
    b"NaN",
    b"1e999",
    b"9" * 5_000,
    b'{"a":1,"a":2}',
    DEEP,
    b'{"account":' + DEEP + b"}",
    json.dumps({"account": {"name": "a\0b", "api_key": "x"}}).encode(),
    json.dumps({"code": "\0" * 6, "uid": "\0", "email": "@\0"}).encode(),
    json.dumps({"job_name": 2**70, "steps": [], "inputs": [{}]}).encode(),
]
SEGMENTS = ["nope", "%00", "%FF", "%ED%A0%80", "..%2F..", "%0D%0AX:1", "a" * 5_000, "'%22%3Cx%3E"]


@pytest.mark.parametrize("operation", paths.TEMPLATES)
def test_every_endpoint_answers_hostile_calls_clearly(operation: str) -> None:
    sandbox = World()
    method, template = paths.TEMPLATES[operation]
    sandbox.launch(FIND, world.body(FIND, [PERSON]))

    for segment in (FIND.uid, "linkedin", *SEGMENTS):
        path = template
        for name in (
            "user_uid",
            "integration",
            "account_uid",
            "workflow_uid",
            "job_uid",
            "job_name",
        ):
            path = path.replace("{" + name + "}", segment)
        for body in BODIES:
            response = sandbox.send(method, path, body)

            answer = json.loads(response.body)
            assert response.status in (200, 400, 404)
            assert response.status == 200 or isinstance(answer["message"], str)


HEADER_NAMES = st.sampled_from(["authorization", "x-api-key", "x-project-id"])


@settings(max_examples=300, deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "DELETE", "PUT", ""]) | st.text(max_size=5),
    path=st.text(alphabet="/abj%0:?{}\n\x00é") | st.sampled_from(["/users", "/jobs/x"]),
    query=st.text(alphabet="page=&%0a;+é\x00\udcff"),
    body=st.binary(),
    headers=st.just(HEADERS) | st.dictionaries(HEADER_NAMES, st.text()),
)
def test_no_request_makes_it_raise(
    method: str, path: str, query: str, body: bytes, headers: dict[str, str]
) -> None:
    response = World().send(method, f"{path}?{query}", body, headers=headers)

    assert response.status in (200, 400, 401, 404, 405)
    assert response.status == 200 or set(json.loads(response.body)) == {"message"}


def test_a_hundred_thousand_rows_are_followed_like_few() -> None:
    sandbox = World()
    rows = [PERSON | {"n": n, "note": "x" * 50} for n in range(100_000)]
    rows[5] |= {"last_name": "test:not-found"}
    content = json.dumps(world.body(FIND, rows)).encode()
    uid = sandbox.launch(FIND, content)
    sandbox.pass_seconds(10_000)

    first, polling = (lines_run(lambda: sandbox.job(uid)) for _ in range(2))

    assert sandbox.job(uid)["row_count"] == 99_999
    assert sandbox.get(f"/jobs/{uid}/results?page=100")["results"][-1]["n"] == 99_999
    assert max(first, polling) < 5_000


def test_accepting_twice_as_many_rows_takes_no_more_than_twice_the_work() -> None:
    accepting = {}
    for count in (1_000, 2_000):
        sandbox = World()
        content = json.dumps(world.body(FIND, [PERSON] * count)).encode()
        accepting[count] = lines_run(lambda: sandbox.launch(FIND, content))  # noqa: B023

    assert accepting[2_000] < 2.1 * accepting[1_000]


def test_a_job_of_which_every_row_failed_is_followed_like_any_other() -> None:
    sandbox = World()
    rows = [PERSON | {"last_name": "test:malformed"}] * 99_999 + [PERSON]
    uid = sandbox.launch(FIND, world.body(FIND, rows))
    sandbox.pass_seconds(10_000)

    polling = lines_run(lambda: sandbox.job(uid))

    assert (sandbox.job(uid)["row_count"], len(sandbox.results(uid))) == (1, 1)
    assert polling < 5_000
