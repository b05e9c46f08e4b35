"""A page of the results that are kept of a job: searched, and in the order of a column."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.db.models import QuerySet

from playground.contract.folding import LONGEST_QUERY, MOST_WORDS, fold
from playground.models import KeptJob, KeptOrder, KeptPiece
from playground.outcomes import rows as result_rows
from playground.outcomes.rows import Row
from playground.payload.texts import shorten
from playground.services import permissions
from playground.services.jobs import kept as kept_jobs
from playground.services.permissions import Person

ROWS_SHOWN = 100
# Columns that stand beside each other unless somebody chooses, and at most; names of columns, and
# characters of a cell: the whole row has a page of its own.
COLUMNS_SHOWN, MOST_COLUMNS, LONGEST_NAME, LONGEST_CELL = 12, 60, 80, 200
# What was found by a search or put in order, for the next page of it.
_MOST_FOUND = 6

_found: OrderedDict[tuple[object, ...], Sequence[int]] = OrderedDict()
_lock = threading.Lock()


class NoSuchRow(Exception):
    """There is no result of this number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Which part of the results: rows with these words, by a column (its number), and which
    `columns`; all by default."""

    text: str = ""
    column: int | None = None
    is_down: bool = False
    columns: tuple[int, ...] = ()
    number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """`number` counts from 1, as the upstream gave the rows; a cell is cut where it is long."""

    number: int
    cells: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePage:
    """`count` of `total` rows fit the look. `columns` are shown, of `all_columns`; each with its
    number."""

    look: Look
    columns: tuple[tuple[int, str], ...]
    all_columns: tuple[tuple[int, str], ...]
    rows: tuple[ShownRow, ...]
    count: int
    total: int
    number: int
    is_sample: bool
    problem: str

    @property
    def page_count(self) -> int:
        return max(1, -(-self.count // ROWS_SHOWN))

    @property
    def first(self) -> int:
        return (self.number - 1) * ROWS_SHOWN + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def look_at(user: Person, kept: KeptJob, look: Look) -> TablePage:
    """The page of this number, or the last."""
    permissions.require(user, "see jobs", kept.job_uid)
    facts = kept_jobs.facts_of(kept)
    total = facts.results.rows
    found = _rows_of(kept, look, total)
    number = min(max(1, look.number), max(1, -(-len(found) // ROWS_SHOWN)))
    wanted = found[(number - 1) * ROWS_SHOWN : number * ROWS_SHOWN]
    names = tuple((at, shorten(name, LONGEST_NAME)) for at, name in enumerate(facts.columns))
    chosen = [at for at in look.columns if at < len(names)][:MOST_COLUMNS]
    shown = chosen or list(range(min(len(names), COLUMNS_SHOWN)))
    rows = _read(kept, wanted)
    return TablePage(
        look=look,
        columns=tuple(names[at] for at in shown),
        all_columns=names[:MOST_COLUMNS],
        rows=tuple(
            ShownRow(number=at + 1, cells=_cells(row, [facts.columns[one] for one in shown]))
            for at, row in zip(wanted, rows, strict=True)
        ),
        count=len(found),
        total=total,
        number=number,
        is_sample=facts.is_sample,
        problem=facts.results.problem,
    )


def whole_row(user: Person, kept: KeptJob, number: int) -> tuple[tuple[str, str], ...]:
    """Every name and value of the result of this number, from 1. Raises `NoSuchRow`."""
    permissions.require(user, "see jobs", kept.job_uid)
    if not 1 <= number <= kept_jobs.facts_of(kept).results.rows:
        raise NoSuchRow
    row = _read(kept, [number - 1])[0]
    return tuple((name, result_rows.cell_of(row, name)) for name in row)


def _cells(row: Row, columns: Sequence[str]) -> tuple[tuple[str, bool], ...]:
    """Each text, and whether there is more of it."""
    texts = (result_rows.cell_of(row, column) for column in columns)
    return tuple((text[:LONGEST_CELL], len(text) > LONGEST_CELL) for text in texts)


def _rows_of(kept: KeptJob, look: Look, total: int) -> Sequence[int]:
    """Numbers of the rows that fit, from 0, in their order."""
    words = tuple(fold(look.text[:LONGEST_QUERY]).split()[:MOST_WORDS])
    if not words and look.column is None:
        return range(total)
    key = (kept.pk, kept.version, total, words, look.column, look.is_down)
    with _lock:
        if key in _found:
            _found.move_to_end(key)
            return _found[key]
    found = _in_order(kept, look, _matching(kept, words) if words else range(total))
    with _lock:
        _found[key] = found
        while len(_found) > _MOST_FOUND:
            _found.popitem(last=False)
    return found


def _matching(kept: KeptJob, words: Sequence[str]) -> list[int]:
    encoded = [word.encode() for word in words]
    found: list[int] = []
    first = 0
    pieces = _pieces(kept).values_list("rows", "searched")
    for rows, searched in pieces.iterator(chunk_size=50):
        lines = result_rows.find_lines(bytes(searched), encoded)
        found.extend(first + at for at in lines)
        first += rows
    return found


def _in_order(kept: KeptJob, look: Look, rows: Sequence[int]) -> Sequence[int]:
    """By the column, rows without a value last, up or down."""
    if look.column is None:
        return rows
    order = KeptOrder.objects.filter(kept=kept, column=look.column).first()
    if order is None:
        return rows
    ordered = result_rows.read_order(bytes(order.rows))
    filled = len(ordered) - order.missing
    up, blank = ordered[:filled], ordered[filled:]
    every = (up[::-1] if look.is_down else up) + blank
    if isinstance(rows, range):
        return every
    wanted = set(rows)
    return [at for at in every if at in wanted]


def _pieces(kept: KeptJob) -> QuerySet[KeptPiece]:
    return KeptPiece.objects.filter(kept=kept, listing="results").order_by("number")


def _read(kept: KeptJob, wanted: Sequence[int]) -> list[Row]:
    """These rows; only the pieces that have them are read."""
    sizes = list(_pieces(kept).values_list("number", "rows"))
    ends = list(accumulate(rows for _, rows in sizes))
    at_piece = [bisect_right(ends, at) for at in wanted]
    numbers = {sizes[piece][0] for piece in at_piece}
    found = _pieces(kept).filter(number__in=numbers).values_list("number", "lines")
    lines = {number: result_rows.unpack(bytes(packed)) for number, packed in found}
    return [
        result_rows.read_row(lines[sizes[piece][0]][at - ends[piece] + sizes[piece][1]])
        for at, piece in zip(wanted, at_piece, strict=True)
    ]
