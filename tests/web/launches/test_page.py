"""The playground page: what the form shows, what the preview answers, what a launch leads to."""

from __future__ import annotations

import dataclasses
import json
import re
import uuid

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from selectolax.lexbor import LexborHTMLParser

from playground.models import Launch, LaunchState
from playground.services.launches import preflight
from tests.row_sets import spreadsheets
from tests.web.conftest import ACCEPTED, ADD, ADDRESS, EXPIRED, FIND, VALID, WORKFLOW_UID
from tests.web.html_forms import posted_fields

CELL = "inputs-0-first_name"
ACCOUNTS = f"steps-{ADD}-accounts"
READY = {CELL: "Ada", ACCOUNTS: [VALID]}


def texts(response, selector: str) -> list[str]:
    parser = LexborHTMLParser(response.content.decode())
    return [" ".join(node.text(deep=True).split()) for node in parser.css(selector)]


def shown_payload(response) -> object:
    parser = LexborHTMLParser(response.content.decode())
    return json.loads(parser.css_first("#payload-json").text(deep=True))


def raw_payload(client, fields) -> object:
    return json.loads(client.post(ADDRESS + "launch/payload.json", fields).content)


def test_page_has_a_field_for_each_key_parameter_and_account(form):
    assert set(form()) == {
        "csrfmiddlewaretoken",
        "launch_token",
        "relaunch_of",
        "workflow_seen",
        "launches_seen",
        "draft_version",
        "job_name",
        CELL,
        "inputs-0-company",
        "cells",
        "file",
        "sheet",
        "cells_html",
        "cells_at",
        *(
            f"steps-{FIND}-parameters-{name}"
            for name in ("most", "score", "strict", "domain", "tags", "options", "owner")
        ),
        *(
            f"kind-steps-{FIND}-parameters-{name}"
            for name in ("most", "score", "domain", "tags", "options", "owner")
        ),
        *(
            f"{prefix}steps-{uid}-{name}"
            for uid in (FIND, ADD)
            for prefix, name in (
                ("", "accounts_rotation_enabled"),
                ("", "output_column"),
                ("kind-", "output_column"),
                ("", "extra"),
            )
        ),
        "repeat_option-value",
        "repeat_option-type",
        "delay",
        "unstructure_meta",
        "extra",
        "pasted",
        "pasted_file",
        "new_column",
        "trial_rows",
        "split_rows",
        "override_reason",
    }


def test_accounts_are_shown_by_name_with_level_and_validity(client):
    response = client.get(ADDRESS)

    assert texts(response, ".account") == ["Sales <team> Classic valid", "Old shared not valid"]


def test_preview_shows_the_payload_of_what_was_typed(client, form):
    fields = form(job_name="Monday", **{CELL: "O'Brien", f"steps-{FIND}-parameters-most": "5"}) | {
        f"steps-{ADD}-accounts": [VALID]
    }

    response = client.post(ADDRESS + "launch/preview/", fields)

    assert response.status_code == 200
    assert shown_payload(response) == {
        "job_name": "Monday",
        "inputs": [{"first_name": "O'Brien"}],
        "steps": [
            {"step_uid": FIND, "accounts": [], "parameters": {"most": 5}},
            {"step_uid": ADD, "accounts": [VALID], "parameters": {}},
        ],
    }
    assert texts(response, ".facts") == [texts(response, ".fingerprint")[0] + " 1 row 277 bytes"]


def test_preview_asks_the_upstream_for_nothing(client, form, hosted):
    fields = form()
    asked = len(hosted.requests)

    client.post(ADDRESS + "launch/preview/", fields)

    assert len(hosted.requests) == asked


def test_preview_and_payload_leave_the_database_as_it_was(client, form, django_assert_num_queries):
    fields = form()

    with django_assert_num_queries(2):  # Who asks, and whether other processes changed anything.
        client.post(ADDRESS + "launch/preview/", fields)


