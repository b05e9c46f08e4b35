"""Integrations and their accounts: who owns them, what they may still do, what uses them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from playground.contract.accounts import Account, User
from playground.models import LONGEST_ACCOUNT_UID, Launch
from playground.services import ledger, permissions, surroundings, users, workflows
from playground.services.asking import UnableToReachUpstream
from playground.services.gathering import Gathered, gather
from playground.services.gauges import Gauge, has_used_up, read_gauges
from playground.services.permissions import Person
from playground.services.surroundings import SLOW, Surroundings
from playground.services.workflow_uses import UsesFound, WorkflowUse

PAGE_SIZE = 50
LAUNCHES_SHOWN = 10
# Seconds that a page waits for accounts. Those of a slow integration come with the next look.
PATIENCE = 3.0
STATES = {
    "valid": "Valid",
    "not-valid": "Not valid",
    "used-up": "Limit used up",
    "shared": "Shared",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFilter:
    """What the list is narrowed to; empty means everything."""

    text: str = ""
    integration: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEntry:
    """One account. Without an owner it is nobody's, unless not all users are known."""

    account: Account
    integration: str
    owner: User | None
    is_owner_known: bool
    gauges: tuple[Gauge, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationFound:
    """An integration with all its accounts, or with why they are not known.

    `age` is how many seconds ago they were listed.
    """

    slug: str
    entries: tuple[AccountEntry, ...] = ()
    problem: str = ""
    age: float = 0.0

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
    launches: tuple[Launch, ...]
    launch_count: int
    owners_problem: str


def list_accounts(
    person: Person, wanted: AccountFilter, *, number: int, now: dt.datetime
) -> AccountsPage:
    """The accounts of every integration that is in use; a page past the end is the last one.

    What fails or is slow is named where it belongs. Raises `UnableToReachUpstream` only when
    neither workflows nor users can be listed.
    """
    permissions.require(person, "see accounts")
    world = surroundings.look_around()
    if world.directory is None and not world.uses.total and world.uses.problem:
        raise UnableToReachUpstream(world.uses.problem)
    gathered = gather({slug: _question(slug) for slug in world.integrations}, seconds=PATIENCE)
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
    gathered = gather({integration: _question(integration)}, seconds=PATIENCE)
    if integration in gathered.problems:
        raise gathered.problems[integration]
    if integration not in gathered.answers:
        raise UnableToReachUpstream(SLOW.format("these accounts"))
    world = surroundings.look_around()
    found = _found(integration, gathered, world, now)
    wanted = ledger.LaunchFilter(account_uid=uid.replace("\x00", "")[:LONGEST_ACCOUNT_UID])
    launches = ledger.list_launches(person, wanted, page=1, now=now)
    return AccountDetail(
        entry=next((entry for entry in found.entries if entry.account.uid == uid), None),
        integration=found,
        uses=world.uses,
        workflows=world.uses.of(integration),
        launches=tuple(launches)[:LAUNCHES_SHOWN],
        launch_count=launches.paginator.count,
        owners_problem=world.owners_problem,
    )


def check_again(person: Person, integration: str) -> None:
    """The next look asks the upstream for this integration's accounts anew."""
    permissions.require(person, "see accounts", integration)
    workflows.forget_accounts([integration])


def find_names(person: Person, user: User) -> dict[str, str]:
    """Account UID → name, of the user's accounts, as far as they can be told in time."""
    permissions.require(person, "see accounts")
    slugs = {account.application_permalink for account in user.accounts or ()}
    questions = {slug: _question(slug) for slug in slugs if isinstance(slug, str) and slug}
    gathered = gather(questions, seconds=PATIENCE)
    return {
        account.uid: account.name
        for found in gathered.answers.values()
        for account in found
        if isinstance(account.name, str)
    }


def _question(slug: str) -> Callable[[], tuple[Account, ...]]:
    return lambda: workflows.list_accounts(slug)


def _found(
    slug: str, gathered: Gathered[tuple[Account, ...]], world: Surroundings, now: dt.datetime
) -> IntegrationFound:
    accounts = gathered.answers.get(slug)
    if accounts is None:
        problem = str(gathered.problems.get(slug, "")) or SLOW.format("these accounts")
        return IntegrationFound(slug=slug, problem=problem)
    directory = world.directory
    owners = directory.owners if directory else {}
    return IntegrationFound(
        slug=slug,
        age=workflows.age_of_accounts(slug),
        entries=tuple(
            AccountEntry(
                account=account,
                integration=slug,
                owner=owners.get(account.uid),
                is_owner_known=directory is not None and directory.is_whole,
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
    words = wanted.text.casefold().split()
    if not is_in_state or not words:
        return is_in_state
    searchable = _searchable(entry)
    return all(word in searchable for word in words)


def _searchable(entry: AccountEntry) -> str:
    owner = entry.owner
    names = [entry.account.uid, entry.account.name]
    names += [users.name_of(owner), owner.email] if owner else []
    return " ".join(name for name in names if isinstance(name, str)).casefold()
