"""When a schedule starts next, and how far the change of one is."""

from __future__ import annotations

import datetime as dt

import pytest

from playground.models import Change, ChangeState, Launch, LaunchState
from playground.services.jobs.schedule_changes import Stage, judge
from playground.services.jobs.schedules import expect_next

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("first", "now", "expected"),
    [
        (NOON + HOUR, NOON, NOON + HOUR),
        (NOON, NOON, NOON + HOUR),
        (NOON, NOON + HOUR - dt.timedelta(seconds=1), NOON + HOUR),
        (NOON, NOON + 1000 * HOUR, NOON + 1001 * HOUR),
    ],
)
def test_next_start_is_the_first_after_now(first, now, expected):
    assert expect_next(first, HOUR, now) == expected


def new(state: LaunchState, *, repeats: bool = True, ended: bool = False) -> Launch:
    return Launch(state=state, is_repeating=repeats, schedule_ended_at=NOON if ended else None)


REMOVAL = {state: (Change(state=state),) for state in ChangeState}
LAUNCHED, SENDING = new(LaunchState.LAUNCHED), new(LaunchState.SENDING)


@pytest.mark.parametrize(
    ("is_removed", "removals", "successor", "stage"),
    [
        (False, (), None, Stage.NOTHING),
        (False, REMOVAL[ChangeState.SENDING], None, Stage.REMOVING),
        (False, REMOVAL[ChangeState.UNKNOWN], None, Stage.REMOVAL_UNKNOWN),
        (True, REMOVAL[ChangeState.SAVED], None, Stage.REMOVED),
        (True, REMOVAL[ChangeState.UNKNOWN], None, Stage.REMOVED),
        (True, (), SENDING, Stage.LAUNCHING),
        (True, (), new(LaunchState.UNKNOWN), Stage.LAUNCH_UNKNOWN),
        (True, (), new(LaunchState.NOT_PROVED), Stage.LAUNCH_UNKNOWN),
        (False, (), LAUNCHED, Stage.BOTH),
        (False, REMOVAL[ChangeState.UNKNOWN], LAUNCHED, Stage.BOTH),
        (True, (), LAUNCHED, Stage.DONE),
    ],
)
def test_each_point_of_a_change_is_told_from_the_others(is_removed, removals, successor, stage):
    assert judge(is_removed=is_removed, removals=removals, successor=successor) is stage
