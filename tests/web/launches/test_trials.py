"""Trying the first rows: prepared on the upstream, or on the sandbox in an area of its own."""

from __future__ import annotations

import json
import re

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from playground.models import Launch
from playground.sandbox import catalog
from playground.services.upstream_cache import invalidation
from playground.upstream import targets
from tests.web.conftest import ACCEPTED, ADDRESS, FIND, WORKFLOW_UID
from tests.web.html_forms import posted_fields

TWIN = next(one.workflow for one in catalog.WORKFLOWS if one.workflow.name == "Find an e-mail")
HOSTED = {
    "uid": WORKFLOW_UID,
    "name": "Find an E-Mail",
    "steps": [
        {
            "step_uid": FIND,
            "position": 0,
            "input_schema": {key: {"required": 1} for key in TWIN.inputs},
        }
    ],
}
PEOPLE = [
    {"first_name": "Ada", "last_name": "Lovelace", "company_name": "acme.com"},
    {"first_name": "Zoë", "last_name": "O'Brien", "company_name": "acme.com"},
]


def parsed(response) -> LexborHTMLParser:
    return LexborHTMLParser(response.content.decode())


def fields_of(response) -> dict[str, str]:
    return dict(posted_fields(response.content.decode(), "launch-form"))


@pytest.fixture
def twin_upstream(hosted, settings):
    """A hosted API with a workflow that the sandbox has too."""
    settings.UPSTREAM_IS_SANDBOX = False
    settings.UPSTREAM_URL = "http://upstream.invalid/v3"
    hosted.answers["details"] = lambda _: httpx.Response(200, json=HOSTED)
    return hosted


@pytest.fixture
def filled(client, twin_upstream) -> dict[str, str]:
    fields = fields_of(client.get(ADDRESS)) | {"job_name": "Everybody", "trial_rows": "1"}
    for number, person in enumerate(PEOPLE):
        fields |= {f"inputs-{number}-{key}": text for key, text in person.items()}
    return fields | {"repeat_option-type": "day", "repeat_option-value": "1"}


def test_trial_on_the_upstream_is_a_new_form_with_the_first_rows(client, filled):
    page = client.post(ADDRESS + "launch/trial/", filled | {"trial_on": "upstream"})

    assert json.loads(parsed(page).css_first("#payload-json").text(deep=True)) == {
        "job_name": "Everybody (first row)",
        "inputs": [PEOPLE[0]],
        "steps": [{"step_uid": FIND, "accounts": [], "parameters": {}}],
    }
    assert fields_of(page)["launch_token"] != filled["launch_token"]
    assert "the first of 2 rows" in parsed(page).css_first(".form-pane .notice").text()
    assert Launch.objects.count() == 0


def test_trial_on_the_sandbox_runs_there_and_never_reaches_the_upstream(
    client, filled, twin_upstream
):
    page = client.post(ADDRESS + "launch/trial/", filled | {"trial_on": "sandbox"})
    action = parsed(page).css_first("#launch-form").attributes["action"]
    asked_before = len(twin_upstream.requests)

    launched = client.post(action, fields_of(page))
    job_page = client.get(launched.headers["Location"])

    assert action == f"/trial/workflows/{TWIN.uid}/launch/"
    assert re.fullmatch(r"/trial/jobs/[0-9a-f-]{36}/", launched.headers["Location"])
    assert job_page.status_code == 200
    assert parsed(job_page).css_first("h1").text() == "Everybody (first row)"
    assert parsed(job_page).css_first("#job-steps .uid code").text() == TWIN.steps[0].step_uid
    assert len(twin_upstream.requests) == asked_before
    made = Launch.objects.get()
    assert (made.upstream, made.workflow_uid) == ("sandbox", TWIN.uid)


def test_trials_are_a_list_of_their_own(client, filled):
    trial = client.post(ADDRESS + "launch/trial/", filled | {"trial_on": "sandbox"})
    client.post(parsed(trial).css_first("#launch-form").attributes["action"], fields_of(trial))
    client.post(ADDRESS + "launch/", filled)

    lists = [parsed(client.get(f"{area}/launches/")) for area in ("", "/trial")]

    shown = [[link.text() for link in one.css("tbody td:first-child a")] for one in lists]
    assert shown == [["Everybody"], ["Everybody (first row)"]]
    number = Launch.objects.get(upstream="sandbox").pk
    assert client.get(f"/launches/{number}/").status_code == 404
    assert client.get(f"/trial/launches/{number}/").status_code == 200


def test_every_link_and_form_of_the_area_stays_in_it_but_the_one_that_leaves(client, filled):
    page = parsed(client.get(f"/trial/workflows/{TWIN.uid}/"))

    targets_of = {
        node.attributes.get(name) or ""
        for name in ("href", "action", "formaction", "hx-get", "hx-post")
        for node in page.css(f"[{name}]")
    }
    # An empty address is that of the page itself.
    named = {address for address in targets_of if address}
    outside = {address for address in named if not address.startswith(("/trial/", "#"))}
    assert {address for address in outside if not address.startswith("/static/")} == {"/"}


def test_snippet_of_the_area_calls_the_sandbox_itself(client, filled):
    page = parsed(client.get(f"/trial/workflows/{TWIN.uid}/"))

    curl = page.css_first("#payload-curl").text()
    assert f"http://testserver/sandbox/v3/workflows/{TWIN.uid}/schedule" in curl


def test_workflow_without_a_twin_comes_back_with_everything_typed(client, filled, twin_upstream):
    twin_upstream.answers["details"] = lambda _: httpx.Response(
        200, json=HOSTED | {"name": "Ours alone"}
    )
    invalidation.forget_everything()

    page = client.post(ADDRESS + "launch/trial/", filled | {"trial_on": "sandbox"})

    kept = fields_of(page) | {"csrfmiddlewaretoken": filled["csrfmiddlewaretoken"]}
    assert page.status_code == 422
    assert "has no twin" in parsed(page).css_first(".form-pane .notice.error").text()
    assert {name: kept.get(name) for name in filled} == filled


def test_area_is_not_there_when_the_upstream_is_the_sandbox(client, settings):
    settings.UPSTREAM_IS_SANDBOX = True

    assert client.get("/trial/workflows/").status_code == 404


def test_area_ends_with_the_request(client, filled):
    client.get("/trial/workflows/")

    assert targets.current() == "upstream"
    assert parsed(client.get("/workflows/")).css_first(".trial-area") is None
    assert ACCEPTED["job_uid"] in client.post(ADDRESS + "launch/", filled).headers["Location"]
