"""What attacks have found, each kept as the request that found it."""

from __future__ import annotations


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
