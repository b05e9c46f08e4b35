"""A table becomes rows of a workflow: from a file, from what was copied, from what is here."""

from __future__ import annotations

import json
import re

import httpx
import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from playground.models import Launch, RowSet
from playground.services import people
from playground.services.row_sets import reading
from playground.services.workflows import lookup
from tests.web.conftest import ADD, ADDRESS, FIND, WORKFLOW_UID
from tests.web.html_forms import posted_fields

IMPORT = f"{ADDRESS}row-sets/"
CSV = "First Name;company_name;Note\r\nZoë;ACME;007\r\n;Acme;\r\nzoë;acme;\r\n".encode("cp1252")


def upload(client, data: bytes = CSV, name: str = "leads.csv", **fields: str):
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, data), **fields})


def state_of(client, response) -> dict[str, object]:
    assert (response.status_code, response["Location"][:10]) == (303, "/row-sets/")
    return json.loads(client.get(response["Location"] + "state.json").content)


def inputs_of(client, response) -> list[dict[str, object]]:
    answer = client.get(response["Location"] + "inputs.jsonl")
    assert answer["Content-Type"] == "application/jsonl; charset=utf-8"
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


def lead_of(response) -> str:
    node = LexborHTMLParser(response.content.decode()).css_first(".lead")
    return " ".join(node.text().split())


def test_a_file_becomes_rows_with_the_mapping_that_is_offered(client):
    made = upload(client)
    assert state_of(client, made) == {
        "state": "ready",
        "rows": 3,
        "ready": 2,
        "attention": 1,
        "duplicates": 1,
        "mapping": {"First Name": "first_name", "company_name": "company", "Note": None},
        "sentence": "Read as values with a semicolon between them, Windows-1252 (Western European)."
        " Row 1 has the names of its columns. 2 of 3 columns were taken by their names. Left out,"
        " as no key has the name: “Note”.",
    }
    assert inputs_of(client, made) == [
        {"company": "ACME", "first_name": "Zoë"},
        {"company": "Acme"},
        {"company": "acme", "first_name": "zoë"},
    ]
    assert RowSet.objects.get().name == "leads.csv"


def test_copied_cells_become_rows(client):
    made = client.post(IMPORT, {"text": "company\tfirst_name\r\nACME\tAda\r\n"})
    html = "<table><tr><td>first_name<td>company<tr><td>Ada<td>ACME</table>"
    by_html = client.post(IMPORT, {"text": "first_name company Ada ACME", "html": html})
    assert inputs_of(client, made) == inputs_of(client, by_html)
    assert inputs_of(client, made) == [{"company": "ACME", "first_name": "Ada"}]


NOTES = ("one\ntwo", 'say "no"', "a\tb", '"', "007", "'=1+1", " x ", '"quoted"', "\n", 'a "b"\nc')
# How spreadsheets write such cells: which of them get quotes, and what ends a row.
WRITERS = {
    "Excel": (r"[\t\n]", "\r\n"),
    "LibreOffice": (r"[\t\n\"]", "\n"),
    "Google Sheets": (r"[\t\n]", "\n"),
}


@pytest.mark.parametrize("writer", WRITERS)
def test_copied_cells_come_out_as_they_were_without_a_script(client, writer):
    quoted, end = WRITERS[writer]
    cells = [
        '"' + text.replace('"', '""') + '"' if re.search(quoted, text) else text for text in NOTES
    ]
    copied = end.join(["first_name\tcompany", *(f"Ada\t{cell}" for cell in cells), ""])
    as_posted = re.sub("\r?\n", "\r\n", copied)  # Whatever the line ends were, HTML has one kind.
    made = client.post(IMPORT, {"text": as_posted})
    expected = [text for text in NOTES if text.strip()]
    assert [one["company"] for one in inputs_of(client, made) if "company" in one] == expected


def test_what_is_found_can_be_told_before(client):
    made = upload(client, b"Ada|ACME\n", delimiter="|", header="0", encoding="utf-8")
    assert inputs_of(client, made) == [{"company": "ACME", "first_name": "Ada"}]


def test_earlier_rows_begin_as_they_are_now(client):
    first = upload(client)
    again = client.post(IMPORT, {"from_row_set": RowSet.objects.get().pk})
    assert again["Location"] != first["Location"]
    assert inputs_of(client, again) == inputs_of(client, first)
    assert state_of(client, again) == state_of(client, first)


def test_a_launch_gives_its_inputs_as_they_were_sent(client, form):
    cells = {"inputs-0-first_name": "Ada", "inputs-0-company": "=1+1"}
    fields = form(**cells, **{"inputs-0-meta": '{"a": 1.50}'})
    client.post(ADDRESS + "launch/", fields | {"override_reason": "a test"})
    made = client.post(IMPORT, {"from_launch": str(Launch.objects.get().pk)})
    sent = {"company": "=1+1", "first_name": "Ada", "meta": {"a": 1.5}}
    assert inputs_of(client, made) == [sent]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"text": " \n"},
        {"from_row_set": "999"},
        {"from_row_set": "9" * 30},
        {"from_row_set": "x"},
        {"from_launch": "999"},
    ],
)
def test_without_anything_to_import_the_page_says_so(client, fields):
    page = client.post(IMPORT, fields)
    assert page.status_code == 422
    assert LexborHTMLParser(page.content.decode()).css_first("#refusal").text().endswith(".")
    assert not RowSet.objects.exists()


