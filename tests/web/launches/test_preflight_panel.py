"""The panel above the launch button: what it shows, what it stops, how it is overridden."""

from __future__ import annotations

import json
import threading

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from playground.models import Launch
from playground.services import permissions
from playground.services.accounts import lookup as account_lookup
from playground.services.jobs import active
from playground.services.launches import facts, preflight
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.invalidation import Event
from playground.services.workflows import lookup as workflow_lookup
from tests.web.conftest import ADD, ADDRESS, FIND, VALID, WORKFLOW, WORKSPACE
from tests.web.html_forms import posted_fields
from tests.web.launches.test_page import ACCOUNTS, CELL, READY, texts

PREFLIGHT = ADDRESS + "launch/preflight/"
NO_ACCOUNT = "Step 2: choose an account, or the job will pause at this step."
RUNNING = {"uid": "j-9", "status": "running", "number_inputs": 100}


def fields_of(response) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in posted_fields(response.content.decode(), "launch-form"):
        fields.setdefault(name, []).append(value)
    return fields


def head(response) -> list[str]:
    return texts(response, ".preflight-head .counts span")


def lines(response) -> list[tuple[str, str]]:
    found = LexborHTMLParser(response.content.decode()).css("#issues li")
    return [(node.attributes["class"], " ".join(node.text(deep=True).split())) for node in found]


def test_clean_launch_has_a_panel_without_lines(client, form):
    response = client.post(PREFLIGHT, form(**READY))

    assert (head(response), lines(response)) == (["ready to launch", "1 of 1 row ready"], [])


def test_each_line_leads_to_a_field_of_the_page(client, form):
    fields = form(**{f"steps-{ADD}-accounts": ["gone"], "delay": "-1"})
    page = LexborHTMLParser(client.post(ADDRESS + "launch/edit/", fields).content.decode())

    response = client.post(PREFLIGHT, fields)

    panel = LexborHTMLParser(response.content.decode())
    hrefs = [link.attributes["href"] for link in panel.css("#issues a")]
    ids = {f"#{node.attributes['id']}" for node in page.css("[id]")}
    assert len(hrefs) >= 3
    assert set(hrefs) - ids == set()


def test_page_shows_the_panel_without_scripts(client, form):
    response = client.post(ADDRESS + "launch/edit/", form(**READY | {ACCOUNTS: []}))

    assert lines(response) == [("stops", NO_ACCOUNT)]
    assert head(response) == ["1 thing stops it", "1 of 1 row ready"]


def test_stopped_launch_is_not_sent_and_comes_back_with_the_panel(client, form, hosted):
    response = client.post(ADDRESS + "launch/", form(**READY | {ACCOUNTS: []}))

    assert response.status_code == 422
    assert lines(response) == [("stops", NO_ACCOUNT)]
    assert texts(response, f"#field-steps-{ADD}-accounts-issue .stops") == [NO_ACCOUNT]
    assert (Launch.objects.count(), hosted.launches) == (0, [])


def test_second_submit_of_a_form_is_not_stopped_by_what_the_first_has_launched(
    client, form, hosted, monkeypatch
):
    def check_beside_a_twin(*given, **named):
        """While this submit is checked, the same form is launched, and its job fills the plan."""
        monkeypatch.setattr(preflight, "check_launch", check)
        client.post(ADDRESS + "launch/", fields)
        hosted.answers["jobs"] = lambda _: httpx.Response(200, json=[RUNNING])
        invalidation.make_stale(Event.JOB_CHANGED)
        return check(*given, **named)

    check, fields = preflight.check_launch, form(**READY)
    monkeypatch.setattr(preflight, "check_launch", check_beside_a_twin)

    response = client.post(ADDRESS + "launch/", fields)

    assert (response.status_code, response.headers["Location"]) == (303, "/jobs/j-1/")
    assert len(hosted.launches) == 1


