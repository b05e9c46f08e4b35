"""What the form of an account is made of: looked up once, and said when it cannot be."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from django.contrib.auth.models import User

from playground.services import account_forms, account_lookups
from playground.services.asking import UnableToReachUpstream
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

    found = account_forms.list_owners(user)

    assert [one.uid for one in found.users] == ["u-0", "u-1", "u-2"]
    assert found.problem == ""
    assert account_forms.list_owners(user) == found
    assert len(hosted.requests) == 3


def test_owners_that_never_end_are_cut_off_and_said(user, hosted):
    hosted.answers["users"] = lambda _: httpx.Response(
        200, json={"users": [{"uid": "u"}], "paging": {"next": "x"}}
    )

    found = account_forms.list_owners(user)

    assert (len(found.users), len(hosted.requests)) == (20, 20)
    assert found.problem == "These are only the first 20 users."


def test_owners_that_cannot_be_listed_are_said(user, hosted):
    hosted.answers["users"] = lambda _: httpx.Response(503)

    found = account_forms.list_owners(user)

    assert found.users == ()
    assert found.problem == (
        "The upstream, or something behind it, is not available (503). Nothing was changed; try "
        "again in a moment."
    )


def test_an_account_made_a_moment_ago_is_found(user, hosted):
    account_lookups.list_accounts("linkedin")
    newer = {"accounts": [LISTED, {"uid": "a-2"}]}
    hosted.answers["accounts"] = lambda _: httpx.Response(200, json=newer)

    assert account_forms.find_account(user, "linkedin", "a-2").account.uid == "a-2"


def test_an_account_that_is_not_there_is_missing(user, hosted):
    with pytest.raises(UnableToReachUpstream) as caught:
        account_forms.find_account(user, "linkedin", "a-3")

    assert caught.value.is_missing


def test_an_account_can_be_updated_when_the_listing_fails(user, hosted):
    hosted.answers["accounts"] = lambda _: httpx.Response(503)

    found = account_forms.find_account(user, "linkedin", "a-1")

    assert found.account is None
    assert found.problem.startswith("The upstream, or something behind it, is not available")
