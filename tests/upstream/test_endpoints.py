"""Every operation of the client: what goes over the wire, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from playground.contract import accounts, jobs, launches, paths, workflows
from playground.upstream.client import WorkflowClient
from playground.upstream.errors import UpstreamNeverReached, UpstreamRefused
from tests.upstream.helpers import KEY, PROJECT, client_over

LAUNCH_BODY = b'{ "job_name": "Caf\xc3\xa9",\n"steps": [], "unknown": 1.0}'
RAW_ACCOUNT = {"uid": "acc-1", "name": "Ana", "is_valid": True}
ACCOUNT = accounts.Account(uid="acc-1", name="Ana", is_valid=True)
RAW_RESULTS = {"results": [{"a": 1}], "paging": {"next": None, "have_next_page": False}}
RESULTS = jobs.ResultPage(results=({"a": 1},), paging=jobs.Paging(next=None, have_next_page=False))


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One call: `path` with its query as sent, `sent` as bytes, `raw` the answer's JSON."""

    operation: str
    call: Callable[[WorkflowClient], Any]
    path: str
    raw: Any
    result: Any
    sent: bytes = b""
    method: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "method", paths.TEMPLATES[self.operation][0])


SAMPLES = (
    Sample(
        operation="get_workspace",
        call=lambda client: client.get_workspace(),
        path="/v3/workspace",
        raw={
            "name": "Hill & Dale",
            "email": "ops@hill.example",
            "plan_name": "Growth",
            "current_month_start": "2026-03-01T00:00:00+00:00",
            "current_month_end": "2026-04-01T00:00:00+00:00",
            "tasks_left": 0,
        },
        result=accounts.Workspace(
            name="Hill & Dale",
            email="ops@hill.example",
            plan_name="Growth",
            current_month_start="2026-03-01T00:00:00+00:00",
            current_month_end="2026-04-01T00:00:00+00:00",
            tasks_left=0,
        ),
    ),
    Sample(
        operation="list_users",
        call=lambda client: client.list_users(),
        path="/v3/users?retrieve_accounts=true&page=0",
        raw={"users": [], "nbr_users": 0},
        result=accounts.UserPage(users=(), nbr_users=0),
    ),
    Sample(
        operation="list_users",
        call=lambda client: client.list_users(
            role="external", search_term="é &=+?", retrieve_accounts=False, page=3
        ),
        path="/v3/users?role=external&search_term=%C3%A9+%26%3D%2B%3F"
        "&retrieve_accounts=false&page=3",
        raw={"users": [{"uid": "u-1", "country": None}]},
        result=accounts.UserPage(users=(accounts.User(uid="u-1", country=None),)),
    ),
    Sample(
        operation="save_user",
        call=lambda client: client.save_user(accounts.UserSave(email="a@b.example", country="")),
        path="/v3/users",
        sent=b'{"email":"a@b.example","country":""}',
        raw={"user": {"uid": "u-1", "accounts": []}, "message": "User created."},
        result=accounts.UserSaved(
            user=accounts.User(uid="u-1", accounts=()), message="User created."
        ),
    ),
    Sample(
        operation="delete_user",
        call=lambda client: client.delete_user("u-1"),
        path="/v3/users/u-1",
        raw={"message": "User deleted."},
        result=accounts.Message(message="User deleted."),
    ),
    Sample(
        operation="list_integrations",
        call=lambda client: client.list_integrations(),
        path="/v3/integrations",
        raw=[{"uid": "i-1", "title": "Parrot", "permalink": "parrot"}],
        result=(accounts.Integration(uid="i-1", title="Parrot", permalink="parrot"),),
    ),
    Sample(
        operation="list_accounts",
        call=lambda client: client.list_accounts("parrot"),
        path="/v3/integrations/parrot/accounts?page=0&stats=true",
        raw={"accounts": [RAW_ACCOUNT], "next_page_exist": False, "number_total_acounts": 1},
        result=accounts.AccountPage(
            accounts=(ACCOUNT,), next_page_exist=False, number_total_acounts=1
        ),
    ),
    Sample(
        operation="list_accounts",
        call=lambda client: client.list_accounts("a/b", page=2, with_stats=False),
        path="/v3/integrations/a%2Fb/accounts?page=2&stats=false",
        raw={"accounts": []},
        result=accounts.AccountPage(accounts=()),
    ),
    Sample(
        operation="save_account",
        call=lambda client: client.save_account(
            "parrot",
            accounts.AccountSave(
                account=accounts.AccountCredentials(name="Ana", cookies={"li_at": "x"}),
                resume_paused_jobs=True,
            ),
        ),
        path="/v3/integrations/parrot/accounts",
        sent=b'{"account":{"name":"Ana","cookies":{"li_at":"x"}},"resume_paused_jobs":true}',
        raw=RAW_ACCOUNT,
        result=ACCOUNT,
    ),
    Sample(
        operation="delete_account",
        call=lambda client: client.delete_account("parrot", "acc-1"),
        path="/v3/integrations/parrot/accounts/acc-1",
        raw={},
        result=accounts.Message(),
    ),
    Sample(
        operation="answer_checkpoint",
        call=lambda client: client.answer_checkpoint("acc-1", "012345"),
        path="/v3/accounts/acc-1/checkpoint",
        sent=b'{"code":"012345"}',
        raw=RAW_ACCOUNT,
        result=ACCOUNT,
    ),
    Sample(
        operation="list_workflows",
        call=lambda client: client.list_workflows(),
        path="/v3/workflows",
        raw=[{"uid": "w-1", "name": "Find", "folder": 7}],
        result=(workflows.WorkflowSummary(uid="w-1", name="Find", extra={"folder": 7}),),
    ),
    Sample(
        operation="get_workflow",
        call=lambda client: client.get_workflow("w-1"),
        path="/v3/workflows/w-1/details",
        raw={"uid": "w-1", "name": "Find", "steps": [{"step_uid": "s-1", "position": 0}]},
        result=workflows.Workflow(
            uid="w-1", name="Find", steps=(workflows.Step(step_uid="s-1", position=0),)
        ),
    ),
    Sample(
        operation="launch_workflow",
        call=lambda client: client.launch_workflow("w-1", LAUNCH_BODY),
        path="/v3/workflows/w-1/schedule",
        sent=LAUNCH_BODY,
        raw={"job_uid": "j-1", "message": "Bot successfully scheduled.", "workflow": None},
        result=launches.LaunchAccepted(
            job_uid="j-1", message="Bot successfully scheduled.", workflow=None
        ),
    ),
    Sample(
        operation="list_jobs",
        call=lambda client: client.list_jobs("w-1"),
        path="/v3/workflows/w-1/jobs?page=0",
        raw=[{"uid": "j-1", "status": "dreaming"}],
        result=(jobs.Job(uid="j-1", status="dreaming"),),
    ),
    Sample(
        operation="list_jobs",
        call=lambda client: client.list_jobs("w-1", page=4),
        path="/v3/workflows/w-1/jobs?page=4",
        raw=[],
        result=(),
    ),
    Sample(
        operation="get_last_results",
        call=lambda client: client.get_last_results("w-1"),
        path="/v3/workflows/w-1/results/last",
        raw=RAW_RESULTS,
        result=RESULTS,
    ),
    Sample(
        operation="get_job",
        call=lambda client: client.get_job("j-1"),
        path="/v3/jobs/j-1",
        raw={"uid": "j-1", "row_count": 0},
        result=jobs.Job(uid="j-1", row_count=0),
    ),
    Sample(
        operation="list_results",
        call=lambda client: client.list_results("j-1"),
        path="/v3/jobs/j-1/results?page=1",
        raw=RAW_RESULTS,
        result=RESULTS,
    ),
    Sample(
        operation="list_results",
        call=lambda client: client.list_results("j-1", page=9),
        path="/v3/jobs/j-1/results?page=9",
        raw=RAW_RESULTS,
        result=RESULTS,
    ),
    Sample(
        operation="list_job_inputs",
        call=lambda client: client.list_job_inputs("j-1"),
        path="/v3/jobs/j-1/inputs",
        raw={"inputs": [{"url": "x", "status": "failed"}]},
        result=jobs.InputPage(inputs=({"url": "x", "status": "failed"},)),
    ),
    Sample(
        operation="retry_job",
        call=lambda client: client.retry_job("j-1"),
        path="/v3/jobs/j-1/retry",
        raw={"message": "Again.", "job_uid": "j-1"},
        result=jobs.JobRetried(message="Again.", job_uid="j-1"),
    ),
    Sample(
        operation="retry_job",
        call=lambda client: client.retry_job("j-1", LAUNCH_BODY),
        path="/v3/jobs/j-1/retry",
        sent=LAUNCH_BODY,
        raw={},
        result=jobs.JobRetried(),
    ),
    Sample(
        operation="cancel_job",
        call=lambda client: client.cancel_job("j-1"),
        path="/v3/jobs/j-1/cancel",
        raw={"message": "Stopped."},
        result=accounts.Message(message="Stopped."),
    ),
    Sample(
        operation="retry_webhook",
        call=lambda client: client.retry_webhook("j-1"),
        path="/v3/jobs/j-1/webhooks/retry",
        raw={"message": "Sent."},
        result=accounts.Message(message="Sent."),
    ),
    Sample(
        operation="remove_schedule",
        call=lambda client: client.remove_schedule("Every day / 50% ?é.."),
        path="/v3/jobs/Every%20day%20%2F%2050%25%20%3F%C3%A9..",
        raw={"message": "Schedule deleted."},
        result=accounts.Message(message="Schedule deleted."),
    ),
)


