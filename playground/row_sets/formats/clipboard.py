"""What a spreadsheet puts into the clipboard → rows of cells."""

from __future__ import annotations

import re
from html.parser import HTMLParser

Cells = tuple[tuple[str, ...], ...]

# A cell in quotes may hold anything, its own quotes doubled. One whose quotes do not end where the
# cell does was not quoted by a spreadsheet: it is taken as it stands.
_cell = re.compile(r'"((?:[^"]+|"")*+)"(?=[\t\r\n]|\Z)|([^\t\r\n]*)')
_needs_quotes = re.compile(r'[\t\r\n"]').search
_end_of_row = re.compile(r"\r\n|\r|\n")
# Of a web page that claims a cell as wide or as high as a whole sheet.
_MOST_SPANNED = 1_000
_MOST_COVERED = 200_000


def read_text(text: str) -> Cells:
    """Rows of cells of text with a tab between cells and a line end after each row.

    That is how every spreadsheet copies. A cell that holds tabs, line ends or quotes stands in
    quotes, and no other: quotes that nothing needed are the cell's own, unless the whole first row
    has them, as some files do. Rows are as long as they were copied; a line end behind the last
    one makes no row.
    """
    rows: list[tuple[str, ...]] = []
    row: list[str] = []
    unneeded: list[tuple[int, int]] = []
    is_file, at = True, 0
    while at < len(text):
        found = _cell.match(text, at)
        assert found  # noqa: S101 - a cell may be empty
        quoted, plain = found.groups()
        if quoted and not _needs_quotes(quoted):
            unneeded.append((len(rows), len(row)))
        is_file = is_file and (bool(rows) or not plain)
        row.append(plain if quoted is None else quoted.replace('""', '"'))
        at = found.end()
        if text.startswith("\t", at):
            at += 1
            if at == len(text):
                row.append("")
            continue
        end = _end_of_row.match(text, at)
        at = end.end() if end else at
        rows.append(tuple(row))
        row = []
    if row:
        rows.append(tuple(row))
    return tuple(rows) if is_file else _with_quotes(rows, unneeded)


def _with_quotes(rows: list[tuple[str, ...]], cells: list[tuple[int, int]]) -> Cells:
    for at, column in cells:
        row = list(rows[at])
        row[column] = f'"{row[column]}"'
        rows[at] = tuple(row)
    return tuple(rows)


def read_html(html: str) -> Cells:
    """Rows of cells of the first table in HTML; empty where there is none.

    A cell over several columns or rows is the first of them, the others are empty.
    """
    reader = _TableReader()
    reader.feed(html)
    reader.close()
    return reader.cells


class _TableReader(HTMLParser):
    """White space means what it means to a browser: only `<br>` and `<p>` break a line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._rows: list[list[str]] = []
        self._covered: dict[tuple[int, int], None] = {}
        self._cell: list[str] | None = None
        self._spans = (1, 1)
        self._depth, self._is_over = 0, False
        self._left = _MOST_COVERED

    @property
    def cells(self) -> Cells:
        self._end_cell()
        return tuple(tuple(row) for row in self._rows)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._is_over:
            return
        if tag == "table":
            self._depth += 1
        elif tag == "tr" and self._depth == 1:
            self._end_cell()
            self._rows.append([])
        elif tag in ("td", "th") and self._depth == 1 and self._rows:
            self._end_cell()
            told = dict(attrs)
            self._spans = (_span(told.get("rowspan")), _span(told.get("colspan")))
            self._cell = []
        elif self._cell is not None and (tag == "br" or (tag == "p" and any(self._cell))):
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._depth:
            self._depth -= 1
            self._is_over = self._is_over or self._depth == 0
        elif tag in ("td", "th", "tr") and self._depth == 1:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._is_over:
            self._cell.append(re.sub(r"[ \t\r\n]+", " ", data))

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        row, at = self._rows[-1], len(self._rows) - 1
        while (at, len(row)) in self._covered:
            row.append("")
        text = re.sub(r" *\n *", "\n", "".join(self._cell)).strip(" ")
        high, wide = self._spans
        self._left -= high * wide - 1
        if self._left < 0:
            high = wide = 1
        for below in range(1, high):
            for beside in range(wide):
                self._covered[(at + below, len(row) + beside)] = None
        row.extend([text, *[""] * (wide - 1)])
        self._cell = None


def _span(text: str | None) -> int:
    return min(int(text), _MOST_SPANNED) if text and re.fullmatch("[1-9][0-9]{0,6}", text) else 1
