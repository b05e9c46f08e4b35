"""Whoever is not signed in: a page leads to the sign-in, a fragment is told, a form is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render, resolve_url

from playground.web import form_pages, fragments
from playground.web.form_pages import form_page_at, page_address
from playground.web.people.forms import SignInForm

KEPT, KEPT_FOR = "kept", "kept_for"
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")


class SignInMiddleware(LoginRequiredMiddleware):
    """Django's, which would throw away a form that comes after its session has ended."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if fragments.is_fragment(request):
            return fragments.refuse(fragments.SIGNED_OUT, 401)
        if request.method not in SAFE:
            kept = kept_fields(request)
            if kept:
                return _ask_to_sign_in(request, kept)
        path = page_address(request.get_full_path())
        return redirect_to_login(path, resolve_url(self.get_login_url(view_func)))


def kept_fields(request: HttpRequest) -> str:
    """What was typed into the form that was posted, in one field; nothing if it cannot be kept."""
    form_page, _ = form_page_at(request.path)
    typed = form_page.kept(request.POST) if form_page else []
    text = json.dumps(typed) if typed else ""
    # It comes back as one field of a form, and forms have a limit.
    return text if len(quote(text)) < settings.DATA_UPLOAD_MAX_MEMORY_SIZE * 0.9 else ""


def kept_context(data: QueryDict) -> dict[str, object]:
    """For a page that passes on what was kept."""
    return {"kept": data.get(KEPT, ""), "kept_for": data.get(KEPT_FOR, "")}


def go_on_context(path: str, kept: str) -> dict[str, object] | None:
    """The form that leads back to the one that was filled in; None when nothing was kept.

    Its address is one of ours that shows a form and sends nothing, whatever `path` says.
    """
    form_page, _ = form_page_at(path)
    address = form_pages.shows_address(path)
    pairs = _pairs(kept)
    if form_page is None or not address or not pairs:
        return None
    allowed = QueryDict(mutable=True)
    for name, text in pairs:
        allowed.appendlist(name, text)
    return {"address": address, "fields": form_page.hidden_fields(form_page.kept(allowed))}


def _ask_to_sign_in(request: HttpRequest, kept: str) -> HttpResponse:
    context = {
        "form": SignInForm(request),
        "next": page_address(request.get_full_path()),
        "was_signed_out": True,
        KEPT: kept,
        KEPT_FOR: request.path,
    }
    return render(request, "people/sign_in.html", context, status=401)


def _pairs(kept: str) -> list[tuple[str, str]]:
    try:
        found: Any = json.loads(kept)
    except (ValueError, RecursionError):
        return []
    if not isinstance(found, list):
        return []
    return [
        (pair[0], pair[1])
        for pair in found
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, str) for one in pair)
    ]


def old_token(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form whose token does not fit: what was typed into it leads back into a new one.

    Only what one of our own pages has sent, which the browser says: nobody else fills in forms.
    """
    if fragments.is_fragment(request):
        return fragments.refuse(fragments.TOO_OLD, 403)
    context = None
    if request.headers.get("Sec-Fetch-Site") == "same-origin" and request.user.is_authenticated:
        passed_on = request.POST.get(KEPT, "")
        path = request.POST.get(KEPT_FOR, "") if passed_on else request.path
        kept = passed_on or kept_fields(request)
        context = go_on_context(path, kept)
    return render(request, "403_csrf.html", context, status=403)
