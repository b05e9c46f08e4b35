"""From method and path to the endpoint. The paths are those of the contract."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from playground.contract import paths
from playground.sandbox.api.calls import SandboxCall
from playground.sandbox.api.endpoints import accounts, jobs, workflows, workspace
from playground.sandbox.refusals import Refused

ENDPOINTS: dict[str, Callable[[SandboxCall], Any]] = {
    "get_workspace": workspace.get_workspace,
    "list_users": workspace.list_users,
    "save_user": workspace.save_user,
    "delete_user": workspace.delete_user,
    "list_integrations": accounts.list_integrations,
    "list_accounts": accounts.list_accounts,
    "save_account": accounts.save_account,
    "delete_account": accounts.delete_account,
    "answer_checkpoint": accounts.answer_checkpoint,
    "list_workflows": workflows.list_workflows,
    "get_workflow": workflows.get_workflow,
    "launch_workflow": workflows.launch_workflow,
    "list_jobs": workflows.list_jobs,
    "get_last_results": workflows.get_last_results,
    "get_job": jobs.get_job,
    "list_results": jobs.list_results,
    "list_job_inputs": jobs.list_job_inputs,
    "retry_job": jobs.retry_job,
    "cancel_job": jobs.cancel_job,
    "retry_webhook": jobs.retry_webhook,
    "remove_schedule": jobs.remove_schedule,
}

OF_LARGE_BODIES = (workflows.launch_workflow, jobs.retry_job)


def _pattern(template: str) -> re.Pattern[str]:
    """One segment of the path for each variable."""
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))


_ROUTES = tuple(
    (method, _pattern(template), ENDPOINTS[operation])
    for operation, (method, template) in paths.TEMPLATES.items()
)
# A job's name may hold slashes, and some servers decode them on the way.
_SCHEDULE = re.compile(r"/jobs/(?P<job_name>(?s:.+))")


def resolve(method: str, path: str) -> tuple[Callable[[SandboxCall], Any], dict[str, str]]:
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
