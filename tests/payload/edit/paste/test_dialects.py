"""The corpus: each dialect with hostile values comes back as the payload that it was written of."""

from __future__ import annotations

import json

import pytest

from playground.payload.edit.paste.reader import read_pasted
from tests.payload.edit.paste.dialects import COOKIE, DIALECTS, KEY, PAYLOADS, UID

# An object of the language itself: what Python writes as an escape of its own is refused.
WITHOUT_KEY = ("PowerShell by hand", "a .http file")


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_was_written_down_comes_back(dialect, payload):
    kind, write = DIALECTS[dialect]

    pasted = read_pasted(write(PAYLOADS[payload]))

    assert pasted.problem is None
    assert (pasted.kind, pasted.workflow_uid) == (kind, UID)
    assert json.dumps(pasted.payload) == json.dumps(PAYLOADS[payload])
    assert any("was left out" in one for one in pasted.notices) is (dialect not in WITHOUT_KEY)
    assert not any(KEY in one or COOKIE[8:20] in one for one in pasted.notices)


PROGRAMS = {
    "letters of Rust": """use std::env;
fn main() { let quote = '"'; let slash = '\\\\';
    ureq::post("ADDRESS").send_string(r#"BODY"#); let other = '\\u{22}'; println!("{other}");
}
""",
    "letters of Java": """import java.net.http.HttpClient;
class A { char sign = '"'; String body = "ESCAPED"; URI uri = URI.create("ADDRESS"); }""",
    "letters of C#": """using System;
class A { char sign = '"'; string body = @"DOUBLED"; string uri = "ADDRESS"; }""",
    "letters of Go": """package main
func main() { quote := '"'
  http.Post("ADDRESS", "application/json", strings.NewReader(`BODY`)) }""",
    "patterns of Ruby": """require "net/http"
text = name.match?(/["']/) ? "#{name.gsub('"', '""')}" : name
Net::HTTP.post(URI("ADDRESS"), '{"inputs": [], "steps": []}')""",
    "patterns of Perl": """use strict;
$name =~ s/"/'/g;
HTTP::Tiny->new->post("ADDRESS", { content => 'BODY' });""",
    "patterns of Elixir": """name = Regex.replace(~r/"/, name, "#{quote("'")}")
:httpc.request(:post, {'ADDRESS', [], 'application/json', "ESCAPED"}, [], [])""",
    "a function of PowerShell": """$payload = 'BODY'
function Send-It($address, $text) {
  $headers = @{ 'x-project-id' = $env:PROJECT }
  [Net.Http.HttpClient]::new().PostAsync($address, $text)
}
& { Send-It 'ADDRESS' $payload }""",
    "an address after another": """import httpx
BASE = "https://api.example.com/v3"
payload = '''BODY'''
httpx.post("ADDRESS", content=payload)
httpx.get(f"{BASE}/jobs/1"); print("{}")""",
    "a name that sounds like a secret": """const payload = `{"inputs": [], "Verifier": true}`;
fetch("ADDRESS", { method: "POST", body: payload });""",
}
ADDRESS = f"https://api.example.com/v3/workflows/{UID}/schedule"


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_opens_no_text_in_a_program_hides_none(program):
    body = '{"inputs": [], "steps": []}'
    quoted = {"BODY": body, "ESCAPED": body.replace('"', '\\"'), "DOUBLED": body.replace('"', '""')}
    text = PROGRAMS[program].replace("ADDRESS", ADDRESS)
    for word, text_of_it in quoted.items():
        text = text.replace(word, text_of_it)

    pasted = read_pasted(text)

    assert (pasted.problem, pasted.notices, pasted.workflow_uid) == (None, (), UID)
    assert pasted.payload is not None
    assert pasted.payload["inputs"] == []


def test_the_workflow_of_an_arazzo_document_is_that_of_its_step():
    launch = {
        "stepId": "launch",
        "operationId": "launch_workflow",
        "parameters": [{"name": "workflow_uid", "in": "path", "value": UID}],
        "requestBody": {"payload": {"inputs": [], "steps": []}},
    }

    pasted = read_pasted(json.dumps({"arazzo": "1.0.1", "workflows": [{"steps": [launch]}]}))

    assert (pasted.problem, pasted.workflow_uid) == (None, UID)
