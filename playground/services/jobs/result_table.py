"""A page of the results that are kept of a job: narrowed, and in the order of a column."""

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
from playground.outcomes import filters as row_filters
from playground.outcomes import rows as result_rows
from playground.outcomes.filters import Filter
from playground.outcomes.rows import Row
from playground.payload.texts import shorten
from playground.row_sets import writing
from playground.services import permissions
from playground.services.jobs import kept as kept_jobs
from playground.services.jobs import outcomes
from playground.services.jobs.outcomes import Group
from playground.services.permissions import Person

ROWS_SHOWN = 100
# Columns that stand beside each other unless somebody chooses, and at most; names of columns, and
# characters of a cell: the whole row has a page of its own.
COLUMNS_SHOWN, MOST_COLUMNS, LONGEST_NAME, LONGEST_CELL = 12, 60, 80, 200
# Columns of which can be chosen.
MOST_CHOICES = 500
# Filters of one look, and characters of rows that are copied: a clipboard takes no more.
MOST_FILTERS, MOST_COPIED = 8, 5_000_000
# What was found by a search or put in order, for the next page of it.
_MOST_FOUND = 6

_found: OrderedDict[tuple[object, ...], Sequence[int]] = OrderedDict()
_lock = threading.Lock()


class NoSuchRow(Exception):
    """There is no result of this number."""


class TooMuchToCopy(Exception):
    """`sentence` is what a person is told."""

    sentence = "These rows are too much to be copied: copy fewer of them, or take them as a file."


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Which part of the results: rows with these words that fit the `filters` and are of inputs of
    this `outcome`, by a column (its number), and which `columns` in which order; all by default."""

    text: str = ""
    filters: tuple[Filter, ...] = ()
    outcome: Group = ""
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
    def is_narrowed(self) -> bool:
        return bool(self.look.text or self.look.filters or self.look.outcome)

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
    """The page of this number, or the last. Raises `UnableToGiveResults` for rows of an outcome
    that cannot be told."""
    permissions.require(user, "see jobs", kept.job_uid)
    facts = kept_jobs.facts_of(kept)
    total = facts.results.rows
    found = _found_by(user, kept, look)
    number, wanted = _on_page(found, look.number)
    names = tuple((at, shorten(name, LONGEST_NAME)) for at, name in enumerate(facts.columns))
    shown = _columns_of(facts.columns, look)
    rows = _read(kept, wanted)
    return TablePage(
        look=look,
        columns=tuple(names[at] for at in shown),
        all_columns=names[:MOST_CHOICES],
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


def copied(user: Person, kept: KeptJob, look: Look, chosen: Sequence[int]) -> str:
    """The chosen rows (numbers from 1), or all on the page, with the columns that it shows: every
    cell whole, a tab between them. Raises `TooMuchToCopy`, and `UnableToGiveResults`."""
    permissions.require(user, "see jobs", kept.job_uid)
    facts = kept_jobs.facts_of(kept)
    wanted: Sequence[int] = [
        at - 1 for at in dict.fromkeys(chosen) if 1 <= at <= facts.results.rows
    ][:ROWS_SHOWN]
    if not wanted:
        _, wanted = _on_page(_found_by(user, kept, look), look.number)
    columns = [facts.columns[at] for at in _columns_of(facts.columns, look)]
    rows = [result_rows.cells_of(row, columns) for row in _read(kept, wanted)]
    if sum(len(cell) for row in rows for cell in row) > MOST_COPIED:
        raise TooMuchToCopy
    return writing.table_tsv(columns, rows)


def _on_page(found: Sequence[int], number: int) -> tuple[int, Sequence[int]]:
    """The page of this number or the last: its own number, and its rows."""
    number = min(max(1, number), max(1, -(-len(found) // ROWS_SHOWN)))
    return number, found[(number - 1) * ROWS_SHOWN : number * ROWS_SHOWN]


def _columns_of(names: Sequence[str], look: Look) -> list[int]:
    """Numbers of the columns to show, in their order."""
    chosen = [at for at in look.columns if at < len(names)][:MOST_COLUMNS]
    return chosen or list(range(min(len(names), COLUMNS_SHOWN)))


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


def _found_by(user: Person, kept: KeptJob, look: Look) -> Sequence[int]:
    """Numbers of the rows that fit, from 0, in their order."""
    words = tuple(fold(look.text[:LONGEST_QUERY]).split()[:MOST_WORDS])
    facts = kept_jobs.facts_of(kept)
    total = facts.results.rows
    narrowing = (words, look.filters, look.outcome, look.column)
    if narrowing == ((), (), "", None):
        return range(total)
    key = (kept.pk, kept.version, total, *narrowing, look.is_down)
    with _lock:
        if key in _found:
            _found.move_to_end(key)
            return _found[key]
    rows: Sequence[int] = _matching(kept, words) if words else range(total)
    filters = [one for one in look.filters if one.column < len(facts.columns)][:MOST_FILTERS]
    if filters:
        rows = _filtered(kept, filters, [facts.columns[one.column] for one in filters], rows)
    is_settled = True
    if look.outcome:
        told = outcomes.find_outcomes(user, kept.job_uid)
        of_outcome = set(outcomes.results_of(told, look.outcome))
        rows = [at for at in rows if at in of_outcome]
        is_settled = told.is_whole
    found = _in_order(kept, look, rows)
    if not is_settled:
        return found
    with _lock:
        _found[key] = found
        while len(_found) > _MOST_FOUND:
            _found.popitem(last=False)
    return found


def _filtered(
    kept: KeptJob, filters: Sequence[Filter], columns: Sequence[str], rows: Sequence[int]
) -> list[int]:
    """Those of the rows that fit; `columns` are the names of what the filters ask for."""
    wanted = None if isinstance(rows, range) else set(rows)
    found: list[int] = []
    first = 0
    for size, packed in _pieces(kept).values_list("rows", "lines").iterator(chunk_size=50):
        numbers = range(first, first + size)
        first += size
        if wanted is not None and wanted.isdisjoint(numbers):
            continue
        [cells] = result_rows.columns_in([bytes(packed)], columns)
        fit = row_filters.fitting(filters, cells)
        found.extend(
            at
            for at, fits in zip(numbers, fit, strict=True)
            if fits and (wanted is None or at in wanted)
        )
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
