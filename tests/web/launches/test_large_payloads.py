"""What is too large for a page: folded, kept on the server, and sent whole."""

from __future__ import annotations

import json
import uuid
from urllib.parse import urlencode

import httpx
import pytest
from django.contrib.auth.models import User
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from playground.models import KeptFields, Launch
from tests.web.conftest import ACCEPTED, ADD, ADDRESS, FIND, VALID, WORKFLOW
from tests.web.html_forms import posted_fields

MOST_BYTES = 2_000_000
FORM = "application/x-www-form-urlencoded"
STEPS = [
    {"step_uid": FIND, "accounts": [], "parameters": {}},
    {"step_uid": ADD, "accounts": [VALID], "parameters": {}},
]
READY = {"job_name": "Large", "inputs": [{"first_name": "Ada"}], "steps": STEPS}
LARGE = {
    "another key": READY | {"zzz": [1] * 90_000},
    "many other keys": READY | {f"key {number}": number for number in range(9_000)},
    "a long text": READY | {"inputs": [{"first_name": "<&\"'" * 60_000}]},
    "many long cells": READY
    | {"inputs": [{"first_name": "a" * 2_000 + str(n)} for n in range(120)]},
    "a deep list": READY | {"zzz": [[[[[1] * 9] * 9] * 9] * 9] * 9},
    "another key of a step": READY | {"steps": [STEPS[0] | {"zzz": "y" * 300_000}, STEPS[1]]},
    "a parameter": READY
    | {"steps": [STEPS[0] | {"parameters": {"options": {"a": [None] * 90_000}}}, STEPS[1]]},
    "keys of the schedule": READY
    | {"repeat_option": {"type": "day", "value": 2, "zzz": [2.5] * 90_000}},
    "what HTML changes": READY | {"zzz": "\r\x00\u202e" * 100_000},
}


def fields_of(response) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in posted_fields(response.content.decode(), "launch-form"):
        fields.setdefault(name, []).append(value)
    return fields


def paste(client: Client, text: str, **others: object):
    fields = {"action": "read-payload", "pasted": text, **others}
    return client.post(ADDRESS + "launch/edit/", fields)


def texts(response, selector: str) -> list[str]:
    parser = LexborHTMLParser(response.content.decode())
    return [" ".join(node.text(deep=True).split()) for node in parser.css(selector)]


@pytest.mark.parametrize("name", LARGE)
def test_a_large_payload_is_shown_folded_and_launched_whole(client, hosted, name):
    page = paste(client, json.dumps(LARGE[name]))
    fields = fields_of(page)
    preview = client.post(ADDRESS + "launch/preview/", fields)
    shown_again = client.post(ADDRESS + "launch/edit/", fields)
    launched = client.post(ADDRESS + "launch/", fields)

    assert [one.status_code for one in (page, preview, shown_again)] == [200] * 3
    assert max(len(one.content) for one in (page, preview, shown_again)) < MOST_BYTES
    assert fields_of(shown_again)["kept"] == fields["kept"]
    assert "sent whole" in texts(page, "#launch-preview .cut")[0]
    assert launched.status_code == 303
    (sent,) = [one for one in hosted.requests if one.url.path.endswith("/schedule")]
    assert json.loads(sent.content) == LARGE[name]


def test_a_launch_that_is_refused_keeps_what_was_large(client, hosted):
    hosted.answers["schedule"] = lambda _: httpx.Response(400, json={"message": "No."})
    fields = fields_of(paste(client, json.dumps(LARGE["another key"])))

    refused = client.post(ADDRESS + "launch/", fields)
    hosted.answers["schedule"] = lambda _: httpx.Response(200, json=ACCEPTED)
    launched = client.post(ADDRESS + "launch/", fields_of(refused))

    assert (refused.status_code, launched.status_code) == (422, 303)
    assert json.loads(hosted.requests[-1].content) == LARGE["another key"]


def test_a_large_launch_is_shown_and_launched_again_and_looking_writes_nothing(client, hosted):
    client.post(ADDRESS + "launch/", fields_of(paste(client, json.dumps(LARGE["another key"]))))
    KeptFields.objects.all().delete()
    launch = Launch.objects.get()

    detail = client.get(f"/launches/{launch.pk}/")
    again = client.get(f"{ADDRESS}?launch={launch.pk}")
    written = KeptFields.objects.count()
    payload = client.post(ADDRESS + "launch/payload.json", fields_of(again))

    assert max(len(detail.content), len(again.content)) < MOST_BYTES
    assert written == 0
    assert json.loads(payload.content) == LARGE["another key"]


