"""An account is sent once, and what came of it is told as far as it is known."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator

import httpx
import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from playground.credentials.drafts import AccountDraft
from playground.credentials.kinds import needs_of
from playground.models import Change
from playground.services import permissions
from playground.services.accounts import form as account_form
from playground.services.accounts import lookup as account_lookup
from playground.services.accounts import save as account_save
from playground.services.accounts.save import AccountSaved, UnableToSave
from tests.upstreams import AnsweringTransport, upstream

SECRET = "AQEDAT-a-secret-of-the-tests"
SAVED = {"uid": "a-1", "name": "Jane's", "is_valid": True}
NOW = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)
AGAIN = "Enter the secrets again; they are never shown."

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def hosted() -> Iterator[AnsweringTransport]:
    def accounts(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json=SAVED)
        return httpx.Response(200, json={"accounts": [SAVED], "next_page_exist": False})

    transport = AnsweringTransport(
        accounts=accounts,
        checkpoint=lambda _: httpx.Response(200, json=SAVED),
        users=lambda _: httpx.Response(200, json={"users": []}),
    )
    with upstream(transport):
        yield transport


def draft(**changes: object) -> AccountDraft:
    given = {"name": "Jane's", "owner": "u-1", "cookies": {"li_at": SECRET}} | changes
    return AccountDraft(integration="linkedin", needs=needs_of("linkedin"), kind="cookies", **given)


def update(**changes: object) -> AccountDraft:
    return draft(**({"uid": "a-9", "name": "", "owner": "", "resumes": True} | changes))


def save(
    user: User, made: AccountDraft | None = None, token: uuid.UUID | None = None
) -> AccountSaved:
    return account_save.save_account(
        user, made or draft(), token=token or uuid.uuid4(), clock=lambda: NOW
    )


def answer(user: User, code: str, token: uuid.UUID | None = None) -> AccountSaved:
    return account_save.answer_checkpoint(
        user, "linkedin", "a-1", code, token=token or uuid.uuid4(), clock=lambda: NOW
    )


def failing(error: Exception):
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


def refused(user: User, made: AccountDraft) -> UnableToSave:
    with pytest.raises(UnableToSave) as caught:
        save(user, made)
    return caught.value


def test_a_save_is_one_call_with_exactly_the_request(user, hosted):
    saved = save(user)

    (request,) = hosted.requests
    assert (request.method, request.url.path) == ("POST", "/v3/integrations/linkedin/accounts")
    assert json.loads(request.content) == {
        "account": {"name": "Jane's", "user_uid": "u-1", "cookies": {"li_at": SECRET}}
    }
    assert saved == AccountSaved(uid="a-1", is_valid=True)


def test_an_update_sends_the_uid_and_what_was_filled_in(user, hosted):
    saved = save(user, update())

    assert json.loads(hosted.requests[0].content) == {
        "account": {"uid": "a-9", "cookies": {"li_at": SECRET}},
        "resume_paused_jobs": True,
    }
    assert saved.uid == "a-9"


def test_what_a_save_writes_is_who_did_what_to_which_account_and_no_secret(user, hosted):
    with CaptureQueriesContext(connection) as queries:
        save(user, update(name="Jane's", cookies={"li_at": SECRET, "li_a": "s3"}))
        save(user, draft(name="By s3", cookies={"li_at": SECRET, "li_a": "s3"}))
        answer(user, "918273")

    kept = list(
        Change.objects.order_by("pk").values_list(
            "user__username", "kind", "integration", "uid", "name", "parts", "state", "is_valid"
        )
    )
    assert kept == [
        (
            "ada",
            "update-account",
            "linkedin",
            "a-9",
            "Jane's",
            "name, cookies, paused jobs resumed",
            "saved",
            True,
        ),
        # A short secret may stand in a name by chance: then the name is not kept.
        ("ada", "add-account", "linkedin", "a-1", "", "name, owner, cookies", "saved", True),
        ("ada", "answer-challenge", "linkedin", "a-1", "", "", "saved", True),
    ]
    written = " ".join(query["sql"] for query in queries)
    assert [one for one in (SECRET, "s3", "918273") if one in written] == []


def test_a_secret_that_comes_back_as_a_uid_is_no_uid(user, hosted):
    hosted.answers["accounts"] = lambda _: httpx.Response(200, json=SAVED | {"uid": "s3cret"})

    saved = save(user, draft(cookies={"li_at": "s3cret"}))

    assert saved == AccountSaved(uid="", is_valid=True)
    assert Change.objects.get().uid == ""


def test_a_save_forgets_the_accounts_that_were_kept(user, hosted):
    account_lookup.find(["linkedin"])
    account_lookup.find(["linkedin"])
    asked_before = len(hosted.requests)

    save(user)
    account_lookup.find(["linkedin"])

    assert [request.method for request in hosted.requests] == ["GET", "POST", "GET"]
    assert asked_before == 1


def test_a_save_forgets_who_owns_what(user, hosted):
    account_form.list_owners(user)

    save(user)
    account_form.list_owners(user)

    assert [request.url.path.rpartition("/")[2] for request in hosted.requests] == [
        "users",
        "accounts",
        "users",
    ]


def test_a_draft_with_errors_is_not_sent(user, hosted):
    error = refused(user, draft(name="", cookies={"li_at": "a\x00b"}))

    assert hosted.requests == []
    assert error.sentence == f"Nothing was saved: 2 fields need your attention. {AGAIN}"
    assert [issue.path for issue in error.issues] == [
        ("account", "name"),
        ("account", "cookies", "li_at"),
    ]


@pytest.mark.parametrize(
    ("answer", "made", "sentence"),
    [
        (
            httpx.Response(400, json={"message": "account.user_uid is not a user's."}),
            draft(),
            ("Nothing was saved. The upstream refused the request. Correct what it names and send "
            "it again. It said: “account.user_uid is not a user's.”"),
        ),
        (
            httpx.Response(404, json={"message": "There is no such integration."}),
            draft(),
            "Nothing was saved: the upstream does not know this integration.",
        ),
        (
            httpx.Response(404, json={"message": "No account."}),
            update(),
            "Nothing was saved: the upstream has no such account. It may have been deleted.",
        ),
        (
            httpx.Response(400, json={"message": f"{SECRET} has expired."}),
            draft(),
            ("Nothing was saved. The upstream refused the request. Correct what it names and send "
            "it again. It said: “[hidden] has expired.”"),
        ),
        (
            httpx.Response(500),
            draft(),
            ("The upstream failed with an internal error (500). It is not known whether the call "
            "took effect: look there before you send it again. If the account is in the list by "
            "then, it was made."),
        ),
        (
            httpx.Response(500),
            update(),
            ("The upstream failed with an internal error (500). It is not known whether the call "
            "took effect: look there before you send it again. To send it again does no harm: it "
            "sets the same values."),
        ),
        (
            httpx.ConnectError("no"),
            draft(),
            ("Nothing was saved. A connection to the upstream could not be made. Nothing was sent; "
            "check the network and UPSTREAM_URL."),
        ),
        (
            httpx.ReadTimeout("slow"),
            update(),
            ("The upstream sent nothing for 15 seconds while its answer was awaited. It is not "
            "known whether the call took effect: look there before you send it again. To send it "
            "again does no harm: it sets the same values."),
        ),
    ],
    ids=["400", "404", "404 update", "echo", "500", "500 update", "no connection", "timeout"],
)  # fmt: skip
def test_what_went_wrong_is_told(user, hosted, answer, made, sentence):
    hosted.answers["accounts"] = (
        failing(answer) if isinstance(answer, Exception) else lambda _: answer
    )

    error = refused(user, made)

    assert error.sentence == f"{sentence} {AGAIN}"
    assert error.is_draft_at_fault is (getattr(answer, "status_code", 0) in (400, 404))
    assert len(hosted.requests) == 1
    assert error.__cause__ is None


def test_the_code_of_a_challenge_is_sent_and_nothing_else(user, hosted):
    saved = answer(user, " 123456 ")

    (request,) = hosted.requests
    assert request.url.path == "/v3/accounts/a-1/checkpoint"
    assert json.loads(request.content) == {"code": "123456"}
    assert saved == AccountSaved(uid="a-1", is_valid=True)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (" ", "Enter the code that was sent to the account's owner."),
        ("1" * 20_000, "The code has 20,000 characters; at most 100 are sent."),
        (
            "12\x003",
            "The code holds a line break or another control character: copy it without.",
        ),
    ],
)
def test_a_code_that_cannot_be_one_is_not_sent(user, hosted, code, sentence):
    with pytest.raises(UnableToSave, match=f"^{sentence}$"):
        answer(user, code)

    assert hosted.requests == []


def test_a_code_is_not_repeated_when_the_upstream_does(user, hosted):
    hosted.answers["checkpoint"] = lambda _: httpx.Response(
        400, json={"message": "code 918273 is wrong."}
    )

    with pytest.raises(UnableToSave) as caught:
        answer(user, "918273")

    assert caught.value.sentence == (
        "The code was not taken. The upstream refused the request. Correct what it names and send "
        "it again. What it said is not shown, because it repeats a secret. Enter it again; it is "
        "never shown."
    )


def test_nobody_without_the_right_saves_anything(hosted):
    stranger = AnonymousUser()

    for call in (
        lambda: save(stranger),
        lambda: answer(stranger, "123456"),
        lambda: account_form.preview_save(stranger, draft(), base_url=""),
        lambda: account_form.find_account(stranger, "linkedin", "a-1"),
        lambda: account_form.list_owners(stranger),
    ):
        with pytest.raises(permissions.NotAllowed):
            call()

    assert hosted.requests == []
