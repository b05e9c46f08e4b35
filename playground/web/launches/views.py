"""The playground page and its live preview, launching, and the list of launches."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from playground.contract import wire
from playground.contract.workflows import Workflow
from playground.models import Launch, LaunchState
from playground.payload.drafts import LaunchDraft
from playground.payload.edit import editing, reading
from playground.payload.show import lines
from playground.services import permissions
from playground.services.launches import preflight as launch_preflight
from playground.services.launches import preview as launch_preview
from playground.services.launches import recovery, send
from playground.services.ledger import launches as launch_ledger
from playground.services.workflows import lookup as workflow_lookup
from playground.web.context_processor import api_base_url
from playground.web.json_html import payload_html
from playground.web.launches import answers
from playground.web.launches.form import ACTION, CHECK_AGAIN, LaunchForm


@require_safe
def new(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """The playground page; `?launch=<id>` begins with that launch's payload."""
    permissions.require(request.user, "preview", workflow_uid)
    workflow = workflow_lookup.get_workflow(workflow_uid)
    draft, earlier = reading.default_draft(workflow), None
    if request.GET.get("launch", "").isdecimal():
        earlier = _launch(request, int(request.GET["launch"][:19]))
        draft = send.read_draft(workflow, bytes(earlier.payload))
    return answers.launch_answer(
        request, workflow, draft, relaunch_of=earlier.pk if earlier else None
    )


