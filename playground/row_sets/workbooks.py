"""A table → XLSX, piece by piece: every cell is a text, so no spreadsheet changes what it holds.

The file is a zip of XML, made while it is sent: nothing of it is kept, however many rows there are.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, cast

from playground.payload.texts import clean_text
from playground.row_sets.formats.sheets import column_letters

if TYPE_CHECKING:
    from typing_extensions import Buffer

# What a sheet holds at most.
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 1_048_575, 16_384, 32_767
_ROWS_AT_ONCE = 500
# What XML cannot carry or means something in it; and what a spreadsheet would take for an escape.
_special = re.compile("[&<>\\x00-\\x08\\x0b-\\x1f\\ufffe\\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS = f'{_XML}<Relationships xmlns="{_OFFICE}/package/2006/relationships">'
_PARTS = {
    "[Content_Types].xml": (
        f'{_XML}<Types xmlns="{_OFFICE}/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" '
        f'ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{_SHEET_TYPE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'{_RELATIONS}<Relationship Id="rId1" Target="xl/workbook.xml" '
        f'Type="{_OFFICE}/officeDocument/2006/relationships/officeDocument"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{_RELATIONS}<Relationship Id="rId1" Target="worksheets/sheet1.xml" '
        f'Type="{_OFFICE}/officeDocument/2006/relationships/worksheet"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'{_XML}<workbook xmlns="{_OFFICE}/spreadsheetml/2006/main" '
        f'xmlns:r="{_OFFICE}/officeDocument/2006/relationships">'
        '<sheets><sheet name="Results" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
}
_BEGIN = (
    f'{_XML}<worksheet xmlns="{_OFFICE}/spreadsheetml/2006/main"><sheetViews>'
    '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView>'
    "</sheetViews><sheetData>"
)
_SPACED = '<t xml:space="preserve">'
_END = "</sheetData></worksheet>"


def why_too_large(rows: int, columns: int, longest: int) -> str:
    """Why a sheet cannot hold so many rows and columns, and a cell of that length; else empty."""
    if rows > MOST_ROWS:
        return f"A sheet holds {MOST_ROWS:,} rows at most, and these are {rows:,}."
    if columns > MOST_COLUMNS:
        return f"A sheet holds {MOST_COLUMNS:,} columns at most, and these are {columns:,}."
    if longest > LONGEST_CELL:
        return (
            f"A cell of a sheet holds {LONGEST_CELL:,} characters at most, and one of these has "
            f"{longest:,}."
        )
    return ""


def length_of(cell: str) -> int:
    """As spreadsheets count: a character beyond the first 65,536 as two."""
    return len(cell) if cell.isascii() else len(cell.encode("utf-16-le", "replace")) // 2


def workbook(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The file, some hundred rows at a time."""
    sink = _Sink()
    with zipfile.ZipFile(cast(IO[bytes], sink), "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, text in _PARTS.items():
            file.writestr(name, text)
        lines = enumerate(chain([columns], rows), start=1)
        letters = [column_letters(at) for at in range(len(columns))]
        with file.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(_BEGIN.encode())
            while some := list(islice(lines, _ROWS_AT_ONCE)):
                sheet.write("".join(_row(number, row, letters) for number, row in some).encode())
                yield sink.take()
            sheet.write(_END.encode())
    yield sink.take()


class _Sink(io.RawIOBase):
    """A file that cannot be gone back in: what was written is taken out and sent."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer) -> int:
        self._parts.append(bytes(data))
        return len(self._parts[-1])

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def _row(number: int, cells: Sequence[str], letters: Sequence[str]) -> str:
    told = "".join(
        f'<c r="{letter}{number}" t="inlineStr"><is>{_SPACED}{_text(cell)}</t></is></c>'
        for letter, cell in zip(letters, cells, strict=False)
        if cell
    )
    return f'<row r="{number}">{told}</row>'


def _text(cell: str) -> str:
    text = clean_text(cell)
    return _special.sub(_escaped, text) if _special.search(text) else text


def _escaped(found: re.Match[str]) -> str:
    sign = found[0]
    return _ENTITIES.get(sign) or f"_x{ord(sign):04X}_"
