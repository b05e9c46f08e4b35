"""Trying a launch with its first rows, before all of them are launched."""

from __future__ import annotations

import dataclasses

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from playground.services import permissions
from playground.services.launches import trials
from playground.services.launches.trials import Trial
from playground.services.workflows import lookup as workflow_lookup
from playground.web.launches import page
from playground.web.launches.form import read_form
from playground.web.launches.page import PageState
from playground.web.trial_scope import trial_area


@require_POST
def prepare(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """The playground page of a launch of the first rows. Nothing is sent by it."""
    permissions.require(request.user, "preview", workflow_uid)
    form = read_form(request, workflow_uid, workflow_lookup.get_newest_workflow)
    workflow, draft, rows = form.workflow, form.to_draft(), form.trial_rows
    if not form.is_trial_on_sandbox or not trials.is_sandbox_apart():
        trial = trials.prepare(request.user, workflow, draft, rows=rows)
        return _show(request, trial, form.changes)
    try:
        trial = trials.prepare_on_sandbox(request.user, workflow, draft, rows=rows)
    except trials.UnableToPrepareTrial as error:
        state = dataclasses.replace(PageState.carried(form), sentence=error.sentence)
        return page.show_page(request, workflow, draft, state, status=422)
    with trial_area():
        return _show(request, trial)


def _show(request: HttpRequest, trial: Trial, changes: tuple[str, ...] = ()) -> HttpResponse:
    """`changes` of the workflow are told where the trial is of the workflow itself."""
    first = f"the first {trial.count}" if trial.count > 1 else "the first"
    rows = "the only row" if trial.total == 1 else f"{first} of {trial.total:,} rows"
    if not trial.total:
        rows = "no row"
    notice = (
        f"A trial with {rows}, without schedule and delay. Nothing was sent yet: look it over, "
        "then launch it."
    )
    notice = " ".join((notice, *trial.notes))
    state = PageState(notice=notice, changes=changes)
    return page.show_page(request, trial.workflow, trial.draft, state)
