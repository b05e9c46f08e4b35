"""Following a job: its status, its steps, its results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from playground.contract.folding import clean_uid
from playground.contract.jobs import Job
from playground.models import Launch
from playground.services import permissions
from playground.services.accounts import lookup as account_lookup
from playground.services.jobs import blame, change, follow, memory, result_table, results, standing
from playground.services.jobs import kept as kept_jobs
from playground.services.jobs.change import Done
from playground.services.jobs.follow import JobDetail
from playground.services.jobs.whole import UnableToGiveResults
from playground.services.ledger import changes
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger.changes import UnableToChange
from playground.services.ledger.send_once import SentElsewhere
from playground.services.upstream_cache.calls import UnableToReachUpstream
from playground.services.workflows import lookup as workflow_lookup
from playground.web import durations, fragments, http, listed
from playground.web.field_ids import field_id
from playground.web.jobs import blamed, result_pages, result_query, timeline
from playground.web.launches import field_names

# Rows of the chosen step that the page shows; its own job's page has all.
MOST_STEP_ROWS = 20
# Values of one result that a page shows, and how much of each.
MOST_VALUES, LONGEST_VALUE = 200, 10_000


@require_safe
def index(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """The workflow's jobs as the upstream lists them, whoever launched them."""
    page = http.page_number(request, first=0)
    workflow = workflow_lookup.find_workflow(workflow_uid).value
    found = follow.list_jobs(request.user, workflow, most=listed.MOST_LISTED, page=page)
    context = {
        "workflow": workflow,
        "jobs": found.value.jobs,
        "left_out": found.value.left_out,
        "number": page,
        "why_old": durations.why_old(found.problem, found.age),
    }
    return render(request, "jobs/list.html", context)


@require_safe
def detail(request: HttpRequest, job_uid: str) -> HttpResponse:
    """One job; `?step=<step_uid>` opens a step and can be copied."""
    try:
        context = _context(request, job_uid)
    except UnableToReachUpstream as error:
        launch = launch_ledger.find_launch_of_job(job_uid)
        if launch is None or not launch.job_status:
            raise
        return _remembered(request, launch, error)
    return render(request, "jobs/detail.html", context)


def _remembered(request: HttpRequest, launch: Launch, error: UnableToReachUpstream) -> HttpResponse:
    """What was seen of a job that the upstream does not tell of now."""
    permissions.require(request.user, "see jobs", launch.job_uid)
    context = {
        "launch": launch,
        "sentence": error.sentence,
        "is_forgotten": error.is_missing,
        "sightings": memory.list_sightings(request.user, launch),
    }
    return render(request, "jobs/remembered.html", context)


@require_safe
def status(request: HttpRequest, job_uid: str) -> HttpResponse:
    """The part of the job page that changes while the job runs, and the title of the page."""
    return render(request, "jobs/_followed.html", _context(request, job_uid, is_poll=True))


@require_safe
def results_page(request: HttpRequest, job_uid: str) -> HttpResponse:
    """A page of result rows."""
    try:
        job = follow.get_job(request.user, job_uid).job
    except UnableToReachUpstream:
        # Its results may be had all the same.
        job = Job(uid=job_uid)
    return _results(request, job)


@require_safe
def result(request: HttpRequest, job_uid: str, number: int) -> HttpResponse:
    """One result, with every value whole."""
    job = follow.get_job(request.user, job_uid).job
    kept = kept_jobs.find(job)
    if kept is None:
        raise Http404("The results of this job are not kept here.")
    try:
        values = result_table.whole_row(request.user, kept, number)
    except result_table.NoSuchRow as error:
        raise Http404("The job has no result of this number.") from error
    shown = [
        (name, value[:LONGEST_VALUE], result_pages.link_of(value[:LONGEST_VALUE]))
        for name, value in values[:MOST_VALUES]
    ]
    is_cut = len(values) > MOST_VALUES or any(len(one) > LONGEST_VALUE for _, one in values)
    context = {"job": job, "number": number, "values": shown, "is_cut": is_cut}
    return render(request, "jobs/result.html", context)


@require_POST
def keep_results(request: HttpRequest, job_uid: str) -> HttpResponse:
    """Read all results and keep them, or go on with what could not be read."""
    job = follow.get_job(request.user, job_uid).job
    kept_jobs.keep(request.user, job, now=timezone.now())
    if fragments.is_fragment(request):
        return _results(request, job)
    return http.see_other(reverse("job-detail", args=[job_uid]))


@require_POST
def copy_results(request: HttpRequest, job_uid: str) -> HttpResponse:
    """The ticked rows of the page, or all of it: for the clipboard."""
    kept = kept_jobs.find(follow.get_job(request.user, job_uid).job)
    if kept is None or kept.is_reading:
        raise Http404("The results of this job are not kept here.")
    look = result_query.look_of(request.GET, http.page_number(request))
    ticked = request.POST.getlist("row")[: result_table.ROWS_SHOWN]
    chosen = [int(one) for one in ticked if one.isascii() and one.isdecimal() and len(one) < 10]
    try:
        text = result_table.copied(request.user, kept, look, chosen)
    except result_table.TooMuchToCopy as error:
        return fragments.refuse(error.sentence, 413)
    except UnableToGiveResults as error:
        return fragments.refuse(error.sentence, 409)
    return HttpResponse(text, content_type="text/tab-separated-values; charset=utf-8")


