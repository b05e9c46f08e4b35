"""What every answer tells the browser about itself."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from django.http import HttpResponse

from tests.hostile import surface
from tests.hostile.conftest import PASSWORD
from tests.hostile.observatory import grade, policy_of

POLICY = policy_of(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# Everything that a page could ask of a machine.
POWERS = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
BEHIND_TLS = {
    "SECURE_SSL_REDIRECT": True,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "SECURE_HSTS_SECONDS": 365 * 24 * 3600,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
}
ROUTES = [one for one in surface.ROUTES.values() if one.answers in ("page", "fragment")]
REFUSALS = {
    "bad host": ("/launches/", {"HTTP_HOST": "evil.example"}),
    "not from here": ("/launches/", {"REMOTE_ADDR": "192.0.2.1"}),
    "nothing here": ("/nothing/", {}),
    "nothing below static": ("/static/nothing.css", {}),
    "no such workflow": ("/workflows/nothing/", {}),
    "a form's address": ("/jobs/a/cancel/", {}),
    "the admin": ("/admin/", {}),
    "the admin's sign-in": ("/admin/login/", {}),
}


def check_headers(response: HttpResponse) -> None:
    assert policy_of(response["Content-Security-Policy"]) == POLICY
    assert {name: response[name] for name in HEADERS} == HEADERS
    granted = dict(part.split("=") for part in response["Permissions-Policy"].split(", "))
    assert {name: granted[name] for name in POWERS} == dict.fromkeys(POWERS, "()")
    assert "no-store" in response["Cache-Control"]
    assert not response.has_header("Server")
    assert not response.has_header("Access-Control-Allow-Origin")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_answer_carries_the_policy_and_is_not_kept(client, things, route, method):
    check_headers(client.generic(method, route.address(things)))


@pytest.mark.parametrize("case", REFUSALS)
def test_every_refusal_carries_the_policy_and_is_not_kept(client, things, case):
    path, environ = REFUSALS[case]

    check_headers(client.get(path, **environ))


def test_form_that_is_too_old_carries_the_policy(client, things):
    client.handler.enforce_csrf_checks = True

    response = client.post("/sign-out/")

    assert response.status_code == 403
    check_headers(response)


def test_fault_carries_the_policy(client, monkeypatch):
    monkeypatch.setattr("playground.services.ledger.launches.list_launches", lambda *_, **__: 1 / 0)

    response = client.get("/launches/")

    assert response.status_code == 500
    assert "ZeroDivisionError" not in response.content.decode()
    check_headers(response)


@pytest.mark.parametrize(
    "path",
    ["/launches/{launch}/payload.json", "/sandbox/v3/workflows", "/sandbox/v3/nothing"],
)
def test_json_is_not_taken_for_anything_else_and_not_kept(client, things, path):
    response = client.get(path.format(**things))

    assert response["Content-Type"] == "application/json"
    assert (response["X-Content-Type-Options"], response["Cache-Control"]) == (
        "nosniff",
        "no-store",
    )


@pytest.fixture
def behind_tls(settings: object, with_password: None) -> dict[str, str]:
    for name, value in BEHIND_TLS.items():
        setattr(settings, name, value)
    return {"X-Forwarded-Proto": "https"}


def test_every_page_behind_tls_gets_the_best_grade(behind_tls, client, things):
    cookies = sign_in(client, behind_tls)

    grades = {
        route.path: grade(client.get(route.address(things), headers=behind_tls).headers, cookies)
        for route in ROUTES
        if "GET" in route.methods
    }

    assert {name for name, _ in grades.values()} == {"A+"}
    assert min(sum(modifiers.values()) for _, modifiers in grades.values()) >= 30


def test_grade_counts_what_is_missing():
    bare, _ = grade({}, SimpleCookie())
    plain, _ = grade({"Strict-Transport-Security": "max-age=31536000"}, SimpleCookie("a=1"))
    loose = {"Content-Security-Policy": "default-src 'self' 'unsafe-inline'"}

    assert (bare, plain) == ("F", "F")
    assert grade(loose, SimpleCookie())[1]["content-security-policy"] == -20


def test_cookies_stay_with_the_server_and_behind_tls(behind_tls, client, settings, things):
    cookies = sign_in(client, behind_tls)

    flags = {
        name: (bool(one["secure"]), bool(one["httponly"]), one["samesite"])
        for name, one in cookies.items()
    }
    assert flags == {
        settings.SESSION_COOKIE_NAME: (True, True, "Lax"),
        settings.CSRF_COOKIE_NAME: (True, True, "Lax"),
    }


def test_plain_address_leads_to_tls_and_tls_is_asked_for_ever_after(behind_tls, client):
    plain = client.get("/launches/?q=a")
    safe = client.get("/sign-in/", headers=behind_tls)

    assert (plain.status_code, plain["Location"]) == (301, "https://testserver/launches/?q=a")
    assert safe["Strict-Transport-Security"] == "max-age=31536000"


def test_without_tls_nothing_asks_for_it(with_password, client, things):
    cookies = sign_in(client, {})

    assert not client.get("/launches/").has_header("Strict-Transport-Security")
    assert {bool(one["secure"]) for one in cookies.values()} == {False}
    assert {bool(one["httponly"]) for one in cookies.values()} == {True}


def sign_in(client: object, headers: dict[str, str]) -> SimpleCookie:
    entered = {"username": "ada", "password": PASSWORD}
    client.get("/sign-in/", headers=headers)
    client.post("/sign-in/", entered, headers=headers)
    client.get("/launches/", headers=headers)
    return client.cookies
