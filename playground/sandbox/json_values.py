"""Looking at JSON values without trusting their size or depth."""

from __future__ import annotations

from typing import Any

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
