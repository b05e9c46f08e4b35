"""Whatever was pasted fills in the form, and one click undoes it; for programs the same as JSON."""

from __future__ import annotations

import dataclasses
from typing import Any
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_POST

from playground.contract.workflows import Workflow
from playground.payload.drafts import BLANK, Entry, LaunchDraft
from playground.payload.edit import reading
from playground.payload.edit.paste.found import Problem
from playground.payload.edit.reading import UnableToReadPayload
from playground.services import permissions
from playground.services.launches import (
    kept_fields,
    origins,
    pasting,
    preview,
    which_workflow,
)
from playground.services.launches.pasting import FromPasted, UnableToReadPasted
from playground.services.workflows import lookup as workflow_lookup
from playground.web.context_processor import sandbox_base_url
from playground.web.launches import draft_line, page
from playground.web.launches.field_names import JOB_NAME, in_words
from playground.web.launches.form import LaunchForm, read_form
from playground.web.launches.page import FilledIn, PageState

READ, UNDO = "read-payload", "undo-paste"
PASTED_FILE = "pasted_file"
# Of a form that is kept to be gone back to: its fields, and what is never kept.
_FORM, _NEVER_KEPT = "form", ("csrfmiddlewaretoken", "action", "pasted", "kept")
_BACK = "The form is as it was before you pasted."
_HIDDEN = "It may hold a key or a cookie, so it is not shown again."
_GONE = "What was in the form before is not kept any more. It stays as it is now."


@require_POST
def fill(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """The page with what was pasted, or chosen as a file, filled in, or with why it was not. Then
    the page that is open changes nothing but that: what is in the box stays as it is."""
    permissions.require(request.user, "preview", workflow_uid)
    form = read_form(request, workflow_uid, workflow_lookup.get_newest_workflow)
    return fill_in(request, form, PageState.carried(form), refused=200)


@require_POST
def read(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """What the form would hold: the payload that a launch would send, and what there is to know.
    Beside the pasted text the fields of a form may come, which pasted rows are added to."""
    permissions.require(request.user, "preview", workflow_uid)
    form = read_form(request, workflow_uid, workflow_lookup.get_newest_workflow)
    answer = _answer(request, form, hosts_of(request))
    return HttpResponse(msgspec.json.encode(answer), content_type="application/json")


def fill_in(
    request: HttpRequest, form: LaunchForm, state: PageState, *, refused: int = 400
) -> HttpResponse:
    """The page after the button; `refused` is its status where nothing was filled in."""
    workflow = form.workflow
    try:
        pasted = pasting.look_at(text_of(request, form.pasted), workflow)
        made = pasting.fill_in(
            request.user,
            workflow,
            _before(form, workflow),
            pasted,
            hosts=hosts_of(request),
            now=timezone.now(),
        )
    except UnableToReadPasted as error:
        hidden = (_HIDDEN,) if form.is_pasted_hidden else ()
        told = in_words(" ".join((*error.notices, error.problem.sentence, *hidden)))
        state = dataclasses.replace(state, pasted_problem=told)
        response = page.show_page(request, workflow, form.to_draft(), state, status=refused)
        response.headers["HX-Retarget"] = response.headers["HX-Reselect"] = "#pasted-issue"
        return response
    kept = origins.to_keep(preview.build(workflow, made.draft))
    state = dataclasses.replace(
        state,
        pasted_of=kept_fields.keep(request.user, kept, timezone.now()) if kept else "",
        pasted=Entry(form.pasted_to_show) if made.keeps_text else BLANK,
        changes=(),
        filled=_filled(request, form, made),
    )
    return page.show_page(request, workflow, made.draft, state)


def undo(request: HttpRequest, form: LaunchForm) -> HttpResponse:
    """The page with the form as it was before something was pasted."""
    name = form.action.partition(":")[2]
    try:
        kept = kept_fields.find(request.user, name)[_FORM].text
    except (UnableToReadPayload, KeyError):
        state = dataclasses.replace(PageState.carried(form), notice=_GONE)
        return page.show_page(request, form.workflow, form.to_draft(), state)
    before = LaunchForm(form.workflow, QueryDict(kept), request.user)
    # What was kept of the form since is of this tab as well.
    line = draft_line.carried(form.user, form.workflow, form.data)
    state = dataclasses.replace(PageState.carried(before), notice=_BACK, line=line)
    return page.show_page(request, form.workflow, before.to_draft(), state)


def hosts_of(request: HttpRequest) -> tuple[str, ...]:
    """Whose requests are ours: those to the upstream, and to this server's sandbox."""
    addresses = (str(settings.UPSTREAM_URL or ""), sandbox_base_url(request))
    return tuple(filter(None, (urlsplit(address).netloc for address in addresses)))


def _filled(request: HttpRequest, form: LaunchForm, made: FromPasted) -> FilledIn:
    data = form.data.copy()
    for name in list(data):
        if name in _NEVER_KEPT or name.startswith("kept-"):
            del data[name]
    undo_name = kept_fields.keep(request.user, {_FORM: Entry(data.urlencode())}, timezone.now())
    of = made.workflow
    is_elsewhere = of is not None and of.uid != form.workflow.uid
    return FilledIn(
        notices=made.notices, undo=f"{UNDO}:{undo_name}", elsewhere=of if is_elsewhere else None
    )


def text_of(request: HttpRequest, pasted: str) -> str:
    """What was pasted; else what is in the file that was chosen. Raises `UnableToReadPasted`."""
    file = request.FILES.get(PASTED_FILE)
    if pasted.strip() or not isinstance(file, UploadedFile) or not file.size:
        return pasted
    return pasting.text_of(file.read())


def _answer(request: HttpRequest, form: LaunchForm, hosts: tuple[str, ...]) -> dict[str, Any]:
    workflow = form.workflow
    try:
        text = text_of(request, form.pasted)
        pasted = pasting.look_at(text, workflow)
        workflow = which_workflow.find(pasted, workflow) or workflow
        made = pasting.make_draft(workflow, _before(form, workflow), pasted, hosts)
    except UnableToReadPasted as error:
        return {
            "payload": None,
            "workflow_uid": workflow.uid,
            "kind": error.kind,
            "notices": list(error.notices),
            "problem": _problem(error.problem),
        }
    return {
        "payload": msgspec.Raw(_payload_of(workflow, made)),
        "workflow_uid": workflow.uid,
        "kind": made.kind,
        "notices": list(made.notices),
        "problem": None,
    }


def _payload_of(workflow: Workflow, made: FromPasted) -> bytes:
    built = preview.build(workflow, made.draft)
    body = b"".join(built.body_parts())
    if made.raw is None:
        return body
    value = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    value["inputs"] = msgspec.Raw(made.raw)
    return msgspec.json.encode(value)


def _before(form: LaunchForm, workflow: Workflow) -> LaunchDraft:
    if JOB_NAME in form.data and workflow.uid == form.workflow.uid:
        return form.to_draft()
    return reading.default_draft(workflow)


def _problem(problem: Problem) -> dict[str, Any]:
    return {"sentence": problem.sentence, "line": problem.line, "column": problem.column}
