"""Copied cells fill rows and columns of a draft from one row on, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from playground.payload.build.builder import build_launch_request
from playground.payload.drafts import BLANK, Entry, LaunchDraft, RowDraft
from playground.payload.edit.filling import column_keys, fill_cells
from tests.payload.samples import LEADS

KEYS = ("company_name", "company_url")


def row(number: int, **texts: str) -> RowDraft:
    return RowDraft(number=number, entries={key: Entry(text) for key, text in texts.items()})


def cells(*rows: list[str]) -> list[list[Entry]]:
    return [[Entry(text) for text in one] for one in rows]


def texts(draft: LaunchDraft) -> list[dict[str, str]]:
    return [{key: entry.text for key, entry in one.entries.items()} for one in draft.rows]


def test_columns_are_those_of_the_workflow_then_those_of_the_rows():
    draft = LaunchDraft(rows=(row(0, note="x", company_url="u"), row(1, meta="{}")))

    assert column_keys(LEADS, draft) == (*KEYS, "note", "meta")


def test_cells_replace_what_stood_there_and_rows_are_added():
    draft = LaunchDraft(rows=(row(3, company_name="A", company_url="old"), row(5)))

    filled = fill_cells(LEADS, draft, cells(["B", ""], ["C"], ["D", "u"]), KEYS, 0)

    assert [one.number for one in filled.draft.rows] == [3, 5, 6]
    assert texts(filled.draft) == [
        {"company_name": "B", "company_url": ""},
        {"company_name": "C", "company_url": ""},
        {"company_name": "D", "company_url": "u"},
    ]
    assert filled.draft.rows[1].entries["company_url"] is BLANK
    assert (filled.first, filled.row_count, filled.keys, filled.left_out) == (0, 3, KEYS, 0)


def test_cells_without_a_column_are_counted_and_left_out():
    filled = fill_cells(
        LEADS, LaunchDraft(), cells(["x", "A", "y", " "]), [None, "company_name"], 0
    )

    assert texts(filled.draft) == [{"company_name": "A", "company_url": ""}]
    assert (filled.keys, filled.left_out) == (("company_name",), 2)


def test_blank_rows_at_the_end_make_no_rows_and_those_between_do():
    filled = fill_cells(LEADS, LaunchDraft(), cells(["A"], [""], ["B"], [" "], []), KEYS[:1], 0)

    assert [one["company_name"] for one in texts(filled.draft)] == ["A", "", "B"]


def test_rows_before_and_behind_stay_and_one_that_was_left_out_is_sent():
    aside = RowDraft(number=1, entries={"company_name": Entry("gone")}, is_set_aside=True)
    draft = LaunchDraft(rows=(row(0, company_name="A"), aside, row(2, company_name="C")))

    filled = fill_cells(LEADS, draft, cells(["B"]), KEYS[:1], 1)

    assert (filled.draft.rows[0], filled.draft.rows[2]) == (draft.rows[0], draft.rows[2])
    assert not filled.draft.rows[1].is_set_aside
    assert filled.draft.rows[1].entries["company_name"].text == "B"


@given(st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1)), min_size=1, max_size=5))
def test_any_table_is_the_payload_that_it_fills(table):
    filled = fill_cells(LEADS, LaunchDraft(), cells(*map(list, table)), KEYS, 0)

    built = build_launch_request(LEADS, filled.draft)
    shown = [
        {key: text for key, text in zip(KEYS, one, strict=True) if text.strip()} for one in table
    ]
    assert without_halves(built.value["inputs"]) == without_halves([one for one in shown if one])


def without_halves(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Half characters are replaced on the way out: see `texts.clean_text`."""
    return [
        {key: "".join("?" if "\ud800" <= c <= "\udfff" or c == "\ufffd" else c for c in text)
         for key, text in one.items()}
        for one in rows
    ]  # fmt: skip