def test_the_table_holds_every_operation_of_the_contract() -> None:
    assert {sample.operation for sample in SAMPLES} == set(paths.TEMPLATES)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.path)
def test_call_and_answer(sample: Sample) -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=sample.raw)

    client = client_over(handle)

    result = sample.call(client)

    assert result == sample.result
    (request,) = seen
    assert request.method == sample.method
    assert str(request.url.copy_with(raw_path=b"/")) == "https://upstream.example/"
    assert request.url.raw_path.decode() == sample.path
    assert request.content == sample.sent
    assert dict(request.headers) == _headers(sample)


def _headers(sample: Sample) -> dict[str, str]:
    headers = {
        "host": "upstream.example",
        "authorization": f"x-api-key {KEY}",
        "x-project-id": PROJECT,
        "accept": "application/json",
        "accept-encoding": "identity",
        "user-agent": "workflow-playground",
    }
    if sample.sent:
        headers["content-type"] = "application/json"
    if sample.method == "POST":
        headers["content-length"] = str(len(sample.sent))
    return headers


def test_integrations_are_absent_where_the_upstream_does_not_list_them() -> None:
    client = client_over(lambda _: httpx.Response(404, json={"message": "No."}))

    assert client.list_integrations() == ()


def test_integrations_are_not_absent_where_the_credentials_are_wrong() -> None:
    client = client_over(lambda _: httpx.Response(401, json={"message": "No."}))

    with pytest.raises(UpstreamRefused) as caught:
        client.list_integrations()

    assert caught.value.status == 401


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_success_without_a_body_is_enough_where_only_a_sentence_is_awaited(
    status: int,
) -> None:
    client = client_over(lambda _: httpx.Response(status))

    assert client.cancel_job("j-1") == accounts.Message()
    assert client.delete_user("u-1") == accounts.Message()
    assert client.retry_job("j-1") == jobs.JobRetried()


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.get_workflow(""),
        lambda client: client.launch_workflow("", b"{}"),
        lambda client: client.remove_schedule(""),
        lambda client: client.delete_account("parrot", ""),
    ],
)
def test_a_missing_identifier_never_becomes_a_call_to_another_resource(
    call: Callable[[WorkflowClient], Any],
) -> None:
    seen: list[httpx.Request] = []
    client = client_over(lambda request: seen.append(request) or httpx.Response(200, json={}))

    with pytest.raises(UpstreamNeverReached) as caught:
        call(client)

    assert seen == []
    assert caught.value.sentence == (
        "An identifier is missing. Nothing was sent; fill it in and try again."
    )


@pytest.mark.parametrize(
    ("segment", "written"),
    [
        ("..", "%2E%2E"),
        (".", "%2E"),
        ("../jobs", "..%2Fjobs"),
        ("a/../../b", "a%2F..%2F..%2Fb"),
        ("%2e%2e", "%252e%252e"),
        ("a\\b", "a%5Cb"),
        ("a#b?c", "a%23b%3Fc"),
    ],
)
def test_an_identifier_stays_one_segment_of_the_address(segment: str, written: str) -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"uid": "j-1"})

    client_over(handle).get_job(segment)

    assert seen[0].url.raw_path.decode() == f"/v3/jobs/{written}"


def test_the_body_of_a_launch_is_not_read_or_written_anew() -> None:
    sent: list[bytes] = []
    odd = b"\xef\xbb\xbf not JSON at all \xff" + json.dumps({"z": 1, "a": 2}).encode()

    def handle(request: httpx.Request) -> httpx.Response:
        sent.append(request.content)
        return httpx.Response(200, json={"job_uid": "j-1"})

    client_over(handle).launch_workflow("w-1", odd)

    assert sent == [odd]
