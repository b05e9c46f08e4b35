"""A client of a transport that is made up on the spot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest

from playground.upstream.attempts import Budget, Budgets
from playground.upstream.client import WorkflowClient
from playground.upstream.connections import Connection
from playground.upstream.errors import UpstreamError

KEY = "c0ffee" * 10 + "c0de"
PROJECT = "7b2f0e4a-9d1c-4b53-8a60-5e1f2d3c4b5a"
BASE_URL = "https://upstream.example/v3"
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
# One limit each that can be met, so that a busy machine does not change what is seen: a step
# that stalls, the whole call that takes too long, and room for what ends by itself.
STALLED = Budget(connect=0.4, write=0.4, read=0.4, total=5)
OVERDUE = Budget(connect=0.8, write=0.8, read=0.8, total=0.8)
ROOMY = Budget(connect=20, write=20, read=20, total=30)


def client_over(
    handle: Callable[[httpx.Request], httpx.Response], *, budget: Budget = ROOMY
) -> WorkflowClient:
    return Connection(
        base_url=BASE_URL,
        api_key=KEY,
        project_id=PROJECT,
        transport=lambda: httpx.MockTransport(handle),
        budgets=Budgets(read=budget, change=budget),
        clock=lambda: NOON,
    ).open()


def client_of_network(base_url: str, budget: Budget) -> WorkflowClient:
    return Connection(
        base_url=base_url,
        api_key=KEY,
        project_id=PROJECT,
        budgets=Budgets(read=budget, change=budget),
        clock=lambda: NOON,
    ).open()


def launch_failure(client: WorkflowClient, body: bytes = b"{}") -> UpstreamError:
    """What a launch ends in, which must be plain. Its sentence says which limit ended it."""
    with pytest.raises(UpstreamError) as caught:
        client.launch_workflow("w-1", body)
    assert_plain(caught.value)
    return caught.value


def assert_plain(failure: UpstreamError) -> None:
    """One readable line, without secrets, addresses or a library's words."""
    for text in (failure.sentence, failure.vendor_sentence, failure.detail):
        assert text.isprintable()
        assert not any(secret in text for secret in (KEY, PROJECT, "/v3"))
    assert len(failure.sentence) < 800
    assert "127.0.0.1" not in failure.sentence
    assert not any(word in failure.sentence for word in ("httpx", "httpcore", "Errno", "Error"))
    assert failure.__cause__ is None
    assert failure.__context__ is None
