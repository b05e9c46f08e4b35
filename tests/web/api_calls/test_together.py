"""One form that is submitted many times at once is sent once, on either database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from django.db import connection
from django.test import Client

from playground.models import ApiCall, ApiCallState
from tests.web.html_forms import posted_fields

SUBMITS = 20


@pytest.fixture
def client(transactional_db: None, hosted) -> Client:
    return Client()


@pytest.fixture
def submit_at_once(client) -> Callable[[str, dict[str, str]], list[object]]:
    """Posts the same fields over as many threads, which begin together."""
    together = threading.Barrier(SUBMITS)

    def submit(address: str, fields: dict[str, str]) -> object:
        other = Client()
        other.cookies = client.cookies
        together.wait()
        try:
            answer = other.post(address, fields)
            return answer.status_code, answer.get("Location")
        finally:
            connection.close()

    def submit_all(address: str, fields: dict[str, str]) -> list[object]:
        with ThreadPoolExecutor(SUBMITS) as pool:
            return list(pool.map(lambda _: submit(address, fields), range(SUBMITS)))

    return submit_all


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("cancel_job", {"path-job_uid": "j-1"}),
        ("save_user", {"body": '{"email": "ada@b.example"}'}),
        ("list_users", {"query-page": "0"}),
    ],
)
def test_identical_submits_at_once_are_one_call_and_one_try(
    client, hosted, submit_at_once, name, fields
):
    def answer(_: httpx.Request) -> httpx.Response:
        time.sleep(0.3)  # The others come while this one is being answered.
        return httpx.Response(200, json={"message": "Done."})

    hosted.answers |= {"cancel": answer, "users": answer}
    address = f"/reference/{name}/try/"
    form = dict(posted_fields(client.get(address).content.decode(), "try-form"))

    answers = submit_at_once(address, form | fields | {"confirmed": "1"})

    made = ApiCall.objects.get()
    assert set(answers) == {(303, f"/reference/tries/{made.pk}/")}
    assert len(hosted.requests) == 1
    assert (made.state, made.status) == (ApiCallState.ANSWERED, 200)
