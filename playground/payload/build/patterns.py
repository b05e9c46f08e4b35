"""An input's `regex`: whether a value looks as the workflow expects it. Never a refusal."""

from __future__ import annotations

import functools
import time
from typing import Any

import regex

from playground.contract.workflows import Input

# The patterns are the upstream's: one that backtracks without end must not hold up the page.
_SECONDS_PER_MATCH = 0.02
_SECONDS_IN_ALL = 0.1
_SLOW = 0.001
_LONGEST_PATTERN = 2_000


class PatternCheck:
    """Checks values for one build. Once slow patterns used up its time, every value passes."""

    def __init__(self) -> None:
        self._seconds_left = _SECONDS_IN_ALL

    def accepts(self, patterns: tuple[regex.Pattern[str], ...], value: str) -> bool:
        """Whether any pattern is found in the value; true when there is no pattern."""
        if not patterns or self._seconds_left <= 0:
            return True
        started_at = time.perf_counter()
        try:
            return any(pattern.search(value, timeout=_SECONDS_PER_MATCH) for pattern in patterns)
        except TimeoutError:
            return True
        finally:
            seconds = time.perf_counter() - started_at
            # Quick matches are not counted, so that many rows are all checked.
            self._seconds_left -= seconds if seconds > _SLOW else 0


def patterns_of(definition: Input) -> tuple[regex.Pattern[str], ...]:
    """The patterns that can be used: the API does not say how `regex` is built (section 6)."""
    given = definition.regex if isinstance(definition.regex, dict) else {}
    found = (_compiled(text) for text in given.values() if isinstance(text, str))
    return tuple(pattern for pattern in found if pattern is not None)


@functools.lru_cache(maxsize=256)
def _compiled(text: str) -> Any:
    if len(text) > _LONGEST_PATTERN:
        return None
    try:
        return regex.compile(text)
    except Exception:  # Whatever is wrong with a foreign pattern: it is not used.
        return None
