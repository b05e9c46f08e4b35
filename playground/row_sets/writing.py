"""A table → CSV: exactly, or so that no spreadsheet takes a cell for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from playground.contract.workflows import Workflow
from playground.payload.texts import clean_text
from playground.row_sets.formats.json_rows import Cell

# Excel takes a CSV file for UTF-8 only where this mark begins it; who reads it here loses nothing.
_MARK = b"\xef\xbb\xbf"
_ROWS_AT_ONCE = 1_000
# What makes a cell a formula, also behind blanks (OWASP, CSV injection). A number is none, nor is
# a phone number: digits with blanks, dots and brackets between them, which nothing calculates.
_is_number = re.compile(
    r"[+-]?[0-9]+(?:[.,][0-9]+)*(?:[eE][+-]?[0-9]+)?"
    r"|\+[0-9]{1,4}(?:[ .\u00a0\u202f]?\(?[0-9]{1,14}\)?){1,8}"
).fullmatch
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_HIDDEN = " \u00a0\ufeff\x00"
_DOUBTFUL = frozenset((*_FORMULA, *_HIDDEN))


def template_csv(workflow: Workflow) -> bytes:
    """A line with the workflow's keys in their order, to be filled in."""
    return b"".join(table_csv(tuple(workflow.inputs), (), exact=True))


def table_csv(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, exact: bool
) -> Iterator[bytes]:
    """The file, about a thousand rows at a time.

    An exact one is read back letter by letter. Else a cell that a spreadsheet would take for a
    formula gets a `'` before it, which that shows as text.
    """
    yield _MARK
    lines = chain([columns], rows)
    while some := list(islice(lines, _ROWS_AT_ONCE)):
        yield _written(some if exact else map(_guarded, some))


def table_tsv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """For the clipboard, as spreadsheets put it there: a cell with a tab, a line end or a quote in
    it is quoted. No cell is a formula."""
    text = io.StringIO(newline="")
    csv.writer(text, dialect="excel-tab").writerows(map(_guarded, chain([columns], rows)))
    return clean_text(text.getvalue())


def without_formula(cell: Cell) -> str:
    """The cell as a text that no spreadsheet calculates."""
    text = cell or ""
    if not text.lstrip(_HIDDEN).startswith(_FORMULA) or _is_number(text):
        return text
    return f"'{text}"


def _guarded(row: Sequence[Cell]) -> list[str]:
    # A look at the first sign of each cell spares most of them the rest.
    return [without_formula(cell) if cell and cell[0] in _DOUBTFUL else cell or "" for cell in row]


def _written(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Every cell in quotes: then nobody who reads it has to guess the sign between them."""
    return clean_text("".join(map(_line, rows))).encode()


def _line(row: Sequence[Cell]) -> str:
    """As the module `csv` writes it, in half the time."""
    cells = [cell or "" for cell in row]
    text = '","'.join(cells)
    if text.count('"') != 2 * (len(cells) - 1):
        text = '","'.join([cell.replace('"', '""') for cell in cells])
    return f'"{text}"\r\n' if cells else "\r\n"