def test_reason_launches_what_is_stopped_and_stays_on_record(client, form):
    fields = form(**READY | {ACCOUNTS: [], "override_reason": " Jane connects <it> at noon. "})

    launched = client.post(ADDRESS + "launch/", fields)

    made = Launch.objects.get()
    assert launched.headers["Location"] == "/jobs/j-1/"
    assert (made.override_reason, made.overridden) == ("Jane connects <it> at noon.", NO_ACCOUNT)
    page = client.get(f"/launches/{made.pk}/")
    assert texts(page, ".page > .notice.warning p") == [
        "Launched although preflight stopped it: “Jane connects <it> at noon.”"
    ]
    assert texts(page, ".page > .notice.warning li") == [NO_ACCOUNT]
    assert texts(client.get("/launches/"), "tbody .pill") == ["overridden"]


MOST = f"steps-{FIND}-parameters-most"
DAYS = {"repeat_option-type": "day"}


@pytest.mark.parametrize(
    "typed", [{MOST: "abc"}, {ACCOUNTS: ["unknown"]}, DAYS | {"repeat_option-value": "20000"}]
)
def test_payload_that_the_api_may_take_can_be_sent_with_a_reason(client, form, hosted, typed):
    fields = form(**READY | typed | {"override_reason": "See what it says."})

    client.post(ADDRESS + "launch/", fields)

    assert [request.content for request in hosted.launches] == [bytes(Launch.objects.get().payload)]


@pytest.mark.parametrize(
    "typed",
    [
        {CELL: ""},
        {"inputs-1-company": "Only a company"},
        {"inputs-0-meta": "[1]"},
        {"repeat_option-value": "3"},
        DAYS | {"repeat_option-value": "0"},
        {"delay": "-1", CELL: " "},
    ],
)
def test_no_reason_sends_what_the_api_refuses_for_certain(client, form, hosted, typed):
    fields = form(**READY | typed | {"override_reason": "See what it says."})

    response = client.post(ADDRESS + "launch/", fields)

    assert response.status_code == 422
    assert "refuses for certain" in texts(response, ".form-pane .notice")[0]
    assert (hosted.launches, Launch.objects.count()) == ([], 0)
    assert len(texts(response, "#preflight-refused")) == 1


def test_incomplete_rows_are_left_out_by_name_and_stay_in_the_table(client, form, hosted):
    rows = {"inputs-1-company": "Acme", "inputs-2-first_name": "Zoe", "inputs-3-meta": "[1]"}
    fields = form(**READY | rows)
    panel = client.post(ADDRESS + "launch/preflight/", fields)

    assert texts(panel, "#preflight-refused button") == ["Leave out the 2 incomplete rows"]
    assert texts(panel, "#preflight-refused span") == [
        "Rows 2 and 4 stay in the table, and are not sent with the others."
    ]
    page = client.post(ADDRESS + "launch/edit/", fields | {"action": ["leave-out"]})
    shorter = fields_of(page)
    assert (shorter["inputs-1-company"], shorter["inputs-3-meta"]) == (["Acme"], ["[1]"])
    assert "Rows 2 and 4 are left out" in " ".join(texts(page, "#issues .note"))
    client.post(ADDRESS + "launch/", shorter)
    assert json.loads(hosted.launches[0].content)["inputs"] == [
        {"first_name": "Ada"},
        {"first_name": "Zoe"},
    ]


def test_row_that_was_left_out_is_put_back_complete(client, form):
    fields = form(**READY | {"inputs-1-company": "Acme", "set_aside": ["1"]})

    back = fields_of(client.post(ADDRESS + "launch/edit/", fields | {"action": "put-back:1"}))

    assert "set_aside" not in back
    payload = json.loads(client.post(ADDRESS + "launch/payload.json", back).content)
    assert payload["inputs"] == [{"first_name": "Ada"}, {"company": "Acme"}]


@pytest.mark.parametrize("typed", [{CELL: "", "inputs-0-company": "Acme"}, {CELL: ""}])
def test_nothing_is_left_out_where_nothing_would_be_left(client, form, typed):
    panel = client.post(ADDRESS + "launch/preflight/", form(**READY | typed))

    assert texts(panel, "#preflight-refused button") == []


def test_reason_for_nothing_is_not_recorded(client, form):
    client.post(ADDRESS + "launch/", form(**READY | {"override_reason": "Why not"}))

    made = Launch.objects.get()
    assert (made.override_reason, made.overridden) == ("", "")


