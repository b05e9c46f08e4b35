"""Integrations and their accounts: who owns them, what they may still do, what uses them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from playground.contract.accounts import Account, User
from playground.contract.folding import has_words, search_words, searchable
from playground.credentials import kinds
from playground.models import Change, Launch
from playground.services import permissions
from playground.services.accounts import lookup as account_lookup
from playground.services.accounts import owners as account_owners
from playground.services.accounts.limits import Gauge, has_used_up, read_gauges
from playground.services.accounts.lookup import AccountsFound
from playground.services.accounts.owners import Surroundings
from playground.services.ledger import changes
from playground.services.ledger import launches as launch_ledger
from playground.services.permissions import Person
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.calls import COME_AGAIN_AFTER, UnableToReachUpstream
from playground.services.upstream_cache.invalidation import Event
from playground.services.users import directory as user_directory
from playground.services.workflows.usage import UsesFound, WorkflowUse

PAGE_SIZE = 50
LAUNCHES_SHOWN = 10
_CUT = "There are more accounts than are listed here: these are the first of them."
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
    """An integration with all its accounts, and why they are not known, or not newer.

    `age` is how many seconds ago they were looked up.
    """

    slug: str
    entries: tuple[AccountEntry, ...] = ()
    problem: str = ""
    is_known: bool = True
    is_whole: bool = True
    age: float | None = None

    @property
    def title(self) -> str:
        """Its name, as its accounts tell it; else as it is commonly called."""
        names = (entry.account.application_name for entry in self.entries)
        told = (name for name in names if isinstance(name, str) and name.strip())
        return next(told, "") or kinds.needs_of(self.slug).title

    @property
    def has_challenge(self) -> bool:
        """Whether it may ask for a code before it lets an account sign in."""
        return kinds.needs_of(self.slug).has_challenge

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
    open_additions: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDetail:
    """One account with what can use it. `entry` is None when the upstream lists it no more."""

    entry: AccountEntry | None
    integration: IntegrationFound
    uses: UsesFound
    workflows: tuple[WorkflowUse, ...]
    launches: tuple[Launch, ...]
    launch_count: int
    changes: tuple[Change, ...]
    owners_problem: str


def list_accounts(
    person: Person, wanted: AccountFilter, *, number: int, now: dt.datetime
) -> AccountsPage:
    """The accounts of every integration that is in use; a page past the end is the last one.

    What fails or is slow is named where it belongs. Raises `UnableToReachUpstream` only when
    neither workflows nor users can be listed.
    """
    permissions.require(person, "see accounts")
    world = account_owners.look_around()
    if world.directory is None and not world.uses.total and world.uses.problem:
        raise UnableToReachUpstream(
            world.uses.problem, retry_after=COME_AGAIN_AFTER if world.is_slow else None
        )
    listed = account_lookup.find(world.integrations)
    integrations = tuple(_found(slug, listed, world, now) for slug in world.integrations)
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
        open_additions=changes.list_open_additions(person, now=now),
    )


def get_account(person: Person, integration: str, uid: str, *, now: dt.datetime) -> AccountDetail:
    """One account. Raises `UnableToReachUpstream` when its integration cannot be listed."""
    permissions.require(person, "see accounts", uid)
    listed = account_lookup.find([integration])
    if integration not in listed.by_integration:
        status = 404 if integration in listed.missing else None
        raise UnableToReachUpstream(listed.problems.get(integration, ""), status=status)
    world = account_owners.look_around()
    found = _found(integration, listed, world, now)
    # Never blank: that would ask for everybody's launches.
    wanted = launch_ledger.LaunchFilter(account_uid=uid or "-")
    launches = launch_ledger.list_launches(person, wanted, page=1, now=now)
    return AccountDetail(
        entry=next((entry for entry in found.entries if entry.account.uid == uid), None),
        integration=found,
        uses=world.uses,
        workflows=world.uses.of(integration),
        launches=tuple(launches)[:LAUNCHES_SHOWN],
        launch_count=launches.paginator.count,
        changes=changes.list_changes_of_account(person, integration, uid, now=now),
        owners_problem=world.owners_problem,
    )


def check_again(person: Person, integration: str) -> None:
    """The next look asks the upstream for this integration's accounts anew."""
    permissions.require(person, "see accounts", integration)
    invalidation.make_stale(Event.ACCOUNTS_ASKED_FOR, integrations=[integration])


def _found(
    slug: str, listed: AccountsFound, world: Surroundings, now: dt.datetime
) -> IntegrationFound:
    directory = world.directory
    owners = directory.owners if directory else {}
    return IntegrationFound(
        slug=slug,
        entries=tuple(
            AccountEntry(
                account=account,
                integration=slug,
                owner=owners.get(account.uid),
                is_owner_known=directory is not None and directory.is_whole,
                gauges=read_gauges(account, now),
            )
            for account in listed.by_integration.get(slug, ())
        ),
        problem=listed.problems.get(slug, "") or (_CUT if slug in listed.cut else ""),
        is_known=slug in listed.by_integration,
        is_whole=slug not in listed.cut,
        age=listed.ages.get(slug),
    )


def _fits(entry: AccountEntry, wanted: AccountFilter) -> bool:
    account = entry.account
    is_in_state = {
        "valid": account.is_valid is True,
        "not-valid": account.is_valid is False,
        "used-up": has_used_up(entry.gauges),
        "shared": account.is_shared is True,
    }.get(wanted.state, True)
    words = search_words(wanted.text)
    if not is_in_state or not words:
        return is_in_state
    return has_words(_searchable(entry), words)


def _searchable(entry: AccountEntry) -> str:
    owner = entry.owner
    names = [entry.account.uid, entry.account.name]
    names += [user_directory.name_of(owner), owner.email] if owner else []
    return searchable(" ".join(name for name in names if isinstance(name, str)))
