"""JSON bytes ↔ contract types, error bodies, header names.

Three rules hold for every contract type:

- a key that the contract does not know is kept in the value's `extra` and encoded again;
- a missing key (`UNSET`), `null`, an empty value and zero stay four different things;
- a body that does not fit raises `WireError`, which names the JSON path.
"""

from __future__ import annotations

import dataclasses
import functools
import operator
import re
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from playground.contract import collector

__all__ = [
    "AUTHORIZATION_HEADER",
    "KEY_HEADER",
    "PROJECT_HEADER",
    "UNSET",
    "Maybe",
    "UnsetType",
    "WireError",
    "authorization_value",
    "decode",
    "decode_many",
    "encode",
    "error_body",
    "error_sentence",
    "from_builtins",
    "parse_json",
    "read_key",
    "to_builtins",
]

# Contract section 1.1. Header names are case-insensitive.
AUTHORIZATION_HEADER = "Authorization"
PROJECT_HEADER = "x-project-id"
KEY_HEADER = "x-api-key"
_SCHEME = "x-api-key"
_at_byte = re.compile(r"(?:JSON is malformed: )?(.+) \(byte (\d+)\)")
_TRUNCATED = "Input data was truncated"
_marks = re.compile(rb"(?:[ \t\r\n]|\xef\xbb\xbf)++").match

T = TypeVar("T")
# A field that the vendor may leave out, send as null, or send with a value.
Maybe: TypeAlias = T | UnsetType | None


