"""What `run` is about to do, decided before anything is started."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from playground.operations import UnableToRun, addresses, servers
from playground.operations.addresses import Address

_SIGN_IN = "PLAYGROUND_SIGN_IN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`environment` is what the children get."""

    address: Address
    web_server: list[str]
    background_worker: list[str]
    environment: Mapping[str, str]

    @property
    def asks_for_password(self) -> bool:
        return self.environment[_SIGN_IN].strip() == "password"


def make_plan(
    *, host: str, port: int, size: servers.Size, server: str, environment: Mapping[str, str]
) -> Plan:
    """Raises `UnableToRun` when the options and the settings do not go together."""
    address = addresses.claim(host, port)
    sign_in = _decide_sign_in(address, environment)
    addresses.check_allowed_hosts(address, settings.ALLOWED_HOSTS)
    return Plan(
        address=address,
        web_server=servers.SERVERS[server](address, size),
        background_worker=servers.background_worker(),
        environment=servers.child_environment(environment, **{_SIGN_IN: sign_in}),
    )


def address_line(plan: Plan, environment: Mapping[str, str]) -> str:
    return (
        f"Playground on {plan.address.url} (upstream: {_upstream(environment)}; stop with Ctrl-C)"
    )


def sqlite_line() -> str | None:
    """What the operator should know about this machine's SQLite, if it is used."""
    is_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    if settings.SQLITE_HAS_WAL_FIX or not is_sqlite:
        return None
    return (
        f"SQLite {sqlite3.sqlite_version} can, rarely, damage its file when several processes "
        "write (mended in 3.51.3): a team should set DATABASE_URL to a PostgreSQL database."
    )


def _decide_sign_in(address: Address, environment: Mapping[str, str]) -> str:
    """`local` only where nobody but this machine can come.

    On a loopback address that holds, unless a proxy stands in front: then TLS is announced, or a
    host name that others can type.
    """
    if _SIGN_IN not in environment:
        is_proxied = settings.BEHIND_TLS or not all(
            addresses.is_loopback_name(name) for name in settings.ALLOWED_HOSTS
        )
        return "local" if address.is_loopback and not is_proxied else "password"
    if settings.SIGN_IN == "local" and not address.is_loopback:
        raise UnableToRun(
            "PLAYGROUND_SIGN_IN=local lets everybody in without a password: it needs a loopback "
            f"--host such as 127.0.0.1, not {address.name}."
        )
    return str(settings.SIGN_IN)


def _upstream(environment: Mapping[str, str]) -> str:
    if not settings.UPSTREAM_IS_SANDBOX:
        return f"{settings.UPSTREAM_URL}, key from UPSTREAM_API_KEY"
    is_own_key = "SANDBOX_API_KEY" in environment
    key = "from SANDBOX_API_KEY" if is_own_key else settings.SANDBOX_API_KEY
    return f"the sandbox, key {key}, project {settings.SANDBOX_PROJECT_ID}"
