"""Lines of pretty JSON that know what they show."""

from __future__ import annotations

import json
import sys
import unicodedata

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from playground.payload.drafts import Entry
from playground.payload.paths import show_path
from playground.payload.show.lines import (
    compact,
    count_lines,
    json_text,
    render_json,
    render_lines,
    render_value,
    text_of,
)
from tests.payload.samples import build, row, with_step
from tests.payload.strategies import json_values


def test_lines_are_pretty_json_that_knows_its_places():
    draft = with_step(parameters={"max_results": Entry("5"), "only_new": Entry("true")})

    lines = render_lines(build(draft, delay=Entry("", "null"), extra=Entry('{"x y": [{}]}')))

    assert [(line.text, show_path(line.path), line.bracket) for line in lines] == [
        ("{", "$", "opens"),
        ('  "job_name": "Monday",', "$.job_name", ""),
        ('  "inputs": [', "$.inputs", "opens"),
        ("    {", "$.inputs[0]", "opens"),
        ('      "company_name": "Acme"', "$.inputs[0].company_name", ""),
        ("    }", "$.inputs[0]", "closes"),
        ("  ],", "$.inputs", "closes"),
        ('  "steps": [', "$.steps", "opens"),
        ("    {", "$.steps[0]", "opens"),
        ('      "step_uid": "search",', "$.steps[0].step_uid", ""),
        ('      "accounts": [', "$.steps[0].accounts", "opens"),
        ('        "jane"', "$.steps[0].accounts[0]", ""),
        ("      ],", "$.steps[0].accounts", "closes"),
        ('      "parameters": {', "$.steps[0].parameters", "opens"),
        ('        "max_results": 5,', "$.steps[0].parameters.max_results", ""),
        ('        "only_new": true', "$.steps[0].parameters.only_new", ""),
        ("      }", "$.steps[0].parameters", "closes"),
        ("    },", "$.steps[0]", "closes"),
        ("    {", "$.steps[1]", "opens"),
        ('      "step_uid": "mail",', "$.steps[1].step_uid", ""),
        ('      "accounts": [],', "$.steps[1].accounts", ""),
        ('      "parameters": {}', "$.steps[1].parameters", ""),
        ("    }", "$.steps[1]", "closes"),
        ("  ],", "$.steps", "closes"),
        ('  "delay": null,', "$.delay", ""),
        ('  "x y": [', '$["x y"]', "opens"),
        ("    {}", '$["x y"][0]', ""),
        ("  ]", '$["x y"]', "closes"),
        ("}", "$", "closes"),
    ]


def test_tokens_say_what_they_are():
    lines = render_lines(build(delay=Entry("1.5"), unstructure_meta=Entry("", "null")))

    assert lines[1].tokens == (
        ("space", "  "),
        ("key", '"job_name"'),
        ("punctuation", ": "),
        ("string", '"Monday"'),
        ("punctuation", ","),
    )
    assert [line.tokens[3] for line in lines[-3:-1]] == [("literal", "null"), ("number", "1.5")]


def test_lines_text_and_body_are_one_value():
    built = build(rows=(row(0, company_name="a\n\u2028\u202e!\x7f😀", meta='{"a": []}'),))

    text = "\n".join(line.text for line in render_lines(built))

    assert text == json_text(built)
    assert json.loads(text) == built.value == json.loads(built.body)
    assert text.splitlines() == text.split("\n")


def test_no_character_can_hide_in_a_string():
    hiding = [
        char
        for char in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp")
    ]

    (_, *lines, _) = render_value(hiding)

    assert [char for char, line in zip(hiding, lines, strict=True) if not line.text.isascii()] == []
    assert [line.string for line in lines] == hiding
    assert render_value("é漢😀❤️")[0].text == '"é漢😀❤️"'


def test_numbers_repeated_keys_and_escapes_stay_as_they_were_written():
    written = '{"n": 1e400, "big": 123456789012345678901234567890, "n": "\\u00e9\\"", "": [""]}'

    lines = list(render_json(compact(written)))

    assert [(line.text, line.path) for line in lines] == [
        ("{", ()),
        ('  "n": 1e400,', ("n",)),
        ('  "big": 123456789012345678901234567890,', ("big",)),
        ('  "n": "\\u00e9\\"",', ("n",)),
        ('  "": [', ("",)),
        ('    ""', ("", 0)),
        ("  ]", ("",)),
        ("}", ()),
    ]
    assert lines[3].string == 'é"'
    assert lines[1].string is None


@given(json_values(), st.integers(0, 12))
def test_the_lines_of_any_value_are_its_json_and_each_has_its_path(value, start):
    text = msgspec.json.encode(value).decode()

    lines = list(render_json(text))

    assert json.loads(text_of(lines)) == value
    assert len(lines) == count_lines(text)
    assert list(render_json(text, start=start)) == lines[start:]
    for line in lines:
        found = value
        for part in line.path:
            found = found[part]
        assert line.string == (found if isinstance(found, str) else None)
        if line.bracket:
            assert found
            assert isinstance(found, dict | list)