def test_missing_null_empty_and_zero_stay_four_different_things(client, form):
    name = f"steps-{FIND}-parameters-domain"
    answers = []
    for text, kind in (("", "auto"), ("", "null"), ("", "text"), ("0", "json")):
        payload = raw_payload(client, form(**{name: text, f"kind-{name}": kind}))
        answers.append(payload["steps"][0]["parameters"])

    assert answers == [{}, {"domain": None}, {"domain": ""}, {"domain": 0}]


def test_each_payload_line_leads_to_a_field_of_the_page(client, form):
    fields = form(**{CELL: "Ada", f"steps-{FIND}-parameters-most": "5"})
    page = LexborHTMLParser(client.get(ADDRESS).content.decode())

    preview = client.post(ADDRESS + "launch/preview/", fields).content.decode()

    targets = {a.attributes["href"] for a in LexborHTMLParser(preview).css("#payload-json a")}
    ids = {f"#{node.attributes['id']}" for node in page.css("[id]")}
    assert targets - ids == set()
    assert f"#field-{CELL}" in targets


def test_launch_leads_to_the_job(client, form):
    response = client.post(ADDRESS + "launch/", form(**READY))

    assert (response.status_code, response.headers["Location"]) == (303, "/jobs/j-1/")
    launch = Launch.objects.get()
    assert (launch.state, launch.user.username) == (LaunchState.LAUNCHED, "local")


@pytest.mark.parametrize(
    ("every", "words"),
    [(("day", "2"), "every 2 days"), (("hour", "1"), "every hour"), (("month", "3"), "3 months")],
)
def test_what_repeats_says_so_wherever_its_launch_is_told_of(client, form, every, words):
    fields = form(**{CELL: "Zoë", "repeat_option-type": every[0], "repeat_option-value": every[1]})
    client.post(ADDRESS + "launch/", fields | {ACCOUNTS: [VALID]})
    launch = Launch.objects.get()
    pages = [f"/launches/{launch.pk}/", "/launches/"]

    told = [" ".join(texts(client.get(page), "main")) for page in pages]
    Launch.objects.update(schedule_ended_at=launch.created_at)
    ended = [" ".join(texts(client.get(page), "main")) for page in pages]

    assert f"{words}, until its schedule is removed" in told[0]
    assert "repeats" in told[1]
    assert not any("until its schedule" in page or " repeats " in page for page in ended)


def test_defaults_stand_in_the_fields_as_they_would_be_typed(client, hosted):
    page = LexborHTMLParser(client.get(ADDRESS).content.decode())
    fields = page.css(f"[name^='steps-{FIND}-parameters-'][placeholder]")
    shown = {
        field.attributes["name"].rpartition("-")[2]: field.attributes["placeholder"]
        for field in fields
    }

    assert shown == {
        "most": "3",
        "score": "0.5",
        "domain": "",
        "tags": "a",
        "options": '{"a": 1}',
        "owner": "null",
    }


def test_sent_shown_and_recorded_payload_are_the_same(client, form, hosted):
    fields = form(**READY | {CELL: "日本 🙂 \u202e <b>'$(x)`"})

    shown = shown_payload(client.post(ADDRESS + "launch/preview/", fields))
    raw = client.post(ADDRESS + "launch/payload.json", fields).content
    client.post(ADDRESS + "launch/", fields)

    launch = Launch.objects.get()
    sent = [request.content for request in hosted.launches]
    assert sent == [raw] == [bytes(launch.payload)]
    assert shown == json.loads(raw)
    assert client.get(f"/launches/{launch.pk}/payload.json").content == raw


def test_refused_draft_comes_back_complete_with_its_issue_beside_the_field(client, form, hosted):
    typed = {f"steps-{FIND}-parameters-most": "abc", ACCOUNTS: [VALID]}
    fields = form(job_name="Kept", pasted="not yet {", **typed)

    response = client.post(ADDRESS + "launch/", fields)

    assert response.status_code == 422
    again = dict(posted_fields(response.content.decode(), "launch-form"))
    assert (again["job_name"], again[f"steps-{FIND}-parameters-most"]) == ("Kept", "abc")
    assert again["launch_token"] == fields["launch_token"][0]
    assert again["pasted"] == "not yet {"
    assert texts(response, ".form-pane .notice p:first-child") == [
        (
            "Not launched: 2 things stop it. Preflight, above the Launch button, says which. "
            "See what stops it"
        )
    ]
    assert len(texts(response, f"#field-steps-{FIND}-parameters-most-issue .stops")) == 1
    assert hosted.launches == []


