"""Changing a schedule: the API can only remove one by its name, and launch another.

How far a change is, is read off the two ledgers each time: which removals of the name were sent
since it began, and which launches were made from the old one. So whatever is killed on the way,
the page says what was done, and what is left to do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from django.db import IntegrityError, transaction

from playground.models import Change, Launch, LaunchState, ScheduleChange
from playground.services import permissions
from playground.services.ledger import changes
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger.send_once import SentElsewhere, sent_here
from playground.services.permissions import Person

MOST_OPEN = 20
# What nobody went on with for so long is not spoken of any more in the list.
SHOWN_FOR = dt.timedelta(days=30)
# Launches that were made from one.
MOST_RELAUNCHES = 20


class UnableToFindChange(Exception):
    """There is no such change of a schedule."""


class Stage(Enum):
    """How far a change of a schedule is."""

    NOTHING = "nothing"
    REMOVING = "removing"
    REMOVAL_UNKNOWN = "removal unknown"
    REMOVED = "removed"
    LAUNCHING = "launching"
    LAUNCH_UNKNOWN = "launch unknown"
    BOTH = "both"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A change and what the ledgers tell of it: the newest `removal` that was asked for since it
    began, the newest repeating launch in its place that may have arrived (`successor`), and the
    newest that did not, or does not repeat (`astray`)."""

    change: ScheduleChange
    stage: Stage
    removal: Change | None
    successor: Launch | None
    astray: Launch | None

    @property
    def launch(self) -> Launch:
        return self.change.launch

    @property
    def is_open(self) -> bool:
        return self.change.closed_at is None and self.stage is not Stage.DONE

    @property
    def may_remove(self) -> bool:
        """Whether the old one may still be there, and no request to remove it is under way."""
        return self.stage in (Stage.NOTHING, Stage.REMOVAL_UNKNOWN, Stage.BOTH)

    @property
    def may_launch(self) -> bool:
        """Whether the next step is the launch. Before the removal it would end with it, where both
        bear one name."""
        return self.stage is Stage.REMOVED

    @property
    def share_a_name(self) -> bool:
        return self.successor is not None and self.successor.title == self.launch.title

    @property
    def is_removed(self) -> bool:
        return self.stage in (Stage.REMOVED, Stage.LAUNCHING, Stage.LAUNCH_UNKNOWN, Stage.DONE)

    @property
    def is_done(self) -> bool:
        return self.stage is Stage.DONE

    @property
    def is_under_way(self) -> bool:
        return self.stage in (Stage.REMOVING, Stage.LAUNCHING)

    @property
    def sentence(self) -> str:
        """What was done and what is left to do."""
        return _SENTENCES[self.stage].format(
            name=self.launch.title, new=self.successor.pk if self.successor else ""
        )


_SENTENCES = {
    Stage.NOTHING: "Nothing was done yet: “{name}” repeats as it did. First it is removed, then "
    "it is launched anew.",
    Stage.REMOVING: "“{name}” is being removed at this moment. Nothing was launched in its place "
    "yet.",
    Stage.REMOVAL_UNKNOWN: "It is not known whether “{name}” was removed: the answer was lost. "
    "Remove it once more before it is launched anew: what is gone already is refused, and no harm "
    "is done.",
    Stage.REMOVED: "“{name}” is removed, and nothing repeats in its place yet. Launch it anew, or "
    "leave it removed.",
    Stage.LAUNCHING: "“{name}” is removed, and launch {new} in its place is being sent at this "
    "moment.",
    Stage.LAUNCH_UNKNOWN: "“{name}” is removed. Whether launch {new} in its place arrived is not "
    "known yet: it is being looked for, and is not sent again.",
    Stage.BOTH: "Both repeat now: “{name}” as it was, and launch {new}. Remove the old one.",
    Stage.DONE: "Done: the old “{name}” is removed, and launch {new} repeats in its place.",
}


def begin(user: Person, launch: Launch, now: dt.datetime) -> ScheduleChange:
    """The open change of the launch's schedule: a new one, or what somebody began before."""
    permissions.require(user, "change job", launch.title)
    if launch.is_elsewhere:
        raise SentElsewhere(launch)
    try:
        with transaction.atomic():
            return ScheduleChange.objects.create(
                launch=launch, user=permissions.as_user(user), created_at=now
            )
    except IntegrityError:
        return ScheduleChange.objects.get(launch=launch, closed_at=None)


def get_progress(user: Person, pk: int, now: dt.datetime) -> Progress:
    """How far a change is. Raises `UnableToFindChange`."""
    permissions.require(user, "see launches")
    found = ScheduleChange.objects.select_related("user", "launch__user").defer("launch__payload")
    change = found.filter(pk=pk).first() if pk < 2**63 else None
    if change is None:
        raise UnableToFindChange(f"There is no change {pk} of a schedule.")
    if change.launch.is_elsewhere:
        raise SentElsewhere(change.launch)
    return _progress(user, change, now)


def list_open(user: Person, now: dt.datetime) -> tuple[Progress, ...]:
    """Changes that were begun and are neither done nor given up, newest first."""
    permissions.require(user, "see launches")
    begun = ScheduleChange.objects.filter(
        launch__in=launch_ledger.at_hand(), closed_at=None, created_at__gt=now - SHOWN_FOR
    )
    begun = begun.select_related("user", "launch__user").defer("launch__payload")
    found = (_progress(user, change, now) for change in begun[:MOST_OPEN])
    return tuple(one for one in found if one.is_open)


def leave(user: Person, change: ScheduleChange, now: dt.datetime) -> None:
    """Somebody says that it stays as it is now. Nothing is sent by that."""
    permissions.require(user, "change job", change.launch.title)
    ScheduleChange.objects.filter(pk=change.pk, closed_at=None).update(closed_at=now)


def _progress(user: Person, change: ScheduleChange, now: dt.datetime) -> Progress:
    launch = change.launch
    name = launch.title
    since = [
        one
        for one in changes.list_removals(user, name, now=now)
        if one.created_at >= change.created_at
    ]
    made = list(_relaunches(change))
    is_removed = launch.schedule_ended_at is not None or any(one.is_saved for one in since)
    successor = next((one for one in made if one.repeats_still or _may_repeat(one)), None)
    return Progress(
        change=change,
        stage=judge(is_removed=is_removed, removals=since, successor=successor),
        removal=since[0] if since else None,
        successor=successor,
        astray=next((one for one in made if one is not successor), None),
    )


def judge(*, is_removed: bool, removals: Sequence[Change], successor: Launch | None) -> Stage:
    """How far a change is by what is known of its two halves. `removals` are the newest first."""
    if successor is not None and successor.repeats_still:
        return Stage.DONE if is_removed else Stage.BOTH
    if not is_removed:
        if any(one.is_sending for one in removals):
            return Stage.REMOVING
        return Stage.REMOVAL_UNKNOWN if removals else Stage.NOTHING
    if successor is None:
        return Stage.REMOVED
    return Stage.LAUNCHING if successor.is_sending else Stage.LAUNCH_UNKNOWN


def _relaunches(change: ScheduleChange) -> Sequence[Launch]:
    """Launches that began as the old one, since the change was begun; newest first."""
    found = Launch.objects.filter(
        sent_here(), relaunch_of=change.launch_id, created_at__gte=change.created_at
    )
    return list(found.select_related("user").defer("payload")[:MOST_RELAUNCHES])


def _may_repeat(launch: Launch) -> bool:
    return launch.is_repeating and launch.state in (
        LaunchState.SENDING,
        LaunchState.UNKNOWN,
        LaunchState.NOT_PROVED,
    )
