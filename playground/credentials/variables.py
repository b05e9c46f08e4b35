"""The environment variables that stand for secrets wherever a request is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playground.contract.accounts import AccountCredentials
from playground.payload.paths import Path

_FIELDS = {
    "api_key": "ACCOUNT_API_KEY",
    "username": "ACCOUNT_USERNAME",
    "password": "ACCOUNT_PASSWORD",
}
# Any other cookie gets a prefix: one that is called PATH must not become $PATH.
_OWN_NAMES = {name: name.upper() for name in ("li_at", "li_a", "li_rm", "JSESSIONID")}


def variables_of(account: AccountCredentials) -> Mapping[Path, str]:
    """Path in the request → the variable for the secret there, each another one."""
    found: dict[Path, str] = {}
    for name, variable in _FIELDS.items():
        if getattr(account, name):
            found["account", name] = variable
    for name in account.cookies or ():
        found["account", "cookies", name] = _unused(_of_cookie(name), set(found.values()))
    return found


def _of_cookie(name: str) -> str:
    return _OWN_NAMES.get(name) or "COOKIE_" + re.sub(r"[^A-Z0-9]", "_", name.upper())


def _unused(variable: str, taken: set[str]) -> str:
    number, made = 2, variable
    while made in taken:
        number, made = number + 1, f"{variable}_{number}"
    return made
