"""An input's `regex`: whether a value looks as the workflow expects it. Never a refusal."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

import regex

from playground.contract.patterns import LONGEST_VALUE, SECONDS_PER_MATCH, compile_pattern
from playground.contract.workflows import Input

# The patterns are the upstream's: one that backtracks without end must not hold up the page.
_SECONDS_IN_ALL = 0.1
_SLOW = 0.001
# So many values are matched between two looks at the clock; all of them may be slow.
_AT_ONCE = 20
# So many of a workflow are tried: each is compiled once, and kept beside those of others.
MOST_PATTERNS = 64

# None stands for a pattern that cannot be tried.
Patterns: TypeAlias = tuple[regex.Pattern[str] | None, ...]
Verdict: TypeAlias = Literal["fits", "misfit", "unchecked"]


class PatternCheck:
    """Checks values for one build. Once slow patterns used up its time, nothing is checked."""

    def __init__(self) -> None:
        self._seconds_left = _SECONDS_IN_ALL

    def judge(self, patterns: Patterns, value: str) -> Verdict:
        """A value fits when any pattern is found in it, or when there is none.

        It is unchecked when that cannot be told: what was not tried might be found.
        """
        if not patterns:
            return "fits"
        return self.judge_all(patterns, [value])[0]

    def judge_all(self, patterns: Patterns, values: Sequence[str]) -> list[Verdict]:
        """The verdict of each value. The clock is looked at now and then only: asking for the time
        takes longer than most matches."""
        verdicts: list[Verdict] = []
        tried = [pattern for pattern in patterns if pattern is not None]
        otherwise: Verdict = "misfit" if len(tried) == len(patterns) else "unchecked"
        for at in range(0, len(values), _AT_ONCE):
            some = values[at : at + _AT_ONCE]
            if self._seconds_left <= 0:
                verdicts += ["unchecked"] * len(some)
                continue
            # Of this thread alone: a machine that is busy with others must leave none unchecked.
            started_at = time.thread_time()
            verdicts += _search_all(tried, some, otherwise)
            seconds = time.thread_time() - started_at
            # Quick matches are not counted, so that many rows are all checked.
            self._seconds_left -= seconds if seconds > _SLOW * len(some) else 0
        return verdicts


def _search_all(
    tried: Sequence[regex.Pattern[str]], values: Sequence[str], otherwise: Verdict
) -> Iterator[Verdict]:
    # A loop in a loop, and no call but that of the search: it is made for every cell of a table.
    for value in values:
        verdict = otherwise if len(value) <= LONGEST_VALUE else "unchecked"
        try:
            for pattern in tried if len(value) <= LONGEST_VALUE else ():
                if pattern.search(value, timeout=SECONDS_PER_MATCH):
                    verdict = "fits"
                    break
        except TimeoutError:
            verdict = "unchecked"
        yield verdict


def patterns_of(definition: Input, most: int = MOST_PATTERNS) -> Patterns:
    """The patterns of a key: the API does not say how `regex` is built (section 6)."""
    given = definition.regex if isinstance(definition.regex, dict) else {}
    texts = [text for text in given.values() if isinstance(text, str)]
    found = tuple(map(compile_pattern, texts[:most]))
    return found if len(texts) <= most else (*found, None)
