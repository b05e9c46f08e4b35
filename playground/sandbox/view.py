"""Door 2: a Django view, for curl and for any client of the hosted API."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from playground.sandbox import transport
from playground.sandbox.api import handle as api
from playground.sandbox.api.handle import SandboxRequest, SandboxResponse
from playground.sandbox.refusals import Refused
from playground.sandbox.storage.database import DatabaseStore

LARGEST_BODY = 32 * 1024 * 1024
_TOO_LARGE = f"The body is larger than {LARGEST_BODY // 2**20} MiB."
_BROKEN_OFF = "The body broke off before its end: nothing was done."


# Callers bring a key of their own in each request: there is no session that could be abused.
@csrf_exempt
@login_not_required
def answer(request: HttpRequest, rest: str) -> HttpResponse:
    """Any method on any path below the mount point.

    Who has no key is told so before anything of the body is kept.
    """
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        api.authenticate(headers, transport.read_settings())
        response = _handle(request, rest, headers, _read_body(request))
    except Refused as refused:
        response = api.refuse(refused.status, refused.sentence)
    return HttpResponse(response.body, status=response.status, headers=dict(response.headers))


def _handle(
    request: HttpRequest, rest: str, headers: Mapping[str, str], body: bytes
) -> SandboxResponse:
    try:
        here = request.build_absolute_uri(request.path)
    except DisallowedHost:
        return api.refuse(400, "The Host header names a host that is not served here.")
    path = quote(rest, safe="/", errors="replace")
    found = SandboxRequest(
        method=request.method or "",
        path=f"/{path}",
        query=request.META.get("QUERY_STRING", ""),
        headers=headers,
        body=body,
        base_url=_base_url(here, request.path, rest),
    )
    return api.handle(found, DatabaseStore(), transport.now(), transport.read_settings())


def _base_url(here: str, path: str, rest: str) -> str:
    """The address of the mount point, without slash at its end."""
    origin = "/".join(here.split("/", 3)[:3])
    return origin + quote(path.removesuffix(rest).rstrip("/"))


def _read_body(request: HttpRequest) -> bytes:
    """The whole body. Refuses one that is too large, that has no end, or that broke off: a part of
    it, or nothing, would be taken for what the caller meant.

    Read from the stream: `request.body` refuses what is above the limit for forms, and 100,000
    inputs are.
    """
    is_chunked = "HTTP_TRANSFER_ENCODING" in request.META
    if is_chunked and not request.META.get("wsgi.input_terminated"):
        raise Refused(411, "The body must be sent with a Content-Length: this server needs it.")
    declared = None if is_chunked else _declared_length(request)
    if declared is not None and declared > LARGEST_BODY:
        raise Refused(413, _TOO_LARGE)
    # Django reads as much as Content-Length says, which is nothing when a body comes in chunks.
    stream = request.META["wsgi.input"] if is_chunked else request
    try:
        body: bytes = stream.read(LARGEST_BODY + 1)
    except OSError:
        raise Refused(400, _BROKEN_OFF) from None
    if len(body) > LARGEST_BODY:
        raise Refused(413, _TOO_LARGE)
    if declared is not None and len(body) < declared:
        raise Refused(400, _BROKEN_OFF)
    return body


def _declared_length(request: HttpRequest) -> int:
    """Zero for what is no number, as for Django."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
