"""The curl command, as real shells run it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

from playground.payload.build.builder import Built
from playground.payload.drafts import Entry
from playground.payload.show.curl import render_curl, render_request
from playground.payload.show.lines import render_value
from tests.payload.samples import build, row
from tests.payload.strategies import NASTY

SHELLS = [name for name in ("bash", "sh", "zsh") if shutil.which(name)]
URL = "https://api.example.com/v3/workflows/w/schedule"
# Prints every argument on a line of its own, then the body that it was given.
FAKE_CURL = r"""curl() { for part in "$@"; do printf '%s\n' "$part"; done; printf '\0'; cat; }
"""


def run(shell: str, command: str) -> tuple[list[str], bytes]:
    """The arguments of curl and its body."""
    done = subprocess.run(
        [shell],
        input=(FAKE_CURL + command + "\n").encode(),
        capture_output=True,
        env={"PATH": os.environ["PATH"], "UPSTREAM_API_KEY": "k3y", "UPSTREAM_PROJECT_ID": "p1d"},
        timeout=20,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    arguments, _, body = done.stdout.partition(b"\0")
    return arguments.decode().splitlines(), body


def nasty() -> Built:
    rows = tuple(
        row(at, company_name="A", note=Entry(text, "text")) for at, text in enumerate(NASTY)
    )
    return build(rows=rows, job_name=Entry("It's $(x) `y` !! \\"))


@pytest.mark.parametrize("shell", SHELLS)
def test_curl_gets_the_address_the_headers_and_the_payload(shell):
    built = nasty()

    arguments, body = run(shell, render_curl(built, URL))

    assert arguments == [
        *("--globoff", "--request", "POST", "--url", URL),
        *("--header", "Authorization: x-api-key k3y", "--header", "x-project-id: p1d"),
        *("--header", "Content-Type: application/json", "--data-binary", "@-"),
    ]
    assert json.loads(body) == built.value


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("url", ["-o x", "http://a/'$(id)'`id`?q=[1-9]&b={a}!!", "@file", "#"])
def test_an_address_arrives_as_it_is(shell, url):
    arguments, _ = run(shell, render_curl(build(), url))

    assert arguments[4] == url.replace(" ", "%20")


@pytest.mark.parametrize("shell", SHELLS)
def test_a_payload_longer_than_an_argument_may_be_arrives_whole(shell):
    rows = tuple(row(at, company_name=f"Acme {at}" * 20) for at in range(2000))
    built = build(rows=rows)

    _, body = run(shell, render_curl(built, URL))

    assert len(body) > 300_000
    assert json.loads(body) == built.value


@pytest.mark.parametrize("shell", SHELLS)
def test_comments_do_nothing(shell):
    comments = ["it's; echo no", "two\nlines # $(id)", "\u202e!!\x1b[2J"]

    arguments, _ = run(shell, render_curl(build(), URL, comments=comments))

    assert arguments[:3] == ["--globoff", "--request", "POST"]


def test_the_first_line_names_the_fingerprint():
    built = build()

    command = render_curl(built, URL, comments=["it's\nme"])

    assert command.split("\n")[:2] == [f": 'payload {built.fingerprint}'", ": 'it'\\''s me'"]


def test_nothing_in_the_command_can_hide_or_be_replaced_by_history():
    command = render_curl(nasty(), URL + "\u202e\n", comments=["\u202e"])

    assert [line for line in command.split("\n") if "!" in line] == []
    assert command.isprintable() is False  # Line feeds are the only ones that are not:
    assert command.replace("\n", "").isprintable()


def test_the_command_waits_for_enter_and_names_no_secret():
    command = render_curl(build(), URL)

    assert command.endswith("\nPAYLOAD")
    assert '"Authorization: x-api-key $UPSTREAM_API_KEY"' in command
    assert '"x-project-id: $UPSTREAM_PROJECT_ID"' in command


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
def test_call_without_a_body_says_nothing_of_one(shell, method):
    arguments, body = run(shell, render_request(method, URL + "?page=1&stats='a'"))

    assert arguments == [
        *("--globoff", "--request", method, "--url", URL + "?page=1&stats='a'"),
        *("--header", "Authorization: x-api-key k3y", "--header", "x-project-id: p1d"),
    ]
    assert body == b""


@pytest.mark.parametrize("shell", SHELLS)
def test_call_with_a_body_carries_it_to_the_letter(shell):
    value = {"name": "It's $(x) `y` !! \\", "note": "REQUEST"}

    arguments, body = run(shell, render_request("POST", URL, render_value(value)))

    assert arguments[-4:] == ["--header", "Content-Type: application/json", "--data-binary", "@-"]
    assert json.loads(body) == value
