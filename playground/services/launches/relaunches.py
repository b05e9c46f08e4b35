"""Earlier launches once more, several at once: which match, which can be, and what was confirmed.

Nothing is sent by looking. What is confirmed are numbers of launches, so what is launched is what
was seen, whatever matches by then; what has changed meanwhile is said. The worker sends them one
after another as it does the parts of a launch that is split (`services.launches.split`).
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from playground.contract import wire
from playground.contract.workflows import Workflow
from playground.models import Launch, LaunchGroup, LaunchGroupState, LaunchPart
from playground.payload.edit.reading import UnableToReadPayload
from playground.payload.texts import shorten
from playground.payload.words import counted, cut_list, noun
from playground.services import permissions
from playground.services.launches import part_payloads, preflight, preview, split
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger.column_text import storable
from playground.services.ledger.launches import LaunchFilter
from playground.services.ledger.send_once import Clock
from playground.services.permissions import Person
from playground.services.upstream_cache.calls import UnableToReachUpstream
from playground.services.workflows import lookup as workflow_lookup
from playground.upstream import targets

MOST_LAUNCHES = 100
# Rows of all of them together.
MOST_ROWS = 100_000
LONGEST_NAME = 200
# Seconds that a look takes to judge payloads, and the bytes of one that is judged.
_JUDGING, _MOST_JUDGED = 3.0, 1_000_000
# A full plan is waited for, or stops the group until somebody goes on.
_PLAN_LIMIT = "parallel-limit"
_NO_FILTER = (
    "Every launch there is cannot be launched again at once. Narrow the list first: by words, "
    "state, outcome, person or days."
)
_NO_PAYLOAD = "Its payload is not kept any more."
_UNDECIDED = "It is not known yet whether it arrived."
_REPEATS = "It sets up a schedule: launch it again by itself."
_RUNS = "its job is not over"
_NOT_JUDGED = "large: not judged again, sent as it was"


class UnableToRelaunch(Exception):
    """Nothing was recorded. `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A launch that fits. With a `reason` it cannot be launched again here, but as a draft if it
    `may_be_draft`; with a `note` there is something to think of before."""

    launch: Launch
    reason: str = ""
    note: str = ""
    is_chosen: bool = True
    may_be_draft: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What somebody has seen, `shown`, and wants, `chosen`: numbers of launches."""

    wanted: LaunchFilter
    shown: Sequence[int]
    chosen: Sequence[int]
    name: str
    waits_for_capacity: bool


@dataclass(frozen=True, slots=True)
class Relaunched:
    """The group, and what is otherwise than when it was confirmed, in sentences."""

    group: LaunchGroup
    changes: tuple[str, ...] = ()


def find_matches(user: Person, wanted: LaunchFilter, now: dt.datetime) -> tuple[Match, ...]:
    """Every launch that fits, newest first. Raises `UnableToRelaunch` for too many, and for a
    filter that is none."""
    if not wanted.narrows:
        raise UnableToRelaunch(_NO_FILTER)
    found = launch_ledger.list_matching(user, wanted, most=MOST_LAUNCHES + 1, now=now)
    if len(found) > MOST_LAUNCHES:
        raise UnableToRelaunch(
            f"More than {MOST_LAUNCHES} launches match, and that is the most at once. Narrow the "
            "list further, by days for example."
        )
    rows = sum(launch.row_count for launch in found)
    if rows > MOST_ROWS:
        raise UnableToRelaunch(
            f"The launches that match have {rows:,} rows together, and {MOST_ROWS:,} are the most "
            "at once. Narrow the list further."
        )
    looks = _Looks(user, now)
    return tuple(map(looks.match, found))


def relaunch(user: Person, confirmed: Confirmed, token: uuid.UUID, clock: Clock) -> Relaunched:
    """Record the launches that the worker sends. Raises `UnableToRelaunch` when none was recorded.

    The same token gives the group that it made before.
    """
    permissions.require(user, "launch")
    earlier = LaunchGroup.objects.filter(launch_token=token).first()
    if earlier is not None:
        return Relaunched(earlier)
    if not confirmed.wanted.narrows:
        raise UnableToRelaunch(_NO_FILTER)
    if not confirmed.chosen:
        raise UnableToRelaunch("No launch is ticked, so nothing was launched.")
    if len(confirmed.chosen) > MOST_LAUNCHES:
        raise UnableToRelaunch(f"{MOST_LAUNCHES} launches are the most at once.")
    now = clock()
    found = launch_ledger.list_numbered(user, confirmed.chosen, now)
    looks = _Looks(user, now)
    reasons = {launch.pk: looks.reason(launch) for launch in found}
    fit = [launch for launch in reversed(found) if not reasons[launch.pk]]
    if not fit:
        told = " ".join(dict.fromkeys(reasons.values()))
        raise UnableToRelaunch(f"Nothing was launched: none of them can be any more. {told}")
    group = _new_group(user, confirmed, fit, looks, token=token, now=now)
    made = _record(group, fit)
    changes = () if made.pk != group.pk else _changes(user, confirmed, reasons, now)
    return Relaunched(made, changes)


class _Looks:
    """What is asked once for all launches that are looked at."""

    def __init__(self, user: Person, now: dt.datetime) -> None:
        self._user, self._now = user, now
        self._until = time.monotonic() + _JUDGING
        self._problems: dict[str, str] = {}
        self.workflows: dict[str, Workflow] = {}

    def match(self, launch: Launch) -> Match:
        reason = self.reason(launch)
        if reason:
            is_only_draft = reason == _REPEATS
            return Match(launch=launch, reason=reason, may_be_draft=is_only_draft)
        is_judged = launch.size <= _MOST_JUDGED and time.monotonic() < self._until  # type: ignore[attr-defined]
        stops = self._stops(launch) if is_judged else None
        if stops == _NO_PAYLOAD:
            return Match(launch=launch, reason=stops, may_be_draft=False)
        if stops:
            return Match(launch=launch, reason=f"Preflight stops it: {stops}")
        runs = launch.is_launched and not launch.job_is_over
        notes = [_RUNS] * runs + [_NOT_JUDGED] * (stops is None)
        return Match(launch=launch, note=", ".join(notes), is_chosen=not runs)

    def reason(self, launch: Launch) -> str:
        """Why it cannot be launched again here; empty when it can."""
        if launch.is_elsewhere:
            return launch.sent_elsewhere
        if launch.is_undecided:
            return _UNDECIDED
        if launch.is_repeating:
            return _REPEATS
        if not launch.size:  # type: ignore[attr-defined]
            return _NO_PAYLOAD
        return self._problem_of_workflow(launch.workflow_uid)

    def _problem_of_workflow(self, uid: str) -> str:
        if uid not in self._problems:
            try:
                self.workflows[uid] = workflow_lookup.find_workflow(uid).value
                self._problems[uid] = ""
            except UnableToReachUpstream as error:
                gone = "Its workflow is gone."
                self._problems[uid] = gone if error.is_missing else error.sentence
        return self._problems[uid]

    def _stops(self, launch: Launch) -> str | None:
        """What preflight stops it for; None where it is not judged."""
        workflow = self.workflows[launch.workflow_uid]
        payload = Launch.objects.values_list("payload", flat=True).get(pk=launch.pk)
        try:
            value = wire.parse_json(bytes(payload))
        except wire.WireError:
            return _NO_PAYLOAD
        if not isinstance(value, dict) or not isinstance(value.get("steps"), list):
            return _NO_PAYLOAD
        try:
            draft = preview.read_draft(workflow, bytes(payload))
        except UnableToReadPayload as error:
            return None if error.path == "$.inputs" else str(error)
        check = preflight.check_launch(
            self._user, workflow, draft, now=self._now, patience=preflight.PAGE_PATIENCE
        )
        stops = [line for line in check.preflight.stops if line.code != _PLAN_LIMIT]
        return shorten(" ".join(line.message for line in stops), 400)


def _new_group(
    user: Person,
    confirmed: Confirmed,
    fit: Sequence[Launch],
    looks: _Looks,
    *,
    token: uuid.UUID,
    now: dt.datetime,
) -> LaunchGroup:
    names = {launch.workflow_uid: launch.workflow_name for launch in fit}
    is_one = len(names) == 1
    return LaunchGroup(
        launch_token=token,
        user=permissions.as_user(user),
        is_relaunch=True,
        workflow=part_payloads.pack_workflows({uid: looks.workflows[uid] for uid in names}),
        workflow_uid=next(iter(names)) if is_one else "",
        workflow_name=next(iter(names.values())) if is_one else f"{len(names)} workflows",
        name=storable(confirmed.name.strip() or _default_name(len(fit)), LONGEST_NAME),
        request=b"{}",
        fingerprint="",
        upstream=targets.name(),
        row_count=sum(launch.row_count for launch in fit),
        waits_for_capacity=confirmed.waits_for_capacity,
        state=LaunchGroupState.SENDING,
        created_at=now,
    )


def _default_name(count: int) -> str:
    """What a group is called that nobody named."""
    return f"Relaunch of {counted(count, 'launch', 'launches')}"


def _record(group: LaunchGroup, fit: Sequence[Launch]) -> LaunchGroup:
    """The group, or the one that another submit of the same form has made meanwhile."""
    try:
        with transaction.atomic():
            group.save(force_insert=True)
            LaunchPart.objects.bulk_create(
                LaunchPart(
                    group=group,
                    relaunch_of=launch,
                    number=number,
                    first_row=1,
                    rows=launch.row_count,
                    inputs=b"",
                    launch_token=uuid.uuid4(),
                )
                for number, launch in enumerate(fit, start=1)
            )
            split.send_parts.enqueue(group.pk)
    except IntegrityError:
        made = LaunchGroup.objects.filter(launch_token=group.launch_token).first()
        if made is None:
            raise
        return made
    return group


def _changes(
    user: Person, confirmed: Confirmed, reasons: dict[int, str], now: dt.datetime
) -> tuple[str, ...]:
    """What is otherwise than when the list was shown."""
    found = launch_ledger.list_matching(user, confirmed.wanted, most=2 * MOST_LAUNCHES, now=now)
    matching = {launch.pk for launch in found}
    more = sorted(matching - set(confirmed.shown))
    fewer = sorted(set(reasons) - matching)
    told = []
    if more:
        told.append(f"Matching since you looked, and not launched again: {_named(more)}.")
    if fewer:
        told.append(f"No longer matching, but confirmed: {_named(fewer)}.")
    told += [f"Launch {pk} was left out: {reason}" for pk, reason in reasons.items() if reason]
    missing = sorted(set(confirmed.chosen) - set(reasons))
    if missing:
        told.append(f"Not there: {_named(missing)}.")
    return tuple(told)


def _named(pks: Iterable[int]) -> str:
    numbers = [str(pk) for pk in pks]
    return f"{noun(len(numbers), 'launch', 'launches')} {cut_list(numbers, 5)}"
