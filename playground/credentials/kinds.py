"""What each integration signs in with. Contract section 5."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["cookies", "api_key", "password"]
KINDS: tuple[Kind, ...] = ("cookies", "api_key", "password")
IN_WORDS = {
    "cookies": "the cookies of its site",
    "api_key": "an API key",
    "password": "a user name and a password",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """A cookie that is known by its name. `lack` tells what a person misses without it."""

    name: str
    purpose: str = ""
    lack: str = ""
    is_needed: bool = False
    is_never_quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """How an integration signs in. `kind` is what is offered first, None when nobody knows.

    `domains` are those whose cookies are meant; `cookies` are empty where their names are not
    known, and then every cookie that is given is sent.
    """

    title: str
    kind: Kind | None = None
    cookies: tuple[Cookie, ...] = ()
    domains: tuple[str, ...] = ()
    has_challenge: bool = False

    @property
    def first_kind(self) -> Kind:
        return self.kind or KINDS[0]

    @property
    def cookie_names(self) -> tuple[str, ...]:
        return tuple(cookie.name for cookie in self.cookies)


_KNOWN = {
    "linkedin": Needs(
        title="LinkedIn",
        kind="cookies",
        cookies=(
            Cookie(
                name="li_at",
                purpose="the session",
                lack="LinkedIn cannot be signed in to without it",
                is_needed=True,
                is_never_quoted=True,
            ),
            Cookie(
                name="li_a",
                purpose="Sales Navigator",
                lack="Sales Navigator needs li_at and li_a; without li_a the account is Classic",
                is_never_quoted=True,
            ),
            Cookie(name="JSESSIONID"),
            Cookie(name="li_rm"),
        ),
        domains=("linkedin.com",),
        has_challenge=True,
    ),
    "hubspot": Needs(title="HubSpot", kind="api_key", domains=("hubspot.com",)),
    "google-sheets": Needs(title="Google Sheets", kind="api_key", domains=("google.com",)),
    "outlook": Needs(
        title="Outlook",
        kind="password",
        domains=("outlook.com", "office.com", "live.com", "microsoftonline.com"),
    ),
}


def needs_of(integration: str, cookie_names: Iterable[str] = ()) -> Needs:
    """What the integration needs; an account that signs in by cookies needs those it has."""
    needs = _KNOWN.get(integration) or Needs(title=integration)
    has = set(cookie_names)
    return replace(needs, kind="cookies", cookies=_with_names(needs.cookies, has)) if has else needs


def _with_names(known: tuple[Cookie, ...], names: set[str]) -> tuple[Cookie, ...]:
    others = sorted(names - {cookie.name for cookie in known})
    return (*known, *(Cookie(name=name) for name in others))
