"""Creating and updating users: each form is sent once. Contract section 4."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from playground.models import ChangeKind
from playground.services import changes, permissions, users
from playground.services.changes import Clock, Intent, SentBefore, Taken, Token, UnusableForm
from playground.services.permissions import Person
from playground.services.users import UserDraft
from playground.upstream import connections
from playground.upstream.errors import UpstreamError, UpstreamOutcomeUnknown, UpstreamRefused


class UnableToSaveUser(Exception):
    """The user was not saved, or nobody knows. `problems` are sentences by field of the draft.

    `is_draft_at_fault` is False when only the upstream's state or the way to it stands between
    the draft and the user. `is_unknown`: it may have been saved, which the list of users can tell.
    """

    def __init__(
        self,
        sentence: str,
        problems: Mapping[str, str] | None = None,
        *,
        is_draft_at_fault: bool = True,
        is_unknown: bool = False,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.problems = problems or {}
        self.is_draft_at_fault = is_draft_at_fault
        self.is_unknown = is_unknown


class StillSavingUser(UnableToSaveUser):
    """The same form is being sent at this moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSaved:
    """`earlier` is when the user was saved, if that was not now: the form came before."""

    uid: str
    earlier: dt.datetime | None = None


def save_user(
    person: Person, draft: UserDraft, *, uid: str = "", token: Token, clock: Clock
) -> UserSaved:
    """Create a user, or update the one of this UID, once for a token.

    Raises `UnableToSaveUser`, also when the upstream refuses or its answer is lost.
    """
    permissions.require(person, "change user")
    problems = users.find_problems(draft, is_new=not uid)
    if problems:
        raise UnableToSaveUser("Nothing was sent. Correct what is marked.", problems)
    save = users.build_save(draft, uid=uid)

    def send() -> Taken:
        return Taken(uid=connections.connect().save_user(save).user.uid)

    try:
        taken = changes.send_once(person, _intent(draft, uid), send, token=token, clock=clock)
    except SentBefore as repeat:
        return _sent_before(repeat)
    except UnusableForm as error:
        raise UnableToSaveUser(error.sentence) from None
    except UpstreamError as error:
        raise UnableToSaveUser(
            error.sentence,
            is_draft_at_fault=isinstance(error, UpstreamRefused) and error.is_body_at_fault,
            is_unknown=isinstance(error, UpstreamOutcomeUnknown),
        ) from error
    finally:
        users.forget_everything()
    return UserSaved(uid=taken.uid)


def _sent_before(repeat: SentBefore) -> UserSaved:
    """The stored outcome. Raises `UnableToSaveUser` unless it was saved."""
    change = repeat.change
    if change.is_saved:
        return UserSaved(uid=change.uid, earlier=change.created_at)
    if change.is_sending:
        raise StillSavingUser(repeat.sentence) from None
    raise UnableToSaveUser(
        repeat.sentence, is_draft_at_fault=change.is_refused, is_unknown=change.is_unknown
    ) from None


def _intent(draft: UserDraft, uid: str) -> Intent:
    given = {
        "e-mail": draft.email,
        "name": draft.full_name,
        "country": draft.country,
        "time zone": draft.timezone,
    }
    return Intent(
        kind=ChangeKind.UPDATE_USER if uid else ChangeKind.ADD_USER,
        uid=uid,
        # All that tells one form from another: none of it is secret.
        name=" \u00b7 ".join(text.strip() for text in given.values()),
        parts=tuple(part for part, text in given.items() if text.strip()),
    )
