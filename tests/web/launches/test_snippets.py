"""Snippets of what is in the form."""

from __future__ import annotations

import json

from playground.payload.show.snippets.targets import TARGETS
from tests.web.conftest import ADDRESS

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
