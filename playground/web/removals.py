"""The page that says what ends with an account or a user, and asks; posted, it removes."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from playground.credentials.kinds import needs_of
from playground.models import Change, ChangeKind
from playground.services.ledger import changes
from playground.services.ledger.changes import UnableToChange
from playground.services.removals import ends, remove
from playground.services.removals.ends import Ends, Thing
from playground.services.removals.remove import AlreadyGone, EndsChanged
from playground.services.users import directory as user_directory
from playground.web import http

SEEN = "seen"
_CHANGED = (
    "Nothing was removed: what would end is not what this page showed before. Look at it again."
)
_GONE = "Nothing was removed now: the upstream has no such {} any more."
_LOOKED_UP = ". The answer was lost, but the upstream’s list does not have it any more"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalContext:
    """A removal as the lists tell it, with the page of what is gone."""

    change: Change
    what: str
    address: str


def lately(request: HttpRequest, kinds: tuple[ChangeKind, ...]) -> tuple[RemovalContext, ...]:
    """What was removed from here since yesterday, or may have been."""
    found = changes.list_removals_of(request.user, kinds, now=timezone.now())
    return tuple(
        RemovalContext(
            change=one,
            what="User" if one.is_user_removal else f"{needs_of(one.integration).title} account",
            address=_page_of(
                Thing(uid=one.uid)
                if one.is_user_removal
                else Thing(uid=one.uid, integration=one.integration)
            ),
        )
        for one in found
    )


def answer(request: HttpRequest, thing: Thing) -> HttpResponse:
    """Show what ends, or remove it."""
    if request.method == "POST":
        return _remove(request, thing)
    found = ends.look(request.user, thing, now=timezone.now())
    return _page(request, found) if found else http.see_other(_page_of(thing))


def _remove(request: HttpRequest, thing: Thing) -> HttpResponse:
    try:
        removed = remove.remove(
            request.user,
            thing,
            seen=request.POST.get(SEEN, ""),
            token=http.posted_token(request.POST),
            clock=timezone.now,
        )
    except AlreadyGone:
        messages.warning(request, _GONE.format(thing.word))
        return http.see_other(_page_of(thing))
    except EndsChanged as error:
        return _page(request, error.ends, _CHANGED, 409)
    except UnableToChange as error:
        return _refused(request, thing, error)
    done = f"The {thing.word} was removed" + (_LOOKED_UP if removed.is_looked_up else "")
    http.tell(request, done, removed.earlier)
    return http.see_other(_list_of(thing))


def _refused(request: HttpRequest, thing: Thing, error: UnableToChange) -> HttpResponse:
    """The page once more, with the reason and a new token."""
    if error.is_sending:
        tab = "users" if thing.is_user else "accounts"
        return http.still_sending(request, error, _page_of(thing), tab=tab)
    found = ends.look(request.user, thing, now=timezone.now())
    if found is None:
        messages.warning(request, error.sentence)
        return http.see_other(_page_of(thing))
    return _page(request, found, error.sentence, http.status_after(error))


def _page(request: HttpRequest, found: Ends, sentence: str = "", status: int = 200) -> HttpResponse:
    owner = found.owner
    context = {
        "ends": found,
        "thing": found.thing,
        "owner_name": user_directory.name_of(owner) if owner else "",
        "sentence": sentence,
        "change_token": http.new_token(),
        "page_of": _page_of(found.thing),
        "address": _address_of(found.thing),
        "them": "one of them" if found.thing.is_user else "it",
    }
    return render(request, "removals/remove.html", context, status=status)


def _page_of(thing: Thing) -> str:
    if thing.integration is None:
        return reverse("user-edit", args=[thing.uid])
    return reverse("account-detail", args=[thing.integration, thing.uid])


def _address_of(thing: Thing) -> str:
    if thing.integration is None:
        return reverse("user-remove", args=[thing.uid])
    return reverse("account-remove", args=[thing.integration, thing.uid])


def _list_of(thing: Thing) -> str:
    return reverse("user-list" if thing.integration is None else "account-list")
