"""A file of rows, whatever it is called → its rows as they stand there, all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from playground.row_sets.formats.json_rows import Cell
from playground.row_sets.formats.sources import ReadAs, open_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows as they stand in the file. `names` are those of the columns where the format has them
    (JSON); else they may be the first row. `found` says what the file was read as, `notices` what
    of it was not read as it stands, a sentence each."""

    rows: Sequence[Sequence[Cell]]
    found: str = ""
    names: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def read_file(data: bytes, sheet: str = "", most: int | None = None) -> Table:
    """Of a spreadsheet the sheet of this name, else the first that has something; no more than
    `most` rows, if that is said. Raises `UnableToReadRows` for what is no table."""
    source = open_file(data, ReadAs(sheet=sheet))
    reading = source.read()
    rows = tuple(cells for _, cells in islice(reading, most))
    return Table(
        rows=rows,
        found=source.found,
        names=source.names or (),
        notices=(*source.notices, *reading.notices),
    )
