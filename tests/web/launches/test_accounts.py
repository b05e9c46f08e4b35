"""Many accounts to choose from: sorted, filtered, taken over to other steps, and never lost."""

from __future__ import annotations

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from playground.web.launches.accounts import MANY
from tests.web.conftest import ADD, ADDRESS, FIND, WORKFLOW
from tests.web.launches.test_page import raw_payload

THIRD = "c8cb1111-2222-4333-8444-555555555503"
OTHER = "c8cb1111-2222-4333-8444-555555555504"
OWNER = {"uid": "u-1", "full_name": "Grace Hopper", "accounts": [{"uid": "a-7"}]}
LISTS = {uid: f"steps-{uid}-accounts" for uid in (ADD, THIRD, OTHER)}


def accounts(count: int) -> list[dict[str, object]]:
    """Every third one is expired."""
    return [
        {"uid": f"a-{at}", "name": f"Account {at}", "is_valid": at % 3 != 0} for at in range(count)
    ]


@pytest.fixture
def many(hosted):
    """Three steps of HubSpot and one of Outlook, with 31 accounts of each."""
    step = WORKFLOW["steps"][1]
    more = [
        step | {"step_uid": THIRD, "position": 2},
        step | {"step_uid": OTHER, "position": 3, "integrations": ["outlook"]},
    ]
    workflow = WORKFLOW | {"steps": [*WORKFLOW["steps"], *more]}
    hosted.answers["details"] = lambda _: httpx.Response(200, json=workflow)
    hosted.answers["accounts"] = lambda _: httpx.Response(200, json={"accounts": accounts(31)})
    hosted.answers["users"] = lambda _: httpx.Response(
        200, json={"users": [OWNER], "nbr_users": 1, "limit": 50, "pages": 1}
    )
    return hosted


class Shown:
    """The accounts of one step as a page shows them: by UID, in their order."""

    def __init__(self, response, step: str = ADD) -> None:
        self.page = LexborHTMLParser(response.content.decode())
        self.part = self.page.css_first(f"#field-steps-{step}-accounts")
        labels = self.part.css("label.account")
        self.uids = [one.css_first("input").attributes["value"] for one in labels]
        self.hidden = [
            one.css_first("input").attributes["value"]
            for one in labels
            if "hidden" in one.attributes
        ]
        self.folded = [one.attributes["value"] for one in self.part.css(".expired-accounts input")]


def edit(client, fields, action: str):
    return client.post(ADDRESS + "launch/edit/", fields | {"action": [action]})


def test_a_few_accounts_stand_as_they_are_listed(client, hosted):
    hosted.answers["accounts"] = lambda _: httpx.Response(
        200, json={"accounts": accounts(MANY - 1)}
    )

    shown = Shown(client.get(ADDRESS))

    assert shown.uids == [f"a-{at}" for at in range(MANY - 1)]
    assert (shown.folded, shown.part.css("[data-filter]")) == ([], [])


def test_of_many_the_chosen_come_first_and_the_expired_are_folded(client, form, many):
    fields = form(**{LISTS[ADD]: ["a-30", "a-7", "a-gone"]})

    shown = Shown(edit(client, fields, "filter"))

    assert shown.uids[:4] == ["a-30", "a-7", "a-gone", "a-1"]
    assert shown.folded == [f"a-{at}" for at in range(0, 30, 3)]
    assert "10 accounts not valid" in shown.part.css_first("summary").text()
    assert sorted(shown.uids) == sorted([*(f"a-{at}" for at in range(31)), "a-gone"])
    assert raw_payload(client, fields)["steps"][1]["accounts"] == ["a-30", "a-7", "a-gone"]
    assert "Grace Hopper" in shown.part.css_first("label:has(input[value=a-7])").text()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("account 25", ["a-25"]),
        ("  HOPPER ", ["a-7"]),
        ("a-12", ["a-12"]),
        ("no such thing", []),
        ("", [f"a-{at}" for at in range(31)]),
    ],
)
def test_a_filter_without_scripts_hides_what_does_not_fit_but_nothing_chosen(
    client, form, many, text, left
):
    fields = form(**{LISTS[ADD]: ["a-2", "a-3"], f"filter-{ADD}": text})

    response = edit(client, fields, "filter")
    shown = Shown(response)

    assert set(shown.uids) - set(shown.hidden) == {*left, "a-2", "a-3"}
    assert shown.part.css_first("[data-filter]").attributes["value"] == text.strip()
    is_open = bool(shown.part.css(".expired-accounts[open]"))
    assert is_open == bool(text.strip() and set(left) & set(shown.folded))
    assert Shown(response, THIRD).hidden == []


def test_accounts_are_taken_over_to_the_steps_like_it_and_none_is_lost(client, form, many):
    fields = form(**{LISTS[ADD]: ["a-1", "a-2"], LISTS[THIRD]: ["a-5", "a-2"]})

    page = Shown(edit(client, fields, f"use-in-all:{ADD}")).page
    chosen = {
        uid: [one.attributes["value"] for one in page.css(f"[name='{name}'][checked]")]
        for uid, name in LISTS.items()
    }

    assert chosen == {ADD: ["a-1", "a-2"], THIRD: ["a-5", "a-2", "a-1"], OTHER: []}
    notice = page.css_first("#form-notice").text()
    assert notice == "2 accounts of this step now chosen in all 2 HubSpot steps."
    assert page.css_first("[autofocus]").attributes["value"] == f"use-in-all:{ADD}"


@pytest.mark.parametrize("step", [ADD, FIND, "no-such-step"])
def test_nothing_is_taken_over_where_nothing_is_chosen(client, form, many, step):
    fields = form(**{LISTS[THIRD]: ["a-5"]})

    page = Shown(edit(client, fields, f"use-in-all:{step}")).page

    assert page.css_first("#form-notice").text().startswith("Choose an account in this step first")
    assert [one.attributes["value"] for one in page.css(".account [checked]")] == ["a-5"]


def test_a_step_that_is_left_out_takes_nothing_over(client, form, many):
    fields = form(**{LISTS[ADD]: ["a-1"], f"steps-{THIRD}-left_out": "1"})

    page = Shown(edit(client, fields, f"use-in-all:{ADD}")).page

    assert page.css(f"[name='{LISTS[THIRD]}'][checked]") == []
