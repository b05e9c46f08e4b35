"""What was seen is what is sent: the upstream changes its workflow while a form is open."""

from __future__ import annotations

import copy
import dataclasses
import json

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from playground.models import Launch
from playground.services.upstream_cache import invalidation
from playground.services.workflows import lookup
from tests.web.conftest import ADD, ADDRESS, FIND, VALID, WORKFLOW
from tests.web.html_forms import posted_fields

CELL = "inputs-0-first_name"
STRICT = f"steps-{FIND}-parameters-strict"
NEW_UID = "c8cb1111-2222-4333-8444-5555555555ff"
FILLED = {CELL: "Ada", STRICT: "true", f"steps-{ADD}-accounts": [VALID]}


def texts(response, selector: str) -> list[str]:
    parser = LexborHTMLParser(response.content.decode())
    return [" ".join(node.text(deep=True).split()) for node in parser.css(selector)]


def fields_of(response) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in posted_fields(response.content.decode(), "launch-form"):
        fields.setdefault(name, []).append(value)
    return fields


def payload_of(client, fields) -> dict:
    return json.loads(client.post(ADDRESS + "launch/payload.json", fields).content)


@pytest.fixture
def change(hosted):
    """Changes the workflow upstream. Nobody here is told, as when another process asked."""

    def apply(edit) -> None:
        workflow = copy.deepcopy(WORKFLOW)
        edit(workflow["steps"])
        hosted.answers["details"] = lambda _: httpx.Response(200, json=workflow)

    return apply


def other_uid(steps) -> None:
    steps[0]["step_uid"] = NEW_UID


def no_strict(steps) -> None:
    del steps[0]["parameters_schema"]["properties"]["strict"]


def other_default(steps) -> None:
    steps[0]["parameters_schema"]["properties"]["most"] = 500


def renamed_key(steps) -> None:
    steps[0]["input_schema"]["given_name"] = {"required": 1, "variations": ["first_name"]}
    del steps[0]["input_schema"]["first_name"]


def one_step_less(steps) -> None:
    del steps[1]


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (
            other_uid,
            (
                f"Step 1 “Find an e-mail” has another UID, {NEW_UID}. What was entered for the old "
                "one went with it."
            ),
        ),
        (
            no_strict,
            (
                "Step 1 “Find an e-mail”: the parameter strict is gone. The true in its field is "
                "kept and sent, and would do nothing: empty it to drop it."
            ),
        ),
        (
            other_default,
            "Step 1 “Find an e-mail”: the parameter most is 500 by default now, and was 3.",
        ),
        (renamed_key, "The input key first_name is called given_name now."),
        (
            one_step_less,
            (
                "Step 2 “Add to the CRM” is gone. What was entered for it is kept under “Steps "
                "that this workflow does not have”: empty that field to launch without it."
            ),
        ),
    ],
)
def test_launch_of_a_workflow_that_changed_asks_first_and_keeps_everything(
    client, form, hosted, change, edit, told
):
    fields = form(**FILLED)
    change(edit)

    asked = client.post(ADDRESS + "launch/", fields)
    again = fields_of(asked)

    assert asked.status_code == 409
    assert texts(asked, "#workflow-changes li") == [told]
    assert (hosted.launches, Launch.objects.count()) == ([], 0)
    sent = json.dumps(payload_of(client, again))
    assert all(typed in sent for typed in ('"Ada"', '"strict": true', VALID))
    assert again["launch_token"] == fields["launch_token"]


def test_what_the_second_press_sends_is_what_the_page_then_showed(client, form, hosted, change):
    fields = form(**FILLED)
    change(other_uid)
    again = fields_of(client.post(ADDRESS + "launch/", fields))

    response = client.post(ADDRESS + "launch/", again)

    assert response.headers["Location"] == "/jobs/j-1/"
    (sent,) = [json.loads(request.content) for request in hosted.launches]
    assert sent["steps"][0]["step_uid"] == NEW_UID
    assert sent["steps"][0]["parameters"] == {"strict": True}


def test_typing_ahead_of_the_preview_is_launched_as_typed(client, form, hosted):
    fields = form(**FILLED)
    client.post(ADDRESS + "launch/preview/", fields)

    response = client.post(ADDRESS + "launch/", fields | {CELL: ["Grace"]})

    assert response.status_code == 303
    assert json.loads(hosted.launches[0].content)["inputs"] == [{"first_name": "Grace"}]


def test_preview_and_preflight_and_check_again_lose_nothing_of_a_changed_workflow(
    client, form, change
):
    fields = form(**FILLED)
    change(other_uid)
    invalidation.forget_everything()

    shown = texts(client.post(ADDRESS + "launch/preview/", fields), "#payload-json")[0]
    panel = client.post(ADDRESS + "launch/preflight/", fields)
    checked = client.post(ADDRESS + "launch/edit/", fields | {"action": ["check-again"]})

    assert [step["parameters"] for step in json.loads(shown)["steps"]] == [{"strict": True}, {}]
    assert texts(panel, ".preflight-head .stops") == ["1 thing stops it"]
    assert len(texts(panel, "#workflow-changes-now li")) == 1
    assert len(texts(checked, "#workflow-changes li")) == 1
    assert payload_of(client, fields_of(checked)) == json.loads(shown)


def test_process_that_is_behind_asks_before_it_calls_a_newer_form_outdated(client, form, change):
    kept = lookup._workflows._values
    client.get(ADDRESS)
    older = {
        place: dataclasses.replace(fresh, fetched_at=fresh.fetched_at - 30)
        for place, fresh in kept.items()
    }
    change(other_uid)
    invalidation.forget_everything()
    fields = form(**{CELL: "Ada", f"steps-{NEW_UID}-parameters-strict": "true"})
    kept.update(older)

    panel = client.post(ADDRESS + "launch/preflight/", fields)

    assert texts(panel, "#workflow-changes-now li") == []


def test_second_submit_gets_the_stored_outcome_though_the_workflow_changed(
    client, form, hosted, change
):
    fields = form(**FILLED)
    client.post(ADDRESS + "launch/", fields)
    change(other_uid)

    response = client.post(ADDRESS + "launch/", fields)

    assert response.headers["Location"] == "/jobs/j-1/"
    assert len(hosted.launches) == 1


def test_fields_of_a_step_that_is_not_the_workflows_are_kept_and_stop_the_launch(client, form):
    fields = form(**FILLED) | {f"steps-{NEW_UID}-parameters-strict": ["true"]}

    response = client.post(ADDRESS + "launch/", fields)

    assert response.status_code == 422
    kept = json.loads(fields_of(response)["unknown_steps"][0])
    assert kept == [{"step_uid": NEW_UID, "accounts": [], "parameters": {"strict": True}}]


@pytest.mark.parametrize("packed", ["x", "000000000000.", "000000000000.!!", "0.eJwDAAAAAAE="])
def test_form_that_cannot_say_what_it_was_made_for_is_asked_about(client, form, hosted, packed):
    response = client.post(ADDRESS + "launch/", form(**FILLED) | {"workflow_seen": [packed]})

    assert response.status_code == 409
    assert texts(response, "#workflow-changes li") == [
        "The workflow has changed. How it was cannot be told any more: look the form over."
    ]
    assert hosted.launches == []


def test_name_and_words_of_a_workflow_are_no_change(client, form, change):
    def reword(steps) -> None:
        steps[0]["step_name"] = "Another name"
        steps[0]["input_schema"]["company"]["help"] = "Where they work"
        steps[0]["output_schema"] = ["email", "score"]

    fields = form(**FILLED)
    change(reword)

    assert client.post(ADDRESS + "launch/", fields).status_code == 303
