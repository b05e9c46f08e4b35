"""A source is read as a table: which row has the names, what is not as it stands there, and no
cell changed."""

from __future__ import annotations

import codecs
import csv
import io
import json

import pytest

from playground.contract import wire
from playground.contract.workflows import Workflow
from playground.row_sets import tables
from playground.row_sets.columns import ColumnNames
from playground.row_sets.formats import sources
from playground.row_sets.tables import (
    Limits,
    ReadAs,
    UnableToReadRows,
    column_letters,
    read_copied,
    read_table,
)
from tests.row_sets.spreadsheets import DATE, number, ods, packed, replaced, text, xlsx

WORKFLOW = wire.from_builtins(
    Workflow,
    {
        "uid": "w-1",
        "name": "Find",
        "steps": [
            {
                "step_uid": "s-1",
                "step_name": "Find",
                "position": 0,
                "input_schema": {
                    "first_name": {"required": 1, "variations": ["firstname", "given_name"]},
                    "company": {"required": 1, "retro_variations": ["organisation"]},
                    "email": {"required": 0},
                    "société": {"required": 0},
                },
            }
        ],
    },
)
KNOWN = ColumnNames(WORKFLOW)


def read(data, how=None, **limits):
    data = data if isinstance(data, bytes) else data.encode()
    return read_table(data, how or ReadAs(), KNOWN, Limits(**limits))


def cells(table):
    return [tuple(row) for _, row in table.rows]


COLUMNS = ("First name", "company", "Société", "note")
ROWS = [
    ("007", "O'Brien & Söhne", "1e5", "two\nlines"),
    ("00123456789012345678901234567890", "", " = 1+1 ", "2026-01-02"),
    ("Zoë", 'say "hi"', "a,b;c\td|e", "''"),
]


def written(delimiter=","):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows([COLUMNS, *ROWS])
    return file.getvalue()


def as_objects():
    return [dict(zip(COLUMNS, row, strict=True)) for row in ROWS]


def in_a_sheet(rows):
    return [[text(cell) if cell else "" for cell in row] for row in rows]


SAME = {
    "UTF-8": written().encode(),
    "UTF-8 with a mark": codecs.BOM_UTF8 + written(";").encode(),
    "UTF-16": codecs.BOM_UTF16_LE + written().encode("utf-16-le"),
    "UTF-16 without a mark": written("|").encode("utf-16-be"),
    "Windows-1252": written().encode("cp1252"),
    "TSV": written("\t").encode(),
    "XLSX": xlsx({"Leads": in_a_sheet([COLUMNS, *ROWS])}),
    "ODS": ods({"Leads": [COLUMNS, *ROWS]}),
    "JSON": json.dumps(as_objects()).encode(),
    "a payload": json.dumps({"inputs": as_objects()}, ensure_ascii=False).encode("utf-16"),
    "JSON Lines": "\n".join(json.dumps(one) for one in as_objects()).encode(),
}


@pytest.mark.parametrize("data", SAME.values(), ids=SAME)
def test_the_same_table_is_the_same_in_every_format(data):
    table = read(data)

    assert (table.columns, cells(table)) == (COLUMNS, ROWS)
    assert (table.row_count, table.has_names, table.notices) == (3, True, ())
    again = read(data, table.how)
    assert (again.how, again.columns, cells(again)) == (table.how, COLUMNS, ROWS)


@pytest.mark.parametrize("copied", [written("\t"), written(), json.dumps(as_objects())])
def test_and_so_it_is_when_it_was_copied(copied):
    table = read_copied(copied, "", ReadAs(), KNOWN)

    assert (table.kind, table.columns, cells(table)) == ("copied", COLUMNS, ROWS)


def test_a_table_of_a_page_is_copied_by_its_html():
    html = "<table><tr><th>company<th>email<tr><td>Beta<td>b@x.org</table>"

    table = read_copied("company email Beta b@x.org", html, ReadAs(), KNOWN)

    assert (table.columns, cells(table)) == (("company", "email"), [("Beta", "b@x.org")])


