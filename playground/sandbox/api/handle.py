"""The sandbox's one entry: a request in, a response out. Knows neither Django nor httpx."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from playground.contract import wire
from playground.sandbox.api import room, routes
from playground.sandbox.api.calls import SandboxCall, SandboxSettings
from playground.sandbox.refusals import Refused
from playground.sandbox.storage.protocol import JobStore

__all__ = [
    "SandboxRequest",
    "SandboxResponse",
    "SandboxSettings",
    "authenticate",
    "handle",
    "refuse",
]

_HEADERS = {"content-type": "application/json", "cache-control": "no-store"}
_MOST_QUERY_FIELDS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxRequest:
    """`path` is percent-encoded, begins with a slash and is relative to `base_url`, which ends
    in `/v3`; `query` is raw, without question mark; `headers` have lower-case names."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    base_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxResponse:
    """`body` is always JSON; that of an error has a `message` (contract section 1.3)."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def handle(
    request: SandboxRequest, store: JobStore, now: datetime, settings: SandboxSettings
) -> SandboxResponse:
    """Answers one call. `now` is aware of its zone."""
    try:
        return SandboxResponse(
            status=200, body=_answer(request, store, now, settings), headers=_HEADERS
        )
    except Refused as refused:
        return refuse(refused.status, refused.sentence, refused.headers)


def refuse(status: int, sentence: str, headers: Mapping[str, str] | None = None) -> SandboxResponse:
    """An error answer. The doors use it for what never becomes a request."""
    return SandboxResponse(
        status=status, body=wire.error_body(sentence), headers=_HEADERS | dict(headers or {})
    )


def _answer(
    request: SandboxRequest, store: JobStore, now: datetime, settings: SandboxSettings
) -> bytes:
    authenticate(request.headers, settings)
    endpoint, values = routes.resolve(request.method, request.path)
    if endpoint not in routes.OF_LARGE_BODIES:
        room.check_small_body(request.body)
    call = SandboxCall(
        store=store,
        now=now,
        settings=settings,
        base_url=request.base_url,
        path=request.path,
        values=values,
        query=_query(request.query),
        body=request.body,
    )
    return _encode(endpoint(call))


def authenticate(headers: Mapping[str, str], settings: SandboxSettings) -> None:
    """Both headers must be right (sections 1.1 and 12, line 2). Takes the same time if not.

    `headers` have lower-case names. Raises `Refused`.
    """
    key = wire.read_key(headers) or ""
    project = headers.get(wire.PROJECT_HEADER, "").strip()
    is_key = _is_same(key, settings.api_key)
    is_project = _is_same(project, settings.project_id)
    if not (is_key and is_project):
        raise Refused(401, "The API key or the workspace UID (x-project-id) is missing or wrong.")


def _is_same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(
        given.encode("utf-8", "surrogatepass"), wanted.encode("utf-8", "surrogatepass")
    )


def _query(text: str) -> dict[str, str]:
    """Of a parameter given twice, the last one counts."""
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, errors="replace", max_num_fields=_MOST_QUERY_FIELDS
        )
    except ValueError:
        raise Refused(400, "The query has too many parameters.") from None
    return dict(pairs)


def _encode(answer: Any) -> bytes:
    return msgspec.json.encode(wire.to_builtins(answer))
