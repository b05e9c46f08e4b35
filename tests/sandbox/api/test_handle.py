"""The API's common ground: credentials, addresses, methods, pages, limits."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from playground.contract import paths
from playground.sandbox import catalog
from playground.sandbox.api import routes
from tests.sandbox import world
from tests.sandbox.world import (
    BASE_URL,
    CONNECTIONS,
    FIND,
    HEADERS,
    JANE,
    KEY,
    PERSON,
    PROJECT,
    World,
)

NO_JOB = "/jobs/5a9db0c0-0000-4000-8000-00000000ffff"
WRONG = "The API key or the workspace UID (x-project-id) is missing or wrong."


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": f"x-api-key {KEY}", "x-project-id": PROJECT},
        {"authorization": f"X-API-Key  {KEY} ", "x-project-id": f" {PROJECT} "},
        {"x-api-key": KEY, "x-project-id": PROJECT},
    ],
)
def test_both_forms_of_credentials_are_accepted(headers: dict[str, str]) -> None:
    response = World().send("GET", "/workspace", headers=headers)

    assert (response.status, json.loads(response.body)["name"]) == (200, "Sandbox")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": f"x-api-key {KEY}"},
        {"x-project-id": PROJECT},
        {"authorization": f"Bearer {KEY}", "x-project-id": PROJECT},
        {"authorization": KEY, "x-project-id": PROJECT},
        {"authorization": "x-api-key wrong", "x-project-id": PROJECT},
        {"authorization": "x-api-key é\udcff", "x-project-id": "\udcff"},
        {"x-api-key": KEY, "x-project-id": PROJECT + "0"},
        {"x-api-key": "", "x-project-id": ""},
    ],
)
def test_wrong_credentials_answer_401_whatever_is_asked(headers: dict[str, str]) -> None:
    sandbox = World()

    answers = [
        (response.status, json.loads(response.body))
        for path in ("/workspace", "/nowhere", f"/workflows/{FIND.uid}/schedule")
        if (response := sandbox.send("GET", path, headers=headers))
    ]

    assert answers == [(401, {"message": WRONG})] * 3


def test_every_operation_of_the_contract_has_an_endpoint() -> None:
    assert set(routes.ENDPOINTS) == set(paths.TEMPLATES)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/workflows/"),
        ("GET", "/workspaces"),
        ("GET", "/project"),
        ("POST", f"/workflows/{FIND.uid}/launch"),
        ("POST", f"/workflows/{FIND.uid}/run"),
        ("GET", f"/workflows/{FIND.uid}/runs/1/results"),
        ("GET", f"/workflows/{FIND.uid}"),
        ("GET", "//workspace"),
        ("GET", "/workspace%2F"),
        ("GET", "/jobs//results"),
    ],
)
def test_addresses_that_the_api_does_not_have_answer_404(method: str, path: str) -> None:
    refusal = World().refusal(method, path)

    assert refusal == (404, "There is no such resource in this API.")


@pytest.mark.parametrize(
    ("method", "path", "sentence"),
    [
        ("GET", "/workflows/nope/details", "There is no workflow with this UID."),
        ("GET", "/workflows/%00%FF/jobs", "There is no workflow with this UID."),
        ("POST", "/workflows/nope/schedule", "There is no workflow with this UID."),
        ("GET", "/workflows/nope/results/last", "There is no workflow with this UID."),
        ("GET", NO_JOB, "There is no job with this UID."),
        ("GET", "/jobs/nope", "There is no job with this UID."),
        ("GET", f"{NO_JOB}/results", "There is no job with this UID."),
        ("GET", f"{NO_JOB}/inputs", "There is no job with this UID."),
        ("POST", f"{NO_JOB}/retry", "There is no job with this UID."),
        ("POST", f"{NO_JOB}/cancel", "There is no job with this UID."),
        ("POST", f"{NO_JOB}/webhooks/retry", "There is no job with this UID."),
        ("DELETE", "/jobs/nope", "There is no schedule with this job name."),
        ("GET", "/integrations/myspace/accounts", "There is no such integration."),
        ("POST", "/integrations/myspace/accounts", "There is no such integration."),
        ("DELETE", "/users/nope", "There is no user with this UID."),
        ("POST", "/accounts/nope/checkpoint", "There is no account with this UID."),
        (
            "DELETE",
            f"/integrations/hubspot/accounts/{JANE}",
            "There is no account of hubspot with this UID.",
        ),
    ],
)
def test_unknown_names_and_uids_answer_404(method: str, path: str, sentence: str) -> None:
    refusal = World().refusal(method, path)

    assert refusal == (404, sentence)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/workspace", "GET"),
        ("PUT", "/users", "GET, POST"),
        ("HEAD", "/workspace", "GET"),
        ("POST", NO_JOB, "DELETE, GET"),
        ("GET", f"/workflows/{FIND.uid}/schedule", "POST"),
        ("get", "/workspace", "GET"),
    ],
)
def test_a_method_that_is_not_taken_answers_405_with_those_that_are(
    method: str, path: str, allowed: str
) -> None:
    response = World().send(method, path)

    assert (response.status, response.headers["Allow"]) == (405, allowed)
    assert json.loads(response.body) == {"message": f"This resource takes {allowed}."}


PAGED = (
    ("/users", 0),
    ("/integrations/linkedin/accounts", 0),
    (f"/workflows/{FIND.uid}/jobs", 0),
    (f"/workflows/{FIND.uid}/results/last", 1),
)


@pytest.mark.parametrize("page", ["", "a", "-1", "1.0", "1e3", "+1", " 1", "٣", "1" + "0" * 30])
@pytest.mark.parametrize(("path", "first"), PAGED)
def test_a_page_that_is_no_number_answers_400(path: str, first: int, page: str) -> None:
    refusal = World().refusal("GET", f"{path}?page={page}")

    assert refusal == (400, f"page must be a whole number from {first} to 1000000000.")


def test_results_pages_count_from_1() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON]))

    refusals = [
        sandbox.refusal("GET", f"/jobs/{uid}/{part}?page=0") for part in ("results", "inputs")
    ]

    assert refusals == [(400, "page must be a whole number from 1 to 1000000000.")] * 2


@pytest.mark.parametrize(("path", "first"), PAGED)
def test_a_page_far_past_the_end_is_empty(path: str, first: int) -> None:
    answer = World().get(f"{path}?page=1000000000")

    rows = answer if isinstance(answer, list) else next(iter(answer.values()))
    assert rows in ([], {"uid": "5a9db0c0-0002-4000-8000-000000000001", "title": "LinkedIn"})


def test_too_many_query_parameters_answer_400() -> None:
    refusal = World().refusal("GET", "/users?" + "&".join("a=1" for _ in range(51)))

    assert refusal == (400, "The query has too many parameters.")


def test_answers_are_json_and_not_to_be_kept() -> None:
    sandbox = World()

    found, missing = sandbox.send("GET", "/workspace"), sandbox.send("GET", "/nowhere")

    expected = {"content-type": "application/json", "cache-control": "no-store"}
    assert (found.headers, missing.headers) == (expected, expected)


def test_the_listing_shows_every_workflow_and_find_an_email_first() -> None:
    workflows = World().get("/workflows")

    assert [item["uid"] for item in workflows] == [item.workflow.uid for item in catalog.WORKFLOWS]
    assert workflows[0] == {
        "uid": "5a9db0c0-0004-4000-8000-000000000001",
        "name": "Find an e-mail",
        "created_at": "2024-01-08T09:00:00.104233",
        "project_id": 1,
        "template_uid": "5a9db0c0-0006-4000-8000-000000000001",
        "linked_templates": ["5a9db0c0-0006-4000-8000-000000000001"],
        "steps": [
            {
                "step_uid": "5a9db0c0-0005-4000-8000-000000000101",
                "name": "Find an e-mail",
                "uid": "5a9db0c0-0005-4000-8000-000000000101",
            }
        ],
    }


def test_a_workflow_is_described_as_in_the_contract() -> None:
    name = "Search Sales Navigator Leads"
    described = World().get(f"/workflows/{world.workflow(name).uid}/details")

    step = described["steps"][0]
    assert set(described) == {"uid", "name", "steps"}
    assert step["input_schema"] == {
        "sales_navigator_profile_search_url": {
            "required": 1,
            "primary": True,
            "help": "Address of a lead search in Sales Navigator.",
            "regex": {},
            "variations": ["sales_navigator_employees_url", "url"],
            "retro_variations": ["sales_navigator_employees_url", "url"],
        }
    }
    assert step["parameters_schema"] == {
        "properties": {"excludeViewedLeads": False, "max_results": 100, "excludeCRMContacts": False}
    }
    assert (step["position"], step["integrations"]) == (0, ["linkedin"])


def test_a_launch_is_answered_with_the_job_and_the_workflow() -> None:
    sandbox = World()

    answer = sandbox.post(f"/workflows/{FIND.uid}/schedule", world.body(FIND, [PERSON]))

    uid = answer.pop("job_uid")
    assert sandbox.job(uid)["uid"] == uid
    assert answer == {
        "message": "Bot successfully scheduled.",
        "workflow": {
            "uid": FIND.uid,
            "permalink": f"find-an-e-mail{FIND.uid}",
            "name": "Find an e-mail",
            "created_at": "2024-01-08T09:00:00.104233",
            "project_id": 1,
            "linked_templates": ["5a9db0c0-0006-4000-8000-000000000001"],
            "template_uid": "5a9db0c0-0006-4000-8000-000000000001",
        },
    }


def test_a_refused_launch_makes_no_job() -> None:
    sandbox = World()

    refusal = sandbox.refusal("POST", f"/workflows/{FIND.uid}/schedule", {"steps": []})

    assert refusal == (400, "inputs is empty, but the workflow needs first_name.")
    assert sandbox.get(f"/workflows/{FIND.uid}/jobs") == []


def test_a_job_is_described_as_in_the_contract() -> None:
    sandbox = World()
    uid = sandbox.launch(CONNECTIONS, world.body(CONNECTIONS, [], JANE))

    main, step = sandbox.get(f"/workflows/{CONNECTIONS.uid}/jobs")

    parameters = {"skip": 0, "max_minutes": 180, "max_results": 100}
    shared = {
        "name": "Test",
        "status": "pending",
        "error_message": None,
        "start_time": None,
        "finish_time": None,
        "scheduled_time": "2025-03-01T12:00:00.000000",
        "number_inputs": 0,
        "row_count": 0,
        "total_row_count": 0,
        "workflow_uid": CONNECTIONS.uid,
        "workflow_name": "Extract LinkedIn Connections",
        "accounts": [JANE],
    }
    step_uid = CONNECTIONS.steps[0].step_uid
    configured = {
        "step_uid": step_uid,
        "accounts": [JANE],
        "accounts_rotation_enabled": False,
        "parameters": parameters,
    }
    assert main == shared | {
        "uid": uid,
        "step_uid": None,
        "configuration": {"steps": [configured]},
        "main_job_uid": None,
        "main_job_name": None,
    }
    assert step == shared | {
        "uid": step["uid"],
        "step_uid": step_uid,
        "configuration": parameters,
        "main_job_uid": uid,
        "main_job_name": "Test",
    }


def test_jobs_come_thirty_a_page_with_the_latest_run_first() -> None:
    sandbox = World()
    uids = []
    for number in range(20):
        sandbox.now = world.START + timedelta(seconds=number)
        uids.append(sandbox.launch(FIND, world.body(FIND, [PERSON], job_name=f"Run {number}")))

    pages = [sandbox.get(f"/workflows/{FIND.uid}/jobs?page={page}") for page in (0, 1, 2)]

    assert [len(page) for page in pages] == [30, 10, 0]
    listed = [job["uid"] for page in pages for job in page if job["step_uid"] is None]
    assert listed == uids[::-1]


def test_beside_other_jobs_a_launch_over_the_limit_answers_429() -> None:
    sandbox = World(plan_limit=100)
    path = f"/workflows/{FIND.uid}/schedule"
    for _ in range(20):
        sandbox.launch(FIND, world.body(FIND, [PERSON] * 5))

    response = sandbox.send("POST", path, world.body(FIND, [PERSON]))
    sandbox.pass_seconds(30)
    later = sandbox.send("POST", path, world.body(FIND, [PERSON]))

    assert (response.status, response.headers["Retry-After"]) == (429, "10")
    assert json.loads(response.body) == {
        "message": "Too many inputs in parallel: 100 are running or pending, this launch has 1 "
        "and the plan allows 100. Try again later."
    }
    assert later.status == 200


def test_one_launch_alone_is_never_limited() -> None:
    sandbox = World(plan_limit=100)

    uid = sandbox.launch(FIND, world.body(FIND, [PERSON] * 5_000))

    assert sandbox.status(uid) == "pending"


@pytest.mark.parametrize("rows", [101, 5_000])
def test_one_job_of_more_inputs_than_the_plan_has_is_not_limited_beside_others(rows: int) -> None:
    sandbox = World(plan_limit=100)
    sandbox.launch(FIND, world.body(FIND, [PERSON] * 100))

    uid = sandbox.launch(FIND, world.body(FIND, [PERSON] * rows))
    after = sandbox.refusal("POST", f"/workflows/{FIND.uid}/schedule", world.body(FIND, [PERSON]))

    assert (sandbox.status(uid), after[0]) == ("pending", 429)


def test_a_delayed_job_runs_in_parallel_with_nothing_until_its_time() -> None:
    sandbox = World(plan_limit=100)
    path, one = f"/workflows/{FIND.uid}/schedule", world.body(FIND, [PERSON])
    sandbox.launch(FIND, world.body(FIND, [PERSON] * 100, delay=3_600))
    hourly = {"type": "hour", "value": 2}
    sandbox.launch(FIND, world.body(FIND, [PERSON] * 100, delay=3_600, repeat_option=hourly))

    before = sandbox.send("POST", path, one).status
    delayed = sandbox.send("POST", path, world.body(FIND, [PERSON] * 100, delay=60)).status
    sandbox.pass_seconds(3_600)
    at_its_time = sandbox.send("POST", path, one).status
    sandbox.pass_seconds(1_800)
    done = sandbox.send("POST", path, one).status

    assert (before, delayed, at_its_time, done) == (200, 200, 429, 200)


def test_a_retry_that_is_put_off_is_not_counted_until_its_time() -> None:
    sandbox = World(plan_limit=100)
    body = world.body(FIND, [PERSON | {"first_name": "test:warning"}] * 90)
    uid = sandbox.launch(FIND, body)
    sandbox.pass_seconds(60)
    sandbox.post(f"/jobs/{uid}/retry", body | {"delay": 600})
    path, some = f"/workflows/{FIND.uid}/schedule", world.body(FIND, [PERSON] * 11)

    before = sandbox.send("POST", path, some).status
    sandbox.pass_seconds(600)
    after = sandbox.send("POST", path, some).status

    assert (before, after) == (200, 429)


def test_paused_stopped_and_finished_jobs_are_not_counted() -> None:
    sandbox = World(plan_limit=100)
    sandbox.launch(world.PROFILE, world.body(world.PROFILE, [{"url": "https://x.example"}] * 90))
    stopped = sandbox.launch(FIND, world.body(FIND, [PERSON] * 10))
    sandbox.post(f"/jobs/{stopped}/cancel")
    sandbox.pass_seconds(60)

    sandbox.launch(FIND, world.body(FIND, [PERSON] * 60))
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON] * 40))

    assert sandbox.status(uid) == "pending"


def test_a_retried_job_counts_again() -> None:
    sandbox = World(plan_limit=100)
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON | {"first_name": "test:warning"}] * 90))
    sandbox.pass_seconds(60)
    sandbox.launch(FIND, world.body(FIND, [PERSON]))
    sandbox.pass_seconds(60)
    sandbox.post(f"/jobs/{uid}/retry")

    refusal = sandbox.refusal(
        "POST", f"/workflows/{FIND.uid}/schedule", world.body(FIND, [PERSON] * 11)
    )

    assert refusal[0] == 429


def test_no_limit_is_a_limit_of_zero() -> None:
    sandbox = World(plan_limit=0)

    uids = {sandbox.launch(FIND, world.body(FIND, [PERSON] * 200)) for _ in range(5)}

    assert len(uids) == 5


def test_the_workspace_counts_the_inputs_of_the_month() -> None:
    sandbox = World()
    sandbox.launch(FIND, world.body(FIND, [PERSON] * 40))

    workspace = sandbox.get("/workspace")

    assert workspace == {
        "name": "Sandbox",
        "email": "sandbox@example.com",
        "plan_name": "Enterprise",
        "current_month_start": "2025-03-01T00:00:00+00:00",
        "current_month_end": "2025-04-01T00:00:00+00:00",
        "tasks_left": 999_960,
        "tasks_max": 1_000_000,
        "tasks_used": 40,
    }


def test_a_webhook_cannot_be_sent_again_where_there_is_none() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON]))

    answer = sandbox.post(f"/jobs/{uid}/webhooks/retry")

    assert answer == {"message": "No webhook is set up in the sandbox: nothing was sent."}


def test_pages_are_addressed_absolutely() -> None:
    sandbox = World()
    uid = sandbox.launch(FIND, world.body(FIND, [PERSON] * 2_500))
    sandbox.pass_seconds(1_000)

    paging = [sandbox.get(f"/jobs/{uid}/results?page={page}")["paging"] for page in (1, 2, 3)]

    page = f"{BASE_URL}/jobs/{uid}/results?page="
    assert paging == [
        {"previous": None, "next": f"{page}2", "have_next_page": True},
        {"previous": f"{page}1", "next": f"{page}3", "have_next_page": True},
        {"previous": f"{page}2", "next": None, "have_next_page": False},
    ]


def test_headers_are_those_of_the_contract() -> None:
    assert set(HEADERS) == {"authorization", "x-project-id"}


def test_the_templates_of_every_limit_are_found_through_the_listing() -> None:
    sandbox = World()
    listed = [item["linked_templates"] for item in sandbox.get("/workflows")]

    limits = [
        limit
        for item in catalog.INTEGRATIONS
        for account in sandbox.get(f"/integrations/{item.permalink}/accounts")["accounts"]
        for limit in account["limits"]
    ]

    governed = {template for limit in limits for template in limit["templates"]}
    assert len(governed) == 6
    assert governed <= {template for templates in listed for template in templates}


def test_linked_templates_are_those_of_the_steps_in_their_order() -> None:
    sandbox = World()

    listed = {item["name"]: item for item in sandbox.get("/workflows")}

    two = listed["Visit a Profile, Then Connect"]
    visit, connect = listed["Visit LinkedIn Profile"], listed["Connect LinkedIn Profile"]
    assert two["linked_templates"] == [visit["template_uid"], connect["template_uid"]]
    assert two["template_uid"] is None
