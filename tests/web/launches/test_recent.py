"""The last launches of a workflow inside its form: one click fills it in again."""

from __future__ import annotations

import pytest

from playground.models import Launch
from tests.web.conftest import ADD, ADDRESS, VALID
from tests.web.html_forms import fields_of, texts

CELL = "inputs-0-first_name"
ACCOUNTS = f"steps-{ADD}-accounts"


@pytest.fixture
def launch(client, form):
    def launched(name, **more):
        fields = form(**{"job_name": name, CELL: name, ACCOUNTS: [VALID]} | more)
        assert client.post(ADDRESS + "launch/", fields).status_code == 303
        return Launch.objects.order_by("-pk").first(), fields

    return launched


def test_one_click_fills_in_everything_but_the_token(client, launch):
    first, sent = launch("Monday", delay="60")
    launch("Tuesday")

    panel = client.get(ADDRESS + "recent/")
    again = fields_of(client.get(ADDRESS, {"launch": first.pk}))
    without = fields_of(client.get(ADDRESS, {"launch": first.pk, "rows": "none"}))

    assert texts(panel, "#panel li > a:first-child") == ["Tuesday", "Monday"]
    assert first.fingerprint in texts(panel, "#panel code")
    for name in ("job_name", "delay", ACCOUNTS):
        assert (
            again[name]
            == without[name]
            == (sent[name] if isinstance(sent[name], list) else [sent[name]])
        )
    assert (again[CELL], without[CELL]) == (["Monday"], [""])
    assert again["launch_token"] != sent["launch_token"]


def test_what_changed_since_a_launch_is_one_click_away(client, launch, form):
    first, _ = launch("Monday")

    response = client.post(
        ADDRESS + "draft/",
        form(job_name="Tuesday", **{CELL: "Monday", ACCOUNTS: [VALID]})
        | {"draft-compare": f"launch:{first.pk}"},
    )
    page = client.get(response["Location"])

    assert texts(page, "#compared") == ["Both are the same but for the job name."]


def test_a_workflow_that_was_not_launched_says_so(client):
    assert "was not launched from here yet" in texts(client.get(ADDRESS + "recent/"), "#panel p")[0]


@pytest.mark.parametrize("written", ["{}", "payload {}", "# Payload: {}", "  {}\n", "GROUPS"])
def test_a_pasted_fingerprint_finds_its_launches(client, launch, written):
    first, _ = launch("Monday")
    launch("Tuesday")
    mark = first.fingerprint
    text = written.format(mark).replace("GROUPS", f"{mark[:4]} {mark[4:8]} {mark[8:].upper()}")

    assert texts(client.get("/launches/", {"q": text}), "tbody td:first-child") == ["Monday"]
