"""What tests of the reference have in common."""

from __future__ import annotations

from playground.reference.pages.operations import Entry, OperationPage
from playground.reference.pages.prose import Place
from playground.services import reference

BASE_URL = "https://api.example.com/v3"
GUIDES = reference.list_guides()
SHOW = reference.shows_calls(BASE_URL)


def address_of(place: Place) -> str:
    return f"https://here.example/{place.kind}/{place.name}"


def sent_with(page: OperationPage) -> list[Entry]:
    """Everything on the page that one may send, however deep."""
    listed = (*page.path_parameters, *page.query_parameters, *page.body)
    return [entry for one in listed for entry in one.walk()]
