"""Launches that were made of one form: what each part came to; stopping, and going on."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from playground.models import LaunchGroup
from playground.services.launches import parts, split
from playground.services.launches.errors import UnableToLaunch
from playground.services.launches.parts import Overview, PartsPage, ShownPart
from playground.services.upstream_cache.calls import place_to_send
from playground.web import http

# What listens to it shows parts that may have changed.
_CHANGED = "launch-group-changed"


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How it stands, and a page of the parts: the one with the part that is next."""
    return _show(request, _group(request, pk))


@require_safe
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """How it stands; no content for who has `seen` just that."""
    group = _group(request, pk)
    context = _state(group, parts.overview(group))
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    answer = render(request, "launches/_group_state.html", context)
    answer.headers["HX-Trigger"] = _CHANGED
    return answer


@require_safe
def parts_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of the parts; no content for who has `seen` just that."""
    context = _parts(_group(request, pk), http.page_number(request))
    if request.GET.get("seen") == context["seen_parts"]:
        return HttpResponse(status=204)
    return render(request, "launches/_group_parts.html", context)


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
    overview = parts.overview(group)
    number = http.page_number(request, first=0) or overview.page_of_next
    context = _state(group, overview) | _parts(group, number) | {"sentence": sentence}
    return render(request, "launches/group.html", context, status=status)


def _state(group: LaunchGroup, overview: Overview) -> dict[str, object]:
    return {
        "group": group,
        "overview": overview,
        "seen": _digest(
            (group.state, group.sentence, group.next_at, overview.launched),
            (overview.unsettled_count, *map(_outcome, overview.unsettled)),
        ),
    }


def _parts(group: LaunchGroup, number: int) -> dict[str, object]:
    page: PartsPage = parts.list_page(group, number)
    seen = _digest(*map(_outcome, page.parts))
    return {"group": group, "shown": page, "seen_parts": seen}


def _outcome(shown: ShownPart) -> tuple[object, ...]:
    launch = shown.launch
    of_launch = (launch.pk, launch.state, launch.job_uid) if launch else ()
    return (shown.part.number, shown.part.waits, *of_launch)


def _digest(*told: object) -> str:
    return hashlib.sha256(repr(told).encode(errors="replace")).hexdigest()[:12]
