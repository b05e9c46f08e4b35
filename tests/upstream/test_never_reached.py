"""Calls that provably left nothing behind: names, connections and certificates that fail."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from playground.upstream import network
from playground.upstream.attempts import Budget, Budgets
from playground.upstream.client import WorkflowClient
from playground.upstream.connections import Connection, shared_ssl_context
from playground.upstream.errors import UpstreamNeverReached
from tests.upstream import faults
from tests.upstream.fault_server import FaultServer, Visit, full_backlog, unused_port
from tests.upstream.helpers import KEY, PROJECT, ROOMY, STALLED, client_of_network, launch_failure

CERTIFICATES = Path(__file__).parent / "certificates"
NOT_FOUND = (
    "The host of the upstream could not be found (DNS). Nothing was sent; check UPSTREAM_URL "
    "and the name server."
)
TOO_SLOW = (
    "The upstream could not be reached within 0.4 seconds. Nothing was sent; try again in a moment."
)
NOT_TRUSTED = "The upstream's TLS certificate is not trusted. Nothing was sent; check UPSTREAM_URL."
NO_TLS = (
    "A secure connection (TLS) to the upstream could not be made. Nothing was sent; check "
    "UPSTREAM_URL."
)


def test_a_host_that_is_not_known() -> None:
    def look_up(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    client = _client("http://nowhere.example/v3", look_up=look_up)

    failure = launch_failure(client)

    assert type(failure) is UpstreamNeverReached
    assert (failure.sentence, failure.status) == (NOT_FOUND, None)


def test_a_host_without_addresses() -> None:
    client = _client("http://nowhere.example/v3", look_up=lambda *_: [])

    failure = launch_failure(client)

    assert type(failure) is UpstreamNeverReached


def test_a_host_label_that_is_too_long_for_dns() -> None:
    client = _client(f"http://{'a' * 64}.example/v3")

    failure = launch_failure(client)

    assert type(failure) is UpstreamNeverReached
    assert failure.sentence in (
        NOT_FOUND,
        "The address of the call is not valid. Nothing was sent; check UPSTREAM_URL.",
    )


def test_a_name_server_that_is_silent() -> None:
    over = threading.Event()

    def look_up(host: str, port: int) -> list[str]:
        over.wait(60)
        return []

    client = _client("http://nowhere.example/v3", look_up=look_up, budget=STALLED)

    failure = launch_failure(client)
    over.set()

    assert type(failure) is UpstreamNeverReached
    assert failure.sentence == TOO_SLOW


def test_a_port_that_nobody_listens_on() -> None:
    with unused_port() as port:
        failure = launch_failure(client_of_network(f"http://127.0.0.1:{port}/v3", ROOMY))

    assert type(failure) is UpstreamNeverReached
    assert failure.sentence == (
        "The upstream refused the connection. Nothing was sent; check UPSTREAM_URL, or try "
        "again later."
    )


def test_a_connection_that_is_not_accepted_in_time() -> None:
    with full_backlog() as port:
        failure = launch_failure(client_of_network(f"http://127.0.0.1:{port}/v3", STALLED))

    assert type(failure) is UpstreamNeverReached
    assert failure.sentence == TOO_SLOW


def test_a_dead_address_leaves_time_for_the_next_one() -> None:
    with full_backlog() as dead, FaultServer(faults.answering("200 OK", b"[]")) as server:
        living = int(server.url.split(":")[2].split("/")[0])
        port, shares = _connect_to(["127.0.0.1", "127.0.0.1"], [dead, living])

    assert port == living
    assert 0.9 < shares[0] <= 1.0, "the dead one has half of the two seconds"
    assert shares[1] <= 1.0


def test_a_certificate_that_nobody_vouches_for() -> None:
    failure = _failure_at_tls("loopback.pem", shared_ssl_context())

    assert failure.sentence == NOT_TRUSTED


@pytest.mark.parametrize("certificate", ["elsewhere.pem", "expired.pem"])
def test_a_certificate_of_another_host_or_time(certificate: str) -> None:
    trusting = ssl.create_default_context(cafile=CERTIFICATES / certificate)

    failure = _failure_at_tls(certificate, trusting)

    assert failure.sentence == NOT_TRUSTED


def test_a_certificate_that_fits_is_accepted() -> None:
    trusting = ssl.create_default_context(cafile=CERTIFICATES / "loopback.pem")
    answer = faults.answering("200 OK", faults.ACCEPTED)

    with FaultServer(answer, tls=_server_context("loopback.pem")) as server:
        accepted = _client(server.url, trusting=trusting).launch_workflow("w-1", b"{}")

    assert accepted.job_uid == "j-1"


def _answers_without_tls(visit: Visit) -> None:
    visit.socket.recv(65536)
    visit.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    visit.drain()


def _sends_an_alert(visit: Visit) -> None:
    visit.socket.recv(65536)
    visit.send(b"\x15\x03\x03\x00\x02\x02\x28")
    visit.drain()


def _hangs_up(visit: Visit) -> None:
    visit.socket.recv(65536)
    visit.drain()


@pytest.mark.parametrize("fault", [_answers_without_tls, _sends_an_alert, _hangs_up])
def test_a_server_that_fails_the_tls_handshake(fault: Callable[[Visit], None]) -> None:
    with FaultServer(fault) as server:
        failure = launch_failure(_client(server.url.replace("http:", "https:")))

    assert type(failure) is UpstreamNeverReached
    assert failure.sentence == NO_TLS


def test_a_server_that_resets_the_tls_handshake() -> None:
    def resets(visit: Visit) -> None:
        visit.socket.recv(65536)
        visit.reset()

    with FaultServer(resets) as server:
        failure = launch_failure(_client(server.url.replace("http:", "https:")))

    assert type(failure) is UpstreamNeverReached
    assert failure.sentence == (
        "A connection to the upstream could not be made. Nothing was sent; check the network "
        "and UPSTREAM_URL."
    )


def test_a_server_that_is_silent_in_the_tls_handshake() -> None:
    with FaultServer(lambda visit: visit.hold()) as server:
        url = server.url.replace("http:", "https:")
        failure = launch_failure(_client(url, budget=STALLED))

    assert type(failure) is UpstreamNeverReached
    assert failure.sentence == TOO_SLOW


def test_a_server_that_resets_after_the_tls_handshake_leaves_the_outcome_unknown() -> None:
    trusting = ssl.create_default_context(cafile=CERTIFICATES / "loopback.pem")

    with FaultServer(faults.reset_before_the_answer, tls=_server_context("loopback.pem")) as server:
        failure = launch_failure(_client(server.url, trusting=trusting))

    assert type(failure) is not UpstreamNeverReached


@pytest.mark.parametrize("base_url", ["http://[::1", "ftp://127.0.0.1/v3", "not an address"])
def test_an_address_that_is_none(base_url: str) -> None:
    failure = launch_failure(_client(base_url))

    assert type(failure) is UpstreamNeverReached
    assert failure.sentence == (
        "The address of the call is not valid. Nothing was sent; check UPSTREAM_URL."
    )


def _connect_to(addresses: list[str], ports: list[int]) -> tuple[int, list[float]]:
    """The port of the connection that was made, and the seconds that each address was given."""
    backend = network._Backend(lambda *_: addresses)
    inner_connect = backend._inner.connect_tcp
    left = iter(ports)
    shares: list[float] = []

    def connect(host: str, port: int, seconds: float, *rest: object) -> object:
        shares.append(seconds)
        return inner_connect(host, next(left), seconds, *rest)

    backend._inner.connect_tcp = connect
    stream = backend.connect_tcp("two.example", 80, timeout=2.0)
    port: int = stream.get_extra_info("server_addr")[1]
    stream.close()
    return port, shares


def _failure_at_tls(certificate: str, trusting: ssl.SSLContext) -> UpstreamNeverReached:
    with FaultServer(faults.silence, tls=_server_context(certificate)) as server:
        failure = launch_failure(_client(server.url, trusting=trusting))
    assert type(failure) is UpstreamNeverReached
    assert server.requests == []
    return failure


def _server_context(certificate: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / certificate)
    return context


def _client(
    base_url: str,
    *,
    look_up: network.Resolver | None = None,
    trusting: ssl.SSLContext | None = None,
    budget: Budget = ROOMY,
) -> WorkflowClient:
    def make_transport() -> httpx.BaseTransport:
        context = trusting or shared_ssl_context()
        return network.NetworkTransport(ssl_context=context, keep_alive=False, resolver=look_up)

    return Connection(
        base_url=base_url,
        api_key=KEY,
        project_id=PROJECT,
        transport=make_transport,
        budgets=Budgets(read=budget, change=budget),
    ).open()
