"""Adding and updating accounts. Their secrets pass through to the upstream and stay nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.views.decorators.debug import sensitive_variables

from playground.contract.accounts import Account
from playground.credentials import builder, checks
from playground.credentials.builder import BuiltSave
from playground.credentials.drafts import AccountDraft
from playground.models import ChangeKind
from playground.payload.issues import Issue
from playground.services import permissions
from playground.services.ledger import changes
from playground.services.ledger.changes import (
    Intent,
    SentBefore,
    Taken,
    Token,
    UnableToChange,
    UnusableForm,
)
from playground.services.ledger.send_once import Clock
from playground.services.permissions import Person
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.invalidation import Event
from playground.upstream import connections
from playground.upstream.errors import (
    UpstreamError,
    UpstreamNeverReached,
    UpstreamOutcomeUnknown,
    UpstreamRefused,
)

ENTER_AGAIN = "Enter the secrets again; they are never shown."


class UnableToSave(UnableToChange):
    """The account was not saved, or nobody knows. `issues` are those of a draft at fault."""

    def __init__(self, sentence: str, *, issues: tuple[Issue, ...] = (), **known: bool) -> None:
        super().__init__(sentence, **known)
        self.issues = issues


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSaved:
    """What came of a save. `is_valid` is None when the upstream does not tell.

    `earlier` is when it was saved, if that was not now: the form came before.
    """

    uid: str
    is_valid: bool | None
    earlier: dt.datetime | None = None


@sensitive_variables()
def save_account(user: Person, draft: AccountDraft, *, token: Token, clock: Clock) -> AccountSaved:
    """Send the account, once for a token. Raises `UnableToSave`; nothing is retried."""
    permissions.require(user, "change account", draft.integration)
    built = builder.build_save(draft)
    if built.errors:
        count = len(built.errors)
        fields = "one field needs" if count == 1 else f"{count} fields need"
        sentence = f"Nothing was saved: {fields} your attention. {ENTER_AGAIN}"
        raise UnableToSave(sentence, issues=built.issues)

    def send() -> Taken:
        account = connections.connect().save_account(draft.integration, built.request)
        uid = draft.uid or account.uid
        # A UID is kept and stands in addresses: a careless upstream may make one of a secret.
        is_secret = uid in built.request.account.secrets
        return Taken(uid="" if is_secret else uid, is_valid=_validity(account))

    try:
        return _send_once(user, _intent(draft, built), send, token=token, clock=clock)
    except UpstreamError as error:
        sentence = f"{_sentence(error, draft)} {ENTER_AGAIN}"
        raise UnableToSave.because_of(error, sentence) from None


@sensitive_variables()
def answer_checkpoint(
    user: Person,
    integration: str,
    account_uid: str,
    code: str,
    *,
    token: Token,
    clock: Clock,
) -> AccountSaved:
    """Send the code of a login challenge, once for a token. Raises `UnableToSave`."""
    permissions.require(user, "change account", integration)
    code = code.strip()
    problem = checks.problem_of_code(code)
    if problem:
        raise UnableToSave(problem)

    def send() -> Taken:
        account = connections.connect().answer_checkpoint(account_uid, code)
        return Taken(uid=account_uid, is_valid=_validity(account))

    intent = Intent(kind=ChangeKind.ANSWER_CHALLENGE, integration=integration, uid=account_uid)
    try:
        return _send_once(user, intent, send, token=token, clock=clock)
    except UpstreamError as error:
        told = "" if isinstance(error, UpstreamOutcomeUnknown) else "The code was not taken. "
        sentence = f"{told}{error.sentence} Enter it again; it is never shown."
        raise UnableToSave.because_of(error, sentence) from None


@sensitive_variables()
def _send_once(
    user: Person,
    intent: Intent,
    send: Callable[[], Taken],
    *,
    token: Token,
    clock: Clock,
) -> AccountSaved:
    """Raises the `UpstreamError` of `send`, and `UnableToSave` when the form came before."""
    try:
        taken = changes.send_once(user, intent, send, token=token, clock=clock)
    except SentBefore as repeat:
        change = repeat.change
        if change.is_saved:
            return AccountSaved(uid=change.uid, is_valid=change.is_valid, earlier=change.created_at)
        again = "" if change.is_sending else f" {ENTER_AGAIN}"
        raise UnableToSave.because_sent(repeat, repeat.sentence + again) from None
    except UnusableForm as error:
        raise UnableToSave(f"{error.sentence} {ENTER_AGAIN}") from None
    except UpstreamOutcomeUnknown:
        # It may have changed all the same.
        invalidation.make_stale(Event.ACCOUNT_CHANGED, integrations=[intent.integration])
        raise
    invalidation.make_stale(Event.ACCOUNT_CHANGED, integrations=[intent.integration])
    return AccountSaved(uid=taken.uid, is_valid=taken.is_valid)


def _intent(draft: AccountDraft, built: BuiltSave) -> Intent:
    account = built.request.account
    name = draft.name.strip()
    # What holds a secret, if only by chance, is not recorded.
    has_secret = any(secret in name for secret in account.secrets)
    given = {
        "name": account.name,
        "owner": account.user_uid,
        "cookies": account.cookies,
        "API key": account.api_key,
        "user name": account.username,
        "password": account.password,
        "shared": built.request.shared_account,
        "paused jobs resumed": built.request.resume_paused_jobs,
    }
    return Intent(
        kind=ChangeKind.UPDATE_ACCOUNT if draft.is_update else ChangeKind.ADD_ACCOUNT,
        integration=draft.integration,
        uid=draft.uid,
        name="" if has_secret else name,
        parts=tuple(part for part, value in given.items() if value),
    )


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
