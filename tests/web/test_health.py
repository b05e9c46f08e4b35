"""Probes are answered whoever asks, under whatever name; a database that is gone is told."""

import json
import logging

import pytest
from django.db import OperationalError, connection
from django.test import Client

from playground import worker_presence as presence
from playground.web import errors, health

pytestmark = pytest.mark.django_db
EVERYBODY = {
    "by its name": {},
    "by IP": {"HTTP_HOST": "192.0.2.7:8000"},
    "by a name that is not served": {"HTTP_HOST": "evil.example"},
    "by no name at all": {"HTTP_HOST": "a b"},
    "through a proxy": {"HTTP_X_FORWARDED_FOR": "203.0.113.9", "HTTP_FORWARDED": "for=a"},
    "from elsewhere": {"REMOTE_ADDR": "203.0.113.9"},
}


@pytest.fixture
def worker():
    with presence.announce_worker():
        yield


@pytest.fixture(params=["local", "password", "tls"])
def _every_sign_in(settings, request):
    settings.SIGN_IN = "local" if request.param == "local" else "password"
    settings.SECURE_SSL_REDIRECT = request.param == "tls"


@pytest.mark.usefixtures("worker", "_every_sign_in")
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_gets_an_answer_and_nothing_more(path, who):
    client = Client()

    asked = client.get(path, **EVERYBODY[who])
    head = client.head(path, **EVERYBODY[who])

    assert (asked.status_code, json.loads(asked.content)) == (200, {"status": "ok"})
    assert (head.status_code, head.content) == (200, b"")
    assert asked["Content-Type"] == "application/json"
    assert asked["Cache-Control"] == "no-store"
    assert not client.cookies


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_probe_only_asks(path, method):
    response = getattr(Client(enforce_csrf_checks=True), method)(path)

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("words", ["gone", "disk is full"])
def test_without_a_database_it_lives_and_is_not_ready(worker, monkeypatch, words, client, caplog):
    def fail(*_, **__):
        raise OperationalError(words)

    monkeypatch.setattr(connection, "cursor", fail)

    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json() == {"status": "unavailable"}
    assert caplog.messages == ["Not ready: the database does not answer."]


def test_without_a_worker_it_is_not_ready(client, caplog):
    assert client.get("/readyz").status_code == 503
    assert caplog.messages == ["Not ready: no background worker is alive."]


@pytest.mark.parametrize("path", ["/launches/", "/sign-in/", "/jobs/a/status/"])
def test_pages_say_that_the_database_is_gone(client, monkeypatch, path):
    monkeypatch.setattr(health, "is_file_gone", lambda: True)

    response = client.get(path)

    assert response.status_code == 503
    assert "The database is not reachable" in response.content.decode()
    assert "try again in a minute" in response.content.decode()


@pytest.mark.parametrize(
    ("path", "kind"), [("/launches/", "text/html"), ("/sandbox/v3/workflows", "application/json")]
)
@pytest.mark.parametrize("error", [OperationalError("server closed"), OperationalError("locked")])
def test_a_request_that_meets_no_database_is_told_so(rf, path, kind, error):
    try:
        try:
            raise error
        except OperationalError as cause:
            raise ValueError("a template failed") from cause
    except ValueError:
        response = errors.server_error(rf.get(path))

    assert response.status_code == 503
    assert response["Content-Type"].startswith(kind)
    assert "database" in response.content.decode()


@pytest.mark.parametrize("error", [KeyError("a"), ValueError("b")])
def test_what_else_breaks_is_ours(rf, error):
    try:
        raise error
    except (KeyError, ValueError):
        page, api = (errors.server_error(rf.get(path)) for path in ("/a/", "/sandbox/v3/jobs"))

    assert (page.status_code, api.status_code) == (500, 500)
    assert list(json.loads(api.content)) == ["message"]


def test_the_log_has_one_line_for_it(rf):
    error = OperationalError("could not connect\n2026 ERROR forged")
    told = (type(error), error, None)
    record = logging.LogRecord("a", 40, "", 1, "%s: %s", ("E", "/launches/"), told)

    errors.OneLineForDatabase().filter(record)

    assert logging.Formatter().format(record) == (
        "E: /launches/: the database cannot be used (could not connect 2026 ERROR forged): start "
        "it again, or look at DATABASE_URL and its disk."
    )
