"""JSON of any size in a bounded number of lines."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.payload.show.folding import MOST_CHARACTERS, MOST_LINES, fold_value
from playground.payload.show.lines import text_of
from playground.web.json_html import payload_html

DEEP: object = []
for _ in range(900):
    DEEP = [DEEP, 1]

LARGE = {
    "an array of numbers": {"zzz": [1] * 400_000},
    "empty objects": {"zzz": [{}] * 300_000},
    "a long text": {"zzz": "x<&\"'" * 300_000},
    "a long key": {"x" * 1_000_000: 1},
    "a wide object": {f"key {number}": number for number in range(100_000)},
    "many rows": {
        "inputs": [{"a": "b", "c": {"d": [1, 2]}}] * 20_000,
        "steps": [{"step_uid": "s"}],
    },
    "many long rows": {"inputs": [{"a": "b" * 2_000}] * 1_000},
    "lists in lists": {"zzz": [[[[1, 2], 3]] * 50] * 2_000},
    "a deep list": {"zzz": DEEP, "more": "x" * 200_000},
    "many digits": {"zzz": [0.1234567890123456] * 50_000},
    "a line break in each": ["\n"] * 200_000,
    "what hides": {"zzz": "\u202e" * 300_000},
}


@pytest.mark.parametrize("name", LARGE)
def test_what_is_large_is_folded_into_few_lines_and_characters(name):
    shown = fold_value(LARGE[name])

    assert not shown.is_whole
    assert len(shown.lines) <= MOST_LINES
    assert len(text_of(shown.lines)) <= 3 * MOST_CHARACTERS
    assert len(payload_html(shown.lines).encode()) < 500_000
    assert any(token.kind == "fold" for line in shown.lines for token in line.tokens)


def test_every_part_of_what_is_large_has_its_place():
    value = {
        "job_name": "Monday",
        "zzz": [1] * 300_000,
        "inputs": [{"a": str(number)} for number in range(20_000)],
        "steps": [{"step_uid": "s", "accounts": ["u"]}],
        "delay": 5,
    }

    text = text_of(fold_value(value).lines)

    assert '"job_name": "Monday",' in text
    assert '"step_uid": "s",' in text
    assert text.endswith('"delay": 5\n}')
    assert '"a": "0"' in text
    _, *rows = text.partition('"inputs": [')[2].partition('"steps"')[0].split("    {")
    assert f"… {20_000 - len(rows):,} more" in rows[-1]


def test_a_long_text_shows_its_beginning_and_how_much_more_there_is():
    (_, line, _) = fold_value({"a": "x" * 500 + "é" * 200_000}).lines

    assert line.text == f'  "a": "{"x" * 500}"… 200,000 more characters'


def test_what_is_small_is_whole():
    value = {"a": [1, 2.5, None, True, "é\u202e"], "b": {}, "c": {"d": []}}

    shown = fold_value(value)

    assert shown.is_whole
    assert json.loads(text_of(shown.lines)) == value


@settings(max_examples=25)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
        ),
        max_leaves=8,
    )
)
def test_any_value_many_times_is_bounded_and_stays_in_order(value):
    shown = fold_value({"before": 1, "many": [value] * 2_100, "after": 2})

    assert len(shown.lines) <= MOST_LINES
    assert [line.text for line in shown.lines[:2]] == ["{", '  "before": 1,']
    assert [line.text for line in shown.lines[-2:]] == ['  "after": 2', "}"]
    assert all(line.path[:1] in ((), ("before",), ("many",), ("after",)) for line in shown.lines)
