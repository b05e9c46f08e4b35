"""How much of a list stands on a page: an upstream may put any number on one of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

MOST_LISTED = 500


def first(items: Sequence[T]) -> tuple[Sequence[T], int]:
    """Those that are shown, and how many are left out."""
    return items[:MOST_LISTED], max(0, len(items) - MOST_LISTED)
