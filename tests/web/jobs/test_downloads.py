"""All results of a job as files: every row and value of them, or a sentence why not."""

from __future__ import annotations

import csv
import io
import json

import httpx
import pytest
from django.test import Client
from python_calamine import load_workbook

from tests.upstreams import AnsweringTransport
from tests.web.conftest import WORKFLOW_UID

JOB = {
    "uid": "j-1",
    "name": "Monday",
    "status": "finished",
    "workflow_uid": WORKFLOW_UID,
    "number_inputs": 1_003,
    "row_count": 1_002,
}
ODD = {"phone": "+33 6 12 34 56 78", "sum": "=1+1", "loss": "-5", "day": "2024-10-26", "n": 0.5}
RESULTS = [
    {"first_name": "Person 0", "meta": {"id": 0}} | ODD,
    *({"first_name": f"Person {at}", "meta": {"id": at}} for at in range(1, 1_001)),
    {"first_name": "Person 1001", "found": {"mail": ["a@b.c", None]}, "meta": {"id": 1001}},
]
INPUTS = [
    {"first_name": f"Person {at}", "meta": {"id": at}, "status": "succeeded"} for at in range(1_002)
] + [{"first_name": "Zed", "status": "failed", "error_message": "Nobody of that name."}]


def paged(name, rows):
    def answer(request):
        number = int(request.url.params.get("page", "1"))
        shown = rows[(number - 1) * 1_000 : number * 1_000]
        more = {"have_next_page": number * 1_000 < len(rows)}
        return httpx.Response(200, json={name: shown, "paging": more})

    return answer


@pytest.fixture(autouse=True)
def _job(hosted: AnsweringTransport) -> None:
    hosted.answers["j-1"] = lambda _: httpx.Response(200, json=JOB)
    hosted.answers["results"] = paged("results", RESULTS)
    hosted.answers["inputs"] = paged("inputs", INPUTS)


def body(response) -> bytes:
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def csv_rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_every_row_is_in_json_and_in_json_lines(client: Client):
    lines = body(client.get("/jobs/j-1/results.jsonl")).splitlines()

    assert [json.loads(line) for line in lines] == RESULTS
    assert json.loads(body(client.get("/jobs/j-1/results.json"))) == RESULTS


def test_csv_is_exact_or_safe_to_open(client: Client):
    exact = csv_rows(body(client.get("/jobs/j-1/results.exact.csv")))
    guarded = csv_rows(body(client.get("/jobs/j-1/results.csv")))

    assert len(exact) == len(guarded) == 1_002
    assert {key: exact[0][key] for key in ODD} == ODD | {"n": "0.5"}
    assert {key: guarded[0][key] for key in ODD} == ODD | {"n": "0.5", "sum": "'=1+1"}
    assert json.loads(exact[-1]["found"]) == {"mail": ["a@b.c", None]}
    assert exact[5]["phone"] == ""


def test_workbook_has_every_row_as_text(client: Client):
    response = client.get("/jobs/j-1/results.xlsx")

    assert 'filename="Results of Monday.xlsx"' in response.headers["Content-Disposition"]
    rows = load_workbook(io.BytesIO(body(response))).get_sheet_by_index(0).to_python()
    assert len(rows) == 1_003
    assert rows[1][2:6] == ["+33 6 12 34 56 78", "=1+1", "-5", "2024-10-26"]


def test_inputs_stand_beside_the_results(client: Client):
    rows = csv_rows(body(client.get("/jobs/j-1/results.exact.csv?inputs=1")))
    pairs = json.loads(body(client.get("/jobs/j-1/results.json?inputs=1")))

    assert rows[7]["input.first_name"] == rows[7]["first_name"] == "Person 7"
    assert "input.status" not in rows[7]
    assert pairs[1]["input"] == {"first_name": "Person 1", "meta": {"id": 1}}
    assert pairs[1]["result"] == RESULTS[1]


def test_outcomes_tell_of_every_input_row(client: Client):
    told = json.loads(body(client.get("/jobs/j-1/outcomes.json")))
    failed = json.loads(body(client.get("/jobs/j-1/outcomes.json?outcome=failed")))

    assert [one["row"] for one in told] == list(range(1, 1_004))
    assert {one["outcome"] for one in told[:1_002]} == {"succeeded"}
    assert {one["joined_by"] for one in told[:1_002]} == {"meta"}
    assert told[3]["results"] == [RESULTS[3]]
    assert failed == [
        {
            "row": 1_003,
            "input": {"first_name": "Zed"},
            "outcome": "failed",
            "joined_by": None,
            "is_sure": True,
            "reason": "Nobody of that name.",
            "results": [],
        }
    ]


ENDINGS = ("csv", "exact.csv", "xlsx", "json", "jsonl")
BROKEN = {
    "a missing page": lambda request: (
        paged("results", RESULTS)(request)
        if request.url.params.get("page", "1") == "1"
        else httpx.Response(500, text="<h1>Oops</h1>")
    ),
    "no JSON": lambda _: httpx.Response(200, text="<html>"),
    "fewer than told": paged("results", RESULTS[:900]),
    "one page over and over": lambda _: httpx.Response(
        200, json={"results": RESULTS[:3], "paging": {"have_next_page": True}}
    ),
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_not_all_is_no_file(client: Client, hosted: AnsweringTransport, broken, ending):
    hosted.answers["results"] = BROKEN[broken]

    response = client.get(f"/jobs/j-1/results.{ending}")

    assert response.status_code in (409, 503)
    assert "not all results" in response.content.decode()
    assert ("Retry-After" in response.headers) == (response.status_code == 503)


def test_what_there_is_may_be_taken_and_says_in_its_name_that_it_is_not_all(client, hosted):
    hosted.answers["results"] = BROKEN["a missing page"]

    response = client.get("/jobs/j-1/results.jsonl?partial=1")

    assert "(not all)" in response.headers["Content-Disposition"]
    assert len(body(response).splitlines()) == 1_000


@pytest.mark.parametrize("listing", ["results", "inputs"])
def test_outcomes_are_unknown_where_a_page_is_missing(client, hosted, listing):
    whole = {"results": RESULTS, "inputs": INPUTS}[listing]
    hosted.answers[listing] = lambda request: (
        paged(listing, whole)(request)
        if request.url.params.get("page", "1") == "1"
        else httpx.Response(500, json={"message": "no"})
    )

    told = json.loads(body(client.get("/jobs/j-1/outcomes.json")))

    assert len(told) == 1_003
    unknown = [one["row"] for one in told if one["outcome"] == "unknown"]
    assert unknown == {"results": [1_001, 1_002], "inputs": [1_001, 1_002, 1_003]}[listing]
    assert all(one["reason"] for one in told if one["outcome"] == "unknown")


def test_results_of_a_job_that_runs_are_not_all(client, hosted):
    hosted.answers["j-1"] = lambda _: httpx.Response(200, json=JOB | {"status": "running"})

    response = client.get("/jobs/j-1/results.csv")

    assert response.status_code == 409
    assert "when it is over" in response.content.decode()


def test_a_cell_too_long_for_a_sheet_is_said_and_in_the_other_files(client, hosted):
    hosted.answers["j-1"] = lambda _: httpx.Response(200, json=JOB | {"row_count": 1})
    hosted.answers["results"] = paged("results", [{"a": "x" * 40_000}])

    response = client.get("/jobs/j-1/results.xlsx")

    assert response.status_code == 409
    assert "40,000" in response.content.decode()
    assert len(csv_rows(body(client.get("/jobs/j-1/results.csv")))[0]["a"]) == 40_000
