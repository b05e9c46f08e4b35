"""An account's limits as gauges, whatever the upstream says of them."""

from __future__ import annotations

import datetime as dt

import pytest

from playground.contract import wire
from playground.contract.accounts import Account
from playground.services.accounts import limits as account_limits

NOW = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)


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
