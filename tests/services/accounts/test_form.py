"""What the form of an account is made of: looked up once, and said when it cannot be."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator

import httpx
import pytest
from django.contrib.auth.models import User

from playground.services.accounts import form as account_form
from playground.services.accounts import lookup as account_lookup
from playground.services.accounts import owners as account_owners
from playground.services.upstream_cache.calls import UnableToReachUpstream
from tests.upstreams import AnsweringTransport, upstream

LISTED = {"uid": "a-1", "name": "Jane's", "is_valid": True}

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def hosted() -> Iterator[AnsweringTransport]:
    transport = AnsweringTransport(
        accounts=lambda _: httpx.Response(200, json={"accounts": [LISTED]}),
        users=lambda _: httpx.Response(200, json={"users": []}),
    )
    with upstream(transport):
        yield transport


def test_owners_are_listed_page_by_page_and_kept(user, hosted):
    def users(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["page"])
        answer = {"users": [{"uid": f"u-{page}"}], "pages": 3}
        return httpx.Response(200, json=answer)

    hosted.answers["users"] = users

    found = account_form.list_owners(user)

    assert [one.uid for one in found.users] == ["u-0", "u-1", "u-2"]
    assert found.problem == ""
    assert account_form.list_owners(user) == found
    assert len(hosted.requests) == 3


def test_owners_that_never_end_are_cut_off_and_said(user, hosted):
    hosted.answers["users"] = pages_of(10**9, "users")

    found = account_form.list_owners(user)

    assert (len(found.users), len(hosted.requests)) == (100, 100)
    assert found.problem == "These are only the first 100 users."


def test_owners_that_cannot_be_listed_are_said(user, hosted):
    hosted.answers["users"] = lambda _: httpx.Response(503)

    found = account_form.list_owners(user)

    assert found.users == ()
    assert found.problem == (
        "The upstream, or something behind it, is not available (503). Nothing was changed; try "
        "again in a moment."
    )


def test_an_account_made_a_moment_ago_is_found(user, hosted):
    account_lookup.find(["linkedin"])
    newer = {"accounts": [LISTED, {"uid": "a-2"}]}
    hosted.answers["accounts"] = lambda _: httpx.Response(200, json=newer)

    assert account_form.find_account(user, "linkedin", "a-2").account.uid == "a-2"


def test_an_account_that_is_not_there_is_missing(user, hosted):
    with pytest.raises(UnableToReachUpstream) as caught:
        account_form.find_account(user, "linkedin", "a-3")

    assert caught.value.is_missing


def test_an_account_can_be_updated_when_the_listing_fails(user, hosted):
    hosted.answers["accounts"] = lambda _: httpx.Response(503)

    found = account_form.find_account(user, "linkedin", "a-1")

    assert found.account is None
    assert found.problem.startswith("The upstream, or something behind it, is not available")


def pages_of(count: int, key: str = "accounts"):
    """So many pages of one each."""

    def answer(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["page"])
        found = [{"uid": f"x-{page}"}] if page < count else []
        has_next = page + 1 < count
        paging = {"next": "x" if has_next else None}
        return httpx.Response(200, json={key: found, "next_page_exist": has_next, "paging": paging})

    return answer


def test_an_account_beyond_what_is_looked_through_is_not_called_deleted(user, hosted):
    hosted.answers["accounts"] = pages_of(account_lookup.MOST_PAGES + 5)

    found = account_form.find_account(user, "linkedin", f"x-{account_lookup.MOST_PAGES + 2}")

    assert found.account is None
    assert found.problem == (
        f"It is not among the first {account_lookup.MOST_PAGES:,} accounts, and no more are "
        "looked through."
    )


def test_slow_users_and_accounts_do_not_hold_up_the_form(user, hosted, settings, monkeypatch):
    settings.UPSTREAM_IS_SANDBOX = False
    monkeypatch.setattr(account_lookup, "PATIENCE", 0.1)
    monkeypatch.setattr(account_owners, "LISTS_PATIENCE", 0.1)
    go_on = threading.Event()

    def slow(_: httpx.Request) -> httpx.Response:
        go_on.wait(60)  # Whoever waits for it has an answer, and no problem.
        return httpx.Response(200, json={"users": [], "accounts": [LISTED]})

    hosted.answers |= {"accounts": slow, "users": slow}

    account = account_form.find_account(user, "linkedin", "a-1")
    owners = account_form.list_owners(user)

    go_on.set()
    assert account.problem == (
        "The accounts of linkedin take long to come: the upstream is still being asked."
    )
    assert owners.problem == "The upstream takes long to list users. Reload to go on."


def test_of_the_cookies_of_an_account_only_the_names_are_kept(user, hosted):
    listed = LISTED | {"cookies": {"li_at": "in-clear", "li_a": None}, "api_key": "in-clear"}
    hosted.answers["accounts"] = lambda _: httpx.Response(200, json={"accounts": [listed]})

    found = account_form.find_account(user, "linkedin", "a-1")

    assert found.account.cookies == {"li_at": "", "li_a": ""}
    assert "in-clear" not in repr(account_lookup._listings._values)
    assert "in-clear" not in str(dataclasses.astuple(found.account))
