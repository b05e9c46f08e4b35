"""What ends when an account or a user is removed, as far as it can be known.

What could not be asked for, or is not all there is, is named in `unknown`: it stands for nothing
else, least of all for "none".
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from playground.contract import wire
from playground.contract.accounts import Account, User, UserAccount
from playground.credentials.kinds import needs_of
from playground.models import ChangeKind, Launch
from playground.services import permissions
from playground.services.accounts import lookup as account_lookup
from playground.services.accounts import owners as account_owners
from playground.services.accounts.lookup import AccountsFound
from playground.services.accounts.owners import Surroundings
from playground.services.jobs import using
from playground.services.jobs.using import MOST_NAMED, UsingJob
from playground.services.ledger import launches as launch_ledger
from playground.services.permissions import Person
from playground.services.upstream_cache.calls import UnableToReachUpstream
from playground.services.users import directory as user_directory
from playground.services.users.directory import Directory
from playground.services.workflows.usage import UsesFound, WorkflowUse
from playground.upstream import targets

# Accounts of one user that can be removed by name.
MOST_ACCOUNTS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What is to be removed: an account of an integration, or a user, who has none."""

    uid: str
    integration: str | None = None

    @property
    def is_user(self) -> bool:
        return self.integration is None

    @property
    def word(self) -> str:
        return "user" if self.is_user else "account"

    @property
    def kind(self) -> ChangeKind:
        return ChangeKind.REMOVE_USER if self.is_user else ChangeKind.REMOVE_ACCOUNT

    def require(self, person: Person) -> None:
        """Raises `NotAllowed`."""
        permissions.require(person, "remove user" if self.is_user else "remove account", self.uid)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingAccount:
    """An account that ends. `others` are further users with whom the upstream lists it."""

    uid: str
    integration: str
    name: str = ""
    is_shared: bool = False
    others: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return needs_of(self.integration).title if self.integration else "Integration not told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """How many valid accounts an integration has afterwards; None when that is not known."""

    title: str
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """All that ends, or loses an account. `owner` is of an account, None where it has none.

    `blocked` says why the thing cannot be removed from here: what ends with it is not known.
    """

    thing: Thing
    name: str
    accounts: tuple[EndingAccount, ...]
    owner: User | None = None
    is_owner_known: bool = True
    left: tuple[Left, ...] = ()
    workflows: tuple[WorkflowUse, ...] = ()
    jobs: tuple[UsingJob, ...] = ()
    asked_workflows: int = 0
    schedules: tuple[Launch, ...] = ()
    unknown: tuple[str, ...] = ()
    blocked: str = ""

    @property
    def seen(self) -> str:
        """What a form that shows this tells of it: a fingerprint of what is removed, and one of
        each job and schedule that is named."""
        owner = self.owner.uid if self.owner else str(self.is_owner_known)
        told = [
            targets.name(),
            self.thing.uid,
            str(self.thing.integration),
            *([] if self.thing.is_user else [self.name, owner]),
            *sorted(f"{one.integration} {one.uid}" for one in self.accounts),
        ]
        used = [f"job {one.job.uid}" for one in self.jobs]
        used += [f"schedule {one.pk}" for one in self.schedules]
        return " ".join([_digest(*told), *map(_digest, used)])

    def differs(self, seen: str) -> bool:
        """Whether a form that told so showed something else. A job that is over since, or a
        schedule that is removed, is no difference: less ends than was seen."""
        told = seen.split()
        now = self.seen.split()
        return told[:1] != now[:1] or not set(now) <= set(told)


def look(person: Person, thing: Thing, *, now: dt.datetime) -> Ends | None:
    """What ends with the thing, asked for anew; None when the upstream has it no more.

    Raises `UnableToReachUpstream` when the thing itself cannot be looked up.
    """
    thing.require(person)
    if thing.integration is None:
        return _look_at_user(thing, now)
    return _look_at_account(thing, thing.integration, now)


def is_gone(thing: Thing) -> bool:
    """Whether a whole list that is asked for now has the thing no more."""
    with suppress(UnableToReachUpstream):
        if thing.integration is None:
            user_directory.renew_directory()
            directory = user_directory.find_directory()
            return directory.is_whole and _user_in(directory, thing.uid) is None
        listed = account_lookup.find([thing.integration], max_age=0.0)
        is_known = thing.integration in listed.whole and not listed.problems
        return is_known and _account_in(listed, thing.integration, thing.uid) is None
    return False


def _look_at_account(thing: Thing, integration: str, now: dt.datetime) -> Ends | None:
    listed = account_lookup.find([integration], max_age=0.0)
    problem = listed.problems.get(integration, "")
    if problem or integration not in listed.by_integration:
        status = 404 if integration in listed.missing else None
        raise UnableToReachUpstream(problem, status=status)
    account = _account_in(listed, integration, thing.uid)
    if account is None and integration in listed.whole:
        return None
    world = _look_around()
    directory = world.directory
    return _ends(
        thing,
        EndsOf(
            name=_text(account.name) if account else "",
            accounts=(_ending(thing.uid, integration, account, ()),),
            owner=directory.owners.get(thing.uid) if directory else None,
            is_owner_known=directory is not None and directory.is_whole,
            unknown=()
            if account
            else ("Its name: there are more accounts than are looked through.",),
        ),
        world,
        listed,
        now,
    )


def _look_at_user(thing: Thing, now: dt.datetime) -> Ends | None:
    world = _look_around()
    if world.directory is None:
        raise UnableToReachUpstream(world.owners_problem)
    user = _user_in(world.directory, thing.uid)
    if user is None:
        return None if world.directory.is_whole else _blocked(thing, _BEYOND)
    name = user_directory.name_of(user)
    if not isinstance(user.accounts, tuple):
        return _blocked(thing, _NOT_TOLD, name)
    if len(user.accounts) > MOST_ACCOUNTS:
        return _blocked(thing, _TOO_MANY, name)
    slugs = dict.fromkeys(filter(None, map(_slug, user.accounts)))
    listed = account_lookup.find(slugs, max_age=0.0)
    known = {one.uid: one for found in listed.by_integration.values() for one in found}
    others = _others(world.directory, user)
    accounts = tuple(
        _ending(one.uid, _slug(one), known.get(one.uid), others.get(one.uid, ()))
        for one in user.accounts
    )
    problems = tuple(f"Names of accounts. {one}" for one in listed.problems.values())
    facts = EndsOf(name=name, accounts=accounts, unknown=problems)
    return _ends(thing, facts, world, listed, now)


_BEYOND = (
    "There are more users than are looked through, so which accounts would end with this one is "
    "not known. It is not removed from here."
)
_NOT_TOLD = (
    "The upstream does not tell which accounts this user has, so what would end is not known. It "
    "is not removed from here."
)
_TOO_MANY = (
    f"This user has more than {MOST_ACCOUNTS} accounts, which is more than can be shown and asked "
    "at once. Remove accounts first."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndsOf:
    """What is known of the thing itself."""

    name: str
    accounts: tuple[EndingAccount, ...]
    owner: User | None = None
    is_owner_known: bool = True
    unknown: tuple[str, ...] = ()


def _ends(
    thing: Thing, facts: EndsOf, world: Surroundings, listed: AccountsFound, now: dt.datetime
) -> Ends:
    """With what uses the accounts."""
    uids = [one.uid for one in facts.accounts]
    slugs = tuple(dict.fromkeys(one.integration for one in facts.accounts if one.integration))
    schedules = tuple(launch_ledger.list_unended_of(uids)[: MOST_NAMED + 1])
    workflows = _workflows(world.uses, slugs)
    found = using.find_jobs(uids, workflows, schedules, now)
    cut = (f"Schedules beyond the first {MOST_NAMED}.",) if len(schedules) > MOST_NAMED else ()
    return Ends(
        thing=thing,
        name=facts.name,
        accounts=facts.accounts,
        owner=facts.owner,
        is_owner_known=facts.is_owner_known,
        left=tuple(_left(slug, listed, frozenset(uids)) for slug in slugs),
        workflows=workflows,
        jobs=found.jobs,
        asked_workflows=found.asked,
        schedules=schedules[:MOST_NAMED],
        unknown=(*facts.unknown, *_unknown_around(thing, world), *found.unknown, *cut),
    )


def _unknown_around(thing: Thing, world: Surroundings) -> tuple[str, ...]:
    found = []
    if not thing.is_user and world.owners_problem:
        found.append(f"The owner. {world.owners_problem}")
    elif not thing.is_user and world.directory and not world.directory.is_whole:
        found.append("The owner, if the first users do not have it: not all are looked through.")
    if world.uses.missing or world.uses.problem:
        which = f"{world.uses.missing} of the workflows" if world.uses.missing else "Workflows"
        found.append(f"{which} that may use it. {world.uses.problem}".rstrip())
    return tuple(found)


def _workflows(uses: UsesFound, slugs: Iterable[str]) -> tuple[WorkflowUse, ...]:
    """Each once, with its steps that take any of these integrations' accounts."""
    wanted = set(slugs)
    found = []
    for use in uses.workflows:
        steps = tuple(step for step in use.steps if wanted & set(step.integrations))
        if steps:
            found.append(WorkflowUse(summary=use.summary, steps=steps))
    return tuple(found)


