"""What `run` is about to do, and what it will say: from its options and the settings."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from playground.environment import KNOWN_SANDBOX_KEY, check_local, is_loopback_name
from playground.running import UnableToRun, preparation, servers
from playground.running.addresses import Address
from playground.running.plans import Plan

SIGN_IN = "PLAYGROUND_SIGN_IN"


def decide_sign_in(address: Address, environment: Mapping[str, str]) -> str:
    """`local` only where nobody but this machine can come. Raises `UnableToRun`.

    On a loopback address that holds, unless a proxy stands in front: then TLS is announced, or a
    host name that others can type.
    """
    if SIGN_IN not in environment:
        is_proxied = settings.BEHIND_TLS or not all(
            is_loopback_name(name) for name in settings.ALLOWED_HOSTS
        )
        return "local" if address.is_loopback and not is_proxied else "password"
    if settings.SIGN_IN == "local" and not address.is_loopback:
        raise UnableToRun(
            "PLAYGROUND_SIGN_IN=local lets everybody in without a password: it needs a loopback "
            f"--host such as 127.0.0.1, not {address.name}."
        )
    try:
        check_local(settings.SIGN_IN, settings.ALLOWED_HOSTS, is_behind_tls=settings.BEHIND_TLS)
    except ImproperlyConfigured as error:
        raise UnableToRun(str(error)) from None
    return str(settings.SIGN_IN)


def check_hosts(address: Address) -> None:
    """Raises `UnableToRun` when every visitor of a public address would be refused."""
    names = settings.ALLOWED_HOSTS
    if address.is_loopback or not all(is_loopback_name(name) for name in names):
        return
    raise UnableToRun(
        "Set ALLOWED_HOSTS to the host names that people will type "
        f"(such as playground.example.com) before listening on {address.name}."
    )


def make_plan(address: Address, size: servers.Size, sign_in: str) -> Plan:
    """For a prepared playground: it looks whether anybody can sign in."""
    return Plan(
        address=address,
        web_server=servers.SERVERS[servers.DEFAULT_SERVER](address, size),
        background_worker=servers.background_worker(),
        lines=[*_lines(address, sign_in)],
    )


def child_environment(environment: Mapping[str, str], sign_in: str) -> dict[str, str]:
    return servers.child_environment(environment) | {SIGN_IN: sign_in}


def _lines(address: Address, sign_in: str) -> Iterator[str]:
    """What the operator reads once the playground answers; the first line has the address."""
    yield f"Playground on {address.url} (upstream: {_upstream(sign_in)}; stop with Ctrl-C)"
    is_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    if is_sqlite and not settings.SQLITE_HAS_WAL_FIX:
        yield (
            f"SQLite {sqlite3.sqlite_version} can, rarely, damage its file when several processes "
            "write (mended in 3.51.3): a team should set DATABASE_URL to a PostgreSQL database."
        )
    if sign_in == "password" and not preparation.somebody_can_sign_in():
        yield "Nobody can sign in yet: python manage.py createsuperuser makes a person."


def _upstream(sign_in: str) -> str:
    if not settings.UPSTREAM_IS_SANDBOX:
        return f"{settings.UPSTREAM_URL}, key from UPSTREAM_API_KEY"
    if settings.SANDBOX_KEY_IS_CHOSEN:
        key = "from SANDBOX_API_KEY"
    elif sign_in == "local":
        key = KNOWN_SANDBOX_KEY
    else:
        key = f"in {preparation.sandbox_key_file()}"
    return f"the sandbox, key {key}, project {settings.SANDBOX_PROJECT_ID}"
