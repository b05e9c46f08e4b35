"""Integrations and their accounts: who owns them, what they may still do, what uses them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator

from playground.contract.accounts import Account, User
from playground.services import permissions, users, workflow_uses, workflows
from playground.services.asking import UnableToReachUpstream
from playground.services.gathering import Gathered, gather
from playground.services.gauges import Gauge, has_used_up, read_gauges
from playground.services.permissions import Person
from playground.services.users import Directory
from playground.services.workflow_uses import UsesFound, WorkflowUse

PAGE_SIZE = 50
# A page waits so many seconds for workflows and users, and so many for accounts.
USES_PATIENCE, ACCOUNTS_PATIENCE = 3.0, 3.0
STATES = {
    "valid": "Valid",
    "not-valid": "Not valid",
    "used-up": "Limit used up",
    "shared": "Shared",
}
_SLOW = "The upstream takes long to list these accounts. Reload to go on."


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFilter:
    """What the list is narrowed to; empty means everything."""

    text: str = ""
    integration: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEntry:
    """One account. `owner` is None when nobody lists it, or when the users are not known."""

    account: Account
    integration: str
    owner: User | None
    gauges: tuple[Gauge, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationFound:
    """An integration with all its accounts, or with why they are not known."""

    slug: str
    entries: tuple[AccountEntry, ...] = ()
    problem: str = ""

    @property
    def title(self) -> str:
        """Its name, as its accounts tell it; else its slug."""
        names = (entry.account.application_name for entry in self.entries)
        return next((name for name in names if isinstance(name, str) and name), self.slug)

    @property
    def not_valid_count(self) -> int:
        return sum(entry.account.is_valid is False for entry in self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsPage:
    """A page of accounts, and every integration that there is, whatever the page shows."""

    integrations: tuple[IntegrationFound, ...]
    page: Page[AccountEntry]
    uses: UsesFound
    owners_problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDetail:
    """One account with what can use it. `entry` is None when the upstream lists it no more."""

    entry: AccountEntry | None
    integration: IntegrationFound
    uses: UsesFound
    workflows: tuple[WorkflowUse, ...]
    owners_problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """What accounts are seen with: the workflows that use them, and their owners."""

    uses: UsesFound
    directory: Directory | None
    owners_problem: str
    integrations: tuple[str, ...] = field(default=())


def list_accounts(
    person: Person, wanted: AccountFilter, *, number: int, now: dt.datetime
) -> AccountsPage:
    """The accounts of every integration that is in use; a page past the end is the last one.

    What fails or is slow is named where it belongs. Raises `UnableToReachUpstream` only when
    neither workflows nor users can be listed.
    """
    permissions.require(person, "see accounts")
    world = _look_around()
    gathered = gather(
        {slug: _question(slug) for slug in world.integrations}, seconds=ACCOUNTS_PATIENCE
    )
    integrations = tuple(_found(slug, gathered, world, now) for slug in world.integrations)
    fitting = [
        entry
        for integration in integrations
        if wanted.integration in ("", integration.slug)
        for entry in integration.entries
        if _fits(entry, wanted)
    ]
    return AccountsPage(
        integrations=integrations,
        page=Paginator(fitting, PAGE_SIZE).get_page(number),
        uses=world.uses,
        owners_problem=world.owners_problem,
    )


def get_account(person: Person, integration: str, uid: str, *, now: dt.datetime) -> AccountDetail:
    """One account. Raises `UnableToReachUpstream` when its integration cannot be listed."""
    permissions.require(person, "see accounts", uid)
    accounts = workflows.list_accounts(integration)
    world = _look_around(needs_any=False)
    found = _found(integration, Gathered(answers={integration: accounts}, problems={}), world, now)
    return AccountDetail(
        entry=next((entry for entry in found.entries if entry.account.uid == uid), None),
        integration=found,
        uses=world.uses,
        workflows=world.uses.of(integration),
        owners_problem=world.owners_problem,
    )


def check_again(person: Person, integration: str) -> None:
    """The next look asks the upstream for this integration's accounts anew."""
    permissions.require(person, "see accounts", integration)
    workflows.forget_everything()


def _look_around(*, needs_any: bool = True) -> _World:
    """Workflows and users, as far as they come in time."""
    directory, owners_problem = None, ""
    gathered = gather({"users": users.find_directory}, seconds=USES_PATIENCE)
    uses = workflow_uses.find_uses(seconds=USES_PATIENCE)
    directory = gathered.answers.get("users")
    if directory is None:
        owners_problem = gathered.problems.get("users", "The upstream takes long to list users.")
    if needs_any and directory is None and not uses.workflows and uses.problem:
        raise UnableToReachUpstream(uses.problem)
    return _World(
        uses=uses,
        directory=directory,
        owners_problem=owners_problem,
        integrations=tuple(dict.fromkeys((*uses.integrations, *_owned_integrations(directory)))),
    )


def _owned_integrations(directory: Directory | None) -> Iterable[str]:
    for user in directory.users if directory else ():
        for account in user.accounts or ():
            if isinstance(account.application_permalink, str) and account.application_permalink:
                yield account.application_permalink


def _question(slug: str) -> Callable[[], tuple[Account, ...]]:
    return lambda: workflows.list_accounts(slug)


def _found(
    slug: str, gathered: Gathered[tuple[Account, ...]], world: _World, now: dt.datetime
) -> IntegrationFound:
    accounts = gathered.answers.get(slug)
    if accounts is None:
        return IntegrationFound(slug=slug, problem=gathered.problems.get(slug, _SLOW))
    owners = world.directory.owners if world.directory else {}
    return IntegrationFound(
        slug=slug,
        entries=tuple(
            AccountEntry(
                account=account,
                integration=slug,
                owner=owners.get(account.uid),
                gauges=read_gauges(account, now),
            )
            for account in accounts
        ),
    )


def _fits(entry: AccountEntry, wanted: AccountFilter) -> bool:
    account = entry.account
    is_in_state = {
        "valid": account.is_valid is True,
        "not-valid": account.is_valid is False,
        "used-up": has_used_up(entry.gauges),
        "shared": account.is_shared is True,
    }.get(wanted.state, True)
    return is_in_state and all(
        word in _searchable(entry) for word in wanted.text.casefold().split()
    )


def _searchable(entry: AccountEntry) -> str:
    owner = entry.owner
    names = [entry.account.uid, entry.account.name]
    names += [users.name_of(owner), owner.email] if owner else []
    return " ".join(name for name in names if isinstance(name, str)).casefold()
