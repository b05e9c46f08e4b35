"""Looking changes nothing; changing takes a token; a stranger sees the sign-in page."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from playground.models import Launch, LaunchState
from playground.web import form_pages, fragments
from tests.hostile import surface
from tests.hostile.conftest import PASSWORD

NEW_PASSWORD = "quite another horse, also stapled"
LOOKING = [route for route in surface.ROUTES.values() if "GET" in route.methods]
CHANGING = [
    route for route in surface.ROUTES.values() if "POST" in route.methods and route.answers != "api"
]
# Other ways to leave the playground through `next`.
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "http:///evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    " //evil.example/",
    "\t//evil.example/",
    "/\t/evil.example/",
    "https://localhost@evil.example/",
    "https://localhost.evil.example/",
    "http://evil.example\\@localhost/",
)


def ids(routes: list[surface.Route]) -> list[str]:
    return [route.path for route in routes]


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        tables = {}
        for name in names:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")  # noqa: S608
            rows = [tuple(map(bytes_of, row)) for row in cursor.fetchall()]
            tables[name] = sorted(rows, key=repr)
    return tables


def bytes_of(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("route", LOOKING, ids=ids(LOOKING))
def test_looking_changes_nothing(client, things, route, method):
    long_ago = timezone.now() - timedelta(hours=1)
    for state in (LaunchState.SENDING, LaunchState.UNKNOWN):
        another = Launch.objects.get(pk=things["launch"])
        another.pk, another.launch_token, another.job_uid = None, uuid.uuid4(), ""
        another.state, another.sent_at, another.decided_at = state, long_ago, long_ago
        another.save()
    before = everything()

    for query in ({}, *({name: things["launch"]} for name in route.query), {"state": "unknown"}):
        client.generic(method, route.address(things), query_params=query)
    for launch in Launch.objects.all():
        client.generic(method, f"/launches/{launch.pk}/")

    assert everything() == before


def test_looking_while_signed_in_changes_nothing(with_password, client, things, person):
    client.force_login(person)
    before = everything()

    statuses = {route.pattern: client.get(route.address(things)).status_code for route in LOOKING}

    # The job is not over, so that nothing that it gave is there, or kept.
    of_results = {one for one in statuses if one.startswith(surface.OF_RESULTS)}
    assert {statuses[one] for one in of_results} <= {200, 404, 409}
    assert {statuses[one] for one in statuses.keys() - of_results} == {200, 302, 401}
    assert everything() == before


@pytest.mark.parametrize("address", [f"/{surface.SANDBOX}workspace", f"/{surface.SANDBOX}nothing"])
def test_looking_into_the_sandbox_without_its_key_changes_nothing(client, address):
    before = everything()

    client.get(address)

    assert everything() == before


def test_looking_into_the_sandbox_changes_nothing(client, settings, things):
    headers = {
        "Authorization": f"x-api-key {settings.SANDBOX_API_KEY}",
        "x-project-id": settings.SANDBOX_PROJECT_ID,
    }
    before = everything()

    statuses = {
        client.get(route.address(things), headers=headers).status_code
        for route in surface.SANDBOX_ROUTES
        if route.method == "GET"
    }

    assert statuses == {200}
    assert everything() == before


@pytest.mark.parametrize("route", CHANGING, ids=ids(CHANGING))
@pytest.mark.parametrize("token", ["", "a" * 32, "b" * 64])
def test_changing_without_a_token_is_refused_and_changes_nothing(local, things, route, token):
    strict = Client(enforce_csrf_checks=True)
    before = everything()

    response = strict.post(
        route.address(things),
        {"launch_token": "0" * 32, "csrfmiddlewaretoken": token},
        headers={"X-CSRFToken": token},
    )

    assert response.status_code == 403
    assert "<h1>This form is too old</h1>" in response.content.decode()
    assert everything() == before


@pytest.mark.parametrize("route", CHANGING, ids=ids(CHANGING))
def test_changing_from_another_site_is_refused(local, things, route):
    strict = Client(enforce_csrf_checks=True)
    strict.get("/workflows/")
    token = strict.cookies[configured.CSRF_COOKIE_NAME].value

    response = strict.post(
        route.address(things),
        {"launch_token": "0" * 32},
        headers={"X-CSRFToken": token, "Origin": "https://evil.example"},
    )

    assert response.status_code == 403


def test_sandbox_takes_its_key_and_no_token(local, settings, things):
    strict = Client(enforce_csrf_checks=True)
    address = f"/sandbox/v3/jobs/{things['job_uid']}/cancel"

    refused = strict.post(address)
    done = strict.post(
        address,
        headers={
            "Authorization": f"x-api-key {settings.SANDBOX_API_KEY}",
            "x-project-id": settings.SANDBOX_PROJECT_ID,
        },
    )

    assert (refused.status_code, done.status_code) == (401, 200)


def test_being_signed_in_opens_nothing_of_the_sandbox(with_password, client, person):
    client.force_login(person)

    assert client.get("/sandbox/v3/workflows").status_code == 401


@pytest.mark.parametrize(
    "route",
    [one for one in surface.ROUTES.values() if one.answers != "api"],
    ids=lambda route: route.path,
)
def test_methods_that_a_route_does_not_take_are_refused(client, settings, things, person, route):
    if not route.needs_sign_in:
        settings.SIGN_IN = "password"
    before = everything()

    refused = {
        method: client.generic(method, route.address(things)).status_code
        for method in surface.METHODS
        if method not in route.methods
    }

    assert set(refused.values()) == {405}
    assert everything() == before


@pytest.mark.parametrize("pattern", surface.ROUTES)
def test_stranger_is_led_to_the_sign_in_page(with_password, client, things, pattern):
    route = surface.ROUTES[pattern]
    before = everything()

    answers = {method: client.generic(method, route.address(things)) for method in route.methods}

    for method, answer in answers.items():
        if route.answers == "api":
            assert answer.status_code == 401, method
        elif not route.needs_sign_in:
            assert answer.status_code == 200, method
            assert things["job_uid"] not in answer.content.decode()
        elif pattern == "sign-out/":
            assert answer["Location"].startswith("/sign-in/"), method
        else:
            assert answer.status_code == 302, method
            page = form_pages.page_address(route.address(things))
            assert answer["Location"] == f"/sign-in/?next={page}"
            assert client.get(answer["Location"]).status_code == 200
    assert everything() == before


@pytest.mark.parametrize("pattern", surface.ROUTES)
def test_fragment_of_a_stranger_is_a_sentence_and_no_page(with_password, client, things, pattern):
    route = surface.ROUTES[pattern]
    if not route.needs_sign_in or route.answers == "api":
        return
    before = everything()

    for method in route.methods:
        answer = client.generic(method, route.address(things), headers={"HX-Request": "true"})

        assert (answer.status_code, "Location" in answer) == (401, False), method
        assert method == "HEAD" or answer.content.decode() == fragments.SIGNED_OUT
    assert everything() == before


def test_every_address_that_only_takes_a_form_leads_to_a_page(client, local, things):
    forms = [route for route in surface.ROUTES.values() if route.methods == ("POST",)]

    for route in forms:
        page = form_pages.page_address(route.address(things))
        assert page != route.address(things), route.pattern
        assert client.get(page).status_code in (200, 302), route.pattern


def test_stranger_is_led_to_the_sign_in_page_of_the_admin(with_password, client, things):
    answers = {
        address: client.get(address, follow=True).redirect_chain
        for address in surface.admin_addresses(things)
        if address != "/admin/login/"
    }

    open_pages = [address for address, chain in answers.items() if not chain]
    signed_in_at = {chain[-1][0].partition("?")[0] for chain in answers.values() if chain}
    assert open_pages == []
    assert signed_in_at <= {"/admin/login/", "/sign-in/"}


def test_somebody_who_was_shut_out_is_a_stranger(with_password, client, person):
    client.force_login(person)
    User.objects.update(is_active=False)

    assert client.get("/workflows/")["Location"] == "/sign-in/?next=/workflows/"


@pytest.mark.parametrize("place", ELSEWHERE)
def test_signing_in_never_leads_elsewhere(with_password, client, things, place):
    entered = {"username": "ada", "password": PASSWORD, "next": place}

    after_form = client.post("/sign-in/", entered)
    already_in = client.get("/sign-in/", {"next": place})
    out = client.post("/sign-out/", {"next": place})

    assert (after_form.status_code, after_form["Location"]) == (302, "/workflows/")
    assert (already_in.status_code, already_in["Location"]) == (302, "/workflows/")
    assert out["Location"] == "/sign-in/"


def test_person_signs_in_changes_the_password_and_signs_out(with_password, client, things):
    wrong = client.post("/sign-in/", {"username": "ada", "password": "guess"})
    right = client.post("/sign-in/?next=/launches/", {"username": "ada", "password": PASSWORD})
    changed = client.post(
        "/password/",
        {
            "old_password": PASSWORD,
            "new_password1": NEW_PASSWORD,
            "new_password2": NEW_PASSWORD,
        },
    )
    still_in = client.get("/launches/")
    out = client.post("/sign-out/")
    stranger = client.get("/launches/")
    old = client.post("/sign-in/", {"username": "ada", "password": PASSWORD})
    new = client.post("/sign-in/", {"username": "ada", "password": NEW_PASSWORD})

    assert "The name or the password is wrong." in wrong.content.decode()
    assert (right.status_code, right["Location"]) == (302, "/launches/")
    assert (changed.status_code, changed["Location"]) == (302, "/workflows/")
    assert "Your password was changed." in still_in.content.decode()
    assert (out["Location"], stranger.status_code) == ("/sign-in/", 302)
    assert (old.status_code, new.status_code) == (200, 302)


def test_signing_in_leads_to_the_page_that_was_asked_for(with_password, client, things):
    entered = {"username": "ada", "password": PASSWORD, "next": "/launches/?q=a"}

    assert client.post("/sign-in/", entered)["Location"] == "/launches/?q=a"


def test_signing_in_changes_the_session_and_other_sessions_end_with_the_password(
    with_password, client, things
):
    elsewhere = Client()
    elsewhere.post("/sign-in/", {"username": "ada", "password": PASSWORD})
    before = elsewhere.cookies[configured.SESSION_COOKIE_NAME].value
    client.cookies[configured.SESSION_COOKIE_NAME] = "a" * 32
    client.post("/sign-in/", {"username": "ada", "password": PASSWORD})

    client.post(
        "/password/",
        {
            "old_password": PASSWORD,
            "new_password1": NEW_PASSWORD,
            "new_password2": NEW_PASSWORD,
        },
    )

    assert client.cookies[configured.SESSION_COOKIE_NAME].value not in ("a" * 32, before)
    assert client.get("/launches/").status_code == 200
    assert elsewhere.get("/launches/").status_code == 302


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("127.0.0.1", 200),
        ("127.8.9.10", 200),
        ("::1", 200),
        ("", 200),
        ("10.0.0.1", 403),
        ("192.0.2.1", 403),
        ("::ffff:10.0.0.1", 403),
        ("0.0.0.0", 403),  # noqa: S104
        ("localhost", 403),
        ("127.0.0.1, 10.0.0.1", 403),
    ],
)
def test_local_playground_is_open_to_its_own_machine_only(client, address, status):
    forged = {"X-Forwarded-For": "127.0.0.1", "Forwarded": "for=127.0.0.1"}

    plain = client.get(reverse("launch-list"), REMOTE_ADDR=address)
    claimed = client.get(reverse("launch-list"), REMOTE_ADDR=address, headers=forged)

    assert (plain.status_code, claimed.status_code) == (status, 403)


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Prefix",
        "X-Forwarded",
        "Forwarded",
        "Forwarded-For",
        "Via",
        "X-Real-IP",
        "True-Client-IP",
        "X-Client-IP",
        "Client-IP",
        "X-Cluster-Client-IP",
        "CF-Connecting-IP",
        "CF-Ray",
        "CDN-Loop",
        "Fastly-Client-IP",
        "X-Original-URL",
        "X-Original-Forwarded-For",
        "X-Rewrite-URL",
        "X-Amzn-Trace-Id",
        "X-Envoy-External-Address",
        "Tailscale-User-Login",
        "X-Remote-User",
        "X-ARR-LOG-ID",
        "X-Request-Start",
        "X-Queue-Start",
        "X-Tunnel",
        "X-Auth-Request-User",
        "X-Goog-Authenticated-User-Email",
        "X-MS-Client-Principal",
        "X-Kong-Request-Id",
        "X-NF-Client-Connection-IP",
        "SSL-Client-Verify",
    ],
)
def test_local_playground_answers_nothing_that_came_through_a_proxy(client, settings, header):
    key = {
        "Authorization": f"x-api-key {settings.SANDBOX_API_KEY}",
        "x-project-id": settings.SANDBOX_PROJECT_ID,
    }

    page = client.get("/launches/", headers={header: ""})
    api = client.get("/sandbox/v3/workflows", headers=key | {header: "203.0.113.9"})

    assert (page.status_code, api.status_code) == (403, 403)
    assert "PLAYGROUND_SIGN_IN=password" in page.content.decode()
    assert header.lower() in api.json()["message"].lower()


def test_local_playground_answers_browsers_and_programs(client):
    plain = {
        "Accept-Language": "en",
        "Connection": "keep-alive",
        "HX-Current-URL": "http://127.0.0.1/",
        "Origin": "http://testserver",
        "Referer": "http://testserver/",
        "Sec-Fetch-User": "?1",
        "Upgrade-Insecure-Requests": "1",
        "X-Requested-With": "XMLHttpRequest",
    }

    assert client.get("/launches/", headers=plain).status_code == 200


def test_peer_of_another_machine_gets_no_sandbox_of_a_local_playground(client):
    answer = client.get("/sandbox/v3/workflows", REMOTE_ADDR="192.0.2.1")

    assert answer.status_code == 403
    assert "its own machine only" in answer.json()["message"]


def test_with_sign_in_a_proxy_may_stand_in_front(with_password, client):
    passed_on = {"X-Forwarded-For": "203.0.113.9", "Via": "1.1 proxy"}

    assert client.get("/sign-in/", headers=passed_on).status_code == 200


def test_nobody_signs_in_as_the_local_user(with_password, client, things):
    for password in ("", "local", "!"):
        entered = {"username": "local", "password": password}
        assert client.post("/sign-in/", entered).status_code == 200
