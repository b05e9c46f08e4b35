"""What cannot be read is asked about, never guessed silently; a list takes one value a line."""

from __future__ import annotations

import pytest

from playground.payload.build.guesses import ParameterType, guess_value
from playground.payload.build.values import misfit_sentence, read_entry
from playground.payload.drafts import Entry

GUESSES: list[tuple[ParameterType, str, str]] = [
    ("number", "0,5", "0.5"),
    ("number", ",5", "0.5"),
    ("number", "1 000", "1000"),
    ("number", "1\u202f000,5", "1000.5"),
    ("number", "1.234.567,8", "1234567.8"),
    ("number", "1,234,567.8", "1234567.8"),
    ("number", "1,234", "1234 or 1.234"),
    ("number", "1’000", "1000"),
    ("number", "“5”", "5"),
    ("number", "−5", "-5"),
    ("number", "٥", "5"),
    ("number", "０，５", "0.5"),
    ("number", "50 %", "50"),
    ("number", "5,", "5"),
    ("number", "$5", "5"),
    ("number", "٠٫٥", "0.5"),
    ("number", "ten", ""),
    ("number", "1,2,3", ""),
    ("number", "1.2.3", ""),
    ("integer", "1,000", "1000"),
    ("integer", "1.000", "1000 or 1"),
    ("integer", "1.500", "1500"),
    ("integer", '"7"', "7"),
    ("integer", "2,0", "2"),
    ("integer", "2,5", ""),
    ("boolean", "Yes", "true"),
    ("boolean", "да", "true"),
    ("boolean", "nein", "false"),
    ("boolean", "“true”", "true"),
    ("boolean", "1", "true"),
    ("boolean", "None", "null"),
    ("boolean", "perhaps", ""),
    ("list", "a; b", '["a", "b"]'),
    ("list", '"a", "b"', '["a", "b"]'),
    ("list", "- a\n- b, c", '["a", "b, c"]'),
    ("list", '"a",\n"b",', '["a", "b"]'),
    ("list", "['a', 'b',]", '["a", "b"]'),
    ("number", "1" * 100_000 + "x", ""),
]


@pytest.mark.parametrize(("kind", "text", "guess"), GUESSES)
def test_what_was_probably_meant_is_asked_and_not_sent(
    kind: ParameterType, text: str, guess: str
) -> None:
    value = read_entry(Entry(text), kind).value
    sentence = misfit_sentence("Most", value, kind)

    assert (guess_value(text, kind), value) == (guess, text)
    assert sentence.endswith(f"”. Did you mean {guess}?" if guess else "”.")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("info\r\n  sales \n\n", ["info", "sales"]),
        ("info", ["info"]),
        ("Doe, Jane\n“x”", ["Doe, Jane", "“x”"]),
        ("\ufeff1\n\u200b\n2", ["1", "2"]),
        ('["a", 1]', ["a", 1]),
        ("[“a”]", "[“a”]"),
        ("a, b", "a, b"),
        ('{"a": 1}', '{"a": 1}'),
    ],
)
def test_list_takes_one_value_a_line_as_well_as_json(text: str, value: object) -> None:
    assert read_entry(Entry(text), "list").value == value
