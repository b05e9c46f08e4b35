"""The page of what became of each input row, and the draft of those that are to run again."""

from __future__ import annotations

import csv
import io
import json
import re
import uuid

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from playground.models import Launch, LaunchState, RowSet
from playground.services import people
from playground.services.upstream_cache import invalidation
from playground.upstream import targets
from tests.upstreams import AnsweringTransport
from tests.web.conftest import ADD, ADDRESS, FIND, WORKFLOW_UID
from tests.web.jobs.test_downloads import body, paged

JOB = {
    "uid": "j-9",
    "name": "Monday",
    "status": "finished",
    "workflow_uid": WORKFLOW_UID,
    "number_inputs": 120,
    "row_count": 110,
}


def name(at: int) -> str:
    return f"Person {at:03}"


FAILED, NOTHING = {3, 50, 119}, {0, 7, 8, 60, 61, 62, 118}
INPUTS = [
    {
        "first_name": name(at),
        "company": f"={at}",
        "status": "failed" if at in FAILED else "succeeded",
        "error_message": f"No page <b>{at}</b>" if at in FAILED else None,
    }
    for at in range(120)
]
RESULTS = [
    {"first_name": name(at), "email": f"{at}@example.com"}
    for at in reversed(range(120))
    if at not in FAILED | NOTHING
]


@pytest.fixture(autouse=True)
def _job(hosted: AnsweringTransport) -> None:
    hosted.answers["j-9"] = lambda _: httpx.Response(200, json=JOB)
    hosted.answers["results"] = paged("results", RESULTS)
    hosted.answers["inputs"] = paged("inputs", INPUTS)


def test_page_counts_the_groups_and_shows_their_rows(client: Client):
    page = client.get("/jobs/j-9/outcomes/").content.decode()
    failed = client.get("/jobs/j-9/outcomes/?outcome=failed").content.decode()

    for words in ("All rows", "that succeeded", "that failed", "without a result"):
        assert words in page
    assert '<span class="count">110</span>' in page
    assert failed.count('<tr id="row-') == len(FAILED)
    assert "No page &lt;b&gt;3&lt;/b&gt;" in failed
    assert "?outcome=&amp;page=2" in page
    last = client.get("/jobs/j-9/outcomes/?page=3").content.decode()
    assert name(119) in last
    assert name(99) not in last


def test_draft_has_exactly_the_rows_that_failed_or_gave_nothing(client: Client, hosted):
    response = client.post("/jobs/j-9/outcomes/rows/", {"outcome": "again", "again": "1"})

    row_set = RowSet.objects.get()
    assert response.status_code == 303
    assert response.url == f"{ADDRESS}?row_set={row_set.pk}"
    sent = client.get(f"/row-sets/{row_set.pk}/inputs.jsonl")
    assert [json.loads(line) for line in body(sent).splitlines()] == [
        {"company": f"={at}", "first_name": name(at)} for at in sorted(FAILED | NOTHING)
    ]
    page = client.get(response.url).content.decode()
    assert "10 rows of the job, and nothing was sent. Failed are rows of which" in page
    assert not hosted.launches
    assert not Launch.objects.exists()


def test_row_set_of_a_group_opens_as_one(client: Client):
    response = client.post("/jobs/j-9/outcomes/rows/", {"outcome": "failed"})

    row_set = RowSet.objects.get()
    assert response.url == f"/row-sets/{row_set.pk}/"
    assert (row_set.rows, row_set.name) == (3, "Rows that failed: Monday")


def test_group_without_rows_is_refused(client: Client):
    response = client.post("/jobs/j-9/outcomes/rows/", {"outcome": "several", "again": "1"})

    assert response.status_code == 422
    assert "No row is in this group" in response.content.decode()
    assert not RowSet.objects.exists()


def test_rows_of_which_nothing_is_known_are_counted_and_are_in_no_draft(client: Client, hosted):
    hosted.answers["results"] = lambda _: httpx.Response(500, text="<h1>")

    page = client.get("/jobs/j-9/outcomes/").content.decode()
    client.post("/jobs/j-9/outcomes/rows/", {"outcome": "again", "again": "1"})

    assert "Page 1 of the results could not be read" in page
    assert f'<span class="count">{120 - len(FAILED)}</span>' in page
    assert "Rows without a result" not in page
    assert RowSet.objects.get().rows == len(FAILED)
    told = client.get(ADDRESS).content.decode()
    assert "What became of 117 rows is not known: they are not among these." in told


