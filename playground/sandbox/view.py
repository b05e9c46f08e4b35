"""Door 2: a Django view, for curl and for any client of the hosted API."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from playground.sandbox import transport
from playground.sandbox.api import handle as api
from playground.sandbox.api.handle import SandboxRequest, SandboxResponse
from playground.sandbox.storage.database import DatabaseStore

LARGEST_BODY = 32 * 1024 * 1024


# Callers bring a key of their own in each request: there is no session that could be abused.
@csrf_exempt
@login_not_required
def answer(request: HttpRequest, rest: str) -> HttpResponse:
    """Any method on any path below the mount point."""
    body = _read_body(request)
    if body is None:
        response = api.refuse(413, f"The body is larger than {LARGEST_BODY // 2**20} MiB.")
    else:
        response = _handle(request, rest, body)
    return HttpResponse(response.body, status=response.status, headers=dict(response.headers))


def _handle(request: HttpRequest, rest: str, body: bytes) -> SandboxResponse:
    try:
        here = request.build_absolute_uri(request.path)
    except DisallowedHost:
        return api.refuse(400, "The Host header names a host that is not served here.")
    path = quote(rest, safe="/", errors="replace")
    found = SandboxRequest(
        method=request.method or "",
        path=f"/{path}",
        query=request.META.get("QUERY_STRING", ""),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
        base_url=_base_url(here, request.path, rest),
    )
    return api.handle(found, DatabaseStore(), transport.now(), transport.read_settings())


def _base_url(here: str, path: str, rest: str) -> str:
    """The address of the mount point, without slash at its end."""
    origin = "/".join(here.split("/", 3)[:3])
    return origin + quote(path.removesuffix(rest).rstrip("/"))


def _read_body(request: HttpRequest) -> bytes | None:
    """The body; None when it is too large.

    Read from the stream: `request.body` refuses what is above the limit for forms, and 100,000
    inputs are.
    """
    try:
        declared = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        declared = 0
    if declared > LARGEST_BODY:
        return None
    try:
        body = request.read(LARGEST_BODY + 1)
    except UnreadablePostError:
        return b""
    return None if len(body) > LARGEST_BODY else body
