"""The process in which a spreadsheet is opened: `python -m` this, the file on its input.

What a reader makes of a file that was made to hurt it, a limit of the process ends. It prints one
JSON object: `sheets` (their names), `sheet` (the one that was read) and `rows`, each cell as text
or, where it was none, as `[kind, text]`; or `problem`.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import resource
import sys
from typing import Any

import python_calamine as calamine

# Of processor time, and of addresses, of which half is memory in use.
MOST_SECONDS = 2
MOST_BYTES = 512 * 1024 * 1024
MOST_CELLS = 2_000_000


def main(wanted: str) -> None:
    data = sys.stdin.buffer.read()
    limit_process()
    try:
        told = read(data, wanted)
    except calamine.PasswordError:
        told = {"problem": "It is protected by a password."}
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError) as error:
        told = {"problem": f"It cannot be read ({error})."}
    sys.stdout.write(json.dumps(told))


def limit_process() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS + 1, MOST_SECONDS + 1))


def read(data: bytes, wanted: str) -> dict[str, Any]:
    workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    names = [
        one.name for one in workbook.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    if wanted and wanted not in names:
        return {"sheets": names, "problem": "There is no sheet of this name."}
    for name in [wanted] if wanted else names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.total_height * sheet.total_width > MOST_CELLS:
            return {"sheets": names, "problem": f"The sheet “{name}” spans too many cells."}
        if sheet.height:
            rows = sheet.to_python(skip_empty_area=False)
            return {"sheets": names, "sheet": name, "rows": [list(map(text, row)) for row in rows]}
    return {"sheets": names, "problem": "Its sheets are empty."}


def text(value: Any) -> Any:
    """Text as it stands; else what kind of value it was, and its text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return ["boolean", "TRUE" if value else "FALSE"]
    if isinstance(value, int | float):
        is_whole = float(value).is_integer() and abs(value) < 2**53
        return ["number", str(int(value)) if is_whole else repr(value)]
    if isinstance(value, dt.datetime):
        return ["date", value.isoformat(" ")]
    if isinstance(value, dt.date | dt.time):
        return ["date", value.isoformat()]
    return ["duration", str(value)]


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