@require_POST
def preview(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """The right pane for what is in the form now."""
    permissions.require(request.user, "preview", workflow_uid)
    workflow = workflow_lookup.get_known_workflow(workflow_uid)
    draft = LaunchForm(workflow, request.POST).to_draft()
    shown = launch_preview.preview_launch(workflow, draft, base_url=api_base_url(request))
    return render(request, "launches/_preview.html", answers.preview_context(workflow, shown))


@require_POST
def preflight(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """The panel above the launch button, for what is in the form now."""
    workflow = workflow_lookup.get_known_workflow(workflow_uid)
    draft = LaunchForm(workflow, request.POST).to_draft()
    check = launch_preflight.check_launch(request.user, workflow, draft, now=timezone.now())
    return answers.preflight_answer(request, workflow, check)


@require_POST
def payload(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """The raw payload of what is in the form: the bytes that a launch would send."""
    permissions.require(request.user, "preview", workflow_uid)
    workflow = workflow_lookup.get_known_workflow(workflow_uid)
    built = launch_preview.build(workflow, LaunchForm(workflow, request.POST).to_draft())
    return HttpResponse(built.body, content_type="application/json")


@require_POST
def edit(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """The page with a row more or less, or with a pasted payload: for browsers without scripts."""
    permissions.require(request.user, "preview", workflow_uid)
    if request.POST.get(ACTION) == CHECK_AGAIN:
        launch_preflight.outdate_answers(request.user, workflow_uid)
    workflow = workflow_lookup.get_newest_workflow(workflow_uid)
    form = LaunchForm(workflow, request.POST)
    draft, problem = form.to_draft(), ""
    action, _, argument = form.action.partition(":")
    if action == "add-row":
        draft = editing.add_row(workflow, draft)
    elif action == "remove-row":
        draft = editing.remove_row(draft, argument)
    elif action == "add-column":
        draft = editing.add_column(workflow, draft, form.new_column)
    elif action == "read-payload":
        try:
            draft = send.read_draft(workflow, form.pasted.encode("utf-8", "replace"))
        except reading.UnableToReadPayload as error:
            problem = f"{error.sentence} (at {error.path})"
    return answers.launch_answer(
        request,
        workflow,
        draft,
        form=form,
        pasted_problem=problem,
        is_filled_in=action == "read-payload" and not problem,
        status=400 if problem else 200,
    )


@require_POST
def create(request: HttpRequest, workflow_uid: str) -> HttpResponseBase:
    """Launch. Whatever is refused comes back as the form it was."""
    permissions.require(request.user, "launch", workflow_uid)
    workflow = workflow_lookup.get_known_workflow(workflow_uid)
    form = LaunchForm(workflow, request.POST)
    draft = form.to_draft()
    if form.token is None:
        sentence = "This form has lost its launch token. Nothing was sent; it has a new one now."
        return answers.launch_answer(
            request, workflow, draft, form=form, sentence=sentence, status=400
        )
    try:
        launch = send.launch_workflow(
            request.user,
            workflow,
            draft,
            token=form.token,
            clock=timezone.now,
            relaunch_of=form.relaunch_of,
            override_reason=form.override_reason,
        )
    except send.TokenAlreadyUsed as error:
        return answers.launch_answer(
            request,
            workflow,
            draft,
            form=form,
            sentence=error.sentence,
            launch=error.launch,
            status=422,
        )
    except send.UnableToLaunch as error:
        return answers.launch_answer(
            request,
            workflow,
            draft,
            form=form,
            is_refused=True,
            sentence=error.sentence,
            status=422,
        )
    return _after(request, workflow, draft, form, launch)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The team's launches, newest first."""
    wanted = launch_ledger.LaunchFilter(
        text=request.GET.get("q", "")[:200],
        state=request.GET.get("state", "") if request.GET.get("state") in LaunchState else "",
        workflow_uid=request.GET.get("workflow", "").replace("\x00", "")[:200],
        account_uid=request.GET.get("account", "").replace("\x00", "")[:200],
    )
    number = request.GET.get("page", "1")
    page = launch_ledger.list_launches(
        request.user,
        wanted,
        page=int(number[:9]) if number.isascii() and number.isdecimal() else 1,
        now=timezone.now(),
    )
    context = {"launches": page, "wanted": wanted, "states": LaunchState.choices}
    return render(request, "launches/list.html", context)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One launch: its exact payload, who, when, and what came of it."""
    return render(request, "launches/detail.html", _launch_context(_launch(request, pk)))


@require_safe
def recorded_payload(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes that were sent."""
    return HttpResponse(bytes(_launch(request, pk).payload), content_type="application/json")


@require_POST
def search(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Look for a launch of unknown outcome now."""
    recovery.search_by_hand(request.user, _launch(request, pk), timezone.now())
    return redirect("launch-detail", pk)


def _launch(request: HttpRequest, pk: int) -> Launch:
    now: dt.datetime = timezone.now()
    try:
        return launch_ledger.get_launch(request.user, pk, now=now)
    except launch_ledger.UnableToFindLaunch as error:
        raise Http404(str(error)) from error


def _after(
    request: HttpRequest, workflow: Workflow, draft: LaunchDraft, form: LaunchForm, launch: Launch
) -> HttpResponse:
    """Where an attempt leads: to the job, back to the form, or to the launch's own page."""
    if launch.is_launched:
        return _see_other(reverse("job-detail", args=[launch.job_uid]))
    if launch.is_sending:
        return render(request, "launches/detail.html", _launch_context(launch), status=409)
    if send.may_try_again(launch):
        # The same token: another submit is another attempt at this launch, not a second one.
        return answers.launch_answer(
            request,
            workflow,
            draft,
            form=form,
            sentence=launch.sentence,
            launch=launch,
            is_another_try=True,
            status=502,
        )
    if launch.is_safe_to_launch_again:
        return answers.launch_answer(
            request, workflow, draft, form=form, sentence=launch.sentence, launch=launch, status=422
        )
    return _see_other(reverse("launch-detail", args=[launch.pk]))


def _see_other(address: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": address})


def _launch_context(launch: Launch) -> dict[str, object]:
    payload = wire.parse_json(bytes(launch.payload))
    return {
        "launch": launch,
        "payload_html": payload_html(lines.render_value(payload)),
        "next_search_at": recovery.next_at(launch),
    }