def test_blank_reason_is_none(client, form):
    response = client.post(
        ADDRESS + "launch/", form(**READY | {ACCOUNTS: [], "override_reason": " \n "})
    )

    assert (response.status_code, Launch.objects.count()) == (422, 0)


def test_person_without_the_right_may_not_override_and_is_not_offered_it(client, form, monkeypatch):
    def can(user, action, thing=None):
        return action != "override preflight" and original(user, action, thing)

    original = permissions.can
    monkeypatch.setattr(permissions, "can", can)
    fields = form(**READY | {ACCOUNTS: [], "override_reason": "I want to"})

    response = client.post(ADDRESS + "launch/", fields)

    assert texts(response, ".form-pane .notice p:first-child") == [
        (
            "Not launched: one thing stops it, and you may not launch it all the same. "
            "See what stops it"
        )
    ]
    assert texts(response, ".override") == []
    assert Launch.objects.count() == 0


def test_reason_survives_a_refusal_of_the_upstream(client, form, hosted):
    hosted.answers["schedule"] = lambda _: httpx.Response(400, json={"message": "No."})
    fields = form(**READY | {ACCOUNTS: [], "override_reason": "Try it"})

    response = client.post(ADDRESS + "launch/", fields)

    html = " ".join(response.content.decode().split())
    assert 'name="override_reason" form="launch-form" value="Try it"' in html


def test_plan_without_room_stops_the_launch(client, form, hosted):
    hosted.answers["jobs"] = lambda _: httpx.Response(200, json=[RUNNING])
    invalidation.forget_everything()

    response = client.post(PREFLIGHT, form(**READY))

    ((severity, message),) = lines(response)
    assert severity == "stops"
    assert message.startswith("100 inputs run or wait now, this launch has 1 more")


def test_same_payload_again_is_risky_and_says_who(client, form):
    fields = form(**READY)
    client.post(ADDRESS + "launch/", fields)

    response = client.post(PREFLIGHT, fields)

    number = Launch.objects.get().pk
    assert lines(response) == [
        ("risky", f"The same payload was launched just now by local (launch {number}).")
    ]


def test_warm_answers_are_not_asked_for_again_until_somebody_asks(client, form, hosted):
    fields = form(**READY)
    client.post(PREFLIGHT, fields)
    asked = len(hosted.requests)

    for _ in range(20):
        client.post(PREFLIGHT, fields)
    while_typing = len(hosted.requests) - asked
    client.post(ADDRESS + "launch/edit/", fields | {"action": ["check-again"]})

    paths = [request.url.path.rpartition("/")[2] for request in hosted.requests[asked:]]
    assert while_typing == 0
    assert sorted(paths) == ["accounts", "details", "jobs", "workspace"]


def test_workflow_is_renewed_while_somebody_types(client, form, hosted, monkeypatch):
    fields = form(**READY)
    monkeypatch.setattr(workflow_lookup._workflows, "age", lambda _: 61.0)
    steps = [step | {"integrations": []} for step in WORKFLOW["steps"]]
    hosted.answers["details"] = lambda _: httpx.Response(200, json=WORKFLOW | {"steps": steps})

    client.post(PREFLIGHT, fields)
    renewed = client.post(PREFLIGHT, fields)

    assert [severity for severity, _ in lines(renewed)] == ["stops"]
    assert "takes no account" in lines(renewed)[0][1]


def test_workflow_that_cannot_be_renewed_is_told_and_used_as_it_was(
    client, form, hosted, monkeypatch
):
    fields = form(**READY)
    monkeypatch.setattr(workflow_lookup._workflows, "age", lambda _: 61.0)
    hosted.answers["details"] = lambda _: httpx.Response(404, json={"message": "<b>Gone</b>"})

    response = client.post(PREFLIGHT, fields)

    (problem,) = texts(response, ".preflight-problem")
    assert problem.startswith("This workflow could not be looked at again, so it may have changed.")
    assert lines(response) == []


