"""The API reference: its pages. `reference_documents` has them once more for tools."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from playground.services import permissions, reference
from playground.web.reference import pages as reference_pages
from playground.web.reference import rendered
from playground.web.reference.documents import find_guide, find_page
from playground.web.reference.nav import section_of
from playground.web.reference.sandbox_door import SandboxDoor, sandbox_door

_TITLE = "API reference"


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The whole API at a glance; `?q=` searches everything that the reference says."""
    permissions.require(request.user, "see reference")
    text = request.GET.get("q", "")[:200].strip()
    found = reference_pages.found_context(reference.search_reference(text)) if text else None
    content = rendered.overview_html(rendered.site_of(request))
    return _page(request, content, found=found, sandbox=sandbox_door(request))


@require_safe
def operation(request: HttpRequest, operation: str) -> HttpResponse:
    """One operation."""
    permissions.require(request.user, "see reference")
    title = find_page(operation).operation.title
    content = rendered.operation_html(rendered.site_of(request), operation)
    return _page(request, content, title, current=operation, within=section_of(operation))


@require_safe
def guide(request: HttpRequest, guide: str) -> HttpResponse:
    """One guide."""
    permissions.require(request.user, "see reference")
    title = find_guide(guide).title
    content = rendered.guide_html(rendered.site_of(request), guide)
    return _page(request, content, title, current=guide, within="Guides")


def _page(
    request: HttpRequest,
    content: SafeString,
    title: str = "",
    *,
    current: str = "",
    within: str = "",
    found: reference_pages.FoundContext | None = None,
    sandbox: SandboxDoor | None = None,
) -> HttpResponse:
    """`current` is the name of the operation or guide, `title` what it is called, and `within` the
    part of the reference that it stands in; each empty for the overview."""
    context = {
        "title": f"{title} · {_TITLE}" if title else _TITLE,
        "heading": title,
        "within": within,
        "nav": rendered.nav_html(rendered.site_of(request), current),
        "is_overview": not current,
        "content": content,
        "found": found,
        "sandbox": sandbox,
    }
    return render(request, "reference/page.html", context)
