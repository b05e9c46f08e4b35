"""What the forms of row sets say: numbers, signs between values, cells and what to do with them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from django.http import HttpRequest, QueryDict

from playground.payload.texts import clean_text
from playground.row_sets.mapping import META, Target
from playground.row_sets.tables import ReadAs
from playground.services.row_sets.table import View
from playground.web import http

# Columns that stand beside each other on a page.
COLUMNS_SHOWN = 16
# A longer cell is edited on a page of its own, and so is what a field cannot hold.
LONGEST_FIELD = 300
META_TARGET = META
_LONGEST = 18
_SIGNS = {"tab": "\t", "\\t": "\t"}
_cell_name = re.compile(r"c([0-9]{1,7})-([0-9]{1,5})").fullmatch
_VIEWS: Mapping[str, View] = {view: view for view in get_args(View)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which part of a table a page shows. `group` counts groups of columns, from 1."""

    view: View = ""
    number: int = 1
    group: int = 1

    @property
    def is_beginning(self) -> bool:
        return self == Where()

    def columns(self, count: int) -> range:
        """Those that are shown of so many, counted from 0."""
        last = max(1, -(-count // COLUMNS_SHOWN))
        first = (min(self.group, last) - 1) * COLUMNS_SHOWN
        return range(first, min(count, first + COLUMNS_SHOWN))

    def query(self, **changes: object) -> str:
        """The address's query for this place, but for the changes; the usual is left out."""
        asked = {"view": self.view, "page": self.number, "columns": self.group} | changes
        usual = {"view": "", "page": 1, "columns": 1}
        told = [f"{name}={value}" for name, value in asked.items() if value != usual[name]]
        return "?" + "&".join(told)


def where(request: HttpRequest) -> Where:
    """What the address says; nonsense is the usual."""
    group = number(request.GET.get("columns", ""))
    return Where(
        view=_VIEWS.get(request.GET.get("view", ""), ""),
        number=http.page_number(request),
        group=max(1, min(group, 10_000)),
    )


def number(text: str) -> int:
    """A whole number from 0; -1 for what is none, which nothing has."""
    text = text.strip()
    is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST
    return int(text) if is_number else -1


def delimiter(text: str) -> str:
    """The sign between values. A form that trims its fields cannot say a tab as it is."""
    return _SIGNS.get(text.strip().lower(), text)


def read_as(data: QueryDict) -> ReadAs:
    """What a form says of how a source is to be read; blanks are to be found."""
    header = number(data.get("header", ""))
    return ReadAs(
        encoding=data.get("encoding", ""),
        delimiter=delimiter(data.get("delimiter", "")),
        sheet=data.get("sheet", ""),
        header=header if header >= 0 else None,
    )


def targets(data: QueryDict, before: tuple[Target, ...]) -> tuple[Target, ...]:
    """What each column is for; of those that the form does not have, what it is now."""
    return tuple(_target(data, at, target) for at, target in enumerate(before))


def _target(data: QueryDict, at: int, before: Target) -> Target:
    if f"target-{at}" not in data:
        return before
    text = data.get(f"target-{at}", "").strip()
    if text == META_TARGET:
        text += data.get(f"meta-{at}", "").strip()
    return clean_text(text) or None


def cells(data: QueryDict) -> dict[tuple[int, int], str]:
    """The texts of cells by row and column (from 0), with one line feed for each line break."""
    found = {}
    for name in data:
        if match := _cell_name(name):
            row, column = int(match[1]) - 1, int(match[2])
            found[row, column] = clean_text(_with_line_feeds(data.get(name, "")))
    return found


def positions(data: QueryDict) -> frozenset[int]:
    """The rows that are selected, from 0."""
    return frozenset(at - 1 for at in map(number, data.getlist("row")) if at > 0)


def as_field(text: str) -> str:
    """What a field posts of this text, with one line feed for each line break: HTML has no NUL."""
    return _with_line_feeds(text).replace("\x00", "\ufffd")


def as_typed(text: str, before: str) -> str:
    """What a field posted, with the line breaks that the text before had."""
    if "\r\n" in before:
        return text.replace("\n", "\r\n")
    return text.replace("\n", "\r") if "\r" in before and "\n" not in before else text


def changed(
    posted: Mapping[tuple[int, int], str], before: Mapping[tuple[int, int], str]
) -> dict[tuple[int, int], str]:
    """The cells whose texts are not what they are now, as they are to be."""
    return {
        at: as_typed(text, before.get(at, ""))
        for at, text in posted.items()
        if text != as_field(before.get(at, ""))
    }


def seal(texts: Iterable[str]) -> str:
    """Tells afterwards which of the texts somebody has changed, in eight characters each."""
    return "".join(f"{zlib.crc32(text.encode(errors='replace')):08x}" for text in texts)


def typed(data: QueryDict) -> dict[tuple[int, int], str]:
    """The cells that were changed since the page showed them, by the seal that it put there; all
    when that does not fit."""
    posted, shown = cells(data), data.get("shown", "")
    if len(shown) != 8 * len(posted):
        return posted
    return {
        at: text
        for index, (at, text) in enumerate(posted.items())
        if seal([text]) != shown[8 * index : 8 * index + 8]
    }


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