@pytest.mark.parametrize(
    ("data", "header", "columns", "first"),
    [
        ("company,email\nBeta,b@x.org\n", 1, ("company", "email"), ("Beta", "b@x.org")),
        ("\nLeads\n\nCompany;E-Mail\nBeta;b@x.org", 4, ("Company", "E-Mail"), ("Beta", "b@x.org")),
        ("Name,Town,ZIP\nBeta,Bonn,53111", 1, ("Name", "Town", "ZIP"), ("Beta", "Bonn", "53111")),
        (
            "Town,Country,Cömpany\nBonn,DE,Beta",
            1,
            ("Town", "Country", "Cömpany"),
            ("Bonn", "DE", "Beta"),
        ),
        ("Name,Town\nBeta,Bonn", 0, ("Column A", "Column B"), ("Name", "Town")),
        ("Beta,53111\nAda,10115", 0, ("Column A", "Column B"), ("Beta", "53111")),
        ("Beta GmbH\nGamma Ltd", 0, ("Column A",), ("Beta GmbH",)),
        ("Beta,Beta\n1,2", 0, ("Column A", "Column B"), ("Beta", "Beta")),
    ],
)
def test_the_row_of_the_names_is_found(data, header, columns, first):
    table = read(data)

    assert (table.how.header, table.columns, cells(table)[0]) == (header, columns, first)
    told = f"Row {header} has the names" if header else "No row has the names"
    assert told in table.found


def test_the_row_of_the_names_can_be_said():
    data = "Leads\ncompany,email\nBeta,b@x.org\n"

    none = read(data, ReadAs(header=0))

    assert (none.columns, none.row_count) == (("Column A", "Column B"), 3)
    assert cells(none)[0] == ("Leads", "")
    third = read(f"{data}Gamma,g@x.org", ReadAs(header=3))
    assert (third.columns, cells(third)) == (("Beta", "b@x.org"), [("Gamma", "g@x.org")])
    assert third.notices == (
        "2 rows above the names of the columns were left out: “Leads” and what follows.",
    )
    with pytest.raises(UnableToReadRows, match="There is no row below the names"):
        read(data, ReadAs(header=3))
    with pytest.raises(UnableToReadRows, match="There is no row 4 that could have the names"):
        read(data, ReadAs(header=4))


def test_every_column_has_a_name_of_its_own_and_what_was_made_up_is_told():
    table = read("email,company,email,,EMAIL,email,Column D,email (2)\n1,2,3,4,5,6,7,8,9\n")

    assert table.columns == (
        "email", "company", "email (3)", "Column D (2)", "EMAIL", "email (4)", "Column D",
        "email (2)", "Column I",
    )  # fmt: skip
    assert table.notices == (
        "Several columns have the same name, so some are called “email (3)” and “email (4)”.",
        "Not every column has a name, so some are called “Column D (2)” and “Column I”.",
    )


def test_ragged_and_blank_rows_and_what_is_blank_at_the_end():
    table = read("company,email,,\n\nBeta\n,,,\n \t,\nGamma,g@x.org,,\nDelta,,,late\n,,,\n")

    assert table.columns == ("company", "email", "Column C", "Column D")
    assert [(place, tuple(row)) for place, row in table.rows] == [
        (3, ("Beta", "", "", "")),
        (6, ("Gamma", "g@x.org", "", "")),
        (7, ("Delta", "", "", "late")),
    ]
    assert "2 blank rows were left out." in table.notices


def test_what_comes_before_a_quote_that_is_not_closed_is_kept():
    table = read('company,email\nBeta,b@x.org\nGamma,"g@x.org\nDelta,d@x.org\n')

    assert cells(table) == [("Beta", "b@x.org")]
    assert "A quote that opens in line 3 does not close" in table.notices[0]


BIG = {"rows": 3, "columns": 4, "cell": 10, "size": 300}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "This file is empty."),
        (b"\xef\xbb\xbf\r\n", "This file is empty."),
        (bytes(20), "This file is empty."),
        (b",,\n ,\n", "There is nothing in it."),
        (b"company,email\n", "There is no row below the names of its columns."),
        (b'"company', "A quote that opens in line 1"),
        (b"[]", "There is nothing in it."),
        (b'{"a": ', "This is no JSON. Line 1"),
        (bytes(range(256)), "This is no file of text."),
        (b"%PDF-1.7", "This is a PDF, not a table."),
        (packed({"a.csv": "company"}), "This is a packed file (ZIP) with no spreadsheet in it."),
        (b"company\n" + b"a\n" * 4, "It has more than 3 rows."),
        (b'[{"a":"1"},{"a":"1"},{"a":"1"},{"a":"1"}]', "It has more than 3 rows."),
        (b"a,b,c,d,e", "Row 1 has 5 columns. A table may have at most 4"),
        (b'{"a":1,"b":1,"c":1,"d":1,"e":1}', "Row 1 has 5 columns."),
        (b'[{"a":1,"b":1,"c":1},{"d":1,"e":1}]', "Row 2 has 5 columns."),
        (b'[{"a":1,"b":1},{"c":1,"d":1,"e":""}]', "Its objects have 5 different keys."),
        (b"company\n12345678901", "The cell in row 2, column A, has 11 characters."),
        (b"a\n" * 151, "This file has 302 bytes. It may have at most 300 bytes"),
        (xlsx({"A": []}), "Its sheets are empty"),
    ],
)
def test_what_is_no_table_or_too_much_says_why(data, told):
    limits = {} if data.startswith(b"PK") else BIG
    with pytest.raises(UnableToReadRows) as raised:
        read(data, **limits)
    assert told in raised.value.sentence


