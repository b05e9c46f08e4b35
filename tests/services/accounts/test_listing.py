"""What accounts are asked for: in time, a few at a time, and only by whoever may."""

from __future__ import annotations

import datetime as dt

import httpx
import pytest
from django.contrib.auth.models import AnonymousUser, User

from playground.contract import wire
from playground.contract.accounts import Account
from playground.contract.workflows import WorkflowSummary
from playground.services.accounts import limits as account_limits
from playground.services.accounts import listing as account_listing
from playground.services.accounts.listing import AccountFilter
from playground.services.permissions import NotAllowed
from playground.services.workflows import usage as workflow_usage
from tests.upstreams import AnsweringTransport, upstream

NOW = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)


def test_uses_name_the_steps_that_take_accounts():
    steps = [
        {"step_uid": "s-2", "position": 1, "step_name": "Add", "integrations": ["crm", "mail"]},
        {"step_uid": "s-1", "position": 0, "step_name": "Find", "integrations": None},
        {"step_uid": "s-3", "position": 2, "integrations": ["mail"]},
    ]
    details = {"uid": "w-1", "name": "One", "steps": steps}
    with upstream(AnsweringTransport(details=lambda _: httpx.Response(200, json=details))):
        uses = workflow_usage.find_uses([WorkflowSummary(uid="w-1", name="One")], seconds=5)

    assert (uses.integrations, uses.missing) == (("crm", "mail"), 0)
    assert [[step.name for step in use.steps] for use in uses.of("mail")] == [["Add", "s-3"]]
    assert uses.of("find") == ()


@pytest.mark.parametrize("age", [599, 601])
def test_uses_are_kept_for_ten_minutes(monkeypatch, age):
    seconds = [0.0]
    monkeypatch.setattr(workflow_usage._steps, "_clock", lambda: seconds[0])
    details = {"uid": "w-1", "name": "One", "steps": []}
    transport = AnsweringTransport(details=lambda _: httpx.Response(200, json=details))
    with upstream(transport):
        for at in (0, age):
            seconds[0] = at
            workflow_usage.find_uses([WorkflowSummary(uid="w-1", name="One")], seconds=5)

    assert len(transport.requests) == (1 if age < 600 else 2)


@pytest.mark.parametrize(
    "limit", [{}, {"item_scraped": None}, {"item_scraped": 2**70, "limit_value": -(2**70)}]
)
def test_gauge_of_anything_can_be_read(limit):
    account = wire.from_builtins(Account, {"uid": "a", "limits": [limit]})

    (gauge,) = account_limits.read_gauges(account, NOW)

    assert gauge.percent in (None, 100)


@pytest.mark.parametrize(
    ("ends", "is_used_up"),
    [("2026-05-04T12:00:01", True), ("2026-05-04T12:00:00", False), ("", True), (None, True)],
)
def test_limit_is_used_up_until_its_window_ends(ends, is_used_up):
    limit = {"item_scraped": 80, "limit_value": 80, "end_time_range": ends}
    account = wire.from_builtins(Account, {"uid": "a", "limits": [limit]})

    assert account_limits.has_used_up(account_limits.read_gauges(account, NOW)) is is_used_up


@pytest.mark.parametrize("person", [AnonymousUser(), User(username="gone", is_active=False)])
def test_stranger_sees_no_account(person):
    with upstream(AnsweringTransport()), pytest.raises(NotAllowed):
        account_listing.list_accounts(person, AccountFilter(), number=1, now=NOW)
    with upstream(AnsweringTransport()), pytest.raises(NotAllowed):
        account_listing.get_account(person, "linkedin", "a-1", now=NOW)
    with pytest.raises(NotAllowed):
        account_listing.check_again(person, "linkedin")
