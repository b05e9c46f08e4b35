"""Two payloads side by side: what differs is said by what it means."""

from __future__ import annotations

import json
import uuid

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from playground.models import Launch
from playground.payload.fingerprints import fingerprint
from playground.services import people
from tests.web.conftest import ADD, FIND, VALID, WORKFLOW_UID
from tests.web.html_forms import texts

PAYLOAD = {
    "job_name": "Monday",
    "inputs": [{"first_name": "Ada"}, {"first_name": "Grace"}],
    "steps": [
        {"step_uid": FIND, "accounts": [], "parameters": {"most": 3}},
        {"step_uid": ADD, "accounts": [VALID], "parameters": {}},
    ],
}


@pytest.fixture
def record(client):
    def made(**changes: object) -> Launch:
        value = PAYLOAD | changes
        return Launch.objects.create(
            launch_token=uuid.uuid4(),
            user=people.get_local_user(),
            workflow_uid=WORKFLOW_UID,
            workflow_name="Find & add",
            job_name=str(value["job_name"]),
            payload=json.dumps(value).encode(),
            fingerprint=fingerprint(value),
            row_count=len(value["inputs"]),
            upstream="sandbox",
            state="rejected",
            created_at=timezone.now(),
        )

    return made


def compare(client, left, right, **query):
    names = {"left": f"launch:{left.pk}", "right": f"launch:{right.pk}"}
    return client.get("/compare/", names | query)


def test_two_launches_are_compared_by_meaning(client, record):
    steps = [PAYLOAD["steps"][0] | {"parameters": {"most": 5}}, PAYLOAD["steps"][1]]
    right = record(job_name="<b>Tuesday", steps=steps, inputs=[{"first_name": "Ada", "age": 1}])

    page = compare(client, record(), right)

    assert texts(page, "#compared") == ["2 differences, 1 row removed, 1 row changed."]
    assert texts(page, ".differences h2") == ["Launch", "Step 1: Find an e-mail", "Rows"]
    assert texts(page, ".difference") == [
        'changed $.job_name "Monday" "<b>Tuesday"',
        "changed $.steps[0].parameters.most 3 5",
        "added age 1",
    ]
    assert texts(page, ".row-difference h3") == ["Row 1 changed", "Row 2 removed"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Both are the same payload, however they are written."),
        ({"job_name": "Tuesday"}, "Both are the same but for the job name."),
        ({"delay": 3}, "1 difference, the same rows."),
        ({"inputs": PAYLOAD["inputs"][:1]}, "1 row removed."),
    ],
)
def test_what_differs_is_said_in_a_sentence(client, record, changes, sentence):
    page = compare(client, record(), record(**changes))

    assert texts(page, "#compared") == [sentence]


def test_two_are_chosen_in_the_list_of_launches_the_older_one_is_on_the_left(client, record):
    older, newer = record(), record(job_name="Tuesday")
    page = client.get("/launches/")
    boxes = texts(page, "input[name=of]")

    # As a browser posts them: in the page's order, the newest launch first.
    compared = client.get("/compare/", {"of": [f"launch:{newer.pk}", f"launch:{older.pk}"]})

    assert len(boxes) == 2
    assert texts(compared, ".difference") == ['changed $.job_name "Monday" "Tuesday"']


@pytest.mark.parametrize("count", [0, 1, 3])
def test_other_than_two_are_asked_for_again(client, record, count):
    names = [f"launch:{record().pk}" for _ in range(count)]

    page = client.get("/compare/", {"of": names})

    assert (
        page.status_code == client.get("/compare/changes.jsonl", {"of": names}).status_code == 200
    )
    assert "choose two" in texts(page, "main .notice")[0]


@pytest.mark.parametrize(
    "name",
    ["launch:0", "launch:99999999999999999999", "launch:x", "launch:", "x:1", "launch:1\x00", "١"],
)
def test_what_is_not_there_is_not_found(client, record, name):
    address = "/compare/", {"left": name, "right": f"launch:{record().pk}"}

    assert client.get(*address).status_code == 404
    assert client.get("/compare/changes.jsonl", address[1]).status_code == 404


def test_a_launch_is_compared_with_what_the_form_begins_with(client, record):
    names = {"left": f"defaults:{WORKFLOW_UID}", "right": f"launch:{record().pk}"}

    page = client.get("/compare/", names)

    assert "changed $.job_name" in texts(page, ".difference")[0]
    assert "2 rows added" in texts(page, "#compared")[0]


def test_rows_are_shown_page_by_page_and_all_are_in_the_file(client, record):
    left = record(inputs=[{"first_name": str(number)} for number in range(60)])
    right = record(inputs=[{"first_name": f"{number}!"} for number in range(60)], delay=1)

    page, last = compare(client, left, right), compare(client, left, right, page=2)
    names = {"left": f"launch:{left.pk}", "right": f"launch:{right.pk}"}
    file = client.get("/compare/changes.jsonl", names)

    assert len(texts(page, ".row-difference")) == 50
    assert len(texts(last, ".row-difference")) == 10
    lines = [json.loads(line) for line in b"".join(file).splitlines()]
    assert lines[0] == {"kind": "added", "path": "$.delay", "after": 1}
    assert len(lines) == 61
    assert lines[-1]["after"] == {"first_name": "59!"}


def test_only_who_is_signed_in_compares(client, record, settings):
    settings.SIGN_IN = "password"
    left = record()

    assert compare(client, left, left).status_code == 302

    client.force_login(User.objects.create_user("ada"))
    assert compare(client, left, left).status_code == 200
