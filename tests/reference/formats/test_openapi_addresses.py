"""The addresses of the OpenAPI document: whose server it names and who may have it."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings

HOSTED = {"UPSTREAM_IS_SANDBOX": False, "UPSTREAM_URL": "https://api.example.com/v3"}


def test_the_sandbox_describes_itself_to_anybody():
    answer = Client().get("/sandbox/v3/openapi.json", headers={"host": "localhost:8000"})

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.json()["servers"] == [{"url": "http://localhost:8000/sandbox/v3"}]
    assert answer.json()["paths"]["/workspace"]["get"]["operationId"] == "get_workspace"
    assert answer.cookies == {}


def test_the_sandbox_describes_itself_also_where_the_upstream_is_another():
    with override_settings(**HOSTED):
        answer = Client().get("/sandbox/v3/openapi.json", headers={"host": "localhost:8000"})

    assert answer.json()["servers"] == [{"url": "http://localhost:8000/sandbox/v3"}]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "BREW"])
def test_another_method_is_refused_in_the_words_of_the_api(method: str):
    answer = Client().generic(method, "/sandbox/v3/openapi.json")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer.json() == {"message": "This resource takes GET, HEAD."}


def test_a_host_that_is_not_served_here_is_refused_in_the_words_of_the_api():
    answer = Client().get("/sandbox/v3/openapi.json", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert list(answer.json()) == ["message"]


@pytest.mark.django_db
def test_the_upstreams_document_is_for_people_who_are_signed_in(settings):
    settings.SIGN_IN = "password"

    answer = Client().get("/reference/openapi.json")

    assert (answer.status_code, answer["Location"]) == (
        302,
        "/sign-in/?next=/reference/openapi.json",
    )


@pytest.mark.django_db
def test_the_upstreams_document_names_the_address_of_the_settings(settings):
    settings.SIGN_IN = "local"
    for name, value in HOSTED.items():
        setattr(settings, name, value)

    answer = Client().get("/reference/openapi.json")

    assert answer.json()["servers"] == [{"url": "https://api.example.com/v3"}]
    assert answer.json()["paths"]["/workspace"]["get"]["operationId"] == "get_workspace"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "path"),
    [({}, "/reference/openapi.json"), (HOSTED, "/trial/reference/openapi.json")],
    ids=["the sandbox is the upstream", "trials"],
)
def test_where_the_sandbox_answers_the_document_names_this_server(settings, changes, path):
    settings.SIGN_IN = "local"
    for name, value in changes.items():
        setattr(settings, name, value)

    answer = Client().get(path, headers={"host": "localhost:8000"})

    assert answer.json()["servers"] == [{"url": "http://localhost:8000/sandbox/v3"}]
