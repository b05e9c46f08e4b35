"""Workflows, rows, drafts and earlier events that the situations are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from playground.contract.workflows import Workflow
from playground.payload.drafts import LaunchDraft
from playground.preflight.facts import Facts, PastLaunch
from tests.preflight.scene import Scene, Situation, draft
from tests.sandbox.world import START, account, workflow

FIND = workflow("Find an e-mail")
PROFILE = workflow("Extract LinkedIn People Profile")
VISIT = workflow("Visit LinkedIn Profile")
CONNECTIONS = workflow("Extract LinkedIn Connections")
ACTIVITY = workflow("Extract LinkedIn People Post Activity")
VISIT_CONNECT = workflow("Visit a Profile, Then Connect")
HUBSPOT = workflow("Enrich a Profile into HubSpot")
SEARCH = workflow("Search LinkedIn People")
LEADS = workflow("Search Sales Navigator Leads")
SEQUENCE = workflow("Full Prospecting Sequence")
JANE, TEAM = account("Jane's Sales Navigator"), account("Team Sales Navigator")
OMAR, MEI = account("Omar's LinkedIn"), account("Mei by extension")
EXPIRED = account("Mei's LinkedIn (expired)")
CRM, CRM_TRIAL = account("HubSpot production"), account("HubSpot trial (expired)")
SHEET, OUTLOOK = account("Prospecting sheets"), account("jane@example.com")
ALL_ACCOUNTS: dict[int, dict[str, Any]] = {
    7: {"accounts": (CRM,)},
    8: {"accounts": (SHEET,)},
    9: {"accounts": (OUTLOOK,)},
}


def people(count: int, first: int = 1) -> list[dict[str, Any]]:
    return [
        {"first_name": f"Ann{number}", "last_name": "Lee", "company_name": "acme.com"}
        for number in range(first, first + count)
    ]


def profiles(count: int, first: int = 1) -> list[dict[str, Any]]:
    return [
        {"linkedin_profile_url": f"https://www.linkedin.com/in/person-{number}/"}
        for number in range(first, first + count)
    ]


def searches(count: int) -> list[dict[str, Any]]:
    address = "https://www.linkedin.com/search/results/people/?page="
    return [{"linkedin_people_search_url": f"{address}{number}"} for number in range(count)]


def launched(of: Workflow, then: LaunchDraft, by: str = "ana") -> Callable[[Scene], None]:
    def change(scene: Scene) -> None:
        scene.launch(of, then, by)

    return change


def waited(**length: float) -> Callable[[Scene], None]:
    return lambda scene: scene.wait(**length)


def visited(count: int, who: str) -> tuple[Callable[[Scene], None], ...]:
    """So many profiles were visited earlier today, by another workflow than the one at hand."""
    rows = draft(VISIT, profiles(count, 1_001), who, name="Earlier")
    return (launched(VISIT, rows), waited(hours=1))


def expired(slug: str, uid: str) -> Callable[[Scene], None]:
    credentials: dict[str, Any] = {"api_key": "test:expired"}
    if slug == "linkedin":
        credentials = {"cookies": {"li_at": "test:expired"}}
    return lambda scene: scene.save_account(slug, uid, **credentials)


def but(**changes: Any) -> Callable[[Facts], Facts]:
    return lambda facts: replace(facts, **changes)


def schedule(name: str, **changes: Any) -> PastLaunch:
    given: dict[str, Any] = {
        "number": 7,
        "by": "omar",
        "at": START - timedelta(hours=2),
        "job_name": name,
        "fingerprint": "0" * 12,
        "rows": frozenset(),
        "is_repeating": True,
    }
    return PastLaunch(**given | changes)


def cleanly(name: str, of: Workflow, then: LaunchDraft, **changes: Any) -> Situation:
    return Situation(name=name, workflow=of, draft=then, **changes)