def test_what_refused_a_launch_is_what_its_page_shows(client, form, monkeypatch):
    """Were the draft judged once more for the page, something else could stand on it by then."""
    judge, judged = preflight.check_launch, []

    def judge_once(*args, **kwargs):
        judged.append(judge(*args, **kwargs))
        return judged[0] if len(judged) == 1 else dataclasses.replace(judged[-1], age=600.0)

    fields = form(**{ACCOUNTS: [VALID]}, job_name="")
    monkeypatch.setattr(preflight, "check_launch", judge_once)
    response = client.post(ADDRESS + "launch/", fields)

    assert response.status_code == 422
    assert [line.message for line in judged[0].preflight.stops] == texts(
        response, "#launch-preflight .stops > :first-child"
    )
    assert len(judged) == 1


def test_launch_keeps_draft_when_upstream_rejects(client, form, hosted):
    hosted.answers["schedule"] = lambda _: httpx.Response(400, json={"message": "No <b>way</b>."})
    fields = form(**READY)

    response = client.post(ADDRESS + "launch/", fields)

    assert response.status_code == 422
    again = dict(posted_fields(response.content.decode(), "launch-form"))
    assert again[CELL] == "Ada"
    assert again["launch_token"] != fields["launch_token"][0]
    assert "“No <b>way</b>.”" in texts(response, ".form-pane .notice")[0]


def test_unreachable_upstream_keeps_draft_and_token_for_another_attempt(client, form, hosted):
    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    hosted.answers["schedule"] = refuse
    fields = form(**READY)
    response = client.post(ADDRESS + "launch/", fields)
    again = dict(posted_fields(response.content.decode(), "launch-form"))
    hosted.answers["schedule"] = lambda _: httpx.Response(200, json=ACCEPTED)

    second = client.post(ADDRESS + "launch/", again)

    assert response.status_code == 502
    assert again["launch_token"] == fields["launch_token"][0]
    assert second.headers["Location"] == "/jobs/j-1/"
    assert Launch.objects.get().attempts == 2


def test_unknown_outcome_leads_to_the_launch_and_not_to_the_form(client, form, hosted):
    hosted.answers["schedule"] = lambda _: httpx.Response(504, json={"message": "slow"})

    response = client.post(ADDRESS + "launch/", form(**READY))

    launch = Launch.objects.get()
    assert (response.status_code, response.headers["Location"]) == (303, f"/launches/{launch.pk}/")
    page = client.get(f"/launches/{launch.pk}/")
    assert texts(page, ".head .state") == ["Outcome unknown"]
    assert "Look for it now" in texts(page, ".head button")


def test_second_submit_of_one_form_gets_the_first_answer(client, form, hosted):
    fields = form(**READY)

    answers = [client.post(ADDRESS + "launch/", fields).headers["Location"] for _ in range(2)]

    assert answers == ["/jobs/j-1/"] * 2
    assert Launch.objects.count() == 1


def test_used_form_with_another_payload_comes_back_ready_for_a_new_launch(client, form):
    fields = form(**READY)
    client.post(ADDRESS + "launch/", fields)

    response = client.post(ADDRESS + "launch/", fields | {CELL: ["Grace"]})

    again = dict(posted_fields(response.content.decode(), "launch-form"))
    assert response.status_code == 422
    assert again[CELL] == "Grace"
    assert again["launch_token"] != fields["launch_token"][0]


