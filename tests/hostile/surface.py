"""Every route of the site, from the URLconf itself, and how to call each.

A route without an entry in `ROUTES` fails a test: nothing new can be forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.urls import URLPattern, URLResolver, get_resolver

from playground.contract import paths
from playground.sandbox import catalog

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
METHODS = ("GET", "HEAD", *UNSAFE, "OPTIONS", "TRACE", "BREW")
SANDBOX = "sandbox/v3/"
# Of a job that is not over nothing that it gave is there, or kept: 404 and 409 are right answers.
OF_RESULTS = ("jobs/<uid:job_uid>/results", "jobs/<uid:job_uid>/outcomes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How a route is called. `path` names things by `{name}`; `fields` are what it reads."""

    pattern: str
    path: str
    methods: tuple[str, ...] = ("GET", "HEAD")
    query: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    answers: str = "page"
    needs_sign_in: bool = True

    def address(self, things: Mapping[str, str]) -> str:
        return self.path.format(**things)


LAUNCH_FIELDS = (
    "job_name",
    "kind-job_name",
    "inputs-0-{key}",
    "kind-inputs-0-{key}",
    "inputs-999999-{key}",
    "inputs-0-meta",
    "inputs-0",
    "steps-{step_uid}-accounts",
    "steps-{step_uid}-accounts_rotation_enabled",
    "steps-{step_uid}-parameters-{parameter}",
    "kind-steps-{step_uid}-parameters-{parameter}",
    "steps-{step_uid}-parameters-other",
    "steps-{step_uid}-output_column",
    "steps-{step_uid}-extra",
    "steps-{step_uid}-left_out",
    "unstructure_meta",
    "repeat_option-type",
    "repeat_option-value",
    "repeat_option-extra",
    "delay",
    "extra",
    "unknown_steps",
    "launch_token",
    "relaunch_of",
    "workflow_seen",
    "launches_seen",
    "set_aside",
    "pasted",
    "action",
    "override_reason",
    "row_set",
    "row_set_version",
    "split_rows",
    "wait_for_capacity",
    "draft_version",
    "preset",
)
PRESET_FIELDS = (
    *("preset-name", "preset-description", "preset-job_name", "preset-version"),
    *("preset-team", "preset-default", "preset-rows"),
)
TRY_FIELDS = (
    "token",
    "confirmed",
    "action",
    "body",
    "path-job_uid",
    "path-integration",
    "query-page",
    "query-role",
    "blank-role",
)
USER_FIELDS = ("email", "full_name", "country", "timezone", "action", "change_token")
REMOVAL_FIELDS = ("change_token", "seen")
USER_UID = catalog.USERS[0].uid
ACCOUNT_FIELDS = (
    "name",
    "user_uid",
    "kind",
    "pasted",
    "cookie-li_at",
    "cookie-li_a",
    "cookie-other",
    "api_key",
    "username",
    "password",
    "resume_paused_jobs",
    "shared_account",
    "account_uid",
    "next",
    "action",
    "change_token",
)
REPAIR_FIELDS = (
    *("version", "shown", "action", "row", "column", "find", "replacement", "whole_cell", "kind"),
    *("keep", "c1-0", "c2-1", "c999-99"),
)
_BEGINNINGS = ("from_row_set", "from_launch", "from_job", "step")
HISTORY_QUERY = (
    *("q", "state", "page", "workflow", "account", "person", "outcome", "since", "until"),
)
_WORKFLOW = "workflows/<uid:workflow_uid>/"
_AT_WORKFLOW = "/workflows/{workflow_uid}/"

