"""Result rows as they are kept and shown: JSON objects, each with keys of its own."""

from __future__ import annotations

import re
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from playground.contract.folding import fold, fold_all

_LONGEST_SORTED = 200
_is_number = re.compile(r"[+-]?[0-9]{1,300}(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?").fullmatch
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


def cells_in(lines: Iterable[bytes], columns: Sequence[str]) -> Iterator[list[str]]:
    """The cells of each row. Whatever else is in it is passed over: half the time of `read_row`."""
    names = tuple(columns)
    picked = _picked(names)
    if picked is None:
        for line in lines:
            yield cells_of(read_row(line), names)
        return
    read, values = msgspec.json.Decoder(picked).decode, msgspec.structs.astuple
    for line in lines:
        yield _texts(values(read(line)))


def columns_in(pieces: Iterable[bytes], columns: Sequence[str]) -> Iterator[list[list[str]]]:
    """Of each piece the cells of each column."""
    names = tuple(columns)
    picked = _picked(names)
    if picked is None:
        for piece in pieces:
            rows = [read_row(line) for line in unpack(piece)]
            yield [[cell_of(row, name) for row in rows] for name in names]
        return
    read = msgspec.json.Decoder(list[picked]).decode  # type: ignore[valid-type]
    for piece in pieces:
        # As it is packed, no line end is within a row.
        found = read(b"[" + zlib.decompress(piece).replace(b"\n", b",") + b"]")
        yield [_texts([getattr(row, field) for row in found]) for field in picked.__struct_fields__]


def _texts(values: Iterable[Any]) -> list[str]:
    return [
        value if type(value) is str else "" if value is None else _encode(value).decode()
        for value in values
    ]


# Beyond so many columns a row is looked up faster than it is passed over.
_MOST_PICKED = 200
_encode = msgspec.json.Encoder().encode


def _picked(columns: tuple[str, ...]) -> type[msgspec.Struct] | None:
    """What reads these values of a row alone, None where there is none; None itself for too many of
    them, and for names that JSON writes with an escape."""
    if len(columns) > _MOST_PICKED:
        return None
    fields = [
        (f"c{at}", Any, msgspec.field(name=name, default=None)) for at, name in enumerate(columns)
    ]
    try:
        made = msgspec.defstruct("Picked", fields, gc=False)
        msgspec.json.Decoder(made)
    except ValueError:
        return None
    return made


def searched(rows: Iterable[Row]) -> bytes:
    """What a search looks through: the values of each row on a line, folded. Words have no blank in
    them, so none is found across two values."""
    lines = [" ".join([cell_of(row, key) for key in row]) for row in rows]
    # What is printable is folded many at once.
    lines = [one if one.isprintable() else one.translate(_BLANKS) for one in lines]
    return zlib.compress("\n".join(fold_all(lines)).encode(), 1)


_BLANKS = dict.fromkeys(map(ord, "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"), " ")


def find_lines(packed: bytes, words: Sequence[bytes]) -> list[int]:
    """Which lines of what `searched` gave have every one of the folded words."""
    text = zlib.decompress(packed)
    if not all(word in text for word in words):
        return []
    lines = enumerate(text.split(b"\n"))
    return [at for at, line in lines if all(word in line for word in words)]


def order_of(cells: Sequence[str]) -> tuple[bytes, int]:
    """Numbers of the rows in the order of these cells, numbers before texts and blanks last; and
    how many of these there are."""
    filled = [at for at, cell in enumerate(cells) if cell]
    blank = [at for at, cell in enumerate(cells) if not cell]
    signs = {cell: _sort_sign(cell) for cell in {cells[at] for at in filled}}
    filled.sort(key=lambda at: signs[cells[at]])
    return zlib.compress(array("I", filled + blank).tobytes(), 1), len(blank)


def read_order(packed: bytes) -> array[int]:
    order = array("I")
    order.frombytes(zlib.decompress(packed))
    return order


def _sort_sign(cell: str) -> tuple[int, float, str]:
    if _is_number(cell):
        return 0, float(cell), cell
    return 1, 0.0, fold(cell[:_LONGEST_SORTED])
