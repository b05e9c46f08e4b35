"""The body is read before it is refused: clients see the refusal, and not a disconnect."""

import io
import threading

import pytest
from django.core.signals import request_started
from django.db import close_old_connections

from playground import request_body
from playground.wsgi import application

BODY = b"a=b&" * 50_000


@pytest.fixture
def refused(settings):
    """Sends a request to the application as a server does; gives its status and what was left."""
    settings.ALLOWED_HOSTS = ["testserver"]
    # A test's transaction ends with its connection, which a server looks at before each request.
    request_started.disconnect(close_old_connections)

    def send(method, path, *, is_chunked=False, body=BODY, **extra):
        stream = io.BytesIO(body)
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/json",
            "wsgi.input": stream,
            "wsgi.url_scheme": "http",
            "wsgi.input_terminated": True,
        }
        size = {"HTTP_TRANSFER_ENCODING": "chunked"} if is_chunked else {}
        size = size or {"CONTENT_LENGTH": str(len(body))}
        told = []
        application(environ | size | extra, lambda status, _: told.append(int(status[:3])))
        return told[0], len(body) - stream.tell()

    yield send
    request_started.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.parametrize("is_chunked", [False, True])
@pytest.mark.parametrize(
    ("method", "path", "extra", "status"),
    [
        ("POST", "/workflows/x/launch/", {}, 403),
        ("PUT", "/launches/1/search/", {}, 403),
        ("POST", "/launches/", {"HTTP_HOST": "evil.example"}, 400),
        ("POST", "/nothing/here/", {}, 404),
        ("POST", "/static/nothing.css", {}, 404),
        ("GET", "/nothing/here/", {}, 404),
        ("POST", "/sandbox/v3/workflows/x/schedule", {}, 401),
        ("POST", "/sandbox/v3/workflows/x/schedule", {"HTTP_HOST": "evil.example"}, 400),
    ],
)
def test_nothing_of_a_body_is_left_when_it_is_refused(
    refused, method, path, extra, status, is_chunked
):
    assert refused(method, path, is_chunked=is_chunked, **extra) == (status, 0)


@pytest.mark.django_db
def test_a_body_over_the_limit_is_read_too(refused, settings):
    too_large = b" " * (32 * 1024 * 1024 + 1)
    key = {
        "HTTP_AUTHORIZATION": f"x-api-key {settings.SANDBOX_API_KEY}",
        "HTTP_X_PROJECT_ID": settings.SANDBOX_PROJECT_ID,
    }
    address = "/sandbox/v3/workflows/x/schedule"

    assert refused("POST", address, body=too_large) == (401, 0)
    assert refused("POST", address, body=too_large, **key) == (413, 0)


@pytest.mark.django_db
def test_who_waits_to_be_told_to_send_is_answered_first(refused):
    assert refused("PUT", "/launches/", HTTP_EXPECT="100-continue") == (403, len(BODY))


def test_who_sends_nothing_gets_the_answer_all_the_same(monkeypatch):
    monkeypatch.setattr(request_body, "MOST_SECONDS", 0.01)
    is_gone = threading.Event()

    class Silent(io.RawIOBase):
        def read(self, _=-1):
            is_gone.wait(60)
            return b""

    body = request_body.of({"wsgi.input": Silent(), "CONTENT_LENGTH": "5"})

    body.read_rest()

    is_gone.set()


def test_a_body_without_end_is_read_no_further_than_the_limit(monkeypatch):
    monkeypatch.setattr(request_body, "MOST_BYTES", 200_000)
    stream = io.BytesIO(b" " * 10_000_000)

    request_body.of({"wsgi.input": stream, "CONTENT_LENGTH": "10000000"}).read_rest()

    assert 200_000 <= stream.tell() < 300_000


@pytest.mark.parametrize("path", ["/", "/launches/", "/sign-in/"])
@pytest.mark.parametrize("host", ["evil.example", "192.0.2.7:8000", "testserver.evil.example"])
def test_who_comes_by_another_name_is_told_so(client, settings, host, path):
    settings.ALLOWED_HOSTS = ["testserver"]

    response = client.get(path, HTTP_HOST=host)

    page = response.content.decode()
    assert response.status_code == 400
    assert "does not answer under the name or address that you used" in page
    assert "evil" not in page
    assert "cannot be read" not in page
