"""Two tabs, one payload: what was launched since a page was drawn is asked about, once."""

from __future__ import annotations

import json
import uuid

import pytest
from selectolax.lexbor import LexborHTMLParser

from playground.models import Launch, LaunchState
from playground.services.launches import preflight
from tests.web.conftest import ADD, ADDRESS, VALID
from tests.web.html_forms import posted_fields

CELL = "inputs-0-first_name"
READY = {CELL: "Ada", f"steps-{ADD}-accounts": [VALID]}
EVERY_HOUR = {"repeat_option-type": "hour", "repeat_option-value": "1"}


def texts(response, selector: str) -> list[str]:
    parser = LexborHTMLParser(response.content.decode())
    return [" ".join(node.text(deep=True).split()) for node in parser.css(selector)]


def launch(client, fields):
    return client.post(ADDRESS + "launch/", fields)


def fields_of(response) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in posted_fields(response.content.decode(), "launch-form"):
        fields.setdefault(name, []).append(value)
    return fields


def test_second_tab_is_asked_with_the_name_of_the_other_launch_and_yes_sends(client, form, hosted):
    first, second = form(**READY), form(**READY)
    launch(client, first)

    asked = launch(client, second)
    yes = launch(client, fields_of(asked))

    number = Launch.objects.earliest("pk").pk
    assert asked.status_code == 409
    assert texts(asked, ".form-pane .notice p")[0] == (
        "Nothing was sent yet, because of what was launched since this page was drawn. The same "
        f"payload was launched just now by local (launch {number})."
    )
    assert texts(asked, ".notice button") == ["Launch this as well"]
    assert yes.headers["Location"] == "/jobs/j-2/"
    assert len(hosted.launches) == 2


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (LaunchState.UNKNOWN, 409),
        (LaunchState.SENDING, 409),
        (LaunchState.REJECTED, 303),
        (LaunchState.UNREACHABLE, 303),
    ],
)
def test_only_a_launch_that_may_have_arrived_is_asked_about(client, form, state, status):
    first, second = form(**READY), form(**READY)
    launch(client, first)
    Launch.objects.update(state=state, job_uid="")

    assert launch(client, second).status_code == status


def test_same_rows_under_another_name_are_asked_about_and_other_rows_are_not(client, form):
    pages = [form(**READY), form(**READY | {"job_name": "B"}), form(**READY | {CELL: "Zoe"})]

    assert [launch(client, page).status_code for page in pages] == [303, 409, 303]


def test_what_the_page_or_its_preflight_could_show_is_not_asked_about_again(client, form):
    early = form(**READY)
    launch(client, form(**READY))
    late = form(**READY)
    panel = client.post(ADDRESS + "launch/preflight/", early).content.decode()
    told = LexborHTMLParser(panel).css_first("input[name=launches_seen]").attributes

    assert told["form"] == "launch-form"
    early["launches_seen"].append(told["value"])
    assert launch(client, early).status_code == 303
    assert launch(client, late).status_code == 409


@pytest.mark.parametrize("name", [{}, {"job_name": "  ", "kind-job_name": "text"}])
def test_schedule_of_the_same_name_that_came_meanwhile_is_said_before_there_are_two(
    client, form, name
):
    first, second = form(**READY, **EVERY_HOUR), form(**READY | {CELL: "Zoe"}, **EVERY_HOUR)
    launch(client, first | name)

    asked = launch(client, second)

    number = Launch.objects.get().pk
    assert asked.status_code == 409
    assert texts(asked, ".form-pane .notice p")[0].endswith(
        f"A schedule named “Find & add” is there already (launch {number}, by local, just now): "
        "removing one removes both. Choose another job name."
    )
    assert launch(client, fields_of(asked)).status_code == 303


def test_two_tabs_that_launch_at_once_are_not_both_sent(client, form, hosted, monkeypatch):
    """The other launch is recorded while this one is being checked."""
    first, second = form(**READY), form(**READY)
    check, others = preflight.check_launch, [first]

    def check_while_another_launches(*args, **kwargs):
        found = check(*args, **kwargs)
        if others:
            launch(client, others.pop())
        return found

    monkeypatch.setattr(preflight, "check_launch", check_while_another_launches)
    asked = launch(client, second)

    assert asked.status_code == 409
    assert len(hosted.launches) == Launch.objects.count() == 1
    assert launch(client, fields_of(asked)).status_code == 303


def test_second_submit_of_one_form_is_answered_and_not_asked(client, form, hosted):
    fields = form(**READY)
    launch(client, fields)

    assert launch(client, fields).headers["Location"] == "/jobs/j-1/"
    assert len(hosted.launches) == 1


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "٣"])
def test_nonsense_about_what_was_seen_asks_nothing(client, form, number):
    launch(client, form(**READY))
    fields = form(**READY) | {"launches_seen": [number], "launch_token": [str(uuid.uuid4())]}

    response = launch(client, fields)

    assert response.status_code == 303
    assert json.loads(bytes(Launch.objects.latest("pk").payload))["inputs"] == [
        {"first_name": "Ada"}
    ]


@pytest.mark.parametrize("way", ["typed", "pasted", "relaunched"])
def test_schedule_is_named_in_preflight_and_beside_the_button_however_it_came(client, form, way):
    fields = form(**READY, **EVERY_HOUR)
    if way == "typed":
        page = client.post(ADDRESS + "launch/edit/", fields)
    elif way == "pasted":
        body = client.post(ADDRESS + "launch/payload.json", fields).content.decode()
        page = client.post(ADDRESS + "launch/edit/", {"pasted": body, "action": "read-payload"})
    else:
        launch(client, fields)
        page = client.get(f"{ADDRESS}?launch={Launch.objects.get().pk}")
    panel = client.post(ADDRESS + "launch/preflight/", fields)

    for answer, beside in ((page, ".launch-bar #launch-timing"), (panel, "[hx-swap-oob]")):
        (told,) = texts(answer, ".preflight-timing a[href='#field-repeat_option-value']")
        assert told.startswith("Launched now, it runs at once, again at ")
        assert texts(answer, beside) == [
            "Repeats every hour, first at once, until the schedule is removed."
        ]


def test_launch_that_runs_once_names_no_schedule(client, form):
    panel = client.post(ADDRESS + "launch/preflight/", form(**READY))

    assert texts(panel, ".preflight-timing") == []
    assert texts(panel, "[hx-swap-oob]") == [""]
