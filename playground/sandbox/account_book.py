"""Users and accounts as they were at any time: the catalogue, overlaid with later changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from playground.sandbox import catalog
from playground.sandbox.records import Change, StepPlan, StoredAccount, StoredUser

_USERS = {user.uid: user for user in catalog.USERS}
_ACCOUNTS = {account.uid: account for account in catalog.ACCOUNTS}


class AccountBook:
    """Answers who and what there is at a time. Built from all changes, oldest first."""

    def __init__(self, changes: Iterable[Change] = ()) -> None:
        self.changes = tuple(changes)
        self._users: dict[str, list[Change]] = {}
        self._accounts: dict[str, list[Change]] = {}
        for change in self.changes:
            kept = self._users if change.is_of_user else self._accounts
            kept.setdefault(change.uid, []).append(change)

    def user(self, uid: str, at: datetime) -> StoredUser | None:
        change = _latest(self._users.get(uid, ()), at)
        return change.user if change else _USERS.get(uid)

    def account(self, uid: str, at: datetime) -> StoredAccount | None:
        change = _latest(self._accounts.get(uid, ()), at)
        return change.account if change else _ACCOUNTS.get(uid)

    def users(self, at: datetime) -> tuple[StoredUser, ...]:
        """Those of the catalogue first, then in the order they were made."""
        found = (self.user(uid, at) for uid in dict.fromkeys((*_USERS, *self._users)))
        return tuple(user for user in found if user)

    def accounts(self, at: datetime) -> tuple[StoredAccount, ...]:
        found = (self.account(uid, at) for uid in dict.fromkeys((*_ACCOUNTS, *self._accounts)))
        return tuple(account for account in found if account)

    def integration_finder(self, at: datetime) -> Callable[[str], str | None]:
        """Tells an account's integration, for the judge; None when there is no such account."""

        def find(uid: str) -> str | None:
            account = self.account(uid, at)
            return account.integration if account else None

        return find

    def worker(self, plan: StepPlan, at: datetime) -> str:
        """The account that does the step's work where nothing limits it: the first that works."""
        step = catalog.find_step(plan.step_uid)
        wanted = step.integration_slugs if step else ()
        if not wanted:
            return ""
        given = next((uid for uid in plan.accounts if self._is_valid(uid, at)), "")
        if plan.accounts or not plan.is_rotating:
            return given
        fitting = (item for item in self.accounts(at) if item.integration in wanted)
        return next((item.uid for item in fitting if item.is_valid), "")

    def trouble(self, plan: StepPlan, at: datetime) -> str:
        """Why no account of the step works at this time; empty when one does, or none is needed."""
        step = catalog.find_step(plan.step_uid)
        integrations = step.integration_slugs if step else ()
        if not integrations or any(self._is_valid(uid, at) for uid in plan.accounts):
            return ""
        if not plan.accounts:
            if plan.is_rotating and self._has_valid(integrations, at):
                return ""
            return f"The step needs an account of {' or '.join(integrations)} and was given none."
        account = self.account(plan.accounts[0], at)
        if account is None:
            return (
                f"There is no account {plan.accounts[0]} any more: launch again with another one, "
                "or retry the job with a body that names it."
            )
        return (
            f"The account {account.name} does not work any more: update it, then resume or retry "
            "the job."
        )

    def _is_valid(self, uid: str, at: datetime) -> bool:
        account = self.account(uid, at)
        return account is not None and account.is_valid

    def _has_valid(self, integrations: Iterable[str], at: datetime) -> bool:
        """Whether any account at all of these integrations works."""
        wanted = set(integrations)
        return any(item.is_valid and item.integration in wanted for item in self.accounts(at))


def _latest(changes: Iterable[Change], at: datetime) -> Change | None:
    found = None
    for change in changes:
        if change.at <= at:
            found = change
    return found
