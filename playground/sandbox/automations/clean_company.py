"""A company's name without its legal forms."""

from __future__ import annotations

from typing import Any

import cleanco

from playground.sandbox.automations.work import Work

_TYPES = cleanco.typesources()
_COUNTRIES = cleanco.countrysources()


def base_name(name: str) -> str:
    """`Acme Corp. GmbH` → `Acme`: forms may follow each other. The name itself if all is form."""
    found = name
    for _ in range(4):
        shorter = str(cleanco.basename(found)).strip(" ,.-")
        if shorter in ("", found):
            break
        found = shorter
    return found


def run(work: Work) -> dict[str, Any]:
    name = work.text("company_name")
    cleaned = base_name(" ".join(name.split()))
    if not work.parameters.get("keep_capitals", True) and cleaned.isupper():
        cleaned = cleaned.title()
    return {
        "company_name": name,
        "cleaned_company_name": cleaned,
        "legal_forms": sorted(set(cleanco.matches(name, _TYPES))),
        "possible_countries": sorted(set(cleanco.matches(name, _COUNTRIES))),
    }
