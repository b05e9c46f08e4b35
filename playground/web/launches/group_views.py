"""Launches that were made of one form: what each part came to; stopping, and going on."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from playground.models import LaunchGroup
from playground.services.launches import split
from playground.services.launches.errors import UnableToLaunch
from playground.services.upstream_cache.calls import place_to_send
from playground.web import http


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The parts, in the order in which they are sent."""
    return _show(request, _group(request, pk))


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """No further part is sent."""
    group = _group(request, pk)
    split.stop(request.user, group)
    return http.see_other(reverse("launch-group", args=[pk]))


@require_POST
@place_to_send()
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Send what was not launched yet."""
    group = _group(request, pk)
    try:
        split.go_on(request.user, group)
    except UnableToLaunch as error:
        return _show(request, group, sentence=error.sentence, status=409)
    return http.see_other(reverse("launch-group", args=[pk]))


def _group(request: HttpRequest, pk: int) -> LaunchGroup:
    group = split.find(request.user, pk)
    if group is None:
        raise Http404(f"There is no group of launches {pk}.")
    return group


def _show(
    request: HttpRequest, group: LaunchGroup, *, sentence: str = "", status: int = 200
) -> HttpResponse:
    parts = split.list_parts(group)
    launched = [one for one in parts if one.launch is not None and one.launch.is_launched]
    context = {
        "group": group,
        "parts": parts,
        "launched": len(launched),
        "launched_rows": sum(one.part.rows for one in launched),
        "sentence": sentence,
    }
    return render(request, "launches/group.html", context, status=status)
