"""The upstream's users: the list, and the form that creates or updates one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from playground.contract.accounts import User
from playground.services import permissions
from playground.services.accounts import lookup as account_lookup
from playground.services.ledger import changes
from playground.services.removals.ends import Thing
from playground.services.users import directory as user_directory
from playground.services.users import request as user_request
from playground.services.users import save as user_save
from playground.services.users.directory import UserDraft
from playground.services.users.save import UnableToSaveUser
from playground.web import durations, http, removals
from playground.web.context_processor import api_base_url
from playground.web.json_html import payload_html
from playground.web.users.pages import draft_of, user_context, user_form, user_list


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Users as the upstream pages them; `?q=` looks through them here, `?role=` is its own."""
    text, role = request.GET.get("q", "")[:200].strip(), request.GET.get("role", "")
    role = role if role in user_directory.ROLES else ""
    listing = user_directory.list_users(
        request.user, search_term=text, role=role, number=http.page_number(request)
    )
    names = account_lookup.peek_names(request.user, listing.users)
    context = {
        "found": user_list(listing, names, text=text, role=role),
        "roles": user_directory.ROLES,
        "why_old": durations.why_old(listing.why_old, listing.age),
        "removals": removals.lately(request, changes.USERS_GONE),
    }
    return render(request, "users/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Create a user."""
    permissions.require(request.user, "change user")
    if request.method == "POST":
        return _save(request, "")
    return _page(request, UserDraft(), None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, user_uid: str) -> HttpResponse:
    """One user; a POST saves."""
    if request.method == "POST":
        return _save(request, user_uid)
    found = user_directory.find_user(request.user, user_uid)
    if found.is_gone:
        told = changes.list_changes_of_user(request.user, user_uid, now=timezone.now())
        gone = {"user_uid": user_uid, "changes": told}
        return render(request, "users/gone.html", gone, status=404)
    if found.user is None:
        return _page(request, UserDraft(), None, uid=user_uid, is_beyond=True)
    return _page(request, draft_of(found.user), found.user)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, user_uid: str) -> HttpResponse:
    """What ends with a user, and whether it is meant; a POST removes the user."""
    return removals.answer(request, Thing(uid=user_uid))


def _save(request: HttpRequest, uid: str) -> HttpResponse:
    """Whatever is refused comes back as it was typed, and so does what is only to be shown."""
    draft = UserDraft(
        **{name: request.POST.get(name, "") for name in ("email", "full_name")},
        **{name: request.POST.get(name, "") for name in ("country", "timezone")},
    )
    if request.POST.get("action") == "preview":
        return _page(request, draft, None, uid=uid, shows_request=True)
    token = http.posted_token(request.POST)
    try:
        saved = user_save.save_user(request.user, draft, uid=uid, token=token, clock=timezone.now)
    except UnableToSaveUser as error:
        if error.is_sending:
            return http.still_sending(request, error, reverse("user-list"), tab="users")
        return _page(request, draft, None, uid=uid, error=error)
    http.tell(request, "The user was updated" if uid else "The user was added", saved.earlier)
    return http.see_other(reverse("user-edit", args=[saved.uid]))


def _page(
    request: HttpRequest,
    draft: UserDraft,
    user: User | None,
    *,
    uid: str = "",
    error: UnableToSaveUser | None = None,
    shows_request: bool = False,
    is_beyond: bool = False,
) -> HttpResponse:
    form = user_form(
        draft,
        problems=error.problems if error else None,
        sentence=error.sentence if error else "",
    )
    uid = user.uid if user else uid
    shown = user_request.show_request(request.user, draft, uid=uid, base_url=api_base_url(request))
    now = timezone.now()
    context: dict[str, object] = {
        "form": form,
        "is_beyond": is_beyond,
        "is_unknown": error is not None and error.is_unknown,
        "changes": changes.list_changes_of_user(request.user, uid, now=now) if uid else (),
        "uid": uid,
        "shown": shown,
        "payload_html": payload_html(shown.lines),
        "shows_request": shows_request,
    }
    if user:
        context["item"] = user_context(user, account_lookup.find_names(request.user, user))
    status = http.status_after(error) if error else 200
    return render(request, "users/edit.html", context, status=status)
