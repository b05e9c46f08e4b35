"""From method and path to the endpoint. The paths are those of the contract."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from playground.contract import paths
from playground.sandbox import (
    endpoints_accounts,
    endpoints_jobs,
    endpoints_workflows,
    endpoints_workspace,
)
from playground.sandbox.calls import Call, Refused

ENDPOINTS: dict[str, Callable[[Call], Any]] = {
    "get_workspace": endpoints_workspace.get_workspace,
    "list_users": endpoints_workspace.list_users,
    "save_user": endpoints_workspace.save_user,
    "delete_user": endpoints_workspace.delete_user,
    "list_integrations": endpoints_accounts.list_integrations,
    "list_accounts": endpoints_accounts.list_accounts,
    "save_account": endpoints_accounts.save_account,
    "delete_account": endpoints_accounts.delete_account,
    "answer_checkpoint": endpoints_accounts.answer_checkpoint,
    "list_workflows": endpoints_workflows.list_workflows,
    "get_workflow": endpoints_workflows.get_workflow,
    "launch_workflow": endpoints_workflows.launch_workflow,
    "list_jobs": endpoints_workflows.list_jobs,
    "get_last_results": endpoints_workflows.get_last_results,
    "get_job": endpoints_jobs.get_job,
    "list_results": endpoints_jobs.list_results,
    "list_job_inputs": endpoints_jobs.list_job_inputs,
    "retry_job": endpoints_jobs.retry_job,
    "cancel_job": endpoints_jobs.cancel_job,
    "retry_webhook": endpoints_jobs.retry_webhook,
    "remove_schedule": endpoints_jobs.remove_schedule,
}


def _pattern(template: str) -> re.Pattern[str]:
    """One segment of the path for each variable."""
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))


_ROUTES = tuple(
    (method, _pattern(template), ENDPOINTS[operation])
    for operation, (method, template) in paths.TEMPLATES.items()
)
# A job's name may hold slashes, and some servers decode them on the way.
_SCHEDULE = re.compile(r"/jobs/(?P<job_name>(?s:.+))")


def resolve(method: str, path: str) -> tuple[Callable[[Call], Any], dict[str, str]]:
    """The endpoint and the path's variables, decoded. Refuses with 404, or 405 and `Allow`."""
    matches = {
        its_method: (endpoint, found.groupdict())
        for its_method, pattern, endpoint in _ROUTES
        if (found := pattern.fullmatch(path))
    }
    if method == "DELETE" and (found := _SCHEDULE.fullmatch(path)):
        matches[method] = (ENDPOINTS["remove_schedule"], found.groupdict())
    if method in matches:
        endpoint, values = matches[method]
        return endpoint, {name: unquote(value) for name, value in values.items()}
    if not matches:
        raise Refused(404, "There is no such resource in this API.")
    allowed = ", ".join(sorted(matches))
    raise Refused(405, f"This resource takes {allowed}.", {"Allow": allowed})
