"""One box on the list of workflows opens the right one, filled in, or says what is in the way."""

from __future__ import annotations

import json

import httpx
from django.core.files.uploadedfile import SimpleUploadedFile
from selectolax.lexbor import LexborHTMLParser

from playground.models import KeptFields, RowSet
from tests.web.conftest import ADDRESS, FIND, WORKFLOW_UID
from tests.web.html_forms import posted_fields

BOX = "/workflows/paste/"
STEPS = [{"step_uid": FIND, "accounts": [], "parameters": {"most": 7}}]
KEY = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"


def texts(response, selector: str) -> list[str]:
    parser = LexborHTMLParser(response.content.decode())
    return [" ".join(node.text(deep=True).split()) for node in parser.css(selector)]


def fields_of(response, form: str) -> dict[str, str]:
    return dict(posted_fields(response.content.decode(), form))


def test_an_address_tells_the_workflow(client):
    curl = f'curl https://x.example/v3/workflows/{WORKFLOW_UID}/schedule -d \'{{"job_name": "A"}}\''

    page = client.post(BOX, {"pasted": curl})

    assert page.status_code == 200
    assert texts(page, "h1") == ["Find & add"]
    assert fields_of(page, "launch-form")["job_name"] == "A"
    assert texts(page, "#filled-notice li")[0] == "It was read as a request as cURL."
    assert texts(page, "#filled-notice a") == ["Undo"]


def test_an_address_or_a_uid_alone_opens_its_workflow(client):
    client.get("/workflows/")
    for named in (f"https://x/v3/workflows/{WORKFLOW_UID}/schedule", f" {WORKFLOW_UID} "):
        assert client.post(BOX, {"pasted": named})["Location"] == ADDRESS

    unknown = client.post(BOX, {"pasted": "https://x.example/workflows/other/"})
    assert "This is an address alone" in texts(unknown, "#pasted-issue")[0]


def test_steps_tell_the_workflow_although_its_listing_names_none(client):
    page = client.post(BOX, {"pasted": json.dumps({"job_name": "B", "steps": STEPS})})

    assert texts(page, "h1") == ["Find & add"]
    assert fields_of(page, "launch-form")[f"steps-{FIND}-parameters-most"] == "7"


def test_rows_ask_for_their_workflow_and_go_there(client):
    page = client.post(BOX, {"pasted": "First name\tZip\nAda\t1"})
    fields = dict(posted_fields(page.content.decode(), "candidate-1"))

    assert texts(page, "h1") == ["Which workflow is it for?"]
    assert texts(page, ".card h2") == ["Find & add"]
    filled = client.post(ADDRESS + "launch/paste/", fields)
    again = fields_of(filled, "launch-form")
    assert (again["inputs-0-first_name"], again["job_name"]) == ("Ada", "Find & add")


def test_what_no_workflow_knows_is_said(client):
    page = client.post(BOX, {"pasted": '[{"zzz": 1}]'})

    assert "No workflow knows a name that stands in it." in texts(page, ".lead")[0]


def test_what_cannot_be_read_stays_in_the_box_but_for_keys(client):
    refused = client.post(BOX, {"pasted": "{'a': NaN}"})
    secret = client.post(BOX, {"pasted": f"curl 'https://x' -H 'x-api-key: {KEY}"})

    assert [refused.status_code, secret.status_code] == [400, 400]
    assert "Line 1, column 7: JSON has no NaN" in texts(refused, "#pasted-issue")[0]
    assert texts(refused, "#pasted") == ["{'a': NaN}"]
    assert texts(secret, "#pasted") == [""]
    assert KEY not in secret.content.decode()


def test_a_file_of_a_payload_with_many_rows_becomes_a_table(client, settings):
    rows = [{"first_name": f"Ada {number}", "x": 1.0} for number in range(40_000)]
    text = json.dumps({"job_name": "Large", "inputs": rows, "steps": STEPS})
    file = SimpleUploadedFile("payload.json", b"\xef\xbb\xbf" + text.encode())

    page = client.post(BOX, {"pasted": "", "pasted_file": file})

    assert fields_of(page, "launch-form")["job_name"] == "Large"
    assert fields_of(page, "launch-form")["row_set"] == str(RowSet.objects.get().pk)


def test_a_spreadsheet_is_told_where_it_belongs(client):
    file = SimpleUploadedFile("rows.xlsx", b"PK\x03\x04" + b"\x00" * 100)

    page = client.post(BOX, {"pasted": "", "pasted_file": file})

    assert texts(page, "#pasted-issue")[0].startswith("This is a spreadsheet: choose it under")


def test_a_payload_of_nowhere_that_is_long_is_kept_for_its_form(client):
    text = json.dumps({"job_name": "x" * 200_000, "inputs": [{"first_name": "Ada"}]})

    page = client.post(BOX, {"pasted": text})

    fields = dict(posted_fields(page.content.decode(), "candidate-1"))
    assert KeptFields.objects.count() == 1
    filled = client.post(ADDRESS + "launch/paste/", fields)
    assert filled.status_code == 200
    assert fields_of(filled, "launch-form")["inputs-0-first_name"] == "Ada"


def test_a_workflow_that_cannot_be_reached_is_said(client, hosted):
    hosted.answers["workflows"] = lambda _: httpx.Response(503)

    page = client.post(BOX, {"pasted": json.dumps({"job_name": "B", "steps": STEPS})})

    assert page.status_code == 502
