"""What tests of the reference have in common."""

from __future__ import annotations

from playground.reference.pages.prose import Place
from playground.services import reference

BASE_URL = "https://api.example.com/v3"
GUIDES = reference.list_guides()
SHOW = reference.shows_calls(BASE_URL)


def address_of(place: Place) -> str:
    return f"https://here.example/{place.kind}/{place.name}"
