"""What spreadsheets copy is read letter by letter, and what only looks like it as it stands."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.row_sets.formats import clipboard
from playground.row_sets.formats.clipboard import read_html, read_text


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", ()),
        ("ACME", (("ACME",),)),
        ("ACME\nBeta GmbH\nGamma Ltd\n", (("ACME",), ("Beta GmbH",), ("Gamma Ltd",))),
        ("Ada\tKing\r\nZoë\tO'Brien\r\n", (("Ada", "King"), ("Zoë", "O'Brien"))),
        ("a\t\n\tb", (("a", ""), ("", "b"))),
        ("a\t", (("a", ""),)),
        ("\n\na", (("",), ("",), ("a",))),
        ("a\rb", (("a",), ("b",))),
        ('"two\nlines"\tb', (("two\nlines", "b"),)),
        ('"with a\ttab"', (("with a\ttab",),)),
        ('"say ""hi"""\t1', (('say "hi"', "1"),)),
        ('""\ta', (("", "a"),)),
        ('5" pipe\t3" pipe', (('5" pipe', '3" pipe'),)),
        ('"Hello" she said\tb', (('"Hello" she said', "b"),)),
        ('"never closed\tb\nc', (('"never closed', "b"), ("c",))),
        ('Company\tNote\n"ACME"\t"a"', (("Company", "Note"), ('"ACME"', '"a"'))),
        (
            'Who\tWhat\r\n"""Zoë"""\t"one\ntwo ""x"""\r\n',
            (("Who", "What"), ('"Zoë"', 'one\ntwo "x"')),
        ),
        ('"Company"\t"Rows"\n"ACME"\t12\n', (("Company", "Rows"), ("ACME", "12"))),
        ("007\t1e5\t00.10\t 12 ", (("007", "1e5", "00.10", " 12 "),)),
        ("a\u2028b\x0bc\x1cd", (("a\u2028b\x0bc\x1cd",),)),
    ],
)
def test_text_of_a_spreadsheet(text, cells):
    assert read_text(text) == cells


def as_copied(cell: str) -> str:
    needs_quotes = re.search(r'[\t\r\n"]', cell)
    return '"' + cell.replace('"', '""') + '"' if needs_quotes else cell


@given(st.lists(st.lists(st.text(), min_size=2, max_size=4), min_size=1, max_size=4))
def test_any_table_that_is_copied_comes_back(table):
    text = "".join("\t".join(map(as_copied, row)) + "\r\n" for row in table)

    assert read_text(text) == tuple(map(tuple, table))


@given(st.text(alphabet='ab"\t\n\r'))
def test_no_letter_of_any_text_is_lost(text):
    letters = [char for row in read_text(text) for cell in row for char in cell if char in "ab"]

    assert letters == [char for char in text if char in "ab"]


@pytest.mark.parametrize(
    ("html", "cells"),
    [
        ("", ()),
        ("<p>No table</p>", ()),
        ("<table><tr><td>a<td>b</tr><tr><th>c<td>d</table>", (("a", "b"), ("c", "d"))),
        ("<meta><table>\n<tbody>\n<tr>\n<td>a</td>\n<td>&amp;\u00a0b</td></tr></table>",
         (("a", "&\u00a0b"),)),
        ("<table><tr><td>two<br> lines<td><p>one</p><p>two</p></table>",
         (("two\nlines", "one\ntwo"),)),
        ("<table><tr><td rowspan=2>a<td>b<tr><td>c<td>d</table>", (("a", "b"), ("", "c", "d"))),
        ("<table><tr><td colspan='2'>a<td>b</table>", (("a", "", "b"),)),
        ("<table><tr><td colspan=99999999>a</table>", (("a",),)),
        ("<table><tr><td>a<table><tr><td>x</table><td>b</table><table><tr><td>z</table>",
         (("ax", "b"),)),
        ("<table><tr><td>007<td>  a   b </table>", (("007", "a b"),)),
    ],
)  # fmt: skip
def test_table_of_a_web_page(html, cells):
    assert read_html(html) == cells


def test_a_table_of_a_page_that_claims_a_whole_sheet_is_as_wide_as_is_allowed(monkeypatch):
    monkeypatch.setattr(clipboard, "_MOST_COVERED", 5)

    cells = read_html("<table><tr><td colspan=4>a<td>b<tr><td colspan=4 rowspan=9>c<td>d</table>")

    assert cells == (("a", "", "", "", "b"), ("c", "d"))