def test_what_is_kept_can_be_emptied(client):
    fields = fields_of(paste(client, json.dumps(LARGE["another key"])))

    emptied = client.post(ADDRESS + "launch/edit/", fields | {"action": "empty:extra"})

    assert fields_of(emptied)["extra"] == [""]
    payload = client.post(ADDRESS + "launch/payload.json", fields_of(emptied))
    assert json.loads(payload.content) == READY


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (
            READY | {"inputs": [{f"key {number}": 1 for number in range(1_200)}]},
            "1,202 keys of rows are more than this page can show (1,000).",
        ),
        (
            READY | {"inputs": [{f"key {number}": 1 for number in range(5_000)}]},
            "1 row of 5,002 keys is more than this page can show (5,000 values).",
        ),
        (
            READY | {"inputs": [{"x" * 300_000: "Ada"}]},
            f"“{'x' * 39}…” is a key or an account of 300,000 characters; this page can show",
        ),
        (
            READY | {"steps": [STEPS[0] | {"parameters": dict.fromkeys(map(str, range(2_000)))}]},
            "2,000 parameters that the workflow does not have are more than this page can show",
        ),
        (
            READY | {"steps": [STEPS[0] | {"accounts": [str(n) for n in range(2_000)]}]},
            "2,000 accounts are more than this page can show (1,000).",
        ),
    ],
)
def test_what_no_page_can_show_is_refused_and_kept(client, payload, said):
    # Blanks after it, so that it is too long to come back in the page.
    text = json.dumps(payload) + " " * 200_000

    refused = paste(client, text, job_name="Typed")
    fields = fields_of(refused)
    again = client.post(ADDRESS + "launch/edit/", fields | {"action": "read-payload"})

    assert refused.status_code == 400
    assert len(refused.content) < MOST_BYTES
    assert said in texts(refused, "#pasted-issue")[0]
    assert "end the payload with cURL." in texts(refused, "#pasted-issue")[0]
    assert fields["job_name"] == ["Typed"]
    assert texts(again, "#pasted-issue") == texts(refused, "#pasted-issue")


def test_a_body_beyond_what_is_read_is_refused_with_its_limit_and_the_way_back(client):
    body = urlencode({"action": "read-payload", "pasted": '{"a": "' + "<" * 2_000_000 + '"}'})

    page = client.post(ADDRESS + "launch/edit/", body, content_type=FORM)
    part = client.post(
        ADDRESS + "launch/preview/", body, content_type=FORM, headers={"HX-Request": "true"}
    )

    assert (page.status_code, part.status_code) == (413, 413)
    assert texts(page, ".lead")[0].startswith(
        "This form is 5.7 MB as it is sent; at most 5 MB are read. Nothing was sent. Go back to the"
    )
    assert part.content.decode().startswith("This is too much for one request: shorten")


def test_what_the_upstream_says_of_fields_is_not_repeated_without_bound(client, hosted):
    said = {"required": 0, "help": "h" * 30_000}
    properties = {f"p{at}": "d" * 30_000 for at in range(50)}
    step = WORKFLOW["steps"][0] | {
        "input_schema": {"first_name": said, "last_name": said},
        "parameters_schema": {"properties": properties},
    }
    hosted.answers["details"] = lambda _: httpx.Response(200, json=WORKFLOW | {"steps": [step]})

    page = paste(client, json.dumps({"inputs": [{"first_name": "Ada"}] * 200}))

    assert page.status_code == 200
    assert len(page.content) < MOST_BYTES


def test_what_somebody_else_keeps_is_not_found(client):
    fields = fields_of(paste(client, json.dumps(LARGE["another key"])))
    KeptFields.objects.update(user=User.objects.create(username="somebody"))

    response = client.post(ADDRESS + "launch/payload.json", fields)

    assert response.status_code == 400
    assert texts(response, ".lead")[0].endswith(
        "Open the workflow anew and paste the payload again."
    )


