"""Any text at all gives what it holds or a sentence: never an exception, never quadratic time."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.payload.build.builder import build_launch_request
from playground.payload.edit.paste.found import Pasted
from playground.payload.edit.paste.reader import read_pasted
from playground.payload.show.snippets.launches import write_launch
from playground.payload.show.snippets.targets import TARGETS
from tests.payload.edit.paste.dialects import DIALECTS, PAYLOADS
from tests.payload.strategies import NASTY
from tests.properties.test_agreement import KNOWN, workflow_and_fair_draft

SIGNS = (
    *(*NASTY, *"'\"`\\^%$@#(){}[]<>|&;:=,.\n\r\t ~!"),
    *("<<'E'\n", "$'", "@'\n", '@"\n', "/*", "r#"),
)
WORDS = (
    *("curl ", "curl.exe ", "http POST ", "fetch(", "axios.post(", "import requests\n", "POST / "),
    *("HTTP/1.1\n", "Invoke-WebRequest ", "$body = ", "@{", "const a = ", "<?php "),
    *("package main", "-d ", "--data-raw ", "-H ", "@-", "steps", "inputs", "job_name", "body: "),
    *("JSON.stringify(", "System.Net.Cookie(", "https://x/workflows/a/schedule", "True", "1e5"),
    *("| a |\n|---|\n", "URL: x\n", "Data:", "Data:\n"),
)
KEYS = (
    *("log", "entries", "request", "headers", "name", "value", "url", "postData", "text", "body"),
    *("data", "item", "raw", "nodes", "parameters", "type", "jsonBody", "resources", "_type"),
    *("flow", "requestBody", "payload", "steps", "inputs", "arazzo", "method", "mode", "auth"),
)
texts = st.lists(st.sampled_from((*SIGNS, *WORDS)), max_size=25).map("".join)
values = st.recursive(
    st.sampled_from([None, 1, "", "{}", "POST", "https://x/workflows/a/schedule", "={{ $json }}"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)


def is_plain(pasted: Pasted) -> bool:
    found = (pasted.payload, pasted.rows, pasted.table, pasted.raw)
    return (pasted.problem is None) is any(one is not None for one in found)


@settings(max_examples=100)
@given(texts)
def test_a_text_gives_something_or_a_sentence(text):
    assert is_plain(read_pasted(text))


@given(values)
def test_a_document_gives_something_or_a_sentence(value):
    assert is_plain(read_pasted(json.dumps(value)))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_half_of_a_request_gives_something_or_a_sentence(dialect):
    """Cut anywhere, and with a letter that is another."""
    chance = random.Random(dialect)
    text = DIALECTS[dialect][1](PAYLOADS["signs"])

    for _ in range(6):
        at, sign = chance.randrange(len(text)), chance.choice("'\"\\{}^`$\n")
        for damaged in (text[:at], text[at:], text[:at] + sign + text[at + 1 :]):
            assert is_plain(read_pasted(damaged))


PIECES = (
    *("```\n", "&quot;", '{\\"', "‘x ", "$(cat <<E\n", "PS >", ",//\n", "inputs:", "$ curl "),
    *("'", '"', "`", "\\", "{", "(", "^", "$(", "/*", "<<'E'\n", "$'\\", "@'\n", "{'", "“"),
    *("curl '", "a=b ", "\\\n", "^\n", "{,", '\\"', "r#", "[[", '"a":', "---|", "${a:-", "\n"),
    *("(a=", ".post("),
)
BEGINS = ("", "curl -d ", "curl.exe ^\n", "$a = ", "const a = ", "import x\n", "<?php ")


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_text_of_one_piece_is_read_at_once(piece):
    for begin in BEGINS:
        assert is_plain(read_pasted(begin + piece * (4_000 // len(piece))))


@settings(max_examples=4, deadline=None)
@given(workflow_and_fair_draft())
def test_our_own_snippets_come_back_as_the_draft_that_they_were_written_of(drawn):
    workflow, draft = drawn
    built = build_launch_request(workflow, draft, KNOWN)
    uid = workflow.uid or "w"
    url = f"https://api.example.com/v3/workflows/{uid}/schedule"
    sent = json.dumps(json.loads(built.body))

    for name, target in TARGETS.items():
        snippet = write_launch(target, built, url, base_url="https://api.example.com/v3")
        if snippet.reads_file:
            continue
        pasted = read_pasted(snippet.text)
        found = (name, json.dumps(pasted.payload), pasted.workflow_uid, pasted.problem)
        assert found == (name, sent, uid, None)
        assert not any("left out: the playground" in one for one in pasted.notices), name
