"""What an account may still do, whatever the upstream says of its limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from playground.contract.accounts import Account, Limit
from playground.contract.wire import UNSET
from playground.preflight.allowances import MOST, Capacity, capacity_of

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
VISITS = Limit(
    permalink="visits",
    level="Classic",
    item_scraped=68,
    limit_value=80,
    limit_name="profile visits",
    start_time_range="2025-03-01T09:00:00",
    end_time_range="2025-03-02T09:00:00",
    templates=("t1",),
    nbr_inputs_queued_next_seven_days=0,
)


def account(*limits: Limit, uid: str = "omar", **changes: Any) -> Account:
    return Account(uid=uid, name="Omar", level="Classic", limits=limits, **changes)


def capacity(*limits: Limit, inputs: int = 100) -> Capacity | None:
    return capacity_of([account(*limits)], "t1", inputs, NOW)


def told(found: Capacity | None, inputs: int = 100) -> tuple[int, int, int | None]:
    """(left today, a day, days for the inputs)."""
    assert found is not None
    return found.left_today, found.a_day, found.days_for(inputs)


def test_what_is_left_of_the_day_is_used_first():
    assert told(capacity(VISITS)) == (12, 80, 3)


@pytest.mark.parametrize(
    ("inputs", "days"), [(1, 1), (12, 1), (13, 2), (92, 2), (93, 3), (100_000, 1_251)]
)
def test_days_are_counted_from_today(inputs, days):
    assert told(capacity(VISITS), inputs)[2] == days


@pytest.mark.parametrize(
    ("ends", "left"),
    [
        ("2025-03-01T12:00:01", 12),
        ("2025-03-01T13:00:00+02:00", 80),
        ("2025-03-01T12:00:00", 80),
        ("1999-01-01T00:00:00", 80),
        ("9999-12-31T23:59:59", 12),
        ("tomorrow", 12),
        (None, 12),
        (UNSET, 12),
    ],
)
def test_window_whose_end_is_past_counts_as_unused(ends, left):
    found = capacity(replace(VISITS, end_time_range=ends))

    assert told(found)[0] == left


def test_end_of_the_window_is_told_only_while_it_is_open():
    over = replace(VISITS, end_time_range="2025-03-01T11:59:59")

    assert [found and found.ends_at for found in (capacity(VISITS), capacity(over))] == [
        NOW + timedelta(hours=21),
        None,
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"item_scraped": None}, (80, 80, 2)),
        ({"item_scraped": UNSET}, (80, 80, 2)),
        ({"item_scraped": -5}, (80, 80, 2)),
        ({"item_scraped": 10**400}, (0, 80, 3)),
        ({"nbr_inputs_queued_next_seven_days": None}, (12, 80, 3)),
        ({"nbr_inputs_queued_next_seven_days": -80}, (12, 80, 3)),
        ({"nbr_inputs_queued_next_seven_days": 10}, (2, 80, 3)),
        ({"nbr_inputs_queued_next_seven_days": 170}, (0, 80, 5)),
        ({"limit_value": 0}, (0, 0, None)),
        ({"limit_value": 10**400, "item_scraped": 0}, (MOST, MOST, 1)),
    ],
)
def test_absurd_numbers_count_as_nothing_or_as_very_many(changes, expected):
    assert told(capacity(replace(VISITS, **changes))) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"limit_value": None},
        {"limit_value": UNSET},
        {"limit_value": -1},
        {"templates": None},
        {"templates": ("t2",)},
        {"level": "Sales Navigator"},
    ],
)
def test_limit_that_is_not_known_or_of_something_else_is_none(changes):
    assert capacity(replace(VISITS, **changes)) is None


@pytest.mark.parametrize("level", ["", None, UNSET, "Classic"])
def test_limit_of_no_level_is_of_every_level(level):
    assert told(capacity(replace(VISITS, level=level))) == (12, 80, 3)


@pytest.mark.parametrize("limits", [None, UNSET, ()])
def test_account_without_limits_is_not_limited(limits):
    free = Account(uid="free", limits=limits)

    assert capacity_of([free], "t1", 100, NOW) is None
    assert capacity_of([account(VISITS), free], "t1", 100, NOW) is None
    assert capacity_of([], "t1", 100, NOW) is None


def test_of_two_limits_the_one_counts_that_holds_up_the_inputs_longest():
    slow = replace(VISITS, permalink="slow", limit_value=20, item_scraped=0)

    assert told(capacity(VISITS, slow)) == (20, 20, 5)
    assert told(capacity(VISITS, slow, inputs=15), 15) == (12, 80, 2)


def test_accounts_that_work_together_add_up_each_behind_its_own_queue():
    busy = replace(VISITS, nbr_inputs_queued_next_seven_days=200)
    both = capacity_of([account(VISITS), account(busy, uid="mei")], "t1", 300, NOW)

    assert told(both, 300) == (12, 160, 4)


def test_inputs_of_steps_before_wait_in_front():
    found = capacity(VISITS)
    assert found is not None

    planned = {("omar", "visits"): 30, ("omar", "other"): 900}
    after = capacity_of([account(VISITS)], "t1", 70, NOW, planned)

    assert told(after, 70) == (0, 80, 3)
    assert found.shares(100) == {("omar", "visits"): 100}


def test_rows_of_many_days_spread_over_the_accounts_day_by_day():
    unused = replace(VISITS, item_scraped=0)
    accounts = [account(unused, uid=uid) for uid in "abc"]
    three = capacity_of(accounts, "t1", 1_200, NOW)
    assert three is not None

    after = capacity_of(accounts, "t1", 1_200, NOW, three.shares(1_200))

    assert after is not None
    assert three.shares(1_200) == {(uid, "visits"): 400 for uid in "abc"}
    assert (three.days_for(1_200), after.days_for(1_200)) == (5, 10)


def test_work_counts_in_every_limit_that_governs_it():
    """Of two limits the looser one is what a later step meets."""
    wide = replace(VISITS, permalink="all", limit_name="actions", item_scraped=0, limit_value=100)
    later = replace(wide, templates=("t1", "t2"))
    found = capacity_of([account(VISITS, later)], "t1", 12, NOW)
    assert found is not None

    after = capacity_of([account(VISITS, later)], "t2", 90, NOW, found.shares(12))

    assert found.shares(12) == {("omar", "visits"): 12, ("omar", "all"): 12}
    assert told(after, 90) == (88, 100, 2)
