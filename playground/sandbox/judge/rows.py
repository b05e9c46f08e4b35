"""How each row of an accepted body will fare, found once when the launch is accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import regex

from playground.contract.launches import META_KEY
from playground.contract.workflows import Input
from playground.sandbox import catalog
from playground.sandbox.json_values import as_text, has_value
from playground.sandbox.records import MALFORMED, Fate

# Foreign patterns may run for ever on the wrong text.
_PATTERN_SECONDS = 0.02
_FATES: tuple[Literal["shutdown", "warning", "paused"], ...] = ("shutdown", "warning", "paused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    failed: tuple[int, ...]
    reasons: str
    fate: Fate
    is_slow: bool


def outline(rows: Sequence[Mapping[str, Any]], inputs: Mapping[str, Input]) -> Outline:
    """Which rows fail and what becomes of the job, by test inputs and by the keys' `regex`."""
    patterns = [
        ((key, *item.aliases), compiled)
        for key, item in inputs.items()
        if (compiled := _patterns(item))
    ]
    failures: dict[int, str] = {}
    found: set[catalog.TestInput] = set()
    for index, row in enumerate(rows):
        tests = _test_inputs(row)
        found.update(tests)
        errors = [item.row_error for item in tests if item.row_error]
        if errors:
            failures[index] = errors[0]
        elif not tests and not all(_fits(row, keys, some) for keys, some in patterns):
            failures[index] = MALFORMED
    fates = {item.fate for item in found}
    return Outline(
        failed=tuple(failures),
        reasons="".join(failures.values()),
        fate=next((fate for fate in _FATES if fate in fates), ""),
        is_slow=any(item.is_slow for item in found),
    )


def _test_inputs(row: Mapping[str, Any]) -> list[catalog.TestInput]:
    return [
        item
        for key, value in row.items()
        if isinstance(value, str) and key != META_KEY and (item := catalog.find_test_input(value))
    ]


def _patterns(item: Input) -> list[regex.Pattern[str]]:
    """The key's patterns; what is no text or no pattern is passed over."""
    found = []
    for text in (item.regex or {}).values():
        try:
            found.append(regex.compile(text))
        except (regex.error, TypeError, ValueError):
            continue
    return found


def _fits(row: Mapping[str, Any], keys: tuple[str, ...], patterns: list[Any]) -> bool:
    value = next((row[key] for key in keys if has_value(row.get(key))), None)
    return value is None or any(_matches(pattern, as_text(value)) for pattern in patterns)


def _matches(pattern: regex.Pattern[str], text: str) -> bool:
    try:
        return pattern.search(text, timeout=_PATTERN_SECONDS) is not None
    except TimeoutError:
        return False
