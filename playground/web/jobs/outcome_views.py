"""What became of each input row of a job, and a draft of those that are to run again."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from playground.payload.words import counted
from playground.services import permissions
from playground.services.jobs import outcomes
from playground.services.jobs.outcomes import GROUPS, Group, JobOutcomes, ShownOutcome
from playground.services.jobs.whole import UnableToGiveResults
from playground.services.row_sets import job_inputs, reading
from playground.services.row_sets.errors import UnableToMakeRowSet
from playground.services.workflows import lookup as workflow_lookup
from playground.web import http

_NO_WORKFLOW = "Nobody knows which workflow this job ran, so its rows are a draft of none."


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupContext:
    key: Group
    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomesContext:
    """A page of a group of input rows, and how many there are in each."""

    groups: tuple[GroupContext, ...]
    group: GroupContext
    meaning: str
    rows: tuple[ShownOutcome, ...]
    number: int
    problems: tuple[str, ...]
    strays: int

    @property
    def has_next(self) -> bool:
        return self.number * outcomes.ROWS_SHOWN < self.group.count


@require_safe
def index(request: HttpRequest, job_uid: str) -> HttpResponse:
    """Each input row with its outcome; `?outcome=` those of one group."""
    return _page(request, job_uid, _group(request.GET.get("outcome", "")))


@require_POST
def make_rows(request: HttpRequest, job_uid: str) -> HttpResponse:
    """A row set of the inputs of one group; with `again` a draft that has them. Sends nothing."""
    permissions.require(request.user, "use row set")
    group = _group(request.POST.get("outcome", ""))
    try:
        found = outcomes.find_outcomes(request.user, job_uid)
        source, count = job_inputs.source_of_group(found, group)
        workflow_uid = _workflow_uid(found)
        workflow = workflow_lookup.find_workflow(workflow_uid).value
        row_set = reading.make(request.user, workflow, source, now=timezone.now())
    except UnableToGiveResults as error:
        return _page(request, job_uid, group, error.sentence)
    except UnableToMakeRowSet as error:
        return _page(request, job_uid, group, error.sentence)
    messages.success(request, _told(found, group, count))
    if "again" not in request.POST:
        return http.see_other(reverse("row-set-detail", args=[row_set.pk]))
    launch = found.asked.detail.launch
    earlier = f"launch={launch.pk}&" if launch else ""
    address = reverse("launch-new", args=[workflow.uid])
    return http.see_other(f"{address}?{earlier}row_set={row_set.pk}")


def _group(text: str) -> Group:
    return next((group for group in GROUPS if group == text), "")


def _workflow_uid(found: JobOutcomes) -> str:
    workflow = found.asked.detail.workflow
    if workflow is None:
        raise UnableToMakeRowSet(_NO_WORKFLOW)
    return workflow.uid


def _told(found: JobOutcomes, group: Group, count: int) -> str:
    """How many rows were taken, by which words; and that nothing was sent."""
    told = f"{job_inputs.NAMES[group]}: {counted(count, 'row')} of the job, and nothing was sent."
    unknown = found.counts.unknown
    if group == "again" and unknown:
        told += f" What became of {counted(unknown, 'row')} is not known: they are not among these."
    return " ".join(filter(None, (told, job_inputs.MEANINGS.get(group, ""))))


def _page(request: HttpRequest, job_uid: str, group: Group, sentence: str = "") -> HttpResponse:
    context: dict[str, object] = {"job_uid": job_uid, "sentence": sentence}
    try:
        found = outcomes.find_outcomes(request.user, job_uid)
    except UnableToGiveResults as error:
        context["sentence"] = error.sentence
        return render(request, "jobs/outcomes.html", context, status=409)
    context |= {"found": found, "outcomes": _shown(found, group, http.page_number(request))}
    return render(request, "jobs/outcomes.html", context, status=422 if sentence else 200)


def _shown(found: JobOutcomes, group: Group, number: int) -> OutcomesContext:
    groups = tuple(
        GroupContext(key=key, name=job_inputs.NAMES[key], count=outcomes.count_of(found, key))
        for key in GROUPS
    )
    chosen = next(one for one in groups if one.key == group)
    last = max(1, -(-chosen.count // outcomes.ROWS_SHOWN))
    number = min(number, last)
    return OutcomesContext(
        groups=groups,
        group=chosen,
        meaning=job_inputs.MEANINGS.get(group, ""),
        rows=outcomes.page_of(found, group, number),
        number=number,
        problems=found.problems,
        strays=found.counts.stray,
    )
