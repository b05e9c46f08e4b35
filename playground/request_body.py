"""A request's body: known to the last byte, so that no refusal is lost for want of reading it.

A server that answers while the body is still on its way closes the connection; the client, still
sending, then sees a disconnect in place of the answer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from wsgiref.types import InputStream, WSGIEnvironment

# What is left of a body above this, or comes slower, is not waited for.
MOST_BYTES = 64 * 1024 * 1024
MOST_SECONDS = 5.0
_PIECE = 64 * 1024


class RequestBody:
    """The server's stream, which counts what was read of it."""

    def __init__(self, stream: InputStream, length: int | None, *, is_on_its_way: bool) -> None:
        """`length` is None when only the stream itself tells where it ends. A body is not on its
        way when the client waits to be told to send it."""
        self._stream = stream
        self._left = length
        self._is_on_its_way = is_on_its_way
        self._is_over = False

    def read(self, size: int = -1) -> bytes:
        return self._counted(self._stream.read(size) if size >= 0 else self._stream.read(), size)

    def readline(self, size: int = -1) -> bytes:
        return self._counted(self._stream.readline(size) if size >= 0 else self._stream.readline())

    def readlines(self, _hint: int = -1) -> list[bytes]:
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def read_rest(self) -> None:
        """Read what nobody wanted, and forget it. Gives up after some bytes, or some seconds."""
        if self._is_over or not self._is_on_its_way:
            return
        # A client that sends nothing blocks the reading for as long as it likes; not the answer.
        reader = threading.Thread(target=self._discard, daemon=True)
        reader.start()
        reader.join(MOST_SECONDS)

    def _discard(self) -> None:
        ends_at, read = time.monotonic() + MOST_SECONDS, 0
        try:
            while not self._is_over and read < MOST_BYTES and time.monotonic() < ends_at:
                read += len(self.read(_PIECE))
        except OSError:
            self._is_over = True  # The client is gone.

    def _counted(self, data: bytes, size: int = -1) -> bytes:
        self._is_on_its_way = True
        if self._left is not None:
            self._left -= len(data)
            self._is_over = self._is_over or self._left <= 0
        self._is_over = self._is_over or (not data and size != 0)
        return data


def of(environ: WSGIEnvironment) -> RequestBody | None:
    """The body of a request that has one."""
    is_on_its_way = "HTTP_EXPECT" not in environ
    if "HTTP_TRANSFER_ENCODING" in environ:
        if not environ.get("wsgi.input_terminated"):
            return None  # Without this mark the stream may go on for ever.
        return RequestBody(environ["wsgi.input"], None, is_on_its_way=is_on_its_way)
    length = environ.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()) or not int(length):
        return None
    return RequestBody(environ["wsgi.input"], int(length), is_on_its_way=is_on_its_way)
