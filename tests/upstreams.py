"""Upstreams for tests: the in-process client with a transport of the test's choosing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

from playground.services.upstream_cache import invalidation
from playground.upstream import connections

Handler = Callable[[httpx.Request], httpx.Response]


@contextmanager
def upstream(transport: httpx.BaseTransport) -> Iterator[None]:
    """Everything that asks the upstream gets `transport`; nothing kept from before is used."""
    connection = connections.Connection(
        base_url="http://upstream.invalid/v3",
        api_key="key-of-the-tests",
        project_id="project-of-the-tests",
        transport=lambda: transport,
    )
    connections.reset()
    invalidation.forget_everything()
    connections._clients["upstream"] = connection.open()
    try:
        yield
    finally:
        connections.reset()
        invalidation.forget_everything()


class RecordingTransport(httpx.BaseTransport):
    """Passes calls on and remembers them: (method, path) of each."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner
        self.calls: list[tuple[str, str]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.calls.append((request.method, request.url.path))
        return self.inner.handle_request(request)


class AnsweringTransport(httpx.BaseTransport):
    """Answers every call of a path's ending with what the test set, others with 404."""

    def __init__(self, **answers: Handler) -> None:
        self.answers = answers
        self.requests: list[httpx.Request] = []

    @property
    def launches(self) -> list[httpx.Request]:
        return [request for request in self.requests if request.url.path.endswith("/schedule")]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        ending = request.url.path.rstrip("/").rpartition("/")[2]
        answer = self.answers.get(ending)
        return answer(request) if answer else httpx.Response(404, json={"message": "Not here."})