ROUTES = {
    route.pattern: route
    for route in (
        Route(pattern="", path="/", query=("next",)),
        Route(pattern="healthz", path="/healthz", answers="json", needs_sign_in=False),
        Route(pattern="readyz", path="/readyz", answers="json", needs_sign_in=False),
        Route(pattern="workflows/", path="/workflows/", query=("q", "page")),
        Route(
            pattern="workflows/paste/",
            path="/workflows/paste/",
            methods=("POST",),
            fields=("pasted",),
        ),
        Route(
            pattern=_WORKFLOW,
            path=_AT_WORKFLOW,
            query=("launch", "step", "preset", "shared", "rows"),
        ),
        Route(pattern=f"{_WORKFLOW}glance/", path=f"{_AT_WORKFLOW}glance/", answers="fragment"),
        Route(
            pattern=f"{_WORKFLOW}launch/",
            path=f"{_AT_WORKFLOW}launch/",
            methods=("POST",),
            fields=LAUNCH_FIELDS,
        ),
        Route(
            pattern=f"{_WORKFLOW}launch/edit/",
            path=f"{_AT_WORKFLOW}launch/edit/",
            methods=("POST",),
            fields=LAUNCH_FIELDS,
        ),
        Route(
            pattern=f"{_WORKFLOW}launch/preview/",
            path=f"{_AT_WORKFLOW}launch/preview/",
            methods=("POST",),
            fields=LAUNCH_FIELDS,
            answers="fragment",
        ),
        Route(
            pattern=f"{_WORKFLOW}launch/payload.json",
            path=f"{_AT_WORKFLOW}launch/payload.json",
            methods=("POST",),
            fields=LAUNCH_FIELDS,
            answers="json",
        ),
        Route(
            pattern=f"{_WORKFLOW}launch/snippets/",
            path=f"{_AT_WORKFLOW}launch/snippets/",
            methods=("POST",),
            fields=(*LAUNCH_FIELDS, "snippet_target"),
        ),
        Route(
            pattern=f"{_WORKFLOW}launch/snippets/panel/",
            path=f"{_AT_WORKFLOW}launch/snippets/panel/",
            methods=("POST",),
            fields=(*LAUNCH_FIELDS, "snippet_target"),
            answers="fragment",
        ),
        Route(
            pattern=f"{_WORKFLOW}launch/snippets/<slug:target>",
            path=f"{_AT_WORKFLOW}launch/snippets/python-httpx",
            methods=("POST",),
            fields=LAUNCH_FIELDS,
            answers="text",
        ),
        Route(pattern="snippets/targets.json", path="/snippets/targets.json", answers="json"),
        Route(
            pattern=f"{_WORKFLOW}launch/paste/",
            path=f"{_AT_WORKFLOW}launch/paste/",
            methods=("POST",),
            fields=LAUNCH_FIELDS,
        ),
        Route(
            pattern=f"{_WORKFLOW}launch/paste.json",
            path=f"{_AT_WORKFLOW}launch/paste.json",
            methods=("POST",),
            fields=LAUNCH_FIELDS,
            answers="json",
        ),
        Route(
            pattern=f"{_WORKFLOW}launch/preflight/",
            path=f"{_AT_WORKFLOW}launch/preflight/",
            methods=("POST",),
            fields=LAUNCH_FIELDS,
            answers="fragment",
        ),
        Route(
            pattern=f"{_WORKFLOW}launch/trial/",
            path=f"{_AT_WORKFLOW}launch/trial/",
            methods=("POST",),
            fields=(*LAUNCH_FIELDS, "trial_rows", "trial_on"),
        ),
        Route(
            pattern=f"{_WORKFLOW}draft/",
            path=f"{_AT_WORKFLOW}draft/",
            methods=("POST",),
            fields=(*LAUNCH_FIELDS, "draft-action", "draft-compare"),
        ),
        Route(pattern=f"{_WORKFLOW}recent/", path=f"{_AT_WORKFLOW}recent/"),
        Route(
            pattern=f"{_WORKFLOW}presets/",
            path=f"{_AT_WORKFLOW}presets/",
            methods=("GET", "HEAD", "POST"),
            fields=(*LAUNCH_FIELDS, *PRESET_FIELDS),
        ),
        Route(
            pattern=f"{_WORKFLOW}share/",
            path=f"{_AT_WORKFLOW}share/",
            methods=("GET", "HEAD", "POST"),
            fields=(*LAUNCH_FIELDS, "share-token", "share-days"),
        ),
        Route(pattern="presets/", path="/presets/"),
        Route(
            pattern="presets/<int:pk>/",
            path="/presets/{preset}/",
            methods=("GET", "HEAD", "POST"),
            fields=PRESET_FIELDS,
        ),
        Route(
            pattern="presets/<int:pk>/form/",
            path="/presets/{preset}/form/",
            methods=("POST",),
            fields=LAUNCH_FIELDS,
        ),
        Route(
            pattern="presets/<int:pk>/own/",
            path="/presets/{preset}/own/",
            methods=("POST",),
            fields=(*LAUNCH_FIELDS, "preset-drop"),
        ),
        Route(
            pattern="presets/<int:pk>/remove/",
            path="/presets/{preset}/remove/",
            methods=("GET", "HEAD", "POST"),
        ),
        Route(pattern="shared/", path="/shared/"),
        Route(pattern="shared/<str:address>/", path="/shared/{shared}/"),
        Route(
            pattern="shared/<str:address>/payload.json",
            path="/shared/{shared}/payload.json",
            answers="json",
        ),
        Route(
            pattern="shared/<str:address>/revoke/",
            path="/shared/{shared}/revoke/",
            methods=("POST",),
        ),
        Route(pattern=f"{_WORKFLOW}jobs/", path=f"{_AT_WORKFLOW}jobs/", query=("page",)),
        Route(
            pattern=f"{_WORKFLOW}row-sets/",
            path=f"{_AT_WORKFLOW}row-sets/",
            methods=("GET", "HEAD", "POST"),
            fields=("text", "html", "sheet", "encoding", "delimiter", "header", *_BEGINNINGS),
        ),
        Route(
            pattern=f"{_WORKFLOW}row-sets/template.csv",
            path=f"{_AT_WORKFLOW}row-sets/template.csv",
            answers="file",
        ),
        Route(pattern="row-sets/", path="/row-sets/", query=("page",)),
        Route(
            pattern="row-sets/<int:pk>/",
            path="/row-sets/{row_set}/",
            query=("view", "page", "columns", "map"),
        ),
        Route(
            pattern="row-sets/<int:pk>/progress/",
            path="/row-sets/{row_set}/progress/",
            answers="fragment",
        ),
        Route(
            pattern="row-sets/<int:pk>/state.json",
            path="/row-sets/{row_set}/state.json",
            answers="json",
        ),
        *(
            Route(
                pattern=f"row-sets/<int:pk>/{name}",
                path=f"/row-sets/{{row_set}}/{name}",
                answers="file",
            )
            for name in ("inputs.jsonl", "table.csv", "table.exact.csv")
        ),
        Route(
            pattern="row-sets/<int:pk>/rename/",
            path="/row-sets/{row_set}/rename/",
            methods=("POST",),
            fields=("name",),
        ),
        Route(
            pattern="row-sets/<int:pk>/remove/",
            path="/row-sets/{row_set}/remove/",
            methods=("GET", "HEAD", "POST"),
        ),
        Route(
            pattern="row-sets/<int:pk>/stop/",
            path="/row-sets/{row_set}/stop/",
            methods=("POST",),
        ),
        Route(
            pattern="row-sets/<int:pk>/read-again/",
            path="/row-sets/{row_set}/read-again/",
            methods=("POST",),
            fields=("version", "encoding", "delimiter", "sheet", "header"),
        ),
        Route(
            pattern="row-sets/<int:pk>/check/",
            path="/row-sets/{row_set}/check/",
            methods=("POST",),
            fields=("version",),
        ),
        Route(
            pattern="row-sets/<int:pk>/mapping/",
            path="/row-sets/{row_set}/mapping/",
            methods=("POST",),
            fields=("version", "action", "target-0", "meta-0"),
        ),
        Route(
            pattern="row-sets/<int:pk>/repair/",
            path="/row-sets/{row_set}/repair/",
            methods=("POST",),
            query=("view", "page", "columns"),
            fields=REPAIR_FIELDS,
        ),
        Route(
            pattern="row-sets/<int:pk>/cells/",
            path="/row-sets/{row_set}/cells/",
            methods=("POST",),
            query=("columns",),
            fields=("version", "shown", "c1-0", "c999-99"),
            answers="fragment",
        ),
        Route(
            pattern="row-sets/<int:pk>/cells/<int:row>/<int:column>/",
            path="/row-sets/{row_set}/cells/1/0/",
            methods=("GET", "HEAD", "POST"),
            fields=("version", "c1-0"),
        ),
        Route(
            pattern="row-sets/<int:pk>/reuse/",
            path="/row-sets/{row_set}/reuse/",
            methods=("GET", "HEAD", "POST"),
            query=("q",),
            fields=("workflow_uid",),
        ),
        Route(pattern="compare/", path="/compare/", query=("left", "right", "of", "page")),
        Route(
            pattern="compare/changes.jsonl",
            path="/compare/changes.jsonl",
            query=("left", "right", "of"),
            answers="file",
        ),
        Route(
            pattern="launches/",
            path="/launches/",
            query=HISTORY_QUERY,
        ),
        Route(
            pattern="launches/launches.csv",
            path="/launches/launches.csv",
            query=HISTORY_QUERY,
            answers="file",
        ),
        Route(
            pattern="launches/start/",
            path="/launches/start/",
            query=("more-start-day", "more-start-zone"),
        ),
        Route(pattern="launches/week/", path="/launches/week/", query=("until",)),
        Route(pattern="launches/<int:pk>/", path="/launches/{launch}/"),
        Route(
            pattern="launches/groups/<int:pk>/",
            path="/launches/groups/{group}/",
            query=("page",),
        ),
        Route(
            pattern="launches/groups/<int:pk>/state/",
            path="/launches/groups/{group}/state/",
            query=("seen",),
            answers="fragment",
        ),
        Route(
            pattern="launches/groups/<int:pk>/parts/",
            path="/launches/groups/{group}/parts/",
            query=("page", "seen"),
            answers="fragment",
        ),
        Route(
            pattern="launches/groups/<int:pk>/stop/",
            path="/launches/groups/{group}/stop/",
            methods=("POST",),
        ),
        Route(
            pattern="launches/groups/<int:pk>/go-on/",
            path="/launches/groups/{group}/go-on/",
            methods=("POST",),
        ),
        Route(
            pattern="launches/<int:pk>/payload.json",
            path="/launches/{launch}/payload.json",
            answers="json",
        ),
        Route(
            pattern="launches/<int:pk>/search/",
            path="/launches/{launch}/search/",
            methods=("POST",),
        ),
        Route(
            pattern="launches/relaunch/",
            path="/launches/relaunch/",
            methods=("GET", "HEAD", "POST"),
            query=("q", "state", "workflow", "account", "person", "outcome", "since", "until"),
            fields=("change_token", "launch", "shown", "name", "wait_for_capacity"),
        ),
        Route(
            pattern="launches/<int:pk>/again/",
            path="/launches/{launch}/again/",
            methods=("POST",),
        ),
        Route(
            pattern="launches/<int:pk>/decide/",
            path="/launches/{launch}/decide/",
            methods=("POST",),
            fields=("job_uid", "none"),
        ),
        Route(
            pattern="launches/<int:pk>/remove-schedule/",
            path="/launches/{launch}/remove-schedule/",
            methods=("POST",),
            fields=REMOVAL_FIELDS,
        ),
        Route(
            pattern="webhooks/",
            path="/webhooks/",
            methods=("GET", "HEAD", "POST"),
            fields=("address", "whose"),
        ),
        Route(
            pattern="webhooks/<int:pk>/secret/",
            path="/webhooks/{webhook}/secret/",
            methods=("POST",),
        ),
        Route(
            pattern="webhooks/<int:pk>/test/", path="/webhooks/{webhook}/test/", methods=("POST",)
        ),
        Route(
            pattern="webhooks/<int:pk>/remove/",
            path="/webhooks/{webhook}/remove/",
            methods=("POST",),
        ),
        Route(pattern="schedules/", path="/schedules/", query=("page",)),
        Route(
            pattern="schedules/remove/",
            path="/schedules/remove/",
            methods=("GET", "HEAD", "POST"),
            query=("name",),
            fields=(*REMOVAL_FIELDS, "name"),
        ),
        Route(
            pattern="schedules/<int:pk>/change/",
            path="/schedules/{launch}/change/",
            methods=("POST",),
        ),
        Route(pattern="schedules/changes/<int:pk>/", path="/schedules/changes/{schedule_change}/"),
        Route(
            pattern="schedules/changes/<int:pk>/remove/",
            path="/schedules/changes/{schedule_change}/remove/",
            methods=("POST",),
            fields=REMOVAL_FIELDS,
        ),
        Route(
            pattern="schedules/changes/<int:pk>/leave/",
            path="/schedules/changes/{schedule_change}/leave/",
            methods=("POST",),
        ),
        Route(pattern="jobs/<uid:job_uid>/", path="/jobs/{job_uid}/", query=("step", "page")),
        Route(
            pattern="jobs/<uid:job_uid>/status/",
            path="/jobs/{job_uid}/status/",
            query=("step",),
            answers="fragment",
        ),
        Route(
            pattern="jobs/<uid:job_uid>/results/",
            path="/jobs/{job_uid}/results/",
            query=("page", "q", "sort", "c", "f", "column", "how", "value", "outcome", "choosing"),
            answers="fragment",
        ),
        Route(
            pattern="jobs/<uid:job_uid>/results/rows.tsv",
            path="/jobs/{job_uid}/results/rows.tsv",
            methods=("POST",),
            fields=("row",),
            query=("page", "q", "sort", "c", "f", "outcome"),
        ),
        Route(
            pattern="jobs/<uid:job_uid>/results/keep/",
            path="/jobs/{job_uid}/results/keep/",
            methods=("POST",),
        ),
        Route(
            pattern="jobs/<uid:job_uid>/results/<int:number>/",
            path="/jobs/{job_uid}/results/1/",
        ),
        *(
            Route(
                pattern=f"jobs/<uid:job_uid>/{name}",
                path=f"/jobs/{{job_uid}}/{name}",
                query=("step", "inputs", "partial", "outcome"),
                answers="file",
            )
            for name in (
                *("results.csv", "results.exact.csv", "results.xlsx", "results.json"),
                *("results.jsonl", "outcomes.json", "outcomes.csv"),
            )
        ),
        Route(
            pattern="jobs/<uid:job_uid>/outcomes/",
            path="/jobs/{job_uid}/outcomes/",
            query=("outcome", "page"),
        ),
        Route(
            pattern="jobs/<uid:job_uid>/outcomes/rows/",
            path="/jobs/{job_uid}/outcomes/rows/",
            methods=("POST",),
            fields=("outcome", "again"),
        ),
        Route(
            pattern="jobs/<uid:job_uid>/cancel/",
            path="/jobs/{job_uid}/cancel/",
            methods=("POST",),
            fields=REMOVAL_FIELDS,
        ),
        Route(
            pattern="jobs/<uid:job_uid>/retry/",
            path="/jobs/{job_uid}/retry/",
            methods=("POST",),
            fields=REMOVAL_FIELDS,
        ),
        Route(
            pattern="accounts/",
            path="/accounts/",
            query=("q", "integration", "state", "page"),
        ),
        Route(
            pattern="accounts/check/",
            path="/accounts/check/",
            methods=("POST",),
            fields=("integration", "account", "within", "q", "state", "page"),
        ),
        Route(
            pattern="accounts/<uid:integration>/<uid:account_uid>/",
            path="/accounts/{integration}/{account_uid}/",
        ),
        Route(
            pattern="accounts/<uid:integration>/<uid:account_uid>/remove/",
            path="/accounts/{integration}/{account_uid}/remove/",
            methods=("GET", "HEAD", "POST"),
            fields=REMOVAL_FIELDS,
        ),
        Route(
            pattern="users/<uid:user_uid>/remove/",
            path="/users/{known_user}/remove/",
            methods=("GET", "HEAD", "POST"),
            fields=REMOVAL_FIELDS,
        ),
        Route(pattern="users/", path="/users/", query=("q", "role", "page")),
        Route(
            pattern="users/new/",
            path="/users/new/",
            methods=("GET", "HEAD", "POST"),
            fields=USER_FIELDS,
        ),
        Route(
            pattern="users/<uid:user_uid>/",
            path="/users/{known_user}/",
            methods=("GET", "HEAD", "POST"),
            fields=USER_FIELDS,
        ),
        Route(
            pattern="accounts/<uid:integration>/new/",
            path="/accounts/{integration}/new/",
            methods=("GET", "HEAD", "POST"),
            query=("next",),
            fields=ACCOUNT_FIELDS,
        ),
        Route(
            pattern="accounts/<uid:integration>/request/",
            path="/accounts/{integration}/request/",
            methods=("POST",),
            fields=ACCOUNT_FIELDS,
            answers="fragment",
        ),
        Route(
            pattern="accounts/<uid:integration>/<uid:account_uid>/edit/",
            path="/accounts/{integration}/{account_uid}/edit/",
            methods=("GET", "HEAD", "POST"),
            query=("next",),
            fields=ACCOUNT_FIELDS,
        ),
        Route(
            pattern="accounts/<uid:integration>/<uid:account_uid>/checkpoint/",
            path="/accounts/{integration}/{account_uid}/checkpoint/",
            methods=("POST",),
            fields=("code", "change_token"),
        ),
        Route(pattern="reference/tries/", path="/reference/tries/", query=("page",)),
        Route(pattern="reference/tries/<int:pk>/", path="/reference/tries/{try}/", query=("page",)),
        Route(
            pattern="reference/tries/<int:pk>/answer",
            path="/reference/tries/{try}/answer",
            answers="file",
        ),
        Route(
            pattern="reference/<slug:operation>/try/",
            path="/reference/retry_job/try/",
            methods=("GET", "HEAD", "POST"),
            query=("job_uid", "page", "again"),
            fields=TRY_FIELDS,
        ),
        Route(
            pattern="reference/<slug:operation>/try/request/",
            path="/reference/list_users/try/request/",
            methods=("POST",),
            fields=TRY_FIELDS,
            answers="fragment",
        ),
        Route(
            pattern="reference/openapi.json",
            path="/reference/openapi.json",
            answers="json",
        ),
        Route(pattern="llms.txt", path="/llms.txt", answers="text", needs_sign_in=False),
        Route(pattern="reference/", path="/reference/", query=("q", "page")),
        Route(
            pattern="reference/index.md",
            path="/reference/index.md",
            answers="text",
            needs_sign_in=False,
        ),
        Route(
            pattern="reference/llms.txt",
            path="/reference/llms.txt",
            answers="text",
            needs_sign_in=False,
        ),
        Route(pattern="reference/guides/<slug:guide>/", path="/reference/guides/schedules/"),
        Route(
            pattern="reference/guides/<slug:guide>.md",
            path="/reference/guides/schedules.md",
            answers="text",
            needs_sign_in=False,
        ),
        Route(
            pattern="reference/<slug:operation>/snippet/",
            path="/reference/launch_workflow/snippet/",
            query=("target",),
        ),
        Route(pattern="reference/<slug:operation>/", path="/reference/launch_workflow/"),
        Route(
            pattern="reference/<slug:operation>.md",
            path="/reference/launch_workflow.md",
            answers="text",
            needs_sign_in=False,
        ),
        Route(
            pattern=f"{SANDBOX}openapi.json",
            path=f"/{SANDBOX}openapi.json",
            answers="json",
            needs_sign_in=False,
        ),
        Route(
            pattern="sign-in/",
            path="/sign-in/",
            methods=("GET", "HEAD", "POST", "OPTIONS"),
            query=("next",),
            fields=("username", "password", "next", "kept", "kept_for"),
            needs_sign_in=False,
        ),
        Route(pattern="session/", path="/session/", answers="json", needs_sign_in=False),
        Route(
            pattern="sign-out/",
            path="/sign-out/",
            methods=("POST", "OPTIONS"),
            fields=("next",),
        ),
        Route(
            pattern="password/",
            path="/password/",
            methods=("GET", "HEAD", "POST", "OPTIONS"),
            fields=("old_password", "new_password1", "new_password2"),
        ),
        Route(
            pattern=SANDBOX.rstrip("/"),
            path="/sandbox/v3",
            methods=METHODS,
            answers="api",
            needs_sign_in=False,
        ),
        Route(
            pattern=rf"^{SANDBOX}(?P<rest>[\s\S]*)\Z",
            path="/sandbox/v3/",
            methods=METHODS,
            answers="api",
            needs_sign_in=False,
        ),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxRoute:
    """One operation of the API below `/sandbox/v3`."""

    operation: str
    method: str
    template: str
    query: tuple[str, ...] = ("page", "stats", "role", "search_term", "retrieve_accounts")
    names: tuple[str, ...] = field(default=())

    def address(self, things: Mapping[str, str]) -> str:
        return f"/{SANDBOX.rstrip('/')}{self.template}".format(**things)


SANDBOX_ROUTES = tuple(
    SandboxRoute(operation=operation, method=method, template=template)
    for operation, (method, template) in paths.TEMPLATES.items()
)


def good_body(operation: str, things: Mapping[str, str]) -> dict[str, object] | None:
    """A body that the operation takes; None when it takes none."""
    bodies: dict[str, dict[str, object]] = {
        "save_user": {"email": "ada@example.com", "full_name": "Ada", "country": "FR"},
        "save_account": {
            "account": {"name": "Ada's", "cookies": {"li_at": "abc"}, "user_uid": ""},
            "shared_account": True,
            "resume_paused_jobs": False,
        },
        "answer_checkpoint": {"code": "123456"},
        "launch_workflow": {
            "job_name": "Hostile",
            "inputs": [{things["key"]: "Ada", "meta": {"a": 1}}],
            "steps": [
                {
                    "step_uid": things["step_uid"],
                    "accounts": [things["account_uid"]],
                    "accounts_rotation_enabled": False,
                    "parameters": {things["parameter"]: None},
                    "output_column": "a",
                }
            ],
            "unstructure_meta": False,
            "repeat_option": {"type": "day", "value": 1},
            "delay": 0,
        },
    }
    bodies["retry_job"] = bodies["launch_workflow"]
    return bodies.get(operation)


def every_pattern() -> tuple[str, ...]:
    """All routes of the URLconf, as it writes them."""
    return tuple(_walk(get_resolver(), ""))


def own_patterns() -> tuple[str, ...]:
    return tuple(one for one in every_pattern() if not one.startswith("admin/"))


def admin_addresses(things: Mapping[str, str]) -> tuple[str, ...]:
    """Django's own pages: their patterns with something that exists put in."""
    return tuple("/" + _filled(one, things) for one in every_pattern() if one.startswith("admin/"))


def _filled(pattern: str, things: Mapping[str, str]) -> str:
    if "^" in pattern:
        return "admin/auth/" if "app_label" in pattern else "admin/nothing-here"
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda _: things["user"], pattern)


def _walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield here
        else:
            yield from _walk(entry, here)
