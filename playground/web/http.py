"""The token that every form of an account or a user carries: what comes twice is sent once."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from playground.services.ledger.changes import UnableToChange

TOKEN = "change_token"  # noqa: S105


def new_token() -> str:
    return str(uuid.uuid4())


def posted_token(data: QueryDict) -> uuid.UUID | None:
    """The token of a form that was sent; None when it is unusable."""
    try:
        return uuid.UUID(data.get(TOKEN, ""))
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
