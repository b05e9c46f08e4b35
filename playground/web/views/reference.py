"""The API reference: its pages. `reference_documents` has them once more for tools."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from playground.services import permissions, reference
from playground.web import reference_contexts, reference_html
from playground.web.views.reference_documents import find_guide, find_page

_TITLE = "API reference"


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The whole API at a glance; `?q=` searches everything that the reference says."""
    permissions.require(request.user, "see reference")
    text = request.GET.get("q", "")[:200].strip()
    found = reference_contexts.found_context(reference.search_reference(text)) if text else None
    content = reference_html.overview_html(reference_html.site_of(request))
    return _page(request, content, title=_TITLE, found=found)


@require_safe
def operation(request: HttpRequest, operation: str) -> HttpResponse:
    """One operation."""
    permissions.require(request.user, "see reference")
    title = find_page(operation).operation.title
    content = reference_html.operation_html(reference_html.site_of(request), operation)
    return _page(request, content, title=f"{title} · {_TITLE}", current=operation)


@require_safe
def guide(request: HttpRequest, guide: str) -> HttpResponse:
    """One guide."""
    permissions.require(request.user, "see reference")
    title = find_guide(guide).title
    content = reference_html.guide_html(reference_html.site_of(request), guide)
    return _page(request, content, title=f"{title} · {_TITLE}", current=guide)


def _page(
    request: HttpRequest,
    content: SafeString,
    *,
    title: str,
    current: str = "",
    found: reference_contexts.FoundContext | None = None,
) -> HttpResponse:
    """`current` is the name of the operation or guide; empty for the overview."""
    context = {
        "title": title,
        "nav": reference_html.nav_html(reference_html.site_of(request), current),
        "is_overview": not current,
        "content": content,
        "found": found,
    }
    return render(request, "reference/page.html", context)
