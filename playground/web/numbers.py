"""Numbers as every page writes them: `2,000`, `1 row`, `2,000 rows`."""

from __future__ import annotations

from django import template

from playground.payload import words

# Larger numbers say nothing but that something is wrong with them.
LARGEST = 10**15

register = template.Library()


def written(value: int) -> str:
    if abs(value) < LARGEST:
        return f"{value:,}".replace("-", "−")
    return f"over {LARGEST:,}" if value > 0 else f"below −{LARGEST:,}"


@register.filter
def number(value: object) -> str:
    """Nothing for what is no number: whoever does not tell one has not told zero."""
    return written(value) if type(value) is int else ""


@register.filter
def counted(value: object, noun: str) -> str:
    """`1 row`, `2,000 rows`. A noun of odd plural comes with it: `entry,entries`."""
    return f"{written(value)} {unit(value, noun)}" if type(value) is int else ""


@register.filter
def unit(value: object, noun: str) -> str:
    """The noun alone, where the number stands by itself."""
    one, _, several = noun.partition(",")
    return words.noun(value, one, several)
