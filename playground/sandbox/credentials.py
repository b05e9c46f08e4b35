"""Credentials that callers send: checked, tried, and forgotten. Only their presence is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from playground.sandbox import catalog
from playground.sandbox.calls import Refused, read_optional
from playground.sandbox.json_values import type_name
from playground.sandbox.records import StoredAccount

MOST_COOKIES, LONGEST_COOKIE_NAME = 100, 200
_REFUSED = frozenset({catalog.EXPIRED_CREDENTIAL, catalog.CHECKPOINT_CREDENTIAL})


def apply(sent: Mapping[str, Any], account: StoredAccount, *, is_new: bool) -> StoredAccount:
    """The account with what was sent. Refuses fields of another type, a new account without
    name or credentials, and LinkedIn cookies without the session (section 5)."""
    name = read_optional(sent, "name", str, "text", "account.")
    key = read_optional(sent, "api_key", str, "text", "account.")
    username = read_optional(sent, "username", str, "text", "account.")
    password = read_optional(sent, "password", str, "text", "account.")
    owner = read_optional(sent, "user_uid", str, "text", "account.")
    cookies = _cookies(sent, account.integration)
    secrets = [value for value in (key, password, *cookies.values()) if value]
    if is_new and not (name and name.strip()):
        raise Refused(400, "account.name is missing: a new account needs a name.")
    if is_new and not secrets:
        raise Refused(400, _wanted(account.integration))
    if password and not username and is_new:
        raise Refused(400, "account.username is missing: a password needs one.")
    account = replace(
        account,
        name=name if name and name.strip() else account.name,
        user_uid=account.user_uid if owner is None else owner,
    )
    return _with_secrets(account, bool(key), bool(password), cookies, secrets)


def _with_secrets(
    account: StoredAccount,
    has_key: bool,
    has_password: bool,
    cookies: Mapping[str, str],
    secrets: Iterable[str],
) -> StoredAccount:
    tried = list(secrets)
    if not tried:
        return account
    names = tuple(cookies) or account.cookie_names
    return replace(
        account,
        has_key=has_key or account.has_key,
        has_password=has_password or account.has_password,
        cookie_names=names,
        level=_level(account.integration, names),
        is_valid=_REFUSED.isdisjoint(tried),
    )


def _cookies(sent: Mapping[str, Any], integration: str) -> dict[str, str]:
    raw = read_optional(sent, "cookies", dict, "an object", "account.") or {}
    if len(raw) > MOST_COOKIES or any(len(name) > LONGEST_COOKIE_NAME for name in raw):
        raise Refused(400, "account.cookies has too many cookies, or too long a name.")
    for name, value in raw.items():
        if not isinstance(value, str):
            raise Refused(400, f"account.cookies.{name} must be text, not {type_name(value)}.")
    cookies = {name: value.strip() for name, value in raw.items() if value.strip()}
    if cookies and integration == "linkedin" and catalog.SESSION_COOKIE not in cookies:
        raise Refused(400, _wanted(integration))
    return cookies


def _wanted(integration: str) -> str:
    if integration == "linkedin":
        return f"account.cookies.{catalog.SESSION_COOKIE} is missing: LinkedIn needs its session."
    return "account.api_key is missing: a new account needs a key, a password or cookies."


def _level(integration: str, cookie_names: Iterable[str]) -> str | None:
    if integration != "linkedin":
        return None
    return catalog.NAVIGATOR if catalog.NAVIGATOR_COOKIE in cookie_names else catalog.CLASSIC