def test_what_cannot_be_read_says_why(client):
    made = upload(client, b"%PDF-1.7")
    assert state_of(client, made) == {
        "state": "failed",
        "rows": 0,
        "ready": 0,
        "attention": 0,
        "duplicates": 0,
        "mapping": {},
        "sentence": "This is a PDF, not a table. Save the table as CSV or XLSX.",
    }
    inputs = client.get(made["Location"] + "inputs.jsonl")
    assert (inputs.status_code, inputs.content.decode()) == (
        409,
        "These rows could not be read, so there is nothing to give.",
    )
    assert "not a table" in client.get(made["Location"]).content.decode()


def test_limits_are_told_before_the_upload(client, settings):
    settings.ROW_SET_ROWS, settings.ROW_SET_FILE_MB = 1_000, 3
    assert lead_of(client.get(IMPORT)).startswith(
        "Up to 1,000 rows of 200 columns, 100,000 characters a cell, from a file of up to 3 MB."
    )


def test_a_larger_file_is_taken_here_and_here_alone(client, settings, caplog):
    settings.ROW_SET_FILE_MB = 7
    data = b"first_name,company\n" + b"Ada,ACME\n" * 650_000
    made = upload(client, data)
    settings.ROW_SET_FILE_MB = 1
    too_long = upload(client, data + data)
    elsewhere = client.post("/users/new/", {"file": SimpleUploadedFile("a.csv", data)})
    assert state_of(client, made)["state"] == "reading"
    assert (too_long.status_code, elsewhere.status_code) == (413, 413)
    assert "and one of rows may have 1 MB here" in lead_of(too_long)
    assert [one for one in caplog.records if one.levelname == "ERROR"] == []


def test_of_strangers_no_large_file_is_read(client, settings):
    settings.SIGN_IN = "password"
    page = upload(client, b"a," * 3_000_000)
    assert page.status_code == 413
    assert lead_of(page).startswith("You were signed out, so this was not read.")


def test_a_file_over_its_limit_is_not_kept(client, settings):
    settings.ROW_SET_FILE_MB = 1
    page = upload(client, b"a" * 1_000_001)
    assert page.status_code == 422
    assert not RowSet.objects.exists()


def test_the_template_has_the_keys_of_the_workflow(client):
    template = client.get(IMPORT + "template.csv")
    assert template.content.decode("utf-8-sig") == '"first_name","company"\r\n'


def test_pasted_text_comes_back_with_a_refusal(client):
    page = client.post(IMPORT, {"text": "", "from_launch": "7", "sheet": "<b>"})
    fields = dict(posted_fields(page.content.decode(), "import-form"))
    assert fields["sheet"] == "<b>"


def test_rows_of_others_are_not_there(client, things_of_grace):
    address = f"/row-sets/{things_of_grace.pk}/"
    for name in ("", "state.json", "inputs.jsonl", "table.csv", "remove/", "progress/"):
        assert client.get(address + name).status_code == 404
    assert client.post(IMPORT, {"from_row_set": things_of_grace.pk}).status_code == 422
    assert client.get("/row-sets/").content.decode().count("hers.csv") == 0


@pytest.fixture
def things_of_grace(client) -> RowSet:
    grace = User.objects.create_user("grace")
    workflow = lookup.get_workflow(WORKFLOW_UID)
    source = reading.Source(name="hers.csv", data=CSV)
    assert people.get_local_user() != grace
    return reading.make(grace, workflow, source, now=timezone.now())


RESULTS = [{"first_name": "Zoë", "company": "ACME", "email": "z@acme.com"}, {"email": None}]
MAIN, PART = "aaaa0000-0000-4000-8000-000000000001", "aaaa0000-0000-4000-8000-000000000002"


@pytest.fixture
def job(hosted):
    """A job of two steps that is over; only the second gave this."""
    told = {"name": "Monday", "status": "finished", "workflow_uid": WORKFLOW_UID, "row_count": 2}
    parts = [
        told | {"uid": PART, "main_job_uid": MAIN, "step_uid": FIND},
        told | {"uid": PART[:-1] + "3", "main_job_uid": MAIN, "step_uid": ADD, "status": "running"},
    ]
    hosted.answers[MAIN] = lambda _: httpx.Response(200, json=told | {"uid": MAIN})
    hosted.answers[PART] = lambda _: httpx.Response(200, json=parts[0])
    hosted.answers["jobs"] = lambda _: httpx.Response(200, json=[told | {"uid": MAIN}, *parts])
    hosted.answers["inputs"] = lambda _: httpx.Response(200, json={"inputs": []})
    hosted.answers["results"] = lambda _: httpx.Response(200, json={"results": RESULTS})
    return f"/jobs/{MAIN}/"


