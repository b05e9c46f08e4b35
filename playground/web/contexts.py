"""What every page's template receives."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """The frame around each page: who looks, and which upstream is behind it."""

    is_local: bool
    is_sandbox: bool
    upstream: str
    section: str


def page_context(request: HttpRequest) -> dict[str, PageContext]:
    """The context processor: `page` in every template."""
    parts = request.path.split("/", 2)
    return {
        "page": PageContext(
            is_local=settings.SIGN_IN == "local",
            is_sandbox=settings.UPSTREAM_IS_SANDBOX,
            upstream="sandbox" if settings.UPSTREAM_IS_SANDBOX else settings.UPSTREAM_URL,
            section=parts[1] if len(parts) > 1 else "",
        )
    }


def api_base_url(request: HttpRequest) -> str:
    """The address that a snippet calls: the hosted API's, or this server's own sandbox."""
    if settings.UPSTREAM_IS_SANDBOX:
        return request.build_absolute_uri(reverse("sandbox", kwargs={"rest": ""})).rstrip("/")
    return str(settings.UPSTREAM_URL)
