"""Creating and updating users: each form is sent once. Contract section 4."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from playground.models import ChangeKind
from playground.services import permissions
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
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.invalidation import Event
from playground.services.users import directory as user_directory
from playground.services.users.directory import UserDraft
from playground.upstream import connections
from playground.upstream.errors import UpstreamError


class UnableToSaveUser(UnableToChange):
    """The user was not saved, or nobody knows. `problems` are sentences by field of the draft."""

    def __init__(
        self, sentence: str, problems: Mapping[str, str] | None = None, **known: bool
    ) -> None:
        super().__init__(sentence, **known)
        self.problems = problems or {}


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
    problems = user_directory.find_problems(draft, is_new=not uid)
    if problems:
        raise UnableToSaveUser("Nothing was sent. Correct what is marked.", problems)
    save = user_directory.build_save(draft, uid=uid)

    def send() -> Taken:
        return Taken(uid=connections.connect().save_user(save).user.uid)

    try:
        taken = changes.send_once(person, _intent(draft, uid), send, token=token, clock=clock)
    except SentBefore as repeat:
        change = repeat.change
        if change.is_saved:
            return UserSaved(uid=change.uid, earlier=change.created_at)
        raise UnableToSaveUser.because_sent(repeat, repeat.sentence) from None
    except UnusableForm as error:
        raise UnableToSaveUser(error.sentence) from None
    except UpstreamError as error:
        raise UnableToSaveUser.because_of(error, error.sentence) from error
    finally:
        invalidation.make_stale(Event.USER_CHANGED)
    return UserSaved(uid=taken.uid)


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
