"""The sandbox as programs meet it: over a connection, behind the server that `run` starts."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.playgrounds import Starter
from tests.sandbox import world
from tests.sandbox.world import FIND, HEADERS, KEY, PERSON, PROJECT


@pytest.fixture(scope="module")
def sandbox(shared_playgrounds: Starter) -> Iterator[httpx.Client]:
    running = shared_playgrounds.start(SANDBOX_API_KEY=KEY, SANDBOX_PROJECT_ID=PROJECT)
    with httpx.Client(base_url=f"{running.url.rstrip('/')}/sandbox/v3", headers=HEADERS) as client:
        yield client


def in_chunks(content: object) -> Iterator[bytes]:
    text = json.dumps(content).encode()
    yield text[:10]
    yield text[10:]


def test_a_retry_whose_body_comes_in_chunks_runs_that_body(sandbox: httpx.Client) -> None:
    content = world.body(FIND, [PERSON], delay=3_600)
    uid = sandbox.post(f"/workflows/{FIND.uid}/schedule", json=content).json()["job_uid"]
    sandbox.post(f"/jobs/{uid}/cancel")

    retried = sandbox.post(
        f"/jobs/{uid}/retry", content=in_chunks(world.body(FIND, [PERSON] * 3, delay=3_600))
    )

    job = sandbox.get(f"/jobs/{uid}").json()
    assert "content-length" not in retried.request.headers
    assert (retried.status_code, job["number_inputs"]) == (200, 3)
