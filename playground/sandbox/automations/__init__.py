"""What each step does, by the permalink of its automation.

Everything here is pure: the same work gives the same record. What needs a third party's site
returns sample records that carry `sample: true`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playground.sandbox.automations import (
    actions,
    clean_company,
    find_email,
    parse_name,
    samples,
    tidy_text,
    validate_phone,
    verify_email,
    web_address,
)
from playground.sandbox.automations.work import Automation, Work

__all__ = ["Work", "records_per_input", "run"]

_LOCAL: dict[str, Automation] = {
    "find-email": find_email.run,
    "verify-email": verify_email.run,
    "clean-company-name": clean_company.run,
    "parse-person-name": parse_name.run,
    "normalise-web-address": web_address.run,
    "validate-phone-number": validate_phone.run,
    "tidy-text": tidy_text.run,
}
_SAMPLES: dict[str, Automation] = {
    "linkedin-sales-navigator-people-search": samples.lead,
    "linkedin-people-profile-extract": samples.person,
    "linkedin-connections-extract": samples.connection,
    "linkedin-company-profile-extract": samples.company,
    "linkedin-people-post-activity-extract": samples.post,
    "linkedin-profile-visit": actions.visit,
    "linkedin-profile-connect": actions.connect,
    "linkedin-messages-extract": samples.message,
    "linkedin-people-search": samples.person,
    "linkedin-event-invite": actions.invite,
    "hubspot-contact-save": actions.save_contact,
    "google-sheets-row-add": actions.add_sheet_row,
    "outlook-email-send": actions.send_email,
}
# How many records the sample sites hold for one search; `max_results` may ask for fewer.
_HELD = {
    "linkedin-sales-navigator-people-search": 25,
    "linkedin-connections-extract": 25,
    "linkedin-people-post-activity-extract": 10,
    "linkedin-messages-extract": 12,
    "linkedin-people-search": 25,
}


def run(permalink: str, columns: tuple[str, ...], work: Work) -> dict[str, Any]:
    """One record of exactly these columns."""
    if permalink in _LOCAL:
        record = _LOCAL[permalink](work)
    else:
        record = _SAMPLES[permalink](work) | {"sample": True}
    return {column: record[column] for column in columns}


def records_per_input(permalink: str, parameters: Mapping[str, Any]) -> int:
    """How many records one input yields: 1, or as many as a search finds and may return."""
    held = _HELD.get(permalink, 1)
    wanted: int = parameters.get("max_results", held)
    skipped: int = parameters.get("skip", 0)
    return max(0, min(held - max(0, skipped), wanted))
