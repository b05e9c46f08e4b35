"""Rows that are kept on the server, in the launch form: shown, changed to and fro, and sent."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from playground.models import Launch, LaunchGroup, RowSet
from playground.row_sets.repairs import Repair
from playground.services import people
from playground.services.launches import parts, split
from playground.services.row_sets import repair
from playground.web import fragments
from playground.web.fragments import VERSION_HEADER
from tests.services.row_sets.row_sets import NOW
from tests.upstreams import AnsweringTransport
from tests.web.conftest import ADD, ADDRESS, VALID
from tests.web.html_forms import fields_of, nodes, texts

PEOPLE = [f"Person {number}" for number in range(60)]
PASTE = "first_name\tcompany_name\n" + "".join(
    f"{name}\t00{at}\n" for at, name in enumerate(PEOPLE)
)
EXPECTED = [{"company": f"00{at}", "first_name": name} for at, name in enumerate(PEOPLE)]


@pytest.fixture
def form(form):
    """With the account that the second step needs."""
    return lambda **changes: form(**{f"steps-{ADD}-accounts": [VALID]} | changes)


def edit(client: Client, fields: dict[str, Any], action: str) -> tuple[Any, dict[str, list[str]]]:
    response = client.post(ADDRESS + "launch/edit/", fields | {"action": [action]})
    return response, fields_of(response)


def payload(client: Client, fields: dict[str, Any]) -> Any:
    return json.loads(client.post(ADDRESS + "launch/payload.json", fields).content)


def test_many_pasted_rows_become_a_table_that_is_sent(client, form, hosted):
    response, fields = edit(client, form(cells=PASTE), "fill-cells")

    (row_set,) = RowSet.objects.all()
    assert fields["row_set"] == [str(row_set.pk)]
    assert "60 rows" in texts(response, ".kept-table-name")[0]
    assert not any(name.startswith("inputs-") for name in fields)
    assert payload(client, fields)["inputs"] == EXPECTED
    assert client.post(ADDRESS + "launch/", fields).status_code == 303
    launch = Launch.objects.get()
    assert json.loads(bytes(launch.payload)) == payload(client, fields)
    assert json.loads(hosted.launches[0].content)["inputs"] == EXPECTED
    preview = client.post(ADDRESS + "launch/preview/", fields)
    (shown,) = texts(preview, "#payload-json")
    assert texts(preview, ".fingerprint") == [launch.fingerprint]
    assert "Person 19" in shown
    assert "… 40 more" in shown
    assert "Person 20" not in shown
    assert "row 2 of Pasted rows · company" in preview.content.decode()


def test_a_file_of_many_rows_becomes_a_table_with_its_name(client, form):
    file = SimpleUploadedFile("leads.csv", PASTE.replace("\t", ";").encode("utf-16"))

    response, fields = edit(client, {**form(), "file": file}, "fill-cells")

    assert RowSet.objects.get().name == "leads.csv"
    assert payload(client, fields)["inputs"] == EXPECTED
    assert "leads.csv" in texts(response, ".kept-table-name")[0]


def test_rows_that_were_typed_are_in_the_table_too(client, form):
    typed = {
        "inputs-0-first_name": "Zo\u00eb",
        "inputs-0-company": " ",
        "inputs-0-town": "K\u00f6ln",
    }

    _, fields = edit(client, form(cells=PASTE, **typed), "fill-cells")

    first, *others = payload(client, fields)["inputs"]
    assert first == {"first_name": "Zo\u00eb", "town": "K\u00f6ln"}
    assert others == EXPECTED


def test_rows_go_from_fields_to_a_table_and_back(client, form):
    typed = {
        "inputs-0-first_name": "Zo\u00eb",
        "inputs-1-first_name": "O'Brien\nJr",
        "inputs-1-company": "007",
        "inputs-2-first_name": "null",
    }
    before = payload(client, form(**typed))

    _, kept = edit(client, form(**typed), "rows-as-table")
    _, again = edit(client, kept, "rows-as-fields")

    assert RowSet.objects.count() == 1
    assert payload(client, kept)["inputs"] == before["inputs"]
    assert payload(client, again) == before
    _, without = edit(client, kept, "take-table-out")
    assert "row_set" not in without
    assert payload(client, without)["inputs"] == []


def test_more_rows_go_behind_those_of_the_table(client, form):
    _, fields = edit(client, form(cells=PASTE), "fill-cells")

    _, more = edit(client, fields | {"cells": ["Zo\u00eb\tACME"]}, "fill-cells")

    assert payload(client, more)["inputs"] == [
        *EXPECTED, {"first_name": "Zo\u00eb", "company": "ACME"}
    ]  # fmt: skip


def test_a_table_that_lacks_what_is_needed_is_not_sent(client, form):
    _, fields = edit(client, form(cells=PASTE.replace("Person 7\t", "\t")), "fill-cells")

    answer = client.post(ADDRESS + "launch/", fields)

    assert answer.status_code == 422
    assert any("1 row lacks a value for first_name" in one for one in texts(answer, "#issues li"))
    assert not Launch.objects.exists()


def test_a_table_that_was_changed_under_the_form_is_shown_first(client, form):
    _, fields = edit(client, form(cells=PASTE), "fill-cells")
    row_set = RowSet.objects.get()
    what = Repair(action="set", column=0, rows=frozenset({0}), text="Zo\u00eb")
    repair.apply(people.get_local_user(), row_set, row_set.version, what, now=NOW)

    answer = client.post(ADDRESS + "launch/", fields)

    assert answer.status_code == 409
    assert "were changed since" in texts(answer, "#refusal p")[0]
    assert not Launch.objects.exists()
    assert client.post(ADDRESS + "launch/", fields_of(answer)).status_code == 303
    assert json.loads(bytes(Launch.objects.get().payload))["inputs"][0]["first_name"] == "Zo\u00eb"


@pytest.mark.parametrize("number", ["7", "9" * 18, "9" * 30, "x", "-1", ""])
def test_rows_that_are_not_there_are_no_launch(client, form, number):
    answer = client.post(ADDRESS + "launch/", form(row_set=number))

    assert answer.status_code == 422
    assert not Launch.objects.exists()


def test_somebody_elses_rows_are_nobodys(client, form, django_user_model):
    _, fields = edit(client, form(cells=PASTE), "fill-cells")
    RowSet.objects.update(user=django_user_model.objects.create_user("grace"))

    shown = client.post(ADDRESS + "launch/preview/", fields).content.decode()

    assert "Person" not in shown
    assert payload(client, fields)["inputs"] == []
    assert client.post(ADDRESS + "launch/", fields).status_code == 422


def test_the_page_begins_with_a_table(client, form):
    edit(client, form(cells=PASTE), "fill-cells")
    row_set = RowSet.objects.get()

    page = client.get(f"{ADDRESS}?row_set={row_set.pk}")

    assert fields_of(page)["row_set"] == [str(row_set.pk)]


def test_a_trial_takes_the_first_rows(client, form):
    _, fields = edit(client, form(cells=PASTE), "fill-cells")

    trial = fields_of(client.post(ADDRESS + "launch/trial/", fields | {"trial_rows": ["2"]}))

    assert [trial["inputs-0-first_name"], trial["inputs-1-first_name"]] == [
        [one] for one in PEOPLE[:2]
    ]
    assert "inputs-2-first_name" not in trial


def test_a_launch_can_be_several(client, form, hosted: AnsweringTransport):
    _, fields = edit(client, form(cells=PASTE), "fill-cells")

    answer = client.post(ADDRESS + "launch/", fields | {"split_rows": ["25"]})

    group = LaunchGroup.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == f"/launches/groups/{group.pk}/"
    split.send_parts.call(group.pk)
    bodies = [json.loads(request.content)["inputs"] for request in hosted.launches]
    assert [len(body) for body in bodies] == [25, 25, 10]
    assert [row for body in bodies for row in body] == EXPECTED
    page = client.get(f"/launches/groups/{group.pk}/")
    assert "60 of 60 rows" in texts(page, "#group-state")[0]
    first = Launch.objects.order_by("pk").first()
    assert "rows 1 to 25 of 60" in client.get(f"/launches/{first.pk}/").content.decode()
    client.post(f"/launches/groups/{group.pk}/stop/")
    group.refresh_from_db()
    assert group.state == "done"


def test_a_split_launch_is_stopped_and_goes_on_by_hand(client, form, hosted):
    _, fields = edit(client, form(cells=PASTE), "fill-cells")
    client.post(ADDRESS + "launch/", fields | {"split_rows": ["30"]})
    group = LaunchGroup.objects.get()

    client.post(f"/launches/groups/{group.pk}/stop/")
    split.send_parts.call(group.pk)
    assert not hosted.launches
    assert "Stopped by local" in client.get(f"/launches/groups/{group.pk}/").content.decode()
    client.post(f"/launches/groups/{group.pk}/go-on/")
    split.send_parts.call(group.pk)
    assert len(hosted.launches) == 2


@pytest.fixture
def group(client, form, monkeypatch) -> LaunchGroup:
    """Not sent yet: twelve parts of a row each, on three pages."""
    monkeypatch.setattr(parts, "PAGE_SIZE", 5)
    rows = {f"inputs-{at}-first_name": name for at, name in enumerate(PEOPLE[:12])}
    client.post(ADDRESS + "launch/", form(**rows, split_rows="1"))
    return LaunchGroup.objects.get()


def parts_on(page) -> list[str]:
    return texts(page, "#launch-group-parts tbody tr")


def test_a_split_launch_shows_a_page_of_its_parts_and_what_is_next(client, group, hosted):
    address = f"/launches/groups/{group.pk}/"
    take = hosted.answers["schedule"]
    hosted.answers["schedule"] = lambda request: (
        take(request) if len(hosted.launches) != 7 else httpx.Response(422)
    )

    before = client.get(address)
    assert (len(parts_on(before)), parts_on(before)[0]) == (5, "Part 1 rows 1 to 1 not sent yet")
    assert "Part 1 (rows 1 to 1) is sent next" in texts(before, ".uses")[0]
    split.send_parts.call(group.pk)

    page = client.get(address)
    assert "6 of 12 launches, 6 of 12 rows" in texts(page, "#group-state")[0]
    assert parts_on(page)[0].startswith("Part 6 rows 6 to 6 Launch")
    refused = Launch.objects.get(state="rejected")
    assert texts(page, ".uses li") == [f"Part 7 Launch {refused.pk} Rejected"]
    last = client.get(f"{address}?page=99")
    assert (len(parts_on(last)), parts_on(last)[-1]) == (2, "Part 12 rows 12 to 12 not sent yet")
    assert "hx-get" not in nodes(page, "#launch-group-state")[0].attributes


def test_a_split_launch_asks_for_what_changed_alone(client, group, django_assert_max_num_queries):
    address = f"/launches/groups/{group.pk}/"
    page = client.get(address)
    polled = [one.attributes["hx-get"] for one in nodes(page, "#main [hx-get]")]
    assert [one.partition("seen=")[0] for one in polled] == [
        f"{address}state/?", f"{address}parts/?page=1&"
    ]  # fmt: skip
    version = {"HX-Request": "true", VERSION_HEADER: fragments.version()}
    assert json.loads(nodes(page, "body")[0].attributes["hx-headers"])[VERSION_HEADER]
    assert client.get(polled[0], headers=version).status_code == 204
    with django_assert_max_num_queries(12):
        assert [client.get(one).status_code for one in polled] == [204, 204]
    others = client.get(f"{address}?page=3")

    split.send_parts.call(group.pk)

    state, shown = map(client.get, polled)
    assert (state.status_code, state.headers["HX-Trigger"]) == (200, "launch-group-changed")
    assert "12 of 12" in texts(state, "#group-state")[0]
    assert parts_on(shown)[0].startswith("Part 1 rows 1 to 1 Launch")
    assert not nodes(state, "[hx-get]") + nodes(shown, "[hx-get]")
    assert (
        client.get(nodes(others, "#launch-group-parts")[0].attributes["hx-get"]).status_code == 200
    )


def test_a_large_launch_is_launched_again_just_as_it_was(client, form, hosted):
    rows = [{"first_name": name, "town": "", "meta": {"at": at}} for at, name in enumerate(PEOPLE)]
    pasted = {"job_name": "Again", "inputs": rows * 30, "steps": []}
    _, fields = edit(client, form(pasted=json.dumps(pasted)), "read-payload")

    assert payload(client, fields) == pasted
    client.post(ADDRESS + "launch/", fields | {"override_reason": ["a test"]})
    first = Launch.objects.get()
    assert json.loads(bytes(first.payload)) == pasted
    asked = client.get(f"{ADDRESS}?launch={first.pk}")
    assert "1,800 rows are more than fields can show" in texts(asked, ".lead")[0]
    answer = client.post(f"/launches/{first.pk}/again/")
    again = fields_of(client.get(answer["Location"]))
    assert payload(client, again) == pasted
    assert again["relaunch_of"] == [str(first.pk)]


def test_rows_keep_their_keys_on_the_way_to_a_table(client, form):
    typed = {
        "inputs-0-first_name": "Zo\u00eb",
        "inputs-0-town": "K\u00f6ln",
        "inputs-0-meta": '{"a": 1}',
    }
    before = payload(client, form(**typed))

    _, kept = edit(client, form(**typed), "rows-as-table")
    _, back = edit(client, kept, "rows-as-fields")

    assert before["inputs"] == [{"first_name": "Zo\u00eb", "town": "K\u00f6ln", "meta": {"a": 1}}]
    assert payload(client, kept) == payload(client, back) == before


def test_a_launch_without_rows_says_so_where_they_are_to_be_kept(client, form):
    client.post(ADDRESS + "launch/", form(**{"inputs-0-first_name": "Ada"}))
    launch = Launch.objects.get()
    Launch.objects.update(payload=b'{"inputs": [], "steps": []}')

    answer = client.post(f"/launches/{launch.pk}/again/")

    assert answer.status_code == 422
    assert "no rows of inputs" in texts(answer, "#refusal")[0]
    assert not RowSet.objects.exists()


ODD_ROWS = [
    {},
    {"first_name": "Ada", " town": "K\u00f6ln", "\u200b": "x"},
    {"first_name": ""},
    {"first_name": " \n", "company": None},
    {"first_name": "Zo\u00eb", "meta": {}, "t" * 300: [1.5, {"a": None}]},
    {},
]


@pytest.mark.parametrize("inputs", [ODD_ROWS, [{}], [{}, {"first_name": ""}]])
def test_rows_from_a_form_to_a_table_and_back_are_the_same(client, form, inputs):
    pasted = {"job_name": "Odd", "inputs": inputs, "steps": []}
    _, typed = edit(client, form(pasted=json.dumps(pasted)), "read-payload")

    _, kept = edit(client, typed, "rows-as-table")
    _, back = edit(client, kept, "rows-as-fields")

    assert RowSet.objects.get().rows == len(inputs)
    assert client.get(f"/row-sets/{RowSet.objects.get().pk}/").status_code == 200
    assert payload(client, typed) == payload(client, kept) == payload(client, back) == pasted


def test_keys_that_the_workflow_does_not_have_are_told_of_a_table_too(client, form):
    typed = {"inputs-0-first_name": "Ada", "inputs-0-town": "K\u00f6ln", "inputs-0-meta": "{}"}
    _, kept = edit(client, form(**typed), "rows-as-table")

    told = client.post(ADDRESS + "launch/preflight/", kept)

    (line,) = [one for one in texts(told, "li") if "not a key" in one]
    assert "town is not a key of this workflow: it is sent, and ignored." in line
    listed = client.post(ADDRESS + "row-sets/", {"text": "first_name\ttown\nAda\tRome\n"})
    _, fields = edit(client, kept | {"row_set": [listed["Location"].split("/")[2]]}, "")
    assert not [one for one in texts(client.post(ADDRESS + "launch/preflight/", fields), "li")
                if "not a key" in one]  # fmt: skip


def test_rows_that_were_set_aside_are_said_to_stay_out_of_the_table(client, form):
    typed = {"inputs-0-first_name": "Ada", "inputs-1-first_name": "Zo\u00eb", "set_aside": "1"}
    response, fields = edit(client, form(**typed), "rows-as-table")

    assert payload(client, fields)["inputs"] == [{"first_name": "Ada"}]
    assert "Rows that are set aside are not in the table." in response.content.decode()
