"""Users as the pages show them, and their form with whatever was typed."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from playground.contract.accounts import REFUSED_COUNTRIES, User, UserAccount
from playground.contract.countries import COUNTRIES
from playground.credentials.kinds import needs_of
from playground.services.users import directory as user_directory
from playground.services.users.directory import UserDraft, UserListing
from playground.web import listed
from playground.web.http import new_token


@dataclass(frozen=True, slots=True, kw_only=True)
class UserAccountContext:
    """One of a user's accounts. Without an integration it has no page."""

    uid: str
    integration: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserContext:
    user: User
    name: str
    country: str
    country_name: str
    accounts: tuple[UserAccountContext, ...]

    @property
    def tells_accounts(self) -> bool:
        """Whether the upstream tells which they are, be it none."""
        return isinstance(self.user.accounts, tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserListContext:
    users: tuple[UserContext, ...]
    left_out: int
    total: int | None
    number: int
    pages: int | None
    text: str
    role: str
    previous_query: str
    next_query: str

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.role)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryChoice:
    code: str
    label: str
    is_disabled: bool = False
    is_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFormContext:
    token: str
    draft: UserDraft
    problems: Mapping[str, str]
    sentence: str
    countries: tuple[CountryChoice, ...]
    timezone_options: SafeString


def user_context(user: User, names: Mapping[str, str] | None = None) -> UserContext:
    """`names` are those of accounts, by UID, as far as they are known."""
    country = user.country if isinstance(user.country, str) else ""
    return UserContext(
        user=user,
        name=user_directory.name_of(user),
        country=country,
        country_name=COUNTRIES.get(country.upper(), ""),
        accounts=tuple(_account(account, names or {}) for account in user.accounts or ()),
    )


def user_list(
    listing: UserListing, names: Mapping[str, str], *, text: str, role: str
) -> UserListContext:
    shown, left_out = listed.first(listing.users)
    return UserListContext(
        users=tuple(user_context(user, names) for user in shown),
        left_out=left_out,
        total=listing.total,
        number=listing.number,
        pages=listing.pages,
        text=text,
        role=role,
        previous_query=_query(text, role, listing.number - 1) if listing.number > 1 else "",
        next_query=_query(text, role, listing.number + 1) if listing.has_next else "",
    )


def user_form(
    draft: UserDraft, *, problems: Mapping[str, str] | None = None, sentence: str = ""
) -> UserFormContext:
    return UserFormContext(
        token=new_token(),
        draft=draft,
        problems=problems or {},
        sentence=sentence,
        countries=_countries(draft.country),
        timezone_options=_timezone_options(user_directory.known_timezones()),
    )


@functools.cache
def _timezone_options(names: tuple[str, ...]) -> SafeString:
    """Some six hundred, always the same: they would take most of the page's time."""
    return format_html_join("", '<option value="{}"></option>', ((name,) for name in names))


def draft_of(user: User) -> UserDraft:
    """What the form begins with: what the upstream tells. It tells no time zone."""
    timezone = user.extra.get("timezone")
    return UserDraft(
        email=user.email or "",
        full_name=user.full_name or "",
        country=user.country or "",
        timezone=timezone if isinstance(timezone, str) else "",
    )


def _account(account: UserAccount, names: Mapping[str, str]) -> UserAccountContext:
    """Where its name is not known: its integration, and the end of its UID to tell it apart."""
    permalink = account.application_permalink
    integration = permalink if isinstance(permalink, str) else ""
    name = names.get(account.uid) or f"…{account.uid[-4:]}"
    return UserAccountContext(
        uid=account.uid,
        integration=integration,
        label=f"{needs_of(integration).title}: {name}" if integration else name,
    )


def _countries(chosen: str) -> tuple[CountryChoice, ...]:
    """By name. The chosen one is never disabled: a browser would not post it."""
    code = chosen.strip().upper()
    choices = [_choice(one, name, code) for one, name in COUNTRIES.items()]
    choices.sort(key=lambda choice: choice.label)
    if code and code not in COUNTRIES:
        choices.insert(0, CountryChoice(code=chosen, label=chosen, is_chosen=True))
    return tuple(choices)


def _choice(code: str, name: str, chosen: str) -> CountryChoice:
    is_refused = code in REFUSED_COUNTRIES
    return CountryChoice(
        code=code,
        label=f"{name} ({code})" + (", not taken" if is_refused else ""),
        is_disabled=is_refused and code != chosen,
        is_chosen=code == chosen,
    )


def _query(text: str, role: str, number: int) -> str:
    asked = {"q": text, "role": role, "page": str(number) if number > 1 else ""}
    return "?" + urlencode(
        {name: value for name, value in asked.items() if value}, errors="replace"
    )
