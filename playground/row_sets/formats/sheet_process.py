"""The process in which a spreadsheet is opened: `python -m` this, the file on its input.

What a reader makes of a file that was made to hurt it, a limit of the process ends. It prints JSON,
an object a line: first `sheets` (their names) and `sheet` (the one that is read), or `problem`;
then `rows`, some hundred in a line, of those that have something, each with its place (from 1) and
its cells as text; last `formatted`, which counts by column the
cells that were no text, `merged`, `errors` and `formulas`, which count what is blank in the rows
and not in the sheet. Where it comes upon a `problem` later, the last line tells that.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import resource
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, islice
from typing import Any

import python_calamine as calamine

from playground.row_sets.formats import packed

# Of addresses, of which the half is memory in use, and of processor time: what any file may take,
# and what a larger one needs. An honest one takes twice its unpacked size, and 20 ms a megabyte.
BYTES, BYTES_A_BYTE, MOST_BYTES = 160_000_000, 3, 448_000_000
SECONDS, BYTES_A_SECOND = 2, 16_000_000
MOST_CELLS, MOST_ROWS = 2_000_000, 200_000
# No program's sheets are wider.
MOST_COLUMNS = 16_384
MOST_WRITTEN = 80_000_000
_ROWS_A_LINE = 500


class UnableToOpen(Exception):
    pass


def main(wanted: str) -> None:
    data = sys.stdin.buffer.read()
    try:
        limit_process(data)
        packed.check_inflated(data)
        write(read(data, wanted))
    except (UnableToOpen, packed.UnableToUnpack) as error:
        tell_problem(str(error))
    except MemoryError:
        tell_problem("It takes more memory than it may. Save the sheet that you need as CSV.")
    except calamine.PasswordError:
        tell_problem("It is protected by a password.")
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError) as error:
        tell_problem(f"It cannot be read ({error}).")


def write(lines: Iterable[dict[str, Any]]) -> None:
    left = MOST_WRITTEN
    for told in lines:
        line = json.dumps(told, ensure_ascii=False).encode() + b"\n"
        left -= len(line)
        if left < 0:
            raise UnableToOpen("It has more text than can be read.")
        sys.stdout.buffer.write(line)


def tell_problem(problem: str) -> None:
    sys.stdout.buffer.write(json.dumps({"problem": problem}).encode() + b"\n")


def limit_process(data: bytes) -> None:
    size = sum(one.file_size for one in packed.parts_of(data)) or len(data)
    most = min(MOST_BYTES, BYTES + BYTES_A_BYTE * size)
    seconds = SECONDS + size // BYTES_A_SECOND
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def read(data: bytes, wanted: str) -> Iterator[dict[str, Any]]:
    workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    names = [
        one.name for one in workbook.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    if wanted and wanted not in names:
        yield {"sheets": names, "problem": "There is no sheet of this name."}
        return
    for name in [wanted] if wanted else seen_first(workbook, names):
        sheet = workbook.get_sheet_by_name(name)
        if sheet.total_width > MOST_COLUMNS:
            raise UnableToOpen(f"The sheet “{name}” has more than {MOST_COLUMNS:,} columns.")
        if sheet.total_height * sheet.total_width > MOST_CELLS:
            raise UnableToOpen(f"The sheet “{name}” spans too many cells.")
        if sheet.height:
            yield {"sheets": names, "sheet": name}
            formatted = Formatted((sheet.start or (0, 0))[1])
            yield from rows_of(sheet, formatted)
            merged = {"merged": len(sheet.merged_cell_ranges or ())}
            yield {**formatted.told(), **merged, **packed.count_left_out(data, name)}
            return
    yield {"sheets": names, "problem": "Its sheets are empty."}


def seen_first(workbook: calamine.CalamineWorkbook, names: Sequence[str]) -> list[str]:
    seen = {
        one.name
        for one in workbook.sheets_metadata
        if one.visible == calamine.SheetVisibleEnum.Visible
    }
    return sorted(names, key=lambda name: name not in seen)


def rows_of(sheet: calamine.CalamineSheet, formatted: Formatted) -> Iterator[dict[str, Any]]:
    begin = [""] * formatted.first
    rows = (
        (place, begin + list(map(formatted.text, row, count())))
        for place, row in enumerate(sheet.iter_rows(), start=1)
        if any(row) or any(cell != "" for cell in row)
    )
    for number in count():
        if not (some := list(islice(rows, _ROWS_A_LINE))):
            return
        if number * _ROWS_A_LINE >= MOST_ROWS:
            raise UnableToOpen(f"It has more than {MOST_ROWS:,} rows.")
        yield {"rows": some}


class Formatted:
    """What cells that are no text are, by column: how many of each kind, and the first of them.

    Rows begin at the column `first` of the sheet.
    """

    def __init__(self, first: int) -> None:
        self.first = first
        self._columns: dict[int, tuple[dict[str, int], str]] = {}

    def text(self, value: Any, column: int) -> str:
        if isinstance(value, str):
            return value
        kind, text = kind_and_text(value)
        kinds, _ = self._columns.setdefault(column, ({}, text))
        kinds[kind] = kinds.get(kind, 0) + 1
        return text

    def told(self) -> dict[str, Any]:
        columns = sorted(self._columns.items())
        return {"formatted": [(self.first + at, kinds, text) for at, (kinds, text) in columns]}


def kind_and_text(value: Any) -> tuple[str, str]:
    """What kind of value it is, and its text."""
    if isinstance(value, bool):
        return "boolean", "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        is_whole = float(value).is_integer() and abs(value) < 2**53
        return "number", str(int(value)) if is_whole else repr(value)
    if isinstance(value, dt.datetime):
        return "date", value.isoformat(" ")
    if isinstance(value, dt.date):
        return "date", value.isoformat()
    if isinstance(value, dt.time):
        return "time", value.isoformat()
    return "duration", str(value)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
