"""The bodies and answers of workflows and jobs; `examples` has the UIDs and says whose they are."""

from __future__ import annotations

from typing import Any

from playground.reference.api.examples.accounts import (
    ACCOUNT_UID,
    JOB_NAME,
    JOB_UID,
    PROFILE_STEP_UID,
    PROFILE_TEMPLATE_UID,
    PROFILE_UID,
    SEARCH_STEP_UID,
    SEARCH_UID,
)

_PROFILE_NAME = "Extract LinkedIn People Profile"
_PROFILE_URL = "https://www.linkedin.com/in/someone/"
_META: dict[str, Any] = {"hubspot_people_id": "42", "your_meta_key": "abc"}
_ROW: dict[str, Any] = {"linkedin_profile_url": _PROFILE_URL, "meta": _META}
_CREATED_AT = "2024-10-26T22:35:35.803378"

WORKFLOWS: list[dict[str, Any]] = [
    {
        "uid": PROFILE_UID,
        "name": _PROFILE_NAME,
        "created_at": _CREATED_AT,
        "project_id": 1,
        "template_uid": PROFILE_TEMPLATE_UID,
        "steps": [{"name": _PROFILE_NAME, "step_uid": PROFILE_STEP_UID, "uid": PROFILE_STEP_UID}],
        "linked_templates": [PROFILE_TEMPLATE_UID],
    }
]
WORKFLOW: dict[str, Any] = {
    "name": "Search Sales Navigator Leads",
    "uid": SEARCH_UID,
    "steps": [
        {
            "step_uid": SEARCH_STEP_UID,
            "step_name": "Search Sales Navigator Leads",
            "position": 0,
            "permalink": "linkedin-sales-navigator-people-search",
            "integrations": ["linkedin"],
            "input_schema": {
                "sales_navigator_profile_search_url": {
                    "regex": {},
                    "help": "Address of a lead search in Sales Navigator.",
                    "primary": True,
                    "required": 1,
                    "variations": ["sales_navigator_employees_url", "url"],
                    "retro_variations": ["sales_navigator_employees_url", "url"],
                }
            },
            "output_schema": [
                "full_name",
                "first_name",
                "last_name",
                "company_name",
                "linkedin_profile_url",
            ],
            "parameters_schema": {
                "properties": {
                    "excludeViewedLeads": False,
                    "max_results": 100,
                    "excludeCRMContacts": False,
                }
            },
        }
    ],
}
# Without a schedule: whoever sends an example once wants one job of it.
LAUNCH: dict[str, Any] = {
    "job_name": JOB_NAME,
    "steps": [
        {
            "step_uid": PROFILE_STEP_UID,
            "accounts": [ACCOUNT_UID],
            "accounts_rotation_enabled": True,
            "parameters": {},
            "output_column": None,
        }
    ],
    "inputs": [_ROW],
    "unstructure_meta": False,
}
LAUNCHED: dict[str, Any] = {
    "workflow": {
        "uid": PROFILE_UID,
        "permalink": f"extract-linkedin-people-profile{PROFILE_UID}",
        "name": _PROFILE_NAME,
        "created_at": _CREATED_AT,
        "project_id": 1,
        "linked_templates": [PROFILE_TEMPLATE_UID],
        "template_uid": PROFILE_TEMPLATE_UID,
    },
    "message": "Bot successfully scheduled.",
    "job_uid": JOB_UID,
}
JOB: dict[str, Any] = {
    "uid": JOB_UID,
    "name": JOB_NAME,
    "status": "finished",
    "error_message": None,
    "start_time": "2024-10-26T22:35:41.120934",
    "finish_time": "2024-10-26T22:36:12.504417",
    "scheduled_time": "2024-10-26T22:35:35.803378",
    "number_inputs": 1,
    "row_count": 1,
    "total_row_count": 1,
    "workflow_uid": PROFILE_UID,
    "workflow_name": _PROFILE_NAME,
    "step_uid": None,
    "accounts": [ACCOUNT_UID],
    "configuration": {},
    "main_job_uid": None,
    "main_job_name": None,
}
_ONLY_PAGE: dict[str, Any] = {"previous": None, "next": None, "have_next_page": False}
RESULTS: dict[str, Any] = {
    "results": [
        {
            "linkedin_profile_url": "https://www.linkedin.com/in/someone",
            "first_name": "Some",
            "meta": _META,
        }
    ],
    "paging": _ONLY_PAGE,
}
INPUTS: dict[str, Any] = {
    "inputs": [_ROW | {"status": "succeeded", "error_message": None}],
    "paging": _ONLY_PAGE,
}
RETRIED: dict[str, Any] = {"message": "Job successfully scheduled again.", "job_uid": JOB_UID}
