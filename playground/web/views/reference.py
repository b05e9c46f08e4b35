"""The API reference: its pages. `reference_documents` has them once more for tools."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from playground.reference import pages_basics
from playground.reference.snippets import ShowCall
from playground.services import permissions, reference
from playground.web import reference_blocks, reference_contexts
from playground.web.contexts import api_base_url
from playground.web.views.reference_documents import find_guide, find_page


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The whole API at a glance; `?q=` searches everything that the reference says."""
    permissions.require(request.user, "see reference")
    text = request.GET.get("q", "")[:200].strip()
    found = reference_contexts.found_context(reference.search_reference(text)) if text else None
    context = {
        "nav": reference_contexts.nav_context(reference.list_guides()),
        "overview": reference_blocks.overview_context(
            pages_basics.sections(api_base_url(request)), _show(request)
        ),
        "found": found,
    }
    return render(request, "reference/overview.html", context)


@require_safe
def operation(request: HttpRequest, operation: str) -> HttpResponse:
    """One operation."""
    permissions.require(request.user, "see reference")
    page = find_page(operation)
    context = {
        "nav": reference_contexts.nav_context(reference.list_guides(), current=operation),
        "shown": reference_contexts.operation_context(page, _show(request)),
    }
    return render(request, "reference/operation.html", context)


@require_safe
def guide(request: HttpRequest, guide: str) -> HttpResponse:
    """One guide."""
    permissions.require(request.user, "see reference")
    found = find_guide(guide)
    context = {
        "nav": reference_contexts.nav_context(reference.list_guides(), current=guide),
        "guide": reference_blocks.guide_context(found, _show(request)),
    }
    return render(request, "reference/guide.html", context)


def _show(request: HttpRequest) -> ShowCall:
    return reference.shows_calls(api_base_url(request))
