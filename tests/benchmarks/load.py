"""A load generator: one process for each connection, raw keep-alive sockets, 127.0.0.1 only."""

import multiprocessing
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass

from tests.benchmarks.measuring import percentile

LONGEST_SECONDS = 60
MOST_REQUESTS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is sent, again and again."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""

    def raw(self, port: int) -> bytes:
        headers = {"Host": f"127.0.0.1:{port}", "Connection": "keep-alive"} | dict(self.headers)
        if self.method == "POST":
            headers["Content-Length"] = str(len(self.body))
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Latencies in milliseconds. `size` is the last answer's, head and body, in bytes."""

    seconds: float
    latencies: tuple[float, ...]
    size: int

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def p50(self) -> float:
        return percentile(self.latencies, 50)

    @property
    def p95(self) -> float:
        return percentile(self.latencies, 95)


def measure(port: int, request: Request, *, connections: int, requests: int) -> Measured:
    """Send `requests` in all over `connections`. Raises when any answer is not a 200."""
    each = min(requests, MOST_REQUESTS) // connections
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(connections + 1)
    answers = context.SimpleQueue()
    clients = [
        context.Process(target=_client, args=(port, request.raw(port), each, barrier, answers))
        for _ in range(connections)
    ]
    for client in clients:
        client.start()
    barrier.wait(LONGEST_SECONDS)
    began = time.perf_counter()
    results = [answers.get() for _ in clients]
    seconds = time.perf_counter() - began
    for client in clients:
        client.join()
    problems = [result for result in results if isinstance(result, str)]
    if problems:
        raise RuntimeError(problems[0])
    latencies = tuple(latency for found, _ in results for latency in found)
    return Measured(seconds=seconds, latencies=latencies, size=results[0][1])


def _client(port, raw, count, barrier, answers) -> None:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _exchange(line, raw)
            barrier.wait(LONGEST_SECONDS)
            answers.put(_repeat(line, raw, count))
    except Exception as error:
        barrier.abort()
        answers.put(f"{type(error).__name__}: {error}")


def _repeat(line, raw, count):
    latencies, size = [], 0
    end = time.perf_counter() + LONGEST_SECONDS
    while len(latencies) < count:
        began = time.perf_counter()
        if began > end:
            break
        size = _exchange(line, raw)
        latencies.append((time.perf_counter() - began) * 1000)
    return latencies, size


def _exchange(line: socket.socket, raw: bytes) -> int:
    """Send, read the whole answer, return its size."""
    line.sendall(raw)
    got = b""
    while b"\r\n\r\n" not in got:
        got += _some(line)
    head, _, body = got.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"answered {head.splitlines()[0].decode()}")
    lower = head.lower()
    if b"transfer-encoding: chunked" in lower:
        while not body.endswith(b"0\r\n\r\n"):
            body += _some(line)
    else:
        length = int(lower.partition(b"content-length:")[2].split()[0])
        while len(body) < length:
            body += _some(line)
    return len(head) + 4 + len(body)


def _some(line: socket.socket) -> bytes:
    data = line.recv(65_536)
    if not data:
        raise RuntimeError("the server closed the connection")
    return data
