"""Workflows and the accounts that fit their steps, as the upstream has them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field

from playground.contract.accounts import Account, AccountPage
from playground.contract.workflows import Workflow, WorkflowSummary
from playground.payload.builder import KnownAccounts
from playground.sandbox import catalog
from playground.sandbox.catalog import TestInput as TestInput
from playground.services import freshness
from playground.services.asking import UnableToReachUpstream, ask
from playground.services.freshness import Flight, FreshnessCache
from playground.upstream import targets
from playground.upstream.client import WorkflowClient

# Seconds that an answer is good for when a page is opened. The preview takes any age: it must
# not wait for the upstream, and the page it belongs to was opened a moment ago.
PAGE_MAX_AGE = 60.0
# Seconds that a page waits for accounts: those of a slow integration come with the next look.
PATIENCE = 3.0
FAILURES_KEPT = 10.0
# The templates of workflows never change: their listing may be older where only those count.
LISTING_MAX_AGE = 600.0
MOST_ACCOUNT_PAGES = 20

_listing: FreshnessCache[tuple[WorkflowSummary, ...]] = FreshnessCache()
_workflows: FreshnessCache[Workflow] = FreshnessCache()
_accounts: FreshnessCache[tuple[Account, ...]] = FreshnessCache(failures_kept=FAILURES_KEPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundWorkflow:
    """An entry of the list; `workflow` holds its details if this process has them already."""

    summary: WorkflowSummary
    workflow: Workflow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsFound:
    """Accounts of the integrations that were asked for, and what could not be looked up.

    An integration may be in both: its accounts as they were, and why they are not newer. `ages`
    are the seconds since each was fetched; `is_complete` is false while one is still being asked.
    """

    by_integration: dict[str, tuple[Account, ...]]
    problems: dict[str, str]
    ages: dict[str, float] = field(default_factory=dict)
    is_complete: bool = True

    @property
    def known(self) -> KnownAccounts:
        return KnownAccounts(
            by_uid={
                account.uid: account for found in self.by_integration.values() for account in found
            },
            integrations=frozenset(self.by_integration),
        )


def list_workflows(*, max_age: float | None = PAGE_MAX_AGE) -> tuple[WorkflowSummary, ...]:
    """All workflows, in the upstream's order. Raises `UnableToReachUpstream`."""
    fresh = _listing.get(
        "all", lambda: ask(lambda client: client.list_workflows()), max_age=max_age
    )
    return fresh.value


def search_workflows(text: str) -> tuple[FoundWorkflow, ...]:
    """Workflows whose name, step names or UID hold every word of `text`; all when it is blank.

    Raises `UnableToReachUpstream`.
    """
    words = text.casefold().split()
    return tuple(
        FoundWorkflow(summary=summary, workflow=peek_workflow(summary.uid))
        for summary in list_workflows()
        if all(word in _searchable(summary) for word in words)
    )


def get_workflow(uid: str, *, max_age: float | None = PAGE_MAX_AGE) -> Workflow:
    """One workflow with its steps. Raises `UnableToReachUpstream`."""
    fresh = _workflows.get(
        uid, lambda: ask(lambda client: client.get_workflow(uid)), max_age=max_age
    )
    return fresh.value


def peek_workflow(uid: str) -> Workflow | None:
    """The workflow if this process has it already; never asks the upstream."""
    found = _workflows.peek(uid)
    return found.value if found else None


def look_up_listing() -> None:
    """Begin to list the workflows if that was not done lately; nobody waits for it."""
    run = freshness.inline if targets.is_sandbox() else freshness.in_thread
    _listing.start(
        "all", lambda: ask(lambda client: client.list_workflows()), max_age=LISTING_MAX_AGE, run=run
    )


def peek_workflows() -> tuple[WorkflowSummary, ...]:
    """The listing as this process has it, however old; empty before the first look."""
    found = _listing.peek("all")
    return found.value if found else ()


def find_accounts(
    workflow: Workflow, *, max_age: float | None = PAGE_MAX_AGE, patience: float = PATIENCE
) -> AccountsFound:
    """The accounts that fit the workflow's steps. Never raises, and waits `patience` seconds:
    an integration that fails or is slow is named, beside its accounts as they were."""
    flights = {slug: _start_accounts(slug, max_age=max_age) for slug in workflow.integration_slugs}
    freshness.wait(flights.values(), patience)
    # Looked at once: one that lands meanwhile must not be late here and known there.
    done = {slug for slug, flight in flights.items() if flight.done()}
    found = peek_accounts(workflow)
    for slug, flight in flights.items():
        problem = _problem(slug, flight if slug in done else None)
        if problem:
            found.problems[slug] = problem
    return dataclasses.replace(found, is_complete=len(done) == len(flights))


def peek_accounts(workflow: Workflow) -> AccountsFound:
    """The same from what this process knows already, however old; never asks the upstream."""
    kept = {slug: _accounts.peek(slug) for slug in workflow.integration_slugs}
    return AccountsFound(
        by_integration={slug: found.value for slug, found in kept.items() if found},
        problems={},
        ages={slug: _accounts.age(found) for slug, found in kept.items() if found},
    )


def age_of_accounts(slug: str) -> float:
    """Seconds since this process listed the integration's accounts; 0 when it has not."""
    found = _accounts.peek(slug)
    return _accounts.age(found) if found else 0.0


def forget_accounts(slugs: Iterable[str]) -> None:
    """Ask anew for the accounts of these integrations: one of them was changed."""
    _accounts.forget(slugs)


def find_test_inputs() -> tuple[TestInput, ...]:
    """Values that make a launch go wrong on purpose; none unless the upstream is the sandbox."""
    return catalog.TEST_INPUTS if targets.is_sandbox() else ()


def list_accounts(slug: str, *, max_age: float | None = PAGE_MAX_AGE) -> tuple[Account, ...]:
    """All accounts of an integration, page by page. Raises `UnableToReachUpstream`."""
    fresh = _accounts.get(slug, lambda: _ask_accounts(slug), max_age=max_age)
    return fresh.value


def forget_everything() -> None:
    """Ask the upstream anew for everything. For tests, and after a change of accounts."""
    for cache in (_listing, _workflows, _accounts):
        cache.forget()


def _searchable(summary: WorkflowSummary) -> str:
    names = [step.name for step in summary.steps or () if isinstance(step.name, str)]
    return " ".join([summary.name, summary.uid, *names]).casefold()


def _start_accounts(slug: str, *, max_age: float | None) -> Flight[tuple[Account, ...]]:
    # The sandbox in this process is never slow, and its database belongs to this thread.
    run = freshness.inline if targets.is_sandbox() else freshness.in_thread
    return _accounts.start(slug, lambda: _ask_accounts(slug), max_age=max_age, run=run)


def _problem(slug: str, flight: Flight[tuple[Account, ...]] | None) -> str:
    if flight is None:
        return f"The accounts of {slug} take long to come: the upstream is still being asked."
    error = flight.exception()
    if error is None:
        return ""
    if isinstance(error, UnableToReachUpstream):
        return f"{slug}: {error.sentence}"
    raise error


def _ask_accounts(slug: str) -> tuple[Account, ...]:
    return ask(lambda client: _fetch_accounts(client, slug))


def _fetch_accounts(client: WorkflowClient, slug: str) -> tuple[Account, ...]:
    accounts: list[Account] = []
    for page in range(MOST_ACCOUNT_PAGES):
        found: AccountPage = client.list_accounts(slug, page=page, with_stats=True)
        accounts.extend(found.accounts)
        if not found.accounts or found.next_page_exist is not True:
            break
    return tuple(accounts)