@pytest.mark.parametrize(
    ("how", "told"),
    [
        (ReadAs(encoding="utf-8"), "This file is UTF-16 (little endian) and cannot be read as"),
        (ReadAs(encoding="cp1252"), "This file is UTF-16 (little endian) and cannot be read as"),
        (ReadAs(encoding="latin-7"), "“latin-7” is no encoding that can be read."),
        (ReadAs(delimiter="x"), "Choose a comma, a semicolon, a tab or a bar"),
    ],
)
def test_what_cannot_be_read_as_it_is_asked_for_says_so(how, told):
    with pytest.raises(UnableToReadRows) as raised:
        read("company,email\nBeta,b@x.org".encode("utf-16-le"), how)
    assert told in raised.value.sentence


@pytest.mark.parametrize(("at", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_columns_are_called_as_in_a_spreadsheet(at, letters):
    assert column_letters(at) == letters


def test_a_copied_column_of_places_is_one_column():
    table = read_copied("Bonn, Germany\nOslo, Norway\n", "", ReadAs(), KNOWN)
    chosen = read_copied("Bonn, Germany\nOslo, Norway\n", "", ReadAs(delimiter=","), KNOWN)

    assert cells(table) == [("Bonn, Germany",), ("Oslo, Norway",)]
    assert cells(chosen) == [("Bonn", " Germany"), ("Oslo", " Norway")]


@pytest.mark.parametrize("text", ["", "\t\t\r\n", "\n"])
def test_nothing_that_was_copied_is_no_table(text):
    with pytest.raises(UnableToReadRows, match="There is nothing in it"):
        read_copied(text, "", ReadAs(), KNOWN)


def test_what_a_sheet_has_and_its_text_has_not_is_told():
    rows = [
        [text("company"), text("email"), text("Age"), text("Since")],
        [],
        [text("Beta"), '<c t="e"><v>#N/A</v></c>', number("7"), number("46000", DATE)],
        [text("Gamma"), "<c><f>A1</f></c>", number("1234567890123456789"), text("2026")],
    ]
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A3:B3"/></mergeCells>'

    table = read(replaced(xlsx({"Leads": rows}), b"</sheetData>", merged))

    assert [(place, tuple(row)) for place, row in table.rows] == [
        (3, ("Beta", "", "7", "2025-12-09")),
        (4, ("Gamma", "", "1.2345678901234568e+18", "2026")),
    ]
    numbers, error, formula, merged, blank = table.notices
    assert numbers.startswith(
        "Column C has 2 numbers (first “7”) and column D has 1 date (first “2025-12-09”): a file "
        "has no text of those, so each is sent as its plain value."
    )
    assert error.startswith("1 cell holds an error and is blank here.")
    assert formula.startswith("1 cell holds a formula without a result and is blank here.")
    assert merged.startswith("It has 1 merged cell: the text is in the first")
    assert blank == "1 blank row was left out."


@pytest.mark.parametrize(
    "data",
    [
        b"company,email\na\x00b,\x00\n",
        "company|email\na\x00b|\x00\n".encode("utf-16"),
        b'[{"company": "a\\u0000b", "email": "\\u0000"}]',
    ],
)
def test_a_nul_is_kept_and_told(data):
    table = read(data)

    assert cells(table) == [("a\x00b", "\x00")]
    assert table.notices == ("It has 2 NUL characters: each is kept and sent as \\u0000.",)


def test_blank_rows_without_end_are_not_walked_through(monkeypatch):
    monkeypatch.setattr(tables, "_MOST_BLANK", 2)
    assert read("company,email\n,\n,\nBeta,\n").row_count == 1
    with pytest.raises(UnableToReadRows, match="It has more than 2 blank rows"):
        read("company,email\nBeta,\n,\n,\n,\n")


@pytest.mark.parametrize("text", ["a\t" * 3, "a\n" * 3])
def test_more_cells_than_can_be_pasted_are_refused(text, monkeypatch):
    monkeypatch.setattr(sources, "_MOST_COPIED", 2)
    with pytest.raises(UnableToReadRows, match="more cells than can be pasted"):
        read_copied(text, "", ReadAs(), KNOWN)
