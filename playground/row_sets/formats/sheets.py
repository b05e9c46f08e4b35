"""A spreadsheet file (XLSX, ODS, XLS) → the rows of one of its sheets, read in a process apart."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from playground.payload.texts import clean_text
from playground.payload.words import cut_list
from playground.row_sets.formats.json_rows import UnableToReadRows

# A sheet of 100,000 rows is opened in half a second; reading the file and starting take longer on
# a machine that is busy.
MOST_SECONDS = 20.0
MOST_UNPACKED = 64 * 1024 * 1024
MOST_PARTS = 5_000
_MODULE = "playground.row_sets.formats.sheet_process"
_PROJECT = Path(__file__).parents[3]
_TOO_MUCH = "It unpacks to more than can be read. Save the sheet that you need as CSV."
# Where XLSX, XLSB and ODS list their sheets.
_CONTENTS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRows:
    """`sheet` is one of `sheets`. `formatted` counts cells by what they are where that is no text:
    their display format is not in the file as text."""

    sheet: str
    sheets: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    formatted: dict[str, int]


def read_sheet(data: bytes, sheet: str = "") -> SheetRows:
    """The sheet of this name; else the first that has something. Raises `UnableToReadRows`."""
    _check_unpacked(data)
    told = _read_apart(data, sheet)
    sheets = tuple(told.get("sheets", ()))
    if problem := told.get("problem", ""):
        named = f" Its sheets: {cut_list(sheets, _MOST_NAMED)}." if sheets else ""
        raise UnableToReadRows(f"This spreadsheet was not read. {problem}{named}")
    formatted: dict[str, int] = {}
    rows = tuple(_texts(row, formatted) for row in told["rows"])
    return SheetRows(sheet=told["sheet"], sheets=sheets, rows=rows, formatted=formatted)


def _texts(row: Sequence[Any], formatted: dict[str, int]) -> tuple[str, ...]:
    texts = []
    for cell in row:
        if isinstance(cell, str):
            texts.append(cell)
        else:
            kind, text = cell
            formatted[kind] = formatted.get(kind, 0) + 1
            texts.append(text)
    return tuple(texts)


def _check_unpacked(data: bytes) -> None:
    """What the file itself says that it unpacks to. One that lies meets the process's limits."""
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise UnableToReadRows("This spreadsheet was not read. The file is damaged.") from None
    if not any(one.filename.endswith(_CONTENTS) for one in parts):
        raise UnableToReadRows(
            "This is a packed file (ZIP) with no spreadsheet in it. Unpack it, and take the file "
            "of the rows."
        )
    if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
        raise UnableToReadRows(f"This spreadsheet was not read. {_TOO_MUCH}")


def _read_apart(data: bytes, sheet: str) -> dict[str, Any]:
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
        raise UnableToReadRows(f"This spreadsheet was not read. {_TOO_MUCH}")
    told: dict[str, Any] = msgspec.json.decode(done.stdout)
    return told
