"""The playground page and its live preview, launching, and the list of launches."""

from __future__ import annotations

import dataclasses
import uuid
from dataclasses import dataclass

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from playground.contract import wire
from playground.contract.launches import MOST_INPUTS
from playground.contract.workflows import Workflow
from playground.models import Launch, LaunchGroup
from playground.payload.drafts import LaunchDraft
from playground.payload.show import folding
from playground.preflight import schedules
from playground.services import permissions
from playground.services.launches import origins, recovery, send, split, stored_rows
from playground.services.launches import preflight as launch_preflight
from playground.services.launches import preview as launch_preview
from playground.services.ledger import changes
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger.send_once import SentElsewhere
from playground.services.permissions import Person
from playground.services.presets import drafts, presets
from playground.services.row_sets.errors import RowSetError
from playground.services.upstream_cache.calls import place_to_send
from playground.services.workflows import lookup as workflow_lookup
from playground.web import http
from playground.web.context_processor import api_base_url
from playground.web.json_html import payload_html
from playground.web.launches import (
    draft_line,
    edits,
    form_fields,
    json_editor,
    page,
    paste_views,
    posted,
    preset_base,
    start,
)
from playground.web.launches.field_names import FieldNames
from playground.web.launches.form import ACTION, CHECK_AGAIN, LaunchForm, read_form
from playground.web.launches.json_editor import Editor
from playground.web.launches.page import PageState
from playground.web.launches.preflight_panel import PreflightContext

_LOST = "This form has lost its launch token. Nothing was sent; it has a new one now."
_ROWS_TO_FILL_IN = (
    "Rows of a spreadsheet or a file wait below the inputs: fill them in, or take them out there. "
    "Nothing was sent."
)
# Bytes of a payload that are answered in one piece; more are streamed.
_MOST_AT_ONCE = 1_000_000
# The element that asks after a pause in typing.
_AFTER_TYPING = "launch-preflight"
_ROWS_CHANGED = (
    "The rows of the table were changed since this page showed them, so nothing was sent. It shows "
    "them as they are now: launch again if they are right."
)


