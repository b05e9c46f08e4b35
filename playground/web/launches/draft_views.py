"""Keeping a launch form as the person's draft by a button, and what is done with the draft."""

from __future__ import annotations

import dataclasses

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from playground.services import permissions
from playground.services.presets import drafts
from playground.web import http
from playground.web.launches import draft_line, page
from playground.web.launches.form import read_form
from playground.web.launches.page import PageState

ACTION, COMPARE = "draft-action", "draft-compare"
PUT_ASIDE, BRING_BACK, KEEP_THIS = "aside", "back", "keep"


@require_POST
def keep(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """Saves the form, or puts the draft aside, or brings it back. With `draft-compare` what differs
    from that is shown then."""
    permissions.require(request.user, "keep draft", workflow_uid)
    action = request.POST.get(ACTION, "")
    here = reverse("launch-new", args=[workflow_uid])
    if action == PUT_ASIDE:
        drafts.put_aside(request.user, workflow_uid, timezone.now())
        return http.see_other(here)
    if action == BRING_BACK:
        drafts.bring_back(request.user, workflow_uid, timezone.now())
        return http.see_other(here)
    form = read_form(request, workflow_uid)
    line = draft_line.save(form, is_last=action == KEEP_THIS)
    if line.is_others or line.sentence:
        state = dataclasses.replace(PageState.carried(form), line=line, notice=line.told)
        return page.show_page(request, form.workflow, form.to_draft(), state, status=409)
    other = request.POST.get(COMPARE, "")
    if not other:
        return http.see_other(here)
    names = urlencode({"left": other, "right": f"draft:{workflow_uid}"})
    return http.see_other(f"{reverse('compare')}?{names}")
