"""Picking a workflow."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from playground.services import permissions
from playground.services.workflows import lookup as workflow_lookup
from playground.web import durations, listed


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All workflows; `?q=` narrows them by name, step or UID."""
    permissions.require(request.user, "see workflows")
    return show_list(request, request.GET.get("q", "")[:200], {})


def show_list(
    request: HttpRequest, text: str, more: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    """The page of workflows that fit the text, and what `more` there is to show on it."""
    found = workflow_lookup.search_workflows(text)
    shown, left_out = listed.first(found.value)
    context = {
        "workflows": shown,
        "count": len(found.value),
        "left_out": left_out,
        "text": text,
        "why_old": durations.why_old(found.problem, found.age),
        "file_mb": settings.ROW_SET_FILE_MB,
    }
    return render(request, "workflows/list.html", context | dict(more), status=status)


@require_safe
def glance(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """The inputs and steps of one workflow, for its card in the list."""
    permissions.require(request.user, "see workflows", workflow_uid)
    workflow = workflow_lookup.find_workflow(workflow_uid).value
    return render(request, "workflows/_glance.html", {"workflow": workflow})
