"""Where each line of a payload comes from: what the form began with, or what was entered since."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from playground.payload.build.builder import Built
from playground.payload.paths import Path

ENTERED = "entered here"
_ABSENT = object()


class Base:
    """A payload that a form began with. `label` says of a line that it is still as it was there,
    such as “from launch 12”."""

    def __init__(self, label: str, value: Mapping[str, Any]) -> None:
        self.label = label
        self.value = value

    @cached_property
    def steps(self) -> dict[Any, Any]:
        """The first step of each UID."""
        steps: dict[Any, Any] = {}
        for step in _items(self.value.get("steps")):
            if isinstance(step, dict):
                steps.setdefault(_text(step.get("step_uid")), step)
        return steps

    @cached_property
    def rows(self) -> frozenset[str]:
        return frozenset(map(_text, _items(self.value.get("inputs"))))


class Origins:
    """Of the lines of one payload. The first of the `bases` that has the same at the same place
    is where it comes from. Steps are told by their UIDs, rows by what is in them."""

    def __init__(self, built: Built, bases: Sequence[Base]) -> None:
        self._value = built.value
        self._bases = tuple(bases)
        self._rows: dict[Any, str] = {}

    def of(self, path: Path) -> str:
        """Empty for lines that only hold others together."""
        value = _at(self._value, path)
        if value is _ABSENT or (isinstance(value, dict | list) and value):
            return ""
        return next((one.label for one in self._bases if self._is_in(one, path, value)), ENTERED)

    def _is_in(self, base: Base, path: Path, value: Any) -> bool:
        if path[:1] == ("inputs",) and len(path) > 1:
            if not base.rows:
                return False
            if self._row(path[1]) in base.rows:
                return True
        elif path[:1] == ("steps",) and len(path) > 1:
            uid = _at(self._value, (*path[:2], "step_uid"))
            if uid is not _ABSENT and _is_at(base.steps.get(_text(uid)), path[2:], value):
                return True
        return _is_at(base.value, path, value)

    def _row(self, index: Any) -> str:
        text = self._rows.get(index)
        if text is None:
            text = self._rows[index] = _text(_at(self._value, ("inputs", index)))
        return text


def _at(value: Any, path: Path) -> Any:
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return _ABSENT
    return value


def _is_at(base: Any, path: Path, value: Any) -> bool:
    """Alike to the letter: 1 is not 1.0, nor true."""
    there = _at(base, path)
    return there is not _ABSENT and (there is value or _text(there) == _text(value))


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
