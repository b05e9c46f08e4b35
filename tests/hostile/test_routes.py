"""No request, however hostile, gets a fault for an answer."""

from __future__ import annotations

import gc
import json
import os
from pathlib import Path
from random import Random

import pytest
from django.conf import Settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from playground.sandbox.view import LARGEST_BODY
from tests.hostile import surface
from tests.hostile.answers import find_fault
from tests.hostile.attacks import FORM, Target, random_shot, single_shots

# `HOSTILE_SHOTS=10000` looks further: at so many random requests, and at every text everywhere.
RANDOM_SHOTS = int(os.environ.get("HOSTILE_SHOTS", "750"))
IS_WHOLE = "HOSTILE_SHOTS" in os.environ
ADMIN_QUERY = (
    *("q", "o", "p", "all", "e", "next", "_popup", "_to_field", "_changelist_filters", "term"),
    *("is_staff__exact", "date_joined__year", "groups__id__exact", "user__password__startswith"),
)
# What addresses name.
NAMES = (
    *("workflow_uid", "job_uid", "launch", "integration", "account_uid", "known_user"),
    "row_set",
)
# Of 10,000 it would be 50 MB.
MOST_GROWTH = RANDOM_SHOTS * 5 * 1024


def test_every_route_is_in_the_table():
    assert set(surface.own_patterns()) == set(surface.ROUTES)


@pytest.mark.parametrize("pattern", surface.ROUTES)
def test_every_hostile_input_gets_a_clear_answer(client, things, pattern):
    route = surface.ROUTES[pattern]
    turn = list(surface.ROUTES).index(pattern)

    faults = [
        fault
        for method in ("GET", "POST")
        if method in route.methods
        for shot in single_shots(page_target(route, method, things), None if IS_WHOLE else turn)
        if (fault := find_fault(shot, client))
    ]

    assert faults == []


@pytest.mark.parametrize("with_key", [True, False], ids=["with key", "without key"])
def test_every_hostile_call_of_the_sandbox_gets_a_clear_answer(client, settings, things, with_key):
    environ = credentials(settings) if with_key else {}

    faults = [
        fault
        for turn, route in enumerate(surface.SANDBOX_ROUTES)
        for shot in single_shots(sandbox_target(route, things, environ), None if IS_WHOLE else turn)
        if (fault := find_fault(shot, client))
    ]

    assert faults == []


def test_random_hostile_requests_get_clear_answers_and_cost_no_memory(client, settings, things):
    targets = every_target(settings, things)
    random = Random(20)  # Any number, always the same: a failure can be looked at again.
    fire_at_random(client, targets, random, 300)  # Whatever is loaded at first use, now is.
    before = memory_in_use()

    faults = fire_at_random(client, targets, random, RANDOM_SHOTS)

    growth = memory_in_use() - before
    print(f"{RANDOM_SHOTS} requests, {growth / 2**20:.1f} MB more memory in use")
    assert faults == []
    assert growth < MOST_GROWTH


def fire_at_random(client: Client, targets: list[Target], random: Random, count: int) -> list[str]:
    shots = (random_shot(random.choice(targets), random) for _ in range(count))
    return [fault for shot in shots if (fault := find_fault(shot, client))]


def every_target(settings: Settings, things: dict[str, str]) -> list[Target]:
    pages = [
        page_target(route, method, things)
        for route in surface.ROUTES.values()
        for method in route.methods
    ]
    calls = [
        sandbox_target(route, things, environ)
        for route in surface.SANDBOX_ROUTES
        for environ in (credentials(settings), {})
    ]
    return pages + calls


def memory_in_use() -> int:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def credentials(settings: Settings) -> dict[str, str]:
    return {
        "HTTP_AUTHORIZATION": f"x-api-key {settings.SANDBOX_API_KEY}",
        "HTTP_X_PROJECT_ID": settings.SANDBOX_PROJECT_ID,
    }


def sandbox_target(
    route: surface.SandboxRoute, things: dict[str, str], environ: dict[str, str]
) -> Target:
    names = [name for name in things if f"{{{name}}}" in route.template]
    return Target(
        method=route.method,
        path=route.address(things),
        named=tuple(things[name] for name in names),
        query=route.query,
        json_body=json_body(route, things),
        environ=environ,
    )


def json_body(route: surface.SandboxRoute, things: dict[str, str]) -> bytes:
    good = surface.good_body(route.operation, things)
    return b"" if good is None else json.dumps(good).encode()


def page_target(route: surface.Route, method: str, things: dict[str, str]) -> Target:
    path = route.address(things)
    named = tuple(things[name] for name in NAMES if f"{{{name}}}" in route.path)
    fields = tuple(name.format(**things) for name in route.fields)
    return Target(method=method, path=path, named=named, query=route.query, fields=fields)


def test_hostile_queries_of_the_admin_get_clear_answers(client, settings, things, person):
    settings.SIGN_IN = "password"
    client.force_login(person)

    faults = [
        fault
        for turn, address in enumerate(surface.admin_addresses(things))
        for shot in single_shots(
            Target(method="GET", path=address, query=ADMIN_QUERY), None if IS_WHOLE else turn
        )
        if (fault := find_fault(shot, client))
    ]

    assert faults == []


FORMS = [route for route in surface.ROUTES.values() if route.fields]


@pytest.mark.parametrize("route", FORMS, ids=lambda route: route.path)
def test_form_over_the_limit_is_refused_with_a_page(client, settings, things, route):
    body = b"a=" + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    response = client.generic("POST", route.address(things), body, FORM)

    assert response.status_code == 413
    assert "This form is 5.0 MB as it is sent; at most 5 MB are read." in response.content.decode()


@pytest.mark.parametrize("path", ["/sign-in/", "/users/new/", "/workflows/{workflow_uid}/launch/"])
def test_a_file_is_never_longer_than_a_form_may_be(client, settings, things, path):
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    answers = [
        client.post(path.format(**things), {"a": SimpleUploadedFile("a.csv", b"x" * size)})
        for size in (most + 1, 1_000)
    ]

    assert [answer.status_code == 413 for answer in answers] == [True, False]
    assert "at most 5 MB are read" in answers[0].content.decode()


def test_call_over_the_limit_is_refused_with_a_message(client, settings):
    body = b" " * (LARGEST_BODY + 1)

    told = client.generic("POST", "/sandbox/v3/users", body, **credentials(settings))
    untold = client.generic(
        "POST", "/sandbox/v3/users", body, CONTENT_LENGTH="", **credentials(settings)
    )

    assert (told.status_code, told.json()) == (
        413,
        {"message": "The body is larger than 32 MiB."},
    )
    assert untold.status_code == 400