def asked_for(hosted) -> set[str]:
    """The jobs whose results were asked for."""
    paths = [request.url.path.split("/") for request in hosted.requests]
    return {path[-2] for path in paths if path[-1] == "results"}


def button_on(page, text: str) -> dict[str, str]:
    """What the form with this button posts to the import page."""
    forms = LexborHTMLParser(page.content.decode()).css(f'form[action="{IMPORT}"]')
    (found,) = [form for form in forms if form.css_first("button").text() == text]
    return {one.attributes["name"]: one.attributes["value"] or "" for one in found.css("input")}


@pytest.mark.parametrize(
    ("address", "button", "uid", "name"),
    [
        ("", "Make a table of all results", MAIN, "Results of Monday"),
        (f"?step={FIND}", "Make a table of this step’s results", PART, "Results of Monday, step 1"),
    ],
)
def test_results_of_a_job_become_rows(client, hosted, job, address, button, uid, name):
    fields = button_on(client.get(job + address), button)
    hosted.requests.clear()
    made = client.post(IMPORT, fields)
    waiting = client.get(made["Location"]).content.decode()
    assert "Waiting for the background worker" in waiting
    assert asked_for(hosted) == set()

    row_set = RowSet.objects.get()
    reading.read_row_set.call(row_set.pk)

    assert (asked_for(hosted), RowSet.objects.get().name) == ({uid}, name)
    state = state_of(client, made)
    assert state["mapping"] == {"first_name": "first_name", "company": "company", "email": None}
    assert inputs_of(client, made) == [{"first_name": "Zoë", "company": "ACME"}, {}]
    page = client.get(made["Location"]).content.decode()
    assert "2 rows: the results of Monday" in page
    assert "Read it in another way" not in page


def test_a_step_that_runs_has_no_table_yet(client, hosted, job):
    page = client.get(f"{job}?step={ADD}").content.decode()
    assert "this step’s results" not in page
    refused = client.post(IMPORT, {"from_job": MAIN, "step": ADD})
    unknown = client.post(IMPORT, {"from_job": MAIN, "step": "nothing"})
    assert "This job is running" in refused.content.decode()
    assert (refused.status_code, unknown.status_code) == (422, 422)
    assert not RowSet.objects.exists()


def test_the_import_page_takes_a_job_by_its_uid_or_its_launch(client, hosted, job, form):
    fields = form(**{"inputs-0-first_name": "Ada", "override_reason": "a test"})
    client.post(ADDRESS + "launch/", fields)
    Launch.objects.update(job_uid=MAIN)
    page = client.get(IMPORT).content.decode()
    assert LexborHTMLParser(page).css_first("button[name=from_job]").attributes["value"] == MAIN

    pasted = client.post(IMPORT, {"from_job": f" https://x.example/jobs/{MAIN.upper()}/ "})
    nothing = client.post(IMPORT, {"from_job": "no-such"})

    of_step = client.post(IMPORT, {"from_job": f"https://x.example/jobs/{MAIN}/?step={FIND}"})
    assert (pasted.status_code, nothing.status_code, of_step.status_code) == (303, 422, 303)
    assert [one.name for one in RowSet.objects.order_by("pk")] == [
        "Results of Monday", "Results of Monday, step 1"
    ]  # fmt: skip
    assert 'value="no-such"' in nothing.content.decode()
    Launch.objects.update(upstream="https://other.example/v3 abc")
    before = len(hosted.requests)
    elsewhere = client.post(IMPORT, {"from_job": MAIN})
    assert elsewhere.status_code == 409
    assert "which is not the upstream of now" in elsewhere.content.decode()
    assert not [one for one in hosted.requests[before:] if "/jobs/" in one.url.path]
    assert RowSet.objects.count() == 2


def test_what_was_not_fetched_to_its_end_is_fetched_on(client, hosted, job):
    hosted.answers["results"] = lambda _: httpx.Response(404, json={"message": "Gone."})
    made = client.post(IMPORT, {"from_job": MAIN})
    row_set = RowSet.objects.get()
    reading.read_row_set.call(row_set.pk)
    page = client.get(made["Location"])
    assert "Page 1 of the results could not be read." in page.content.decode()
    again = f"{made['Location']}read-again/"
    found = LexborHTMLParser(page.content.decode()).css_first(f'form[action="{again}"]')
    fields = {one.attributes["name"]: one.attributes["value"] for one in found.css("input")}

    hosted.answers["results"] = lambda _: httpx.Response(200, json={"results": RESULTS})
    client.post(again, fields)
    reading.read_row_set.call(row_set.pk)

    assert state_of(client, made)["state"] == "ready"
