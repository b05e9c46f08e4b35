"""What repeats: the list, removing schedules by name, changing one."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from playground.models import Launch
from playground.services import permissions
from playground.services.jobs import change, schedule_changes, schedules
from playground.services.jobs.schedule_changes import Progress
from playground.services.ledger import changes
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger.send_once import SentElsewhere
from playground.services.upstream_cache.calls import UnableToReachUpstream
from playground.services.workflows import lookup as workflow_lookup
from playground.web import http
from playground.web.jobs import views as job_views

LONGEST_NAME = 1_000


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What repeats, as far as it was launched here, newest first."""
    now = timezone.now()
    shown, repeating = schedules.list_repeating(
        request.user, page=http.page_number(request), now=now
    )
    context = {
        "shown": shown,
        "repeating": repeating,
        "open_changes": schedule_changes.list_open(request.user, now),
    }
    return render(request, "schedules/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest) -> HttpResponse:
    """Every schedule of a name: what would end, by `?name=`, and whether it is meant; a POST ends
    it."""
    return _remove(request) if request.method == "POST" else _ask(request)


def _ask(request: HttpRequest) -> HttpResponse:
    name = request.GET.get("name", "")[:LONGEST_NAME].replace("\x00", "")
    permissions.require(request.user, "change job", name)
    context: dict[str, object] = {"name": name}
    if name.strip():
        context |= {
            "schedules": change.list_schedules(request.user, name),
            "changes": changes.list_removals(request.user, name, now=timezone.now()),
            "change_token": http.new_token(),
        }
    return render(request, "schedules/remove.html", context)


def _remove(request: HttpRequest) -> HttpResponse:
    name = request.POST.get("name", "")[:LONGEST_NAME].replace("\x00", "")
    if not name.strip():
        messages.error(request, "A schedule is removed by its name. Nothing was sent.")
        return http.see_other(reverse("schedule-list"))
    job_views.tell(
        request,
        partial(change.remove_schedule, request.user, name, seen=job_views.seen(request)),
    )
    return http.see_other(reverse("schedule-list"))


@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to change the schedule of a launch. Nothing is sent by that."""
    launch = _launch(request, pk)
    if not launch.repeats_still:
        messages.error(request, f"Launch {pk} does not repeat any more, so nothing can be changed.")
        return http.see_other(reverse("launch-detail", args=[pk]))
    begun = schedule_changes.begin(request.user, launch, timezone.now())
    return http.see_other(reverse("schedule-change", args=[begun.pk]))


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a change is, and the next step of it."""
    found = _progress(request, pk)
    context: dict[str, object] = {"progress": found, "change_token": http.new_token()}
    if found.may_remove:
        context["schedules"] = change.list_schedules(request.user, found.launch.title)
        context["problem"] = _problem(found.launch)
    return render(request, "schedules/change.html", context)


@require_POST
def remove_old(request: HttpRequest, pk: int) -> HttpResponse:
    """The first half of a change: every schedule of the name ends."""
    found = _progress(request, pk)
    if found.is_removed:
        messages.success(request, "It is removed already; nothing was sent now.")
    else:
        name = found.launch.title
        job_views.tell(
            request,
            partial(change.remove_schedule, request.user, name, seen=job_views.seen(request)),
        )
    return http.see_other(reverse("schedule-change", args=[pk]))


@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """It stays as it is now."""
    found = _progress(request, pk)
    schedule_changes.leave(request.user, found.change, timezone.now())
    messages.success(request, f"Left as it is. {found.sentence}")
    return http.see_other(reverse("schedule-list"))


def _problem(launch: Launch) -> str:
    """Why it could not be launched anew, once it is removed."""
    try:
        workflow_lookup.find_workflow(launch.workflow_uid)
    except UnableToReachUpstream as error:
        return error.sentence
    return ""


def _progress(request: HttpRequest, pk: int) -> Progress:
    try:
        return schedule_changes.get_progress(request.user, pk, timezone.now())
    except schedule_changes.UnableToFindChange as error:
        raise Http404(str(error)) from error


def _launch(request: HttpRequest, pk: int) -> Launch:
    try:
        launch = launch_ledger.get_launch(request.user, pk, now=timezone.now())
    except launch_ledger.UnableToFindLaunch as error:
        raise Http404(str(error)) from error
    if launch.is_elsewhere:
        raise SentElsewhere(launch)
    return launch
