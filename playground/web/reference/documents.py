"""The reference for tools: Markdown, `llms.txt` and the OpenAPI document.

Tools have no session, so what describes the API is for anybody. The upstream's address is not: who
is not signed in reads of the sandbox instead, which is open to anybody too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from playground.contract import wire
from playground.reference.formats.markdown import documents as markdown
from playground.reference.formats.openapi import document as openapi
from playground.reference.guides.samples import Guide
from playground.reference.pages import basics, operations
from playground.reference.pages.operations import OperationPage
from playground.services import permissions, reference
from playground.web.context_processor import api_base_url, sandbox_base_url
from playground.web.reference import pages as reference_pages

_MARKDOWN, _TEXT = "text/markdown; charset=utf-8", "text/plain; charset=utf-8"


# It lies among the addresses of the API: no credentials, no cookie, errors in the API's words.
@csrf_exempt
@login_not_required
def sandbox(request: HttpRequest) -> HttpResponse:
    """The sandbox's OpenAPI document."""
    if request.method not in ("GET", "HEAD"):
        sentence = wire.error_body("This resource takes GET, HEAD.")
        headers = {"Allow": "GET, HEAD"}
        return HttpResponse(sentence, status=405, content_type="application/json", headers=headers)
    return _document(sandbox_base_url(request))


@require_safe
def upstream(request: HttpRequest) -> HttpResponse:
    """The upstream's: the same but for its address."""
    permissions.require(request.user, "see reference")
    return _document(api_base_url(request))


@login_not_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    base_url = _base_url(request)
    sections, guides = basics.sections(base_url), reference.list_guides()
    return _markdown(request, base_url, partial(markdown.write_overview, sections, guides))


@login_not_required
@require_safe
def operation(request: HttpRequest, operation: str) -> HttpResponse:
    base_url = _base_url(request)
    return _markdown(request, base_url, partial(markdown.write_operation, find_page(operation)))


@login_not_required
@require_safe
def guide(request: HttpRequest, guide: str) -> HttpResponse:
    base_url = _base_url(request)
    return _markdown(request, base_url, partial(markdown.write_guide, find_guide(guide)))


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`llms.txt`: where each page is to be had as Markdown."""
    openapi_url = (
        request.build_absolute_uri(reverse("reference-openapi"))
        if _is_person(request)
        else f"{sandbox_base_url(request)}/openapi.json"
    )
    text = markdown.write_index(
        reference.list_guides(),
        base_url=_base_url(request),
        address_of=reference_pages.markdown_addresses(request),
        openapi=openapi_url,
    )
    return HttpResponse(text, content_type=_TEXT)


def find_page(name: str) -> OperationPage:
    try:
        return operations.page_of(name)
    except KeyError:
        raise Http404("There is no such operation.") from None


def find_guide(name: str) -> Guide:
    try:
        return reference.find_guide(name)
    except reference.UnknownPage:
        raise Http404("There is no such guide.") from None


def _base_url(request: HttpRequest) -> str:
    """The address that the document is about, for whoever asks."""
    return api_base_url(request) if _is_person(request) else sandbox_base_url(request)


def _is_person(request: HttpRequest) -> bool:
    """Whether the upstream's address may be told, beside what anybody may read."""
    permissions.require(request.user, "read reference documents")
    return permissions.can(request.user, "see reference")


def _markdown(request: HttpRequest, base_url: str, write: Callable[..., str]) -> HttpResponse:
    """What `write(show=…, address_of=…)` writes, with calls to `base_url`."""
    text = write(
        show=reference.shows_calls(base_url),
        address_of=reference_pages.markdown_addresses(request),
    )
    return HttpResponse(text, content_type=_MARKDOWN)


def _document(server_url: str) -> HttpResponse:
    return HttpResponse(openapi.encode_document(server_url), content_type="application/json")