def answer_many_parameters(hosted) -> None:
    steps = [
        {
            "step_uid": f"s-{number}",
            "step_name": f"Step {number}",
            "position": number,
            "integrations": [],
            "input_schema": {"first_name": {"required": 1}},
            "parameters_schema": {"properties": {f"p{at}": at for at in range(100)}},
        }
        for number in range(60)
    ]
    hosted.answers["details"] = lambda _: httpx.Response(200, json=WORKFLOW | {"steps": steps})


def test_a_workflow_of_many_parameters_can_be_previewed_and_launched(client, hosted):
    answer_many_parameters(hosted)
    names = [f"steps-s-{step}-parameters-p{at}" for step in range(60) for at in range(100)]
    fields = dict.fromkeys(names, "") | dict.fromkeys((f"kind-{name}" for name in names), "auto")
    fields |= {"inputs-0-first_name": "Ada", "steps-s-59-parameters-p99": "7"}
    body = urlencode(fields | {"launch_token": str(uuid.uuid4())})

    preview = client.post(ADDRESS + "launch/preview/", body, content_type=FORM)
    launched = client.post(ADDRESS + "launch/", body, content_type=FORM)

    assert (preview.status_code, launched.status_code) == (200, 303)
    sent = json.loads(hosted.requests[-1].content)
    assert sent["steps"][59]["parameters"] == {"p99": 7}


def test_of_many_parameters_the_page_has_those_that_are_set_or_wanted(client, hosted):
    answer_many_parameters(hosted)
    before = client.get(ADDRESS)
    wanted = {"action": "show-parameter:s-59", "more-s-59": " p99 "}

    shown = client.post(ADDRESS + "launch/edit/", fields_of(before) | wanted)
    fields = fields_of(shown)
    again = client.post(ADDRESS + "launch/edit/", fields | {"action": "add-row"})
    launched = client.post(
        ADDRESS + "launch/",
        fields_of(again) | {"steps-s-59-parameters-p99": "7", "inputs-0-first_name": "Ada"},
    )

    assert max(len(before.content), len(shown.content)) < MOST_BYTES
    assert not [name for name in fields_of(before) if "-parameters-" in name]
    assert [name for name in fields if name.startswith("steps-") and "-parameters-" in name] == [
        "steps-s-59-parameters-p99"
    ]
    assert texts(shown, "#field-steps-s-59 .row-tools .help") == [
        "99 more parameters, not set: sent only when you set one."
    ]
    assert launched.status_code == 303
    sent = json.loads(hosted.requests[-1].content)
    assert [step["parameters"] for step in sent["steps"]] == [{}] * 59 + [{"p99": 7}]


def test_parameters_that_are_set_are_shown_of_however_many(client, hosted):
    answer_many_parameters(hosted)
    steps = [{"step_uid": "s-3", "accounts": [], "parameters": {"p5": 1, "p6": None, "p7": ""}}]
    all_set = [
        {"step_uid": f"s-{n}", "parameters": {f"p{at}": 1 for at in range(100)}} for n in range(60)
    ]

    page = paste(client, json.dumps({"inputs": [{"first_name": "Ada"}], "steps": steps}))
    refused = paste(client, json.dumps({"steps": all_set}))

    assert [name for name in fields_of(page) if name.startswith("steps-s-3-parameters-")] == [
        f"steps-s-3-parameters-p{at}" for at in (5, 6, 7)
    ]
    assert "6,000 parameters that are set are more than" in texts(refused, "#pasted-issue")[0]
    assert len(refused.content) < MOST_BYTES


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({f"inputs-{n}-a": "1" for n in range(11_400)}, "This form has 11,400 fields, and a"),
        ({f"inputs-{n}-{n}": "1" for n in range(101)}, "101 rows of 101 keys are more than"),
        ({f"inputs-0-{'x' * 5_000}": "1"}, "A field of this form has a name of more than 2,000"),
    ],
)
def test_a_form_beyond_its_bound_is_refused_with_a_sentence(client, fields, said):
    body = urlencode(fields)
    for route in ("preview/", "preflight/", "edit/", "payload.json", "trial/", ""):
        response = client.post(f"{ADDRESS}launch/{route}", body, content_type=FORM)

        assert response.status_code == 400
        assert texts(response, ".lead")[0].startswith(said)
