"""Adding and updating accounts. Their secrets pass through to the upstream and stay nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.views.decorators.debug import sensitive_variables

from playground.contract import paths
from playground.contract.accounts import Account, User
from playground.credentials import builder, checks, rendering
from playground.credentials.builder import BuiltSave
from playground.credentials.drafts import AccountDraft
from playground.payload.issues import Issue
from playground.payload.rendering import Line
from playground.sandbox import catalog
from playground.sandbox.catalog import TestCredential as TestCredential
from playground.services import account_lookups, freshness, permissions, running, users
from playground.services.asking import UnableToReachUpstream
from playground.services.permissions import Person
from playground.upstream import connections, targets
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


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFound:
    """The account to update, or why the upstream could not be asked about it."""

    account: Account | None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnersFound:
    """The users who may own an account. With a `problem` there may be others."""

    users: tuple[User, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePreview:
    """The request as it would be sent, its secrets replaced by variables."""

    built: BuiltSave
    method: str
    path: str
    lines: tuple[Line, ...]
    curl: str


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


def preview_save(user: Person, draft: AccountDraft, *, base_url: str) -> SavePreview:
    """The request of a draft. Asks the upstream nothing. `base_url` is what cURL will call."""
    permissions.require(user, "change account", draft.integration)
    built = builder.build_save(draft)
    path = paths.path_for("save_account", integration=draft.integration)
    return SavePreview(
        built=built,
        method=paths.TEMPLATES["save_account"][0],
        path=path,
        lines=rendering.render_lines(built.request),
        curl=rendering.render_curl(built.request, base_url + path),
    )


def showable(draft: AccountDraft) -> AccountDraft:
    """What of a draft may be filled in again: nothing secret, and nothing that repeats a secret."""
    return builder.without_secrets(draft, builder.build_save(draft))


def find_account(user: Person, integration: str, account_uid: str) -> AccountFound:
    """The account as it is now. Raises `UnableToReachUpstream` when there is none such."""
    permissions.require(user, "change account", integration)
    try:
        for max_age in (freshness.PAGE_MAX_AGE, 0.0):
            # It may have been made a moment ago, elsewhere.
            for account in account_lookups.list_accounts(integration, max_age=max_age):
                if account.uid == account_uid:
                    return AccountFound(account=account)
    except UnableToReachUpstream as error:
        if error.is_missing:
            raise
        return AccountFound(account=None, problem=error.sentence)
    raise UnableToReachUpstream(
        "The upstream lists no such account: it may have been deleted.", status=404
    )


def list_owners(user: Person) -> OwnersFound:
    """All users of the workspace, as far as they can be listed. Never raises."""
    permissions.require(user, "change account")
    try:
        directory = users.find_directory()
    except UnableToReachUpstream as error:
        return OwnersFound(users=(), problem=error.sentence)
    count = len(directory.users)
    problem = "" if directory.is_whole else f"These are only the first {count:,} users."
    return OwnersFound(users=directory.users, problem=problem)


def find_test_credentials() -> tuple[TestCredential, ...]:
    """Credentials that go wrong on purpose; none unless the upstream is the sandbox."""
    return catalog.TEST_CREDENTIALS if targets.is_sandbox() else ()


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
