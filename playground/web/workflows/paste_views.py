"""One box for whatever was pasted: it opens the playground of the workflow that it is of."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from playground.contract.workflows import Workflow
from playground.payload.drafts import Entry
from playground.payload.edit import reading
from playground.payload.edit.paste.found import Pasted
from playground.payload.edit.paste.secrets import may_hold_credentials
from playground.services import permissions
from playground.services.launches import kept_fields, pasting, which_workflow
from playground.services.launches.pasting import UnableToReadPasted
from playground.web import http
from playground.web.launches import kept, page
from playground.web.launches.page import FilledIn, PageState
from playground.web.launches.paste_views import hosts_of, text_of
from playground.web.workflows import views

# Of the workflows that it may be, those that know most of it.
_MOST_CANDIDATES = 12


@require_POST
def paste(request: HttpRequest) -> HttpResponse:
    """The playground with what was pasted, or of the workflow that alone was named; else which
    workflows it may be of, or what is wrong."""
    permissions.require(request.user, "see workflows")
    text = request.POST.get("pasted", "")
    try:
        pasted = pasting.look_at(text_of(request, text))
        workflow = _find(pasted)
        if workflow is None:
            return _ask(request, pasted)
        return _open(request, workflow, pasted)
    except UnableToReadPasted as error:
        if error.names is not None:
            return http.see_other(reverse("launch-new", args=[error.names.uid]))
        told = " ".join((*error.notices, error.problem.sentence))
        shown = "" if may_hold_credentials(text) else text
        context = {"pasted": shown, "pasted_problem": told}
        return views.show_list(request, "", context, status=400)


def _find(pasted: Pasted) -> Workflow | None:
    """By what is listed; else by what the workflows themselves say."""
    found = which_workflow.find(pasted)
    if found is None:
        which_workflow.look_up_all()
        found = which_workflow.find(pasted)
    return found


def _open(request: HttpRequest, workflow: Workflow, pasted: Pasted) -> HttpResponse:
    permissions.require(request.user, "preview", workflow.uid)
    made = pasting.fill_in(
        request.user,
        workflow,
        reading.default_draft(workflow),
        pasted,
        hosts=hosts_of(request),
        now=timezone.now(),
    )
    state = PageState(filled=FilledIn(notices=made.notices))
    return page.show_page(request, workflow, made.draft, state)


def _ask(request: HttpRequest, pasted: Pasted) -> HttpResponse:
    """The workflows that know something of it, each with a button that fills in its form."""
    context: dict[str, Any] = {
        "candidates": which_workflow.rank(pasted)[:_MOST_CANDIDATES],
        "notices": pasted.notices,
        "is_rows": pasted.payload is None,
        "pasted": _bare(pasted),
    }
    if len(context["pasted"]) > kept.LONGEST_TEXT:
        entry = Entry(context.pop("pasted"))
        context["kept"] = kept_fields.keep(request.user, {"pasted": entry}, timezone.now())
    return render(request, "workflows/which.html", context)


def _bare(pasted: Pasted) -> str:
    """What is filled in of it, as text: without the request around it, and its keys."""
    if pasted.table is not None:
        return pasted.table
    if pasted.payload is None:
        return (pasted.raw or msgspec.json.encode(pasted.rows)).decode()
    if pasted.raw is None:
        return msgspec.json.encode(pasted.payload).decode()
    inputs = msgspec.Raw(pasted.raw)
    return msgspec.json.encode({**pasted.payload, "inputs": inputs}).decode()
