"""A server on a loopback socket that misbehaves as told, one thread for each connection."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType

JSON_HEADERS = {"Content-Type": "application/json"}


@dataclass
class Visit:
    """One connection: `requests` holds what was read from it, whole."""

    socket: socket.socket
    stopping: threading.Event
    requests: list[bytes] = field(default_factory=list)

    def read_request(self) -> bytes:
        """Head and body of one request; empty when the visitor has gone."""
        data = b""
        while b"\r\n\r\n" not in data:
            piece = self.socket.recv(65536)
            if not piece:
                return b""
            data += piece
        found = re.search(rb"content-length: (\d+)", data, re.IGNORECASE)
        length = data.index(b"\r\n\r\n") + 4 + (int(found[1]) if found else 0)
        while len(data) < length:
            data += self.socket.recv(65536)
        self.requests.append(data)
        return data

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def answer(self, status: str, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        """A well-formed answer to one request."""
        self.read_request()
        self.send(head(status, {"Content-Length": str(len(body))} | (headers or JSON_HEADERS)))
        self.send(body)

    def drip(self, pieces: Iterator[bytes], pause: float = 0.02) -> None:
        for piece in pieces:
            if self.stopping.wait(pause):
                return
            self.send(piece)

    def hold(self) -> None:
        """Nothing more, until the test is over."""
        self.stopping.wait(60)

    def reset(self) -> None:
        """Closes with RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def drain(self) -> None:
        """Ends our side, and reads what still comes, so that nothing sent is lost."""
        self.socket.shutdown(socket.SHUT_WR)
        while self.socket.recv(65536):
            pass


Fault = Callable[[Visit], None]


class FaultServer:
    """`with FaultServer(fault) as server:` listens at `server.url` until the block ends."""

    def __init__(self, fault: Fault, *, tls: ssl.SSLContext | None = None) -> None:
        self._fault = fault
        self._tls = tls
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self.visits: list[Visit] = []

    @property
    def requests(self) -> list[bytes]:
        return [request for visit in self.visits for request in visit.requests]

    def __enter__(self) -> FaultServer:
        self._socket = socket.create_server(("127.0.0.1", 0))
        port = self._socket.getsockname()[1]
        self.url = f"{'https' if self._tls else 'http'}://127.0.0.1:{port}/v3"
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        # A connection of our own wakes `accept`, which closing does not.
        with contextlib.suppress(OSError), socket.create_connection(self._socket.getsockname()):
            pass
        for visit in self.visits:
            with contextlib.suppress(OSError):
                visit.socket.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        self._socket.close()

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            accepted, _ = self._socket.accept()
            if self._stopping.is_set():
                accepted.close()
                return
            self._start(self._serve, accepted)

    def _serve(self, accepted: socket.socket) -> None:
        accepted.settimeout(60)
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.enter_context(accepted)
            if self._tls is not None:
                accepted = stack.enter_context(self._tls.wrap_socket(accepted, server_side=True))
            visit = Visit(accepted, self._stopping)
            self.visits.append(visit)
            self._fault(visit)


def head(status: str, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@contextlib.contextmanager
def unused_port() -> Iterator[int]:
    """A port that nobody listens on, kept from others for as long as the block runs."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@contextlib.contextmanager
def full_backlog() -> Iterator[int]:
    """A port whose queue of waiting connections is full: the next one waits for ever."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect(listener.getsockname())
        time.sleep(0.05)
        yield listener.getsockname()[1]
