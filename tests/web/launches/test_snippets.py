"""Snippets of what is in the form."""

from __future__ import annotations

import json
import re

from selectolax.lexbor import LexborHTMLParser

from playground.models import SnippetChoice
from playground.payload.show.snippets.targets import TARGETS
from tests.web.conftest import ADDRESS
from tests.web.html_forms import posted_fields

FIELDS = {"job_name": "It's $(x) `y`", "inputs-0-first_name": "O'Brien"}


def test_all_targets_are_listed(client, hosted):
    listed = client.get("/snippets/targets.json").json()

    assert [one["target"] for one in listed] == list(TARGETS)
    assert {
        "target": "curl",
        "language": "Shell",
        "flavour": "launch",
        "proven": True,
    } in listed
    assert {one["target"]: one["proven"] for one in listed}["cmd"] is False


def test_a_snippet_has_what_is_in_the_form(client, hosted):
    response = client.post(f"{ADDRESS}launch/snippets/python-httpx", FIELDS)

    text = response.content.decode()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    payload = client.post(f"{ADDRESS}launch/payload.json", FIELDS).json()
    assert json.loads(text.split("'''")[1]) == payload


def test_no_key_is_in_any_snippet(client, hosted, settings):
    settings.UPSTREAM_API_KEY, settings.UPSTREAM_PROJECT_ID = "c4n4ry-k3y", "c4n4ry-pr0j3ct"

    for target in TARGETS:
        text = client.post(f"{ADDRESS}launch/snippets/{target}", FIELDS).content.decode()

        assert "testserver" in text
        assert "c4n4ry" not in text
        assert settings.SANDBOX_API_KEY not in text


def test_an_unknown_target_is_told_which_there_are(client, hosted):
    response = client.post(f"{ADDRESS}launch/snippets/cobol", FIELDS)

    assert response.status_code == 404
    sentence = response.content.decode()
    assert sentence.startswith("There is no such snippet. There are: curl, ")
    assert "python-httpx" in sentence


def chosen(response) -> str:
    parser = LexborHTMLParser(response.content.decode())
    return parser.css_first("#snippet-target option[selected]").attributes["value"]


def test_the_choice_is_remembered_for_each_person(client, hosted):
    panel = f"{ADDRESS}launch/snippets/panel/"
    assert chosen(client.post(panel, FIELDS)) == "python-httpx"

    client.post(panel, FIELDS | {"snippet_target": "rust"})
    client.post(panel, FIELDS | {"snippet_target": "cobol"})

    assert chosen(client.post(panel, FIELDS)) == "rust"
    assert [(one.user.get_username(), one.target) for one in SnippetChoice.objects.all()] == [
        ("local", "rust")
    ]


def test_a_choice_that_is_gone_is_the_usual_one(client, hosted):
    panel = f"{ADDRESS}launch/snippets/panel/"
    client.post(panel, FIELDS | {"snippet_target": "rust"})
    SnippetChoice.objects.update(target="cobol")

    assert chosen(client.post(panel, FIELDS)) == "python-httpx"


def test_the_panel_says_what_has_run_a_snippet(client, hosted):
    panel = f"{ADDRESS}launch/snippets/panel/"

    run = texts(client.post(panel, FIELDS | {"snippet_target": "perl"}))
    parsed = texts(client.post(panel, FIELDS | {"snippet_target": "cmd"}))

    assert re.search(r"Run here on \d+ \w+ 20\d\d with Perl 5\.", run)
    assert "Parsed, not run here." in parsed
    assert "Run here" not in parsed


def test_the_panel_of_a_large_payload_reads_a_file(client, hosted):
    fields = FIELDS | {"inputs-0-first_name": "x" * 120_000, "snippet_target": "perl"}

    panel = client.post(f"{ADDRESS}launch/snippets/panel/", fields)
    alone = client.post(f"{ADDRESS}launch/snippets/perl", fields)

    assert "save payload.json" in texts(panel)
    assert "open my $file, '<:raw', 'payload.json'" in texts(panel, "#payload-snippet")
    assert b"x" * 120_000 in alone.content


def test_a_page_of_its_own_carries_the_form(client, hosted):
    response = client.post(f"{ADDRESS}launch/snippets/", FIELDS | {"snippet_target": "ruby"})

    fields = dict(posted_fields(response.content.decode(), "launch-form"))
    assert chosen(response) == "ruby"
    assert {name: fields[name] for name in FIELDS} == FIELDS
    assert texts(response, "h1") == "The launch in Ruby"


def test_a_snippet_is_downloaded_under_the_name_of_its_language(client, hosted):
    response = client.post(f"{ADDRESS}launch/snippets/go?download", FIELDS)

    assert response["Content-Disposition"] == 'attachment; filename="launch.go"'


def texts(response, selector: str = ".snippet-told") -> str:
    parser = LexborHTMLParser(response.content.decode())
    return " ".join(parser.css_first(selector).text(deep=True).split())
