"""What the views of several pages answer with: redirects, page numbers, tokens of forms."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.encoding import iri_to_uri

from playground.services.ledger.changes import UnableToChange

TOKEN = "change_token"  # noqa: S105
LONGEST_PAGE_NUMBER = 6


class SeeOther(HttpResponse):
    """Django's own redirects refuse long addresses, and a UID of the upstream may be long."""

    status_code = 303

    def __init__(self, address: str) -> None:
        super().__init__(headers={"Location": iri_to_uri(address)})

    @property
    def url(self) -> str:
        return self["Location"]


def see_other(address: str) -> HttpResponse:
    """After a form was taken: go and look at `address`, whatever characters it holds."""
    return SeeOther(address)


def page_number(request: HttpRequest, *, first: int = 1) -> int:
    """`?page=` as a number; the `first` page when it is missing or nonsense."""
    text = request.GET.get("page", "")
    is_number = text.isascii() and text.isdecimal() and len(text) <= LONGEST_PAGE_NUMBER
    return max(first, int(text)) if is_number else first


def new_token() -> str:
    """Every form of an account or a user carries one: what comes twice is sent once."""
    return str(uuid.uuid4())


def posted_token(data: QueryDict, name: str = TOKEN) -> uuid.UUID | None:
    """The token of a form that was sent; None when it is unusable."""
    try:
        return uuid.UUID(data.get(name, ""))
    except ValueError:
        return None


def tell(request: HttpRequest, done: str, earlier: dt.datetime | None, but: str = "") -> None:
    """Say on the next page that it is `done`; `earlier` is when, if that was another submit."""
    if earlier:
        done += f" when this form came first, at {earlier:%H:%M:%S} UTC. What it holds now was not "
        done += "sent"
    if but:
        messages.warning(request, f"{done}, but {but}." if not earlier else f"{done}. But {but}.")
    else:
        messages.success(request, f"{done}.")


def status_after(error: UnableToChange) -> int:
    """The status of the page on which a refused form comes back."""
    return 422 if error.is_draft_at_fault else 502


def still_sending(
    request: HttpRequest, error: UnableToChange, address: str, *, tab: str = "accounts"
) -> HttpResponse:
    """Another submit of the same form is under way: `address` will show what came of it."""
    context = {"sentence": error.sentence, "address": address, "tab": tab}
    return render(request, "accounts/sending.html", context, status=409)
