"""A job in trouble names the row, account or parameter, and leads to where it is mended."""

from __future__ import annotations

import html
import re

import httpx
import pytest
from django.test import Client

from tests.upstreams import AnsweringTransport
from tests.web.conftest import ADD, ADDRESS, EXPIRED, FIND, VALID, WORKFLOW_UID
from tests.web.jobs.test_downloads import paged
from tests.web.jobs.test_outcomes import launch_of

ROWS = [{"first_name": f"Person {at}", "company": "Acme"} for at in range(3)]
JOB = {"uid": "j-9", "name": "Monday", "workflow_uid": WORKFLOW_UID, "number_inputs": 3}


@pytest.fixture
def job(hosted: AnsweringTransport):
    """The job in this status with this error, its second step with the account."""

    def made(status: str, error: str, account: str = VALID, *, inputs=()) -> None:
        told = JOB | {"status": status, "error_message": error, "row_count": 0}
        part = told | {"uid": "j-10", "step_uid": ADD, "main_job_uid": "j-9", "accounts": [account]}
        hosted.answers["j-9"] = lambda _: httpx.Response(200, json=told)
        hosted.answers["jobs"] = lambda _: httpx.Response(200, json=[told, part])
        hosted.answers["results"] = paged("results", [])
        hosted.answers["inputs"] = paged("inputs", inputs or ROWS)

    return made


def blamed(client: Client) -> list[tuple[str, list[str]]]:
    """What the page names, and the addresses that it gives for it."""
    page = client.get("/jobs/j-9/").content.decode()
    if 'class="blamed"' not in page:
        return []
    items = re.findall(
        r"<li>(.*?)</li>", page.split('class="blamed"')[1].split("</ul>")[0], re.DOTALL
    )
    return [
        (
            html.unescape(
                " ".join(re.sub(r"<a .*?</a>|<[^>]+>", "", item, flags=re.DOTALL).split())
            ),
            re.findall(r'href="([^"]+)"', item),
        )
        for item in items
    ]


@pytest.mark.parametrize("status", ["warning", "paused", "shutdown"])
@pytest.mark.parametrize(
    ("error", "told", "place"),
    [
        ("inputs[1].company is blank", "It names row 2, company.", "field-inputs-1-company"),
        ("“Person 2” was not found", "It names row 3.", "field-inputs-2"),
        (
            "`most` is too large",
            "It names step 1, parameter most.",
            f"field-steps-{FIND}-parameters-most",
        ),
        ("Column company is empty", "It names input key company.", "field-inputs-0-company"),
        (
            "Row 2 is malformed",
            "It may mean row 2, told by its number alone: the text does not prove it.",
            "field-inputs-1",
        ),
    ],
)
def test_what_an_error_names_leads_to_its_field_in_a_draft(client, job, status, error, told, place):
    launch = launch_of(ROWS)
    job(status, error)

    [(words, addresses)] = blamed(client)

    assert words == told
    assert addresses == [f"{ADDRESS}?launch={launch.pk}#{place}"]
    assert f'id="{place}"' in client.get(addresses[0].split("#")[0]).content.decode()


@pytest.mark.parametrize(
    ("error", "is_sure"),
    [(f"Account {EXPIRED} is invalid", True), ("Your session cookie has expired.", False)],
)
def test_an_invalid_account_is_led_to_and_another_can_be_chosen(client, job, error, is_sure):
    launch = launch_of(ROWS)
    client.get(f"/accounts/hubspot/{EXPIRED}/")
    job("paused", error, EXPIRED)

    [(words, addresses)] = blamed(client)

    assert words.startswith(
        "It names account Old." if is_sure else "It may mean account Old, told by"
    )
    assert addresses == [
        f"/accounts/hubspot/{EXPIRED}/edit/?next=/jobs/j-9/",
        f"{ADDRESS}?launch={launch.pk}#field-steps-{ADD}-accounts",
    ]
    assert client.get(addresses[0]).status_code == 200


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("finished", "inputs[1].company is blank"),
        ("stopped", "inputs[1].company is blank"),
        ("shutdown", "The site stopped answering; the job was shut down."),
        ("warning", "inputs[3] is not there"),
        ("paused", "“Acme” has several rows"),
    ],
)
def test_nothing_is_named_that_the_text_does_not_name(client, job, status, error):
    launch_of(ROWS)
    job(status, error)

    assert blamed(client) == []


def test_rows_of_a_job_that_was_launched_elsewhere_are_led_to_among_its_outcomes(client, job):
    job("warning", "inputs[1] is malformed")

    [(words, addresses)] = blamed(client)

    assert (words, addresses) == ("It names row 2.", ["/jobs/j-9/outcomes/?page=1#row-2"])
    assert 'id="row-2"' in client.get(addresses[0].split("#")[0]).content.decode()


def test_failed_rows_lead_to_their_fields_where_the_launch_has_them_in_their_places(client, job):
    launch = launch_of(ROWS)
    failed = {"status": "failed", "error_message": "`company` is no company"}
    job("warning", "All inputs failed.", inputs=[ROWS[0] | failed, ROWS[2] | failed])

    page = client.get("/jobs/j-9/").content.decode()

    links = re.findall(r'<a href="([^"]+)">(Row [^<]+)</a>', page.split('class="failures"')[1])
    assert links[:2] == [
        (f"{ADDRESS}?launch={launch.pk}#field-inputs-0-company", "Row 1 in a draft"),
        ("/jobs/j-9/outcomes/?page=1#row-2", "Row 2"),
    ]
