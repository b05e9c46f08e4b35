"""What is in a packed spreadsheet (ZIP), read piece by piece and no further than it says.

It is read in the process of the spreadsheet, so it needs nothing but Python.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from html import unescape

_AT_ONCE = 1_000_000
_LOCAL_HEADER = 30
_BOOK, _RELATED = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
# Cells whose value a reader leaves out: an error, and a formula that was never calculated.
_ERROR, _FORMULA = b' t="e"', b"</f></c>"
_attributes = re.compile(r'([\w:]+)="([^"]*)"').findall
_tags = re.compile(r"<(?:\w+:)?(sheet|Relationship)\s[^>]*>").finditer


class UnableToUnpack(Exception):
    """The sentence says why."""


def parts_of(data: bytes) -> Sequence[zipfile.ZipInfo]:
    """The parts; none of what is not packed. Raises `UnableToUnpack`."""
    if not data.startswith(b"PK"):
        return ()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise UnableToUnpack("The file is damaged.") from None


def check_inflated(data: bytes) -> None:
    """No part is larger than the file says. Raises `UnableToUnpack`."""
    for part in parts_of(data):
        if sum(map(len, inflated(data, part))) != part.file_size:
            raise UnableToUnpack("The file is damaged.")


def inflated(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content piece by piece, and no more of it than one that shows that it is too large."""
    at = part.header_offset
    names = sum(int.from_bytes(data[at + end : at + end + 2], "little") for end in (26, 28))
    packed = memoryview(data)[at + _LOCAL_HEADER + names :][: part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield bytes(packed)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise UnableToUnpack("It is packed in a way in which no spreadsheet is.")
    unpacking, left = zlib.decompressobj(-zlib.MAX_WBITS), part.file_size
    rest: bytes | memoryview = packed
    try:
        while left >= 0 and (piece := unpacking.decompress(rest, _AT_ONCE)):
            rest, left = unpacking.unconsumed_tail, left - len(piece)
            yield piece
    except zlib.error:
        raise UnableToUnpack("The file is damaged.") from None


def count_left_out(data: bytes, sheet: str) -> Mapping[str, int]:
    """How many cells of this sheet of an XLSX file hold an error, or a formula without result."""
    counts, end = {"errors": 0, "formulas": 0}, b""
    part = _part_of_sheet(data, sheet)
    for piece in inflated(data, part) if part else ():
        seen = end + piece
        for name, sign in (("errors", _ERROR), ("formulas", _FORMULA)):
            counts[name] += seen.count(sign) - end.count(sign)
        end = seen[1 - len(_FORMULA) :]
    return counts


def _part_of_sheet(data: bytes, sheet: str) -> zipfile.ZipInfo | None:
    parts = {part.filename: part for part in parts_of(data)}
    if not parts.keys() >= {_BOOK, _RELATED}:
        return None
    texts = [
        b"".join(inflated(data, parts[name])).decode(errors="replace") for name in (_BOOK, _RELATED)
    ]
    tags = [(tag[1], dict(_attributes(tag[0]))) for text in texts for tag in _tags(text)]
    ids = [
        value
        for kind, told in tags
        if kind == "sheet" and unescape(told.get("name", "")) == sheet
        for name, value in told.items()
        if name.endswith(":id")
    ]
    for kind, told in tags:
        if kind == "Relationship" and told.get("Id") in ids:
            target = told.get("Target", "")
            return parts.get(target[1:] if target.startswith("/") else f"xl/{target}")
    return None