def test_submit_while_sending_is_answered_with_the_launch(client, form):
    fields = form(**READY)
    client.post(ADDRESS + "launch/", fields)
    Launch.objects.update(state=LaunchState.SENDING, job_uid="")

    response = client.post(ADDRESS + "launch/", fields)

    assert response.status_code == 409
    assert texts(response, ".head .state") == ["Sending"]


@pytest.mark.parametrize("token", ["", "x", "0" * 31, "\x00"])
def test_form_without_a_usable_token_is_not_launched(client, form, token):
    response = client.post(ADDRESS + "launch/", form(**READY) | {"launch_token": [token]})

    again = dict(posted_fields(response.content.decode(), "launch-form"))
    assert response.status_code == 400
    assert Launch.objects.count() == 0
    assert again[CELL] == "Ada"
    assert uuid.UUID(again["launch_token"])


def test_row_can_be_added_and_removed_without_scripts(client, form):
    fields = form(**READY)

    added = client.post(ADDRESS + "launch/edit/", fields | {"action": ["add-row"]})
    more = dict(posted_fields(added.content.decode(), "launch-form"))
    removed = client.post(ADDRESS + "launch/edit/", more | {"action": "remove-row:0"})
    fewer = dict(posted_fields(removed.content.decode(), "launch-form"))

    assert [name for name in more if name.startswith("inputs-")] == [
        CELL,
        "inputs-0-company",
        "inputs-1-first_name",
        "inputs-1-company",
    ]
    assert [name for name in fewer if name.startswith("inputs-")] == [
        "inputs-1-first_name",
        "inputs-1-company",
    ]


def test_what_vanishes_from_a_pasted_payload_is_said_on_the_page(client, form):
    pasted = '\ufeff{"job_name": "A",\n "job_name": "B"}'
    fields = form() | {"pasted": [pasted], "action": ["read-payload"]}

    page = LexborHTMLParser(client.post(ADDRESS + "launch/edit/", fields).content.decode())

    assert page.css_first("#field-job_name").attributes["value"] == "B"
    assert [one.text() for one in page.css("#filled-notice li")] == [
        "A byte order mark before it was left out.",
        "“job_name” is there twice, in lines 1 and 2: its last value is filled in.",
        "What was pasted stays in its box, with every value.",
    ]
    assert page.css_first("#pasted").text().strip() == pasted


def test_pasted_payload_fills_the_form_and_keeps_what_it_does_not_know(client, form):
    pasted = {
        "job_name": "Pasted",
        "inputs": [{"first_name": "Ada\r\nB", "unknown": "", "meta": {"id": 1}}, {"first_name": 7}],
        "steps": [
            {
                "step_uid": FIND,
                "accounts": [],
                "parameters": {"most": 0, "strict": True, "domain": "", "more": [1]},
                "output_column": None,
                "note": "x",
            },
            {"step_uid": ADD, "accounts": ["gone"], "parameters": {}},
        ],
        "repeat_option": {"type": "hour", "value": 3, "zone": "UTC"},
        "delay": 1.5,
        "tag": {"a": None},
    }
    fields = form() | {"pasted": [json.dumps(pasted)], "action": ["read-payload"]}

    response = client.post(ADDRESS + "launch/edit/", fields)

    filled: dict[str, list[str]] = {}
    for name, value in posted_fields(response.content.decode(), "launch-form"):
        filled.setdefault(name, []).append(value)
    assert response.status_code == 200
    assert raw_payload(client, filled) == pasted
    assert "gone not listed upstream" in texts(response, ".account")


@pytest.mark.parametrize(
    "pasted", ["", "{", "[]", '"x"', '{"inputs": 5}', "[" * 100_000, "1" * 9000]
)
def test_pasted_nonsense_is_refused_beside_its_field_and_kept(client, form, pasted):
    fields = form(job_name="Kept") | {"pasted": [pasted], "action": ["read-payload"]}

    response = client.post(ADDRESS + "launch/edit/", fields)

    again = dict(posted_fields(response.content.decode(), "launch-form"))
    assert response.status_code == 400
    assert (again["job_name"], again["pasted"]) == ("Kept", pasted)
    assert len(texts(response, "#pasted-issue .error")) == 1


