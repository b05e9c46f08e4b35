"""A workbook holds every cell as the text that it is, and is read back letter by letter."""

from __future__ import annotations

import io
import zipfile

from python_calamine import load_workbook

from playground.row_sets import workbooks

CELLS = (
    *("=1+1", "+33 6 12 34 56 78", "-5", "007", "1e5", "2024-10-26", "@SUM(A1)", "\tx"),
    *(
        "a & b <c> \"d\" 'e'",
        " blanks ",
        "two\nlines",
        "😀 é",
        "]]>",
        "true",
        "12345678901234567890",
    ),
)


def read_back(data: bytes) -> list[list[object]]:
    sheet = load_workbook(io.BytesIO(data)).get_sheet_by_index(0)
    return sheet.to_python(skip_empty_area=False)


def test_cells_are_read_back_as_they_were():
    rows = [[cell, "", str(at)] for at, cell in enumerate(CELLS)]

    data = b"".join(workbooks.workbook(("a", "b", "c"), rows))

    assert read_back(data) == [["a", "b", "c"], *rows]


def test_signs_that_xml_cannot_carry_are_written_as_spreadsheets_write_them():
    data = b"".join(workbooks.workbook(("a",), [["\x00\x0b\r\ufffe_x0041_"]]))

    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert b"_x0000__x000B__x000D__xFFFE__x005F_x0041_" in sheet


def test_what_no_sheet_holds_is_told():
    assert workbooks.why_too_large(5, 5, 32_767) == ""
    assert "these are 1,048,576" in workbooks.why_too_large(1_048_576, 1, 1)
    assert "16,385" in workbooks.why_too_large(1, 16_385, 1)
    assert "32,768" in workbooks.why_too_large(1, 1, 32_768)
    assert workbooks.length_of("😀a") == 3
