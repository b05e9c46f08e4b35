"""What the form of an account is made of: the account as it is, who may own it, its request."""

from __future__ import annotations

from dataclasses import dataclass

from playground.contract import paths
from playground.contract.accounts import Account, User
from playground.credentials import builder, rendering
from playground.credentials.builder import BuiltSave
from playground.credentials.drafts import AccountDraft
from playground.payload.show.lines import Line
from playground.sandbox import catalog
from playground.sandbox.catalog import TestCredential as TestCredential
from playground.services import permissions
from playground.services.accounts import lookup as account_lookup
from playground.services.accounts import owners as account_owners
from playground.services.permissions import Person
from playground.services.upstream_cache import cache
from playground.services.upstream_cache.calls import UnableToReachUpstream
from playground.upstream import targets

# Offered as owners: a list of more is slow, and takes megabytes.
MOST_OWNERS = 3_000
_CUT = "It is not among the first {:,} accounts, and no more are looked through."


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
    for max_age in (cache.PAGE_MAX_AGE, 0.0):
        # It may have been made a moment ago, elsewhere.
        listed = account_lookup.find([integration], max_age=max_age)
        accounts = listed.by_integration.get(integration, ())
        account = next((one for one in accounts if one.uid == account_uid), None)
        problem = listed.problems.get(integration, "").removeprefix(f"{integration}: ")
        if integration in listed.cut:
            problem = problem or _CUT.format(len(accounts))
        if integration in listed.missing:
            raise UnableToReachUpstream(problem, status=404)
        if account or problem:
            return AccountFound(account=account, problem="" if account else problem)
    raise UnableToReachUpstream(
        "The upstream lists no such account: it may have been deleted.", status=404
    )


def list_owners(user: Person) -> OwnersFound:
    """All users of the workspace, as far as they can be listed in time. Never raises."""
    permissions.require(user, "change account")
    directory, problem = account_owners.find_owners()
    if directory is None:
        return OwnersFound(users=(), problem=problem)
    users = directory.users[:MOST_OWNERS]
    count, is_whole = len(users), directory.is_whole and len(users) == len(directory.users)
    first = "the first user" if count == 1 else f"the first {count:,} users"
    return OwnersFound(users=users, problem="" if is_whole else f"These are only {first}.")


def find_test_credentials() -> tuple[TestCredential, ...]:
    """Credentials that go wrong on purpose; none unless the upstream is the sandbox."""
    return catalog.TEST_CREDENTIALS if targets.is_sandbox() else ()