def test_largest_payload_of_a_page_comes_through_its_form(client, form):
    pasted = json.dumps({"inputs": [{"first_name": None, "company": None}] * 2500})
    fields = form() | {"pasted": [pasted], "action": ["read-payload"]}
    html = client.post(ADDRESS + "launch/edit/", fields).content.decode()

    filled = dict(posted_fields(html, "launch-form"))

    assert len(filled) > 10_000
    assert len(raw_payload(client, filled)["inputs"]) == 2500


def test_relaunch_begins_with_the_recorded_payload(client, form):
    client.post(ADDRESS + "launch/", form(job_name="First", **READY))
    launch = Launch.objects.get()

    html = client.get(f"{ADDRESS}?launch={launch.pk}").content.decode()

    fields = dict(posted_fields(html, "launch-form"))
    assert (fields["job_name"], fields[CELL]) == ("First", "Ada")
    assert fields["relaunch_of"] == str(launch.pk)
    client.post(ADDRESS + "launch/", fields)
    assert Launch.objects.filter(relaunch_of=launch).count() == 1


def test_expired_account_stops_and_is_not_refused_by_the_payload(client, form):
    fields = form(**READY | {ACCOUNTS: [EXPIRED]})

    response = client.post(ADDRESS + "launch/preflight/", fields)

    assert texts(response, "#issues .stops") == [
        "Step 2: choose a valid account, or the job will pause at this step."
    ]
    assert texts(response, "#issues .risky") == [
        "Step 2: “Old” is not valid any more: connect it again."
    ]


def test_failing_account_listing_is_named_and_the_page_works(client, hosted):
    hosted.answers["accounts"] = lambda _: httpx.Response(500, json={"message": "no"})

    response = client.get(ADDRESS)

    assert response.status_code == 200
    assert len(texts(response, f"#field-steps-{ADD}-accounts .warning")) == 1


def test_unknown_workflow_is_not_found(client):
    response = client.get("/workflows/1f6f1111-0000-4333-8444-555555555501/")

    assert response.status_code == 404
    assert texts(response, "h1") == ["Not found upstream"]


def test_upstream_that_is_down_is_said_plainly(client, hosted):
    hosted.answers["workflows"] = lambda _: httpx.Response(503, text="<h1>x</h1>")

    response = client.get("/workflows/")

    assert response.status_code == 502
    assert texts(response, "h1") == ["The upstream is not available"]