def _results(request: HttpRequest, job: Job) -> HttpResponse:
    context = {"job_uid": job.uid, "job": job} | result_pages.of(request, job, results.get_results)
    found = context.get("table")
    if not isinstance(found, result_pages.TableContext):
        return render(request, "jobs/_results.html", context)
    response = render(request, "jobs/_result_table.html", context)
    if request.method == "GET" and "watch" not in request.GET:
        response.headers["HX-Push-Url"] = reverse("job-detail", args=[job.uid]) + found.here
    return response


@require_POST
def cancel(request: HttpRequest, job_uid: str) -> HttpResponse:
    """Stop the job."""
    tell(request, partial(change.cancel_job, request.user, job_uid, seen=seen(request)))
    return http.see_other(reverse("job-detail", args=[job_uid]))


@require_POST
def retry(request: HttpRequest, job_uid: str) -> HttpResponse:
    """Run the job again as it was."""
    tell(request, partial(change.retry_job, request.user, job_uid, seen=seen(request)))
    return http.see_other(reverse("job-detail", args=[job_uid]))


@require_POST
def remove_schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """End the repeat schedules of a launch's name, once a person has seen which ones end."""
    try:
        launch = launch_ledger.get_launch(request.user, pk, now=timezone.now())
    except launch_ledger.UnableToFindLaunch as error:
        raise Http404(str(error)) from error
    if launch.is_elsewhere:
        raise SentElsewhere(launch)
    if "confirmed" not in request.POST:
        schedules = change.list_schedules(request.user, launch.title)
        context = {"launch": launch, "schedules": schedules, "change_token": http.new_token()}
        return render(request, "launches/remove_schedule.html", context)
    tell(request, partial(change.remove_schedule, request.user, launch.title, seen=seen(request)))
    return http.see_other(reverse("launch-detail", args=[pk]))


def tell(request: HttpRequest, ask: Callable[..., Done]) -> None:
    """Ask for the change, once for the form's token; what came of it stands on the next page."""
    try:
        done = ask(token=http.posted_token(request.POST), clock=timezone.now)
    except UnableToChange as error:
        messages.error(request, error.sentence)
        return
    if done.earlier:
        at = f"{done.earlier:%H:%M:%S}"
        messages.success(request, f"{done.sentence} That was at {at} UTC; nothing was sent now.")
    else:
        messages.success(request, done.sentence)


def seen(request: HttpRequest) -> int:
    """The number of the newest change of the job, or schedule of the name, that the page told of;
    0 for none, or for nonsense."""
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _context(request: HttpRequest, job_uid: str, *, is_poll: bool = False) -> dict[str, object]:
    now = timezone.now()
    step_uid = clean_uid(request.GET.get("step", ""))
    found = follow.get_job(request.user, job_uid, step_uid=step_uid, is_poll=is_poll)
    detail = account_lookup.name_accounts(request.user, found)
    context: dict[str, object] = {
        "detail": detail,
        "job": detail.job,
        "step_uid": step_uid,
        "standing": standing.of(detail.job),
        "progress": timeline.Progress.of(detail, now),
        "icon": timeline.icon_of(detail.job),
        "lanes": timeline.lanes(detail.steps, now),
        "every": timeline.seconds_between_looks(detail, now),
        "why_old": durations.why_old(detail.why_old, detail.age),
        "change_token": http.new_token(),
        "changes": changes.list_changes_of_job(request.user, job_uid, now=now),
        "changeable_steps": tuple(_changeable_steps(detail)),
        "sightings": memory.list_sightings(request.user, detail.launch) if detail.launch else (),
        **_of_step(request, detail),
    }
    failures = None
    if detail.job.is_final:
        context |= result_pages.of(request, detail.job)
        failures = results.find_failures(request.user, detail.job)
    named = blame.find(detail, failures)
    context["blamed"] = blamed.blamed(detail, named)
    if failures:
        context |= {"failures": failures, "failed": tuple(blamed.failed(detail, failures, named))}
    return context


def _changeable_steps(detail: JobDetail) -> Iterator[tuple[int, str, str]]:
    """Number and name of each step that takes accounts or parameters, and where the form has it."""
    for item in detail.steps:
        if item.step and (item.step.integration_slugs or item.step.parameters):
            yield item.number, item.name, field_id(field_names.step(item.step_uid))


def _of_step(request: HttpRequest, detail: JobDetail) -> dict[str, object]:
    """What is shown of the chosen step alone: its own rows, and its parameters as sent."""
    chosen = detail.chosen
    if chosen is None:
        return {}
    context: dict[str, object] = {"as_sent": follow.sent_parameters(detail)}
    if chosen.job and chosen.job.row_count and not detail.why_old:
        found = results.find_first_rows(request.user, chosen.job, MOST_STEP_ROWS)
        context["step_rows"] = found
    return context
