"""A table becomes a row set: from a file, from what was copied, or from what is here already."""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from playground.contract.folding import clean_uid
from playground.contract.workflows import Workflow
from playground.models import RowSet
from playground.row_sets import writing
from playground.services import permissions
from playground.services.launches import stored_rows
from playground.services.ledger import launches as launch_ledger
from playground.services.row_sets import job_results, listing, reading, store
from playground.services.row_sets.errors import NoSuchRowSet, UnableToMakeRowSet
from playground.services.row_sets.reading import Source
from playground.services.workflows import lookup as workflow_lookup
from playground.web import http
from playground.web.row_sets import posted

MOST_EARLIER = 10
_NOTHING = "Choose a file, or paste the cells: there is nothing to import yet."


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """The page that asks for a table; a POST makes a row set of it."""
    permissions.require(request.user, "use row set")
    workflow = workflow_lookup.find_workflow(workflow_uid).value
    if request.method != "POST":
        return _page(request, workflow)
    try:
        row_set = _make(request, workflow)
    except (UnableToMakeRowSet, NoSuchRowSet) as error:
        return _page(request, workflow, error.sentence)
    return http.see_other(reverse("row-set-detail", args=[row_set.pk]))


@require_safe
def template(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """An empty table with the names of the workflow's inputs, to be filled in."""
    permissions.require(request.user, "use row set")
    workflow = workflow_lookup.find_workflow(workflow_uid).value
    return HttpResponse(
        writing.template_csv(workflow),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="rows.csv"'},
    )


def _make(request: HttpRequest, workflow: Workflow) -> RowSet:
    now, data = timezone.now(), request.POST
    if earlier := data.get("from_row_set", ""):
        row_set = store.find(request.user, posted.number(earlier))
        return reading.copy(request.user, row_set, workflow, now=now)
    if launch := data.get("from_launch", ""):
        source = _source_of_launch(request, posted.number(launch))
    elif "from_job" in data:
        # The address of a job's page, as it is copied, may name a step of it.
        job, _, step = data["from_job"].partition("?step=")
        step = clean_uid(data.get("step", "") or step)
        source = job_results.source_of_job(request.user, clean_uid(job), step)
    else:
        source = _source(request)
    return reading.make(request.user, workflow, source, now=now)


def _source(request: HttpRequest) -> Source:
    """A file wins over text: a browser posts an empty one when none was chosen."""
    how = posted.read_as(request.POST)
    file = request.FILES.get("file")
    if isinstance(file, UploadedFile) and (file.name or file.size):
        return Source(name=file.name or "", pieces=file.chunks(), how=how)
    # Browsers make CR LF of the line ends in a text, those within its cells too.
    text = request.POST.get("text", "").replace("\r\n", "\n")
    if not text.strip():
        raise UnableToMakeRowSet(_NOTHING)
    return Source(
        name="Pasted rows",
        data=text.encode(errors="replace"),
        html=request.POST.get("html", ""),
        is_copied=True,
        how=how,
    )


def _source_of_launch(request: HttpRequest, pk: int) -> Source:
    """The inputs of a launch, as the rows of a JSON array."""
    try:
        launch = launch_ledger.get_launch(request.user, pk, now=timezone.now())
    except launch_ledger.UnableToFindLaunch as error:
        raise UnableToMakeRowSet(str(error)) from error
    return stored_rows.source_of_launch(launch)


def _page(request: HttpRequest, workflow: Workflow, sentence: str = "") -> HttpResponse:
    wanted = launch_ledger.LaunchFilter(workflow_uid=workflow.uid)
    launches = launch_ledger.list_launches(request.user, wanted, page=1, now=timezone.now())
    context = {
        "workflow": workflow,
        "sentence": sentence,
        "text": request.POST.get("text", ""),
        "sheet": request.POST.get("sheet", ""),
        "job": request.POST.get("from_job", ""),
        "limits": reading.limits(),
        "file_mb": settings.ROW_SET_FILE_MB,
        "keys": tuple(workflow.inputs),
        "earlier": listing.list_row_sets(request.user).filter(state="ready")[:MOST_EARLIER],
        "launches": launches.object_list[:MOST_EARLIER],
    }
    return render(request, "row_sets/import.html", context, status=422 if sentence else 200)
