"""Numbers and names as a sentence says them."""

from __future__ import annotations

from collections.abc import Sequence


def noun(number: object, one: str, several: str = "") -> str:
    """The word for so many: `row`, `rows`."""
    return one if number == 1 else several or f"{one}s"


def counted(number: int, one: str, several: str = "") -> str:
    """`1 row`, `2,500 rows`."""
    return f"{number:,} {noun(number, one, several)}"


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def cut_list(names: Sequence[str], most: int) -> str:
    """The list in words; past `most` only how many more there are."""
    if len(names) <= most:
        return listed(names)
    return listed([*names[:most], f"{len(names) - most:,} more"])
