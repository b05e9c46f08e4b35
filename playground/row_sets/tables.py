"""A source of rows → a table: its columns by name, its rows with their places, and what is to be
told about it. No cell is changed: a number, a date and a blank are text, letter by letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from playground.payload.texts import shorten, without_hiding
from playground.payload.words import counted, cut_list
from playground.row_sets.columns import ColumnNames
from playground.row_sets.formats.json_rows import Cell, UnableToReadRows
from playground.row_sets.formats.sheets import column_letters
from playground.row_sets.formats.sources import (
    Kind,
    PlacedRow,
    ReadAs,
    Reading,
    Source,
    open_copied,
    open_file,
)

__all__ = [
    "Kind",
    "Limits",
    "PlacedRow",
    "ReadAs",
    "SourceTable",
    "UnableToReadRows",
    "column_letters",
    "read_copied",
    "read_table",
]

# Names of columns are looked for in so many rows, and compared with so many.
_MOST_ABOVE, _MOST_COMPARED = 10, 50
# What is no name of a column any more, and how much of a JSON key or a header cell is one.
_LONGEST_HEADING, _LONGEST_NAME = 60, 200
_MOST_NAMED = 5
# Some spreadsheets write every row that a sheet can have.
_MOST_BLANK = 1_100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a table may have; `cell` are characters, `size` the bytes of its source."""

    rows: int = 100_000
    columns: int = 200
    cell: int = 100_000
    size: int = 50_000_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTable:
    """What was read, and `how`, with everything resolved that was to be found.

    `columns` are as many as the rows are wide, each with a name of its own; unless `has_names`, all
    of those are made up. `keys` are the names as JSON has them, letter by letter; none elsewhere.
    `found` is the sentence of what the source was read as. `rows` may be read several times, each
    time anew from the source: the row's place (the row of the sheet, the line of the text in which
    it begins, the number of the object in a JSON array; from 1) and a cell for each column. Rows
    that are blank are not among them, unless they were to be kept. `notices` tell everything that
    is not as it stands there, a sentence each.
    """

    kind: Kind
    how: ReadAs
    sheets: tuple[str, ...]
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    has_names: bool
    found: str
    row_count: int
    rows: Rows
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows below the names, as wide as the table."""

    source: Source
    header: int
    width: int
    keeps_blank: bool

    def __iter__(self) -> Iterator[PlacedRow]:
        width, blank, keeps_blank = self.width, ("",) * self.width, self.keeps_blank
        for place, cells in self.source.read():
            if place > self.header and (keeps_blank or _has_something(cells)):
                missing = width - len(cells)
                if missing > 0:
                    yield place, (*cells, *blank[:missing])
                else:
                    yield place, cells[:width] if missing else cells


def read_table(
    data: bytes,
    how: ReadAs,
    known: ColumnNames,
    limits: Limits = DEFAULT_LIMITS,
    *,
    keeps_blank: bool = False,
) -> SourceTable:
    """The table of a file, with its blank rows if it `keeps_blank`. Raises `UnableToReadRows` for
    what is none, or has more than the limits allow; everything is looked through before it
    returns."""
    if len(data) > limits.size:
        raise UnableToReadRows(
            f"This file has {_bytes(len(data))}. It may have at most {_bytes(limits.size)}: split "
            "it into several."
        )
    return _table(open_file(data, how, splits_meta=True), known, limits, keeps_blank=keeps_blank)


def read_copied(
    text: str, html: str, how: ReadAs, known: ColumnNames, limits: Limits = DEFAULT_LIMITS
) -> SourceTable:
    """The same of what was copied: its text, and the HTML that came along."""
    if max(len(text), len(html)) > limits.size:
        raise UnableToReadRows(
            f"This is more than the {_bytes(limits.size)} that may be pasted at once. Save it as a "
            "file and split it."
        )
    return _table(open_copied(text, html, how, known.is_header), known, limits)


def _table(
    source: Source, known: ColumnNames, limits: Limits, *, keeps_blank: bool = False
) -> SourceTable:
    looked = _look_through(source, limits, keeps_blank=keeps_blank)
    header = _find_header(source, looked, known)
    cells = source.names if source.names is not None else header.cells
    width = max(looked.width, len(_without_blank_end(cells)))
    if width > limits.columns:
        raise UnableToReadRows(
            f"Its objects have {width:,} different keys. A table may have at most "
            f"{limits.columns:,}: leave out those that you do not need."
        )
    has_names = source.names is not None or header.place > 0
    columns, told = _name_columns(cells, width, has_names=has_names)
    row_count = looked.row_count - header.row_count
    if not row_count:
        nothing = (
            "There is no row below the names of its columns."
            if header.place
            else "There is no row in it that has something."
        )
        raise UnableToReadRows(" ".join((nothing, *looked.notices)))
    return SourceTable(
        kind=source.kind,
        how=replace(source.how, header=header.place),
        sheets=source.sheets,
        columns=columns,
        keys=(source.names or ())[:width],
        has_names=has_names,
        found=" ".join(filter(None, (source.found, header.sentence))),
        row_count=row_count,
        rows=Rows(source, header.place, width, keeps_blank),
        notices=(*source.notices, *header.notices, *told, *_tell_blank(looked), *looked.notices),
    )


@dataclass(slots=True)
class _Looked:
    """What one pass over all rows tells. `head` are the first that have something."""

    head: list[PlacedRow] = field(default_factory=list)
    row_count: int = 0
    blank_count: int = 0
    width: int = 0
    notices: tuple[str, ...] = ()


def _look_through(source: Source, limits: Limits, *, keeps_blank: bool) -> _Looked:
    looked, blank, reading = _Looked(), 0, source.read()
    # The names of the columns are a row as well.
    most_rows = limits.rows + (source.names is None)
    # A sheet tells of no blank row; an empty line of a text is none.
    last = None if source.kind == "spreadsheet" else 0
    for place, cells in reading:
        if last != 0:
            blank += place - last - 1 if last else 0
            last = place
        if not keeps_blank and not _has_something(cells):
            blank += 1
            if blank > _MOST_BLANK:
                raise UnableToReadRows(f"It has more than {_MOST_BLANK:,} blank rows. Remove them.")
            continue
        looked.blank_count, looked.row_count = blank, looked.row_count + 1
        if looked.row_count > most_rows:
            _refuse_rows(limits)
        if len(cells) > looked.width:
            looked.width = max(looked.width, len(_without_blank_end(cells)))
            if looked.width > limits.columns:
                _refuse_columns(place, looked.width, limits)
        if max(map(len, filter(None, cells)), default=0) > limits.cell:
            _refuse_cell(place, cells, limits)
        if looked.row_count <= _MOST_COMPARED:
            looked.head.append((place, cells))
    looked.notices = reading.notices
    if not looked.row_count:
        _refuse_nothing(reading)
    return looked


def _has_something(cells: Sequence[Cell]) -> bool:
    for cell in cells:  # noqa: SIM110 - every row is asked, and this is twice as fast
        if cell and not cell.isspace():
            return True
    return False


def _without_blank_end(cells: Sequence[Cell]) -> Sequence[Cell]:
    end = len(cells)
    while end and not (cells[end - 1] or "").strip():
        end -= 1
    return cells[:end]


def _refuse_nothing(reading: Reading) -> None:
    raise UnableToReadRows(" ".join(reading.notices) or "There is nothing in it.")


def _refuse_rows(limits: Limits) -> None:
    raise UnableToReadRows(
        f"It has more than {counted(limits.rows, 'row')}. One set of rows may have at most that "
        "many: split it into several."
    )


def _refuse_columns(place: int, width: int, limits: Limits) -> None:
    raise UnableToReadRows(
        f"Row {place:,} has {counted(width, 'column')}. A table may have at most "
        f"{limits.columns:,}: leave out those that you do not need."
    )


def _refuse_cell(place: int, cells: Sequence[Cell], limits: Limits) -> None:
    sizes = [len(cell or "") for cell in cells]
    at = next(at for at, size in enumerate(sizes) if size > limits.cell)
    raise UnableToReadRows(
        f"The cell in row {place:,}, column {column_letters(at)}, has "
        f"{counted(sizes[at], 'character')}. It may have at most {limits.cell:,}. If it begins "
        "with a quote, that may not be closed."
    )


def _bytes(size: int) -> str:
    if size < 1_000_000:
        return counted(size, "byte")
    return f"{size / 1_000_000:,.1f}".removesuffix(".0") + " MB"


def _tell_blank(looked: _Looked) -> tuple[str, ...]:
    """Of blank rows those that others follow: what is blank behind the last is nothing."""
    if not looked.blank_count:
        return ()
    verb = "was" if looked.blank_count == 1 else "were"
    return (f"{counted(looked.blank_count, 'blank row')} {verb} left out.",)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """The row of the names, at `place`; 0 and no cells where there is none. `row_count` rows are
    no rows of the table: it, and those above it."""

    place: int = 0
    cells: Sequence[Cell] = ()
    row_count: int = 0
    sentence: str = ""
    notices: tuple[str, ...] = ()


def _find_header(source: Source, looked: _Looked, known: ColumnNames) -> _Header:
    if source.names is not None:
        return _Header()
    asked = source.how.header
    if asked == 0:
        return _no_header()
    if asked is not None:
        return _asked_header(source, asked)
    for at, (_, cells) in enumerate(looked.head[:_MOST_ABOVE]):
        if known.is_header([cell or "" for cell in cells]):
            return _header(looked.head[: at + 1])
    if _looks_like_names(looked.head, known):
        return _header(looked.head[:1])
    return _no_header()


def _no_header() -> _Header:
    return _Header(sentence="No row has the names of its columns.")


def _asked_header(source: Source, asked: int) -> _Header:
    above: list[PlacedRow] = []
    for place, cells in source.read():
        if _has_something(cells):
            above.append((place, cells))
            if place >= asked:
                return _header(above)
    raise UnableToReadRows(f"There is no row {asked:,} that could have the names of the columns.")


def _header(rows: Sequence[PlacedRow]) -> _Header:
    """The last of these rows has the names."""
    place, cells = rows[-1]
    notices: tuple[str, ...] = ()
    if above := len(rows) - 1:
        first = next(cell for cell in rows[0][1] if cell and cell.strip())
        verb = "was" if above == 1 else "were"
        told = f"{counted(above, 'row')} above the names of the columns {verb} left out"
        notices = (f"{told}: “{shorten(first)}”{' and what follows' * (above > 1)}.",)
    return _Header(
        place=place,
        cells=cells,
        row_count=len(rows),
        sentence=f"Row {place:,} has the names of its columns.",
        notices=notices,
    )


def _looks_like_names(rows: Sequence[PlacedRow], known: ColumnNames) -> bool:
    """Whether the first row is plainly of another kind than those below it.

    All its cells are different short texts without a digit or a sign of an address; and one of
    them names an input, or in one of its columns every cell below has such a sign.
    """
    heading = [(cell or "").strip() for cell in _without_blank_end(rows[0][1])]
    if len({cell.casefold() for cell in heading}) < len(heading) or len(rows) < 2:
        return False
    if not all(cell and len(cell) <= _LONGEST_HEADING for cell in heading):
        return False
    if any(map(_is_data, heading)):
        return False
    if any(map(known.find, heading)):
        return True
    below = [cells for _, cells in rows[1:]]
    return any(
        all(at < len(cells) and _is_data(cells[at] or "") for cells in below)
        for at in range(len(heading))
    )


def _is_data(cell: str) -> bool:
    return "@" in cell or "://" in cell or any(map(str.isdigit, cell))


def _name_columns(
    cells: Sequence[Cell], width: int, *, has_names: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A name for each column, none twice and none blank, and what is to be told about them."""
    names = [_clean_name(cell or "") for cell in _without_blank_end(cells)]
    names += [""] * (width - len(names))
    taken = {name for name in names if name}
    used: set[str] = set()
    columns: list[str] = []
    repeated: list[str] = []
    blank: list[str] = []
    for at, name in enumerate(names):
        column = name or f"Column {column_letters(at)}"
        if not name or name in used:
            column = _free_name(column, taken | used if name else taken)
            (repeated if name else blank).append(column)
            taken.add(column)
        used.add(column)
        columns.append(column)
    notices = []
    if repeated:
        notices.append(f"Several columns have the same name, so some are called {_list(repeated)}.")
    if blank and has_names:
        notices.append(f"Not every column has a name, so some are called {_list(blank)}.")
    return tuple(columns), tuple(notices)


def _list(names: Sequence[str]) -> str:
    return cut_list([f"“{shorten(name)}”" for name in names], _MOST_NAMED)


def _free_name(name: str, taken: set[str]) -> str:
    at, free = 1, name
    while free in taken:
        at += 1
        free = f"{name} ({at})"
    return free


def _clean_name(text: str) -> str:
    return without_hiding(text[: 4 * _LONGEST_NAME])[:_LONGEST_NAME].strip()
