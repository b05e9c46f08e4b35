"""Looking up the accounts of integrations, and what users call theirs."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from playground.contract.accounts import Account, AccountPage, User
from playground.payload.build.builder import KnownAccounts
from playground.services import permissions
from playground.services.jobs.follow import JobDetail, UsedAccount
from playground.services.permissions import Person
from playground.services.upstream_cache import invalidation, parallel
from playground.services.upstream_cache.cache import (
    FAILURES_KEPT,
    PAGE_MAX_AGE,
    Fetch,
    FreshnessCache,
)
from playground.services.upstream_cache.calls import UnableToReachUpstream, ask
from playground.services.upstream_cache.invalidation import Kept
from playground.upstream.client import WorkflowClient

# Seconds that a page waits for accounts: those of a slow integration come with the next look.
PATIENCE = 3.0
MOST_PAGES = 100


@dataclass(frozen=True, slots=True)
class Listing:
    """An integration's accounts; `is_whole` unless there were more than `MOST_PAGES` pages."""

    accounts: tuple[Account, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsFound:
    """Accounts of the integrations that were asked for, and what could not be looked up.

    An integration may be in both: its accounts as they were, and why they are not newer. `ages`
    are the seconds since each was fetched; `is_complete` is false while one is still being asked;
    of those in `cut` there are more than were fetched; the upstream does not know the `missing`.
    """

    by_integration: dict[str, tuple[Account, ...]]
    problems: dict[str, str]
    ages: dict[str, float] = field(default_factory=dict)
    cut: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    is_complete: bool = True

    @property
    def whole(self) -> frozenset[str]:
        """The integrations of which every account is known."""
        return frozenset(self.by_integration) - self.cut

    @property
    def known(self) -> KnownAccounts:
        return KnownAccounts(
            by_uid={
                account.uid: account for found in self.by_integration.values() for account in found
            },
            integrations=self.whole,
        )


_listings: FreshnessCache[Listing] = FreshnessCache(failures_kept=FAILURES_KEPT)
invalidation.register(Kept.ACCOUNTS, _listings)


def find(
    slugs: Iterable[str], *, max_age: float | None = PAGE_MAX_AGE, patience: float | None = None
) -> AccountsFound:
    """The accounts of these integrations. Never raises, and waits `patience` seconds at most: an
    integration that fails or is slow is named, beside its accounts as they were."""
    seconds = PATIENCE if patience is None else patience
    flights = {slug: _start(slug, max_age=max_age) for slug in slugs}
    parallel.wait(flights.values(), seconds)
    # Looked at once: one that lands meanwhile must not be late here and known there.
    done = {slug for slug, flight in flights.items() if flight.done()}
    found = peek(flights)
    for slug, flight in flights.items():
        problem = _problem(slug, flight if slug in done else None)
        if problem:
            found.problems[slug] = problem
    missing = frozenset(slug for slug in done if _is_missing(flights[slug]))
    return dataclasses.replace(found, missing=missing, is_complete=len(done) == len(flights))


def peek(slugs: Iterable[str]) -> AccountsFound:
    """The same from what this process knows already, however old; never asks the upstream."""
    looked = {slug: _listings.peek(slug) for slug in slugs}
    kept = {slug: found for slug, found in looked.items() if found}
    return AccountsFound(
        by_integration={slug: found.value.accounts for slug, found in kept.items()},
        problems={},
        ages={slug: _listings.age(found) for slug, found in kept.items()},
        cut=frozenset(slug for slug, found in kept.items() if not found.value.is_whole),
    )


def find_names(person: Person, user: User) -> dict[str, str]:
    """Account UID → name, of the user's accounts, as far as they can be told in time."""
    permissions.require(person, "see accounts")
    return _names(find(_slugs_of([user])))


def peek_names(person: Person, owners: Iterable[User]) -> dict[str, str]:
    """The same of several users, from what is known already; never asks the upstream."""
    permissions.require(person, "see accounts")
    return _names(peek(_slugs_of(owners)))


def name_accounts(person: Person, detail: JobDetail) -> JobDetail:
    """The job with the names of the accounts that its steps ran with, as far as they are known.

    A job's page does not wait for accounts.
    """
    if detail.workflow is None or not permissions.can(person, "see accounts"):
        return detail
    listed = peek(detail.workflow.integration_slugs)
    known = {
        account.uid: UsedAccount(
            uid=account.uid,
            name=account.name if isinstance(account.name, str) else "",
            integration=slug,
        )
        for slug, accounts in listed.by_integration.items()
        for account in accounts
    }
    fresh = {slug for slug in listed.whole if listed.ages[slug] <= PAGE_MAX_AGE}
    steps = {
        step.number: dataclasses.replace(
            step,
            accounts=tuple(
                known.get(account.uid)
                or dataclasses.replace(account, is_gone=account.integration in fresh)
                for account in step.accounts
            ),
        )
        for step in detail.steps
    }
    chosen = steps[detail.chosen.number] if detail.chosen else None
    return dataclasses.replace(detail, steps=tuple(steps.values()), chosen=chosen)


def _start(slug: str, *, max_age: float | None) -> Fetch[Listing]:
    return _listings.start(slug, lambda: _ask(slug), max_age=max_age, run=parallel.beside)


def _problem(slug: str, flight: Fetch[Listing] | None) -> str:
    if flight is None:
        return f"The accounts of {slug} take long to come: the upstream is still being asked."
    error = flight.exception()
    if error is None:
        return ""
    if isinstance(error, UnableToReachUpstream):
        return f"{slug}: {error.sentence}"
    raise error


def _is_missing(flight: Fetch[Listing]) -> bool:
    error = flight.exception()
    return isinstance(error, UnableToReachUpstream) and error.is_missing


def _ask(slug: str) -> Listing:
    return ask(lambda client: _fetch(client, slug))


def _fetch(client: WorkflowClient, slug: str) -> Listing:
    # By UID: one that is added meanwhile shifts others to the next page.
    accounts: dict[str, Account] = {}
    for page in range(MOST_PAGES):
        known = len(accounts)
        found = client.list_accounts(slug, page=page, with_stats=True)
        accounts |= {account.uid: _without_values(account) for account in found.accounts}
        has_next = found.next_page_exist
        is_last = not found.accounts or has_next is False or len(accounts) >= _total(found)
        # Where no page tells of the next one, the last is known by having none that is new.
        if is_last or len(accounts) == known:
            return Listing(tuple(accounts.values()), is_whole=is_last or has_next is not True)
    return Listing(tuple(accounts.values()), is_whole=False)


def _total(page: AccountPage) -> float:
    """How many there are, where the page tells that but not whether there is a next one."""
    total = page.number_total_acounts
    if page.next_page_exist is True or not isinstance(total, int):
        return math.inf
    return total


def _without_values(account: Account) -> Account:
    """The names of its cookies are shown; their values, should they come, are not even kept."""
    names = dict.fromkeys(account.cookies or {}, "")
    return dataclasses.replace(account, cookies=names, extra={})


def _slugs_of(owners: Iterable[User]) -> list[str]:
    slugs = (one.application_permalink for user in owners for one in user.accounts or ())
    return [slug for slug in dict.fromkeys(slugs) if isinstance(slug, str) and slug]


def _names(found: AccountsFound) -> dict[str, str]:
    return {
        account.uid: account.name
        for accounts in found.by_integration.values()
        for account in accounts
        if isinstance(account.name, str)
    }
