"""What is announced of a page, and where its focus goes: as far as its HTML says so."""

from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.web.conftest import ADDRESS, VALID
from tests.web.launches.test_page import CELL, READY

PAGES = (
    ADDRESS,
    "/workflows/?q=find",
    "/accounts/",
    "/users/",
    "/reference/?q=cookie",
    "/launches/",
)


def page_of(response) -> LexborHTMLParser:
    return LexborHTMLParser(response.content.decode())


def said(node: LexborNode | None) -> str:
    assert node is not None
    return " ".join((node.attributes["data-say"] or "").split())


def edit(client, fields, action: str):
    return page_of(client.post(ADDRESS + "launch/edit/", fields | {"action": [action]}))


@pytest.mark.parametrize("address", PAGES)
def test_only_the_one_region_of_the_frame_is_heard_of_what_is_swapped(client, address):
    page = page_of(client.get(address))

    live = page.css("main [aria-live], main [role=status], main [role=log], main output")
    told = page.css("[data-say]")
    assert [node.html for node in live] == []
    assert len(page.css("#said[role=status]")) == 1
    assert all(node.attributes.get("id") and len(said(node)) < 120 for node in told)


def test_preflight_is_heard_by_verdict_and_counts_alone(client, form):
    address, counts = ADDRESS + "launch/preflight/", "#preflight-counts"
    ready = said(page_of(client.post(address, form(**READY))).css_first(counts))
    other = said(page_of(client.post(address, form(**READY | {CELL: "Grace"}))).css_first(counts))
    stopped = said(page_of(client.post(address, form(**READY | {CELL: ""}))).css_first(counts))

    assert ready == other == "Preflight: ready to launch, 1 of 1 row ready."
    assert stopped == "Preflight: 1 thing stops it."


def test_a_search_is_heard_as_a_count(client):
    found = page_of(client.get("/workflows/?q=find")).css_first("#workflow-cards")
    none = page_of(client.get("/workflows/?q=nothing")).css_first("#workflow-cards")
    of_reference = page_of(client.get("/reference/?q=cookie")).css_first("#reference-results")

    assert said(found) == "1 workflow for “find”."
    assert said(none) == "0 workflows for “nothing”."
    assert re.fullmatch(r"\d+ found for “cookie”\.", said(of_reference))


@pytest.mark.parametrize(
    ("action", "changes", "focus"),
    [
        ("add-row", {}, "field-inputs-1-first_name"),
        ("add-column", {"new_column": "meta"}, "field-inputs-0-meta"),
        ("add-column", {"new_column": "first_name"}, "new-column"),
        ("remove-row:0", {}, "add-row"),
        ("remove-row:0", {"inputs-7-first_name": "Zoë"}, "field-inputs-7-first_name"),
        ("remove-row:7", {"inputs-7-first_name": "Zoë"}, f"field-{CELL}"),
        ("leave-out", {CELL: "Ada", "inputs-7-company": "acme"}, "put-back-7"),
        ("put-back:7", {"inputs-7-company": "acme"}, "field-inputs-7-company"),
        ("check-again", {}, None),
        ("no-such-action", {}, None),
    ],
)
def test_the_focus_goes_to_what_appeared(client, form, action, changes, focus):
    page = edit(client, form(**changes), action)

    assert [node.attributes.get("id") for node in page.css("[autofocus]")] == (
        [focus] if focus else []
    )


def test_what_is_swapped_with_its_own_button_gives_the_button_an_id(client, form):
    """htmx gives the focus back to what has the same id afterwards."""
    page = page_of(client.get(ADDRESS))

    buttons = [node.attributes for node in page.css("button[hx-post]")]
    assert [one["value"] for one in buttons if not one.get("id")] == []


def test_cells_and_buttons_of_rows_tell_their_row_and_what_is_required(client, form):
    page = edit(client, form(**{CELL: "Ada", "inputs-7-first_name": "Zoë"}), "none")

    rows = page.css("#input-rows tr")
    names = [
        [node.attributes["aria-label"] for node in row.css("input[aria-label], button")]
        for row in rows
    ]
    assert names == [
        [
            f"Select row {number}",
            f"first_name, row {number}",
            f"company, row {number}",
            f"Remove row {number}",
        ]
        for number in (1, 2)
    ]
    required = page.css("#input-rows [aria-required=true]")
    assert [node.attributes["name"] for node in required] == [CELL, "inputs-7-first_name"]
    assert page.css("#input-rows [required]") == []
    assert len(page.css("#input-rows th[scope=row]")) == 2
    assert page.css_first("table.rows caption").text()


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("/accounts/linkedin/new/", {"name": True, "cookie-li_at": False}),
        ("/accounts/outlook/new/", {"name": True, "username": True, "password": True}),
        ("/accounts/hubspot/new/", {"name": True, "api_key": True}),
        (f"/accounts/hubspot/{VALID}/edit/", {}),
        ("/users/new/", {"email": False}),
        ("/reference/get_job/try/", {"path-job_uid": True}),
        ("/reference/save_user/try/", {"body": True}),
    ],
)
def test_what_a_form_requires_is_marked_to_be_seen_and_heard(client, address, wanted):
    """True for what nothing else can stand for: that is said to programs, too."""
    page = page_of(client.get(address))

    marked = [node.parent for node in page.css("form label .required-mark")]
    fields = {
        page.css_first(f"#{node.attributes['for']}").attributes["name"]: node for node in marked
    }
    shown = {name: one for name, one in fields.items() if name in wanted or not wanted}
    assert set(shown) == set(wanted)
    heard = {node.attributes["name"] for node in page.css("form [aria-required=true]")}
    assert heard >= {name for name, is_only_way in wanted.items() if is_only_way}
    assert not heard & {name for name, is_only_way in wanted.items() if not is_only_way}
    assert all(re.search(r"\srequired\b", node.text()) for node in shown.values())
    assert page.css("form [required]") == []
