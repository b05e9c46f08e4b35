"""The page of a row set, also as the answer to what was refused on it."""

from __future__ import annotations

import dataclasses

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from playground.contract.workflows import Workflow
from playground.models import RowEdit, RowSet
from playground.services.row_sets import listing, store
from playground.services.row_sets.errors import ChangedMeanwhile, UnableToChangeRowSet
from playground.services.upstream_cache.calls import UnableToReachUpstream
from playground.services.workflows import lookup as workflow_lookup
from playground.web.row_sets import pages, posted
from playground.web.row_sets.pages import Refusal

_NO_REFUSAL = Refusal()


def show(
    request: HttpRequest, row_set: RowSet, refusal: Refusal = _NO_REFUSAL, status: int = 200
) -> HttpResponse:
    """The page as things are now, with what was typed where it was not taken."""
    context: dict[str, object] = {
        "row_set": row_set,
        "refusal": refusal,
        "facts": store.facts_of(row_set),
        "expires_at": listing.expires_at(row_set),
    }
    if row_set.is_reading:
        context["progress"] = pages.progress(row_set)
    else:
        context["source"] = pages.source(row_set)
    if row_set.is_ready:
        context |= _rows(request, row_set, refusal)
    return render(request, "row_sets/detail.html", context, status=status)


def refused(
    request: HttpRequest, pk: int, error: UnableToChangeRowSet, refusal: Refusal
) -> HttpResponse:
    """The page as things are now, and why nothing was done."""
    status = 409 if isinstance(error, ChangedMeanwhile) else 422
    told = dataclasses.replace(refusal, sentence=error.sentence)
    return show(request, store.find(request.user, pk), told, status)


def _rows(request: HttpRequest, row_set: RowSet, refusal: Refusal) -> dict[str, object]:
    where = posted.where(request)
    checked_for = store.workflow_of(row_set)
    group = posted.number(request.GET.get("map", ""))
    return {
        "head": pages.head(row_set, where),
        "table": pages.table_of(request.user, row_set, where),
        "mapping": pages.mapping_of(
            request.user, row_set, checked_for, group=max(1, group), typed=refusal.targets
        ),
        "has_repairs": RowEdit.objects.filter(row_set=row_set).exists(),
        "outdated": _why_outdated(row_set),
    }


def _why_outdated(row_set: RowSet) -> str:
    """Why the rows are to be checked again, as far as the workflow is known."""
    workflow = known_workflow(row_set.workflow_uid)
    return store.why_outdated(row_set, store.facts_of(row_set), workflow) if workflow else ""


def known_workflow(uid: str) -> Workflow | None:
    """As it is now; None where nobody can say."""
    try:
        return workflow_lookup.find_workflow(uid).value
    except UnableToReachUpstream:
        return None
