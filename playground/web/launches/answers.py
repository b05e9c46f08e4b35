"""The playground page and its fragments, as several views answer with them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from playground.contract.workflows import Workflow
from playground.models import Launch
from playground.payload.drafts import LaunchDraft
from playground.services import permissions
from playground.services.launches import preflight, preview
from playground.services.launches.preflight import Check
from playground.services.launches.preview import Preview
from playground.web.context_processor import api_base_url
from playground.web.json_html import payload_html
from playground.web.launches.form import OVERRIDE_REASON, TRIAL_ROWS, LaunchForm
from playground.web.launches.page import launch_page
from playground.web.launches.preflight_panel import PreflightContext


def launch_answer(
    request: HttpRequest,
    workflow: Workflow,
    draft: LaunchDraft,
    *,
    form: LaunchForm | None = None,
    relaunch_of: int | None = None,
    is_refused: bool = False,
    sentence: str = "",
    notice: str = "",
    pasted_problem: str = "",
    is_filled_in: bool = False,
    launch: Launch | None = None,
    is_another_try: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page for a draft; `sentence` is what went wrong, `notice` what there is to know.

    The form gets a new token once a launch came of it, unless its next submit is another try of
    that very launch.
    """
    is_used = launch is not None and not is_another_try
    check = preflight.check_launch(
        request.user, workflow, draft, now=timezone.now(), patience=preflight.PAGE_PATIENCE
    )
    page = launch_page(
        workflow,
        draft,
        check,
        lines=check.preflight.lines if is_refused else (),
        token=form.token if form and not is_used else None,
        relaunch_of=form.relaunch_of if form else relaunch_of,
        sentence=sentence,
        notice=notice,
        pasted=form.pasted if form and not is_filled_in else "",
        pasted_problem=pasted_problem,
        trial_rows=form.data.get(TRIAL_ROWS, "") if form else "",
        override_reason=form.data.get(OVERRIDE_REASON, "") if form else "",
    )
    shown = preview.show_launch(workflow, check.built, base_url=api_base_url(request))
    context = preview_context(workflow, shown) | {
        "form": page,
        "launch": launch,
        "may_override": permissions.can(request.user, "override preflight", workflow.uid),
        "preflight": PreflightContext.of(check),
    }
    return render(request, "launches/new.html", context, status=status)


def preview_context(workflow: Workflow, shown: Preview) -> dict[str, object]:
    """What the right pane shows."""
    return {
        "workflow": workflow,
        "preview": shown,
        "built": shown.built,
        "payload_html": payload_html(shown.lines),
    }


def preflight_answer(request: HttpRequest, workflow: Workflow, check: Check) -> HttpResponse:
    """The panel above the launch button."""
    context = {"workflow": workflow, "preflight": PreflightContext.of(check)}
    return render(request, "launches/_preflight.html", context)
