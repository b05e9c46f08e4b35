"""Accounts and their limits as the pages show them: every number and moment in words."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from playground.contract import wire
from playground.contract.accounts import Account, User
from playground.contract.times import parse_time
from playground.credentials.kinds import needs_of
from playground.models import Change
from playground.services.accounts.limits import has_used_up
from playground.services.accounts.listing import (
    AccountEntry,
    AccountFilter,
    AccountsPage,
    IntegrationFound,
)
from playground.services.users import directory as user_directory
from playground.services.workflows.usage import UsesFound
from playground.web import durations
from playground.web.accounts.limits import GaugeContext, gauge_context
from playground.web.numbers import counted

# The list shows so many limits of an account; its own page shows them all.
MOST_GAUGES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountContext:
    account: Account
    integration: str
    name: str
    owner: User | None
    owner_name: str
    is_owner_known: bool
    connected_at: dt.datetime | None
    connected: str
    gauges: tuple[GaugeContext, ...]
    hidden_gauges: int
    is_used_up: bool

    @property
    def is_not_valid(self) -> bool:
        return self.account.is_valid is False

    @property
    def is_valid(self) -> bool:
        return self.account.is_valid is True

    @property
    def has_limits(self) -> bool:
        return bool(self.gauges)

    @property
    def cookie_names(self) -> tuple[str, ...]:
        """Only the names: a value could be the session itself."""
        return tuple(self.account.cookies or ())

    @property
    def meta(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, _plain(value)) for name, value in (self.account.meta or {}).items())


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationContext:
    """An integration: its part of the list when `accounts` are shown, and its tab."""

    slug: str
    title: str
    count: int
    not_valid_count: int
    problem: str
    is_known: bool
    is_whole: bool
    query: str
    not_valid_query: str
    is_chosen: bool
    checked: str
    accounts: tuple[AccountContext, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountListContext:
    wanted: AccountFilter
    total: int
    is_total_known: bool
    fitting: int
    number: int
    pages: int
    tabs: tuple[IntegrationContext, ...]
    parts: tuple[IntegrationContext, ...]
    notices: tuple[str, ...]
    all_query: str
    previous_query: str
    next_query: str

    @property
    def is_narrowed(self) -> bool:
        return bool(self.wanted.text or self.wanted.state or self.wanted.integration)


def account_list(
    found: AccountsPage, wanted: AccountFilter, now: dt.datetime
) -> AccountListContext:
    page = found.page
    tabs = tuple(_tab(one, wanted) for one in found.integrations)
    return AccountListContext(
        wanted=wanted,
        total=sum(tab.count for tab in tabs),
        is_total_known=all(tab.is_known and tab.is_whole for tab in tabs)
        and not (found.uses.missing or found.uses.problem or found.owners_problem),
        fitting=page.paginator.count,
        number=page.number,
        pages=page.paginator.num_pages,
        tabs=tabs,
        parts=tuple(_parts(found, tabs, wanted, now)),
        notices=(
            *(_open_addition(one, now) for one in found.open_additions),
            *notices(found.uses, found.owners_problem),
        ),
        all_query=_query(wanted, integration=""),
        previous_query=_page_query(wanted, page.number - 1) if page.has_previous() else "",
        next_query=_page_query(wanted, page.number + 1) if page.has_next() else "",
    )


def account_context(
    entry: AccountEntry, now: dt.datetime, *, most: int | None = None, uses: UsesFound | None = None
) -> AccountContext:
    """One account. Only the first `most` limits are shown, used up ones before others."""
    ordered = sorted(entry.gauges, key=lambda gauge: not gauge.is_used_up) if most else entry.gauges
    shown = tuple(ordered)[:most]
    account = entry.account
    setup_at = account.setup_at if isinstance(account.setup_at, str) else ""
    return AccountContext(
        account=account,
        integration=entry.integration,
        name=_name(account),
        owner=entry.owner,
        owner_name=user_directory.name_of(entry.owner) if entry.owner else "",
        is_owner_known=entry.is_owner_known,
        connected_at=parse_time(setup_at),
        connected=setup_at,
        gauges=tuple(gauge_context(gauge, now, uses) for gauge in shown),
        hidden_gauges=len(entry.gauges) - len(shown),
        is_used_up=has_used_up(entry.gauges),
    )


def notices(uses: UsesFound, owners_problem: str) -> tuple[str, ...]:
    """What could not be looked at for this page, in sentences."""
    found = []
    if uses.missing:
        found.append(
            f"{uses.missing:,} of {counted(uses.total, 'workflow')} could not be looked "
            f"at yet. Reload to go on. {uses.problem}".rstrip()
        )
    elif uses.problem:
        found.append(f"The workflows could not be listed. {uses.problem}")
    if owners_problem:
        found.append(f"Who owns the accounts is not known. {owners_problem}")
    return tuple(found)


def _open_addition(change: Change, now: dt.datetime) -> str:
    name = f" “{change.name[:80]}”" if change.name else ""
    title = needs_of(change.integration).title
    ago = durations.in_words((now - change.created_at).total_seconds())
    return (
        f"It is not known whether an account of {title}{name} was added: "
        f"{change.user.get_username()} sent it {ago}, and the answer was lost. If it is not in "
        "this list, it may be added again."
    )


def checked(age: float | None) -> str:
    return "" if age is None else durations.in_words(age)


def _name(account: Account) -> str:
    return (isinstance(account.name, str) and account.name.strip()) or "Account without a name"


def _tab(found: IntegrationFound, wanted: AccountFilter) -> IntegrationContext:
    return IntegrationContext(
        slug=found.slug,
        title=found.title,
        count=len(found.entries),
        not_valid_count=found.not_valid_count,
        problem=found.problem,
        is_known=found.is_known,
        is_whole=found.is_whole,
        query=_query(wanted, integration=found.slug),
        not_valid_query=_query(AccountFilter(state="not-valid"), integration=found.slug),
        is_chosen=found.slug == wanted.integration,
        checked=checked(found.age),
    )


def _parts(
    found: AccountsPage,
    tabs: tuple[IntegrationContext, ...],
    wanted: AccountFilter,
    now: dt.datetime,
) -> Iterable[IntegrationContext]:
    """Integrations with accounts on this page; the first page has those without any as well."""
    is_search = bool(wanted.text or wanted.state)
    for tab in tabs:
        if wanted.integration not in ("", tab.slug):
            continue
        entries = [entry for entry in found.page if entry.integration == tab.slug]
        is_first = found.page.number == 1
        if entries or (is_first and (tab.problem or (not tab.count and not is_search))):
            shown = tuple(account_context(one, now, most=MOST_GAUGES) for one in entries)
            yield dataclasses.replace(tab, accounts=shown)


def _plain(value: object) -> str:
    return value if isinstance(value, str) else wire.encode(value).decode()


def _query(wanted: AccountFilter, *, integration: str, page: int = 1) -> str:
    asked = {"integration": integration, "q": wanted.text, "state": wanted.state}
    asked |= {"page": str(page)} if page > 1 else {}
    return "?" + urlencode(
        {name: value for name, value in asked.items() if value}, errors="replace"
    )


def _page_query(wanted: AccountFilter, page: int) -> str:
    return _query(wanted, integration=wanted.integration, page=page)