@require_safe
def new(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """The playground page: with the person's draft, or with what the address names."""
    permissions.require(request.user, "preview", workflow_uid)
    workflow = workflow_lookup.find_workflow(workflow_uid).value
    try:
        begun = start.find_start(request, workflow)
    except start.HasManyRows as error:
        context = {"launch": error.launch, "error": error.error}
        return render(request, "launches/many.html", context)
    return page.show_page(request, workflow, begun.draft, begun.state)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """The page with a launch that has more rows than fields can show: they become a table."""
    launch = _launch(request, pk)
    permissions.require(request.user, "preview", launch.workflow_uid)
    if launch.is_elsewhere:
        raise SentElsewhere(launch)
    workflow = workflow_lookup.find_workflow(launch.workflow_uid).value
    try:
        row_set = stored_rows.keep_rows_of(request.user, workflow, launch, timezone.now())
    except RowSetError as error:
        context = _launch_context(launch) | {"sentence": error.sentence}
        return render(request, "launches/detail.html", context, status=422)
    address = reverse("launch-new", args=[launch.workflow_uid])
    return http.see_other(f"{address}?launch={launch.pk}&row_set={row_set.pk}")


@require_POST
def preview(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """The right pane for what is in the form now."""
    permissions.require(request.user, "preview", workflow_uid)
    form = read_form(request, workflow_uid)
    workflow, draft = form.workflow, form.to_draft()
    shown = launch_preview.preview_launch(workflow, draft, base_url=api_base_url(request))
    bases = origins.bases_of(
        request.user,
        workflow,
        launch=form.relaunch_of,
        pasted=form.pasted_of,
        others=preset_base.base_of(request.user, workflow, form_fields.preset_in(form.data)),
    )
    context = page.preview_context(workflow, draft, shown, bases)
    return render(request, "launches/_preview.html", context)


@require_POST
def preflight(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """The panel above the launch button and the schedule beside it, for what is in the form."""
    form = read_form(request, workflow_uid)
    workflow, draft = form.workflow, form.to_draft()
    check = launch_preflight.check_launch(request.user, workflow, draft, now=timezone.now())
    panel = PreflightContext.of(check, FieldNames(draft, check.built), form.changes)
    context = {"workflow": workflow, "preflight": panel}
    if request.headers.get("HX-Trigger") == _AFTER_TYPING:
        # What looks again by itself, while the upstream is asked, has nothing new to keep.
        line = draft_line.save(form)
        context |= {"line": line, "is_beside": True}
    return render(request, "launches/_checked.html", context)


@require_POST
def payload(request: HttpRequest, workflow_uid: str) -> HttpResponseBase:
    """The raw payload of what is in the form: the bytes that a launch would send."""
    permissions.require(request.user, "preview", workflow_uid)
    form = read_form(request, workflow_uid)
    built = launch_preview.build(form.workflow, form.to_draft())
    if built.size <= _MOST_AT_ONCE:
        return HttpResponse(built.body, content_type="application/json")
    # More than a browser shows well is a file.
    headers = {"Content-Disposition": 'attachment; filename="payload.json"'}
    parts = built.body_parts()
    return StreamingHttpResponse(parts, content_type="application/json", headers=headers)


@require_POST
def edit(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """The page with a row more or less, or with a pasted payload: for browsers without scripts."""
    permissions.require(request.user, "preview", workflow_uid)
    if request.POST.get(ACTION) == CHECK_AGAIN:
        launch_preflight.outdate_answers(request.user, workflow_uid)
    form = read_form(request, workflow_uid, workflow_lookup.get_newest_workflow)
    workflow = form.workflow
    edited = edits.apply(workflow, form, timezone.now())
    state = PageState.carried(form).after_edit(edited)
    if form.action == paste_views.READ:
        return paste_views.fill_in(request, form, state)
    if form.action.startswith(f"{paste_views.UNDO}:"):
        return paste_views.undo(request, form)
    draft, editor, notices = json_editor.edit(workflow, form, edited.draft)
    notice = " ".join(notices) or state.notice
    state = dataclasses.replace(state, editor=editor, notice=notice)
    return page.show_page(request, workflow, draft, state)


@require_POST
@place_to_send()
def create(request: HttpRequest, workflow_uid: str) -> HttpResponseBase:
    """Launch. Whatever is refused comes back as the form it was."""
    permissions.require(request.user, "launch", workflow_uid)
    # Only what is asked now is what it will run as.
    workflow = workflow_lookup.look_again(
        workflow_uid, max_age=0, seconds=launch_preflight.LAUNCH_PATIENCE
    )
    form = LaunchForm(workflow, posted.read_fields(request, workflow), request.user)
    draft = form.to_draft()
    editor = json_editor.as_typed(workflow, form, draft)
    state = dataclasses.replace(PageState.carried(form), editor=editor)
    refusal = _refusal_of(form, editor)
    if refusal or form.token is None:
        sentence, status = refusal or (_LOST, 400)
        return _back(request, form, dataclasses.replace(state, sentence=sentence), status)
    sending = _Sending(request.user, workflow, draft, form, form.token)
    began = timezone.now()
    try:
        if form.split_rows or form.waits_for_capacity:
            group = sending.split()
            _end_draft(form, is_new=group.created_at >= began)
            return http.see_other(reverse("launch-group", args=[group.pk]))
        launch = sending.launch()
    except send.UnableToLaunch as error:
        return _back(request, form, _after_refusal(state, error), _STATUSES.get(type(error), 422))
    if not launch.is_safe_to_launch_again:
        _end_draft(form, is_new=launch.created_at >= began)
    return _after(request, form, state, launch)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One launch: its exact payload, who, when, and what came of it."""
    launch = _launch(request, pk)
    removals = changes.list_removals(request.user, launch.title, now=timezone.now())
    context = _launch_context(launch) | {"changes": removals if launch.is_repeating else ()}
    return render(request, "launches/detail.html", context)


@require_safe
def recorded_payload(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes that were sent."""
    return HttpResponse(bytes(_launch(request, pk).payload), content_type="application/json")


@require_POST
def search(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Look for a launch of unknown outcome now."""
    recovery.search_by_hand(request.user, _launch(request, pk), timezone.now())
    return redirect("launch-detail", pk)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """A person says which job a launch of unknown outcome became, or that it became none."""
    launch = _launch(request, pk)
    try:
        if "none" in request.POST:
            recovery.choose_none(request.user, launch, timezone.now())
            again = f"{reverse('launch-new', args=[launch.workflow_uid])}?launch={launch.pk}"
            return http.see_other(again)
        job_uid = request.POST.get("job_uid", "")
        recovery.choose_job(request.user, launch, job_uid, timezone.now())
    except recovery.UnableToDecide as error:
        context = _launch_context(_launch(request, pk)) | {"sentence": error.sentence}
        return render(request, "launches/detail.html", context, status=409)
    return http.see_other(reverse("launch-detail", args=[pk]))


def _launch(request: HttpRequest, pk: int) -> Launch:
    try:
        return launch_ledger.get_launch(request.user, pk, now=timezone.now())
    except launch_ledger.UnableToFindLaunch as error:
        raise Http404(str(error)) from error


@dataclass(frozen=True, slots=True)
class _Sending:
    """A form on its way: as one launch, or as several."""

    user: Person
    workflow: Workflow
    draft: LaunchDraft
    form: LaunchForm
    token: uuid.UUID

    def launch(self) -> Launch:
        return send.launch_workflow(
            self.user,
            self.workflow,
            self.draft,
            token=self.token,
            clock=timezone.now,
            override_reason=self.form.override_reason,
            seen=self.form.seen,
        )

    def split(self) -> LaunchGroup:
        plan = split.Plan(
            rows=self.form.split_rows or MOST_INPUTS,
            waits_for_capacity=self.form.waits_for_capacity,
            override_reason=self.form.override_reason,
        )
        return split.split_launch(
            self.user,
            self.workflow,
            self.draft,
            plan,
            token=self.token,
            clock=timezone.now,
            seen=self.form.seen,
        )


def _refusal_of(form: LaunchForm, editor: Editor | None) -> tuple[str, int] | None:
    """Why nothing is sent of a form, whatever is in its payload, and the status of that."""
    if form.has_rows_to_fill_in:
        return _ROWS_TO_FILL_IN, 422
    if editor is not None and editor.is_left:
        return json_editor.NOT_TAKEN_OVER, 422
    return (_ROWS_CHANGED, 409) if form.have_rows_changed else None


# Another press of the button may be the answer.
_STATUSES = {send.WorkflowHasChanged: 409, send.LaunchedMeanwhile: 409}


def _after_refusal(state: PageState, error: send.UnableToLaunch) -> PageState:
    state = dataclasses.replace(state, sentence=error.sentence, check=error.check)
    if isinstance(error, send.TokenAlreadyUsed):
        return dataclasses.replace(state, token=None, launch=error.launch)
    if isinstance(error, send.LaunchedMeanwhile):
        return dataclasses.replace(state, launch=error.launch, asks=True)
    return state


def _back(request: HttpRequest, form: LaunchForm, state: PageState, status: int) -> HttpResponse:
    """The form as it was, which is kept as a draft as well."""
    line = draft_line.save(form)
    state = dataclasses.replace(state, line=line)
    return page.show_page(request, form.workflow, form.to_draft(), state, status=status)


def _end_draft(form: LaunchForm, *, is_new: bool) -> None:
    """It was launched: now, if it `is_new`, else by another submit of the same form."""
    fields = form_fields.fields_of(form.data)
    drafts.end_launched(form.user, form.workflow, fields, timezone.now())
    preset = form_fields.preset_in(form.data)
    if preset is not None and is_new:
        presets.count_launch(form.user, preset)


def _after(
    request: HttpRequest, form: LaunchForm, state: PageState, launch: Launch
) -> HttpResponse:
    """Where an attempt leads: to the job, back to the form, or to the launch's own page."""
    if launch.is_safe_to_launch_again:
        state = dataclasses.replace(state, sentence=launch.sentence, launch=launch)
        if send.may_try_again(launch):
            # The same token: another submit is another attempt at this launch, not a second one.
            return _back(request, form, state, 502)
        return _back(request, form, dataclasses.replace(state, token=None), 422)
    if launch.is_launched:
        return http.see_other(reverse("job-detail", args=[launch.job_uid]))
    if launch.is_sending:
        return render(request, "launches/detail.html", _launch_context(launch), status=409)
    return http.see_other(reverse("launch-detail", args=[launch.pk]))


def _launch_context(launch: Launch) -> dict[str, object]:
    payload = wire.parse_json(bytes(launch.payload))
    shown, is_whole = folding.fold_value(payload)
    return {
        "launch": launch,
        "rhythm": schedules.rhythm_in(payload) if launch.is_repeating else None,
        "payload_html": payload_html(shown),
        "is_whole": is_whole,
        "next_search_at": recovery.next_at(launch),
        "most_searches": len(recovery.SEARCH_AFTER),
        "candidates": recovery.list_candidates(launch),
        "part": split.part_of(launch),
        "before": launch_ledger.find_before(launch),
    }
