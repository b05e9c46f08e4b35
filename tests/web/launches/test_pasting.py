"""Whatever is pasted fills in the form, says what it was read as, and can be taken back."""

from __future__ import annotations

import json
import re
import zlib
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from playground.models import KeptFields
from tests.web.conftest import ADD, ADDRESS, EXPIRED, FIND, VALID, WORKFLOW_UID
from tests.web.html_forms import posted_fields

CELL = "inputs-0-first_name"
KEY = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"
PAYLOAD = {
    "job_name": "O'Brien",
    "inputs": [{"first_name": "Ada"}],
    "steps": [
        {"step_uid": FIND, "accounts": [], "parameters": {}},
        {"step_uid": ADD, "accounts": [VALID], "parameters": {}},
    ],
}
URL = f"https://api.example.com/v3/workflows/{WORKFLOW_UID}/schedule"
CURL = (
    f"curl '{URL}' \\\n  -H 'x-api-key: {KEY}' \\\n"
    f"  -H 'cookie: session={KEY}' \\\n  --data-raw $'"
    + json.dumps(PAYLOAD).replace("'", "\\'")
    + "'"
)


def read(client, pasted: str, fields: Any = None) -> dict[str, Any]:
    response = client.post(f"{ADDRESS}launch/paste.json", (fields or {}) | {"pasted": pasted})
    assert response.status_code == 200
    return json.loads(response.content)


def fill(client, fields, pasted: str):
    return client.post(f"{ADDRESS}launch/paste/", fields | {"pasted": [pasted]})


def fields_of(response) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in posted_fields(response.content.decode(), "launch-form"):
        found.setdefault(name, []).append(value)
    return found


def without_token(fields: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: one for name, one in fields.items() if name != "csrfmiddlewaretoken"}


def texts(response, selector: str) -> list[str]:
    parser = LexborHTMLParser(response.content.decode())
    return [" ".join(node.text(deep=True).split()) for node in parser.css(selector)]


def test_a_request_becomes_its_payload_without_its_keys(client):
    answer = read(client, CURL)

    assert answer == {
        "payload": PAYLOAD,
        "workflow_uid": WORKFLOW_UID,
        "kind": "curl",
        "notices": [
            "It was read as a request as cURL.",
            (
                "What stands in the headers “x-api-key” and “cookie” was left out: the playground "
                "has a key of its own."
            ),
            (
                "It was for api.example.com, which the playground does not call: only the payload "
                "was taken."
            ),
        ],
        "problem": None,
    }


def test_what_cannot_be_read_is_told_by_its_place(client):
    answer = read(client, "{\n 'job_name': “x”,\n 'delay': NaN}")

    assert (answer["payload"], answer["kind"]) == (None, "payload")
    assert answer["problem"] == {
        "sentence": (
            "This is no JSON yet. Line 3, column 11: JSON has no NaN: write null, or a number."
        ),
        "line": 3,
        "column": 11,
    }


@pytest.mark.parametrize("pasted", ['{"first_name": "Ada"}', '[{"first_name": "Ada"}]'])
def test_one_row_becomes_a_row_only(client, form, pasted):
    fields = form(job_name="Mine", **{f"steps-{ADD}-accounts": [VALID]})

    answer = read(client, pasted, fields)

    assert answer["kind"] == "rows"
    assert answer["payload"] == PAYLOAD | {"job_name": "Mine"}


def test_rows_go_behind_those_that_are_there_and_keep_their_keys(client, form):
    fields = form(job_name="Mine", **{CELL: "Grace"})

    answer = read(client, '[{"first_name": "Ada", "x": 1}, {"company": null}]', fields)

    assert answer["payload"]["inputs"] == [
        {"first_name": "Grace"},
        {"first_name": "Ada", "x": 1},
        {"company": None},
    ]


def test_a_table_becomes_rows(client):
    answer = read(client, "First name\tcompany\nAda\tACME\nO'Brien\t")

    assert answer["kind"] == "rows"
    assert answer["payload"]["inputs"] == [
        {"first_name": "Ada", "company": "ACME"},
        {"first_name": "O'Brien"},
    ]
    assert answer["payload"]["job_name"] == "Find & add"


def test_a_number_stays_the_number_that_it_is(client):
    number = '{"job_name": "n", "steps": [], "x": [12345678901234567890, 1.0, 1e5, -0.0]}'

    response = client.post(f"{ADDRESS}launch/paste.json", {"pasted": number})

    assert b"[12345678901234567890,1.0,100000.0,-0.0]" in re.sub(rb"\s", b"", response.content)


def test_each_mismatch_with_the_workflow_is_told(client, form):
    form()
    steps = [
        {"step_uid": FIND, "accounts": [VALID], "parameters": {"mots": 1, "zzz": 2}},
        {"step_uid": "5a9db0c0-0005-4000-8000-000000000abc", "accounts": [EXPIRED]},
    ]

    answer = read(client, json.dumps({"job_name": "x", "steps": steps}))

    assert answer["notices"] == [
        (
            "Step 5a9db0c0-0005-4000-8000-000000000abc is not of this workflow. It may be “Add to "
            f"the CRM” here, {ADD}."
        ),
        "“Find an e-mail” has no parameters mots (did you mean most?) and zzz.",
        "“Sales <team>” is an account of hubspot, and “Find an e-mail” takes no account.",
    ]
    assert answer["payload"]["steps"][1]["step_uid"] == steps[1]["step_uid"]


def test_pasting_fills_the_form_and_one_click_takes_it_back(client, form):
    before = form(job_name="Mine", **{CELL: "Grace", f"steps-{ADD}-accounts": [EXPIRED]})

    page = fill(client, before, CURL)
    filled = fields_of(page)
    undo = LexborHTMLParser(page.content.decode()).css_first("#filled-notice button")
    back = client.post(f"{ADDRESS}launch/edit/", filled | {"action": [undo.attributes["value"]]})

    assert (filled["job_name"], filled[CELL]) == (["O'Brien"], ["Ada"])
    assert texts(page, "#filled-notice li")[0] == "It was read as a request as cURL."
    assert undo.text() == "Undo"
    assert without_token(fields_of(back)) == without_token(before) | {"pasted": [""]}
    assert texts(back, "#form-notice") == ["The form is as it was before you pasted."]


def test_what_is_refused_changes_nothing_and_stays_in_its_box(client, form):
    page = fill(client, form(job_name="Mine"), "{not yet")

    assert (page.status_code, page["HX-Retarget"]) == (200, "#pasted-issue")
    assert (fields_of(page)["job_name"], fields_of(page)["pasted"]) == (["Mine"], ["{not yet"])
    assert "This is no JSON yet. Line 1, column 2" in texts(page, "#pasted-issue")[0]


def test_no_key_of_what_was_pasted_is_kept_or_shown(client, form):
    pages = [
        fill(client, form(), CURL),
        fill(client, form(), CURL[:-3]),
        fill(client, form(), CURL + " 'not closed" + "x" * 200_000),
        client.post(f"{ADDRESS}launch/paste.json", {"pasted": CURL}),
        client.post(f"{ADDRESS}launch/", form(pasted=CURL)),
    ]

    for page in pages:
        assert KEY not in page.content.decode()
    for kept in KeptFields.objects.all():
        assert KEY not in str(kept_text(kept))


def kept_text(kept: KeptFields) -> bytes:
    return zlib.decompress(bytes(kept.fields))
