"""A table in pieces of about a thousand rows, as they are kept: compressed JSON, byte by byte."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeAlias

import msgspec

from playground.payload.texts import clean_text
from playground.row_sets.formats.json_rows import Cell, JsonText

CHUNK_ROWS = 1_000

# A row as it is kept: its place in the source (from 1), then a cell for each column: text, None
# for nothing, or {"json": text} for a value of JSON that is no text.
StoredCell: TypeAlias = str | dict[str, str] | None
StoredRow: TypeAlias = list[Any]


def stored_row(place: int, cells: Sequence[Cell], width: int) -> StoredRow:
    """The row with exactly `width` cells."""
    row: StoredRow = [place, *cells[:width]]
    if JsonText in map(type, cells):
        row[1:] = [{"json": str(one)} if isinstance(one, JsonText) else one for one in row[1:]]
    row.extend([None] * (width + 1 - len(row)))
    return row


def in_chunks(rows: Iterable[StoredRow]) -> Iterator[list[StoredRow]]:
    walk = iter(rows)
    while chunk := list(islice(walk, CHUNK_ROWS)):
        yield chunk


def pack(value: Any) -> bytes:
    try:
        text = msgspec.json.encode(value)
    except UnicodeEncodeError:
        text = msgspec.json.encode(_whole(value))
    return zlib.compress(text, 1)


def unpack(packed: bytes) -> Any:
    return msgspec.json.decode(zlib.decompress(packed))


def split_rows(packed: bytes) -> list[msgspec.Raw]:
    """The rows of a chunk, each to be read by `read_row`: a page shows few of them."""
    return msgspec.json.decode(zlib.decompress(packed), type=list[msgspec.Raw])


def read_row(raw: msgspec.Raw) -> StoredRow:
    row: StoredRow = msgspec.json.decode(raw)
    return row


def split_objects(part: bytes) -> list[bytes]:
    """JSON values with commas between them → each of them, byte by byte."""
    return [bytes(raw) for raw in msgspec.json.decode(b"[" + part + b"]", type=list[msgspec.Raw])]


def text_of(cell: StoredCell) -> str:
    """What a person sees of a cell, and edits."""
    return cell["json"] if isinstance(cell, dict) else cell or ""


def _whole(value: Any) -> Any:
    """Without halves of characters, which no UTF-8 can carry."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(key): _whole(item) for key, item in value.items()}
    return [_whole(item) for item in value] if isinstance(value, list | tuple) else value
