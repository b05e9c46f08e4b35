"""What an upstream can do wrong once a connection stands: name → fault."""

from __future__ import annotations

import gzip
import itertools
import struct
import zlib
from collections.abc import Iterator

from tests.upstream.fault_server import JSON_HEADERS, Fault, Visit, head

ACCEPTED = b'{"job_uid": "j-1", "message": "Bot successfully scheduled."}'
MEGABYTE = 1024 * 1024
CHUNKED = JSON_HEADERS | {"Transfer-Encoding": "chunked"}


def answering(status: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Fault:
    """A whole answer."""
    return lambda visit: visit.answer(status, body, headers)


def raw(data: bytes) -> Fault:
    """These bytes after a whole request, and the end."""

    def fault(visit: Visit) -> None:
        visit.read_request()
        visit.send(data)
        visit.drain()

    return fault


def silence(visit: Visit) -> None:
    visit.read_request()
    visit.hold()


def slow_headers(visit: Visit) -> None:
    visit.read_request()
    visit.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    visit.drip(itertools.repeat(b"a"))


def slow_start_and_silence(visit: Visit) -> None:
    visit.read_request()
    visit.send(b"HTTP/1.1 200 OK\r\n")
    visit.stopping.wait(0.7)
    visit.send(b"X-Slow: a")
    visit.hold()


def endless_interim_answers(visit: Visit) -> None:
    visit.read_request()
    visit.drip(itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n"))


def slow_body(visit: Visit) -> None:
    visit.read_request()
    visit.send(head("200 OK", JSON_HEADERS | {"Content-Length": "100000"}))
    visit.drip(itertools.repeat(b" "))


def slow_chunks(visit: Visit) -> None:
    visit.read_request()
    visit.send(head("200 OK", CHUNKED))
    visit.drip(itertools.repeat(b"1\r\n \r\n"))


def half_a_body_and_silence(visit: Visit) -> None:
    visit.read_request()
    visit.send(head("200 OK", JSON_HEADERS | {"Content-Length": str(len(ACCEPTED))}))
    visit.send(ACCEPTED[:20])
    visit.hold()


def reset_at_once(visit: Visit) -> None:
    visit.reset()


def reset_at_the_first_byte(visit: Visit) -> None:
    visit.socket.recv(1)
    visit.reset()


def reset_before_the_answer(visit: Visit) -> None:
    visit.read_request()
    visit.reset()


def reset_inside_the_answer(visit: Visit) -> None:
    visit.read_request()
    visit.send(head("200 OK", JSON_HEADERS | {"Content-Length": str(len(ACCEPTED))}))
    visit.send(ACCEPTED[:20])
    visit.stopping.wait(0.05)
    visit.reset()


def reads_nothing(visit: Visit) -> None:
    visit.hold()


def reads_slowly(visit: Visit) -> None:
    while not visit.stopping.wait(0.05) and visit.socket.recv(50_000):
        pass


def refuses_before_it_has_read(visit: Visit) -> None:
    visit.send(head("413 Too Large", {"Content-Length": "0", "Connection": "close"}))
    visit.drain()


def endless_body(visit: Visit) -> None:
    visit.read_request()
    visit.send(head("200 OK", CHUNKED))
    piece = b"10000\r\n" + b" " * 65536 + b"\r\n"
    while not visit.stopping.is_set():
        visit.send(piece)


def gzip_bomb() -> bytes:
    """About 200 kB that become 200 MB."""
    blanks, times = b" " * MEGABYTE, 200
    packer = zlib.compressobj(9, wbits=-15)
    # What is flushed like this can be said again as it is.
    piece = packer.compress(blanks) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(times):
        checksum = zlib.crc32(blanks, checksum)
    head = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
    tail = packer.flush() + struct.pack("<II", checksum, times * MEGABYTE)
    return head + piece * times + tail


def packed(body: bytes, encoding: str = "gzip") -> Fault:
    return answering("200 OK", body, JSON_HEADERS | {"Content-Encoding": encoding})


def zipped(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


def long_error_text() -> bytes:
    """100,000 lines with markup, about 8 MB."""
    line = (
        b"<b onmouseover='alert(1)'>Traceback</b> \x00\x1b[31m <script>alert(1)</script> & more\n"
    )
    return line * 100_000


def too_many_headers() -> Iterator[bytes]:
    for number in range(5000):
        yield f"X-Header-{number}: {'a' * 100}\r\n".encode()
