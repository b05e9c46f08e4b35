"""Removing an account or a user: sent once, and only what was seen to end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db import IntegrityError

from playground.models import Change
from playground.payload.words import counted
from playground.services.ledger import changes
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
from playground.services.removals import ends
from playground.services.removals.ends import Ends, Thing
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.calls import UnableToReachUpstream
from playground.services.upstream_cache.invalidation import Event
from playground.upstream import connections
from playground.upstream.errors import (
    UpstreamError,
    UpstreamNeverReached,
    UpstreamOutcomeUnknown,
    UpstreamRefused,
)


class AlreadyGone(Exception):
    """Nothing was removed now: the upstream has no such thing."""


class EndsChanged(Exception):
    """Nothing was sent: what would end is not what the form showed, or cannot be told."""

    def __init__(self, ends: Ends) -> None:
        super().__init__()
        self.ends = ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """`earlier` is when, if that was another submit of the form. `is_looked_up`: the answer was
    lost, and the upstream's list has the thing no more."""

    earlier: dt.datetime | None = None
    is_looked_up: bool = False


def remove(person: Person, thing: Thing, *, seen: str, token: Token, clock: Clock) -> Removed:
    """Remove the thing, once for a token, if what ends is what was `seen`.

    Raises `AlreadyGone`, `EndsChanged`, `UnableToChange`, and `UnableToReachUpstream` when nothing
    was sent because what ends cannot be looked up.
    """
    thing.require(person)
    intent = Intent(kind=thing.kind, integration=thing.integration or "", uid=thing.uid)
    changes.give_up_lost(clock())
    try:
        # What was removed by this form is in no list: it is not asked for again.
        earlier = changes.find_sent(person, intent, token=token, now=clock())
    except UnusableForm as error:
        raise UnableToChange(error.sentence) from None
    if earlier is not None:
        return _earlier(earlier)
    looked_at = clock()
    found = _look(person, thing, looked_at)
    if found.blocked or found.differs(seen):
        raise EndsChanged(found)
    whole = _whole(intent, found)
    return _send(person, thing, whole, _call(thing, whole, looked_at), token=token, clock=clock)


def _look(person: Person, thing: Thing, now: dt.datetime) -> Ends:
    try:
        found = ends.look(person, thing, now=now)
    except UnableToReachUpstream as error:
        raise UnableToReachUpstream(
            f"Nothing was removed, because what would end cannot be looked up. {error.sentence}",
            status=error.status,
            detail=error.detail,
            retry_after=error.retry_after,
        ) from error
    if found is None:
        raise AlreadyGone
    return found


def _whole(intent: Intent, found: Ends) -> Intent:
    """With what is recorded of it."""
    if not found.thing.is_user:
        return replace(intent, name=found.name)
    return replace(
        intent,
        name=found.name,
        parts=(f"with {counted(len(found.accounts), 'account')}",),
        ended=tuple(one.uid for one in found.accounts),
    )


def _call(thing: Thing, intent: Intent, looked_at: dt.datetime) -> Callable[[], Taken]:
    """The one call; not made for what somebody else removed while it was looked at."""

    def call() -> Taken:
        other = changes.find_removal(intent, looked_at)
        if other is not None:
            raise UpstreamNeverReached(
                f"{other.user.get_username()} has just removed this {thing.word}."
            )
        client = connections.connect()
        if thing.integration is None:
            client.delete_user(thing.uid)
        else:
            client.delete_account(thing.integration, thing.uid)
        return Taken(uid=thing.uid)

    return call


def _send(
    person: Person,
    thing: Thing,
    intent: Intent,
    call: Callable[[], Taken],
    *,
    token: Token,
    clock: Clock,
) -> Removed:
    try:
        changes.send_once(person, intent, call, token=token, clock=clock)
    except SentBefore as repeat:
        return _earlier(repeat.change)
    except UnusableForm as error:
        raise UnableToChange(error.sentence) from None
    except IntegrityError:
        raise changes.under_way(intent) from None
    except UpstreamError as error:
        return _after(error, thing, token, clock)
    finally:
        _make_stale(thing)
    return Removed()


def _after(error: UpstreamError, thing: Thing, token: Token, clock: Clock) -> Removed:
    """What a call that brought no success comes to, when the upstream's list is asked."""
    if isinstance(error, UpstreamOutcomeUnknown):
        _make_stale(thing)
        if ends.is_gone(thing) and token is not None:
            changes.settle_removal(token, clock())
            return Removed(is_looked_up=True)
        raise UnableToChange.because_of(
            error,
            f"{error.sentence} It may still be in the list: look again in a minute. If it is there "
            "then, it may be removed again, which does no harm.",
        ) from None
    if isinstance(error, UpstreamRefused) and error.status == 404:
        _make_stale(thing)
        if ends.is_gone(thing):
            raise AlreadyGone from None
        raise UnableToChange(
            f"Nothing was removed: the upstream says that it has no such {thing.word} (404), and "
            "still lists it. It may not offer this call; remove it in the upstream's own app.",
            is_draft_at_fault=False,
        ) from None
    raise UnableToChange.because_of(error, f"Nothing was removed. {error.sentence}") from None


def _earlier(change: Change) -> Removed:
    """What another submit of the form gets."""
    if change.is_saved:
        return Removed(earlier=change.created_at)
    repeat = SentBefore(change)
    raise UnableToChange.because_sent(repeat, repeat.sentence)


def _make_stale(thing: Thing) -> None:
    if thing.integration is None:
        invalidation.make_stale(Event.USER_REMOVED)
    else:
        invalidation.make_stale(Event.ACCOUNT_REMOVED, integrations=[thing.integration])
