"""Workspace, users, integrations and accounts. Contract sections 3, 4 and 5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.contract.wire import UNSET, Maybe

Extra = Mapping[str, Any]

# Contract section 4: country codes that the API refuses for a user.
REFUSED_COUNTRIES = frozenset(
    {"MG", "RE", "CI", "NA", "CV", "MU", "HN", "UY", "XK", "GN", "UA", "BB"}
    | {"PF", "QA", "KY", "LY", "LB", "VE", "UG"}
)
# What a machine's database of time zones has beside those of places.
NO_ZONES = frozenset({"Factory", "localtime", "posixrules"})
# No source has these bounds (section 13.1).
MOST_COOKIES, LONGEST_COOKIE_NAME = 100, 200
LONGEST_EMAIL = 320
USER_ROLES = ("user", "external", "admin", "owner")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The answer of `GET /workspace` (section 3). The three task counts need not add up."""

    name: str
    email: str
    plan_name: str
    current_month_start: str
    current_month_end: str
    tasks_left: Maybe[int] = UNSET
    tasks_max: Maybe[int] = UNSET
    tasks_used: Maybe[int] = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserAccount:
    """An account as a user's entry names it."""

    uid: str
    application_permalink: Maybe[str] = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A user of the workspace: the owner of accounts (section 4)."""

    uid: str
    email: Maybe[str] = UNSET
    first_name: Maybe[str] = UNSET
    last_name: Maybe[str] = UNSET
    full_name: Maybe[str] = UNSET
    country: Maybe[str] = UNSET
    project_uid: Maybe[str] = UNSET
    accounts: Maybe[tuple[UserAccount, ...]] = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPaging:
    previous: Maybe[str] = UNSET
    next: Maybe[str] = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPage:
    """One page of `GET /users`; pages count from 0 (section 1.4)."""

    users: tuple[User, ...]
    nbr_users: Maybe[int] = UNSET
    limit: Maybe[int] = UNSET
    pages: Maybe[int] = UNSET
    paging: Maybe[UserPaging] = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSave:
    """The body of `POST /users`: leave `uid` out to create (section 4)."""

    uid: Maybe[str] = UNSET
    email: Maybe[str] = UNSET
    full_name: Maybe[str] = UNSET
    country: Maybe[str] = UNSET
    timezone: Maybe[str] = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSaved:
    """The answer of `POST /users`."""

    user: User
    message: Maybe[str] = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A success that carries only a sentence (section 1.3)."""

    message: Maybe[str] = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """An integration. The account listing sends `uid` and `title`; `permalink` is its slug."""

    uid: Maybe[str] = UNSET
    title: Maybe[str] = UNSET
    permalink: Maybe[str] = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How much of a kind of action an account may still do in its 24-hour window (section 5)."""

    permalink: Maybe[str] = UNSET
    level: Maybe[str] = UNSET
    item_scraped: Maybe[int] = UNSET
    limit_value: Maybe[int] = UNSET
    limit_name: Maybe[str] = UNSET
    start_time_range: Maybe[str] = UNSET
    end_time_range: Maybe[str] = UNSET
    templates: Maybe[tuple[str, ...]] = UNSET
    nbr_inputs_queued_next_seven_days: Maybe[int] = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One set of credentials for one integration (section 5)."""

    uid: str
    name: Maybe[str] = UNSET
    setup_at: Maybe[str] = UNSET
    cookies: Maybe[dict[str, Any]] = field(default=UNSET, repr=False)
    via_extension: Maybe[bool] = UNSET
    is_shared: Maybe[bool] = UNSET
    level: Maybe[str] = UNSET
    is_valid: Maybe[bool] = UNSET
    application_permalink: Maybe[str] = UNSET
    application_name: Maybe[str] = UNSET
    limits: Maybe[tuple[Limit, ...]] = UNSET
    meta: Maybe[dict[str, Any]] = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """One page of an integration's accounts; pages count from 0. The odd spelling is theirs."""

    accounts: tuple[Account, ...]
    integration: Maybe[Integration] = UNSET
    next_page_exist: Maybe[bool] = UNSET
    number_total_acounts: Maybe[int] = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCredentials:
    """The `account` object of an account save: only what fits the integration is sent."""

    uid: Maybe[str] = UNSET
    name: Maybe[str] = UNSET
    api_key: Maybe[str] = field(default=UNSET, repr=False)
    username: Maybe[str] = field(default=UNSET, repr=False)
    password: Maybe[str] = field(default=UNSET, repr=False)
    cookies: Maybe[dict[str, str]] = field(default=UNSET, repr=False)
    user_uid: Maybe[str] = UNSET
    extra: Extra = field(default_factory=dict, repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must be nowhere but in the call."""
        values = (self.api_key, self.username, self.password, *(self.cookies or {}).values())
        return tuple(value for value in values if isinstance(value, str) and value)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSave:
    """The body of `POST /integrations/{integration}/accounts` (section 5)."""

    account: AccountCredentials
    resume_paused_jobs: Maybe[bool] = UNSET
    shared_account: Maybe[bool] = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The body of `POST /accounts/{uid}/checkpoint`: the code that the person received."""

    code: str = field(repr=False)
    extra: Extra = field(default_factory=dict)
