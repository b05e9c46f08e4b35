"""Reading an answer's body: counted, unpacked by hand, and never longer than a cap.

The HTTP library unpacks without a limit (194 kB can become 200 MB), so it is not let near: the
body is read as it came over the wire.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import httpx

from playground.upstream.attempts import CallAttempt

LONGEST_BODY = 10 * 1024 * 1024
LONGEST_ERROR_BODY = 64 * 1024
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


class BodyError(Exception):
    """A body that came and could not be taken in."""


class BodyTooLongError(BodyError):
    """The body, packed or unpacked, is over the cap."""


class BodyBrokenError(BodyError):
    """The body cannot be unpacked."""


def read(response: httpx.Response, attempt: CallAttempt, *, cap: int = LONGEST_BODY) -> bytes:
    """The whole body. Raises a `BodyError`, `DeadlineError`, and what the transport raises."""
    parts: list[bytes] = []
    length = 0
    for part in _unpacked(response, attempt, cap):
        length += len(part)
        if length > cap:
            raise BodyTooLongError
        parts.append(part)
    return b"".join(parts)


def read_start(response: httpx.Response, attempt: CallAttempt) -> bytes:
    """The first 64 KB of an error's body, or as much of it as can be read. Never raises."""
    parts: list[bytes] = []
    length = 0
    try:
        for part in _unpacked(response, attempt, LONGEST_ERROR_BODY):
            parts.append(part)
            length += len(part)
            if length >= LONGEST_ERROR_BODY:
                break
    except Exception:  # The status is known; the sentence is a courtesy.
        return b"".join(parts)[:LONGEST_ERROR_BODY]
    return b"".join(parts)[:LONGEST_ERROR_BODY]


def _unpacked(response: httpx.Response, attempt: CallAttempt, cap: int) -> Iterable[bytes]:
    """Pieces of at most `cap` + 1 bytes."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    pieces = _timed(response, attempt)
    if encoding in ("", "identity"):
        return pieces
    if encoding not in _PACKED:
        raise BodyBrokenError("an encoding that was not asked for")
    return _inflated(pieces, cap)


def _timed(response: httpx.Response, attempt: CallAttempt) -> Iterable[bytes]:
    stream = response.stream
    if not isinstance(stream, httpx.SyncByteStream):
        raise TypeError("the transport must answer with a synchronous stream")
    for piece in stream:
        attempt.check()
        yield piece
    attempt.check()


def _inflated(pieces: Iterable[bytes], cap: int) -> Iterable[bytes]:
    inflater = zlib.decompressobj(wbits=_GZIP_OR_ZLIB)
    for piece in pieces:
        try:
            # What does not fit stays packed in `unconsumed_tail`: it is over the cap anyway.
            yield inflater.decompress(piece, cap + 1)
        except zlib.error as error:
            raise BodyBrokenError(str(error)) from None
        if inflater.unconsumed_tail:
            raise BodyTooLongError
    if not inflater.eof or inflater.unused_data:
        raise BodyBrokenError("incomplete, or followed by something else")
