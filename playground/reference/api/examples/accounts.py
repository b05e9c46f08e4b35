"""The bodies and answers that the operations show, after the contract reference's own.

Users, accounts, workflows and steps have the UIDs that the sandbox's catalogue gives them, so that
each request can be sent to it as it stands. Jobs are made by launching: theirs are made up.
"""

from __future__ import annotations

from typing import Any

WORKSPACE_UID = "5a9db0c0-0000-4000-8000-000000000001"
USER_UID = "5a9db0c0-0001-4000-8000-000000000001"
INTEGRATION_UID = "5a9db0c0-0002-4000-8000-000000000001"
ACCOUNT_UID = "5a9db0c0-0003-4000-8000-000000000001"
SEARCH_UID = "5a9db0c0-0004-4000-8000-000000000011"
PROFILE_UID = "5a9db0c0-0004-4000-8000-000000000012"
SEARCH_STEP_UID = "5a9db0c0-0005-4000-8000-000000001101"
PROFILE_STEP_UID = "5a9db0c0-0005-4000-8000-000000001201"
PROFILE_TEMPLATE_UID = "5a9db0c0-0006-4000-8000-000000000012"
CONNECT_TEMPLATE_UID = "5a9db0c0-0006-4000-8000-000000000017"
JOB_UID = "7894b1d2-6c3e-4f0a-9d58-2b7e41c6a903"
JOB_NAME = "Get a profile"
_PROFILE_URL = "https://www.linkedin.com/in/someone/"

WORKSPACE: dict[str, Any] = {
    "name": "Captain Data",
    "tasks_left": 9966,
    "tasks_max": 10000,
    "tasks_used": 0,
    "email": "ops@example.com",
    "plan_name": "Growth",
    "current_month_start": "2023-09-01T16:08:56+00:00",
    "current_month_end": "2023-10-01T17:08:56+00:00",
}
USER: dict[str, Any] = {
    "uid": USER_UID,
    "email": "jane@example.com",
    "first_name": "Jane",
    "last_name": "Doe",
    "full_name": "Jane Doe",
    "country": "fr",
    "project_uid": WORKSPACE_UID,
    "accounts": [{"uid": ACCOUNT_UID, "application_permalink": "linkedin"}],
}
USER_PAGE: dict[str, Any] = {
    "users": [USER],
    "nbr_users": 37,
    "limit": 30,
    "pages": 2,
    "paging": {"previous": None, "next": "https://api.captaindata.co/v3/users?page=1"},
}
# Nobody whom the sandbox has: the example can be sent as it stands.
USER_SAVE: dict[str, Any] = {
    "email": "nora@example.com",
    "full_name": "Nora Berg",
    "country": "fr",
    "timezone": "Europe/Paris",
}
_NORA = {"email": "nora@example.com", "first_name": "Nora", "last_name": "Berg"}
USER_SAVED: dict[str, Any] = {
    "user": USER | _NORA | {"full_name": "Nora Berg", "accounts": []},
    "message": "User created.",
}

INTEGRATIONS: list[dict[str, Any]] = [
    {"uid": INTEGRATION_UID, "title": "LinkedIn", "permalink": "linkedin"}
]
_MASK = "********"
ACCOUNT: dict[str, Any] = {
    "setup_at": "2024-11-26T15:12:17.652585",
    "name": "Jane Doe",
    "cookies": {"JSESSIONID": _MASK, "li_at": _MASK, "li_a": _MASK},
    "via_extension": True,
    "is_shared": False,
    "level": "Sales Navigator",
    "is_valid": True,
    "uid": ACCOUNT_UID,
    "application_permalink": "linkedin",
    "application_name": "LinkedIn",
}
_LIMIT: dict[str, Any] = {
    "permalink": "lk-classic-connection-requests",
    "level": "Classic",
    "item_scraped": 0,
    "limit_value": 25,
    "limit_name": "connection requests",
    "start_time_range": "2024-11-25T15:29:36",
    "end_time_range": "2024-11-26T15:29:36",
    "templates": [CONNECT_TEMPLATE_UID],
    "nbr_inputs_queued_next_seven_days": 0,
}
ACCOUNT_PAGE: dict[str, Any] = {
    "integration": {"uid": INTEGRATION_UID, "title": "LinkedIn"},
    "accounts": [ACCOUNT | {"limits": [_LIMIT]}],
    "next_page_exist": True,
    "number_total_acounts": 11,
}
ACCOUNT_SAVE: dict[str, Any] = {
    "account": {
        "name": "Jane's LinkedIn",
        "user_uid": USER_UID,
        "cookies": {"li_at": "AQEDAR-the-value-of-the-cookie"},
    },
    "resume_paused_jobs": True,
}
ACCOUNT_SAVED = ACCOUNT | {
    "name": "Jane's LinkedIn",
    "cookies": {"li_at": _MASK},
    "level": "Classic",
    "via_extension": False,
}
CHECKPOINT: dict[str, Any] = {"code": "123456"}
ACCOUNT_CHECKED = ACCOUNT | {
    "meta": {
        "name": "Jane Doe",
        "id": "000001",
        "url": "https://www.linkedin.com/in/jane-doe",
        "type": "SALES_NAV",
    }
}
