"""A spreadsheet file (XLSX, ODS, XLS) → the rows of one of its sheets, read in a process apart."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from playground.payload.texts import clean_text
from playground.payload.words import cut_list
from playground.row_sets.formats import packed
from playground.row_sets.formats.json_rows import UnableToReadRows

# A sheet of 100,000 rows is opened in half a second; reading the file and starting take longer on
# a machine that is busy.
MOST_SECONDS = 20.0
MOST_UNPACKED = 96_000_000
MOST_PARTS = 5_000
_MODULE = "playground.row_sets.formats.sheet_process"
_PROJECT = Path(__file__).parents[3]
_TOO_MUCH = "It unpacks to more than can be read. Save the sheet that you need as CSV."
# Where XLSX, XLSB and ODS list their sheets.
_CONTENTS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FormattedColumn:
    """Cells of the column at `at` (from 0) that are no text, by what they are. Their display format
    is not in the file as text: `first` is what is read of the first of them."""

    at: int
    kinds: dict[str, int]
    first: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRows:
    """`sheet` is one of `sheets`. `merged`, `errors` and `formulas` (those without a result) count
    what is blank in the rows and is not in the sheet."""

    sheet: str
    sheets: tuple[str, ...]
    lines: bytes
    formatted: tuple[FormattedColumn, ...]
    merged: int
    errors: int
    formulas: int

    def rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Those that have something, each with its place in the sheet (from 1), as often as they
        are asked for."""
        for line in io.BytesIO(self.lines):
            yield from _told(line).get("rows", ())


def read_sheet(data: bytes, sheet: str = "") -> SheetRows:
    """The sheet of this name; else the first that has something. Raises `UnableToReadRows`."""
    _check_unpacked(data)
    lines = _read_apart(data, sheet)
    first, last = _told(lines[: lines.find(b"\n")]), _told(lines[lines.rfind(b"\n", 0, -1) + 1 :])
    sheets = tuple(first.get("sheets", ()))
    if problem := last.get("problem", ""):
        named = f" Its sheets: {cut_list(sheets, _MOST_NAMED)}." if sheets else ""
        raise UnableToReadRows(f"This spreadsheet was not read. {problem}{named}")
    return SheetRows(
        sheet=first["sheet"],
        sheets=sheets,
        lines=lines,
        formatted=tuple(
            FormattedColumn(at=at, kinds=kinds, first=text) for at, kinds, text in last["formatted"]
        ),
        merged=last["merged"],
        errors=last["errors"],
        formulas=last["formulas"],
    )


def column_letters(at: int) -> str:
    """What a spreadsheet calls the column at this position (from 0): A, B, …, Z, AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _told(line: bytes) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.json.decode(line)
    return told


def _check_unpacked(data: bytes) -> None:
    """What the file itself says that it unpacks to. One that lies meets the process's limits."""
    if not data.startswith(b"PK"):
        return
    try:
        parts = packed.parts_of(data)
    except packed.UnableToUnpack as error:
        raise UnableToReadRows(f"This spreadsheet was not read. {error}") from None
    if not any(part.filename.endswith(_CONTENTS) for part in parts):
        raise UnableToReadRows(
            "This is a packed file (ZIP) with no spreadsheet in it. Unpack it, and take the file "
            "of the rows."
        )
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise UnableToReadRows(f"This spreadsheet was not read. {_TOO_MUCH}")


def _read_apart(data: bytes, sheet: str) -> bytes:
    try:
        # It gets no variable of ours: it needs none, and some are secret.
        done = subprocess.run(  # noqa: S603 - a program of ours
            [sys.executable, "-m", _MODULE, clean_text(sheet).replace("\x00", "")],
            cwd=_PROJECT,
            env={},
            input=data,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnableToReadRows(f"This spreadsheet was not read. {_TOO_MUCH}") from None
    if done.returncode != 0:
        # A limit ends the process by a signal; what breaks otherwise is the reader.
        told = _TOO_MUCH if done.returncode < 0 else "It cannot be read: save it anew, or as CSV."
        raise UnableToReadRows(f"This spreadsheet was not read. {told}")
    return done.stdout