def _left(slug: str, listed: AccountsFound, ending: frozenset[str]) -> Left:
    is_known = slug in listed.whole and slug not in listed.problems
    others = [one for one in listed.by_integration.get(slug, ()) if one.uid not in ending]
    count = sum(one.is_valid is True for one in others) if is_known else None
    return Left(title=needs_of(slug).title, count=count)


def _look_around() -> Surroundings:
    # What came of it, `look_around` tells.
    with suppress(UnableToReachUpstream):
        user_directory.renew_directory()
    return account_owners.look_around()


def _others(directory: Directory, user: User) -> dict[str, tuple[str, ...]]:
    """Account UID → names of further users that have it."""
    found: dict[str, tuple[str, ...]] = {}
    for other in directory.users:
        if other.uid != user.uid:
            for one in other.accounts or ():
                found[one.uid] = (*found.get(one.uid, ()), user_directory.name_of(other))
    return found


def _blocked(thing: Thing, why: str, name: str = "") -> Ends:
    return Ends(thing=thing, name=name, accounts=(), blocked=why)


def _ending(
    uid: str, integration: str, account: Account | None, others: tuple[str, ...]
) -> EndingAccount:
    return EndingAccount(
        uid=uid,
        integration=integration,
        name=_text(account.name) if account else "",
        is_shared=account is not None and account.is_shared is True,
        others=others,
    )


def _account_in(listed: AccountsFound, integration: str, uid: str) -> Account | None:
    found = listed.by_integration.get(integration, ())
    return next((one for one in found if one.uid == uid), None)


def _user_in(directory: Directory, uid: str) -> User | None:
    return next((one for one in directory.users if one.uid == uid), None)


def _slug(account: UserAccount) -> str:
    return _text(account.application_permalink)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _digest(*texts: str) -> str:
    return hashlib.sha256(wire.encode(texts)).hexdigest()[:12]
