"""What every page's template receives."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from playground.services.launches import trials
from playground.web import fragments
from playground.web.trial_scope import outside

# Pages that stand under another section than their address says.
_WITHIN = {
    "jobs": "workflows",
    "presets": "workflows",
    "shared": "workflows",
    "users": "accounts",
    "compare": "launches",
    "schedules": "launches",
    "webhooks": "launches",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """The frame around each page: who looks, which upstream is behind it, and in which section it
    stands; `is_section` for the section's own page."""

    is_local: bool
    is_sandbox: bool
    is_trial: bool
    has_trials: bool
    upstream: str
    section: str
    is_section: bool
    version: str


def page_context(request: HttpRequest) -> dict[str, PageContext]:
    """The context processor: `page` in every template."""
    parts = request.path_info.split("/", 2)
    section = parts[1] if len(parts) > 1 else ""
    return {
        "page": PageContext(
            is_local=settings.SIGN_IN == "local",
            is_sandbox=is_sandbox_behind(),
            is_trial=trials.is_trial(),
            has_trials=trials.is_sandbox_apart(),
            upstream=settings.UPSTREAM_URL if trials.is_sandbox_apart() else "sandbox",
            section=_WITHIN.get(section, section),
            version=fragments.version(),
            is_section=request.path_info == f"/{section}/" and section not in _WITHIN,
        )
    }


def is_sandbox_behind() -> bool:
    """Whether what is sent now goes to the sandbox: it is the upstream, or this is a trial."""
    return not trials.is_sandbox_apart() or trials.is_trial()


def api_base_url(request: HttpRequest) -> str:
    """The address that a snippet calls: the hosted API's, or this server's own sandbox."""
    return sandbox_base_url(request) if is_sandbox_behind() else str(settings.UPSTREAM_URL)


def sandbox_base_url(request: HttpRequest) -> str:
    """The address of the sandbox's API, under the name by which this server was reached."""
    door = outside(reverse("sandbox", kwargs={"rest": ""}))
    return request.build_absolute_uri(door).rstrip("/")
