"""Settings → one client for the process, shared by its threads."""

from __future__ import annotations

import logging
import threading
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx
import pytest
from django.test import override_settings

from playground.contract import accounts
from playground.upstream import connections
from playground.upstream.attempts import Budget
from playground.upstream.client import WorkflowClient
from playground.upstream.connections import Connection
from playground.upstream.errors import UpstreamError, UpstreamOutcomeUnknown
from tests.upstream import faults
from tests.upstream.fault_server import JSON_HEADERS, FaultServer, Visit, head
from tests.upstream.helpers import (
    KEY,
    PROJECT,
    ROOMY,
    client_of_network,
    client_over,
    launch_failure,
)

SEEN: list[httpx.Request] = []


def make_transport() -> httpx.BaseTransport:
    """What a setting can name: a transport that answers in process."""

    def handle(request: httpx.Request) -> httpx.Response:
        SEEN.append(request)
        return httpx.Response(200, json=[])

    return httpx.MockTransport(handle)


@pytest.fixture(autouse=True)
def _fresh_start() -> Iterator[None]:
    SEEN.clear()
    connections.reset()
    yield
    connections.reset()


IN_PROCESS = override_settings(
    UPSTREAM_URL="http://inside.invalid/v3",
    UPSTREAM_API_KEY="the-key",
    UPSTREAM_PROJECT_ID="the-project",
    UPSTREAM_TRANSPORT="tests.upstream.test_connections.make_transport",
)


@IN_PROCESS
def test_the_settings_name_the_upstream() -> None:
    connections.connect().list_workflows()

    (request,) = SEEN
    assert str(request.url) == "http://inside.invalid/v3/workflows"
    assert request.headers["authorization"] == "x-api-key the-key"
    assert request.headers["x-project-id"] == "the-project"


@IN_PROCESS
def test_the_client_is_made_once_for_all_threads() -> None:
    together = threading.Barrier(8)

    def connect(_: int) -> WorkflowClient:
        together.wait(60)
        return connections.connect()

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(connect, range(8)))

    assert made == {connections.connect()}


@IN_PROCESS
def test_a_reset_makes_the_next_client_read_the_settings_again() -> None:
    first = connections.connect()

    with override_settings(UPSTREAM_API_KEY="another-key"):
        connections.reset()
        connections.connect().list_workflows()

    assert connections.connect() is not first
    assert [request.headers["authorization"] for request in SEEN] == ["x-api-key another-key"]


@IN_PROCESS
def test_a_forked_child_starts_with_a_client_of_its_own() -> None:
    parents = connections.connect()

    connections._start_over_in_child()

    assert connections.connect() is not parents


@override_settings(
    UPSTREAM_URL="", UPSTREAM_API_KEY=KEY, UPSTREAM_PROJECT_ID=PROJECT, UPSTREAM_TRANSPORT=""
)
def test_without_a_named_transport_calls_go_over_the_network() -> None:
    def answer(visit: Visit) -> None:
        visit.answer("200 OK", b"[]")

    with FaultServer(answer) as server, override_settings(UPSTREAM_URL=server.url):
        answered = connections.connect().list_workflows()

    assert answered == ()
    (request,) = server.requests
    assert request.split(b"\r\n")[0] == b"GET /v3/workflows HTTP/1.1"
    assert f"Authorization: x-api-key {KEY}".encode() in request


def test_the_time_that_calls_may_take() -> None:
    budgets = Connection(base_url="http://a.example/v3", api_key="k", project_id="p").budgets

    assert budgets.change == Budget(connect=5, write=10, read=15, total=20)
    assert budgets.read == Budget(connect=5, write=10, read=10, total=10)


def test_the_repr_of_a_connection_hides_the_credentials() -> None:
    connection = Connection(base_url="http://a.example/v3", api_key=KEY, project_id=PROJECT)

    text = repr(connection) + str(connection) + repr(connection.open())

    assert "http://a.example/v3" in text
    assert KEY not in text
    assert PROJECT not in text


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        FaultServer(faults.answering("200 OK", b"[]")) as proxy,
        FaultServer(faults.answering("200 OK", b"[]")) as server,
    ):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        with closing(client_of_network(server.url, ROOMY)) as client:
            client.list_workflows()

    assert (len(proxy.visits), len(server.visits)) == (0, 1)


