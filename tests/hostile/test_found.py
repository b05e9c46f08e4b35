"""What attacks have found, each kept as the request that found it."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from playground.wsgi import application


def test_relaunch_of_a_launch_that_is_not_there_is_not_found(client, things):
    response = client.get(f"/workflows/{things['workflow_uid']}/", {"launch": "999999"})

    assert response.status_code == 404
    assert "<h1>Nothing here</h1>" in response.content.decode()


def test_page_that_only_begins_as_a_number_is_the_first_page(client):
    for text in ("123456789abc", "9" * 5_000, "²", "-1"):
        assert client.get("/launches/", {"page": text}).status_code == 200


def test_recorded_payload_can_be_asked_for_its_head(client, things):
    response = client.head(f"/launches/{things['launch']}/payload.json")

    assert (response.status_code, response["Content-Type"]) == (200, "application/json")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("charset", ["undefined", "hex", "idna", "punycode", "utf-16", "utf-8"])
def test_charset_that_a_request_names_is_of_no_account(charset):
    environ = RequestFactory()._base_environ(
        PATH_INFO="/workflows/",
        QUERY_STRING="q=%41&page=%ff",
        CONTENT_TYPE=f"text/plain; Charset={charset}",
    )
    statuses = []

    application(environ, lambda status, _: statuses.append(status))

    assert statuses == ["302 Found"]


def test_address_of_a_form_opened_as_a_page_says_so(client, things):
    response = client.get(f"/workflows/{things['workflow_uid']}/launch/edit/")

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "This address only takes a form." in response.content.decode()


def test_client_of_the_sandbox_that_names_another_host_gets_json(client):
    response = client.get("/sandbox/v3/workflows", headers={"Host": "evil.example"})

    assert (response.status_code, response["Content-Type"]) == (400, "application/json")
    assert response.json() == {
        "message": "The request cannot be read: look at its Host header and its length."
    }
