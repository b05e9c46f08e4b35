"""A person's row sets: the list, one of them, and what programs ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from playground.models import RowSet
from playground.payload.texts import without_hiding
from playground.services.row_sets import listing, reading, store
from playground.web import fragments, http
from playground.web.row_sets import pages, show

PAGE_SIZE = 50
_STILL_READING = "These rows are still being read: ask again when they are ready."
_NOT_READ = "These rows could not be read, so there is nothing to give."


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The person's own, the one that was used last first."""
    found = Paginator(listing.list_row_sets(request.user), PAGE_SIZE)
    page = found.get_page(http.page_number(request))
    context = {
        "page_of": page,
        "row_sets": [pages.listed(one) for one in page.object_list],
        "days": settings.ROW_SET_DAYS,
    }
    return render(request, "row_sets/list.html", context)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One row set: how far its reading is, or its rows."""
    return show.show(request, store.find(request.user, pk))


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the reading is. When it is over, the page is to be loaded anew."""
    row_set = store.find(request.user, pk)
    context = {"row_set": row_set, "progress": pages.progress(row_set)}
    page = render(request, "row_sets/_progress.html", context)
    if not row_set.is_reading and fragments.is_fragment(request):
        page.headers["HX-Refresh"] = "true"
    return page


@require_safe
def state(request: HttpRequest, pk: int) -> HttpResponse:
    return JsonResponse(pages.state_of(store.find(request.user, pk)))


@require_safe
def inputs(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The inputs as a launch would send them, one a line."""
    row_set = store.find(request.user, pk)
    if not row_set.is_ready:
        return _no_rows(row_set)
    return _file(row_set, listing.inputs_lines(request.user, row_set), "inputs.jsonl")


@require_safe
def table_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The table for a spreadsheet: no cell of it can start a formula."""
    return _table(request, pk, exact=False)


@require_safe
def exact_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The table letter by letter."""
    return _table(request, pk, exact=True)


@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    row_set = store.find(request.user, pk)
    listing.rename(request.user, row_set, request.POST.get("name", ""), timezone.now())
    return http.see_other(reverse("row-set-detail", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks whether it is meant; a POST removes the row set."""
    row_set = store.find(request.user, pk)
    if request.method != "POST":
        return render(request, "row_sets/remove.html", {"row_set": row_set})
    listing.remove(request.user, row_set)
    return http.see_other(reverse("row-set-list"))


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the reading."""
    reading.stop(store.find(request.user, pk))
    return http.see_other(reverse("row-set-detail", args=[pk]))


def _table(request: HttpRequest, pk: int, *, exact: bool) -> HttpResponseBase:
    row_set = store.find(request.user, pk)
    if not row_set.is_ready:
        return _no_rows(row_set)
    return _file(row_set, listing.as_csv(request.user, row_set, exact=exact), "csv")


def _no_rows(row_set: RowSet) -> HttpResponse:
    return fragments.refuse(_STILL_READING if row_set.is_reading else _NOT_READ, 409)


_TYPES = {"csv": "text/csv; charset=utf-8", "inputs.jsonl": "application/jsonl; charset=utf-8"}


def _file(row_set: RowSet, pieces: Iterator[bytes], ending: str) -> HttpResponseBase:
    response = StreamingHttpResponse(pieces, content_type=_TYPES[ending])
    name = f"{PurePosixPath(row_set.name).stem[:80] or 'rows'}.{ending}"
    told = content_disposition_header(as_attachment=True, filename=without_hiding(name))
    response.headers["Content-Disposition"] = told or "attachment"
    return response
