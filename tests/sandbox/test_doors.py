"""The two doors: the httpx transport in process, and the Django view."""

from __future__ import annotations

import io
import json
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import include, path, reverse

from playground.sandbox import view
from playground.sandbox.api.handle import SandboxSettings
from playground.sandbox.storage.memory import MemoryStore
from playground.sandbox.transport import SandboxTransport, make_transport
from tests.sandbox import world
from tests.sandbox.world import FIND, PERSON

urlpatterns = [path("", include("playground.sandbox.urls"))]

BASE = "http://sandbox.invalid/sandbox/v3"
HEADERS = {
    "Authorization": f"x-api-key {settings.SANDBOX_API_KEY}",
    "X-Project-Id": settings.SANDBOX_PROJECT_ID,
}
# Only what a request to the sandbox passes through in the project, in its order.
MIDDLEWARE = [
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
]


@pytest.fixture
def browser() -> Any:
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=MIDDLEWARE):
        yield Client(enforce_csrf_checks=True, headers=HEADERS)


@pytest.fixture
def client() -> Any:
    with httpx.Client(transport=make_transport(), base_url=BASE, headers=HEADERS) as made:
        yield made


def memory_client(**changes: Any) -> httpx.Client:
    allowed = SandboxSettings(
        api_key=settings.SANDBOX_API_KEY, project_id=settings.SANDBOX_PROJECT_ID, **changes
    )
    transport = SandboxTransport(MemoryStore(), allowed, lambda: world.START)
    return httpx.Client(transport=transport, base_url=BASE, headers=HEADERS)


@pytest.mark.django_db
def test_a_job_launched_by_httpx_is_seen_by_the_view(client: httpx.Client, browser: Client) -> None:
    launched = client.post(f"/workflows/{FIND.uid}/schedule", json=world.body(FIND, [PERSON]))

    uid = launched.json()["job_uid"]
    seen = browser.get(f"/sandbox/v3/jobs/{uid}")

    assert (seen.status_code, seen.json()["uid"]) == (200, uid)
    assert seen.json()["status"] in ("pending", "running")


@pytest.mark.django_db
def test_a_job_launched_by_the_view_is_seen_by_httpx(client: httpx.Client, browser: Client) -> None:
    launched = browser.post(
        f"/sandbox/v3/workflows/{FIND.uid}/schedule",
        data=json.dumps(world.body(FIND, [PERSON])),
        content_type="application/json",
    )

    seen = client.get(f"/jobs/{launched.json()['job_uid']}")

    assert (seen.status_code, seen.json()["name"]) == (200, "Test")


def test_the_transport_makes_absolute_addresses_of_its_base() -> None:
    with memory_client() as client:
        for number in range(31):
            client.post("/users", json={"full_name": f"User {number}"})
        following = client.get("/users").json()["paging"]["next"]
        page = client.get(following).json()

    assert following == f"{BASE}/users?page=1"
    assert len(page["users"]) == 4


@pytest.mark.django_db
def test_the_view_makes_absolute_addresses_of_the_host_that_was_asked(browser: Client) -> None:
    uid = browser.post(
        f"/sandbox/v3/workflows/{FIND.uid}/schedule",
        data=json.dumps(world.body(FIND, [PERSON])),
        content_type="application/json",
    ).json()["job_uid"]

    paging = browser.get(
        f"/sandbox/v3/jobs/{uid}/results?page=3", headers={"host": "127.0.0.1:8000"}
    )

    assert paging.json()["paging"] == {
        "previous": f"http://127.0.0.1:8000/sandbox/v3/jobs/{uid}/results?page=2",
        "next": None,
        "have_next_page": False,
    }


@pytest.mark.django_db
def test_a_job_name_with_slashes_and_dots_goes_through_both_doors(
    client: httpx.Client, browser: Client
) -> None:
    names = ["a/b", "..", "50 %", "ü?#"]
    content = world.body(FIND, [PERSON], repeat_option={"type": "day", "value": 1})
    for name in names:
        client.post(f"/workflows/{FIND.uid}/schedule", json=content | {"job_name": name})
    encoded = ["a%2Fb", "%2E%2E", "50%20%25", "%C3%BC%3F%23"]

    removed = [client.delete(f"/jobs/{encoded[0]}"), client.delete(f"/jobs/{encoded[2]}")]
    removed += [browser.delete(f"/sandbox/v3/jobs/{encoded[n]}") for n in (1, 3)]

    assert [answer.status_code for answer in removed] == [200] * 4


@pytest.mark.parametrize("address", ["http://sandbox.invalid/", "http://sandbox.invalid/v33/users"])
def test_the_transport_knows_version_3_only(address: str) -> None:
    with memory_client() as client:
        answer = client.get(address)

    assert (answer.status_code, answer.json()) == (
        404,
        {"message": "There is no such resource in this API."},
    )


@pytest.mark.django_db
def test_the_view_needs_a_key_and_no_session(browser: Client) -> None:
    with_key = browser.get("/sandbox/v3/workspace")
    without = Client().get("/sandbox/v3/workspace")

    assert (with_key.status_code, without.status_code) == (200, 401)
    assert without.headers["Content-Type"] == "application/json"
    assert without.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_body_far_above_the_limit_for_forms_is_taken(browser: Client) -> None:
    row = PERSON | {"note": "x" * 900}
    content = json.dumps(world.body(FIND, [row] * 10_000))

    answer = browser.post(
        f"/sandbox/v3/workflows/{FIND.uid}/schedule", content, content_type="application/json"
    )

    assert len(content) > 2 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE - 2**20
    assert answer.status_code == 200


