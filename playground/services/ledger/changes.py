"""Changes of accounts, users, jobs and schedules: recorded before they are sent, and sent once.

sending → saved         the upstream took it
        → refused       a definite refusal: nothing was changed
        → unreachable   provably never sent
        → unknown       anything else, or the process died while sending

Each rendered form carries a token; what comes with it once more is not sent. Neither a secret nor
anything made from one is recorded, so that a repeat is told from another change by what is public.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Self

from django.db.models import QuerySet

from playground.models import Change, ChangeKind, ChangeState
from playground.services import permissions
from playground.services.ledger.column_text import indexable, storable
from playground.services.ledger.send_once import (
    LEASE,
    Clock,
    Columns,
    Form,
    Ledger,
    is_lost,
    lost,
    sent_here,
)
from playground.services.permissions import Person
from playground.upstream import targets
from playground.upstream.errors import UpstreamError, UpstreamOutcomeUnknown, UpstreamRefused

Token = uuid.UUID | None
MOST_SHOWN = 20
_LONGEST_NAME = 1_000
# For so long the list of accounts says that somebody does not know what came of adding one.
SHOWN_AS_OPEN = dt.timedelta(hours=1)
OF_ACCOUNTS = (
    ChangeKind.ADD_ACCOUNT,
    ChangeKind.UPDATE_ACCOUNT,
    ChangeKind.ANSWER_CHALLENGE,
    ChangeKind.REMOVE_ACCOUNT,
)
# What changed something, or may have.
_TOLD = (ChangeState.SENDING, ChangeState.SAVED, ChangeState.UNKNOWN)
OF_JOBS = (ChangeKind.RETRY_JOB, ChangeKind.CANCEL_JOB)
# By which accounts, and users, are gone.
ACCOUNTS_GONE = (ChangeKind.REMOVE_ACCOUNT, ChangeKind.REMOVE_USER)
USERS_GONE = (ChangeKind.REMOVE_USER,)
OF_USERS = (ChangeKind.ADD_USER, ChangeKind.UPDATE_USER, ChangeKind.REMOVE_USER)
# For so long the lists of accounts and users say what was removed, and by whom.
SHOWN_AS_REMOVED = dt.timedelta(hours=24)
_LOST = "This form has lost its token. Nothing was sent; it has a new one now."
_USED = (
    "This form was sent before, as something else. Nothing was sent now: send it once more to "
    "send what it holds now."
)
_SENT_BEFORE = {
    ChangeState.SENDING: "This form is being sent at this moment, and is not sent twice. Wait a "
    "moment, then look at what came of it.",
    ChangeState.SAVED: "This form was sent before, and saved. Nothing was sent now.",
    ChangeState.REFUSED: "This form was sent before, and the upstream refused it. Nothing was sent "
    "now.",
    ChangeState.UNREACHABLE: "This form was sent before, and did not reach the upstream. Nothing "
    "was sent now.",
    ChangeState.UNKNOWN: "This form was sent before, and it is not known whether it took effect. "
    "Nothing was sent now: look there before you send it again.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A change before it is sent. `uid` is empty for what is to be added; `parts` name what was
    filled in, in words of ours; `ended` are the UIDs of accounts that end with a user. `seen` is
    the number of the newest change of the job that the page with the form told of, 0 for none."""

    kind: ChangeKind
    integration: str = ""
    uid: str = ""
    name: str = ""
    parts: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    seen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What the upstream said of a change that it took. `is_valid` is None when it did not."""

    uid: str
    is_valid: bool | None = None


class SentBefore(Exception):
    """The form came before, with the same change: nothing was sent now."""

    def __init__(self, change: Change) -> None:
        super().__init__(str(change))
        self.change = change

    @property
    def sentence(self) -> str:
        """What became of it."""
        return _SENT_BEFORE[ChangeState(self.change.state)]


class UnusableForm(Exception):
    """Nothing was sent: the form needs a new token. `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class UnableToChange(Exception):
    """It was not changed, or nobody knows. `sentence` says what to do.

    `is_draft_at_fault` is False when only the upstream's state or the way to it stands between
    the draft and the change. `is_unknown`: it may have been made, which the upstream's list can
    tell. `is_sending`: the same form is being sent at this moment.
    """

    def __init__(
        self,
        sentence: str,
        *,
        is_draft_at_fault: bool = True,
        is_unknown: bool = False,
        is_sending: bool = False,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.is_draft_at_fault = is_draft_at_fault
        self.is_unknown = is_unknown
        self.is_sending = is_sending

    @classmethod
    def because_of(cls, error: UpstreamError, sentence: str) -> Self:
        return cls(
            sentence,
            is_draft_at_fault=isinstance(error, UpstreamRefused) and error.is_body_at_fault,
            is_unknown=isinstance(error, UpstreamOutcomeUnknown),
        )

    @classmethod
    def because_sent(cls, repeat: SentBefore, sentence: str) -> Self:
        """The stored outcome of a form that came before."""
        change = repeat.change
        return cls(
            sentence,
            is_draft_at_fault=change.is_refused,
            is_unknown=change.is_unknown,
            is_sending=change.is_sending,
        )


_LEDGER = Ledger(model=Change, refused=ChangeState.REFUSED)


def send_once(
    user: Person,
    intent: Intent,
    call: Callable[[], Taken],
    *,
    token: Token,
    clock: Clock,
) -> Taken:
    """Record the change and make the `call` that sends it. Raises the `UpstreamError` of `call`.

    Raises `SentBefore` or `UnusableForm` without making the `call` when the token was used, or
    is none, and `UnableToChange` while another one like it may still take effect.
    """
    if token is None:
        raise UnusableForm(_LOST)
    taken: list[Taken] = []

    def refuse_other(earlier: Change) -> None:
        if not _is_same(earlier, user, intent):
            raise UnusableForm(_USED)

    def send(_: Change) -> Columns:
        answer = call()
        taken.append(answer)
        columns = {"uid": indexable(answer.uid), "is_valid": answer.is_valid}
        return {"state": ChangeState.SAVED, "decided_at": clock(), **columns}

    form = Form(
        refuse_other=refuse_other,
        call=send,
        after_error=lambda _: {"decided_at": clock()},
        record_more=partial(_refuse_another, seen=intent.seen),
    )
    sent = _LEDGER.send_once(_new_row(user, intent, token=token, now=clock()), form)
    if sent.error:
        raise sent.error
    if sent.is_repeat:
        raise SentBefore(_shown(sent.row, clock()))
    return taken[0]


def find_sent(user: Person, intent: Intent, *, token: Token, now: dt.datetime) -> Change | None:
    """What became of a form that came before, whatever its thing is called by now; None if it did
    not. Raises `UnusableForm` when the token is none, or was used for something else."""
    if token is None:
        raise UnusableForm(_LOST)
    earlier = Change.objects.filter(token=token).select_related("user").first()
    if earlier is None:
        return None
    if not _is_same(earlier, user, replace(intent, name=earlier.name)):
        raise UnusableForm(_USED)
    return _shown(earlier, now)


def under_way(intent: Intent) -> UnableToChange:
    """Somebody else, or another tab, asked for the same and waits for the answer."""
    other = (
        Change.objects.filter(
            sent_here(),
            kind=intent.kind,
            uid=indexable(intent.uid),
            state=ChangeState.SENDING,
        )
        .select_related("user")
        .first()
    )
    by = f" by {other.user.get_username()}" if other else ""
    return UnableToChange(
        f"The same is being asked for at this moment{by}, and is not sent twice. Wait a moment, "
        "then look at what came of it.",
        is_sending=True,
    )


def _refuse_another(row: Change, *, seen: int) -> None:
    """Raise `UnableToChange` while an earlier request to run the job again, whose answer was lost,
    may still be on its way, and when it was stopped or run again since the page with the form was
    drawn: both would take effect."""
    if row.kind not in OF_JOBS:
        return
    others = _changes(OF_JOBS, row.uid).exclude(pk=row.pk)
    retries = others.filter(kind=ChangeKind.RETRY_JOB, state=ChangeState.UNKNOWN)
    lost = retries.filter(created_at__gt=row.created_at - LEASE).first()
    if lost and row.kind == ChangeKind.RETRY_JOB:
        raise UnableToChange(
            f"{lost.user.get_username()} asked for the same at {lost.created_at:%H:%M:%S} UTC, and "
            "it is not known whether it took effect: it may still be on its way. Wait until "
            f"{lost.created_at + LEASE:%H:%M:%S} UTC, then look at the job first.",
            is_draft_at_fault=False,
        )
    unseen = others.filter(pk__gt=seen).first()
    if unseen:
        what = "stop this job" if unseen.kind == ChangeKind.CANCEL_JOB else "run this job again"
        raise UnableToChange(
            f"{unseen.user.get_username()} asked to {what} at {unseen.created_at:%H:%M:%S} UTC, "
            "which the page did not tell when you pressed, so nothing was sent. Look at the job as "
            "it is now, and press once more if you still want it.",
            is_draft_at_fault=False,
        )


def find_removal(intent: Intent, since: dt.datetime) -> Change | None:
    """One of the same thing that took effect since then. Removals of one thing come one after the
    other, so whoever has begun one sees what the one before came to."""
    done = Change.objects.filter(
        sent_here(),
        kind=intent.kind,
        uid=indexable(intent.uid),
        state=ChangeState.SAVED,
        decided_at__gte=since,
    )
    return done.select_related("user").first()


def settle_removal(token: uuid.UUID, now: dt.datetime) -> None:
    """The answer was lost, and a list that was asked for since has the thing no more."""
    unknown = Change.objects.filter(token=token, state=ChangeState.UNKNOWN)
    unknown.update(state=ChangeState.SAVED, decided_at=now)


def give_up_lost(now: dt.datetime) -> None:
    """Changes whose process died while sending become *unknown*: nothing waits for them."""
    dead = lost(Change.objects.all(), now, since="created_at", token="token")  # noqa: S106
    dead.update(state=ChangeState.UNKNOWN, decided_at=now)


def list_changes_of_job(user: Person, job_uid: str, *, now: dt.datetime) -> tuple[Change, ...]:
    """Who stopped the job or ran it again from here, or may have; the newest first."""
    permissions.require(user, "see jobs", job_uid)
    return tuple(_shown(one, now) for one in _changes(OF_JOBS, job_uid)[:MOST_SHOWN])


def list_removals(user: Person, job_name: str, *, now: dt.datetime) -> tuple[Change, ...]:
    """Who removed the schedules of that name from here, or may have; the newest first."""
    permissions.require(user, "see launches")
    found = _changes((ChangeKind.REMOVE_SCHEDULE,), job_name)
    return tuple(_shown(one, now) for one in found[:MOST_SHOWN])


def list_changes_of_account(
    user: Person, integration: str, uid: str, *, now: dt.datetime
) -> tuple[Change, ...]:
    """What was changed from here, or may have been; the newest first."""
    permissions.require(user, "see accounts", uid)
    found = _changes(OF_ACCOUNTS, uid).filter(integration=indexable(integration))
    its_own = tuple(_shown(one, now) for one in found[:MOST_SHOWN])
    return (*_removals_with(uid, now), *its_own)


def list_changes_of_user(user: Person, uid: str, *, now: dt.datetime) -> tuple[Change, ...]:
    """The same of one of the upstream's users."""
    permissions.require(user, "see users")
    return tuple(_shown(one, now) for one in _changes(OF_USERS, uid)[:MOST_SHOWN])


def list_open_additions(user: Person, *, now: dt.datetime) -> tuple[Change, ...]:
    """Accounts that were sent a short while ago, and may or may not have been added."""
    permissions.require(user, "see accounts")
    found = Change.objects.filter(
        sent_here(),
        kind=ChangeKind.ADD_ACCOUNT,
        state__in=(ChangeState.SENDING, ChangeState.UNKNOWN),
        created_at__gt=now - SHOWN_AS_OPEN,
    ).select_related("user")
    shown = (_shown(one, now) for one in found[:MOST_SHOWN])
    return tuple(one for one in shown if one.is_unknown)


def list_removals_of(
    user: Person, kinds: tuple[ChangeKind, ...], *, now: dt.datetime
) -> tuple[Change, ...]:
    """What was removed from here since yesterday, or may have been; newest first."""
    permissions.require(user, "see accounts")
    found = Change.objects.filter(
        sent_here(),
        kind__in=kinds,
        state__in=_TOLD,
        created_at__gt=now - SHOWN_AS_REMOVED,
    ).select_related("user")
    return tuple(_shown(one, now) for one in found[:MOST_SHOWN])


def _removals_with(account_uid: str, now: dt.datetime) -> tuple[Change, ...]:
    """Removals of a user with whom the account ended. There are few of them."""
    uid = indexable(account_uid)
    found = Change.objects.filter(
        sent_here(),
        kind=ChangeKind.REMOVE_USER,
        state__in=_TOLD,
        ended__contains=uid or "-",
    ).select_related("user")
    return tuple(_shown(one, now) for one in found[:MOST_SHOWN] if uid in one.ended.split("\n"))


def _changes(kinds: tuple[ChangeKind, ...], uid: str) -> QuerySet[Change]:
    # Nobody's changes have no UID: those that were never known to have made anything.
    found = Change.objects.filter(sent_here(), kind__in=kinds, uid=indexable(uid) or "-")
    return found.filter(state__in=_TOLD).select_related("user")


def _new_row(user: Person, intent: Intent, *, token: uuid.UUID, now: dt.datetime) -> Change:
    return Change(
        token=token,
        user=permissions.as_user(user),
        upstream=targets.name(),
        kind=intent.kind,
        integration=indexable(intent.integration),
        uid=indexable(intent.uid),
        name=storable(intent.name, _LONGEST_NAME),
        parts=", ".join(intent.parts),
        ended="\n".join(map(indexable, intent.ended)),
        state=ChangeState.SENDING,
        created_at=now,
    )


def _is_same(earlier: Change, user: Person, intent: Intent) -> bool:
    return (
        (earlier.user_id, earlier.kind) == (user.pk, intent.kind)
        and not earlier.is_elsewhere
        and earlier.integration == indexable(intent.integration)
        and earlier.name == storable(intent.name, _LONGEST_NAME)
        # What was added has a UID by now.
        and (not intent.uid or earlier.uid == indexable(intent.uid))
    )


def _shown(change: Change, now: dt.datetime) -> Change:
    """One whose process is lost is unknown, in this object only: looking changes nothing."""
    if change.is_sending and is_lost(change.created_at, now, change.token):
        change.state = ChangeState.UNKNOWN
    return change
