"""The paths of the API, written once. Contract section 2.

`TEMPLATES` maps an operation's name to (method, path template); the functions of the client
and the routes of the sandbox are both made from it. Paths are relative to the base URL, which
ends in `/v3`.
"""

from __future__ import annotations

from urllib.parse import quote

# No source has a bound for `page` (section 13.1).
LARGEST_PAGE = 1_000_000_000
TEMPLATES: dict[str, tuple[str, str]] = {
    "get_workspace": ("GET", "/workspace"),
    "list_users": ("GET", "/users"),
    "save_user": ("POST", "/users"),
    "delete_user": ("DELETE", "/users/{user_uid}"),
    "list_integrations": ("GET", "/integrations"),
    "list_accounts": ("GET", "/integrations/{integration}/accounts"),
    "save_account": ("POST", "/integrations/{integration}/accounts"),
    "delete_account": ("DELETE", "/integrations/{integration}/accounts/{account_uid}"),
    "answer_checkpoint": ("POST", "/accounts/{account_uid}/checkpoint"),
    "list_workflows": ("GET", "/workflows"),
    "get_workflow": ("GET", "/workflows/{workflow_uid}/details"),
    "launch_workflow": ("POST", "/workflows/{workflow_uid}/schedule"),
    "list_jobs": ("GET", "/workflows/{workflow_uid}/jobs"),
    "get_last_results": ("GET", "/workflows/{workflow_uid}/results/last"),
    "get_job": ("GET", "/jobs/{job_uid}"),
    "list_results": ("GET", "/jobs/{job_uid}/results"),
    "list_job_inputs": ("GET", "/jobs/{job_uid}/inputs"),
    "retry_job": ("POST", "/jobs/{job_uid}/retry"),
    "cancel_job": ("POST", "/jobs/{job_uid}/cancel"),
    "retry_webhook": ("POST", "/jobs/{job_uid}/webhooks/retry"),
    "remove_schedule": ("DELETE", "/jobs/{job_name}"),
}


def path_for(operation: str, **values: str) -> str:
    """The path of an operation, each value percent-encoded as one segment."""
    template = TEMPLATES[operation][1]
    return template.format(**{name: _segment(value) for name, value in values.items()})


def _segment(value: str) -> str:
    # A segment of only dots would be folded away by any HTTP library on its way.
    encoded = quote(value, safe="", errors="replace")
    return encoded.replace(".", "%2E") if set(encoded) == {"."} else encoded
