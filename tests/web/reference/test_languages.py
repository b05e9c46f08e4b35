"""The examples of the reference in other languages."""

from __future__ import annotations

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from playground.contract import wire
from playground.payload.show.snippets.targets import TARGETS
from playground.reference.api import operations

LAUNCHES = [name for name, target in TARGETS.items() if target.flavour == "launch"]


def snippet_of(client, operation: str, target: str) -> str:
    response = client.get(f"/reference/{operation}/snippet/?target={target}")
    assert response.status_code == 200
    page = LexborHTMLParser(response.content.decode())
    return page.css_first("#reference-snippet pre").text(deep=True)


@pytest.mark.parametrize("name", operations.OPERATIONS)
def test_every_operation_is_called_in_python_as_its_example_says(client, name):
    operation = operations.OPERATIONS[name]

    text = snippet_of(client, name, "python-httpx")

    assert f'"{operation.method}",\n    "http://testserver/sandbox/v3/' in text
    assert ("content=PAYLOAD" in text) == (operation.body_example is not wire.UNSET)
    if operation.body_example is not wire.UNSET and name != "save_account":
        assert json.loads(text.split("'''")[1]) == operation.body_example


def test_whoever_saves_an_account_is_told_to_put_a_credential_in(client):
    response = client.get("/reference/save_account/snippet/?target=ruby")

    page = LexborHTMLParser(response.content.decode())
    assert '"li_at": "$LI_AT"' in page.css_first("#reference-snippet pre").text(deep=True)
    assert "Put a credential in place of each value that begins with $." in page.css_first(
        "#reference-snippet"
    ).text(deep=True)


@pytest.mark.parametrize("target", LAUNCHES)
def test_an_operation_is_called_in_every_language(client, target):
    text = snippet_of(client, "list_users", target)

    assert "/v3/users" in text
    assert "UPSTREAM_API_KEY" in text


@pytest.mark.parametrize("target", ["cobol", "", "python-follow", "%00"])
def test_another_language_is_the_usual_one(client, target):
    assert "import httpx" in snippet_of(client, "list_users", target)


def test_the_page_of_an_operation_offers_what_is_written_for_a_call(client):
    page = LexborHTMLParser(client.get("/reference/list_users/").content.decode())

    offered = [option.attributes["value"] for option in page.css("#language option")]

    assert offered == LAUNCHES
    assert page.css_first("#reference-snippet").text().strip() == ""


def test_an_unknown_operation_has_no_snippet(client):
    assert client.get("/reference/nothing/snippet/").status_code == 404
