"""Sample records for actions on a third party's site: nothing is sent anywhere."""

from __future__ import annotations

from typing import Any

from playground.sandbox.automations import samples
from playground.sandbox.automations.work import Work, draw


def visit(work: Work) -> dict[str, Any]:
    return samples.person(work) | {"visited": True}


def connect(work: Work) -> dict[str, Any]:
    return samples.person(work) | {"invitation_sent": True}


def invite(work: Work) -> dict[str, Any]:
    return samples.person(work) | {
        "linkedin_event_url": work.text("linkedin_event_url"),
        "invitation_sent": True,
    }


def save_contact(work: Work) -> dict[str, Any]:
    return {
        "hubspot_contact_id": str(100_000 + draw(work.seed, "contact", 900_000)),
        "email": work.text("email") or None,
        "full_name": work.text("full_name") or None,
        "was_created": draw(work.seed, "created", 3) > 0,
    }


def add_sheet_row(work: Work) -> dict[str, Any]:
    return {
        "sheet_row": 2 + draw(work.seed, "row", 5_000),
        "full_name": work.text("full_name") or None,
        "email": work.text("email") or None,
    }


def send_email(work: Work) -> dict[str, Any]:
    subject = str(work.parameters.get("subject") or "")
    return {
        "email": work.text("email") or None,
        "subject": subject.replace("{first_name}", work.text("first_name"))[:500],
        "sent": bool(work.text("email")),
    }
