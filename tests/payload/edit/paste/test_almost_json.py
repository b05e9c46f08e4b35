"""What is nearly JSON is read with a word about it; what cannot be is told by its place."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.payload.edit.paste import almost_json
from playground.payload.edit.paste.almost_json import read_almost
from playground.payload.typed_json import UnableToReadJson
from tests.payload.strategies import NASTY, json_values

REPAIRED = {
    "a mark": ('\ufeff{"a": 1}', {"a": 1}, ["A byte order mark before it was left out."]),
    "comments": (
        '{"a": 1, // one\n "b": /* two */ 2 # three\n}',
        {"a": 1, "b": 2},
        ["3 comments were left out."],
    ),
    "a comment with JSON": ('{"a": 1 /* , "b": 2 */}', {"a": 1}, ["1 comment was left out."]),
    "what is no comment": (
        '{"a": "http://b#c /* d */",}',
        {"a": "http://b#c /* d */"},
        [COMMA := ("1 comma before a closing bracket was left out.")],
    ),
    "commas": (
        '{"a": [1, 2, ], }',
        {"a": [1, 2]},
        ["2 commas before closing brackets were left out."],
    ),
    "a comma before a comment": (
        '{"a": 1, // end\n}',
        {"a": 1},
        ["1 comment was left out.", COMMA],
    ),
    "single quotes": (
        "{'a': 'it\\'s', 'b': 'say \"x\"'}",
        {"a": "it's", "b": 'say "x"'},
        ["4 texts in single quotes were read as if in straight double quotes."],
    ),
    "keys": (
        "{a: 1, $b_2: 2, 3: 4}",
        {"a": 1, "$b_2": 2, "3": 4},
        ["3 keys without quotes were read as if they had them."],
    ),
    "blanks": (
        '{\xa0"a":\u2003"x\xa0y"}',
        {"a": "x\xa0y"},
        [
            "1 no-break space was read as an ordinary blank.",
            "1 em space was read as an ordinary blank.",
        ],
    ),
    "typographic quotes": (
        "{“a”: “it’s 5 o’clock”}",
        {"a": "it’s 5 o’clock"},
        ["2 texts in left double quotation marks were read as if in straight double quotes."],
    ),
    "low quotes": (
        "{„a“: „b“}",
        {"a": "b"},
        ["2 texts in double low-9 quotation marks were read as if in straight double quotes."],
    ),
    "Python": (
        "{'a': True, 'b': [None, False]}",
        {"a": True, "b": [None, False]},
        [
            "2 texts in single quotes were read as if in straight double quotes.",
            "True, False and None were read as true, false and null.",
        ],
    ),
    "Ruby": (
        '{"a"=>nil, b: [{"c" => true}]}',
        {"a": None, "b": [{"c": True}]},
        [
            "1 key without quotes was read as if it had them.",
            "2 => were read as colons.",
            "nil was read as null.",
        ],
    ),
    "a comma before many comments": (
        "[1,\n// a\n/* b */\n# c\n]",
        [1],
        ["3 comments were left out.", COMMA],
    ),
    "escapes": (
        r"{'a': '\x41\u00e9\u{1f600}\ud83d\ude00\n'}",
        {"a": "Aé😀😀\n"},
        ["2 texts in single quotes were read as if in straight double quotes."],
    ),
    "numbers": (
        "{'n': [12345678901234567890, 1.0, 1e5, -0.0]}",
        {"n": [12345678901234567890, 1.0, 1e5, -0.0]},
        ["1 text in single quotes was read as if in straight double quotes."],
    ),
}


@pytest.mark.parametrize("name", REPAIRED)
def test_what_is_nearly_json_is_repaired_and_told(name):
    text, value, notices = REPAIRED[name]

    read = read_almost(text)

    assert json.dumps(read.value) == json.dumps(value)
    assert list(read.notices) == notices


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{a: undefined}", "Line 1, column 5: undefined is written null in JSON."),
        ("{'a':\n NaN}", "Line 2, column 2: JSON has no NaN: write null, or a number."),
        ("{a: 1,\n b: 007}", "Line 2, column 6: 007 is no number of JSON"),
        ("{a: 1; b: 2}", "Line 1, column 6: a comma is to stand here, not “;”."),
        ("{'a': 1,\n\n 'b': (2)}", "Line 3, column 7: ( is no bracket of JSON"),
        ("{'a': 'b\\q'}", "Line 1, column 7: ' (apostrophe) is no quote of JSON"),
        ('{"a": 1,} x', "Line 1, column 11: the JSON is over here"),
        ("{'a': [1, 2", "Line 1, column 12: it ends here, and 2 brackets are still open"),
        ("{'a': 1 /* never", "Line 1, column 9: JSON has no comments"),
        ('{"a”: 1}', "Line 1, column 4: ” (right double quotation mark) is no quote of JSON"),
        ("{'a': 'x\ny'}", "Line 1, column 7: ' (apostrophe) is no quote of JSON"),
    ],
)
def test_what_cannot_be_repaired_is_told_by_its_place_in_what_was_pasted(text, sentence):
    with pytest.raises(UnableToReadJson) as raised:
        read_almost(text)

    assert raised.value.problem.sentence.startswith(sentence)


@pytest.mark.parametrize("size", [1, 7, 30])
def test_a_text_is_taken_apart_anywhere_alike(monkeypatch, size):
    texts = [text for text, _, _ in REPAIRED.values()]
    texts += [f"{text[:-1]} nope" for text in texts] + ["[1, // a\n /* b */ // c\n 'd', // e\n]"]
    walks = [almost_json.repair(text) for text in texts]

    monkeypatch.setattr(almost_json, "_AT_ONCE", size)

    assert [almost_json.repair(text) for text in texts] == walks


def test_a_long_text_is_repaired_to_its_end_and_told_by_its_place():
    row = "{name: 'Ada', // first\n 'n': 1,},\n"
    rows = row * 6_000

    with pytest.raises(UnableToReadJson) as raised:
        read_almost(f"[{rows}; ]")

    assert read_almost(f"[{rows}]").value == [{"name": "Ada", "n": 1}] * 6_000
    assert (raised.value.problem.line, raised.value.problem.column) == (12_001, 1)


def test_a_key_given_twice_is_told_in_what_was_repaired():
    read = read_almost("{'a': 1, // x\n a: 2}")

    assert [(one.name, one.lines) for one in read.repeated] == [("a", (1, 2))]


@given(json_values())
def test_json_is_read_as_it_stands(value):
    assert read_almost(json.dumps(value)).notices == ()


@given(st.dictionaries(st.text(max_size=5), json_values(), max_size=3))
def test_what_python_prints_of_a_value_is_read_as_that_value(value):
    text = repr(value)
    try:
        read = read_almost(text)
    except UnableToReadJson:
        # What Python writes as an escape of its own, or as a number that is none of JSON's.
        assert "\\" in text or "'" in text
    else:
        assert read.value == value


PIECES = (*NASTY, *"{}[],:'\"“”/*#\\", "//", "/*", "*/", "True", "a", "1", "\n", "\xa0", "\ufeff")


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_no_text_raises_anything_else(text):
    with contextlib.suppress(UnableToReadJson):
        read_almost("{" + text)
