"""Which upstream, with which credentials, over which transport: settings → `WorkflowClient`."""

from __future__ import annotations

import os
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
from django.conf import settings
from django.utils.module_loading import import_string

from playground.contract import wire
from playground.upstream import targets
from playground.upstream.attempts import Budgets
from playground.upstream.client import WorkflowClient
from playground.upstream.exchange import Exchange
from playground.upstream.network import NetworkTransport
from playground.upstream.targets import Target

TransportFactory = Callable[[], httpx.BaseTransport]

_lock = threading.Lock()
_clients: dict[Target, WorkflowClient] = {}
_ssl_context: ssl.SSLContext | None = None


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One upstream. `transport` makes what carries the calls; None is the network."""

    base_url: str
    api_key: str = field(repr=False)
    project_id: str = field(repr=False)
    transport: TransportFactory | None = None
    budgets: Budgets = field(default_factory=Budgets)
    clock: Callable[[], datetime] = _utc_now

    def open(self) -> WorkflowClient:
        """A new client; whoever opens it closes it."""
        kept, fresh = self._transports()
        exchange = Exchange(
            base_url=self.base_url,
            headers={
                wire.AUTHORIZATION_HEADER: wire.authorization_value(self.api_key),
                wire.PROJECT_HEADER: self.project_id,
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": "workflow-playground",
            },
            secrets=(self.api_key, self.project_id),
            kept=kept,
            fresh=fresh,
            clock=self.clock,
        )
        return WorkflowClient(exchange, self.budgets)

    def _transports(self) -> tuple[httpx.BaseTransport, httpx.BaseTransport]:
        if self.transport is not None:
            made = self.transport()
            return made, made
        context = shared_ssl_context()
        return (
            NetworkTransport(ssl_context=context, keep_alive=True),
            NetworkTransport(ssl_context=context, keep_alive=False),
        )


def shared_ssl_context() -> ssl.SSLContext:
    """Building one costs 40 to 85 ms, so the process has one."""
    global _ssl_context  # noqa: PLW0603
    with _lock:
        if _ssl_context is None:
            _ssl_context = httpx.create_ssl_context(trust_env=False)
        return _ssl_context


def from_settings(target: Target = "upstream") -> Connection:
    """The upstream that the environment names, or the sandbox that ships inside."""
    part = "UPSTREAM" if target == "upstream" else "SANDBOX"
    dotted_path = getattr(settings, f"{part}_TRANSPORT")
    return Connection(
        base_url=getattr(settings, f"{part}_URL"),
        api_key=getattr(settings, f"{part}_API_KEY"),
        project_id=getattr(settings, f"{part}_PROJECT_ID"),
        transport=import_string(dotted_path) if dotted_path else None,
    )


def connect() -> WorkflowClient:
    """The process's client of the server at hand (`targets`), made at the first call."""
    target = targets.current()
    client = _clients.get(target)
    if client is None:
        made = from_settings(target).open()
        with _lock:
            client = _clients.setdefault(target, made)
        if client is not made:
            made.close()
    return client


def reset() -> None:
    """Forgets the process's clients: the next `connect()` reads the settings again."""
    with _lock:
        clients = tuple(_clients.values())
        _clients.clear()
    for client in clients:
        client.close()


def _start_over_in_child() -> None:
    """Two processes must not write into one connection: a forked child opens its own."""
    global _lock  # noqa: PLW0603
    _clients.clear()
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_start_over_in_child)
