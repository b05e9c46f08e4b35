"""Adding and updating accounts. Their secrets pass through to the upstream and stay nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.views.decorators.debug import sensitive_variables

from playground.contract.accounts import Account
from playground.credentials import builder, checks
from playground.credentials.drafts import AccountDraft
from playground.payload.issues import Issue
from playground.services import account_lookups, permissions, running, users
from playground.services.permissions import Person
from playground.upstream import connections
from playground.upstream.errors import UpstreamError, UpstreamNeverReached, UpstreamRefused

ENTER_AGAIN = "Enter the secrets again; they are never shown."


class UnableToSave(Exception):
    """The account was not saved, or nobody knows. `sentence` says what to do.

    `issues` are those of a draft at fault; `is_draft_at_fault` is False when only the upstream's
    state or the way to it stands between the draft and the account.
    """

    def __init__(
        self, sentence: str, *, issues: tuple[Issue, ...] = (), is_draft_at_fault: bool = True
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.issues = issues
        self.is_draft_at_fault = is_draft_at_fault


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSaved:
    """What came of a save. `is_valid` is None when the upstream does not tell."""

    uid: str
    is_valid: bool | None


@sensitive_variables()
def save_account(user: Person, draft: AccountDraft) -> AccountSaved:
    """Send the account, once. Raises `UnableToSave`; nothing is retried or recorded."""
    permissions.require(user, "change account", draft.integration)
    built = builder.build_save(draft)
    if built.errors:
        count = len(built.errors)
        fields = "one field needs" if count == 1 else f"{count} fields need"
        sentence = f"Nothing was saved: {fields} your attention. {ENTER_AGAIN}"
        raise UnableToSave(sentence, issues=built.issues)
    try:
        account = connections.connect().save_account(draft.integration, built.request)
    except UpstreamError as error:
        _forget_unless_refused(error, draft.integration)
        raise UnableToSave(
            f"{_sentence(error, draft)} {ENTER_AGAIN}",
            is_draft_at_fault=isinstance(error, UpstreamRefused),
        ) from None
    _forget(draft.integration)
    return AccountSaved(uid=draft.uid or account.uid, is_valid=_validity(account))


@sensitive_variables()
def answer_checkpoint(user: Person, integration: str, account_uid: str, code: str) -> AccountSaved:
    """Send the code of a login challenge. Raises `UnableToSave`."""
    permissions.require(user, "change account", integration)
    code = code.strip()
    problem = checks.problem_of_code(code)
    if problem:
        raise UnableToSave(problem)
    try:
        account = connections.connect().answer_checkpoint(account_uid, code)
    except UpstreamError as error:
        _forget_unless_refused(error, integration)
        raise UnableToSave(
            f"The code was not taken. {error.sentence} Enter it again; it is never shown.",
            is_draft_at_fault=isinstance(error, UpstreamRefused),
        ) from None
    _forget(integration)
    return AccountSaved(uid=account_uid, is_valid=_validity(account))


def _forget_unless_refused(error: UpstreamError, integration: str) -> None:
    """After an unknown outcome the account may have changed all the same."""
    if not isinstance(error, UpstreamNeverReached | UpstreamRefused):
        _forget(integration)


def _forget(integration: str) -> None:
    """The account, whose it is, and which jobs go on with it."""
    account_lookups.forget([integration])
    running.outdate()
    users.forget_everything()


def _sentence(error: UpstreamError, draft: AccountDraft) -> str:
    if isinstance(error, UpstreamNeverReached):
        return f"Nothing was saved. {error.sentence}"
    if isinstance(error, UpstreamRefused):
        if error.status != 404:
            return f"Nothing was saved. {error.sentence}"
        if draft.is_update:
            return "Nothing was saved: the upstream has no such account. It may have been deleted."
        return "Nothing was saved: the upstream does not know this integration."
    if draft.is_update:
        return f"{error.sentence} To send it again does no harm: it sets the same values."
    return f"{error.sentence} If the account is in the list by then, it was made."


def _validity(account: Account) -> bool | None:
    return account.is_valid if isinstance(account.is_valid, bool) else None
