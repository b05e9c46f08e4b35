"""The playground page and its preview, as several views answer with them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from playground.contract.workflows import Workflow
from playground.models import Launch
from playground.payload.drafts import LaunchDraft
from playground.payload.issues import Issue
from playground.services import launches, previews, workflows
from playground.web.contexts import api_base_url
from playground.web.forms import TRIAL_ROWS, LaunchForm
from playground.web.launch_page import launch_page
from playground.web.payload_html import payload_html


def launch_answer(
    request: HttpRequest,
    workflow: Workflow,
    draft: LaunchDraft,
    *,
    form: LaunchForm | None = None,
    relaunch_of: int | None = None,
    issues: tuple[Issue, ...] = (),
    sentence: str = "",
    notice: str = "",
    pasted_problem: str = "",
    is_filled_in: bool = False,
    launch: Launch | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page for a draft; `sentence` is what went wrong, `notice` what there is to know."""
    is_used = launch is not None and not launches.may_try_again(launch)
    page = launch_page(
        workflow,
        draft,
        workflows.find_accounts(workflow),
        issues=issues,
        token=form.token if form and not is_used else None,
        relaunch_of=form.relaunch_of if form else relaunch_of,
        sentence=sentence,
        notice=notice,
        pasted=form.pasted if form and not is_filled_in else "",
        pasted_problem=pasted_problem,
        trial_rows=form.data.get(TRIAL_ROWS, "") if form else "",
    )
    context = preview_context(request, workflow, draft) | {"form": page, "launch": launch}
    return render(request, "launches/new.html", context, status=status)


def preview_context(
    request: HttpRequest, workflow: Workflow, draft: LaunchDraft
) -> dict[str, object]:
    """What the right pane shows."""
    shown = previews.preview_launch(workflow, draft, base_url=api_base_url(request))
    return {
        "workflow": workflow,
        "preview": shown,
        "built": shown.built,
        "payload_html": payload_html(shown.lines),
    }
