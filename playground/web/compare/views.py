"""The page that compares two payloads, and all that differs as a file."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from playground.payload import diff
from playground.payload.diff import Diff
from playground.services import permissions
from playground.services.launches import compare
from playground.web import http
from playground.web.compare import pages, sources
from playground.web.compare.sources import Source


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`?left=` and `?right=` name the two, or `?of=` twice: the first of these is the newer one."""
    permissions.require(request.user, "see launches")
    names = _names(request)
    if len(names) != 2:
        return render(request, "compare/choose.html", {"chosen": len(names)})
    both = _find(request, names)
    workflow = compare.find_workflow(both[0].workflow_uid, both[1].workflow_uid)
    found = compare.compare(both[0].side, both[1].side, workflow)
    page = pages.compare_page(both, found, workflow, http.page_number(request))
    return render(request, "compare/detail.html", {"compared": page})


@require_safe
def changes(request: HttpRequest) -> HttpResponseBase:
    """All that differs, one difference a line."""
    permissions.require(request.user, "see launches")
    names = _names(request)
    if len(names) != 2:
        return render(request, "compare/choose.html", {"chosen": len(names)})
    both = _find(request, names)
    workflow = compare.find_workflow(both[0].workflow_uid, both[1].workflow_uid)
    found = compare.compare(both[0].side, both[1].side, workflow)
    return StreamingHttpResponse(
        _lines(both, found),
        content_type="application/jsonl; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="differences.jsonl"'},
    )


def _names(request: HttpRequest) -> list[str]:
    chosen = [request.GET.get(name, "") for name in ("left", "right")]
    return [one for one in chosen if one] or request.GET.getlist("of")[::-1]


def _find(request: HttpRequest, names: list[str]) -> tuple[Source, Source]:
    try:
        return sources.find(request, names[0]), sources.find(request, names[1])
    except sources.NoSuchSource as error:
        raise Http404("One of the two is not here, or not any more.") from error


def _lines(both: tuple[Source, Source], found: Diff) -> Iterator[bytes]:
    yield from map(pages.line_of, found.changes)
    yield from diff.lines_of_rows(both[0].side, both[1].side, found.rows)
