"""How each row of an accepted body will fare, found once when the launch is accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import regex

from playground.contract.launches import META_KEY
from playground.contract.patterns import LONGEST_VALUE, SECONDS_PER_MATCH, compile_pattern
from playground.contract.workflows import Input
from playground.sandbox import catalog
from playground.sandbox.json_values import as_text, has_value
from playground.sandbox.records import MALFORMED, Fate

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


def _patterns(item: Input) -> list[regex.Pattern[str] | None]:
    """The key's patterns, None for one that is not used; what is no text is passed over."""
    texts = (text for text in (item.regex or {}).values() if isinstance(text, str))
    return [compile_pattern(text) for text in texts]


def _fits(
    row: Mapping[str, Any], keys: tuple[str, ...], patterns: list[regex.Pattern[str] | None]
) -> bool:
    """No row fails for a pattern that was not tried to its end."""
    value = next((row[key] for key in keys if has_value(row.get(key))), None)
    if value is None or None in patterns:
        return True
    text = as_text(value)
    return len(text) > LONGEST_VALUE or any(_matches(one, text) for one in patterns if one)


def _matches(pattern: regex.Pattern[str], text: str) -> bool:
    try:
        return pattern.search(text, timeout=SECONDS_PER_MATCH) is not None
    except TimeoutError:
        return True
