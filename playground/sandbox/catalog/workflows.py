"""The workflows that the sandbox offers, in the order of the listing."""

from __future__ import annotations

from playground.sandbox.catalog import linkedin, local, offices
from playground.sandbox.catalog.building import CatalogWorkflow, flow

# A single-step workflow bears its automation's name.
_SINGLE = (
    (1, local.FIND_EMAIL, "2024-01-08T09:00:00.104233"),
    (2, local.VERIFY_EMAIL, "2024-01-08T09:10:12.558120"),
    (3, local.CLEAN_COMPANY, "2024-01-08T09:21:40.201877"),
    (4, local.PARSE_NAME, "2024-01-08T09:30:05.913345"),
    (5, local.NORMALISE_ADDRESS, "2024-01-08T09:42:51.660018"),
    (6, local.VALIDATE_PHONE, "2024-01-08T09:55:33.090471"),
    (7, local.TIDY_TEXT, "2024-01-08T10:03:17.349002"),
    (11, linkedin.SEARCH_LEADS, "2024-02-12T08:15:00.712945"),
    (12, linkedin.EXTRACT_PROFILE, "2024-02-12T08:25:44.381256"),
    (13, linkedin.EXTRACT_CONNECTIONS, "2024-02-12T08:37:02.447690"),
    (14, linkedin.EXTRACT_COMPANY, "2024-02-12T08:48:19.105538"),
    (15, linkedin.EXTRACT_ACTIVITY, "2024-02-12T09:01:26.832014"),
    (16, linkedin.VISIT_PROFILE, "2024-02-12T09:12:58.290367"),
    (17, linkedin.CONNECT_PROFILE, "2024-02-12T09:20:31.574803"),
    (18, linkedin.EXTRACT_MESSAGES, "2024-02-12T09:33:07.018629"),
    (19, linkedin.SEARCH_PEOPLE, "2024-02-12T09:41:54.963170"),
    (20, linkedin.INVITE_TO_EVENT, "2024-02-12T09:58:22.401758"),
)

# Every automation stands alone in some workflow, or is one of those that only end longer ones.
TEMPLATES = {
    item.permalink: item.template_uid
    for item in (
        *(item for _, item, _ in _SINGLE),
        offices.SAVE_CONTACT,
        offices.ADD_SHEET_ROW,
        offices.SEND_EMAIL,
    )
}

WORKFLOWS: tuple[CatalogWorkflow, ...] = (
    *(flow(number, item.name, item, created_at=at) for number, item, at in _SINGLE),
    flow(
        31,
        "Enrich a Profile into HubSpot",
        linkedin.EXTRACT_PROFILE,
        local.FIND_EMAIL,
        offices.SAVE_CONTACT,
        created_at="2024-03-04T14:02:10.226514",
    ),
    flow(
        32,
        "Find Leads and Collect Their E-mails",
        linkedin.SEARCH_LEADS,
        local.FIND_EMAIL,
        local.VERIFY_EMAIL,
        offices.ADD_SHEET_ROW,
        created_at="2024-03-04T14:20:45.870391",
    ),
    flow(
        33,
        "Visit a Profile, Then Connect",
        linkedin.VISIT_PROFILE,
        linkedin.CONNECT_PROFILE,
        created_at="2024-03-05T07:44:09.515002",
    ),
    flow(
        34,
        "Profile to Outlook E-mail",
        linkedin.EXTRACT_PROFILE,
        local.FIND_EMAIL,
        offices.SEND_EMAIL,
        created_at="2024-03-05T08:30:00.009142",
    ),
    flow(
        35,
        "Full Prospecting Sequence",
        linkedin.SEARCH_PEOPLE,
        linkedin.VISIT_PROFILE,
        linkedin.EXTRACT_PROFILE,
        local.PARSE_NAME,
        local.CLEAN_COMPANY,
        local.FIND_EMAIL,
        local.VERIFY_EMAIL,
        offices.SAVE_CONTACT,
        offices.ADD_SHEET_ROW,
        offices.SEND_EMAIL,
        created_at="2024-03-11T16:12:27.604985",
    ),
)
