"""What keeps typed JSON from being read is told by place and name; what would vanish is told."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.payload.typed_json import UnableToReadJson, read_typed, tell_repeated

QUOTE = 'is no quote of JSON: write the straight " instead.'
NUMBER = "is no number of JSON: write digits, a point before decimals, no plus sign and no zero in"
PROBLEMS = {
    "{“job_name”: “A”}": f"1, column 2: “ (left double quotation mark) {QUOTE} There are 4 of its",
    '{\n  "a": 1,\n  "b": «x»\n}': "3, column 8: « (left-pointing double angle quotation mark) is",
    '{"a": „x“}': f"1, column 7: „ (double low-9 quotation mark) {QUOTE}",
    '{"a”: "b"}': f"1, column 4: ” (right double quotation mark) {QUOTE}",
    '{"a": "b”}': f"1, column 9: ” (right double quotation mark) {QUOTE}",
    "{'a': 1}": f"1, column 2: ' (apostrophe) {QUOTE}",
    "{‘a’: 1}": f"1, column 2: ‘ (left single quotation mark) {QUOTE}",
    '\ufeff{"a": 1,}': "1, column 8: a comma stands before the closing bracket: remove it.",
    "[1, 2,\n]": "1, column 6: a comma stands before the closing bracket: remove it.",
    "[1,,2]": "1, column 4: a value is to stand here, not “,”.",
    '{"a": True}': "1, column 7: True is written true in JSON.",
    '{"a": None}': "1, column 7: None is written null in JSON.",
    '{"a": undefined}': "1, column 7: undefined is written null in JSON.",
    '{"NaN": NaN}': "1, column 9: JSON has no NaN: write null, or a number.",
    "{a: 1}": '1, column 2: keys stand between straight quotes: write "a".',
    '{"a": yes}': '1, column 7: texts stand between straight quotes: write "yes".',
    '{"a"\u00a0: 1}': "1, column 5: there is a blank of another kind (no-break space): write an",
    '{\u200b"a": 1}': "1, column 2: there is a character that cannot be seen (zero width space):",
    '{"a": –5}': "1, column 7: – (en dash) is no minus sign of JSON: write - instead.",
    '｛"a": 1}': "1, column 1: ｛ (fullwidth left curly bracket) is not read as {: write {",
    '{"a"：1}': "1, column 5: ： (fullwidth colon) is not read as :: write : instead.",
    '{"a": 1 // one\n}': "1, column 9: JSON has no comments: remove this one.",
    "# one\n{}": "1, column 1: JSON has no comments: remove this one.",
    '{"a": 0,5}': "1, column 9: 0,5 is no number of JSON: write 0.5.",
    '{"a": 1.000,5}': "1, column 13: 1.000,5 is no number of JSON: write 1000.5.",
    '{"a": 1,234}': "1, column 9: 1,234 is no number of JSON: write 1234 or 1.234.",
    '```json\n{"a": 1}\n```': "1, column 1: ``` marks a block of code: leave its line out.",
    '{"a": 1}\n```': "2, column 1: ``` marks a block of code: leave its line out.",
    '{\\"a\\": 1}': "1, column 2: a backslash stands before this quote: the JSON stood in a text.",
    "{&quot;a&quot;: 1}": '1, column 2: this is a quote as HTML has it: write the straight " inst',
    '{""a"": 1}': "1, column 4: two quotes stand where JSON has one, as in a table (CSV): write",
    "{‹a›: 1}": f"1, column 2: ‹ (single left-pointing angle quotation mark) {QUOTE}",
    '{"a": １}': "1, column 7: １ is no number of JSON: write 1.",
    '{"a": +1}': f"1, column 7: +1 {NUMBER}",
    '{"a": 007}': f"1, column 8: 007 {NUMBER}",
    '{"a": 1_000}': f"1, column 8: 1_000 {NUMBER}",
    '{"a": [1, {"b"': "1, column 15: it ends here, and 3 brackets are still open: copy it to its",
    '{"a": "b': '1, column 7: the text that begins here has no closing quote: add a ".',
    '{"a": "b\nc"}': "1, column 9: there is a line break (\\n) inside a text: write it as in the",
    '{"a": "C:\\dir"}': "1, column 10: a backslash stands before something that it cannot: write",
    '{"a": "\\ud800"}': "1, column 8: \\ud800 is half of a character: write both halves, or the",
    '{"a" "b"}': '1, column 6: a colon is to stand here, between key and value, not “"”.',
    '{"a": 1; "b": 2}': "1, column 8: a comma is to stand here, not “;”.",
    '{"a": 1 "b": 2}': '1, column 9: a comma or a closing bracket is to stand here, not “"”.',
    '{"a": 1}\n{"a": 2}': "2, column 1: the JSON is over here, and more comes after it: paste one",
    "job_name: A": "1, column 1: JSON begins with { or [, and a text with a straight quote, not",
    " ": "1, column 2: there is nothing here: paste JSON.",
    "[" * 100_000: "1, column 1: this is nested too deeply.",
    "9" * 5_000: "1, column 1: a number of 5,000 digits is too long: write it as a text.",
}


@pytest.mark.parametrize(("text", "told"), PROBLEMS.items(), ids=range(len(PROBLEMS)))
def test_what_is_wrong_is_told_by_place_and_name(text: str, told: str) -> None:
    with pytest.raises(UnableToReadJson) as raised:
        read_typed(text)

    assert raised.value.problem.sentence.startswith(f"Line {told}")


@pytest.mark.parametrize("text", ['\ufeff{"a": "“x” – ’, \u200b"}', ' [1, -2.5e3, "a\u00a0b"]\n'])
def test_signs_that_stand_inside_of_texts_are_nobodys_mistake(text: str) -> None:
    assert read_typed(text) == (json.loads(text.lstrip("\ufeff")), ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"job_name": "A", "job_name": "B"}', ["“job_name” is there twice, in line 1"]),
        (
            '{"a": 1,\n"b": [{"c": 1,\n"c": 2}],\n"a": 3, "a": 4}',
            [
                "“a” is there 3 times, in lines 1 and 4",
                "“c” is there twice, in lines 2 and 3",
            ],
        ),
        ('[{"x\\u0041": 1, "xA": 2}]', ["“xA” is there twice, in line 1"]),
        ('{"a:{\\"": 1, "b": {"a:{\\"": "a"}, "c": [{"a": 1}, {"a": 1}]}', []),
    ],
)
def test_key_that_would_vanish_is_told(text: str, told: list[str]) -> None:
    sentences = tell_repeated(read_typed(text)[1])

    assert sentences == tuple(f"{each}: only its last value is kept." for each in told)


def test_many_repeated_keys_are_counted() -> None:
    text = "[" + ",".join('{"a":1,"a":2}' for _ in range(60_000)) + "]"

    assert tell_repeated(read_typed(text)[1])[-1] == "59,995 more keys are there more than once."


@given(st.text(alphabet='{}[]":,\\ \n01-+.eEaAtruN“’\u00a0\u200b/#\x00\ud800', max_size=60))
def test_no_text_raises_anything_else(text: str) -> None:
    problem = None
    try:
        read_typed(text)
    except UnableToReadJson as error:
        problem = error.problem

    if problem:
        assert 1 <= problem.line <= text.count("\n") + 1
        assert 1 <= problem.column <= len(text) + 1


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('{"a:b": 1, "c": ":"}', []),
        (r'{"a": 1, "a": 2, "\u003a": 3}', ["a"]),
        (r'{"a": {"b": 1}, "a": "\u003A"}', ["a"]),
        (r'{"\u0061": 1, "a": [{"x": 1, "x": ":"}]}', ["a", "x"]),
        ('{"a": "é:", "b": {"a": 1}}', []),
    ],
)
def test_no_colon_hides_a_repeated_key(text: str, names: list[str]) -> None:
    assert sorted(each.name for each in read_typed(text)[1]) == names
