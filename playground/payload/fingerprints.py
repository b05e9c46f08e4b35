"""A payload's fingerprint: the same for the same JSON value, however it is written."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import rfc8785

FINGERPRINT_LENGTH = 12
# RFC 8785 writes numbers as ECMAScript does: beyond these bounds integers lose digits.
_MOST_EXACT = 2**53 - 1
_MOST_DOUBLE = int(1.7976931348623157e308)
_encode_sorted = msgspec.json.Encoder(order="deterministic").encode


def fingerprint(value: Any) -> str:
    """The first 12 hex digits of the SHA-256 of the value's RFC 8785 form. Never raises."""
    return of_bytes(canonical_json(value))


def of_bytes(data: bytes) -> str:
    """The same of bytes that are as they are."""
    return hashlib.sha256(data).hexdigest()[:FINGERPRINT_LENGTH]


def canonical_json(value: Any) -> bytes:
    """The RFC 8785 form of a JSON value.

    An integer beyond ±(2^53 - 1) is written as its nearest double, as a reader in JavaScript
    would see it. What RFC 8785 has no form for at all (an integer beyond every double, half of a
    character) is written as Python would.
    """
    try:
        if _is_plain(value):
            return _encode_sorted(value)
        return rfc8785.dumps(_with_doubles(value))
    except (rfc8785.CanonicalizationError, ValueError):
        return repr(value).encode("utf-8", "backslashreplace")


def _is_plain(value: Any) -> bool:
    """Whether sorting by bytes and writing plainly is already the RFC 8785 form.

    Keys are ordered by UTF-16 units there: for ASCII keys that is the order of their bytes.
    """
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if kind is int:
        return bool(abs(value) <= _MOST_EXACT)
    if kind is float:
        # Both then write the shortest digits that read back the same, without an exponent.
        return 1e-3 < abs(value) < 1e15 and not value.is_integer()
    if kind is dict:
        return all(key.isascii() and _is_plain(item) for key, item in value.items())
    return kind is list and all(map(_is_plain, value))


def _with_doubles(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_doubles(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_doubles(item) for item in value]
    if type(value) is int and abs(value) > _MOST_EXACT:
        return float(value) if abs(value) <= _MOST_DOUBLE else str(value)
    return value
