"""A try is recorded before it is sent, is sent once, and keeps whatever came of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

import httpx
import pytest
from django.contrib.auth.models import AnonymousUser, User

from playground.models import ApiCall, ApiCallState, Launch, LaunchState
from playground.reference.api.operations import OPERATIONS
from playground.reference.calls import request as call_request
from playground.reference.calls.request import CallDraft
from playground.services import api_calls
from playground.services.permissions import NotAllowed
from playground.services.users import directory as user_directory
from playground.upstream import targets
from tests.upstreams import AnsweringTransport, upstream

NOW = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)
CANCEL, LIST_USERS, SAVE_USER = (
    OPERATIONS[name] for name in ("cancel_job", "list_users", "save_user")
)
DRAFT = CallDraft(values={"job_uid": "j/1"})

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def hosted() -> Iterator[AnsweringTransport]:
    transport = AnsweringTransport(
        cancel=lambda _: httpx.Response(200, json={"message": "Stopped."}),
        users=lambda _: httpx.Response(200, json={"users": []}, headers={"X-Limit": "7"}),
    )
    with upstream(transport):
        yield transport


def send(user, operation=CANCEL, draft=DRAFT, token=None, now=NOW):
    return api_calls.send_api_call(
        user, operation, draft, token=token or uuid.uuid4(), clock=lambda: now
    )


def fail(error: Exception):
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


def test_try_sends_what_its_form_shows_and_keeps_the_answer(user, hosted):
    draft = CallDraft(query={"role": "user", "page": ""}, blanks=frozenset({"page"}))

    made = send(user, LIST_USERS, draft)

    (request,) = hosted.requests
    assert request.url.raw_path.decode() == f"/v3{made.address}" == "/v3/users?role=user&page="
    assert (made.method, made.state, made.status) == ("GET", ApiCallState.ANSWERED, 200)
    assert bytes(made.answer) == b'{"users":[]}'
    assert (made.answer_size, made.is_cut) == (12, False)
    assert ("X-Limit", "7") in api_calls.headers_of(made)
    assert made.seconds is not None
    assert call_request.decode_draft(bytes(made.draft)) == draft


def test_body_is_sent_byte_for_byte_as_it_was_built(user, hosted):
    draft = CallDraft(body='{ "email": "é@b.example", "n": 1.0 }')

    send(user, SAVE_USER, draft)

    assert hosted.requests[0].content == '{"email":"é@b.example","n":1.0}'.encode()


def test_row_is_committed_as_sending_before_the_call_leaves(user, hosted):
    seen = []

    def answer(_: httpx.Request) -> httpx.Response:
        seen.extend(ApiCall.objects.values_list("state", "address", "status"))
        return httpx.Response(200)

    hosted.answers["cancel"] = answer

    send(user)

    assert seen == [("sending", "/jobs/j%2F1/cancel", None)]


@pytest.mark.parametrize("status", [400, 404, 429, 302, 500])
def test_refusals_are_answers(user, hosted, status):
    hosted.answers["cancel"] = lambda _: httpx.Response(status, text="no")

    made = send(user)

    assert (made.state, made.status, made.is_success) == (ApiCallState.ANSWERED, status, False)
    assert (bytes(made.answer), made.sentence) == (b"no", "")


@pytest.mark.parametrize(
    ("error", "state", "sentence"),
    [
        (httpx.ConnectError("x"), ApiCallState.UNREACHABLE, "Nothing was sent"),
        (httpx.ReadTimeout("x"), ApiCallState.UNKNOWN, "look there before you send it again"),
        (httpx.RemoteProtocolError("x"), ApiCallState.UNKNOWN, "not known whether the call took"),
    ],
)
def test_no_answer_is_kept_as_a_sentence_and_not_retried(user, hosted, error, state, sentence):
    hosted.answers["cancel"] = fail(error)

    made = send(user)

    assert (made.state, made.status) == (state, None)
    assert sentence in made.sentence
    assert len(hosted.requests) == 1


def test_same_form_sends_once(user, hosted):
    token = uuid.uuid4()

    first, second = send(user, token=token), send(user, token=token)

    assert first.pk == second.pk
    assert len(hosted.requests) == 1


def test_same_form_that_comes_while_the_first_is_sent_sends_nothing(user, hosted):
    token, seen = uuid.uuid4(), []

    def answer(_: httpx.Request) -> httpx.Response:
        seen.append(send(user, token=token))
        return httpx.Response(200)

    hosted.answers["cancel"] = answer

    made = send(user, token=token)

    assert [(one.pk, one.state) for one in seen] == [(made.pk, ApiCallState.SENDING)]
    assert (len(hosted.requests), made.state) == (1, ApiCallState.ANSWERED)


@pytest.mark.parametrize("changed", ["values", "operation", "user"])
def test_same_token_with_something_else_sends_nothing(user, hosted, changed):
    token = uuid.uuid4()
    send(user, token=token)
    other = User.objects.create_user("bob") if changed == "user" else user
    draft = CallDraft(values={"job_uid": "j-2"}) if changed == "values" else DRAFT
    operation = OPERATIONS["retry_job"] if changed == "operation" else CANCEL

    with pytest.raises(api_calls.FormAlreadySent, match="sent before, with other values"):
        send(other, operation, draft, token=token)

    assert len(hosted.requests) == 1


@pytest.mark.parametrize(
    ("name", "draft", "sentence"),
    [
        ("cancel_job", CallDraft(), "Nothing was sent: one field needs your attention."),
        ("delete_account", CallDraft(), "Nothing was sent: 2 fields need your attention."),
        (
            "launch_workflow",
            CallDraft(values={"workflow_uid": "w"}, body="{}"),
            "A workflow is launched in its playground. Nothing was sent.",
        ),
        (
            "save_account",
            CallDraft(values={"integration": "slack"}, body='{"account": {"password": "x"}}'),
            "What this call carries is secret, so it is not sent from here.",
        ),
        (
            "save_user",
            CallDraft(body='{"password": "canary"}'),
            "Nothing was sent: one field needs your attention.",
        ),
    ],
)
def test_what_cannot_be_sent_is_neither_sent_nor_kept(user, hosted, name, draft, sentence):
    with pytest.raises(api_calls.UnableToSendApiCall) as caught:
        send(user, OPERATIONS[name], draft)

    assert caught.value.sentence == sentence
    assert hosted.requests == []
    assert not ApiCall.objects.exists()


def test_credentials_are_in_no_row(user, hosted):
    def echo(request: httpx.Request) -> httpx.Response:
        sent = dict(request.headers.items())
        body = {"sent": sent, "accounts": [{"cookies": {"li_at": "canary-cookie"}}]}
        return httpx.Response(
            200, json=body, headers={"X-Echo": sent["authorization"], "Set-Cookie": "canary=1"}
        )

    hosted.answers["accounts"] = echo

    made = send(user, OPERATIONS["list_accounts"], CallDraft(values={"integration": "linkedin"}))

    kept = f"{bytes(made.answer)!r} {bytes(made.headers)!r} {made.address}"
    assert [one for one in ("key-of", "project-of", "canary") if one in kept] == []
    assert ("Set-Cookie", "[hidden]") in api_calls.headers_of(made)
    assert b'"li_at":"[hidden]"' in bytes(made.answer)


def test_only_the_head_of_a_long_answer_is_kept(user, hosted):
    hosted.answers["cancel"] = lambda _: httpx.Response(200, content=b"x" * 1_500_000)

    made = send(user)

    assert (len(made.answer), made.answer_size, made.is_cut) == (1024 * 1024, 1_500_000, True)


def test_newest_are_kept_for_a_while(user, hosted, monkeypatch):
    monkeypatch.setattr(api_calls, "MOST_KEPT", 3)
    other = User.objects.create_user("bob")
    long_ago = send(other, now=NOW - dt.timedelta(days=31))
    made = [send(user, now=NOW + dt.timedelta(seconds=n)) for n in range(5)]

    send(other)

    assert set(ApiCall.objects.filter(user=user)) == set(made[2:])
    assert not ApiCall.objects.filter(pk=long_ago.pk).exists()
    assert ApiCall.objects.filter(user=other).count() == 1


def test_only_so_much_of_large_answers_is_kept(user, hosted, monkeypatch):
    monkeypatch.setattr(api_calls, "MOST_BYTES", 2_500)
    hosted.answers["cancel"] = lambda _: httpx.Response(200, content=b"x" * 1_000)
    made = [send(user, now=NOW + dt.timedelta(seconds=n)) for n in range(4)]

    latest = send(user, now=NOW + dt.timedelta(seconds=5))

    assert set(ApiCall.objects.all()) == {made[2], made[3], latest}


def test_everybody_sees_their_own_newest_first(user, hosted):
    other = User.objects.create_user("bob")
    first, second = send(user), send(user, now=NOW + dt.timedelta(seconds=1))
    foreign = send(other)

    assert list(api_calls.list_api_calls(user, page=1, now=NOW)) == [second, first]
    assert api_calls.get_api_call(user, first.pk, now=NOW) == first
    for missing in (foreign.pk, 0, 2**63, 10**30):
        with pytest.raises(api_calls.UnableToFindApiCall):
            api_calls.get_api_call(user, missing, now=NOW)


def test_try_whose_process_was_lost_says_so_and_looking_writes_nothing(user, hosted):
    made = send(user)
    ApiCall.objects.filter(pk=made.pk).update(state=ApiCallState.SENDING, status=None)

    early = api_calls.get_api_call(user, made.pk, now=NOW + dt.timedelta(seconds=60))
    late = api_calls.get_api_call(user, made.pk, now=NOW + dt.timedelta(seconds=61))

    assert early.is_sending
    assert (late.state, late.sentence) == (ApiCallState.UNKNOWN, api_calls.LOST)
    assert ApiCall.objects.get(pk=made.pk).state == ApiCallState.SENDING


def test_schedule_that_was_removed_is_marked_at_its_launches(user, hosted):
    launch = Launch.objects.create(
        launch_token=uuid.uuid4(),
        user=user,
        workflow_uid="w",
        workflow_name="W",
        job_name="Monday",
        payload=b"{}",
        fingerprint="f",
        row_count=0,
        upstream=targets.name(),
        state=LaunchState.LAUNCHED,
        created_at=NOW,
        is_repeating=True,
    )
    hosted.answers["Monday"] = lambda _: httpx.Response(200, json={"message": "Gone."})

    send(user, OPERATIONS["remove_schedule"], CallDraft(values={"job_name": "Monday"}))

    launch.refresh_from_db()
    assert launch.schedule_ended_at == NOW


@pytest.mark.parametrize(
    ("operation", "draft", "error", "asked"),
    [
        (CANCEL, DRAFT, None, 2),
        (CANCEL, DRAFT, httpx.ReadTimeout("x"), 2),
        (LIST_USERS, CallDraft(query={"role": "user"}), None, 1),
    ],
)
def test_only_a_call_that_may_have_changed_something_makes_pages_ask_anew(
    user, hosted, operation, draft, error, asked
):
    if error:
        hosted.answers["cancel"] = fail(error)
    user_directory.find_directory()

    send(user, operation, draft)
    user_directory.find_directory()

    listed = [one for one in hosted.requests if one.url.path == "/v3/users"]
    assert sum("role" not in one.url.params for one in listed) == asked


def test_strangers_try_nothing(hosted):
    for operation in (CANCEL, LIST_USERS):
        with pytest.raises(NotAllowed):
            send(AnonymousUser(), operation)
    with pytest.raises(NotAllowed):
        api_calls.list_api_calls(AnonymousUser(), page=1, now=NOW)
    assert hosted.requests == []
