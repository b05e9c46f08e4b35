"""Launching again all that the list is narrowed to: what that is, and whether it is meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from playground.models import LaunchState
from playground.services import permissions
from playground.services.launches import relaunches
from playground.services.launches.relaunches import Confirmed, Match, UnableToRelaunch
from playground.services.ledger.launches import LaunchFilter, Outcome
from playground.web import http
from playground.web.launches import history_views

_LOST = "This form has lost its token. Nothing was launched: look at the list again."
_LONGEST_NUMBER = 18
# Of what each outcome says of a launch.
_MEANINGS = {
    Outcome.SUCCEEDED: "its job finished, as it was seen last",
    Outcome.FAILED: "its job ended in warning or shutdown, as it was seen last",
    Outcome.STOPPED: "its job was stopped, as it was seen last",
    Outcome.PAUSED: "its job is paused, as it was seen last",
    Outcome.UNDER_WAY: "its job is pending or running, as it was seen last",
    Outcome.NOT_SEEN: "it was launched, and its job was not seen yet",
}


@require_http_methods(["GET", "HEAD", "POST"])
def relaunch(request: HttpRequest) -> HttpResponse:
    """What matches `?outcome=…`, and whether it is meant; a POST launches what was ticked."""
    return _relaunch(request) if request.method == "POST" else _ask(request)


def _ask(
    request: HttpRequest, sentence: str = "", chosen: Sequence[int] | None = None
) -> HttpResponse:
    wanted = history_views.asked_for(request)
    permissions.require(request.user, "launch")
    # Looking is never a fault, though there may be nothing to confirm.
    refused = 422 if request.method == "POST" else 200
    try:
        matches = relaunches.find_matches(request.user, wanted, timezone.now())
    except UnableToRelaunch as error:
        nothing = {"sentence": error.sentence, "query": history_views.query_of(wanted)}
        return render(request, "launches/relaunch.html", nothing, status=refused)
    fit = [match for match in matches if not match.reason]
    context = {
        "sentence": sentence,
        "query": history_views.query_of(wanted),
        "matches": matches,
        "fit": fit,
        "left_out": [match for match in matches if match.reason],
        "ticked": chosen if chosen is not None else _chosen(fit),
        "shown": ",".join(str(match.launch.pk) for match in matches),
        "filter": list(_in_words(wanted)),
        "name": request.POST.get("name", ""),
        "waits": "wait_for_capacity" in request.POST or request.method != "POST",
        "change_token": http.new_token(),
    }
    return render(request, "launches/relaunch.html", context, status=refused)


def _relaunch(request: HttpRequest) -> HttpResponse:
    token = http.posted_token(request.POST)
    chosen = _numbers(request.POST.getlist("launch"))
    if token is None:
        return _ask(request, _LOST, chosen)
    confirmed = Confirmed(
        wanted=history_views.asked_for(request),
        shown=_numbers(request.POST.get("shown", "").split(",")),
        chosen=chosen,
        name=request.POST.get("name", "")[: relaunches.LONGEST_NAME],
        waits_for_capacity="wait_for_capacity" in request.POST,
    )
    try:
        done = relaunches.relaunch(request.user, confirmed, token, timezone.now)
    except UnableToRelaunch as error:
        return _ask(request, error.sentence, chosen)
    if done.changes:
        messages.warning(request, " ".join(done.changes))
    return http.see_other(reverse("launch-group", args=[done.group.pk]))


def _chosen(fit: Sequence[Match]) -> list[int]:
    return [match.launch.pk for match in fit if match.is_chosen]


def _numbers(texts: Sequence[str]) -> list[int]:
    """Those that are numbers, each once; one more than may be launched says that it is too many."""
    found = dict.fromkeys(
        int(text)
        for text in texts
        if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
    )
    return list(found)[: relaunches.MOST_LAUNCHES + 1]


def _in_words(wanted: LaunchFilter) -> Iterator[tuple[str, str]]:
    """What the list is narrowed to: a label, and what it means."""
    if wanted.text.strip():
        yield "Searched for", wanted.text
    if wanted.state:
        yield "State", LaunchState(wanted.state).label
    if wanted.outcome:
        outcome = Outcome(wanted.outcome)
        yield "Outcome", f"{outcome.label}: {_MEANINGS[outcome]}"
    if wanted.person:
        yield "Launched by", wanted.person
    if wanted.workflow_uid:
        yield "Workflow", wanted.workflow_uid
    if wanted.account_uid:
        yield "Account", wanted.account_uid
    if wanted.since:
        yield "From", f"{wanted.since:%Y-%m-%d}"
    if wanted.until:
        yield "To", f"{wanted.until:%Y-%m-%d}"
