"""A file of rows, whatever it is called → its table, and what it was read as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playground.payload.texts import shorten
from playground.payload.words import counted, cut_list, listed
from playground.row_sets.formats import json_rows, separated, sheets
from playground.row_sets.formats.encodings import ENCODINGS, Decoded, decode
from playground.row_sets.formats.json_rows import Cell, UnableToReadRows
from playground.row_sets.formats.separated import DELIMITERS

# XLSX and ODS are packed files; XLS is older.
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows as they stand in the file. `names` are those of the columns where the format has them
    (JSON); else they may be the first row. `found` says what the file was read as, `notices` what
    of it was not read as it stands, a sentence each."""

    rows: Sequence[Sequence[Cell]]
    found: str = ""
    names: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def read_file(data: bytes, sheet: str = "") -> Table:
    """Of a spreadsheet the sheet of this name, else the first that has something. Raises
    `UnableToReadRows` for what is no table."""
    if data.startswith(_SPREADSHEETS):
        return _read_spreadsheet(data, sheet)
    decoded = decode(data)
    if not decoded.text.strip("\x00 \t\r\n"):
        raise UnableToReadRows("This file is empty.")
    return _read_json(decoded) or _read_separated(decoded)


def _read_spreadsheet(data: bytes, sheet: str) -> Table:
    read = sheets.read_sheet(data, sheet)
    others = [name for name in read.sheets if name != read.sheet]
    found = f"Read the sheet “{shorten(read.sheet, 40)}”"
    if others:
        found += f", not {cut_list([shorten(name, 40) for name in others], _MOST_NAMED)}"
    notices = []
    if read.formatted:
        kinds = listed([counted(count, kind) for kind, count in read.formatted.items()])
        notices.append(
            f"It has {kinds}: a file has no text of those, so each is sent as its plain value. To "
            "send them as they look, leading zeros too, format their columns as text."
        )
    return Table(rows=read.rows, found=f"{found}.", notices=tuple(notices))


def _read_json(decoded: Decoded) -> Table | None:
    """None for what does not begin like JSON."""
    text, first = decoded.text, decoded.text.strip().partition("\n")
    if text.lstrip()[:1] not in ("[", "{"):
        return None
    # An object that ends in its first line is one of several.
    is_lines = first[0].startswith("{") and first[0].rstrip().endswith("}") and bool(first[2])
    read = json_rows.read_lines(text) if is_lines else json_rows.read_array(text)
    return Table(
        rows=read.rows,
        names=read.names,
        found=f"Read as JSON{' Lines' if is_lines else ''}, {ENCODINGS[decoded.encoding]}.",
        notices=(*_damage(decoded), *read.notices),
    )


def _read_separated(decoded: Decoded) -> Table:
    delimiter = separated.find_delimiter(decoded.text)
    rows = separated.Rows(decoded.text, delimiter)
    cells = tuple(row for _, row in rows)
    broken_off = (rows.broken_off.sentence,) if rows.broken_off else ()
    return Table(
        rows=cells,
        found=f"Read as values with a {DELIMITERS[delimiter]} between them, "
        f"{ENCODINGS[decoded.encoding]}.",
        notices=(*_damage(decoded), *broken_off),
    )


def _damage(decoded: Decoded) -> tuple[str, ...]:
    if not decoded.damaged:
        return ()
    told = (
        f"Not all of it is {ENCODINGS[decoded.encoding]}: what is not stands as \ufffd, first in "
        f"line {decoded.line:,}. Save it as UTF-8 once more."
    )
    return (told,)
