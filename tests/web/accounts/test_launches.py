"""From an account to the launches that named it, and how old what is shown of it is."""

from __future__ import annotations

import httpx

from playground.services.accounts import lookup as account_lookup
from tests.web.conftest import ADDRESS, EXPIRED, VALID
from tests.web.launches.test_page import ACCOUNTS, READY, texts

ACCOUNT = f"/accounts/hubspot/{VALID}/"


def test_account_shows_the_launches_that_named_it_newest_first(client, form):
    client.post(ADDRESS + "launch/", form(**READY | {"job_name": "First <one>"}))
    client.post(ADDRESS + "launch/", form(**READY | {"job_name": "Second"}))
    other = {ACCOUNTS: [EXPIRED], "job_name": "Other", "override_reason": "To see it pause"}
    client.post(ADDRESS + "launch/", form(**READY | other))

    page = client.get(ACCOUNT)

    assert texts(page, "[aria-labelledby=launches-of] li a:first-child") == [
        "Second",
        "First <one>",
    ]
    assert texts(
        client.get(f"/accounts/hubspot/{EXPIRED}/"), "[aria-labelledby=launches-of] a"
    ) == [
        "Other",
        "Job",
    ]


def test_list_of_launches_can_be_narrowed_to_an_account(client, form):
    for number in range(11):
        client.post(ADDRESS + "launch/", form(**READY | {"job_name": f"Launch {number}"}))

    shown = client.get(ACCOUNT)
    narrowed = client.get(f"/launches/?account={VALID}")
    nothing = client.get("/launches/?account=%00nobody")

    assert texts(shown, "[aria-labelledby=launches-of] p a") == ["All 11"]
    assert len(texts(narrowed, "tbody tr")) == 11
    assert texts(narrowed, ".lead") == [f"Those that name the account {VALID}. Show all"]
    assert texts(nothing, ".empty") == ["No launch fits. Show all"]


def test_account_that_was_named_by_nobody_says_so(client):
    page = client.get(ACCOUNT)

    assert texts(page, "[aria-labelledby=launches-of] p") == ["None from this playground."]


def test_age_of_the_accounts_is_shown_and_can_be_renewed(client, hosted, monkeypatch):
    client.get("/accounts/")
    with monkeypatch.context() as patch:
        patch.setattr(account_lookup._listings, "age", lambda _: 40.2)
        shown = client.get("/accounts/")
    asked = len(hosted.requests)
    hosted.answers["accounts"] = lambda _: httpx.Response(200, json={"accounts": []})

    checked = client.post("/accounts/check/", {"integration": "hubspot"})
    again = client.get(checked.headers["Location"])

    assert texts(shown, ".checked") == ["checked 40 s ago check again"]
    paths = [request.url.path for request in hosted.requests[asked:]]
    assert [path for path in paths if path != "/v3/users"] == ["/v3/integrations/hubspot/accounts"]
    assert texts(again, ".integration .none") == ["No account is connected."]
