"""Result rows as they are kept and shown: JSON objects, each with keys of its own."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows as JSON, one a line, in compressed pieces: byte by byte as they were encoded."""

    pieces: tuple[bytes, ...] = ()
    count: int = 0

    def with_page(self, rows: Sequence[bytes]) -> Rows:
        if not rows:
            return self
        return Rows(pieces=(*self.pieces, pack(rows)), count=self.count + len(rows))

    def lines(self) -> Iterator[bytes]:
        for piece in self.pieces:
            yield from unpack(piece)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return map(read_row, self.lines())


def pack(rows: Sequence[bytes]) -> bytes:
    # JSON as msgspec writes it has no line end.
    return zlib.compress(b"\n".join(rows), 1)


def unpack(piece: bytes) -> list[bytes]:
    return zlib.decompress(piece).split(b"\n")


_decoder = msgspec.json.Decoder(dict[str, Any])


def read_row(line: bytes) -> dict[str, Any]:
    return _decoder.decode(line)


def columns_of(rows: Iterable[Row]) -> tuple[str, ...]:
    """All keys of the rows, in the order in which they come first."""
    found: dict[str, None] = {}
    known: set[frozenset[str]] = set()
    for row in rows:
        keys = frozenset(row)
        if keys not in known:
            if len(known) < _MOST_KEY_SETS:
                known.add(keys)
            found.update(dict.fromkeys(row))
    return tuple(found)


_MOST_KEY_SETS = 1_000


def cell_of(row: Row, column: str) -> str:
    """What a cell shows: a text as it is, nothing for nothing, all else as JSON."""
    value = row.get(column)
    if isinstance(value, str):
        return value
    return "" if value is None else msgspec.json.encode(value).decode()


def cells_of(row: Row, columns: Sequence[str]) -> list[str]:
    return [cell_of(row, column) for column in columns]
