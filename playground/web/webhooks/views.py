"""Who is told elsewhere when a job is over: listing, making, trying and removing webhooks."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from playground.models import Webhook
from playground.services.webhooks import addresses, deliveries, hooks
from playground.services.webhooks.addresses import UnusableAddress
from playground.services.webhooks.hooks import Wanted
from playground.web import http


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """One's own and the team's, with what they were told last; a POST makes one more."""
    return _make(request) if request.method == "POST" else _list(request)


def _make(request: HttpRequest) -> HttpResponse:
    address = request.POST.get("address", "")
    wanted = Wanted(
        address=address,
        is_team=request.POST.get("whose") == "team",
        site=request.build_absolute_uri("/")[:-1],
    )
    now = timezone.now()
    try:
        webhook = hooks.make(request.user, wanted, now)
    except UnusableAddress as error:
        context = {"problem": error.sentence, "address": address[: addresses.LONGEST]}
        return _list(request, status=422, **context, is_team=wanted.is_team)
    if webhook.created_at != now:
        messages.success(request, "This address is told already.")
        return http.see_other(reverse("webhook-list"))
    return _with_secret(request, webhook, hooks.secret_of(webhook))


@never_cache
@require_POST
def renew_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Another secret, which is shown this once."""
    webhook = _find(request, pk)
    return _with_secret(request, webhook, hooks.renew_secret(webhook))


def _with_secret(request: HttpRequest, webhook: Webhook, secret: str) -> HttpResponse:
    return _list(request, made_shown=addresses.shown(webhook.address), secret=secret)


@require_POST
def send_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell it something, to see whether that arrives."""
    deliveries.tell_a_test(_find(request, pk), timezone.now())
    messages.success(request, "A test is on its way: what came of it is told below in a moment.")
    return http.see_other(reverse("webhook-list"))


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """It is told nothing more, also not what waits."""
    webhook = _find(request, pk)
    told = addresses.shown(webhook.address)
    webhook.delete()
    messages.success(request, f"{told} is told nothing more.")
    return http.see_other(reverse("webhook-list"))


def _list(request: HttpRequest, *, status: int = 200, **more: object) -> HttpResponse:
    context = {"webhooks": hooks.list_all(request.user), "hosts": addresses.hosts(), **more}
    return render(request, "webhooks/list.html", context, status=status)


def _find(request: HttpRequest, pk: int) -> Webhook:
    try:
        return hooks.find(request.user, pk)
    except hooks.UnableToFindWebhook as error:
        raise Http404(str(error)) from error
