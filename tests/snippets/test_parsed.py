"""Snippets that nothing here runs, read by parsers of their languages."""

from __future__ import annotations

import json
import subprocess

import pytest

from playground.payload.show.snippets.calls import Call
from playground.payload.show.snippets.targets import TARGETS
from tests.snippets import hostile, parsing, runners
from tests.snippets.execution import body_of, folder, launch_of
from tests.snippets.parsing import PARSED

KEYS = {"UPSTREAM_API_KEY": "k3y", "UPSTREAM_PROJECT_ID": "p1d"}


def call_of(values: dict[str, str]) -> Call:
    body = body_of(hostile.payload(values))
    return Call(url="https://api.example.com/v3/workflows/w/schedule", body=body, remark="payload")


@pytest.mark.parametrize("target", [name for name in PARSED if name.startswith("powershell")])
def test_powershell_reads_every_value_as_it_is(target):
    text = TARGETS[target].write(launch_of("http://h/v3", body_of(hostile.payload())))

    body = parsing.powershell_body(text)

    assert hostile.failing(body.encode(), hostile.payload()) == []
    assert text.isascii()


def test_powershell_parser_finds_what_ends_a_here_string_too_early():
    with pytest.raises(AssertionError):
        parsing.powershell_body("$payload = @'\n{\n'@ }\n'@\nInvoke-RestMethod -Body $payload")


def test_the_command_prompt_hands_every_value_on_as_it_is():
    arguments = parsing.cmd_arguments(TARGETS["cmd"].write(call_of(hostile.SHORT)), **KEYS)

    assert arguments[:8] == [
        *("curl.exe", "--globoff", "--request", "POST", "--url"),
        "https://api.example.com/v3/workflows/w/schedule",
        *("--header", "Authorization: x-api-key k3y"),
    ]
    assert hostile.failing(arguments[-1].encode(), hostile.payload(hostile.SHORT)) == []


def test_what_is_too_long_for_the_command_prompt_is_read_from_a_file():
    arguments = parsing.cmd_arguments(TARGETS["cmd"].write(call_of(hostile.VALUES)), **KEYS)

    assert arguments[-2:] == ["--data-binary", "@payload.json"]


def test_a_raw_request_says_how_long_its_body_is():
    first, headers, body = parsing.http_request(TARGETS["http"].write(call_of(hostile.VALUES)))

    assert first == "POST /v3/workflows/w/schedule HTTP/1.1"
    assert headers["Host"] == "api.example.com"
    assert headers["Authorization"] == "x-api-key $UPSTREAM_API_KEY"
    assert headers["Content-Length"] == str(len(body.encode()))
    assert hostile.failing(body.encode(), hostile.payload()) == []
    assert "$" not in body  # `envsubst` would put something in.


def test_the_hostile_payload_is_what_it_says():
    values = json.loads(hostile.payload())["inputs"]

    assert len(values) == len(hostile.VALUES)
    assert "12345678901234567890" in hostile.payload()
    assert hostile.failing(
        hostile.payload().replace("1e5", "100000.0").encode(), hostile.payload()
    ) == ["1e5"]


def test_the_compiler_of_typescript_finds_no_fault():
    tsc = runners.found("tsc")
    if not tsc:
        pytest.skip("the compiler of TypeScript is not on this machine")
    names = ("typescript", "typescript-follow")
    options = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext"]
    with folder() as made:
        for name in names:
            (made / f"{name}.mts").write_text(TARGETS[name].write(call_of(hostile.SHORT)))
        files = [f"{name}.mts" for name in names]
        command = [tsc, *options, "--types", "node", *files]
        done = subprocess.run(command, cwd=made, capture_output=True, text=True, timeout=120)

    assert (done.returncode, done.stdout) == (0, "")