def gone(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused by http://upstream.invalid/v3 for key-of-the-tests")


def test_silent_upstream_is_one_line_in_the_log_without_what_it_said(client, hosted, caplog):
    hosted.answers["workflows"] = lambda _: httpx.Response(503, text="secret of Jane")
    client.get("/workflows/")
    hosted.answers["workflows"] = gone
    client.get("/workflows/")

    logged = [(one.levelname, one.getMessage()) for one in caplog.records]
    silent = "upstream failure method=GET path=/workflows"
    assert [level for level, _ in logged] == ["WARNING", "WARNING"]
    assert logged[0][1] == f"{silent} status=503 outcome=OutcomeUnknown"
    assert logged[1][1].startswith(
        f'{silent} outcome=NeverReached cause="ConnectError: refused by '
    )
    assert "upstream.invalid" not in logged[1][1]
    assert "key-of-the-tests" not in logged[1][1]


def test_launch_that_was_never_sent_is_a_warning_and_no_error(client, form, hosted, caplog):
    hosted.answers["schedule"] = gone

    client.post(ADDRESS + "launch/", form(**READY))

    sent, failure, outcome = [(one.levelname, one.getMessage()) for one in caplog.records]
    assert sent[0] == outcome[0] == "INFO"
    assert re.match(r"launch sent id=\d+ by=local ", sent[1])
    assert outcome[1].endswith(" state=unreachable")
    assert failure[0] == "WARNING"
    assert failure[1].startswith(
        f"upstream failure method=POST path=/workflows/{WORKFLOW_UID}/schedule outcome=NeverReached"
    )


def test_curl_names_this_servers_sandbox_and_no_key(client, form, settings):
    settings.UPSTREAM_IS_SANDBOX = True

    response = client.post(ADDRESS + "launch/preview/", form(**READY))

    curl = texts(response, "#payload-curl")[0]
    assert f"http://testserver/sandbox/v3/workflows/{WORKFLOW_UID}/schedule" in curl
    assert "$UPSTREAM_API_KEY" in curl
    assert settings.SANDBOX_API_KEY not in response.content.decode()


def test_column_can_be_added_and_holds_what_is_typed(client, form):
    fields = form(**READY) | {"action": ["add-column"], "new_column": ["meta"]}

    response = client.post(ADDRESS + "launch/edit/", fields)

    again = dict(posted_fields(response.content.decode(), "launch-form"))
    assert again["inputs-0-meta"] == ""
    filled = again | {"inputs-0-meta": '{"id": 7}'}
    assert raw_payload(client, filled)["inputs"] == [{"first_name": "Ada", "meta": {"id": 7}}]


@pytest.mark.parametrize("key", ["", "  ", "a\x00b", "a\nb", "first_name"])
def test_column_that_cannot_be_added_changes_nothing(client, form, key):
    fields = form(**READY) | {"action": ["add-column"], "new_column": [key]}

    response = client.post(ADDRESS + "launch/edit/", fields)

    again = [name for name, _ in posted_fields(response.content.decode(), "launch-form")]
    assert [name for name in again if name.startswith("inputs-")] == [CELL, "inputs-0-company"]


def test_order_and_repeats_of_pasted_accounts_stay(client, form):
    accounts = [EXPIRED, VALID, EXPIRED]
    pasted = {
        "inputs": [{"first_name": "Ada", "": "no name"}],
        "steps": [{"step_uid": ADD, "accounts": accounts, "parameters": {}}],
        "repeat_option": {"type": None, "value": 3},
    }
    fields = form() | {"pasted": [json.dumps(pasted)], "action": ["read-payload"]}

    response = client.post(ADDRESS + "launch/edit/", fields)

    filled: dict[str, list[str]] = {}
    for name, value in posted_fields(response.content.decode(), "launch-form"):
        filled.setdefault(name, []).append(value)
    assert raw_payload(client, filled) == pasted


@pytest.mark.parametrize(
    ("key", "left"), [("meta", ""), ("first_name", "first_name"), ("k" * 201, "k" * 201)]
)
def test_text_that_makes_no_column_stays_in_its_field(client, form, key, left):
    fields = form(new_column=key) | {"action": ["add-column"]}

    html = client.post(ADDRESS + "launch/edit/", fields).content.decode()
    again = dict(posted_fields(html, "launch-form"))

    assert again["new_column"] == left


def test_another_key_that_was_typed_outlives_check_again(client, form):
    fields = form(new_column="half a ke") | {"action": ["check-again"]}

    html = client.post(ADDRESS + "launch/edit/", fields).content.decode()
    again = dict(posted_fields(html, "launch-form"))

    assert again["new_column"] == "half a ke"


@pytest.mark.parametrize("waiting", [{"cells": "Ada\tACME"}, {"file": "leads.csv"}])
def test_a_launch_leaves_no_copied_rows_behind(client, form, waiting):
    answer = client.post(ADDRESS + "launch/", form(**READY, **waiting))

    assert answer.status_code == 422
    assert texts(answer, "#refusal p")[0].startswith("Rows of a spreadsheet or a file wait below")
    assert not Launch.objects.exists()


def test_rows_that_are_ticked_are_removed(client, form):
    rows = {f"inputs-{number}-first_name": name for number, name in enumerate("ABCD")}
    fields = form(**READY | rows) | {"selected": ["1", "3", "9"], "action": ["remove-selected"]}

    page = client.post(ADDRESS + "launch/edit/", fields)

    again = dict(posted_fields(page.content.decode(), "launch-form"))
    assert [row["first_name"] for row in raw_payload(client, again)["inputs"]] == ["A", "C"]
    assert "2 rows removed." in texts(page, "#rows-notice")[0]
    assert "selected" not in again
    last = client.post(ADDRESS + "launch/edit/", fields | {"selected": ["0", "1", "2", "3"]})
    assert (
        raw_payload(client, dict(posted_fields(last.content.decode(), "launch-form")))["inputs"]
        == []
    )


def test_rows_are_cleared_and_all_else_stays(client, form):
    fields = form(**READY, **{"inputs-4-first_name": "Zo\u00eb", "inputs-4-town": "K\u00f6ln"})

    response = client.post(ADDRESS + "launch/edit/", fields | {"action": "clear-rows"})

    again = dict(posted_fields(response.content.decode(), "launch-form"))
    rows = {name: value for name, value in again.items() if name.startswith("inputs-")}
    assert rows == {CELL: "", "inputs-0-company": "", "inputs-0-town": ""}
    assert raw_payload(client, again)["steps"] == raw_payload(client, fields)["steps"]
    assert texts(response, "#rows-notice")[0].startswith("2 rows removed.")


COPIED = 'First Name\tCOMPANY\r\nAda\tACME\r\n"Zo\u00eb\nMaria"\tO\'Brien & Co\r\n'


def fill_in(client, form, **changes):
    response = client.post(ADDRESS + "launch/edit/", form(**changes) | {"action": "fill-cells"})
    return response, dict(posted_fields(response.content.decode(), "launch-form"))


def test_copied_rows_go_to_the_columns_they_name(client, form):
    response, again = fill_in(client, form, cells=COPIED)

    assert raw_payload(client, again)["inputs"] == [
        {"first_name": "Ada", "company": "ACME"},
        {"first_name": "Zo\u00eb\nMaria", "company": "O'Brien & Co"},
    ]
    assert texts(response, "#rows-notice")[0] == (
        "2 rows filled in, from row 1 on: first_name and company. The columns were taken by their "
        "names. Undo"
    )
    assert again["cells"] == ""


def test_copied_cells_fill_from_the_cell_on_into_which_they_are_pasted(client, form):
    _, again = fill_in(
        client, form, cells="Ada\nZo\u00eb", **{CELL: "Bob", "inputs-7-company": "K"}
    )

    assert raw_payload(client, again)["inputs"][-2:] == [
        {"first_name": "Ada"},
        {"first_name": "Zo\u00eb"},
    ]
    fields = form(**again) | {"cells": ["X\tleft out\n007"], "cells_at": ["inputs-7-company"]}
    response = client.post(ADDRESS + "launch/edit/", fields | {"action": "fill-cells"})
    filled = dict(posted_fields(response.content.decode(), "launch-form"))
    assert [one.get("company") for one in raw_payload(client, filled)["inputs"]] == [
        None, "X", "007", None
    ]  # fmt: skip
    assert "1 value had no column here" in texts(response, "#rows-notice")[0]


def test_cells_of_a_web_page_are_read_where_the_text_has_no_table(client, form):
    html = "<table><tr><td>Ada</td><td>ACME</td></tr></table>"

    _, again = fill_in(client, form, cells="AdaACME", cells_html=html)

    assert raw_payload(client, again)["inputs"] == [{"first_name": "Ada", "company": "ACME"}]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("", "Nothing was filled in. There is nothing in it to fill in."),
        (" \t\n ", "Nothing was filled in. There is nothing in it to fill in."),
    ],
)
def test_what_cannot_be_filled_in_changes_nothing_and_is_kept(client, form, cells, told):
    before = form(**READY)

    response, again = fill_in(client, form, cells=cells, **READY)

    assert told in texts(response, "#rows-notice")[0]
    assert again["cells"].split() == cells.split()
    assert raw_payload(client, again) == raw_payload(client, before)


