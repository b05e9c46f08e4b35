"""What the address of a table of results asks for, and the addresses of other looks at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django.http import QueryDict

from playground.contract.folding import clean_uid
from playground.outcomes.filters import HOWS, Filter, How
from playground.services.jobs.outcomes import Group
from playground.services.jobs.result_table import MOST_COLUMNS, MOST_FILTERS, Look

# How a filter is written in an address: the column from 1, a sign, the text. `3=paris`
_SIGNS: dict[How, str] = {"is": "=", "not": "!", "has": "~", "blank": "-", "filled": "+"}
_HOWS = {sign: how for how, sign in _SIGNS.items()}
_LONGEST_TEXT = 200
# Of inputs that gave nothing there is no row here.
OUTCOMES: tuple[Group, ...] = ("succeeded", "several", "failed", "none")


def look_of(asked: QueryDict, page: int) -> Look:
    """What is asked for; nonsense is the usual."""
    sort = asked.get("sort", "")
    column = _number(sort.removeprefix("-"))
    chosen = filter(None, map(_number, asked.getlist("c")[:MOST_COLUMNS]))
    outcome = asked.get("outcome", "")
    return Look(
        text=asked.get("q", "")[:_LONGEST_TEXT].strip(),
        filters=_filters(asked),
        outcome=next((one for one in OUTCOMES if one == outcome), ""),
        column=None if column is None else column - 1,
        is_down=sort.startswith("-"),
        columns=tuple(dict.fromkeys(at - 1 for at in chosen)),
        number=page,
    )


def step_of(asked: QueryDict) -> str:
    return clean_uid(asked.get("step", ""))


def _filters(asked: QueryDict) -> tuple[Filter, ...]:
    """Those of the address, and the one that its form adds."""
    found = [one for text in asked.getlist("f")[:MOST_FILTERS] if (one := _read(text))]
    column, how = _number(asked.get("column", "")), asked.get("how", "")
    if column is not None and how in HOWS:
        text = asked.get("value", "").strip()[:_LONGEST_TEXT]
        added = Filter(column=column - 1, how=HOWS[HOWS.index(how)], text=text)
        if text or not added.needs_text:
            found.append(added)
    return tuple(dict.fromkeys(found))[:MOST_FILTERS]


def _read(text: str) -> Filter | None:
    at = next((at for at, sign in enumerate(text[:6]) if sign in _HOWS), 0)
    column, value = _number(text[:at]), text[at + 1 :][:_LONGEST_TEXT]
    if column is None:
        return None
    made = Filter(column=column - 1, how=_HOWS[text[at]], text=value)
    return made if value or not made.needs_text else None


def _number(text: str) -> int | None:
    """Columns are counted from 1 in addresses."""
    is_number = text.isascii() and text.isdecimal() and len(text) < 5
    return int(text) or None if is_number else None


def sort_of(look: Look) -> str:
    return "" if look.column is None else f"{'-' * look.is_down}{look.column + 1}"


def told(one: Filter) -> str:
    """As the address has it."""
    return f"{one.column + 1}{_SIGNS[one.how]}{one.text if one.needs_text else ''}"


def query(look: Look, step: str = "", **changes: str | int) -> str:
    """The address of this look, from its first page unless `page` is told."""
    asked = {
        "step": step,
        "q": look.text,
        "outcome": look.outcome,
        "sort": sort_of(look),
        "page": "",
    } | changes
    pairs = [(name, str(value)) for name, value in asked.items() if value not in ("", 1)]
    pairs += [("f", told(one)) for one in look.filters]
    return "?" + urlencode([*pairs, *(("c", str(at + 1)) for at in look.columns)])


def without(look: Look, one: Filter) -> Look:
    return replace(look, filters=tuple(other for other in look.filters if other != one))


def moved(look: Look, shown: Sequence[int], place: int, to: int) -> Look:
    """With the column at this place of those that are shown at another."""
    order = list(shown)
    order.insert(to, order.pop(place))
    return replace(look, columns=tuple(order))
