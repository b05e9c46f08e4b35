"""Each line of the preview tells where it comes from."""

from __future__ import annotations

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from playground.models import KeptFields, Launch, Preset
from tests.web.conftest import ADD, ADDRESS, FIND, VALID
from tests.web.html_forms import fields_of

CELL = "inputs-0-first_name"
READY = {CELL: ["Ada"], f"steps-{ADD}-accounts": [VALID]}


def origins(response):
    """By the beginning of each line of the payload, what it says of itself."""
    page = LexborHTMLParser(response.content.decode())
    return {
        node.text(deep=True).strip().partition(":")[0].strip('"'): node.attributes["title"]
        for node in page.css("#payload-json a")
    }


def preview(client, fields):
    return origins(client.post(ADDRESS + "launch/preview/", fields))


def test_what_the_workflow_has_and_what_was_entered(client, form):
    told = preview(client, form(**READY))

    assert told["job_name"] == "Job name · the workflow's own"
    assert told["first_name"] == "Row 1 · first_name · entered here"
    assert told["inputs"] == "Rows"


def test_the_page_tells_the_same_as_the_preview(client, form):
    assert origins(client.get(ADDRESS)) == preview(client, form())


def test_what_comes_from_a_launch(client, form, hosted):
    client.post(ADDRESS + "launch/", form(**READY))
    launch = Launch.objects.get()
    fields = fields_of(client.get(f"{ADDRESS}?launch={launch.pk}"))

    told = preview(client, fields | {"job_name": ["Again"]})

    assert told["first_name"] == f"Row 1 · first_name · from launch {launch.pk}"
    assert told["job_name"] == "Job name · entered here"


def test_what_was_pasted(client, form):
    payload = {
        "job_name": "Pasted",
        "inputs": [{"first_name": "Zoë"}],
        "steps": [{"step_uid": FIND, "accounts": [], "parameters": {"most": 7}}],
    }
    page = client.post(
        ADDRESS + "launch/edit/",
        form() | {"pasted": [json.dumps(payload)], "action": ["read-payload"]},
    )

    told = preview(client, fields_of(page) | {f"steps-{FIND}-parameters-most": ["8"]})

    assert told["job_name"] == "Job name · as it was pasted"
    assert told["first_name"] == "Row 1 · first_name · as it was pasted"
    assert told["most"] == "Step 1 · most · entered here"


def test_what_comes_from_a_preset(client, form):
    most = f"steps-{FIND}-parameters-most"
    client.post(ADDRESS + "presets/", form(**{most: "7"}) | {"preset-name": ["For <Mondays>"]})
    preset = Preset.objects.get()
    fields = fields_of(client.get(ADDRESS, {"preset": preset.pk}))

    told = preview(client, fields | {CELL: ["Ada"]})
    preset.delete()
    later = preview(client, fields)

    assert told["most"] == "Step 1 · most · from the preset “For <Mondays>”"
    assert told["first_name"] == "Row 1 · first_name · entered here"
    assert later["most"] == "Step 1 · most · entered here"


@pytest.mark.parametrize("gone", ["999", "99999999999999999999", "x"])
def test_what_is_not_there_any_more_is_not_told(client, form, gone):
    told = preview(
        client, form(**READY) | {"relaunch_of": [gone], "pasted_of": [gone], "preset": [gone]}
    )

    assert told["job_name"] == "Job name · the workflow's own"


def test_what_others_pasted_is_not_told(client, form, django_user_model):
    fields = form() | {"pasted": ['{"job_name": "Theirs"}'], "action": ["read-payload"]}
    name = fields_of(client.post(ADDRESS + "launch/edit/", fields))["pasted_of"]
    KeptFields.objects.update(user=django_user_model.objects.create_user("else"))

    told = preview(client, form(job_name="Theirs") | {"pasted_of": name})

    assert told["job_name"] == "Job name · entered here"