AS_CSV = 'First-Name;Company;Town\r\nZo\u00eb;007;K\u00f6ln\r\n"O\'Brien\nJr";1e5;\r\n'
AS_CELLS = [
    ["First-Name", "Company", "Town"],
    ["Zo\u00eb", "007", "K\u00f6ln"],
    ["O'Brien\nJr", "1e5", ""],
]
FILES = {
    "UTF-8": AS_CSV.encode(),
    "UTF-8 with a mark": b"\xef\xbb\xbf" + AS_CSV.encode(),
    "UTF-16": AS_CSV.encode("utf-16"),
    "Windows": AS_CSV.encode("cp1252"),
    "tabs": AS_CSV.replace(";", "\t").encode(),
    "XLSX": spreadsheets.xlsx(
        {"Leads": [[spreadsheets.text(cell) for cell in row] for row in AS_CELLS]}
    ),
    "ODS": spreadsheets.ods({"Leads": AS_CELLS}),
    "JSON": b"""[{"first_name": "Zo\\u00eb", "company": "007", "Town": 1},
        {"first_name": "O'Brien\\nJr", "company": "1e5"}]""",
    "JSON Lines": b"""{"first_name": "Zo\\u00eb", "company": "007"}
        {"first_name": "O'Brien\\nJr", "company": "1e5", "Town": "x"}""",
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_of_rows_is_the_same_in_whatever_it_is_written(client, form, kind):
    file = SimpleUploadedFile("leads", FILES[kind])

    response, again = fill_in(client, form, file=file)

    assert raw_payload(client, again)["inputs"] == [
        {"first_name": "Zo\u00eb", "company": "007"},
        {"first_name": "O'Brien\nJr", "company": "1e5"},
    ]
    assert "Left out, as no column here has the name: Town." in texts(response, "#rows-notice")[0]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "This file is empty."),
        (b"PK\x03\x04", "The file is damaged."),
        (b'[{"a": }]', "Line 1, column 8: a value is to stand here"),
        (b"first_name\n", "There is nothing in it to fill in."),
        (b"first_name,company\n", "There is nothing in it"),
        (b'[{"town": "x"}]', "None of its columns is one of this workflow"),
    ],
)
def test_a_file_that_is_no_rows_says_why(client, form, data, told):
    response, again = fill_in(client, form, file=SimpleUploadedFile("leads.csv", data), **READY)

    assert told in texts(response, "#rows-notice")[0]
    assert raw_payload(client, again)["inputs"] == [{"first_name": "Ada"}]


