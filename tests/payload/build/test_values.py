"""Text → typed value, by the type of the parameter's default."""

from __future__ import annotations

import pytest

from playground.payload.build.values import fits, parameter_type, read_entry, read_json
from playground.payload.drafts import Entry

HUGE = "9" * 5000


@pytest.mark.parametrize(
    ("default", "kind"),
    [
        (False, "boolean"),
        (0, "integer"),
        (0.5, "number"),
        ("", "text"),
        ([], "list"),
        ({}, "object"),
        (None, "any"),
    ],
)
def test_type_is_that_of_the_default(default, kind):
    assert parameter_type(default) == kind


READABLE = [
    ("boolean", "true", True),
    ("boolean", " False ", False),
    ("boolean", "NULL", None),
    ("integer", "5", 5),
    ("integer", " 5 ", 5),
    ("integer", "+5", 5),
    ("integer", "-5", -5),
    ("integer", "007", 7),
    ("integer", "5.0", 5),
    ("integer", "1e3", 1000),
    ("integer", "１２", 12),
    ("integer", "9223372036854775807", 2**63 - 1),
    ("number", "5", 5),
    ("number", "5.0", 5.0),
    ("number", "2.5", 2.5),
    ("number", ".5", 0.5),
    ("number", "5.", 5.0),
    ("number", "1e3", 1000.0),
    ("number", "+2.5", 2.5),
    ("number", "－２．５", -2.5),
    ("number", "1" + "0" * 30, 1e30),
    ("number", "1e-400", 0.0),
    ("text", " as it is ", " as it is "),
    ("text", "null", "null"),
    ("list", '["a", 1]', ["a", 1]),
    ("list", "#sales\n#ai", ["#sales", "#ai"]),
    ("list", "//cdn.example", ["//cdn.example"]),
    ("list", "- a", ["- a"]),
    ("list", "CEO | Founder\nCTO", ["CEO | Founder", "CTO"]),
    ("object", ' {"a": null} ', {"a": None}),
    ("any", "5", 5),
    ("any", "5.0", 5.0),
    ("any", "true", True),
    ("any", "null", None),
    ("any", '"5"', "5"),
    ("any", "[1]", [1]),
    ("any", '{"a": 1}', {"a": 1}),
    ("any", "007", "007"),
    ("any", "+5", "+5"),
    ("any", "NaN", "NaN"),
    ("any", "True", "True"),
    ("any", "Acme Ltd", "Acme Ltd"),
    ("any", HUGE, HUGE),
    ("any", "[" * 5000 + "]" * 5000, "[" * 5000 + "]" * 5000),
]


@pytest.mark.parametrize(("kind", "text", "value"), READABLE)
def test_text_becomes_the_value_that_a_person_expects(kind, text, value):
    read = read_entry(Entry(text), kind)

    assert (read.value, type(read.value), read.problem) == (value, type(value), "")
    assert fits(read.value, kind)


UNREADABLE = [
    ("boolean", "yes"),
    ("boolean", "1"),
    ("integer", "5.5"),
    ("integer", "1e-3"),
    ("integer", "0x10"),
    ("integer", "1_000"),
    ("integer", "1,000"),
    ("integer", "1.000"),
    ("integer", "٣"),
    ("integer", "²"),
    ("integer", "9223372036854775808"),
    ("integer", "1e999999"),
    ("integer", HUGE),
    ("integer", "true"),
    ("integer", "NaN"),
    ("number", "NaN"),
    ("number", "Infinity"),
    ("number", "-inf"),
    ("number", "1e999"),
    ("number", HUGE),
    ("number", "."),
    ("number", "1,5"),
    ("list", "a, b"),
    ("list", "a、b"),
    ("list", "a\tb"),
    ("list", '"a"\n"b"'),
    ("list", "a,\nb,\nc"),
    ("list", "- a\n- b"),
    ("list", "1. a\n2. b"),
    ("list", '{"a": 1}'),
    ("object", "[]"),
    ("object", "null"),
]


@pytest.mark.parametrize(("kind", "text"), UNREADABLE)
def test_text_that_cannot_be_read_stays_as_it_is(kind, text):
    read = read_entry(Entry(text), kind)

    assert read.value == text
    assert not fits(read.value, kind)


def test_a_text_entry_is_never_interpreted():
    assert read_entry(Entry("5", "text"), "integer").value == "5"
    assert read_entry(Entry("", "text"), "text").value == ""


def test_a_null_entry_is_null_whatever_its_text():
    assert read_entry(Entry("5", "null"), "integer").value is None


def test_a_json_entry_is_the_value_it_stands_for():
    assert read_entry(Entry("5.0", "json"), "integer").value == 5.0
    assert read_entry(Entry('"5"', "json"), "integer").value == "5"


@pytest.mark.parametrize("text", ["", "{", "NaN", '"\\ud800"', "1e999", "[" * 101 + "]" * 101])
def test_a_json_entry_that_is_no_json_keeps_its_text_and_tells_why(text):
    read = read_entry(Entry(text, "json"), "any")

    assert read.value == text
    assert read.problem


def test_half_a_character_is_replaced_and_a_whole_one_restored():
    assert read_entry(Entry("a\ud800b\udc00"), "text").value == "a\ufffdb\ufffd"
    assert read_entry(Entry("\ud83d\ude00"), "text").value == "😀"


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (None, "integer", True),
        (True, "integer", False),
        (5.0, "integer", False),
        (2**63, "integer", False),
        (5, "number", True),
        (True, "number", False),
        (2**63, "number", False),
        (0, "boolean", False),
        (2**70, "any", True),
        (5, "text", False),
    ],
)
def test_what_fits_a_type_is_what_the_api_takes(value, kind, expected):
    assert fits(value, kind) is expected


@pytest.mark.parametrize(
    ("opening", "closing", "times"),
    [("[", "]", 100), ('{"]": ', "}", 100), ('[{"[\\"é": ', "}]", 50)],
)
def test_how_deep_json_is_nested_is_counted_exactly(opening, closing, times):
    deepest = f"{opening * times}1{closing * times}"
    many = ", ".join([deepest] * 3)
    wide = ", ".join(['{"[": []}'] * 200)

    assert not read_json(deepest).problem
    assert not read_json(f"[{wide}]").problem
    assert read_json(f"[{wide}, {many}]").problem == "nested too deeply"
