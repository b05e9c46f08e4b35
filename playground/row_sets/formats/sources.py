"""A file of rows, or what was copied, whatever it is called → its rows, and what it was read as."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol, TypeAlias

from playground.payload.texts import clean_text, shorten
from playground.payload.words import counted, cut_list, listed, noun
from playground.row_sets.formats import clipboard, json_rows, separated, sheets
from playground.row_sets.formats.encodings import (
    ENCODINGS,
    EncodedText,
    find_encoding,
    find_utf16,
    is_no_text,
)
from playground.row_sets.formats.json_rows import Cell, UnableToReadRows
from playground.row_sets.formats.separated import DELIMITERS

# XLSX and ODS are packed files; XLS is older.
_SPREADSHEETS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
# What people take for a file of rows, by how it begins.
_OTHERS = {
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a packed file (gzip)",
    b"Rar!": "a packed file (RAR)",
    b"7z\xbc\xaf\x27\x1c": "a packed file (7z)",
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"SQLite format 3": "a database (SQLite)",
    b"PAR1": "a Parquet file",
}
_MOST_NAMED = 5
# Cells that are copied are held all at once, and HTML is read at a megabyte a second.
_MOST_COPIED = 2_000_000
_LONGEST_HTML = 3_000_000
_nul_of_json = re.compile(r"(?<!\\)(?:\\\\)*\\u0000").findall
_has_text = re.compile(rb"[^\x00 \t\r\n]").search
# An array, or an object. `[Name],[Town]` is neither, but a line of names as some databases write.
_is_json = re.compile(r"\s*(?:\{|\[(?!\s*(?!true\b|false\b|null\b)[^\W\d]))").match

Kind = Literal["separated", "json", "json-lines", "spreadsheet", "copied"]
# Where a row begins in its source (from 1), and its cells.
PlacedRow: TypeAlias = tuple[int, Sequence[Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAs:
    """How a source is read. A blank, and None, mean that it is to be found.

    `encoding` is a key of `ENCODINGS`, `delimiter` one of `DELIMITERS`. `header` is the place of
    the row that has the names of the columns; 0 where none has them.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header: int | None = None