def test_a_file_that_breaks_off_keeps_what_was_read(client, form):
    data = b'first_name,company\nAda,A\n"Zo\xc3\xab,B\n'

    response, again = fill_in(client, form, file=SimpleUploadedFile("leads.csv", data))

    assert raw_payload(client, again)["inputs"] == [{"first_name": "Ada", "company": "A"}]
    assert "A quote that opens in line 3" in texts(response, "#rows-notice")[0]


def test_a_sheet_is_chosen_by_its_name_and_numbers_are_told(client, form):
    cell = spreadsheets.text
    rows = [[cell("first_name"), cell("company")], [cell("Ada"), spreadsheets.number("7")]]
    sheets = {"Notes": [[cell("x")]], "Leads": rows}
    file = SimpleUploadedFile("leads.xlsx", spreadsheets.xlsx(sheets))

    response, again = fill_in(client, form, file=file, sheet="Leads")

    assert raw_payload(client, again)["inputs"] == [{"first_name": "Ada", "company": "7"}]
    told = texts(response, "#rows-notice")[0]
    assert "Read the sheet \u201cLeads\u201d, not Notes." in told
    assert "has 1 number (first “" in told


def test_values_of_json_stay_what_they_are(client, form):
    data = b'[{"first_name": null, "company": 0}, {"first_name": "", "company": "0"}]'

    _, again = fill_in(client, form, file=SimpleUploadedFile("rows.json", data))

    assert raw_payload(client, again)["inputs"] == [
        {"first_name": None, "company": 0},
        {"company": "0"},
    ]
