"""Looking for launches whose outcome is unknown, in the job list of where they were sent.

Nothing is ever sent again here. A launch is found when one job is proved to be its own: by its
rows and its time, with nothing else in the whole list that it could be, and no other launch that
the job could belong to. It is given up when the whole list has no such job and the quiet period is
over: then no request of ours can still be on its way. Whatever stands between the two is not
proved, and a person decides.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import task

from playground.contract.times import parse_time
from playground.log_lines import event
from playground.models import SOUGHT, Launch, LaunchState
from playground.services import permissions
from playground.services.launches import candidates, evidence
from playground.services.launches.candidates import Found
from playground.services.launches.evidence import Candidate, Moment, Rows
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger import queue_once
from playground.services.ledger.column_text import storable
from playground.services.permissions import Person
from playground.upstream import targets
from playground.upstream.errors import UpstreamError

logger = logging.getLogger(__name__)
QUIET_PERIOD = evidence.LONGEST_ACCEPTANCE
# Most calls are over by then. What is not is looked at every few seconds: of a process that died on
# this machine nobody waits until its lease is over.
LOOK_AFTER = dt.timedelta(seconds=10)
# When to look, counted from the moment the outcome became unknown.
SEARCH_AFTER = tuple(dt.timedelta(seconds=seconds) for seconds in (10, 30, 120, 600))
# An upstream that answers no search is asked for so long.
SEARCHED_FOR = dt.timedelta(days=1)
# Seconds for one search: beside requests, and while a person waits.
PATIENCE, PATIENCE_BY_HAND = 60.0, 10.0
MOST_SHOWN = 20
_MOMENTS: dict[Moment, str] = {
    "before": "before it was sent",
    "within": "when it was sent",
    "after": "long after it was sent",
    "not-known": "perhaps when it was sent",
}


class UnableToDecide(Exception):
    """Nothing was decided. `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCandidate:
    """A job that may be the launch's, as the last search saw it."""

    uid: str
    name: str
    scheduled: str
    started: str
    number_inputs: int | None
    rows: Rows
    moment: Moment

    @property
    def made_at(self) -> dt.datetime | None:
        """When it was due or, if that is not told, when it started."""
        return parse_time(self.scheduled) or parse_time(self.started)

    @property
    def rows_in_words(self) -> str:
        return {"same": "the same", "other": "others", "not-known": "not known"}[self.rows]

    @property
    def moment_in_words(self) -> str:
        return _MOMENTS[self.moment]


def next_at(launch: Launch) -> dt.datetime | None:
    """When the program looks for the launch next; None when it does so no more."""
    if not launch.is_unknown or launch.decided_at is None or is_over(launch):
        return None
    due_at = launch.decided_at + SEARCH_AFTER[launch.searches]
    if launch.searched_at and launch.searched_at >= due_at:
        # The upstream did not answer the last search: it is asked again, but not at once.
        # The longer it lasts, the more rarely.
        since = launch.searched_at - (launch.sent_at or launch.created_at)
        due_at = launch.searched_at + max(dt.timedelta(seconds=60), since / 10)
    return due_at


def is_over(launch: Launch) -> bool:
    """Whether the program looks for it no more: every search was made, or it was sent elsewhere."""
    return launch.searches >= len(SEARCH_AFTER) or is_elsewhere(launch)


def is_elsewhere(launch: Launch) -> bool:
    """Whether it was sent to another server than is configured now: only that one can tell."""
    with targets.use(targets.named(launch.upstream)):
        return launch.is_elsewhere


def is_due(launch: Launch, now: dt.datetime) -> bool:
    """Whether the launch's next search should happen by now."""
    due_at = next_at(launch)
    return due_at is not None and now >= due_at


@task()
def follow_launch(launch_id: int) -> None:
    """Give the launch up when its process is lost, look for it when it is due, until decided.

    A task takes IDs only: its arguments are stored in clear.
    """
    now = timezone.now()
    launch = Launch.objects.filter(pk=launch_id).first()
    if launch is None or not launch.is_undecided:
        return
    if launch.is_sending:
        launch_ledger.give_up_lost_launches(now)
        launch.refresh_from_db()
    if is_due(launch, now):
        search_for_launch(launch, now)
    if launch.is_undecided:
        follow_later(launch, now)


def follow_lost(launch: Launch, sent_at: dt.datetime) -> None:
    """Look whether it is still being sent, until it is not, or its process must be lost."""
    follow_launch.using(run_after=sent_at + LOOK_AFTER).enqueue(launch.pk)


def follow_later(launch: Launch, now: dt.datetime) -> None:
    """Look at the launch again when there may be something to do; once, whoever asks for it."""
    if launch.is_not_proved or is_over(launch):
        return
    at = max(next_at(launch) or now, now + dt.timedelta(seconds=5))
    queue_once.queue_once(
        f"launch {launch.pk}", at, now, lambda: follow_launch.using(run_after=at).enqueue(launch.pk)
    )


def search_by_hand(user: Person, launch: Launch, now: dt.datetime) -> Launch:
    """A person asks now; the schedule of searches goes on as it was."""
    permissions.require(user, "search for launch", launch)
    launch_ledger.give_up_lost_launches(now)
    launch.refresh_from_db()
    if launch.is_sought:
        search_for_launch(launch, now, is_scheduled=False)
    return launch


def search_for_launch(launch: Launch, now: dt.datetime, *, is_scheduled: bool = True) -> None:
    """One search. Its outcome is written only while the launch is still looked for."""
    if is_elsewhere(launch):
        _write(launch, searched_at=now, sentence=launch.sent_elsewhere)
        return
    try:
        with targets.use(targets.named(launch.upstream)):
            found = candidates.find(launch, seconds=PATIENCE if is_scheduled else PATIENCE_BY_HAND)
    except UpstreamError as error:
        _not_answered(launch, now, error)
        return
    searches = launch.searches + (1 if is_scheduled else 0)
    # What is not proved is looked for by people alone.
    is_last = launch.is_not_proved or searches >= len(SEARCH_AFTER)
    columns = {
        "searches": searches,
        "searched_at": now,
        "candidates": _encode(found.candidates),
        **_judge(launch, found, now, is_last=is_last),
    }
    try:
        _write(launch, **columns)
    except IntegrityError:
        # Another process has just found the job for another launch: look again.
        _write(launch, searched_at=now)


def _judge(launch: Launch, found: Found, now: dt.datetime, *, is_last: bool) -> dict[str, object]:
    """What the search says of the launch, as columns."""
    job, is_quiet = found.proved, _is_quiet(launch, now)
    # While our own request may still arrive, its double could be another's.
    if job and (is_quiet or not found.has_lookalikes):
        return {
            "state": LaunchState.LAUNCHED,
            "job_uid": storable(job.uid),
            "sentence": "Found in the upstream's list of jobs, by its rows and its time.",
        }
    if found.candidates or not found.is_whole:
        state = LaunchState.NOT_PROVED if is_last else LaunchState.UNKNOWN
        return {"state": state, "sentence": _unsure(found)}
    if is_last and is_quiet:
        return {
            "state": LaunchState.NOT_FOUND,
            "sentence": "No such job appeared upstream. You may launch it again; "
            "the playground never does so by itself.",
        }
    sentence = "Not in the upstream's list of jobs so far. It will be looked for again."
    return {"state": LaunchState.UNKNOWN, "sentence": sentence}


def list_candidates(launch: Launch) -> tuple[ShownCandidate, ...]:
    """The jobs that may be the launch's; none when its job is not looked for."""
    if not launch.is_sought:
        return ()
    return msgspec.json.decode(bytes(launch.candidates), type=tuple[ShownCandidate, ...])


def choose_job(user: Person, launch: Launch, job_uid: str, now: dt.datetime) -> None:
    """A person says which job it is. Raises `UnableToDecide`."""
    permissions.require(user, "decide launch", launch)
    if is_elsewhere(launch):
        raise UnableToDecide(launch.sent_elsewhere)
    launch_ledger.give_up_lost_launches(now)
    if job_uid not in {one.uid for one in list_candidates(launch)}:
        raise UnableToDecide("That job is none of those that were found. Look for it once more.")
    try:
        _decide(
            user,
            launch,
            now,
            state=LaunchState.LAUNCHED,
            job_uid=job_uid,
            sentence=f"{user.get_username()} said that this is its job.",
        )
    except IntegrityError:
        owner = Launch.objects.filter(upstream=launch.upstream, job_uid=job_uid).first()
        number = f"launch {owner.pk}" if owner else "another launch"
        raise UnableToDecide(f"That job belongs to {number}.") from None


def choose_none(user: Person, launch: Launch, now: dt.datetime) -> None:
    """A person says that no job is the launch's, so that it may be launched again.

    Raises `UnableToDecide` while the request may still be on its way.
    """
    permissions.require(user, "decide launch", launch)
    if is_elsewhere(launch):
        raise UnableToDecide(launch.sent_elsewhere)
    launch_ledger.give_up_lost_launches(now)
    if not _is_quiet(launch, now):
        quiet_at = (launch.sent_at or launch.created_at) + QUIET_PERIOD
        raise UnableToDecide(
            f"It may still be on its way: wait until {quiet_at:%H:%M:%S} UTC, then look once more."
        )
    name = user.get_username()
    sentence = f"{name} said that no job upstream is this launch. It may be launched again."
    _decide(user, launch, now, state=LaunchState.NOT_FOUND, sentence=sentence)


def _decide(user: Person, launch: Launch, now: dt.datetime, **columns: object) -> None:
    if not _write(launch, decided_by=permissions.as_user(user), decided_at=now, **columns):
        raise UnableToDecide("It was decided meanwhile: see below.")


def _write(launch: Launch, **columns: object) -> bool:
    """Whether the launch was still looked for."""
    sought = Launch.objects.filter(pk=launch.pk, state__in=SOUGHT)
    before = launch.state
    with transaction.atomic():
        is_written = sought.update(**columns) == 1
    launch.refresh_from_db()
    if is_written and launch.state != before:
        facts = {"state": launch.state, "job_uid": launch.job_uid, "by": columns.get("decided_by")}
        logger.info(event("launch outcome", id=launch.pk, **facts))
    return is_written


def _not_answered(launch: Launch, now: dt.datetime, error: UpstreamError) -> None:
    sentence = f"Could not be looked for: {error.sentence}"
    is_over_now = now >= (launch.sent_at or launch.created_at) + SEARCHED_FOR
    state = LaunchState.NOT_PROVED if is_over_now else launch.state
    _write(launch, searched_at=now, state=state, sentence=sentence)


def _is_quiet(launch: Launch, now: dt.datetime) -> bool:
    return now >= (launch.sent_at or launch.created_at) + QUIET_PERIOD


def _unsure(found: Found) -> str:
    """Why nothing is proved."""
    count = len(found.candidates)
    if not count:
        return (
            "The upstream's list of jobs is too long to be read to its end, and none of those that "
            "were read is it. Look there before it is launched again."
        )
    jobs = "One job may be it" if count == 1 else f"{count} jobs may be it"
    others = ", ".join(map(str, found.rivals))
    if found.rivals:
        plural = "launch" if len(found.rivals) == 1 else "launches"
        return f"{jobs}, and may be that of {plural} {others} as well. Compare them below."
    if not found.is_whole:
        return f"{jobs}; the upstream's list of jobs is too long to be read to its end."
    return f"{jobs}; it is not proved. Compare them below."


def _encode(found: tuple[Candidate, ...]) -> bytes:
    shown = [
        ShownCandidate(
            uid=storable(one.job.uid),
            name=_text(one.job.name),
            scheduled=_text(one.job.scheduled_time),
            started=_text(one.job.start_time),
            number_inputs=one.job.number_inputs if isinstance(one.job.number_inputs, int) else None,
            rows=one.rows,
            moment=one.moment,
        )
        for one in found[:MOST_SHOWN]
    ]
    return msgspec.json.encode(shown)


def _text(value: object) -> str:
    return storable(value, 200) if isinstance(value, str) else ""