class WireError(ValueError):
    """A body that is not JSON, or not of the contract's shape. `path` is like `$.steps[0].uid`."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


def parse_json(body: bytes | str) -> Any:
    """Any JSON text → Python builtins. Raises `WireError`, whatever the text is.

    A byte order mark before it means nothing (RFC 8259, section 8.1).
    """
    try:
        with collector.put_off(len(body)):
            return msgspec.json.decode(without_mark(body))
    except RecursionError:
        raise WireError("$", "nested too deeply") from None
    except msgspec.ValidationError as error:
        problem, path = _split_problem(str(error))
        raise WireError(path, problem) from None
    except (msgspec.DecodeError, UnicodeError) as error:
        raise WireError("$", f"not valid JSON ({_placed(str(error), body)})") from None


def _placed(problem: str, body: bytes | str) -> str:
    """What the decoder says, with the place as an editor shows it: it counts bytes."""
    found = _at_byte.fullmatch(problem)
    if not found:
        return "it ends too early" if problem == _TRUNCATED else problem
    raw = body.encode() if isinstance(body, str) else body
    head = len(raw) - len(without_mark(raw))
    before = raw[: head + int(found[2])].decode("utf-8", "replace").replace("\ufeff", "")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return f"{found[1]}: line {line}, column {column}"


def without_mark(body: bytes | str) -> bytes | str:
    """Some servers and editors write one, behind an empty line too, and some write two."""
    if isinstance(body, str):
        return body.lstrip("\ufeff \t\r\n")
    marks = _marks(body)
    return body[marks.end() :] if marks else body


def decode(cls: type[T], body: bytes | str) -> T:
    """One JSON object → `cls`. Raises `WireError`."""
    return from_builtins(cls, parse_json(body))


def decode_needed(cls: type[T], body: bytes | str) -> T:
    """The same of an answer of which something is needed: what does not fit and is not needed goes
    to `extra`, as it is."""
    return from_builtins(cls, parse_json(body), is_lenient=True)


def decode_many(cls: type[T], body: bytes | str) -> tuple[T, ...]:
    """A bare JSON array of objects → a tuple of `cls`. Raises `WireError`."""
    raw = parse_json(body)
    if not isinstance(raw, list):
        raise WireError("$", f"expected an array, got {_json_type(raw)}")
    return tuple(from_builtins(cls, item, f"$[{index}]") for index, item in enumerate(raw))


def encode(value: Any) -> bytes:
    """A contract type, or builtins of them → compact JSON. `UNSET` fields are left out.

    Raises `WireError` for what JSON cannot carry: half a character, or endless nesting.
    """
    try:
        return msgspec.json.encode(to_builtins(value))
    except RecursionError:
        raise WireError("$", "nested too deeply") from None
    except UnicodeEncodeError:
        raise WireError("$", "text that is not Unicode") from None


def to_builtins(value: Any) -> Any:
    """A contract type → dicts, lists and scalars, ready for JSON."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        known = {
            name: to_builtins(getattr(value, name))
            for name in _wire_fields(type(value))
            if getattr(value, name) is not UNSET
        }
        return known | dict(getattr(value, "extra", {}))
    if isinstance(value, Mapping):
        return {key: to_builtins(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_builtins(item) for item in value]
    return value


def from_builtins(cls: type[T], raw: Any, path: str = "$", *, is_lenient: bool = False) -> T:
    """Decoded JSON → `cls`; unknown keys go to `extra`. Raises `WireError` with the path.

    With `is_lenient` only what the wire must carry has to fit.
    """
    if not isinstance(raw, dict):
        raise WireError(path, f"expected an object, got {_json_type(raw)}")
    kind: type = cls
    fields = _wire_fields(kind)
    values: dict[str, Any] = {}
    for name, (hint, is_needed) in fields.items():
        if name not in raw:
            if is_needed:
                raise WireError(f"{path}.{name}", "missing")
            continue
        try:
            values[name] = _convert(hint, raw[name], f"{path}.{name}")
        except WireError:
            if is_needed or not is_lenient:
                raise
    extra = {key: item for key, item in raw.items() if key not in values}
    if extra:
        if not _keeps_extra(kind):
            raise WireError(path, f"unknown key {next(iter(extra))!r}")
        values["extra"] = extra
    return cls(**values)


def error_body(sentence: str) -> bytes:
    """The body of every error answer. Contract section 1.3 and section 12, line 1."""
    return encode({"message": sentence})


def error_sentence(body: bytes, *, limit: int = 500) -> str:
    """What an error answer says: `message`, then `error`, then the raw text (section 1.3).

    At most `limit` characters; empty when the body is empty or not text. Never raises.
    """
    try:
        raw = parse_json(body)
    except WireError:
        raw = None
    if isinstance(raw, dict):
        for key in ("message", "error"):
            found = raw.get(key)
            if isinstance(found, str) and found.strip():
                return _shorten(found, limit)
    return _shorten(body[: limit * 8].decode("utf-8", "replace"), limit)


def authorization_value(key: str) -> str:
    """The value of the `Authorization` header (section 1.1)."""
    return f"{_SCHEME} {key}"


def read_key(headers: Mapping[str, str]) -> str | None:
    """The API key of a request, in either accepted form (section 1.1). Keys are lower-case."""
    scheme, _, key = headers.get(AUTHORIZATION_HEADER.lower(), "").partition(" ")
    if scheme.lower() == _SCHEME and key.strip():
        return key.strip()
    return headers.get(KEY_HEADER) or None


def _shorten(text: str, limit: int) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


def _json_type(value: Any) -> str:
    if value is None:
        return "null"
    names = {bool: "true or false", int: "a number", float: "a number", str: "text"}
    names |= {list: "an array", dict: "an object"}
    return names.get(type(value), "something else")


def _split_problem(text: str) -> tuple[str, str]:
    problem, found, rest = text.partition(" - at `")
    return problem, rest.removesuffix("`") if found else "$"


@functools.cache
def _wire_fields(cls: type) -> dict[str, tuple[Any, bool]]:
    """Field name → (type, whether the wire must carry it), without `extra`."""
    hints = typing.get_type_hints(cls)
    return {
        field.name: (
            hints[field.name],
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
        )
        for field in dataclasses.fields(cls)
        if field.name != "extra"
    }


@functools.cache
def _keeps_extra(cls: type) -> bool:
    return any(field.name == "extra" for field in dataclasses.fields(cls))


def _convert(hint: Any, raw: Any, path: str) -> Any:
    """One value of a field's type. Contract types are entered; the rest is msgspec's work."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return _convert_union(hint, raw, path)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return from_builtins(hint, raw, path)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple and dataclasses.is_dataclass(arguments[0]):
        if not isinstance(raw, list):
            raise WireError(path, f"expected an array, got {_json_type(raw)}")
        return tuple(
            _convert(arguments[0], item, f"{path}[{index}]") for index, item in enumerate(raw)
        )
    if origin is dict and dataclasses.is_dataclass(arguments[1]):
        if not isinstance(raw, dict):
            raise WireError(path, f"expected an object, got {_json_type(raw)}")
        return {key: _convert(arguments[1], item, f"{path}.{key}") for key, item in raw.items()}
    return _convert_plain(hint, raw, path)


def _convert_union(hint: Any, raw: Any, path: str) -> Any:
    kinds = [kind for kind in typing.get_args(hint) if kind is not UnsetType]
    if raw is None and type(None) in kinds:
        return None
    kinds = [kind for kind in kinds if kind is not type(None)]
    if len(kinds) == 1:
        return _convert(kinds[0], raw, path)
    return _convert_plain(functools.reduce(operator.or_, kinds), raw, path)


def _convert_plain(hint: Any, raw: Any, path: str) -> Any:
    try:
        return msgspec.convert(raw, hint)
    except msgspec.ValidationError as error:
        problem, inner = _split_problem(str(error))
        raise WireError(path + inner.removeprefix("$"), problem) from None
