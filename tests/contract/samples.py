"""Made-up bodies in the documented shapes, each beside the value that it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playground.contract import accounts, jobs, launches, workflows


@dataclass(frozen=True, kw_only=True)
class Sample:
    """`raw` is the JSON as builtins, `value` the contract type. Every documented key is set."""

    raw: dict[str, Any]
    value: Any


RAW_PAGING = {"previous": None, "next": "https://api.example/v3/x?page=2", "have_next_page": True}
PAGING = jobs.Paging(previous=None, next="https://api.example/v3/x?page=2", have_next_page=True)
RAW_USER_ACCOUNT = {"uid": "acc-1", "application_permalink": "parrot"}
USER_ACCOUNT = accounts.UserAccount(uid="acc-1", application_permalink="parrot")
RAW_USER = {
    "uid": "usr-1",
    "email": "ada@dale.example",
    "first_name": "Ada",
    "last_name": "O’Dale",
    "full_name": "Ada O’Dale",
    "country": "fr",
    "project_uid": "prj-1",
    "accounts": [RAW_USER_ACCOUNT],
}
USER = accounts.User(
    uid="usr-1",
    email="ada@dale.example",
    first_name="Ada",
    last_name="O’Dale",
    full_name="Ada O’Dale",
    country="fr",
    project_uid="prj-1",
    accounts=(USER_ACCOUNT,),
)
RAW_LIMIT = {
    "permalink": "parrot-classic-whistles",
    "level": "Classic",
    "item_scraped": 0,
    "limit_value": 25,
    "limit_name": "whistles",
    "start_time_range": "2026-03-04T15:29:36",
    "end_time_range": "2026-03-05T15:29:36",
    "templates": ["tpl-1", "tpl-2"],
    "nbr_inputs_queued_next_seven_days": 3,
}
LIMIT = accounts.Limit(
    permalink="parrot-classic-whistles",
    level="Classic",
    item_scraped=0,
    limit_value=25,
    limit_name="whistles",
    start_time_range="2026-03-04T15:29:36",
    end_time_range="2026-03-05T15:29:36",
    templates=("tpl-1", "tpl-2"),
    nbr_inputs_queued_next_seven_days=3,
)
RAW_ACCOUNT = {
    "uid": "acc-1",
    "name": "Ada's parrot",
    "setup_at": "2026-02-26T15:12:17.652585",
    "cookies": {"li_at": "****", "JSESSIONID": None},
    "via_extension": True,
    "is_shared": False,
    "level": "Sales Navigator",
    "is_valid": True,
    "application_permalink": "parrot",
    "application_name": "Parrot",
    "limits": [RAW_LIMIT],
    "meta": {"name": "Ada", "id": 7, "url": None, "type": "SALES_NAV"},
}
ACCOUNT = accounts.Account(
    uid="acc-1",
    name="Ada's parrot",
    setup_at="2026-02-26T15:12:17.652585",
    cookies={"li_at": "****", "JSESSIONID": None},
    via_extension=True,
    is_shared=False,
    level="Sales Navigator",
    is_valid=True,
    application_permalink="parrot",
    application_name="Parrot",
    limits=(LIMIT,),
    meta={"name": "Ada", "id": 7, "url": None, "type": "SALES_NAV"},
)
RAW_INTEGRATION = {"uid": "int-1", "title": "Parrot", "permalink": "parrot"}
INTEGRATION = accounts.Integration(uid="int-1", title="Parrot", permalink="parrot")
RAW_CREDENTIALS = {
    "uid": "acc-1",
    "name": "Ada's parrot",
    "api_key": "not a key",
    "username": "ada",
    "password": "not a password",
    "cookies": {"li_at": "not a cookie"},
    "user_uid": "usr-1",
}
CREDENTIALS = accounts.AccountCredentials(
    uid="acc-1",
    name="Ada's parrot",
    api_key="not a key",
    username="ada",
    password="not a password",
    cookies={"li_at": "not a cookie"},
    user_uid="usr-1",
)
RAW_SCHEDULE = {"type": "minute", "value": 10}
SCHEDULE = launches.Schedule(type="minute", value=10)
RAW_STEP_LAUNCH = {
    "step_uid": "stp-1",
    "accounts": ["acc-1", "acc-2"],
    "accounts_rotation_enabled": True,
    "parameters": {"max_results": 0, "note": "", "skip": None, "deep": {"a": [1.5]}},
    "output_column": None,
}
STEP_LAUNCH = launches.StepLaunch(
    step_uid="stp-1",
    accounts=("acc-1", "acc-2"),
    accounts_rotation_enabled=True,
    parameters={"max_results": 0, "note": "", "skip": None, "deep": {"a": [1.5]}},
    output_column=None,
)
ROWS = ({"company_name": "Hill & Dale", "meta": {"crm_id": "42"}}, {}, {"url": None, "n": 0})
RAW_LAUNCHED = {
    "uid": "wfl-1",
    "permalink": "find-whistlers085eef00",
    "name": "Find whistlers",
    "created_at": "2026-01-26T22:35:35.803378",
    "project_id": 1,
    "linked_templates": ["tpl-1"],
    "template_uid": "tpl-1",
}
LAUNCHED = launches.LaunchedWorkflow(
    uid="wfl-1",
    permalink="find-whistlers085eef00",
    name="Find whistlers",
    created_at="2026-01-26T22:35:35.803378",
    project_id=1,
    linked_templates=("tpl-1",),
    template_uid="tpl-1",
)
RAW_INPUT = {
    "regex": {"address": "^https://"},
    "help": "The address of the search",
    "primary": True,
    "required": 1,
    "variations": ["search_url", "url"],
    "retro_variations": ["url", "old_url"],
}
INPUT = workflows.Input(
    regex={"address": "^https://"},
    help="The address of the search",
    primary=True,
    required=1,
    variations=("search_url", "url"),
    retro_variations=("url", "old_url"),
)
RAW_PARAMETERS = {"properties": {"max_results": 100, "only_new": False, "ratio": 0.5, "x": None}}
PARAMETERS = workflows.ParametersSchema(
    properties={"max_results": 100, "only_new": False, "ratio": 0.5, "x": None}
)
RAW_STEP = {
    "step_uid": "stp-1",
    "step_name": "Search whistlers",
    "position": 0,
    "permalink": "search-whistlers",
    "integrations": ["parrot"],
    "input_schema": {"whistler_search_url": RAW_INPUT},
    "output_schema": ["full_name", "whistler_url"],
    "parameters_schema": RAW_PARAMETERS,
}
STEP = workflows.Step(
    step_uid="stp-1",
    step_name="Search whistlers",
    position=0,
    permalink="search-whistlers",
    integrations=("parrot",),
    input_schema={"whistler_search_url": INPUT},
    output_schema=("full_name", "whistler_url"),
    parameters_schema=PARAMETERS,
)
RAW_STEP_SUMMARY = {"step_uid": "stp-1", "name": "Search whistlers", "uid": "x-1"}
STEP_SUMMARY = workflows.StepSummary(step_uid="stp-1", name="Search whistlers", uid="x-1")
RAW_JOB = {
    "uid": "job-1",
    "name": "Monday",
    "status": "running",
    "error_message": None,
    "start_time": "2026-03-04T12:00:00.000001",
    "finish_time": None,
    "scheduled_time": "2026-03-04T11:59:59.000001",
    "number_inputs": 3,
    "row_count": 0,
    "total_row_count": 2,
    "workflow_uid": "wfl-1",
    "workflow_name": "Find whistlers",
    "step_uid": "stp-1",
    "accounts": ["acc-1"],
    "configuration": {"max_results": 10, "nested": {"a": None}},
    "main_job_uid": "job-0",
    "main_job_name": "Monday, all of it",
}
JOB = jobs.Job(
    uid="job-1",
    name="Monday",
    status="running",
    error_message=None,
    start_time="2026-03-04T12:00:00.000001",
    finish_time=None,
    scheduled_time="2026-03-04T11:59:59.000001",
    number_inputs=3,
    row_count=0,
    total_row_count=2,
    workflow_uid="wfl-1",
    workflow_name="Find whistlers",
    step_uid="stp-1",
    accounts=("acc-1",),
    configuration={"max_results": 10, "nested": {"a": None}},
    main_job_uid="job-0",
    main_job_name="Monday, all of it",
)
RAW_USER_PAGING = {"previous": None, "next": "https://api.example/v3/users?page=1"}
USER_PAGING = accounts.UserPaging(previous=None, next="https://api.example/v3/users?page=1")

SAMPLES = (
    Sample(
        raw={
            "name": "Hill & Dale",
            "email": "ops@dale.example",
            "plan_name": "Growth",
            "current_month_start": "2026-03-01T16:08:56+00:00",
            "current_month_end": "2026-04-01T17:08:56+00:00",
            "tasks_left": 9966,
            "tasks_max": 10000,
            "tasks_used": 0,
        },
        value=accounts.Workspace(
            name="Hill & Dale",
            email="ops@dale.example",
            plan_name="Growth",
            current_month_start="2026-03-01T16:08:56+00:00",
            current_month_end="2026-04-01T17:08:56+00:00",
            tasks_left=9966,
            tasks_max=10000,
            tasks_used=0,
        ),
    ),
    Sample(raw=RAW_USER_ACCOUNT, value=USER_ACCOUNT),
    Sample(raw=RAW_USER, value=USER),
    Sample(raw=RAW_USER_PAGING, value=USER_PAGING),
    Sample(
        raw={
            "users": [RAW_USER, {"uid": "usr-2"}],
            "nbr_users": 37,
            "limit": 30,
            "pages": 2,
            "paging": RAW_USER_PAGING,
        },
        value=accounts.UserPage(
            users=(USER, accounts.User(uid="usr-2")),
            nbr_users=37,
            limit=30,
            pages=2,
            paging=USER_PAGING,
        ),
    ),
    Sample(
        raw={
            "uid": "usr-1",
            "email": "ada@dale.example",
            "full_name": "Ada O’Dale",
            "country": "FR",
            "timezone": "Europe/Paris",
        },
        value=accounts.UserSave(
            uid="usr-1",
            email="ada@dale.example",
            full_name="Ada O’Dale",
            country="FR",
            timezone="Europe/Paris",
        ),
    ),
    Sample(
        raw={"user": RAW_USER, "message": "User created."},
        value=accounts.UserSaved(user=USER, message="User created."),
    ),
    Sample(
        raw={"message": "Schedule deleted."}, value=accounts.Message(message="Schedule deleted.")
    ),
    Sample(raw=RAW_INTEGRATION, value=INTEGRATION),
    Sample(raw=RAW_LIMIT, value=LIMIT),
    Sample(raw=RAW_ACCOUNT, value=ACCOUNT),
    Sample(
        raw={
            "integration": RAW_INTEGRATION,
            "accounts": [RAW_ACCOUNT],
            "next_page_exist": True,
            "number_total_acounts": 11,
        },
        value=accounts.AccountPage(
            integration=INTEGRATION,
            accounts=(ACCOUNT,),
            next_page_exist=True,
            number_total_acounts=11,
        ),
    ),
    Sample(raw=RAW_CREDENTIALS, value=CREDENTIALS),
    Sample(
        raw={"account": RAW_CREDENTIALS, "resume_paused_jobs": True, "shared_account": False},
        value=accounts.AccountSave(
            account=CREDENTIALS, resume_paused_jobs=True, shared_account=False
        ),
    ),
    Sample(raw={"code": "012345"}, value=accounts.Checkpoint(code="012345")),
    Sample(raw=RAW_SCHEDULE, value=SCHEDULE),
    Sample(raw=RAW_STEP_LAUNCH, value=STEP_LAUNCH),
    Sample(
        raw={
            "job_name": "Monday",
            "steps": [RAW_STEP_LAUNCH],
            "inputs": list(ROWS),
            "unstructure_meta": False,
            "repeat_option": RAW_SCHEDULE,
            "delay": 1.5,
        },
        value=launches.LaunchRequest(
            job_name="Monday",
            steps=(STEP_LAUNCH,),
            inputs=ROWS,
            unstructure_meta=False,
            repeat_option=SCHEDULE,
            delay=1.5,
        ),
    ),
    Sample(raw=RAW_LAUNCHED, value=LAUNCHED),
    Sample(
        raw={"workflow": RAW_LAUNCHED, "message": "Scheduled.", "job_uid": "job-1"},
        value=launches.LaunchAccepted(workflow=LAUNCHED, message="Scheduled.", job_uid="job-1"),
    ),
    Sample(raw=RAW_INPUT, value=INPUT),
    Sample(raw=RAW_PARAMETERS, value=PARAMETERS),
    Sample(raw=RAW_STEP, value=STEP),
    Sample(
        raw={"name": "Find whistlers", "uid": "wfl-1", "steps": [RAW_STEP]},
        value=workflows.Workflow(name="Find whistlers", uid="wfl-1", steps=(STEP,)),
    ),
    Sample(raw=RAW_STEP_SUMMARY, value=STEP_SUMMARY),
    Sample(
        raw={
            "uid": "wfl-1",
            "name": "Find whistlers",
            "created_at": "2026-01-26T22:35:35.803378",
            "project_id": 1,
            "template_uid": None,
            "steps": [RAW_STEP_SUMMARY],
            "linked_templates": ["tpl-1"],
        },
        value=workflows.WorkflowSummary(
            uid="wfl-1",
            name="Find whistlers",
            created_at="2026-01-26T22:35:35.803378",
            project_id=1,
            template_uid=None,
            steps=(STEP_SUMMARY,),
            linked_templates=["tpl-1"],
        ),
    ),
    Sample(raw=RAW_JOB, value=JOB),
    Sample(raw=RAW_PAGING, value=PAGING),
    Sample(
        raw={"results": [{"a": 1, "meta": {"b": None}}, {}], "paging": RAW_PAGING},
        value=jobs.ResultPage(results=({"a": 1, "meta": {"b": None}}, {}), paging=PAGING),
    ),
    Sample(
        raw={"inputs": [{"url": "x", "status": "failed"}], "paging": RAW_PAGING},
        value=jobs.InputPage(inputs=({"url": "x", "status": "failed"},), paging=PAGING),
    ),
    Sample(
        raw={"message": "Again.", "job_uid": "job-1"},
        value=jobs.JobRetried(message="Again.", job_uid="job-1"),
    ),
)
# Not on the wire: made from a map's entry.
NOT_ON_THE_WIRE = frozenset({workflows.Parameter})