def test_a_body_over_32_mebibytes_answers_413(browser: Client) -> None:
    answer = browser.post(
        f"/sandbox/v3/workflows/{FIND.uid}/schedule",
        b" " * (view.LARGEST_BODY + 1),
        content_type="application/json",
    )

    assert (answer.status_code, answer.json()) == (
        413,
        {"message": "The body is larger than 32 MiB."},
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/sandbox/v3",
        "/sandbox/v3/",
        "/sandbox/v3/users/",
        "/sandbox/v3/a%0Ab",
        "/sandbox/v3/%FF%00",
        "/sandbox/v3/jobs/%ED%A0%80/x",
    ],
)
def test_odd_addresses_answer_404_in_json(browser: Client, address: str) -> None:
    answer = browser.get(address)

    assert answer.status_code == 404
    assert answer.json() == {"message": "There is no such resource in this API."}


def test_a_host_that_is_not_served_answers_400_in_json() -> None:
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        answer = Client(headers=HEADERS).get(
            "/sandbox/v3/workspace", headers={"host": "evil.example"}
        )

    assert (answer.status_code, answer.json()) == (
        400,
        {"message": "The Host header names a host that is not served here."},
    )


@override_settings(ROOT_URLCONF=__name__)
def test_the_mount_point_has_a_name() -> None:
    assert reverse("sandbox", kwargs={"rest": "workspace"}) == "/sandbox/v3/workspace"


def test_speed_and_limit_come_from_the_settings() -> None:
    content = world.body(FIND, [PERSON] * 2)
    with memory_client(plan_limit=3) as client:
        answers = [
            client.post(f"/workflows/{FIND.uid}/schedule", json=content).status_code
            for _ in range(2)
        ]

    assert answers == [200, 429]


def chunked(browser: Client, address: str, stream: Any, **changes: Any) -> Any:
    """A body whose length nobody tells, as the server hands it on."""
    environ = {"wsgi.input": stream, "wsgi.input_terminated": True}
    environ |= {"HTTP_TRANSFER_ENCODING": "chunked"} | changes
    return browser.generic("POST", f"/sandbox/v3{address}", **environ)


class BreaksOff(io.BytesIO):
    def read(self, *_: object) -> bytes:
        raise OSError("the client is gone")


@pytest.mark.django_db
def test_a_body_that_comes_in_chunks_is_read(browser: Client) -> None:
    content = json.dumps(world.body(FIND, [PERSON], job_name="In chunks")).encode()

    launched = chunked(browser, f"/workflows/{FIND.uid}/schedule", io.BytesIO(content)).json()

    job = browser.get(f"/sandbox/v3/jobs/{launched['job_uid']}").json()
    assert job["name"] == "In chunks"


@pytest.mark.parametrize(
    ("stream", "changes", "status", "message"),
    [
        (io.BytesIO(b" " * (view.LARGEST_BODY + 1)), {}, 413, "The body is larger than 32 MiB."),
        (BreaksOff(), {}, 400, "The body broke off before its end: nothing was done."),
        (
            io.BytesIO(b"{}"),
            {"wsgi.input_terminated": False},
            411,
            "The body must be sent with a Content-Length: this server needs it.",
        ),
    ],
)
def test_a_body_in_chunks_that_cannot_be_read_is_refused(
    browser: Client, stream: Any, changes: dict[str, Any], status: int, message: str
) -> None:
    answer = chunked(browser, f"/workflows/{FIND.uid}/schedule", stream, **changes)

    assert (answer.status_code, answer.json()) == (status, {"message": message})


class IsNotRead(io.RawIOBase):
    """A body that nobody has asked for."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError(f"{size} bytes of the body were read")


@pytest.mark.parametrize(
    "wrong",
    [
        {"headers": {"Authorization": "x-api-key wrong"}},
        {"headers": {"Authorization": ""}},
        {"headers": {"x-project-id": "wrong"}},
        {"headers": {"Content-Length": str(view.LARGEST_BODY + 1), "Authorization": "wrong"}},
    ],
)
def test_the_key_is_judged_before_the_body_is_read(browser: Client, wrong: dict[str, Any]) -> None:
    address, never = f"/sandbox/v3/workflows/{FIND.uid}/schedule", {"wsgi.input": IsNotRead()}

    answer = browser.post(address, b"{}", content_type="application/json", **wrong, **never)

    assert answer.status_code == 401
    with pytest.raises(AssertionError, match="of the body were read"):
        browser.post(address, b"{}", content_type="application/json", **never)


@pytest.mark.django_db
@pytest.mark.parametrize("stream", [BreaksOff(), io.BytesIO(b""), io.BytesIO(b'{"steps": [')])
def test_a_retry_whose_body_broke_off_does_not_run_the_old_one(
    client: httpx.Client, browser: Client, stream: Any
) -> None:
    content = world.body(FIND, [PERSON], delay=3_600)
    uid = client.post(f"/workflows/{FIND.uid}/schedule", json=content).json()["job_uid"]
    client.post(f"/jobs/{uid}/cancel")

    answer = browser.generic(
        "POST", f"/sandbox/v3/jobs/{uid}/retry", CONTENT_LENGTH="400", **{"wsgi.input": stream}
    )

    assert (answer.status_code, answer.json()) == (
        400,
        {"message": "The body broke off before its end: nothing was done."},
    )
    assert client.get(f"/jobs/{uid}").json()["status"] == "stopped"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "/", "/users/", "/workspace/", "//users", "/openapi"])
@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT", "GET"])
def test_no_address_below_the_sandbox_is_redirected(method: str, address: str) -> None:
    answer = Client(headers=HEADERS).generic(method, f"/sandbox/v3{address}", b"{}")

    assert answer.status_code in (404, 405)
    assert answer.headers["Content-Type"] == "application/json"
    assert "Location" not in answer.headers
