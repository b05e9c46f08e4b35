"""Looking up the accounts of integrations by their slugs, and what users call theirs."""

from __future__ import annotations

from collections.abc import Iterable

from playground.contract.accounts import User
from playground.contract.workflows import Step, Workflow
from playground.services import permissions, workflows
from playground.services.permissions import Person
from playground.services.workflows import AccountsFound

# Seconds that a page waits for accounts. Those of a slow integration come with the next look.
PATIENCE = 3.0


def look_up(slugs: Iterable[str]) -> AccountsFound:
    """Never raises: an integration that fails or is slow is named, beside what was known."""
    return workflows.find_accounts(_taking(slugs), patience=PATIENCE)


def find_names(person: Person, user: User) -> dict[str, str]:
    """Account UID → name, of the user's accounts, as far as they can be told in time."""
    permissions.require(person, "see accounts")
    return _names(look_up(_slugs_of([user])))


def peek_names(person: Person, owners: Iterable[User]) -> dict[str, str]:
    """The same of several users, from what is known already; never asks the upstream."""
    permissions.require(person, "see accounts")
    return _names(workflows.peek_accounts(_taking(_slugs_of(owners))))


def _taking(slugs: Iterable[str]) -> Workflow:
    """One step that takes accounts of all of them: what accounts are looked up for."""
    return Workflow(uid="", name="", steps=(Step(step_uid="", integrations=tuple(slugs)),))


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
