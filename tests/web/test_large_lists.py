"""However much the upstream puts on one of its pages, ours stay such that can be opened."""

from __future__ import annotations

import httpx
import pytest

from playground.web.launches import accounts
from tests.web.conftest import ADD, ADDRESS, WORKFLOW_UID

COUNT, MOST_BYTES = 700, 2_000_000
NAME = "<" * 1_500
JOB = {"uid": "j-1", "name": NAME * 900, "status": "finished", "error_message": NAME * 900}


@pytest.fixture(autouse=True)
def _large(hosted):
    def told(request: httpx.Request) -> bool:
        """The first page, under either way of counting."""
        return request.url.params.get("page", "0") == "0"

    def items(**more):
        return [{"uid": f"{at:04}", "name": NAME, **more} for at in range(COUNT)]

    def list_of(things, key=""):
        def answer(request: httpx.Request) -> httpx.Response:
            found = things if told(request) else []
            return httpx.Response(200, json={key: found} if key else found)

        return answer

    hosted.answers |= {
        "workflows": list_of(items()),
        "jobs": list_of(items(status="finished", error_message=NAME)),
        "users": list_of(items(full_name=NAME), "users"),
        "accounts": list_of(items(is_valid=True, level=NAME), "accounts"),
        "j-1": lambda _: httpx.Response(200, json=JOB),
    }


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/workflows/", "200 workflows more are not shown"),
        (f"/workflows/{WORKFLOW_UID}/jobs/", "200 entries more of this page are not shown"),
        ("/users/", "200 users more are not shown"),
        ("/jobs/j-1/", "…</h1>"),
        ("/jobs/j-1/status/", "…</h1>"),
        ("/accounts/hubspot/new/", "…</option>"),
        (ADDRESS, "200 accounts more are not listed."),
    ],
)
def test_a_page_is_bounded_and_says_what_it_leaves_out(client, address, said):
    page = client.get(address)

    assert page.status_code == 200
    assert said in page.content.decode()
    assert len(page.content) < MOST_BYTES


def test_what_is_left_out_is_found_by_searching(client):
    assert client.get("/workflows/?q=0699").content.count(b'class="card"') == 1


def test_an_account_that_is_left_out_is_found_by_filtering_and_stays_chosen(
    client, form, monkeypatch
):
    monkeypatch.setattr(accounts, "MOST_OFFERED", 60)
    name = f"steps-{ADD}-accounts"
    fields = form(**{name: ["0688"], f"filter-{ADD}": "0699", "action": "filter"})

    page = client.post(f"{ADDRESS}launch/edit/", fields).content.decode()

    offered = [uid for uid in ("0001", "0687", "0688", "0699") if f'value="{uid}"' in page]
    assert offered == ["0001", "0688", "0699"]
    assert "2 of\n700 accounts shown" in page
