"""CSV and its like are read letter by letter; where one breaks off is said, and what came before
is kept."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.row_sets.formats import separated
from playground.row_sets.formats.json_rows import UnableToReadRows
from playground.row_sets.formats.separated import Rows, find_delimiter


def read(text: str, delimiter: str = ","):
    rows = Rows(io.StringIO(text, newline=""), delimiter)
    return [cells for _, cells in rows], rows.broken_off and rows.broken_off.line


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", []),
        ("\n\r\n\r", []),
        ("a", [("a",)]),
        ("a,b\r\nc,d", [("a", "b"), ("c", "d")]),
        ("a,b\rc,d\r", [("a", "b"), ("c", "d")]),
        ("007,1e5,00.10, 12 ,2026-01-02", [("007", "1e5", "00.10", " 12 ", "2026-01-02")]),
        ("a,,\n,", [("a", "", ""), ("", "")]),
        ("a\nb,c,d\n", [("a",), ("b", "c", "d")]),
        ('"x\ny","a,b","say ""hi"""', [("x\ny", "a,b", 'say "hi"')]),
        ("5\" pipe,O'Brien", [('5" pipe', "O'Brien")]),
        ('"Hello" World,b\nc,d', [("Hello World", "b"), ("c", "d")]),
        ("\x00a,\x0bb\u2028", [("\x00a", "\x0bb\u2028")]),
    ],
)
def test_rows_are_as_they_are_written(text, cells):
    assert read(text) == (cells, None)


@pytest.mark.parametrize(
    ("text", "cells", "line"),
    [
        ('"open', [], 1),
        ('a,b\nc,"open\nd,e\n', [("a", "b")], 2),
        ('a,b\n"Ada,King\n"Zoe",x\nq,r', [("a", "b")], 2),
        ('"two\nlines",b\nc,"\n', [("two\nlines", "b")], 3),
    ],
)
def test_a_quote_that_is_never_closed_ends_the_table_where_it_opens(text, cells, line):
    assert read(text) == (cells, line)


def test_each_row_tells_the_line_in_which_it_begins():
    rows = Rows(io.StringIO('a\n\n"x\ny\nz"\nb', newline=""), ",")

    assert [line for line, _ in rows] == [1, 3, 6]


CELLS = st.text(st.characters(exclude_categories=["Cs"]))


@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=3), max_size=4),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_any_table_that_is_written_comes_back(table, delimiter):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(table)

    assert read(text.getvalue(), delimiter) == ([tuple(row) for row in table], None)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("", ","),
        ("name\nAda\n", ","),
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2\n2,5;3\n", ";"),
        ("a\tb, c\n1\t2\n", "\t"),
        ("a|b|c\n1|2|3,4\n", "|"),
        ('"a;b",c\n"d;e",f\n', ","),
        ("Name;City\nO'Brien, Ada;Bonn\nKing, Zo\u00eb;K\u00f6ln\n", ";"),
        ("a,b\n" * 20_000 + "x;y;z\n" * 20_000, ","),
    ],
)
def test_the_sign_that_separates_is_the_one_that_rows_have_equally_often(text, delimiter):
    assert find_delimiter(text) == delimiter


def test_a_line_that_is_too_long_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr(separated, "LONGEST_ROW", 10)
    monkeypatch.setattr(separated, "_MOST_EMPTY", 2)

    assert read("a,b\n123,56789\n") == ([("a", "b"), ("123", "56789")], None)
    with pytest.raises(UnableToReadRows, match="Line 2 is longer than 10 characters"):
        read("a,b\n123,5678901\n")
    with pytest.raises(UnableToReadRows, match="It has more than 2 empty lines"):
        read("a\n\n\n\nb")


def test_a_quote_that_is_not_closed_does_not_read_all_that_follows(monkeypatch):
    monkeypatch.setattr(separated, "LONGEST_ROW", 10)

    assert read('a,b\n"c,d\ne,f\ng,h\ni,j\n"') == ([("a", "b")], 2)
