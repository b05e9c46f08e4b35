"""Integrations' accounts: the list of all, and one of them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from playground.services.accounts import listing as account_listing
from playground.services.accounts.listing import AccountFilter
from playground.services.ledger import changes
from playground.services.removals.ends import Thing
from playground.web import http, removals
from playground.web.accounts.pages import account_context, account_list, checked, notices


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every integration that is in use, with its accounts."""
    now = timezone.now()
    state = request.GET.get("state", "")
    wanted = AccountFilter(
        text=request.GET.get("q", "")[:200],
        integration=request.GET.get("integration", "")[:200],
        state=state if state in account_listing.STATES else "",
    )
    found = account_listing.list_accounts(
        request.user, wanted, number=http.page_number(request), now=now
    )
    context = {
        "found": account_list(found, wanted, now),
        "states": account_listing.STATES,
        "removals": removals.lately(request, changes.ACCOUNTS_GONE),
    }
    return render(request, "accounts/list.html", context)


@require_safe
def detail(request: HttpRequest, integration: str, account_uid: str) -> HttpResponse:
    """One account: its limits, and what can use it."""
    now = timezone.now()
    found = account_listing.get_account(request.user, integration, account_uid, now=now)
    entry = found.entry
    told = notices(found.uses, found.owners_problem)
    context = {
        "integration": found.integration,
        "account_uid": account_uid,
        "item": account_context(entry, now, uses=found.uses) if entry else None,
        "workflows": found.workflows,
        "notices": (*filter(None, [found.integration.problem]), *told),
        "checked": checked(found.integration.age),
        "launches": found.launches,
        "launch_count": found.launch_count,
        "changes": found.changes,
        "challenge_token": http.new_token(),
    }
    return render(request, "accounts/detail.html", context, status=200 if entry else 404)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, integration: str, account_uid: str) -> HttpResponse:
    """What ends with an account, and whether it is meant; a POST removes it."""
    return removals.answer(request, Thing(uid=account_uid, integration=integration))


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Ask for an integration's accounts anew, and go back to where the button was."""
    integration = request.POST.get("integration", "")
    account_listing.check_again(request.user, integration)
    uid = request.POST.get("account", "")
    if uid:
        return http.see_other(reverse("account-detail", args=[integration, uid]))
    kept = {name: request.POST.get(name, "")[:200] for name in ("within", "q", "state", "page")}
    kept["integration"] = kept.pop("within")
    query = urlencode({name: value for name, value in kept.items() if value}, errors="replace")
    return http.see_other(reverse("account-list") + (f"?{query}" if query else ""))
