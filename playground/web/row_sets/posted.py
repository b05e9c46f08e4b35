"""What the forms of row sets say: numbers, signs between values, places of cells."""

from __future__ import annotations

_LONGEST = 18
_SIGNS = {"tab": "\t", "\\t": "\t"}


def number(text: str) -> int:
    """A whole number from 0; -1 for what is none, which nothing has."""
    text = text.strip()
    is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST
    return int(text) if is_number else -1


def delimiter(text: str) -> str:
    """The sign between values. A form that trims its fields cannot say a tab as it is."""
    return _SIGNS.get(text.strip().lower(), text)
