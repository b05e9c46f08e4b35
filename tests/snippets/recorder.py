"""A server that keeps what it is sent, and answers as the API does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.snippets import hostile

JOB = "5a9d"
FOLLOWS = "/follows/"
TOO_MANY = 429
STATES = (
    (200, {"uid": JOB, "status": "pending"}),
    (TOO_MANY, {"message": "Too many."}),
    (200, {"uid": JOB, "status": "completed"}),  # The rarer spelling of `finished`.
)


@dataclass(slots=True)
class Received:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Recorder:
    """`url` has no slash at its end."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, received: Received) -> int:
        """How often this was asked before."""
        with self.lock:
            before = sum(
                (one.method, one.path) == (received.method, received.path) for one in self.received
            )
            self.received.append(received)
        return before

    def of(self, beginning: str) -> list[Received]:
        """What came to addresses that begin so."""
        return [one for one in self.received if one.path.startswith(beginning)]


def answer_to(path: str, times: int) -> tuple[int, bytes]:
    """The answer to what was asked so often before. Whoever follows a job has to wait at first, and
    again while it runs."""
    if "/results?page=" in path:
        return 200, hostile.results(int(path.rpartition("=")[2])).encode()
    if path.endswith(f"/jobs/{JOB}"):
        status, answer = STATES[min(times, len(STATES) - 1)]
        return status, json.dumps(answer).encode()
    if FOLLOWS in path and not times:
        return TOO_MANY, b'{"message": "Too many inputs in parallel."}'
    return 200, json.dumps({"job_uid": JOB, "message": "Launched."}).encode()


@contextmanager
def recording() -> Iterator[Recorder]:
    recorder = Recorder()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            times = recorder.keep(Received(self.command, self.path, headers, body))
            status, answer = answer_to(self.path, times)
            self.send_response(status)
            if status == TOO_MANY:
                self.send_header("Retry-After", "1")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_DELETE = answer  # noqa: N815

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    recorder.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield recorder
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
