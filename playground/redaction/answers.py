"""Secrets in what an upstream answers: bodies of any kind, and headers.

An upstream lists accounts with the values of their cookies (contract section 5), and what stands
behind it may answer with tokens of its own. What is hidden is said to be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

import msgspec

from playground.redaction import names, texts
from playground.redaction.texts import CLUES, HIDDEN

_marks = re.compile(rb"(?:[ \t\r\n]|\xef\xbb\xbf)++").match
_CUT = b"[hidden: what follows may hold credentials]"
_named = re.compile(rb'"([^"\\]{2,100})"\s*:')
# A name and its value as two members of an object, as browsers and tools write cookies and headers.
_NAMES_OF_NAMES = ("name", "key", "header", "field", "param", "parameter", "id")
_NAMES_OF_VALUES = ("value", "val", "content")
_SCHEMA_TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")
_DEFAULTS = ("default", "example", "const")
# What is cut is looked at so far beyond the cut, so that no half of a secret stays.
_LONGEST_SECRET = 16_384
# A number is a secret only if it cannot be a count.
_LEAST_NUMBER = 100_000
_LONGEST_INTEGER = 1_000


def find_secret(text: str) -> str:
    """The name of a secret in a JSON text, the outermost, or what its value looks like; empty when
    there is none."""
    hider = _Hider()
    hider.read(text)
    return hider.found[-1] if hider.found else ""


def hide_secrets(body: bytes, *, most: int = 0) -> bytes:
    """The answer with its secrets hidden; byte for byte as it came when it holds none.

    What cannot be read as JSON ends where it begins to name one, and, with `most`, after so many
    bytes: for who keeps no more.
    """
    lowered = body.lower()
    clues = [clue for clue in CLUES if clue.encode() in lowered]
    if b"\\u00" in lowered:
        clues = list(CLUES)  # A name may be written with escapes.
    if not clues:
        return body
    try:
        hider = _Hider(clues=clues)
        hider.read(body)
        if not hider.found:
            return body
        return msgspec.json.encode(_Hider(clues=clues, is_exact=True).read(body))
    except (ValueError, RecursionError):
        return _hide_in_text(body[: most + _LONGEST_SECRET] if most else body)


def hide_value(name: str, value: Any) -> Any:
    """The value that goes by this name, with its secrets hidden."""
    if _is_secret(name, value):
        return _masked(value)
    return texts.hide(value) if isinstance(value, str) else value


def hide_in_header(name: str, value: str) -> str:
    """What the header of this name may be known to hold."""
    if names.is_secret(name) or (names.is_of_a_key(name) and texts.is_like_a_key(value)):
        return HIDDEN
    return texts.hide(value)


def _hide_in_text(body: bytes) -> bytes:
    is_json = body.lstrip()[:1] in (b"{", b"[")
    for found in _named.finditer(body) if is_json else ():
        if names.is_secret(found[1].decode("latin-1")):
            return body[: found.start()] + _CUT
    # Every byte is a letter of Latin 1, so that nothing else changes.
    return texts.hide(body.decode("latin-1")).encode("latin-1")


@dataclass(slots=True, kw_only=True)
class _Hider:
    """Reads JSON and hides what is secret in it; `found` tells what, the outermost last.

    Of a key that is there more than once every value counts: the text is what would be kept. An
    `is_exact` one keeps numbers as they are written.
    """

    clues: Sequence[str] = CLUES
    is_exact: bool = False
    found: list[str] = field(default_factory=list)

    def read(self, text: str | bytes) -> Any:
        as_written: dict[str, Any] = {"parse_int": _number}
        if self.is_exact:
            as_written = {"parse_float": _as_written, "parse_int": _as_written}
        value = json.loads(
            _without_marks(text),
            object_pairs_hook=self._object,
            parse_constant=_refuse,
            strict=False,
            **as_written,
        )
        return self._shape(value)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, item in pairs:
            if _is_secret(name, item):
                self.found.append(name)
                made[name] = _masked(item)
            else:
                made[name] = self._shape(item)
        self._hide_named(made)
        return made

    def _hide_named(self, made: dict[str, Any]) -> None:
        """One cookie or header, as a browser's extension writes it."""
        for name in (made[key] for key in _NAMES_OF_NAMES if isinstance(made.get(key), str)):
            for key in _NAMES_OF_VALUES:
                if _is_secret(name, made.get(key)) and made[key] != HIDDEN:
                    self.found.append(name)
                    made[key] = HIDDEN

    def _shape(self, item: Any) -> Any:
        """The value with what looks like a secret hidden; objects were looked at before."""
        if isinstance(item, str):
            lowered = item.lower()
            hidden = texts.hide(item) if any(one in lowered for one in self.clues) else item
            if hidden != item:
                self.found.append("it looks like one")
            return hidden
        if isinstance(item, list):
            return [self._shape(one) if isinstance(one, str | list) else one for one in item]
        return item


def _number(text: str) -> int | float:
    # Python refuses to make an integer of thousands of digits.
    return int(text) if len(text) < _LONGEST_INTEGER else float(text)


def _without_marks(text: str | bytes) -> str | bytes:
    """Byte order marks before JSON mean nothing, however many there are."""
    if isinstance(text, str):
        return text.lstrip("\ufeff \t\r\n")
    found = _marks(text)
    return text[found.end() :] if found else text


def _is_secret(name: str, item: Any) -> bool:
    if item in (None, "", {}, [], HIDDEN) or isinstance(item, bool) or _is_schema(item):
        return False
    kind = names.kind_of(name)
    if not kind:
        return names.is_of_a_key(name) and isinstance(item, str) and texts.is_like_a_key(item)
    if isinstance(item, int | float | msgspec.Raw):
        return kind == "certain" or _is_large(item)
    if isinstance(item, list) and all(isinstance(one, dict | bool | None) for one in item):
        return kind == "certain"
    # A session may be one of a conference, which has a title.
    return not (kind == "session" and isinstance(item, str) and " " in item and "=" not in item)


def _is_large(number: float | msgspec.Raw) -> bool:
    text = bytes(number).decode() if isinstance(number, msgspec.Raw) else str(number)
    return text.isdecimal() and len(text) >= len(str(_LEAST_NUMBER))


def _is_schema(item: Any) -> bool:
    """Whether it says what a secret has to be like: there is none yet."""
    return (
        isinstance(item, dict)
        and item.get("type") in _SCHEMA_TYPES
        and not any(item.get(key) for key in (*_DEFAULTS, "value"))
    )


def _masked(item: Any) -> Any:
    """Which cookies there are is no secret."""
    if isinstance(item, dict):
        return dict.fromkeys(item, HIDDEN)
    return HIDDEN


def _as_written(text: str) -> msgspec.Raw:
    return msgspec.Raw(text.encode())


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"JSON has no {text}.")