class Reading(Protocol):
    """One pass over the rows. `notices` tell what of them was not read, once it is at its end."""

    def __iter__(self) -> Iterator[PlacedRow]: ...

    @property
    def notices(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Rows as they stand there, as often as they are read. `names` are those of the columns where
    the format has them (JSON). `found` says what it was read as, `notices` what of it was not read
    as it stands, a sentence each; what `read` tells comes on top."""

    kind: Kind
    how: ReadAs
    read: Callable[[], Reading]
    found: str = ""
    names: tuple[str, ...] | None = None
    sheets: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


class _AtHand:
    """Rows of which everything is known before they are read."""

    notices: tuple[str, ...] = ()

    def __init__(self, rows: Iterable[PlacedRow]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[PlacedRow]:
        return iter(self._rows)


def open_file(data: bytes, how: ReadAs, *, splits_meta: bool = False) -> Source:
    """Of a spreadsheet the sheet that is asked for, else the first that has something. What JSON
    has under `meta` is a column for each key if it is split. Raises `UnableToReadRows` for what is
    no table."""
    _check_asked(how)
    if data.startswith(_SPREADSHEETS):
        return _open_spreadsheet(data, how)
    for beginning, kind in _OTHERS.items():
        if data.startswith(beginning):
            raise UnableToReadRows(f"This is {kind}, not a table. Save the table as CSV or XLSX.")
    if how.encoding in ("utf-8", "cp1252") and (other := find_utf16(data)):
        raise UnableToReadRows(
            f"This file is {ENCODINGS[other]} and cannot be read as {ENCODINGS[how.encoding]}. "
            "Choose the encoding that it has."
        )
    encoded = find_encoding(data, how.encoding)
    if not _has_text(data, encoded.begin):
        raise UnableToReadRows("This file is empty.")
    if encoded.encoding == "cp1252" and is_no_text(data):
        raise UnableToReadRows("This is no file of text. Save the table as CSV or XLSX.")
    if not how.delimiter and _is_json(_head(encoded)):
        return _open_json(encoded, splits_meta=splits_meta)
    return _open_separated(encoded, how)


def open_copied(
    text: str, html: str, how: ReadAs, is_header: Callable[[Sequence[str]], bool]
) -> Source:
    """What was copied: the text, unless only the HTML that came along has a table. JSON is read as
    such, and so is CSV whose first row `is_header`: a column may be of places, “Bonn, Germany”.
    Raises `UnableToReadRows`."""
    _check_asked(how)
    encoded = EncodedText(data=clean_text(text).encode(), encoding="utf-8")
    delimiter = how.delimiter or _copied_delimiter(encoded, is_header)
    if not how.delimiter and _is_json(text):
        return _as_copied(_open_json(encoded, splits_meta=True))
    if delimiter != "\t":
        return _as_copied(_open_separated(encoded, replace(how, delimiter=delimiter)))
    if text.count("\t") + text.count("\n") > _MOST_COPIED:
        raise UnableToReadRows("These are more cells than can be pasted. Save them as a file.")
    cells = clipboard.read_text(text)
    if len(html) <= _LONGEST_HTML and not any(len(row) > 1 for row in cells):
        cells = clipboard.read_html(html) or cells
    return Source(
        kind="copied",
        how=ReadAs(delimiter=delimiter, header=how.header),
        read=lambda: _AtHand(enumerate(cells, start=1)),
        found="Read as cells that were copied from a table.",
        notices=_tell_nuls(text.count("\x00")),
    )


def _copied_delimiter(encoded: EncodedText, is_header: Callable[[Sequence[str]], bool]) -> str:
    found = separated.find_delimiter(_head(encoded))
    _, first = next(iter(separated.Rows(encoded.open(), found)), (0, ()))
    return found if len(first) > 1 and is_header(first) else "\t"


def _as_copied(source: Source) -> Source:
    found = source.found.replace(f", {ENCODINGS['utf-8']}.", ".")
    how = replace(source.how, encoding="")
    return replace(source, kind="copied", how=how, found=found)


def _check_asked(how: ReadAs) -> None:
    if how.encoding and how.encoding not in ENCODINGS:
        raise UnableToReadRows(f"“{shorten(how.encoding)}” is no encoding that can be read.")
    if how.delimiter and how.delimiter not in DELIMITERS:
        raise UnableToReadRows("Choose a comma, a semicolon, a tab or a bar between the values.")


def _open_spreadsheet(data: bytes, how: ReadAs) -> Source:
    read = sheets.read_sheet(data, how.sheet)
    others = [name for name in read.sheets if name != read.sheet]
    found = f"Read the sheet “{shorten(read.sheet, 40)}”"
    if others:
        found += f", not {cut_list([shorten(name, 40) for name in others], _MOST_NAMED)}"
    return Source(
        kind="spreadsheet",
        how=ReadAs(sheet=read.sheet, header=how.header),
        read=lambda: _AtHand(read.rows()),
        found=f"{found}.",
        sheets=read.sheets,
        notices=(*_tell_formatted(read), *_tell_left_out(read)),
    )


def _tell_formatted(read: sheets.SheetRows) -> tuple[str, ...]:
    if not read.formatted:
        return ()
    columns = [
        f"column {sheets.column_letters(column.at)} has "
        f"{listed([counted(many, kind) for kind, many in column.kinds.items()])} "
        f"(first “{shorten(column.first)}”)"
        for column in read.formatted
    ]
    told = cut_list(columns, _MOST_NAMED)
    notice = (
        f"{told[:1].upper()}{told[1:]}: a file has no text of those, so each is sent as its plain "
        "value. To send them as they look, leading zeros too, format their columns as text."
    )
    return (notice,)


def _tell_left_out(read: sheets.SheetRows) -> tuple[str, ...]:
    notices = []
    if read.errors:
        cells = counted(read.errors, "cell")
        verb = "holds an error and is" if read.errors == 1 else "hold an error and are"
        notices.append(f"{cells} {verb} blank here. Mend what is wrong in the spreadsheet.")
    if read.formulas:
        cells = counted(read.formulas, "cell")
        verb = "holds a formula" if read.formulas == 1 else "hold formulas"
        notices.append(
            f"{cells} {verb} without a result and {noun(read.formulas, 'is', 'are')} blank here. "
            "Open the file in a spreadsheet program and save it: that calculates them."
        )
    if read.merged:
        notices.append(
            f"It has {counted(read.merged, 'merged cell')}: the text is in the first of the cells "
            "that were merged, the others are blank."
        )
    return tuple(notices)


def _open_json(encoded: EncodedText, *, splits_meta: bool) -> Source:
    text = encoded.text
    read = json_rows.read_json(text, splits_meta=splits_meta)
    return Source(
        kind="json-lines" if read.is_lines else "json",
        how=ReadAs(encoding=encoded.encoding, header=0),
        read=lambda: _AtHand(read.rows()),
        names=read.names,
        found=f"Read as JSON{' Lines' if read.is_lines else ''}, {ENCODINGS[encoded.encoding]}.",
        notices=(*_damage(encoded), *read.notices, *_tell_nuls(len(_nul_of_json(text)))),
    )


def _open_separated(encoded: EncodedText, how: ReadAs) -> Source:
    delimiter = how.delimiter or separated.find_delimiter(_head(encoded))
    return Source(
        kind="separated",
        how=ReadAs(encoding=encoded.encoding, delimiter=delimiter, header=how.header),
        read=lambda: separated.Rows(encoded.open(), delimiter),
        found=f"Read as values with a {DELIMITERS[delimiter]} between them, "
        f"{ENCODINGS[encoded.encoding]}.",
        notices=(*_damage(encoded), *_tell_nuls(_count_nuls(encoded))),
    )


def _head(encoded: EncodedText) -> str:
    with encoded.open() as text:
        return text.read(separated.SAMPLE + 1)


def _damage(encoded: EncodedText) -> tuple[str, ...]:
    if not encoded.damaged:
        return ()
    told = (
        f"Not all of it is {ENCODINGS[encoded.encoding]}: what is not stands as \ufffd, first in "
        f"line {encoded.line:,}. Save it as UTF-8 once more."
    )
    return (told,)


def _count_nuls(encoded: EncodedText) -> int:
    if not encoded.encoding.startswith("utf-16"):
        return encoded.data.count(b"\x00")
    with encoded.open() as lines:
        return sum(line.count("\x00") for line in lines)


def _tell_nuls(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    verb = "it is kept and" if count == 1 else "each is kept and"
    return (f"It has {counted(count, 'NUL character')}: {verb} sent as \\u0000.",)
