"""A mapping that only grows, of which a copy costs next to nothing."""

from __future__ import annotations

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
_MOST_ON_TOP = 500


class ForkableMap(Generic[K, V]):
    """What was put lately lies on top, by itself; what lies below is shared between forks and
    never changed."""

    def __init__(self) -> None:
        self._below: dict[K, V] = {}
        self._top: dict[K, V] = {}

    def fork(self) -> ForkableMap[K, V]:
        made: ForkableMap[K, V] = ForkableMap()
        if len(self._top) > _MOST_ON_TOP:
            made._below = self._below | self._top
        else:
            made._below, made._top = self._below, self._top.copy()
        return made

    def put(self, key: K, value: V) -> None:
        self._top[key] = value

    def get(self, key: K, default: V) -> V:
        found = self._top.get(key)
        return self._below.get(key, default) if found is None else found
