"""UIDs in JSON that a person typed or pasted: written as the upstream does, and told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from playground.contract.folding import find_uid

_MOST_TOLD = 5
_DEEPEST = 8
# What stands in these is somebody's own.
_FREE = frozenset({"inputs", "parameters", "meta", "configuration", "cookies"})
_LISTS = frozenset({"accounts", "uids"})


def clean_uids(value: Any) -> tuple[str, ...]:
    """Write the UUIDs under names of UIDs as the upstream does, in place, and say which."""
    return tell_cleaned(list(_clean(value, _DEEPEST)))


def tell_cleaned(cleaned: Sequence[str]) -> tuple[str, ...]:
    """A sentence for each of the first few."""
    told = [f"A UID was read as {uid}." for uid in dict.fromkeys(cleaned)]
    more = len(told) - _MOST_TOLD
    return (*told[:_MOST_TOLD], f"So were {more:,} more.") if more > 1 else tuple(told)


def _clean(value: Any, depth: int) -> Iterator[str]:
    if not depth:
        return
    if isinstance(value, list):
        for item in value:
            yield from _clean(item, depth - 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in _FREE:
                continue
            if isinstance(item, str) and (key == "uid" or key.endswith("_uid")):
                if found := _other_form(item):
                    value[key] = found
                    yield found
            elif isinstance(item, list) and (key in _LISTS or key.endswith("_uids")):
                yield from clean_list(item)
            else:
                yield from _clean(item, depth - 1)


def clean_list(uids: list[Any]) -> Iterator[str]:
    """The same of a list of UIDs; gives those that were written otherwise."""
    for at, uid in enumerate(uids):
        if isinstance(uid, str) and (found := _other_form(uid)):
            uids[at] = found
            yield found


def _other_form(text: str) -> str:
    found = find_uid(text)
    return "" if found == text else found
