"""The last launches of a workflow, beside its form: each fills it in again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from playground.services.ledger import launches as launch_ledger
from playground.services.workflows import lookup as workflow_lookup

MOST_RECENT = 10


@require_safe
def recent(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    workflow = workflow_lookup.get_known_workflow(workflow_uid)
    found = launch_ledger.list_recent(
        request.user, workflow_uid, most=MOST_RECENT, now=timezone.now()
    )
    return render(request, "launches/recent.html", {"workflow": workflow, "launches": found})
