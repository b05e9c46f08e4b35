"""Changes of accounts and users: recorded before they are sent, and sent once.

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
from dataclasses import dataclass
from typing import cast

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from playground.models import Change, ChangeKind, ChangeState
from playground.services import permissions
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger.change_refusals import LOST, USED
from playground.services.ledger.change_refusals import SentBefore as SentBefore
from playground.services.ledger.change_refusals import UnusableForm as UnusableForm
from playground.services.ledger.column_text import indexable, storable
from playground.services.permissions import Person
from playground.upstream import targets
from playground.upstream.errors import UpstreamError, UpstreamNeverReached, UpstreamRefused

Clock = Callable[[], dt.datetime]
Token = uuid.UUID | None
MOST_SHOWN = 20
_LONGEST_NAME = 1_000
# For so long the list of accounts says that somebody does not know what came of adding one.
SHOWN_AS_OPEN = dt.timedelta(hours=1)
OF_ACCOUNTS = (
    ChangeKind.ADD_ACCOUNT,
    ChangeKind.UPDATE_ACCOUNT,
    ChangeKind.ANSWER_CHALLENGE,
)
OF_USERS = (ChangeKind.ADD_USER, ChangeKind.UPDATE_USER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A change before it is sent. `uid` is empty for what is to be added; `parts` name what was
    filled in, in words of ours."""

    kind: ChangeKind
    integration: str = ""
    uid: str = ""
    name: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What the upstream said of a change that it took. `is_valid` is None when it did not."""

    uid: str
    is_valid: bool | None = None


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
    is none.
    """
    if token is None:
        raise UnusableForm(LOST)
    change = _record(user, intent, token=token, now=clock())
    if change is None:
        raise _repeat(user, intent, token, clock())
    try:
        taken = call()
    except UpstreamError as error:
        _decide(change, _state_after(error), clock())
        raise
    _decide(change, ChangeState.SAVED, clock(), taken)
    return taken


def list_changes_of_account(
    user: Person, integration: str, uid: str, *, now: dt.datetime
) -> tuple[Change, ...]:
    """What was changed from here, or may have been; the newest first."""
    permissions.require(user, "see accounts", uid)
    found = _changes(OF_ACCOUNTS, uid).filter(integration=indexable(integration))
    return tuple(_shown(one, now) for one in found[:MOST_SHOWN])


def list_changes_of_user(user: Person, uid: str, *, now: dt.datetime) -> tuple[Change, ...]:
    """The same of one of the upstream's users."""
    permissions.require(user, "see users")
    return tuple(_shown(one, now) for one in _changes(OF_USERS, uid)[:MOST_SHOWN])


def list_open_additions(user: Person, *, now: dt.datetime) -> tuple[Change, ...]:
    """Accounts that were sent a short while ago, and may or may not have been added."""
    permissions.require(user, "see accounts")
    found = Change.objects.filter(
        launch_ledger.sent_here(),
        kind=ChangeKind.ADD_ACCOUNT,
        state__in=(ChangeState.SENDING, ChangeState.UNKNOWN),
        created_at__gt=now - SHOWN_AS_OPEN,
    ).select_related("user")
    shown = (_shown(one, now) for one in found[:MOST_SHOWN])
    return tuple(one for one in shown if one.is_unknown)


def _changes(kinds: tuple[ChangeKind, ...], uid: str) -> QuerySet[Change]:
    # Nobody's changes have no UID: those that were never known to have made anything.
    found = Change.objects.filter(
        launch_ledger.sent_here(), kind__in=kinds, uid=indexable(uid) or "-"
    )
    told = (ChangeState.SENDING, ChangeState.SAVED, ChangeState.UNKNOWN)
    return found.filter(state__in=told).select_related("user")


def _record(user: Person, intent: Intent, *, token: uuid.UUID, now: dt.datetime) -> Change | None:
    """The row in state `sending`, committed; None when the token was used before."""
    try:
        with transaction.atomic(durable=True):
            return Change.objects.create(
                token=token,
                # Only Django's own users get this far: `permissions.require` refuses others.
                user=cast(User, user),
                upstream=targets.name(),
                kind=intent.kind,
                integration=indexable(intent.integration),
                uid=indexable(intent.uid),
                name=storable(intent.name, _LONGEST_NAME),
                parts=", ".join(intent.parts),
                state=ChangeState.SENDING,
                created_at=now,
            )
    except IntegrityError:
        return None


def _repeat(
    user: Person, intent: Intent, token: uuid.UUID, now: dt.datetime
) -> SentBefore | UnusableForm:
    earlier = Change.objects.get(token=token)
    is_same = (
        (earlier.user_id, earlier.upstream, earlier.kind) == (user.pk, targets.name(), intent.kind)
        and earlier.integration == indexable(intent.integration)
        and earlier.name == storable(intent.name, _LONGEST_NAME)
        # What was added has a UID by now.
        and (not intent.uid or earlier.uid == indexable(intent.uid))
    )
    return SentBefore(_shown(earlier, now)) if is_same else UnusableForm(USED)


def _decide(
    change: Change, state: ChangeState, now: dt.datetime, taken: Taken | None = None
) -> None:
    """Write the outcome where it is still awaited."""
    changes: dict[str, object] = {"state": state, "decided_at": now}
    if taken:
        changes |= {"uid": indexable(taken.uid), "is_valid": taken.is_valid}
    Change.objects.filter(pk=change.pk, state=ChangeState.SENDING).update(**changes)


def _state_after(error: UpstreamError) -> ChangeState:
    if isinstance(error, UpstreamNeverReached):
        return ChangeState.UNREACHABLE
    return ChangeState.REFUSED if isinstance(error, UpstreamRefused) else ChangeState.UNKNOWN


def _shown(change: Change, now: dt.datetime) -> Change:
    """One whose process is lost is unknown, in this object only: looking changes nothing."""
    if change.is_sending and change.created_at < now - launch_ledger.LEASE:
        change.state = ChangeState.UNKNOWN
    return change
