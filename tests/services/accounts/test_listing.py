"""Accounts are shown only to whoever may see them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser, User

from playground.services.accounts import listing as account_listing
from playground.services.accounts.listing import AccountFilter
from playground.services.permissions import NotAllowed
from tests.upstreams import AnsweringTransport, upstream

NOW = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("person", [AnonymousUser(), User(username="gone", is_active=False)])
def test_stranger_sees_no_account(person):
    with upstream(AnsweringTransport()), pytest.raises(NotAllowed):
        account_listing.list_accounts(person, AccountFilter(), number=1, now=NOW)
    with upstream(AnsweringTransport()), pytest.raises(NotAllowed):
        account_listing.get_account(person, "linkedin", "a-1", now=NOW)
    with pytest.raises(NotAllowed):
        account_listing.check_again(person, "linkedin")
