"""Door 1: an httpx transport that answers in process, without a socket."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
from django.conf import settings as django_settings

from playground.sandbox.api import handle as api
from playground.sandbox.api.handle import SandboxRequest, SandboxSettings
from playground.sandbox.storage.protocol import JobStore

_VERSION = "/v3"


class SandboxTransport(httpx.BaseTransport):
    """Hands every request to `api.handle`. The host is never looked up."""

    def __init__(
        self, store: JobStore, settings: SandboxSettings, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        found = _translate(request)
        if found is None:
            answer = api.refuse(404, "There is no such resource in this API.")
        else:
            answer = api.handle(found, self._store, self._clock(), self._settings)
        return httpx.Response(
            answer.status, headers=dict(answer.headers), content=answer.body, request=request
        )


def _translate(request: httpx.Request) -> SandboxRequest | None:
    """None when the address does not lead into version 3 of the API."""
    path, _, query = request.url.raw_path.decode("ascii", "replace").partition("?")
    prefix, version, rest = path.partition(_VERSION)
    if not version or not rest.startswith("/"):
        return None
    origin = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
    return SandboxRequest(
        method=request.method,
        path=rest,
        query=query,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.read(),
        base_url=f"{origin}{prefix}{version}",
    )


def read_settings() -> SandboxSettings:
    return SandboxSettings(
        api_key=django_settings.SANDBOX_API_KEY,
        project_id=django_settings.SANDBOX_PROJECT_ID,
        speed=float(django_settings.SANDBOX_SPEED),
        plan_limit=django_settings.SANDBOX_PLAN_LIMIT,
    )


def now() -> datetime:
    return datetime.now(UTC)


def make_transport() -> httpx.BaseTransport:
    """The transport as Django's settings describe it, over the database."""
    from playground.sandbox.storage.database import DatabaseStore  # Models need the app registry.

    return SandboxTransport(DatabaseStore(), read_settings(), now)
