"""Looking at JSON values without trusting their size or depth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from playground.contract import wire
from playground.sandbox.refusals import Refused

T = TypeVar("T")
# Far below where Python's own recursion ends, so that whatever was accepted can be read again
# from any place in the program.
DEEPEST_NESTING = 400
_NAMES = {bool: "true or false", int: "a whole number", float: "a decimal number", str: "text"}
_NAMES |= {list: "an array", dict: "an object"}


def type_name(value: Any) -> str:
    return "null" if value is None else _NAMES.get(type(value), "something else")


def is_too_deep(value: Any) -> bool:
    """Whether arrays and objects are nested deeper than `DEEPEST_NESTING`. Does not recurse."""
    layer = [value]
    for _ in range(DEEPEST_NESTING + 1):
        containers = [item for item in layer if isinstance(item, list | dict)]
        if not containers:
            return False
        layer = [
            inner
            for item in containers
            for inner in (item.values() if isinstance(item, dict) else item)
            if isinstance(inner, list | dict)
        ]
    return bool(layer)


def has_value(value: Any) -> bool:
    """Whether a key counts as given: null and blank text do not."""
    return value is not None and not (isinstance(value, str) and not value.strip())


def as_text(value: Any) -> str:
    """A JSON scalar as text, the way it is written; empty for null, arrays and objects."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else ""


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Refuses anything else."""
    try:
        raw = wire.parse_json(body)
    except wire.WireError as error:
        raise Refused(400, f"The body cannot be read: {error.problem}.") from None
    if is_too_deep(raw):
        raise Refused(400, "The body cannot be read: nested too deeply.")
    if not isinstance(raw, dict):
        raise Refused(400, f"The body must be a JSON object, not {type_name(raw)}.")
    return raw


def read_optional(
    raw: Mapping[str, Any], key: str, kind: type[T], wanted: str, at: str = ""
) -> T | None:
    """The value of a key that may be absent or null. Refuses another type; `at` says where the
    key stands, up to its last dot."""
    value = raw.get(key)
    if value is not None and not isinstance(value, kind):
        raise Refused(400, f"{at}{key} must be {wanted}, not {type_name(value)}.")
    return value
