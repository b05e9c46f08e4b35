"""Spreadsheets are read cell by cell, and what was made to hurt a reader hurts its process only."""

from __future__ import annotations

import io
import os
import struct
import zipfile

import pytest

from playground.row_sets.formats import sheets
from playground.row_sets.formats.json_rows import UnableToReadRows
from playground.row_sets.formats.sheets import read_sheet
from tests.row_sets.spreadsheets import DATE, DATE_TIME, number, ods, packed, replaced, text, xlsx

ODD = ("007", "1e5", "O'Brien", "two\nlines", "=1+1", "Zo\u00eb \u5317\u4eac", "2026-01-02")
ONE = xlsx({"A": [[text("QQ")]]})


def rows_of(read):
    return tuple(tuple(row) for _, row in read.rows())


def texts(rows):
    return [[text(cell) for cell in row] for row in rows]


@pytest.mark.parametrize(
    "write",
    [lambda rows: xlsx({"Leads": texts(rows)}), lambda rows: ods({"Leads": rows})],
    ids=["XLSX", "ODS"],
)
def test_text_is_read_letter_by_letter(write):
    read = read_sheet(write([ODD, ODD[::-1]]))

    assert (rows_of(read), read.sheet, read.formatted) == ((ODD, ODD[::-1]), "Leads", ())


def test_values_that_are_no_text_are_told_and_counted():
    cells = [
        [number("7"), number("0.1"), number("1e21"), number("123456789012345")],
        [number("46000", DATE), number("46000.5", DATE_TIME), number("46000", DATE_TIME)],
        ['<c t="b"><v>1</v></c>', '<c t="e"><v>#N/A</v></c>', '<c t="str"><v>made</v></c>'],
    ]

    read = read_sheet(xlsx({"A": cells}))

    assert rows_of(read) == (
        ("7", "0.1", "1e+21", "123456789012345"),
        ("2025-12-09", "2025-12-09 12:00:00", "2025-12-09", ""),
        ("TRUE", "", "made", ""),
    )
    assert [(column.at, column.kinds, column.first) for column in read.formatted] == [
        (0, {"number": 1, "date": 1, "boolean": 1}, "7"),
        (1, {"number": 1, "date": 1}, "0.1"),
        (2, {"number": 1, "date": 1}, "1e+21"),
        (3, {"number": 1}, "123456789012345"),
    ]
    assert (read.errors, read.formulas, read.merged) == (1, 0, 0)


def test_blanks_are_kept_where_the_file_says_so_and_cells_stand_where_they_stand():
    cells = [[], ["", text(" a "), text(" b ", "")]]

    read = read_sheet(xlsx({"A": cells}))

    assert list(read.rows()) == [[2, ["", " a ", "b"]]]


def test_the_first_sheet_with_something_is_read_or_the_one_that_is_named():
    file = xlsx({"Notes": [], "Leads": [[text("a")]], "Old & new": [[text("b")]]})

    assert read_sheet(file).sheet == "Leads"
    assert rows_of(read_sheet(file, "Old & new")) == (("b",),)
    with pytest.raises(
        UnableToReadRows, match=r"no sheet of this name\. Its sheets: Notes, Leads and"
    ):
        read_sheet(file, "leads")


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (b"PK\x03\x04", "damaged"),
        (ONE[:-30], "damaged"),
        (packed({"a.txt": "x"}), r"\(ZIP\) with no spreadsheet in it"),
        (packed({"xl/workbook.xml": "x"}), "cannot be read"),
        (b"\xd0\xcf\x11\xe0" + bytes(2_000), "cannot be read"),
        (xlsx({"A": []}), "Its sheets are empty"),
        (replaced(ONE, b'r="A1"', b'r="XFD1048576"'), "spans too many cells"),
        (packed({f"{n}content.xml": "" for n in range(5_001)}), "unpacks to more"),
        (replaced(ONE, b"QQ", b"&bomb;"), "cannot be read"),
        (replaced(ONE, b"<worksheet", b'<!DOCTYPE w [<!ENTITY a "b">]><worksheet'), ""),
        (ONE.replace(b"xl/workbook.xml", b"../../etc/passw"), "with no spreadsheet"),
    ],
    ids=range(11),
)  # fmt: skip
def test_a_file_that_is_no_spreadsheet_says_why(file, told):
    if not told:
        assert rows_of(read_sheet(file)) == (("QQ",),)
        return
    with pytest.raises(UnableToReadRows, match=told):
        read_sheet(file)


def test_a_file_that_unpacks_to_too_much_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_UNPACKED", 1_000)
    with pytest.raises(UnableToReadRows, match="unpacks to more"):
        read_sheet(packed({"xl/workbook.xml": b" " * 1_001}))


def test_what_a_process_cannot_hold_ends_that_process_only():
    two = replaced(xlsx({"A": [[text("a")], [text("b")]]}), b'r="A2"', b'r="XFD1048576"')

    with pytest.raises(UnableToReadRows, match="Save the sheet that you need as CSV"):
        read_sheet(two)


def test_the_process_knows_nothing_of_our_environment(monkeypatch):
    monkeypatch.setitem(os.environ, "PYTHONSTARTUP", "nothing")
    monkeypatch.setitem(os.environ, "PYTHONPATH", "/nowhere")

    assert rows_of(read_sheet(ONE)) == (("QQ",),)


@pytest.mark.parametrize("told", [50, 60_000])
def test_a_file_that_says_of_a_part_another_size_than_it_has_is_not_read(told):
    sheet = b"<sheetData>" + b" " * 50_000
    file = replaced(ONE, b"<sheetData>", sheet)
    with zipfile.ZipFile(io.BytesIO(file)) as before:
        size = before.getinfo("xl/worksheets/s1.xml").file_size

    lie = file.replace(struct.pack("<I", size), struct.pack("<I", told))

    with pytest.raises(UnableToReadRows, match="The file is damaged"):
        read_sheet(lie)


def test_a_sheet_that_is_hidden_is_read_when_it_is_asked_for():
    file = xlsx({"Lists": [[text("a")]], "Leads": [[text("b")]]})
    file = replaced(file, b'name="Lists"', b'name="Lists" state="hidden"')

    assert (read_sheet(file).sheet, read_sheet(file, "Lists").sheet) == ("Leads", "Lists")
