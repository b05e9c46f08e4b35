"""Any operation sent for its own sake: the answer comes as it is, less our credentials."""

from __future__ import annotations

import httpx
import pytest

from playground.upstream.errors import UpstreamNeverReached, UpstreamOutcomeUnknown
from tests.upstream.helpers import BASE_URL, KEY, PROJECT, client_over


def test_raw_call_is_sent_like_any_other_with_values_query_and_body():
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        request.read()
        seen.append(request)
        return httpx.Response(200, json={})

    client_over(answer).send_raw("retry_job", values={"job_uid": "a/b ?"}, body=b'{"a": 1}')
    client_over(answer).send_raw("list_users", query={"role": "", "search_term": "a&b c"})

    retry, users = seen
    assert (retry.method, retry.url.raw_path, retry.content) == (
        "POST",
        b"/v3/jobs/a%2Fb%20%3F/retry",
        b'{"a": 1}',
    )
    assert retry.headers["Content-Type"] == "application/json"
    assert retry.headers["Authorization"] == f"x-api-key {KEY}"
    assert (users.method, users.url.raw_path) == ("GET", b"/v3/users?role=&search_term=a%26b+c")
    assert "Content-Type" not in users.headers


@pytest.mark.parametrize("status", [200, 201, 204, 302, 400, 404, 429, 500, 503])
def test_every_status_is_an_answer(status):
    raw = client_over(
        lambda _: httpx.Response(
            status, text="<p>as it is", headers={"Content-Type": "text/html", "Location": "/else"}
        )
    ).send_raw("get_workspace")

    assert (raw.status, raw.body) == (status, b"<p>as it is")
    assert dict(raw.headers)["Content-Type"] == "text/html"
    assert 0 <= raw.seconds < 5


def test_credentials_are_hidden_in_headers_and_body():
    def echo(request: httpx.Request) -> httpx.Response:
        sent = "; ".join(f"{name}={value}" for name, value in request.headers.items())
        headers = {"X-Echo": sent, "Set-Cookie": "session=abc", KEY: PROJECT, "X-Api-Key": "short"}
        return httpx.Response(200, text=sent, headers=headers)

    raw = client_over(echo).send_raw("get_workspace")

    everything = f"{raw.headers} {raw.body!r}"
    assert KEY not in everything
    assert PROJECT not in everything
    headers = dict(raw.headers)
    assert (headers["Set-Cookie"], headers["X-Api-Key"]) == ("[hidden]", "[hidden]")
    assert "x-project-id=[hidden]" in headers["X-Echo"]


def test_no_answer_is_the_error_it_would_be_for_any_call():
    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no")

    def stop(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadError(f"broke at {BASE_URL}")

    with pytest.raises(UpstreamNeverReached, match="Nothing was sent"):
        client_over(refuse).send_raw("get_workspace")
    with pytest.raises(UpstreamNeverReached, match="An identifier is missing"):
        client_over(stop).send_raw("get_job", values={"job_uid": ""})
    with pytest.raises(UpstreamOutcomeUnknown, match="look there before you send it again") as told:
        client_over(stop).send_raw("cancel_job", values={"job_uid": "j"})
    assert BASE_URL not in f"{told.value.sentence} {told.value.detail}"


def test_answer_over_the_cap_is_not_taken_in():
    with pytest.raises(UpstreamOutcomeUnknown, match="too large: more than 10 MB"):
        client_over(lambda _: httpx.Response(200, content=b"x" * (10 * 1024 * 1024 + 1))).send_raw(
            "get_workspace"
        )