def take_away(hosted) -> None:
    def gone(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    for ending in hosted.answers:
        hosted.answers[ending] = gone


def test_checking_again_while_the_upstream_is_gone_loses_nothing(client, form, hosted):
    fields = form(**READY)
    take_away(hosted)

    again = client.post(ADDRESS + "launch/edit/", fields | {"action": ["check-again"]})
    asked = len(hosted.requests)
    previews = [client.post(ADDRESS + "launch/preview/", fields) for _ in range(3)]

    assert (again.status_code, [one.status_code for one in previews]) == (200, [200] * 3)
    assert "could not be looked at again" in texts(again, ".preflight-problem")[0]
    kept = dict(posted_fields(again.content.decode(), "launch-form"))
    assert (kept[CELL], kept[ACCOUNTS]) == (READY[CELL], VALID)
    assert texts(again, ".account .name") == ["Sales <team>", "Old"]
    assert len(hosted.requests) == asked


def test_upstream_that_is_gone_is_not_asked_on_every_keystroke(client, form, hosted, monkeypatch):
    fields = form(**READY)
    client.post(PREFLIGHT, fields)
    take_away(hosted)
    for cache in (workflow_lookup._workflows, workflow_lookup._listing):
        monkeypatch.setattr(cache, "age", lambda _: 700.0)
    asked = len(hosted.requests)

    for _ in range(5):
        client.post(PREFLIGHT, fields)

    paths = [request.url.path.rpartition("/")[2] for request in hosted.requests[asked:]]
    assert sorted(paths) == ["details", "workflows"]


def test_launch_that_was_never_sent_leaves_the_picker_as_it_was(client, form, hosted):
    fields = form(**READY)
    take_away(hosted)

    response = client.post(ADDRESS + "launch/", fields)

    assert response.status_code == 502
    assert texts(response, ".account .pill") == ["Classic", "valid", "shared", "not valid"]
    assert lines(response) == []


def test_account_of_an_integration_that_cannot_be_asked_is_not_called_missing(client, form, hosted):
    fields = form(**READY)
    invalidation.make_stale(Event.API_CALL)
    take_away(hosted)

    response = client.post(ADDRESS + "launch/edit/", fields)

    assert texts(response, ".account") == [f"{VALID} not known now"]
    assert "No account is connected" not in response.content.decode()


def without_names(count: int) -> dict[str, str]:
    """Cells of so many rows that differ, and lack what is required."""
    return {CELL: ""} | {f"inputs-{row}-company": f"Acme {row}" for row in range(count)}


def test_lines_that_say_the_same_of_many_rows_are_folded(client, form):
    cells = without_names(30)

    response = client.post(PREFLIGHT, form(**READY | cells | {ACCOUNTS: []}))

    panel = LexborHTMLParser(response.content.decode())
    shown = [node.text() for node in panel.css("#issues > li > a")]
    assert shown == [
        *(f"Row {number} needs a value for first_name." for number in range(1, 5)),
        NO_ACCOUNT,
    ]
    assert texts(response, "#issues summary") == ["17 more lines like these"]
    folded = [node.text() for node in panel.css("#issues details a")]
    assert (folded[0], folded[-1]) == (
        "Row 5 needs a value for first_name.",
        "And 10 more rows lack first_name.",
    )


def test_five_lines_of_a_kind_are_not_worth_folding(client, form):
    cells = without_names(5)

    response = client.post(PREFLIGHT, form(**READY | cells))

    assert (len(lines(response)), texts(response, "#issues summary")) == (5, [])


def test_launch_of_which_not_all_is_known_is_not_called_ready(client, form, hosted):
    hosted.answers["workspace"] = lambda _: httpx.Response(503)
    fields = form(**READY)
    invalidation.forget_everything()

    response = client.post(PREFLIGHT, fields)

    assert head(response) == ["nothing known stops it", "1 of 1 row ready"]


def test_age_of_the_answers_is_shown(client, form, monkeypatch):
    fields = form(**READY)
    client.post(PREFLIGHT, fields)
    for cache in (account_lookup._listings, facts._workspace, active._listings):
        monkeypatch.setattr(cache, "age", lambda _: 15.7)

    response = client.post(PREFLIGHT, fields)

    assert texts(response, ".checked") == ["checked 15 s ago check again"]


def test_failing_parts_are_named_and_the_rest_is_judged(client, form, hosted):
    hosted.answers["accounts"] = lambda _: httpx.Response(500, json={"message": "down"})
    hosted.answers["workspace"] = lambda _: httpx.Response(503, json={"message": "<i>later</i>"})
    fields = form(**READY)
    invalidation.make_stale(Event.LAUNCH)
    invalidation.make_stale(Event.ACCOUNTS_ASKED_FOR, integrations=["hubspot"])

    response = client.post(PREFLIGHT, fields | {CELL: [""], "inputs-0-company": ["Acme"]})

    told = [(severity, message.partition(",")[0]) for severity, message in lines(response)]
    assert told == [
        ("stops", "Row 1 needs a value for first_name."),
        ("risky", "Step 2: the accounts of hubspot are not known now"),
        ("note", "The plan and its quota are not known now"),
    ]
    assert "not available (503)" in lines(response)[2][1]


def test_slow_upstream_is_not_waited_for(client, form, hosted, monkeypatch, settings):
    settings.UPSTREAM_IS_SANDBOX = False
    fields = form(**READY)
    invalidation.forget_everything()
    monkeypatch.setattr(preflight, "PATIENCE", 0.05)
    go_on = threading.Event()

    def slow(_: httpx.Request) -> httpx.Response:
        assert go_on.wait(60)
        return httpx.Response(200, json=WORKSPACE)

    hosted.answers["workspace"] = slow
    early = client.post(PREFLIGHT, fields)
    go_on.set()
    facts._workspace.get("workspace", lambda: None, max_age=60)
    monkeypatch.setattr(preflight, "PATIENCE", 60)
    late = client.post(PREFLIGHT, fields)

    assert texts(early, ".checked span") == ["still asking"]
    assert (texts(late, ".checked span"), lines(late)) == ([], [])


@pytest.mark.parametrize("left", [None, "<b>many</b>", -5, 2**70])
def test_hostile_quotas_break_nothing(client, form, hosted, left):
    hosted.answers["workspace"] = lambda _: httpx.Response(
        200, json=WORKSPACE | {"tasks_left": left}
    )
    invalidation.forget_everything()

    response = client.post(PREFLIGHT, form(**READY))

    assert response.status_code == 200
    assert "<b>" not in "".join(message for _, message in lines(response))


def test_accounts_that_used_up_their_day_are_marked(client, hosted):
    limit = {
        "limit_name": "contacts <a day>",
        "limit_value": 20,
        "item_scraped": 20,
        "templates": ["t-1"],
    }
    account = {"uid": VALID, "name": "Sales", "is_valid": True, "limits": [limit]}
    listing = [
        {"uid": "w-9", "name": "Add", "template_uid": "t-1", "steps": [{"name": "Add to the CRM"}]}
    ]
    hosted.answers["accounts"] = lambda _: httpx.Response(200, json={"accounts": [account]})
    hosted.answers["workflows"] = lambda _: httpx.Response(200, json=listing)
    client.get("/workflows/")

    response = client.get(ADDRESS)

    assert texts(response, ".account") == [
        "Sales used up today 20 of 20 contacts <a day> used, 0 left today"
    ]


@pytest.mark.parametrize(
    ("integration", "links"),
    [
        ("hubspot", [f"/accounts/hubspot/{VALID}/edit/"]),
        ("a/ b", [f"/accounts/a%252F%20b/{VALID}/edit/"]),
        ("", []),
    ],
)
def test_expired_account_leads_to_where_it_is_connected_again(client, hosted, integration, links):
    account = {"uid": VALID, "is_valid": False, "application_permalink": integration}
    hosted.answers["accounts"] = lambda _: httpx.Response(200, json={"accounts": [account]})

    page = LexborHTMLParser(client.get(ADDRESS).content.decode())

    assert [node.attributes["href"] for node in page.css(".account a")] == links


def test_account_that_is_gone_stays_in_the_picker_by_its_uid(client, form):
    response = client.post(ADDRESS + "launch/edit/", form(**READY | {ACCOUNTS: ["gone-1"]}))

    assert "gone-1 not listed upstream" in texts(response, ".account")
    kept = [value for name, value in posted_fields(response.content.decode(), "launch-form")]
    assert "gone-1" in kept
