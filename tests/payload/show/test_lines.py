"""Lines of pretty JSON that know where they come from."""

from __future__ import annotations

import json
import sys
import unicodedata

from playground.payload.drafts import Entry
from playground.payload.show.lines import json_text, render_head, render_lines
from playground.payload.texts import json_string
from tests.payload.samples import build, row, with_step

STEP = "steps-search-parameters"


def test_lines_are_pretty_json_that_names_its_fields():
    draft = with_step(parameters={"max_results": Entry("5"), "only_new": Entry("true")})

    lines = render_lines(build(draft, delay=Entry("", "null"), extra=Entry('{"x": [{}]}')))

    assert [(line.text, line.field, line.label) for line in lines] == [
        ("{", "", ""),
        ('  "job_name": "Monday",', "job_name", "Job name"),
        ('  "inputs": [', "inputs", "Rows"),
        ("    {", "inputs-0", "Row 1"),
        ('      "company_name": "Acme"', "inputs-0-company_name", "Row 1 · company_name"),
        ("    }", "inputs-0", "Row 1"),
        ("  ],", "inputs", "Rows"),
        ('  "steps": [', "", "Steps"),
        ("    {", "steps-search", "Step 1"),
        ('      "step_uid": "search",', "steps-search", "Step 1"),
        ('      "accounts": [', "steps-search-accounts", "Step 1 · chosen accounts"),
        ('        "jane"', "steps-search-accounts", "Step 1 · chosen accounts"),
        ("      ],", "steps-search-accounts", "Step 1 · chosen accounts"),
        ('      "parameters": {', "steps-search", "Step 1 · parameters"),
        (
            '        "max_results": 5,',
            f"{STEP}-max_results",
            "Step 1 · max_results",
        ),
        ('        "only_new": true', f"{STEP}-only_new", "Step 1 · only_new"),
        ("      }", "steps-search", "Step 1 · parameters"),
        ("    },", "steps-search", "Step 1"),
        ("    {", "steps-mail", "Step 2"),
        ('      "step_uid": "mail",', "steps-mail", "Step 2"),
        ('      "accounts": [],', "steps-mail-accounts", "Step 2 · chosen accounts"),
        ('      "parameters": {}', "steps-mail", "Step 2 · parameters"),
        ("    }", "steps-mail", "Step 2"),
        ("  ],", "", "Steps"),
        ('  "delay": null,', "delay", "Delay"),
        ('  "x": [', "extra", "Other keys"),
        ("    {}", "extra", "Other keys"),
        ("  ]", "extra", "Other keys"),
        ("}", "", ""),
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


def test_the_head_is_the_beginning():
    built = build(rows=tuple(row(number, company_name=f"A{number}") for number in range(100)))

    assert render_head(built, 7) == render_lines(built)[:7]


def test_no_character_can_hide_in_a_string():
    hiding = [
        char
        for char in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp")
    ]

    assert [char for char in hiding if not json_string(char).isascii()] == []
    assert [char for char in hiding if json.loads(json_string(char)) != char] == []
    assert json_string("é漢😀❤️") == '"é漢😀❤️"'
