"""Text with a sign between its values (CSV, TSV) → rows of cells, letter by letter."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from playground.row_sets.formats.json_rows import LONGEST_ROW, UnableToReadRows

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
# A cell may be as long as the API takes one; whatever bounds an upload bounds it too.
csv.field_size_limit(100_000_000)
# So much of the text tells which sign separates its values.
SAMPLE = 65_536
# Some spreadsheets write a line for each row that a sheet can have.
_MOST_EMPTY = 1_100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenOff:
    """Where a text stops to be a table: the row of line `line` (from 1) opens a quote that does
    not close where its cell ends."""

    line: int

    @property
    def sentence(self) -> str:
        return (
            f"A quote that opens in line {self.line:,} does not close where its cell ends, so what "
            "is a row from there on is not known. Close it, or double a quote that is part of the "
            "text. The rows before it were read."
        )


class Rows:
    """The rows of one text, to be read once, line by line. What comes behind `broken_off` is not
    read. Raises `UnableToReadRows` for a line that is longer than a row may be.

    A cell in quotes may hold the delimiter, line ends and doubled quotes. A quote within a cell
    that does not begin with one is a letter, and so is one in a cell of one line that goes on
    behind its quotes. Rows are as long as they are written; an empty line is no row.
    """

    def __init__(self, text: TextIO, delimiter: str) -> None:
        self._lines = _Lines(text)
        self._delimiter = delimiter
        self.broken_off: BrokenOff | None = None

    @property
    def notices(self) -> tuple[str, ...]:
        return (self.broken_off.sentence,) if self.broken_off else ()

    def __iter__(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Each row with the line (from 1) in which it begins."""
        reader, empty = self._reader(strict=True), 0
        while self.broken_off is None:
            begins = self._lines.begin_row()
            try:
                cells = next(reader, None)
            except csv.Error:
                cells = self._read_loosely(begins)
                reader = self._reader(strict=True)
            except _TooLong:
                self._refuse_one_line(begins)
                self.broken_off = BrokenOff(line=begins)
                return
            if cells:
                yield begins, tuple(cells)
            elif cells is None:
                return
            else:
                empty += 1
                _refuse_empty(empty)

    def _refuse_one_line(self, begins: int) -> None:
        """A row of several lines that goes on and on has a quote that is not closed."""
        if len(self._lines.of_row) == 1:
            raise UnableToReadRows(
                f"Line {begins:,} is longer than {LONGEST_ROW:,} characters, which no row may be."
            )

    def _reader(self, *, strict: bool) -> Iterator[list[str]]:
        return csv.reader(self._lines, delimiter=self._delimiter, strict=strict)

    def _read_loosely(self, begins: int) -> list[str] | None:
        line, *more = self._lines.of_row
        if more or _is_open(line, self._delimiter):
            self.broken_off = BrokenOff(line=begins)
            return None
        return next(csv.reader([line], delimiter=self._delimiter))


def _is_open(line: str, delimiter: str) -> bool:
    """Whether the line ends within quotes: then a second one would be the same cell."""
    return len(list(csv.reader([line, "end"], delimiter=delimiter))) == 1


class _TooLong(Exception):
    """Of the row that is being read, more was read than a row may have."""


class _Lines:
    """The lines of a text, of which those of the row that is being read are remembered."""

    def __init__(self, text: TextIO) -> None:
        self._read_line = text.readline
        self._count = self._left = 0
        self.of_row: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._read_line(LONGEST_ROW + 1)
        if not line:
            raise StopIteration
        self._count += 1
        self._left -= len(line)
        self.of_row.append(line)
        if self._left < 0:
            raise _TooLong
        return line

    def begin_row(self) -> int:
        """The number of the next line, from 1."""
        self.of_row, self._left = [], LONGEST_ROW
        return self._count + 1


def _refuse_empty(count: int) -> None:
    if count > _MOST_EMPTY:
        raise UnableToReadRows(f"It has more than {_MOST_EMPTY:,} empty lines. Remove them.")


def find_delimiter(text: str) -> str:
    """The sign that most rows of the beginning have equally often; a comma where there is none."""
    sample = text[:SAMPLE]
    if len(text) > SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    return max(DELIMITERS, key=lambda sign: _consistency(sample, sign))


def _consistency(sample: str, delimiter: str) -> tuple[float, int]:
    """Which part of the rows has the usual number of cells, and how many those are."""
    rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    counts = Counter(len(cells) for cells in rows if cells)
    if not counts:
        return (0, 0)
    (usual, often) = counts.most_common(1)[0]
    return (often / counts.total(), usual) if usual > 1 else (0, 0)
