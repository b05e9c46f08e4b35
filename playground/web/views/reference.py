"""The API reference: pages, and each of them once more as Markdown."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from playground.reference import markdown, pages, pages_basics
from playground.reference.guides import Guide
from playground.reference.pages import OperationPage
from playground.reference.snippets import ShowCall
from playground.services import permissions, reference
from playground.web import reference_blocks, reference_contexts
from playground.web.contexts import api_base_url

_MARKDOWN, _TEXT = "text/markdown; charset=utf-8", "text/plain; charset=utf-8"


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
    page = _page(operation)
    context = {
        "nav": reference_contexts.nav_context(reference.list_guides(), current=operation),
        "shown": reference_contexts.operation_context(page, _show(request)),
    }
    return render(request, "reference/operation.html", context)


@require_safe
def guide(request: HttpRequest, guide: str) -> HttpResponse:
    """One guide."""
    permissions.require(request.user, "see reference")
    found = _guide(guide)
    context = {
        "nav": reference_contexts.nav_context(reference.list_guides(), current=guide),
        "guide": reference_blocks.guide_context(found, _show(request)),
    }
    return render(request, "reference/guide.html", context)


@require_safe
def overview_markdown(request: HttpRequest) -> HttpResponse:
    permissions.require(request.user, "see reference")
    text = markdown.write_overview(
        pages_basics.sections(api_base_url(request)),
        reference.list_guides(),
        show=_show(request),
        address_of=reference_contexts.markdown_addresses(request),
    )
    return HttpResponse(text, content_type=_MARKDOWN)


@require_safe
def operation_markdown(request: HttpRequest, operation: str) -> HttpResponse:
    permissions.require(request.user, "see reference")
    text = markdown.write_operation(
        _page(operation),
        show=_show(request),
        address_of=reference_contexts.markdown_addresses(request),
    )
    return HttpResponse(text, content_type=_MARKDOWN)


@require_safe
def guide_markdown(request: HttpRequest, guide: str) -> HttpResponse:
    permissions.require(request.user, "see reference")
    text = markdown.write_guide(
        _guide(guide),
        show=_show(request),
        address_of=reference_contexts.markdown_addresses(request),
    )
    return HttpResponse(text, content_type=_MARKDOWN)


@require_safe
def index_for_programs(request: HttpRequest) -> HttpResponse:
    """`llms.txt`: where each page is to be had as Markdown."""
    permissions.require(request.user, "see reference")
    text = markdown.write_index(
        reference.list_guides(),
        address_of=reference_contexts.markdown_addresses(request),
        openapi=request.build_absolute_uri(reverse("reference-openapi")),
    )
    return HttpResponse(text, content_type=_TEXT)


def _show(request: HttpRequest) -> ShowCall:
    return reference.shows_calls(api_base_url(request))


def _page(name: str) -> OperationPage:
    try:
        return pages.page_of(name)
    except KeyError:
        raise Http404("There is no such operation.") from None


def _guide(name: str) -> Guide:
    try:
        return reference.find_guide(name)
    except reference.UnknownPage:
        raise Http404("There is no such guide.") from None
