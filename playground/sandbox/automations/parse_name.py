"""A person's whole name, taken apart."""

from __future__ import annotations

from typing import Any

from nameparser import HumanName

from playground.sandbox.automations.work import Work


def run(work: Work) -> dict[str, Any]:
    text = " ".join(work.text("full_name").split())
    name = HumanName(text)
    if work.parameters.get("fix_capitals", True):
        name.capitalize()
    return {
        "full_name": text,
        "title": name.title or None,
        "first_name": name.first or None,
        "middle_name": name.middle or None,
        "last_name": name.last or None,
        "suffix": name.suffix or None,
        "nickname": name.nickname or None,
    }