def test_group_is_exported_with_its_inputs_and_no_formula(client: Client):
    file = body(client.get("/jobs/j-9/outcomes.csv?outcome=failed")).decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(file, newline="")))
    assert [(row["row"], row["outcome"]) for row in rows] == [
        ("4", "failed"),
        ("51", "failed"),
        ("120", "failed"),
    ]
    assert rows[0]["input.company"] == "'=3"


def test_job_that_is_not_over_has_no_outcomes_yet(client: Client, hosted):
    hosted.answers["j-9"] = lambda _: httpx.Response(200, json=JOB | {"status": "running"})

    page = client.get("/jobs/j-9/outcomes/")

    assert page.status_code == 409
    assert "when it is over" in page.content.decode()


def test_job_page_leads_to_the_files_and_the_outcomes(client: Client):
    page = client.get("/jobs/j-9/").content.decode()

    assert 'href="/jobs/j-9/results.xlsx"' in page
    assert 'href="/jobs/j-9/outcomes/"' in page


def launch_of(rows: list[dict], uid: str = "j-9") -> Launch:
    steps = [{"step_uid": uid, "accounts": [], "parameters": {}} for uid in (FIND, ADD)]
    payload = {"job_name": "Monday", "inputs": rows, "steps": steps}
    return Launch.objects.create(
        user=people.get_local_user(),
        upstream=targets.name(),
        workflow_uid=WORKFLOW_UID,
        workflow_name="Find & add",
        job_name="Monday",
        state=LaunchState.LAUNCHED,
        job_uid=uid,
        payload=json.dumps(payload, indent=1).encode(),
        row_count=len(rows),
        launch_token=uuid.uuid4(),
        created_at=timezone.now(),
    )


def test_rows_of_a_relaunch_are_those_that_were_sent_whatever_the_upstream_hides(client, hosted):
    sent = [{key: one[key] for key in ("first_name", "company")} for one in INPUTS]
    sent[3] |= {"status": "customer", "score": 1.50, "tags": [1, {"a": None}]}
    told = [dict(one) for one in INPUTS]
    told[3] |= {"score": 1.5, "tags": [1, {"a": None}]}
    hosted.answers["inputs"] = paged("inputs", told)
    launch = launch_of(sent)

    response = client.post("/jobs/j-9/outcomes/rows/", {"outcome": "failed", "again": "1"})

    row_set = RowSet.objects.get()
    assert response.url == f"{ADDRESS}?launch={launch.pk}&row_set={row_set.pk}"
    lines = body(client.get(f"/row-sets/{row_set.pk}/inputs.jsonl")).splitlines()
    assert [json.loads(line) for line in lines] == [sent[at] for at in sorted(FAILED)]
    page = client.get(response.url).content.decode()
    told = " ".join(page.split('id="relaunch"')[1].split("</section>")[0].split())
    assert "3 rows in this draft" in told
    assert "which it comes from, had 120" in told
    assert "117 rows removed." in told
    assert f'value="launch:{launch.pk}"' in told


def test_the_whole_job_opens_as_a_draft_in_which_nothing_differs(client: Client, hosted):
    launch = launch_of([{"first_name": name(at)} for at in range(3)])

    job = client.get("/jobs/j-9/").content.decode()
    address = re.search(r'<a href="([^"]+)">The whole job again</a>', job)[1]
    page = client.get(address).content.decode()

    assert address == f"{ADDRESS}?launch={launch.pk}"
    assert "Nothing differs so far." in page
    assert f'href="{address}#field-steps-{FIND}"' in job
    assert f'id="field-steps-{FIND}"' in page
    assert "“The whole job again” is not offered" not in job
    assert not hosted.launches


def test_ways_to_relaunch_that_a_job_does_not_allow_are_absent_and_say_why(client: Client, hosted):
    over = client.get("/jobs/j-9/").content.decode()
    hosted.answers["j-9"] = lambda _: httpx.Response(200, json=JOB | {"status": "running"})
    invalidation.forget_everything()
    running = client.get("/jobs/j-9/").content.decode()

    assert "“The whole job again” is not offered: no launch from here made it" in over
    assert ">Only rows that failed or gave nothing</button>" in over
    assert "“Only rows that failed or gave nothing” is not offered" in running
    assert "/jobs/j-9/outcomes/rows/" not in running
