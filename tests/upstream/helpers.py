"""A client of a transport that is made up on the spot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import httpx

from playground.upstream.attempts import Budget, Budgets
from playground.upstream.client import WorkflowClient
from playground.upstream.connections import Connection

KEY = "c0ffee" * 10 + "c0de"
PROJECT = "7b2f0e4a-9d1c-4b53-8a60-5e1f2d3c4b5a"
BASE_URL = "https://upstream.example/v3"
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
# Small enough for a test, large enough for a busy machine.
QUICK = Budget(connect=0.6, write=0.6, read=0.6, total=1.0)


def client_over(
    handle: Callable[[httpx.Request], httpx.Response], *, base_url: str = BASE_URL
) -> WorkflowClient:
    return Connection(
        base_url=base_url,
        api_key=KEY,
        project_id=PROJECT,
        transport=lambda: httpx.MockTransport(handle),
        clock=lambda: NOON,
    ).open()


def client_of_network(base_url: str, budget: Budget = QUICK) -> WorkflowClient:
    return Connection(
        base_url=base_url,
        api_key=KEY,
        project_id=PROJECT,
        budgets=Budgets(read=budget, change=budget),
        clock=lambda: NOON,
    ).open()
