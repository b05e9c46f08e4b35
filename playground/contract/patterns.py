"""The `regex` of an input: which patterns are compiled at all. Contract section 6.

Patterns are the upstream's. `(?:a{500}){500}` is short, and takes memory for 250,000 parts: what a
pattern repeats is counted before it is compiled.
"""

from __future__ import annotations

import functools
import re
from typing import Any

import regex

LONGEST_PATTERN = 2_000
# About 300 bytes are kept of each part; nobody writes a pattern of so many by hand.
MOST_PARTS = 2_000
DEEPEST_PATTERN = 50
# Longer texts are not tried: a look at one is to end before its time is over.
LONGEST_VALUE = 10_000
SECONDS_PER_MATCH = 0.02

# All that a pattern is made of. What is not here (recursion, conditions, fuzzy matching, comments,
# other versions' sets) may cost anything, so such a pattern is not compiled.
_part = re.compile(
    r"(?P<atom>\\[pPN]\{[^}]*\}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[^\\\[(){*+?|)])"
    r"|(?P<opens>\(\?(?::|=|!|<=|<!|>|P?<\w+>|[aimsu]*(?:-[ims]+)?:)|\((?![?*]))"
    r"|(?P<flags>\(\?[aimsu]+\))"
    r"|(?P<closes>\))"
    r"|(?P<repeats>(?:[*+?]|\{(?P<least>[0-9]*)(?:,[0-9]*)?\})[?+]?)"
    r"|(?P<either>\|)",
    re.DOTALL,
)


def compile_pattern(text: Any) -> regex.Pattern[str] | None:
    """The pattern; None for what is none, and for what is too large to be compiled."""
    if not isinstance(text, str) or len(text) > LONGEST_PATTERN:
        return None
    return _compiled(text)


def count_parts(text: str) -> int | None:
    """How many parts a pattern has once its repeats are written out.

    None for what cannot be counted, or is nested deeper than `DEEPEST_PATTERN`. Never raises.
    """
    # For each group that is open: its parts so far, and those of its last item, which may repeat.
    groups = [[0, 0]]
    at = 0
    while at < len(text):
        found = _part.match(text, at)
        if found is None:
            return None
        at = found.end()
        if not _add_part(groups, found):
            return None
    return sum(groups[0]) if len(groups) == 1 else None


def _add_part(groups: list[list[int]], found: re.Match[str]) -> bool:
    kind, group = found.lastgroup, groups[-1]
    if kind == "opens":
        groups.append([0, 0])
        return len(groups) <= DEEPEST_PATTERN
    if kind == "closes":
        groups.pop()
        if not groups:
            return False
        _begin_item(groups[-1], 1 + sum(group))
    elif found["repeats"]:
        group[1] *= max(1, int(found["least"] or 1))
    elif kind != "flags":
        _begin_item(group, 1)
    return True


def _begin_item(group: list[int], parts: int) -> None:
    group[0] += group[1]
    group[1] = parts


# So many patterns of `MOST_PARTS` are 80 MB at most.
@functools.lru_cache(maxsize=128)
def _compiled(text: str) -> regex.Pattern[str] | None:
    parts = count_parts(text)
    if parts is None or parts > MOST_PARTS:
        return None
    try:
        return regex.compile(text, cache_pattern=False)
    except Exception:  # Whatever is wrong with a foreign pattern: it is not used.
        return None
