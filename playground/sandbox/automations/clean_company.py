"""A company's name without its legal forms."""

from __future__ import annotations

import functools
from typing import Any

import cleanco

from playground.sandbox.automations.work import Work

_TYPES = cleanco.typesources()
_COUNTRIES = cleanco.countrysources()


# The same company comes in many rows, and looking for its forms takes a while.
@functools.lru_cache(maxsize=4_096)
def base_name(name: str) -> str:
    """`Acme Corp. GmbH` → `Acme`: forms may follow each other. The name itself if all is form."""
    found = name
    for _ in range(4):
        shorter = str(cleanco.basename(found)).strip(" ,.-")
        if shorter in ("", found):
            break
        found = shorter
    return found


@functools.lru_cache(maxsize=4_096)
def _found_in(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The kinds of legal form in the name, and the countries that know such forms."""
    return (
        tuple(sorted(set(cleanco.matches(name, _TYPES)))),
        tuple(sorted(set(cleanco.matches(name, _COUNTRIES)))),
    )


def run(work: Work) -> dict[str, Any]:
    name = work.text("company_name")
    cleaned = base_name(" ".join(name.split()))
    if not work.parameters.get("keep_capitals", True) and cleaned.isupper():
        cleaned = cleaned.title()
    forms, countries = _found_in(name)
    return {
        "company_name": name,
        "cleaned_company_name": cleaned,
        "legal_forms": list(forms),
        "possible_countries": list(countries),
    }
