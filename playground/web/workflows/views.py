"""Picking a workflow."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from playground.services import permissions
from playground.services.workflows import lookup as workflow_lookup


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All workflows; `?q=` narrows them by name, step or UID."""
    permissions.require(request.user, "see workflows")
    text = request.GET.get("q", "")[:200]
    found = workflow_lookup.search_workflows(text)
    return render(request, "workflows/list.html", {"workflows": found, "text": text})


@require_safe
def glance(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """The inputs and steps of one workflow, for its card in the list."""
    permissions.require(request.user, "see workflows", workflow_uid)
    workflow = workflow_lookup.get_workflow(workflow_uid)
    return render(request, "workflows/_glance.html", {"workflow": workflow})