def test_cookies_are_not_kept() -> None:
    def gives_a_cookie(visit: Visit) -> None:
        headers = JSON_HEADERS | {"Set-Cookie": "who=me; Path=/", "Content-Length": "2"}
        while visit.read_request():
            visit.send(head("200 OK", headers) + b"[]")

    with FaultServer(gives_a_cookie) as server:
        client = client_of_network(server.url, ROOMY)
        client.list_workflows()
        client.list_workflows()
        kept = list(client._exchange._kept.cookies.jar)
        client.close()

    assert kept == []
    assert len(server.requests) == 2
    assert not any(b"cookie" in request.lower() for request in server.requests)


def test_many_threads_share_one_client() -> None:
    def echoes_the_identifier(visit: Visit) -> None:
        while request := visit.read_request():
            uid = request.split(b" ")[1].rsplit(b"/", 1)[1]
            body = b'{"uid": "' + uid + b'"}'
            length = {"Content-Length": str(len(body))}
            visit.send(head("200 OK", JSON_HEADERS | length) + body)

    with FaultServer(echoes_the_identifier) as server:
        client = client_of_network(server.url, ROOMY)
        with ThreadPoolExecutor(16) as pool:
            asked = [f"j-{number}" for number in range(200)]
            found = [job.uid for job in pool.map(client.get_job, asked)]
        client.close()

    assert found == asked


def test_one_slow_call_does_not_use_up_the_time_of_another() -> None:
    budget = Budget(connect=2, write=2, read=2, total=2)

    def slow(visit: Visit) -> None:
        if b"/jobs/slow " in visit.read_request():
            visit.hold()
        visit.stopping.wait(1.1)
        visit.send(head("200 OK", JSON_HEADERS | {"Content-Length": "14"}) + b'{"uid": "j-1"}')

    with FaultServer(slow) as server, ThreadPoolExecutor(1) as pool:
        client = client_of_network(server.url, budget)
        first = pool.submit(client.get_job, "slow")
        time.sleep(1.1)
        second = client.get_job("late")
        client.close()

    assert isinstance(first.exception(), UpstreamError)
    assert second.uid == "j-1"


def test_no_log_record_of_a_call_over_the_network_holds_the_credentials(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name in ("httpx", "httpcore", "playground"):
        caplog.set_level(logging.DEBUG, logger=name)

    with (
        FaultServer(faults.answering("200 OK", b"[]")) as server,
        closing(client_of_network(server.url, ROOMY)) as client,
    ):
        client.list_workflows()

    written = "\n".join(record.getMessage() for record in caplog.records)

    assert "send_request_headers" in written, "the library's own records are looked at"
    assert KEY not in written
    assert PROJECT not in written


def test_an_answer_in_process_may_come_in_pieces() -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"job_'
        yield b'uid": "j-1"}'

    client = client_over(lambda _: httpx.Response(200, content=pieces()))

    assert client.launch_workflow("w-1", b"{}").job_uid == "j-1"


def test_an_answer_in_process_keeps_to_the_deadline() -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(100):
            time.sleep(0.05)
            yield b" "

    budget = Budget(total=0.3)
    client = client_over(lambda _: httpx.Response(200, content=pieces()), budget=budget)

    failure = launch_failure(client)

    assert type(failure) is UpstreamOutcomeUnknown
    assert failure.sentence.startswith("The upstream did not finish within 0.3 seconds.")


def test_a_bomb_is_not_unpacked_in_memory() -> None:
    bomb = httpx.Response(
        200, headers={"Content-Encoding": "gzip"}, content=iter([faults.gzip_bomb()])
    )
    client = client_over(lambda _: bomb)

    tracemalloc.start()
    try:
        failure = launch_failure(client)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert type(failure) is UpstreamOutcomeUnknown
    assert peak < 40_000_000


def test_an_answer_in_process_keeps_to_the_cap() -> None:
    client = client_over(lambda _: httpx.Response(200, content=b" " * (10 * 1024 * 1024 + 1)))

    with pytest.raises(UpstreamError) as caught:
        client.list_workflows()

    assert caught.value.sentence == (
        "The upstream's answer is too large: more than 10 MB. Nothing was changed; try again in "
        "a moment."
    )


def test_an_answer_of_exactly_the_cap_is_read() -> None:
    body = b'{"message":"' + b"a" * (10 * 1024 * 1024 - 14) + b'"}'
    client = client_over(lambda _: httpx.Response(200, content=body))

    message = client.cancel_job("j-1")

    assert message == accounts.Message(message="a" * (10 * 1024 * 1024 - 14))


def test_there_is_one_ssl_context_for_the_process() -> None:
    assert connections.shared_ssl_context() is connections.shared_ssl_context()
