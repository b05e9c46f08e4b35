"""The area of trials below `/trial/`: no way out of it, no way around anything through it."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from random import Random

import httpx
import pytest
from django.conf import settings as configured
from django.contrib.auth.models import User
from django.test import Client
from django.urls import get_script_prefix
from django.utils import timezone

from playground.models import Launch, LaunchState
from playground.services.launches import send, trials
from playground.services.workflows import lookup as workflow_lookup
from playground.upstream import targets
from tests.hostile import surface
from tests.hostile.answers import find_fault
from tests.hostile.attacks import Shot, Target, random_shot
from tests.hostile.conftest import PASSWORD, good_draft
from tests.hostile.observatory import grade
from tests.hostile.test_headers import BEHIND_TLS, check_headers, sign_in
from tests.hostile.test_routes import page_target
from tests.hostile.test_safe_methods import CHANGING, ELSEWHERE, LOOKING, everything
from tests.upstreams import AnsweringTransport, upstream

AREA = "/trial"
OURS = [{"uid": "w-hosted", "name": "Only the hosted API has this one", "steps": []}]
NAME = OURS[0]["name"]
# Odd addresses and the status of their answers.
ADDRESSES = {
    "/trial": 404,
    "/trial/": 302,
    "/trial/workflows": 301,
    "/TRIAL/workflows/": 404,
    "/trial/trial/workflows/": 404,
    "/trial/trial/": 404,
    "/trial/..//workflows/": 404,
    "/trial/../admin/": 404,
    "/trial//evil.example/": 404,
    "/trial//evil.example": 404,
    "/trial///evil.example/%2e%2e": 404,
    "/trial/%2F%2Fevil.example/": 404,
    "/trial/%2Fevil.example": 404,
    "/trial/\\evil.example/": 404,
    "/trial/%5Cevil.example/": 404,
    "/trial/%09/evil.example/": 404,
    "/trial%2Fworkflows/": 200,
    "/trial/%00/": 404,
    "/trial/%ff/": 404,
    "/trial/static/css/playground.css": 404,
    "/trial/https://evil.example/": 404,
    "/trial/workflows/%2F%2Fevil.example/": 404,
    "/trial/workflows//evil.example/": 404,
    "/trial/jobs/..%2F..%2F..%2Fadmin/": 404,
    "/trial/?next=//evil.example/": 302,
    "/trial/sandbox/v3/workflows": 401,
    "/trial/sandbox/v3//evil.example/": 401,
    "/trial/sandbox/v3/../../admin/": 401,
    "/trial/admin": 301,
    "/trial/admin//evil.example": 302,
}


@pytest.fixture(autouse=True)
def hosted(things: dict[str, str], settings: object) -> Iterator[AnsweringTransport]:
    """The upstream is a hosted API, which has one workflow and nothing else."""
    settings.UPSTREAM_IS_SANDBOX = False
    settings.UPSTREAM_URL = "http://upstream.invalid/v3"
    transport = AnsweringTransport(workflows=lambda _: httpx.Response(200, json=OURS))
    with upstream(transport):
        yield transport


def in_area(route: surface.Route, things: dict[str, str]) -> str:
    return AREA + route.address(things)


def test_odd_addresses_of_the_area_lead_nowhere_else(client):
    answers = {address: client.get(address) for address in ADDRESSES}

    assert {address: answer.status_code for address, answer in answers.items()} == ADDRESSES
    led = [answer["Location"] for answer in answers.values() if answer.has_header("Location")]
    assert [one for one in led if not one.startswith("/trial/") or "/trial/trial" in one] == []
    assert [fault for address in ADDRESSES if (fault := look(client, address))] == []


def look(client: Client, address: str) -> str:
    path, _, query = address.partition("?")
    return find_fault(Shot(what="odd address", method="GET", path=path, query=query), client)


def test_without_a_hosted_api_there_is_no_area(client, settings):
    settings.UPSTREAM_IS_SANDBOX = True

    statuses = {
        client.get(address).status_code for address in ("/trial/", "/trial/workflows/", "/trial/x")
    }

    assert statuses == {404}


def test_random_hostile_requests_below_the_area_get_clear_answers(client, things):
    random = Random(21)
    found = [
        page_target(route, method, things)
        for route in surface.ROUTES.values()
        for method in route.methods
    ]
    wanted = [random.choice(found) for _ in range(500)]

    faults = [
        fault for one in wanted if (fault := find_fault(random_shot(moved(one), random), client))
    ]

    assert faults == []


def moved(target: Target) -> Target:
    return Target(
        method=target.method,
        path=AREA + target.path,
        named=target.named,
        query=target.query,
        fields=target.fields,
    )


def test_looking_below_the_area_changes_nothing_and_carries_the_policy(client, things):
    before = everything()

    for route in LOOKING:
        for method in ("GET", "HEAD"):
            response = client.generic(method, in_area(route, things))
            # The job is not over, so that nothing that it gave is there, or kept.
            told = (404, 409) if route.pattern.startswith(surface.OF_RESULTS) else ()
            assert response.status_code in (200, 302, 401, *told), route.path
            if route.answers in ("page", "fragment"):
                check_headers(response)

    assert everything() == before


def test_changing_below_the_area_without_a_token_is_refused(local, things):
    strict = Client(enforce_csrf_checks=True)
    before = everything()

    for route in CHANGING:
        strict.cookies.clear()
        bare = strict.post(in_area(route, things), {"launch_token": "0" * 32})
        strict.get("/trial/workflows/")
        token = strict.cookies[configured.CSRF_COOKIE_NAME].value
        elsewhere = strict.post(
            in_area(route, things), headers={"X-CSRFToken": token, "Origin": "https://evil.example"}
        )
        assert (bare.status_code, elsewhere.status_code) == (403, 403), route.path

    assert everything() == before


def test_pages_below_the_area_get_the_best_grade_behind_tls(
    with_password, client, settings, things
):
    for name, value in BEHIND_TLS.items():
        setattr(settings, name, value)
    headers = {"X-Forwarded-Proto": "https"}
    cookies = sign_in(client, headers)

    grades = {
        route.path: grade(client.get(in_area(route, things), headers=headers).headers, cookies)[0]
        for route in LOOKING
        if route.answers in ("page", "fragment")
    }

    assert set(grades.values()) == {"A+"}


def test_stranger_below_the_area_is_led_to_its_sign_in_page(with_password, client, things):
    answers = {
        route.pattern: client.get(in_area(route, things))
        for route in LOOKING
        if route.needs_sign_in
    }

    led = {pattern: answer.get("Location") for pattern, answer in answers.items()}
    assert led == {
        route.pattern: f"/trial/sign-in/?next={in_area(route, things)}"
        for route in LOOKING
        if route.needs_sign_in
    }
    assert client.get("/trial/sandbox/v3/workflows").status_code == 401
    assert client.get("/trial/admin/")["Location"].startswith("/trial/")


def test_signing_in_below_the_area_never_leads_elsewhere(with_password, client):
    for place in ELSEWHERE:
        entered = {"username": "ada", "password": PASSWORD, "next": place}

        after_form = client.post("/trial/sign-in/", entered)
        out = client.post("/trial/sign-out/", {"next": place})

        assert after_form["Location"] == "/trial/workflows/", place
        assert out["Location"] == "/trial/sign-in/", place


def test_area_is_open_to_its_own_machine_only(local, client):
    for address in ("/trial/workflows/", "/trial/trial/", "/trial/admin/"):
        assert client.get(address, REMOTE_ADDR="192.0.2.1").status_code == 403


def test_sandbox_below_the_area_takes_its_key_and_nothing_else(client, person, settings):
    client.force_login(person)
    key = {
        "Authorization": f"x-api-key {settings.SANDBOX_API_KEY}",
        "x-project-id": settings.SANDBOX_PROJECT_ID,
    }

    without = client.get("/trial/sandbox/v3/workflows")
    with_it = client.get("/trial/sandbox/v3/workflows", headers=key)

    assert (without.status_code, with_it.status_code) == (401, 200)


def test_referer_does_not_choose_the_area(local, things, hosted):
    strict = Client(enforce_csrf_checks=True)
    strict.get("/workflows/", secure=True)
    token = {"X-CSRFToken": strict.cookies[configured.CSRF_COOKIE_NAME].value}
    preview = f"/workflows/{things['workflow_uid']}/launch/preview/"

    outside = strict.post(
        preview, secure=True, headers=token | {"Referer": f"https://testserver/trial{preview}"}
    )
    inside = strict.post(
        AREA + preview, secure=True, headers=token | {"Referer": f"https://testserver{preview}"}
    )
    elsewhere = strict.post(
        AREA + preview, secure=True, headers=token | {"Referer": "https://evil.example/trial/"}
    )

    assert (outside.status_code, inside.status_code, elsewhere.status_code) == (404, 200, 403)
    assert [request.url.path for request in hosted.requests] == [
        "/v3/workflows",
        f"/v3/workflows/{things['workflow_uid']}/details",
    ]


class Killed(BaseException):
    """Not an `Exception`: nothing on the way makes an answer of it."""


@pytest.mark.parametrize("error", [ZeroDivisionError, Killed, SystemExit, KeyboardInterrupt])
def test_request_that_dies_in_the_area_leaves_its_thread_outside(client, monkeypatch, error):
    def die(*_: object, **__: object) -> None:
        assert targets.is_trial()
        raise error

    monkeypatch.setattr("playground.services.ledger.launches.list_launches", die)
    if issubclass(error, Exception):
        assert client.get("/trial/launches/").status_code == 500
    else:
        with pytest.raises(error):
            client.get("/trial/launches/")

    assert (targets.current(), get_script_prefix()) == ("upstream", "/")
    after = client.get("/workflows/").content.decode()
    assert NAME in after
    assert 'href="/trial/' not in after


def test_trial_that_dies_while_it_is_prepared_leaves_its_thread_outside(
    client, monkeypatch, things, hosted
):
    details = {"uid": things["workflow_uid"], "name": "Twin", "steps": []}
    hosted.answers["details"] = lambda _: httpx.Response(200, json=details)
    twin = workflows_of_the_sandbox()[0]
    monkeypatch.setattr("playground.payload.edit.trials.find_twin", lambda *_: twin)
    monkeypatch.setattr("playground.web.launches.page.show_page", lambda *_, **__: 1 / 0)

    died = client.post(
        f"/workflows/{things['workflow_uid']}/launch/trial/", {"trial_on": "sandbox"}
    )

    assert died.status_code == 500
    assert (targets.current(), get_script_prefix()) == ("upstream", "/")


def workflows_of_the_sandbox() -> list[object]:
    with trials.on_sandbox():
        return [workflow_lookup.get_workflow(one.uid) for one in workflow_lookup.list_workflows()]


def test_area_of_one_thread_is_not_another_s(client):
    seen: list[str] = []

    def look() -> None:
        seen.append(targets.current())

    with trials.on_sandbox():
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    assert seen == ["upstream"]


@pytest.mark.parametrize("state", [LaunchState.LAUNCHED, LaunchState.UNREACHABLE])
def test_form_that_was_launched_outside_is_another_one_inside(client, things, person, state):
    """The same token and payload: nothing was tried yet on this server."""
    launch = one_more_launch(things, person)
    Launch.objects.filter(pk=launch.pk).update(state=state, upstream="http://upstream.invalid/v3")

    with trials.on_sandbox(), pytest.raises(send.TokenAlreadyUsed):
        relaunch(things, person, launch)

    launch.refresh_from_db()
    assert (launch.state, launch.attempts) == (state, 1)


def one_more_launch(things: dict[str, str], person: User) -> Launch:
    with trials.on_sandbox():
        return relaunch(things, person, Launch(launch_token=uuid.uuid4()))


def relaunch(things: dict[str, str], person: User, launch: Launch) -> Launch:
    workflow = workflow_lookup.get_workflow(things["workflow_uid"])
    return send.launch_workflow(
        person,
        workflow,
        good_draft(workflow, things["account_uid"]),
        token=launch.launch_token,
        clock=timezone.now,
        override_reason="a test",
    )


def test_launch_of_the_area_is_none_outside(client, things):
    path = f"/launches/{things['launch']}/"

    statuses = {
        area + ending: client.get(f"{area}{path}{ending}").status_code
        for area in ("", AREA)
        for ending in ("", "payload.json")
    }

    assert statuses == {"": 404, "payload.json": 404, AREA: 200, f"{AREA}payload.json": 200}
    assert client.post(f"{path}search/").status_code == 404
    assert client.post(f"{path}remove-schedule/").status_code == 404
