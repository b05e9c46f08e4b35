"""What is written as CSV is read back as it was; for a spreadsheet, no cell is a formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.row_sets.tables import ReadAs, UnableToReadRows, read_table
from playground.row_sets.writing import table_csv, template_csv, without_formula
from tests.row_sets.test_tables import KNOWN, WORKFLOW

CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ["007", "1e5", "=1+1", "\r", "a;b", "{", "[", "\ufeff", "'", '"', "\x00", "\u2028"]
)
# A row with nothing in it is no row, and the first one has the names.
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(CELLS, min_size=width, max_size=width).map(lambda row: ["x", *row]), min_size=1
    )
)


@given(TABLES)
def test_a_table_is_read_back_letter_by_letter(rows):
    columns = ("x", *"abcd"[: len(rows[0]) - 1])

    file = b"".join(table_csv(columns, rows, exact=True))
    table = read_table(file, ReadAs(header=1), KNOWN)

    blank_end = max(at for row in rows for at, cell in enumerate(row, 1) if cell.strip() or at == 1)
    width = max(len(columns), blank_end)
    assert table.columns == columns
    assert [list(cells) for _, cells in table.rows] == [row[:width] for row in rows]


@given(st.lists(CELLS, min_size=1))
def test_no_cell_of_a_file_for_spreadsheets_begins_a_formula(row):
    file = b"".join(table_csv(("x",), [row], exact=False))

    for row in csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")):
        assert not any(cell.strip(" \t\r\n\ufeff\xa0\x00").startswith(("=", "@")) for cell in row)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        (" =1+1", "' =1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("-5", "-5"),
        ("+4917012", "+4917012"),
        ("-1,234.5", "-1,234.5"),
        ("-1e-5", "-1e-5"),
        ("007", "007"),
        ("O'Brien", "O'Brien"),
        ("a=b", "a=b"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_formula_is_a_text_and_a_number_stays_a_number(cell, shown):
    assert without_formula(cell) == shown


def test_the_template_has_the_keys_and_is_read_back():
    file = template_csv(WORKFLOW)

    assert file == '\ufeff"first_name","company","email","société"\r\n'.encode()
    with pytest.raises(UnableToReadRows, match="no row below the names"):
        read_table(file, ReadAs(), KNOWN)
    filled = read_table(file + b"Ada;x\r\n", ReadAs(), KNOWN)
    assert filled.columns == ("first_name", "company", "email", "société")


@pytest.mark.parametrize(
    "cell",
    [
        *("-5", "+33 6 12 34 56 78", "+33.6.12.34.56.78", "+1 (415) 555 2671"),
        *("+33\u00a06\u00a012", "2024-10-26", "-0,5", "+1e9", "+33612345678"),
    ],
)
def test_numbers_phone_numbers_and_dates_stay(cell):
    assert without_formula(cell) == cell


@pytest.mark.parametrize(
    "cell", ["+1-2", "+33 6+1", "-1-1", "+33 6 12*2", "+(1)", "-5 cmd", "+33 A1", "+1 =2", "+1\n2"]
)
def test_what_only_begins_like_a_number_is_guarded(cell):
    assert without_formula(cell) == f"'{cell}"
