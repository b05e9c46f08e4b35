"""A payload's fingerprint: the same for the same JSON value, however it is written."""

from __future__ import annotations

import hashlib
import math
import re
from typing import Any

import msgspec

FINGERPRINT_LENGTH = 12
_whole = re.compile(r"(?<![0-9a-z-])([0-9a-f]{12})(?:[0-9a-f]{52})?(?![0-9a-z-])")
_in_groups = re.compile(r"[0-9a-f]{12}").fullmatch
_words = re.compile(r"\b(payload|fingerprint|sha-?256|of|the)\b")
_SEPARATORS = str.maketrans("", "", "\t\r\n\xa0:#-–·.,;'\"`")
# RFC 8785 writes numbers as ECMAScript does: beyond these bounds integers lose digits.
_MOST_EXACT = 2**53 - 1
_encode = msgspec.json.Encoder().encode
_encode_sorted = msgspec.json.Encoder(order="deterministic").encode

# Numbers that ECMAScript may write otherwise: with an exponent, whole doubles, very small ones,
# and those of so many digits that the last one may be another, or that an integer loses some.
_ODD = rb"-?(?:[0-9.]+e[-+0-9]+|[0-9]+\.0(?![0-9])|0\.000[0-9]+|[0-9.]{16,})"
_has_odd = re.compile(rb"(?:^|[\[:,])" + _ODD).search
_odd_numbers = re.compile(rb'"(?:[^"\\]|\\.)*+"|(' + _ODD + rb")", re.DOTALL)
_has_far = re.compile(r"[\U00010000-\U0010FFFF]").search
_has_high = re.compile(r"[\ue000-\uffff]").search


def find_fingerprint(text: str) -> str:
    """The fingerprint that was pasted, with what it was copied with; empty where there is none.

    Its digits may stand in groups, and all 64 of the digest it is the beginning of may be there.
    The end of a UUID is none.
    """
    found = _whole.search(text.lower())
    if found:
        return found[1]
    digits = "".join(_words.sub(" ", text.lower()).split(" ")).translate(_SEPARATORS)
    return digits if _in_groups(digits) else ""


def fingerprint(value: Any) -> str:
    """The first 12 hex digits of the SHA-256 of the value's RFC 8785 form. Never raises."""
    return of_bytes(canonical_json(value))


def of_bytes(data: bytes) -> str:
    """The same of bytes that are as they are."""
    return hashlib.sha256(data).hexdigest()[:FINGERPRINT_LENGTH]


def canonical_json(value: Any) -> bytes:
    """The RFC 8785 form of a JSON value.

    An integer beyond ±(2^53 - 1) is written as its nearest double, as a reader in JavaScript
    would see it. What RFC 8785 has no form for at all is written in some way that stays the same:
    an integer beyond every double as a text, no number as null, half of a character as Python
    would.
    """
    try:
        text = sorted_json(value)
    except ValueError:
        return repr(value).encode("utf-8", "backslashreplace")
    return canonical_text(text)


def sorted_json(value: Any) -> bytes:
    """Compact JSON with the keys of RFC 8785's order, and numbers as they are. Raises `ValueError`
    for what is no JSON value."""
    # The encoder sorts and writes all there is in one go; what it writes otherwise than the
    # standard is looked for in its text, which takes a fraction of a walk through the value.
    text = _encode_sorted(value)
    return _encode(_sorted_by_units(value)) if _sorts_otherwise(text) else text


def canonical_text(text: bytes) -> bytes:
    """The RFC 8785 form of what `sorted_json` gives, or of a part of it between two values."""
    return _with_numbers(text) if _has_odd(text) else text


def _sorts_otherwise(text: bytes) -> bool:
    """Keys are ordered by UTF-16 units there, here by their bytes. That differs only where a
    character of two units meets one that lies behind the halves of those."""
    if text.isascii():
        return False
    decoded = text.decode()
    return bool(_has_far(decoded) and _has_high(decoded))


def _sorted_by_units(value: Any) -> Any:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return {key: _sorted_by_units(value[key]) for key in keys}
    return [_sorted_by_units(item) for item in value] if isinstance(value, list | tuple) else value


def _with_numbers(text: bytes) -> bytes:
    written: dict[bytes, bytes] = {}

    def write(found: re.Match[bytes]) -> bytes:
        number = found[1]
        if number is None:
            return found[0]
        known = written.get(number)
        if known is None:
            known = written[number] = _number(number.decode()).encode()
        return known

    return _odd_numbers.sub(write, text)


def _number(text: str) -> str:
    """A number as ECMAScript writes it, from how another writer of JSON did."""
    if "." not in text and "e" not in text:
        whole = int(text)
        if abs(whole) <= _MOST_EXACT:
            return text
    number = float(text)
    if math.isinf(number):
        return f'"{text}"'
    sign, digits, point = _shortest(number)
    if 0 < point <= 21:
        whole_part = digits[:point].ljust(point, "0")
        return sign + (f"{whole_part}.{digits[point:]}" if len(digits) > point else whole_part)
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}" if digits != "0" else "0"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{fraction}e{point - 1:+d}"


def _shortest(number: float) -> tuple[str, str, int]:
    """Sign, fewest digits that read back the same, and where the point stands before or in them."""
    sign = "-" if number < 0 else ""
    mantissa, _, exponent = repr(abs(number)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    all_digits = (whole + fraction).lstrip("0")
    leading = len(whole + fraction) - len(all_digits)
    return sign, all_digits.rstrip("0") or "0", len(whole) - leading + int(exponent or 0)
