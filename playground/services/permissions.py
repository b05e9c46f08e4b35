"""Who may do what: one question, asked in one place, answered no by default."""

from __future__ import annotations

from typing import Literal, TypeGuard, cast

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User

from playground.models import Draft, Launch, Preset, RowSet, SharedPayload, Webhook

Action = Literal[
    "see workflows",
    "see accounts",
    "see users",
    "change user",
    "change account",
    "remove account",
    "remove user",
    "preview",
    "launch",
    "override preflight",
    "see launches",
    "search for launch",
    "decide launch",
    "see jobs",
    "change job",
    "see reference",
    "read reference documents",
    "see sandbox key",
    "call API",
    "change by API call",
    "use row set",
    "keep draft",
    "use preset",
    "change preset",
    "share payload",
    "see shared payload",
    "revoke shared payload",
    "keep webhook",
]

# Also for who is not signed in: what describes the API and names nobody's address.
_ANYBODY: frozenset[str] = frozenset({"read reference documents"})

# Everybody who is signed in works for the same team; roles will narrow this here.
_TEAM: frozenset[str] = frozenset(
    {
        "see workflows",
        "see accounts",
        "see users",
        "change user",
        "change account",
        "remove account",
        "remove user",
        "preview",
        "launch",
        "override preflight",
        "see launches",
        "search for launch",
        "decide launch",
        "see jobs",
        "change job",
        "see reference",
        "see sandbox key",
        "call API",
        "change by API call",
        "use row set",
        "keep draft",
        "use preset",
        "change preset",
        "share payload",
        "see shared payload",
        "revoke shared payload",
        "keep webhook",
    }
)

Person = AbstractBaseUser | AnonymousUser
Thing = Launch | RowSet | Draft | Preset | SharedPayload | Webhook | str | None


class NotAllowed(Exception):
    """The person may not do this; the page says so with status 403."""


def can(user: Person, action: Action, thing: Thing = None) -> bool:
    """Whether `user` may do `action` with `thing`: one of ours, or the UID of a workflow or a job.

    A row set and a draft belong to one person, and so does a preset or a webhook that is not the
    team's. What one has shared the others see, and only that one takes it back. All else is the
    team's.
    """
    if action in _ANYBODY:
        return True
    if not user.is_authenticated or not getattr(user, "is_active", False):
        return False
    if _is_of_one(thing, action) and thing.user_id != user.pk:
        return False
    return action in _TEAM


def _is_of_one(
    thing: Thing, action: Action
) -> TypeGuard[RowSet | Draft | Preset | SharedPayload | Webhook]:
    """Whether it is for one person alone."""
    if isinstance(thing, SharedPayload):
        return action == "revoke shared payload"
    if isinstance(thing, Preset | Webhook):
        return not thing.is_team
    return isinstance(thing, RowSet | Draft)


def require(user: Person, action: Action, thing: Thing = None) -> None:
    """Raise `NotAllowed` unless `can(user, action, thing)`."""
    if not can(user, action, thing):
        raise NotAllowed(f"You may not {action}.")


def as_user(person: Person) -> User:
    """The person as the ledgers record them, once something was required: only Django's own
    users get that far."""
    return cast(User, person)
