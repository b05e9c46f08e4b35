"""The launch form that a panel beside it was sent with: the one on the page, or, from a page of its
own, the one that is kept as the person's draft."""

from __future__ import annotations

import dataclasses

from django.http import HttpRequest, HttpResponse

from playground.services.presets import drafts
from playground.services.presets import fields as kept_fields
from playground.services.workflows import lookup as workflow_lookup
from playground.web.launches import form_fields, page, seen
from playground.web.launches.form import LaunchForm, read_form
from playground.web.launches.page import PageState


def read(request: HttpRequest, workflow_uid: str) -> LaunchForm | None:
    """None when there is neither."""
    if seen.WORKFLOW_SEEN in request.POST:
        return read_form(request, workflow_uid)
    own = drafts.find(request.user, workflow_uid)
    if own is None or not own.is_open:
        return None
    workflow = workflow_lookup.get_known_workflow(workflow_uid)
    return form_fields.form_of(workflow, kept_fields.fields_of(own), request.user)


def refuse(request: HttpRequest, form: LaunchForm, sentence: str) -> HttpResponse:
    """The launch form as it was, with what went wrong."""
    state = dataclasses.replace(PageState.carried(form), sentence=sentence)
    return page.show_page(request, form.workflow, form.to_draft(), state, status=422)
