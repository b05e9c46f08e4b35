"""Files that are uploaded as rows and made to hurt whoever reads them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.row_sets.spreadsheets import number, ods, packed, replaced, text, xlsx

ONE = xlsx({"A": [[text("first_name")], [text("QQ")]]})
TWO = xlsx({"A": [[text("first_name")], [text("b")]]})
ENTITIES = b"<!DOCTYPE a [<!ENTITY a0 'ha'>%s]>" % b"".join(
    b"<!ENTITY a%d '%s'>" % (depth, b"&a%d;" % (depth - 1) * 10) for depth in range(1, 30)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bomb:
    """`says` is part of the sentence that the person gets. `fields` go with the file."""

    name: str
    make: Callable[[], bytes]
    says: str
    file: str = "leads.xlsx"
    fields: Mapping[str, str] = field(default_factory=dict)


def inflated(size: int) -> bytes:
    """A spreadsheet whose sheet is blanks and grows to this size when it is unpacked."""
    return replaced(ONE, b"<sheetData>", b" " * size + b"<sheetData>")


def nested() -> bytes:
    """Archives within archives."""
    inner = packed({"xl/workbook.xml": b" " * 1_000_000})
    for _ in range(5):
        inner = packed({f"{at}.zip": inner for at in range(10)} | {"xl/workbook.xml": inner})
    return inner


def overlapping(count: int = 2_000) -> bytes:
    """Many entries of a directory that are all the same bytes of the file."""
    sheet = packed({"xl/worksheets/s1.xml": b" " * 1_000_000})
    with zipfile.ZipFile(io.BytesIO(sheet)) as archive:
        start = archive.start_dir
    body, entry = sheet[:start], sheet[start:-22]
    ends = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(entry) * count, len(body), 0)
    return body + entry * count + ends


def with_entities(file: bytes, part: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(file)) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    parts[part] = ENTITIES + parts[part].replace(b"QQ", b"&a29;")
    return packed(parts)


LIGHT = (
    Bomb(
        name="a cell at the far end of a sheet",
        make=lambda: replaced(TWO, b'r="A2"', b'r="XFD1048576"'),
        says="unpacks to more than can be read",
    ),
    Bomb(name="archives within archives", make=nested, says="spreadsheet"),
    Bomb(name="entries that overlap", make=overlapping, says="spreadsheet"),
    Bomb(
        name="entities that grow, in a sheet",
        make=lambda: with_entities(ONE, "xl/worksheets/s1.xml"),
        says="cannot be read",
    ),
    Bomb(
        name="entities that grow, in an ODS",
        make=lambda: with_entities(ods({"A": [["a"], ["QQ"]]}), "content.xml"),
        says="cannot be read",
        file="leads.ods",
    ),
    Bomb(
        name="100,000 columns",
        make=lambda: b",".join(b"c%d" % at for at in range(100_000)) + b"\n",
        says="columns",
        file="leads.csv",
    ),
    Bomb(
        name="60,000 columns of JSON",
        make=lambda: (
            b'[{"first_name": "Ada", ' + b",".join(b'"c%d": 1' % at for at in range(60_000)) + b"}]"
        ),
        says="different keys",
        file="leads.json",
    ),
    Bomb(
        name="UTF-16 that is passed off as UTF-8",
        make=lambda: "first_name,company\nAda,ACME\n".encode("utf-16-le"),
        says="UTF-8",
        file="leads.csv",
        fields={"encoding": "utf-8"},
    ),
    Bomb(
        name="a .csv that is an archive",
        make=lambda: packed({"leads.txt": "first_name\nAda\n"}),
        says="ZIP",
        file="leads.csv",
    ),
    Bomb(
        name="nothing but opening brackets",
        make=lambda: b"[" * 900_000,
        says="no object",
        file="leads.json",
    ),
    Bomb(
        name="nothing but quotes",
        make=lambda: b'"' * 900_000,
        says="may not be closed",
        file="leads.csv",
    ),
    Bomb(
        name="a quote that never closes",
        make=lambda: b'first_name\n"Ada\n' + b"King\n" * 10_000,
        says="opens in line 2",
        file="leads.csv",
        fields={"header": "1"},
    ),
    Bomb(
        name="one line of 900,000 letters",
        make=lambda: b"a" * 900_000,
        says="at most 100,000",
        file="leads.csv",
    ),
)
HEAVY = (
    Bomb(name="a sheet of 120 MB", make=lambda: inflated(120_000_000), says="MB"),
    Bomb(name="a sheet of 2 GB", make=lambda: inflated(2_000_000_000), says="MB"),
    Bomb(
        name="a sheet of a million numbers in a row",
        make=lambda: replaced(
            xlsx({"A": [[number("1")]]}), b"</row>", b"<c><v>1</v></c>" * 1_000_000 + b"</row>"
        ),
        says="columns",
    ),
    Bomb(
        name="a line of 100 MB",
        make=lambda: b"a" * 100_000_000,
        says="MB",
        file="leads.csv",
    ),
    Bomb(
        name="a line as long as a file may be",
        make=lambda: b"a" * 49_000_000,
        says="at most 100,000",
        file="leads.csv",
    ),
    Bomb(
        name="a cell as long as a file may be, in quotes",
        make=lambda: b'first_name\n"' + b"a\n" * 24_000_000 + b'"\n',
        says="opens in line 2",
        file="leads.csv",
    ),
    Bomb(
        name="20 million columns",
        make=lambda: b"," * 20_000_000 + b"\n",
        says=".",
        file="leads.csv",
    ),
    Bomb(
        name="brackets as many as a file may have",
        make=lambda: b"[" * 49_000_000,
        says=".",
        file="leads.json",
    ),
    Bomb(
        name="a JSON text as long as a file may be",
        make=lambda: b'[{"first_name": "' + b"a" * 49_000_000 + b'"}]',
        says=".",
        file="leads.json",
    ),
    Bomb(
        name="UTF-16 of 48 MB that is passed off as UTF-8",
        make=lambda: ("first_name,company\n" + "Ada,ACME\n" * 2_600_000).encode("utf-16-le"),
        says="UTF-8",
        file="leads.csv",
        fields={"encoding": "utf-8"},
    ),
    Bomb(
        name="25 million lines",
        make=lambda: b"first_name\n" + b"a\n" * 24_000_000,
        says="rows",
        file="leads.csv",
    ),
)
