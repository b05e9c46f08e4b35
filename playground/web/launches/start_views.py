"""Picking the day and the time at which a launch starts, beside the field that takes them."""

from __future__ import annotations

import zoneinfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from playground.payload.drafts import Entry
from playground.services import permissions
from playground.web.launches import page

DAY, ZONE = "more-start-day", "more-start-zone"
_LONGEST = 60


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The panel; with a day, the field of the delay with that in it: what was picked and nothing
    else is sent, so it is there as soon as it is picked."""
    permissions.require(request.user, "preview")
    if DAY not in request.GET:
        zones = sorted(name for name in zoneinfo.available_timezones() if "/" in name)
        context = {"day": DAY, "zone": ZONE, "zones": [one for one in zones if _is_a_place(one)]}
        return render(request, "launches/_start.html", context)
    day, zone = (request.GET.get(name, "").strip()[:_LONGEST] for name in (DAY, ZONE))
    if not day:
        return HttpResponse(status=204)
    text = f"{day.replace('T', ' ')} {zone}".strip()
    field = page.delay_field(Entry(text), {})
    response = render(request, "components/_field.html", {"field": field})
    # The preview listens for what is typed.
    return trigger_client_event(response, "input", after="settle")


def _is_a_place(name: str) -> bool:
    return not name.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/"))
