"""Stopping a job, running it again, removing a schedule: each asked for once, and recorded.

They spend what an account may do in a day, so they go out as a launch does: with a token, a row
before the call, and no second call while one is under way, whoever pressed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError

from playground.contract.accounts import Message
from playground.contract.jobs import JobRetried
from playground.models import ChangeKind, Launch
from playground.redaction import texts
from playground.services import permissions
from playground.services.jobs import memory
from playground.services.ledger import changes
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger.changes import (
    Intent,
    SentBefore,
    Taken,
    Token,
    UnableToChange,
    UnusableForm,
)
from playground.services.ledger.send_once import Clock
from playground.services.permissions import Person
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.invalidation import Event
from playground.upstream import connections
from playground.upstream.client import WorkflowClient
from playground.upstream.errors import UpstreamError, UpstreamRefused

Answer = Message | JobRetried
# Of a removal: the upstream has no schedule of that name.
_UNKNOWN_NAME = 404
_DONE = {
    ChangeKind.CANCEL_JOB: "The upstream took the request to stop the job.",
    ChangeKind.RETRY_JOB: "The upstream took the request to run the job again.",
    ChangeKind.REMOVE_SCHEDULE: "The upstream took the request to remove the schedule.",
}


@dataclass(frozen=True, slots=True)
class Done:
    """`sentence` is the upstream's own, if it said one; `earlier` is when the form came first."""

    sentence: str
    earlier: dt.datetime | None = None


def cancel_job(user: Person, job_uid: str, *, seen: int, token: Token, clock: Clock) -> Done:
    """Stop a job, once for a token, unless more was done with it than the page had `seen`. Raises
    `UnableToChange`."""
    permissions.require(user, "change job", job_uid)
    launch_ledger.require_here(job_uid)
    intent = Intent(kind=ChangeKind.CANCEL_JOB, uid=job_uid, seen=seen)
    return _send(user, intent, lambda client: client.cancel_job(job_uid), token=token, clock=clock)


def retry_job(user: Person, job_uid: str, *, seen: int, token: Token, clock: Clock) -> Done:
    """Run a job again as it was, once for a token, unless more was done with it than the page had
    `seen`. Raises `UnableToChange`."""
    permissions.require(user, "change job", job_uid)
    launch_ledger.require_here(job_uid)
    intent = Intent(kind=ChangeKind.RETRY_JOB, uid=job_uid, seen=seen)
    try:
        return _send(
            user, intent, lambda client: client.retry_job(job_uid), token=token, clock=clock
        )
    finally:
        memory.follow_again(job_uid)


def list_schedules(user: Person, job_name: str) -> tuple[Launch, ...]:
    """The launches whose schedules end when that name is removed: all of them at once."""
    permissions.require(user, "see launches")
    return tuple(launch_ledger.list_unended(job_name))


def remove_schedule(user: Person, job_name: str, *, seen: int, token: Token, clock: Clock) -> Done:
    """End every repeat schedule of that job name (contract section 6, `DELETE /jobs/{job_name}`).

    Jobs that ran stay. Raises `UnableToChange`, also when a launch newer than those that the page
    had `seen` would lose its schedule too.
    """
    permissions.require(user, "change job", job_name)
    newer = launch_ledger.list_unended(job_name).filter(pk__gt=seen).first()
    if newer:
        raise UnableToChange(
            f"Launch {newer.pk} of {newer.user.get_username()} repeats under this name too, which "
            "the page did not show when you pressed, so nothing was sent. Look at the list once "
            "more: all of them would end.",
            is_draft_at_fault=False,
        )
    intent = Intent(kind=ChangeKind.REMOVE_SCHEDULE, uid=job_name, name=job_name)

    def call(client: WorkflowClient) -> Answer:
        try:
            return client.remove_schedule(job_name)
        except UpstreamRefused as error:
            if error.status == _UNKNOWN_NAME and is_doubtful:
                # So it was the request whose answer was lost that took effect.
                launch_ledger.end_schedules(job_name, clock())
            raise

    earlier = changes.list_removals(user, job_name, now=clock())
    is_doubtful = any(one.is_unknown for one in earlier)
    done = _send(user, intent, call, token=token, clock=clock)
    if done.earlier is None:
        launch_ledger.end_schedules(job_name, clock())
    return done


def _send(
    user: Person,
    intent: Intent,
    call: Callable[[WorkflowClient], Answer],
    *,
    token: Token,
    clock: Clock,
) -> Done:
    """Raises `UnableToChange`, also when the upstream refuses or its answer is lost."""
    answers: list[Answer] = []

    def send() -> Taken:
        answers.append(call(connections.connect()))
        return Taken(uid=intent.uid)

    changes.give_up_lost(clock())
    try:
        changes.send_once(user, intent, send, token=token, clock=clock)
    except SentBefore as repeat:
        if repeat.change.is_saved:
            return Done(_DONE[intent.kind], repeat.change.created_at)
        raise UnableToChange.because_sent(repeat, repeat.sentence) from None
    except UnusableForm as error:
        raise UnableToChange(error.sentence) from None
    except IntegrityError:
        raise changes.under_way(intent) from None
    except UpstreamError as error:
        raise UnableToChange.because_of(error, error.sentence) from None
    finally:
        invalidation.make_stale(
            Event.SCHEDULE_REMOVED
            if intent.kind == ChangeKind.REMOVE_SCHEDULE
            else Event.JOB_CHANGED
        )
    message = answers[0].message
    said = isinstance(message, str) and message
    return Done(texts.hide(said) if said else _DONE[intent.kind])
