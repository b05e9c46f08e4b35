"""Sharing a payload by a link, what the link leads to, and taking it back."""

from __future__ import annotations

import datetime as dt
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from playground.contract import wire
from playground.models import SharedPayload
from playground.payload.show import folding
from playground.services import permissions
from playground.services.launches import preview
from playground.services.presets import snapshots
from playground.services.workflows import lookup as workflow_lookup
from playground.web import http
from playground.web import listed as lists
from playground.web.json_html import payload_html
from playground.web.launches import posted_form

TOKEN, DAYS = "share-token", "share-days"
_NO_FORM = (
    "There is no draft to share yet. Fill in the form of the workflow, press Save draft, then "
    "share it here."
)


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """Asks for how long; a POST shares the payload of the form as it is now."""
    permissions.require(request.user, "share payload", workflow_uid)
    if request.method != "POST":
        return _panel(request, workflow_uid)
    form = posted_form.read(request, workflow_uid)
    if form is None:
        return _panel(request, workflow_uid, sentence=_NO_FORM)
    days = request.POST.get(DAYS, "")
    built = preview.build(form.workflow, form.to_draft())
    try:
        shared = snapshots.share(
            request.user,
            form.workflow,
            built,
            http.posted_token(request.POST, TOKEN) or uuid.uuid4(),
            int(days) if days in map(str, snapshots.DAYS) else snapshots.USUAL_DAYS,
            timezone.now(),
        )
    except snapshots.UnableToShare as error:
        return posted_form.refuse(request, form, error.sentence)
    return http.see_other(reverse("shared-detail", args=[shared.address]))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What this person has shared."""
    found, more = lists.first(list(snapshots.list_mine(request.user)[: lists.MOST_LISTED + 1]))
    now = timezone.now()
    context = {
        "shared": [{"payload": one, "is_over": _is_over(one, now)} for one in found],
        "more": more,
    }
    return render(request, "shared/list.html", context)


@require_safe
def detail(request: HttpRequest, address: str) -> HttpResponse:
    """The payload as it was shared; to be opened as one's own draft."""
    shared = _find(request, address)
    shown, is_whole = folding.fold_value(wire.parse_json(snapshots.payload_of(shared)))
    context = {
        "shared": shared,
        "payload_html": payload_html(shown),
        "is_whole": is_whole,
        "is_mine": permissions.can(request.user, "revoke shared payload", shared),
        "link": request.build_absolute_uri(reverse("shared-detail", args=[shared.address])),
    }
    return _secretly(render(request, "shared/detail.html", context))


@require_safe
def payload(request: HttpRequest, address: str) -> HttpResponse:
    """The exact bytes."""
    shared = _find(request, address)
    body = snapshots.payload_of(shared)
    return _secretly(HttpResponse(body, content_type="application/json"))


@require_POST
def revoke(request: HttpRequest, address: str) -> HttpResponse:
    try:
        snapshots.revoke(request.user, address, timezone.now())
    except snapshots.NoSuchShare as error:
        raise Http404(str(error)) from error
    return http.see_other(reverse("shared-list"))


def _find(request: HttpRequest, address: str) -> SharedPayload:
    try:
        return snapshots.find(request.user, address, timezone.now())
    except snapshots.NoSuchShare as error:
        raise Http404(str(error)) from error


def _secretly(response: HttpResponse) -> HttpResponse:
    """The address is all that it takes to see this: no other site is told of it. Ours is, or no
    form of the page could be sent."""
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _panel(request: HttpRequest, workflow_uid: str, sentence: str = "") -> HttpResponse:
    context = {
        "workflow": workflow_lookup.get_known_workflow(workflow_uid),
        "sentence": sentence,
        "token": http.new_token(),
        "days": snapshots.DAYS,
        "usual": snapshots.USUAL_DAYS,
    }
    return render(request, "shared/panel.html", context, status=422 if sentence else 200)


def _is_over(shared: SharedPayload, now: dt.datetime) -> bool:
    return shared.revoked_at is not None or shared.expires_at <= now
