"""The way to the network: sockets that keep to the attempt they serve.

Built from the public parts of the HTTP library's own core, for two things that it does not do:
a deadline over all reads and writes of a call, and a name look-up that keeps to a timeout.
"""

from __future__ import annotations

import contextlib
import ipaddress
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpcore
import httpx

from playground.upstream import attempts

Resolver = Callable[[str, int], list[str]]
_CHUNK = 64 * 1024


class NetworkTransport(httpx.BaseTransport):
    """HTTP/1.1 over TCP or TLS: no proxies, no retries.

    With `keep_alive` off every call opens a connection of its own: a connection that the other
    side has closed meanwhile gives an error that cannot be told from a lost answer.
    """

    def __init__(
        self,
        *,
        ssl_context: ssl.SSLContext,
        keep_alive: bool,
        resolver: Resolver | None = None,
    ) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context,
            max_connections=100,
            max_keepalive_connections=20 if keep_alive else 0,
            keepalive_expiry=5.0,
            http1=True,
            http2=False,
            retries=0,
            network_backend=_Backend(resolver or look_up),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)  # noqa: S101
        core_request = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _translated():
            response = self._pool.handle_request(core_request)
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Stream(response.stream),
            extensions=response.extensions,
        )

    def close(self) -> None:
        self._pool.close()


class _Stream(httpx.SyncByteStream):
    """The body of an answer, with the library's own exceptions."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        with _translated():
            yield from self._stream

    def close(self) -> None:
        with _translated():
            self._stream.close()


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """The core's exceptions → the library's, which carry the same names."""
    try:
        yield
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
    ) as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error


class _Backend(httpcore.NetworkBackend):
    """Opens connections within `timeout` seconds in all, whatever the number of addresses."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        limit = attempts.CallAttempt(_clamp(timeout, httpcore.ConnectTimeout))
        addresses = _resolve_in_time(self._resolver, host, port, limit.remaining)
        failure: Exception = httpcore.ConnectError("The host has no address.")
        for position, address in enumerate(addresses):
            # A share for each: one dead address must not use up the time of a good one.
            share = max(limit.remaining, 0.001) / (len(addresses) - position)
            try:
                stream = self._inner.connect_tcp(
                    address, port, share, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _DeadlineStream(stream)
        raise failure


class _DeadlineStream(httpcore.NetworkStream):
    """A socket whose every operation ends with the attempt it serves."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _clamp(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # In slices, so that a reader that takes a little at a time meets the deadline too.
        for start in range(0, len(buffer), _CHUNK):
            limit = _clamp(timeout, httpcore.WriteTimeout)
            if (attempt := attempts.current()) is not None:
                attempt.has_sent = True
            self._inner.write(buffer[start : start + _CHUNK], limit)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        limit = _clamp(timeout, httpcore.ConnectTimeout)
        return _DeadlineStream(self._inner.start_tls(ssl_context, server_hostname, limit))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _clamp(timeout: float | None, error: type[Exception]) -> float:
    """`timeout`, or what the attempt has left when that is less. Raises `error` at nothing."""
    attempt = attempts.current()
    remaining = attempt.remaining if attempt is not None else float("inf")
    if remaining <= 0:
        raise error("The time for the whole call is used up.")
    return min(remaining, 3600.0 if timeout is None else timeout)


def look_up(host: str, port: int) -> list[str]:
    """The host's addresses, as the system's resolver orders them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _resolve_in_time(resolver: Resolver, host: str, port: int, timeout: float) -> list[str]:
    """The system's resolver knows no timeout: it is asked in a thread, which ends by itself."""
    with contextlib.suppress(ValueError):
        return [str(ipaddress.ip_address(host))]
    outcome: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            outcome.put(resolver(host, port))
        except Exception as error:
            outcome.put(error)

    threading.Thread(target=ask, name="name-look-up", daemon=True).start()
    try:
        found = outcome.get(timeout=max(timeout, 0.001))
    except queue.Empty:
        raise httpcore.ConnectTimeout("The name look-up took too long.") from None
    if isinstance(found, list):
        return found
    failure = httpcore.ConnectError("The name look-up failed.")
    failure.__context__ = found  # Not `__cause__`: the core cuts that off on its way.
    raise failure
