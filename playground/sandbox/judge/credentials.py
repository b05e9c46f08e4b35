"""Credentials that callers send: checked, tried, and forgotten. Only their presence is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from playground.contract.accounts import LONGEST_COOKIE_NAME, MOST_COOKIES
from playground.sandbox import catalog
from playground.sandbox.json_values import read_optional, type_name
from playground.sandbox.records import StoredAccount
from playground.sandbox.refusals import Refused

_REFUSED = frozenset({catalog.EXPIRED_CREDENTIAL, catalog.CHECKPOINT_CREDENTIAL})


def apply(sent: Mapping[str, Any], account: StoredAccount, *, is_new: bool) -> StoredAccount:
    """The account with what was sent. Refuses fields of another type, a new account without
    a name or the credentials that fit its integration, and LinkedIn cookies without the session
    (section 5). No refusal repeats what was sent: any part of it may be a secret."""
    name = read_optional(sent, "name", str, "text", "account.")
    key = read_optional(sent, "api_key", str, "text", "account.")
    username = read_optional(sent, "username", str, "text", "account.")
    password = read_optional(sent, "password", str, "text", "account.")
    owner = read_optional(sent, "user_uid", str, "text", "account.")
    cookies = _cookies(sent, account.integration)
    secrets = [value for value in (key, password, *cookies.values()) if value]
    if is_new and not (name and name.strip()):
        raise Refused(400, "account.name is missing: a new account needs a name.")
    if is_new:
        _check_fit(account.integration, key, username, password, cookies)
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
            at = (
                f"account.cookies.{name}"
                if name in catalog.COOKIES
                else "A value of account.cookies"
            )
            raise Refused(400, f"{at} must be text, not {type_name(value)}.")
    cookies = {name: value.strip() for name, value in raw.items() if value.strip()}
    if cookies and integration == "linkedin" and catalog.SESSION_COOKIE not in cookies:
        raise Refused(400, _SESSION_MISSING)
    return cookies


_SESSION_MISSING = (
    f"account.cookies.{catalog.SESSION_COOKIE} is missing: LinkedIn needs its session."
)


def _check_fit(
    integration: str,
    key: str | None,
    username: str | None,
    password: str | None,
    cookies: Mapping[str, str],
) -> None:
    """Refuses a new account that lacks what its integration signs in with."""
    if integration == "linkedin":
        if not cookies:
            raise Refused(400, _SESSION_MISSING)
    elif integration == "outlook":
        for name, value in (("password", password), ("username", username)):
            if not (value and value.strip()):
                sentence = "Outlook needs a user name and its password."
                raise Refused(400, f"account.{name} is missing: {sentence}")
    elif not (key and key.strip()):
        title = catalog.TITLES.get(integration, integration)
        raise Refused(400, f"account.api_key is missing: {title} needs a key.")


def _level(integration: str, cookie_names: Iterable[str]) -> str | None:
    if integration != "linkedin":
        return None
    return catalog.NAVIGATOR if catalog.NAVIGATOR_COOKIE in cookie_names else catalog.CLASSIC
