"""An upstream on a loopback socket that judges like the sandbox and dawdles as told.

It remembers each launch call that arrived, by its job's name, and what came of it.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from playground.sandbox.api import handle as api
from playground.sandbox.storage.memory import MemoryStore
from tests.playgrounds import kept_port

KEY, PROJECT_ID = "key-of-the-slow-upstream", "project-of-the-slow-upstream"
SETTINGS = api.SandboxSettings(api_key=KEY, project_id=PROJECT_ID, speed=100_000, plan_limit=0)


@dataclass(slots=True)
class Arrival:
    """One launch call: whether a job was made of it, and when it was answered (monotonic clock,
    0 before). `is_over`: nothing more happens to it, whoever sent it may be long gone.
    """

    job_name: str
    job_uid: str = ""
    answered_at: float = 0.0
    is_over: threading.Event = field(default_factory=threading.Event)


Hook = Callable[[Arrival], None]


def _at_once(_: Arrival) -> None:
    pass


class SlowUpstream:
    """`with SlowUpstream() as upstream:` answers at `upstream.url` until the block ends.

    `before_accepting`, `before_answering` and `after_answering` run in the thread of the call;
    what they wait for, the launch waits for. Other calls wait for the event of the first of
    `slow_paths` that their path holds. A launch whose sender has gone is accepted all the
    same, as an upstream does that has read the request.
    """

    def __init__(self) -> None:
        self.before_accepting: Hook = _at_once
        self.before_answering: Hook = _at_once
        self.after_answering: Hook = _at_once
        self.slow_paths: dict[str, threading.Event] = {}
        # Jobs are stamped as if they had been made so long ago.
        self.made_ago = timedelta()
        self.arrivals: list[Arrival] = []
        self._store = MemoryStore()
        self._lock = threading.Lock()
        self._port = 0
        self._open = contextlib.ExitStack()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v3"

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a playground that is to use it."""
        return {
            "UPSTREAM_URL": self.url,
            "UPSTREAM_API_KEY": KEY,
            "UPSTREAM_PROJECT_ID": PROJECT_ID,
        }

    def arrivals_of(self, job_name: str) -> list[Arrival]:
        with self._lock:
            return [arrival for arrival in self.arrivals if arrival.job_name == job_name]

    def jobs_of(self, job_name: str) -> list[str]:
        """The UIDs of the jobs that were made under this name."""
        return [one.job_uid for one in self.arrivals_of(job_name) if one.job_uid]

    def start(self) -> None:
        """On the same port as ever, with the jobs it had, if it ran before."""
        upstream = self

        class Handler(_Handler):
            def answer(self, body: bytes) -> None:
                upstream._answer(self, body)

        self._server = _Server(("127.0.0.1", self._port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def stop(self) -> None:
        """Nobody listens any more, and every connection is cut."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        for connection in self._server.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def forget_jobs(self, seed: int) -> None:
        """Those to come have other UIDs than those before, as long as the seeds differ."""
        self._store = MemoryStore(seed)

    def __enter__(self) -> SlowUpstream:
        self._port = self._open.enter_context(kept_port())
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self._open.close()

    def _answer(self, handler: _Handler, body: bytes) -> None:
        path, _, query = handler.path.removeprefix("/v3").partition("?")
        request = api.SandboxRequest(
            method=handler.command,
            path=path,
            query=query,
            headers={name.lower(): value for name, value in handler.headers.items()},
            body=body,
            base_url=self.url,
        )
        if path.endswith("/schedule") and handler.command == "POST":
            self._launch(handler, request)
        else:
            self._wait(path)
            handler.send(api.handle(request, self._store, datetime.now(UTC), SETTINGS))

    def _wait(self, path: str) -> None:
        for part, event in tuple(self.slow_paths.items()):
            if part in path:
                event.wait(30)

    def _launch(self, handler: _Handler, request: api.SandboxRequest) -> None:
        arrival = Arrival(json.loads(request.body).get("job_name", ""))
        with self._lock:
            self.arrivals.append(arrival)
        try:
            self.before_accepting(arrival)
            now = datetime.now(UTC) - self.made_ago
            response = api.handle(request, self._store, now, SETTINGS)
            if response.status == 200:
                arrival.job_uid = json.loads(response.body)["job_uid"]
            self.before_answering(arrival)
            handler.send(response)
            arrival.answered_at = time.monotonic()
            self.after_answering(arrival)
        finally:
            arrival.is_over.set()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type[_Handler]) -> None:
        super().__init__(address, handler)
        self.connections: list[socket.socket] = []

    def process_request(self, request: socket.socket, client_address: tuple[str, int]) -> None:
        self.connections.append(request)
        super().process_request(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, body: bytes) -> None:
        raise NotImplementedError

    def handle(self) -> None:
        # Whoever called may be killed at any moment.
        with contextlib.suppress(OSError):
            super().handle()

    def do_GET(self) -> None:  # The base class calls it so.
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) == length:  # Else whoever called is gone.
            self.answer(body)

    do_POST = do_DELETE = do_PUT = do_GET  # noqa: N815

    def send(self, response: api.SandboxResponse) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)

    def log_message(self, *_: object) -> None:
        pass
