"""The history of launches: filters, pages, the file, and a week at a glance."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import uuid

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from selectolax.lexbor import LexborHTMLParser

from playground.models import Launch, LaunchGroup, LaunchGroupState, LaunchPart, LaunchState
from playground.services.ledger import launches as launch_ledger

NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _local(settings, db) -> None:
    settings.SIGN_IN = "local"


def launched(name: str, status: str = "", *, days: int = 0, by: str = "ada", **columns) -> Launch:
    user, _ = User.objects.get_or_create(username=by)
    values = {
        "launch_token": uuid.uuid4(),
        "user": user,
        "workflow_uid": "w-1",
        "workflow_name": "Find an e-mail",
        "job_name": name,
        "payload": b'{"inputs": []}',
        "fingerprint": "0" * 12,
        "row_count": 3,
        "upstream": "sandbox",
        "state": LaunchState.LAUNCHED,
        "job_uid": str(uuid.uuid4()),
        "job_status": status,
        "job_rows": 2 if status else None,
        "job_seen_at": NOON if status else None,
        "created_at": NOON - days * DAY,
    }
    return Launch.objects.create(**values | columns)


def texts(page, selector: str) -> list[str]:
    nodes = LexborHTMLParser(page.content.decode()).css(selector)
    return [" ".join(node.text(deep=True).split()) for node in nodes]


def named(query: str) -> list[str]:
    return texts(Client().get(f"/launches/?{query}"), "tbody td:first-child > a:first-child")


def test_list_is_narrowed_by_outcome_person_and_days():
    launched("done", "finished")
    launched("old spelling", "completed", days=1)
    launched("broken", "shutdown", by="Zoë")
    launched("bad rows", "warning", days=2)
    launched("waits", "paused")
    launched("goes on", "running")
    launched("new")
    launched("refused", state=LaunchState.REJECTED, job_uid="")

    assert named("outcome=succeeded") == ["done", "old spelling"]
    assert named("outcome=failed") == ["broken", "bad rows"]
    assert named("outcome=paused") == ["waits"]
    assert named("outcome=under-way") == ["goes on"]
    assert named("outcome=not-seen") == ["new"]
    assert named("person=Zo%C3%AB") == ["broken"]
    assert named("since=2026-03-02&until=2026-03-03") == ["old spelling", "bad rows"]
    assert named("since=2026-03-04&outcome=failed") == ["broken"]
    assert named("q=find") == named("")
    assert len(named("since=nonsense&until=9999-12-31&outcome=x&person=%00")) == 8


def test_status_of_the_job_stands_with_how_old_it_is():
    launched("done", "finished", job_error="Row <3> was refused.")

    (cell,) = texts(Client().get("/launches/"), "tbody td:nth-child(4)")

    assert cell.startswith("finished 2 result rows, seen ")
    assert cell.endswith(" ago Row <3> was refused.")


def test_launches_of_a_group_stand_together_below_its_name():
    part = launched("Leads (2)")
    launched("between", days=1)
    first = launched("Leads (1)", days=2)
    group = LaunchGroup.objects.create(
        launch_token=uuid.uuid4(),
        user=part.user,
        workflow=b"{}",
        request=b"{}",
        name="Leads",
        upstream="sandbox",
        waits_for_capacity=False,
        state=LaunchGroupState.DONE,
        row_count=6,
        created_at=NOON,
    )
    for number, one in enumerate((first, part), start=1):
        LaunchPart.objects.create(
            group=group,
            number=number,
            first_row=1,
            rows=3,
            inputs=b"",
            launch_token=one.launch_token,
        )

    page = Client().get("/launches/")

    assert texts(page, "tr.group") == ["Leads 2 launches of this group on this page, 6 rows in all"]
    assert texts(page, "tbody td:first-child") == [
        "Leads (2) part 2",
        "Leads (1) part 1",
        "between",
    ]


def test_older_than_what_is_paged_through_are_found_by_their_dates(monkeypatch):
    monkeypatch.setattr(launch_ledger, "MOST_PAGED", 2)
    monkeypatch.setattr(launch_ledger, "PAGE_SIZE", 1)
    for number in range(4):
        launched(f"n{number}", days=number)

    page = Client().get("/launches/?page=9")

    assert texts(page, ".pages > span:first-of-type") == ["Page 2 of 2"]
    assert "These are the newest 2. Older ones are found by their dates." in texts(page, "p.muted")
    assert named("until=2026-03-01") == ["n3"]


@pytest.mark.parametrize("text", ["lead", "a", "0123456789ab", "5a9db0c0-0000", "zoë’s list"])
def test_a_search_looks_through_all_launches_once_and_reads_no_payload(text):
    launched("Leads")
    wanted = launch_ledger.LaunchFilter(text=text)

    with CaptureQueriesContext(connection) as asked:
        Client().get("/launches/", {"q": text})

    looks = [one for one in asked if re.search(r'"searched"(::text)? LIKE', one["sql"])]
    assert len(looks) == 1
    assert not [one for one in asked if '"payload"' in one["sql"]]
    if connection.vendor == "sqlite":
        plan = launch_ledger.narrowed(wanted, NOON).values("pk")[:10].explain()
        assert "SCAN playground_launch USING COVERING INDEX launch_by_words" in plan
        assert plan.count("SCAN playground_launch ") == 1
        assert "TEMP B-TREE" not in plan


def test_file_has_what_the_list_is_narrowed_to_and_no_formula():
    launched("=1+1", "finished")
    launched("Zoë", "shutdown", job_error="It broke.")
    launched("-5", "shutdown", days=3)

    answer = Client().get("/launches/launches.csv?since=2026-03-04")

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["name"] for row in rows] == ["Zoë", "'=1+1"]
    assert rows[0]["job_status"] == "shutdown"
    assert rows[0]["error"] == "It broke."
    assert rows[0]["launched_at"] == "2026-03-04T12:00:00Z"
    assert (rows[0]["rows"], rows[0]["result_rows"], rows[0]["by"]) == ("3", "2", "ada")


def test_week_counts_launches_rows_and_failures_by_day_and_workflow():
    launched("a", "finished")
    launched("b", "shutdown", days=1)
    launched("c", days=1, state=LaunchState.REJECTED, job_uid="")
    launched("d", "warning", days=1, workflow_uid="w-2", workflow_name="Zoë’s", row_count=1_000)
    launched("before", days=7)

    page = Client().get("/launches/week/?until=2026-03-04")

    table = [
        [" ".join(cell.text(deep=True).split()) for cell in row.css("th, td")]
        for row in LexborHTMLParser(page.content.decode()).css("tbody tr")
    ]
    none = ["–"] * 5
    assert table == [
        ["Find an e-mail", *none, "2 6 rows 2 failed", "1 3 rows", "3 9 rows 2 failed"],
        ["Zoë’s", *none, "1 1,000 rows 1 failed", "–", "1 1,000 rows 1 failed"],
        ["All", *none, "3 1,006 rows 3 failed", "1 3 rows", "4 1,009 rows 3 failed"],
    ]
    assert texts(page, "rect.launches title")[-2:] == ["Tue 3 Mar: 3", "Wed 4 Mar: 1"]
    heights = [
        node.attributes["height"]
        for node in LexborHTMLParser(page.content.decode()).css("rect.launches")
    ]
    assert heights == ["0", "0", "0", "0", "0", "60", "20"]


@pytest.mark.parametrize("until", ["", "nonsense", "9999-12-31", "0001-01-01", "2026-02-30"])
def test_a_week_of_no_day_is_that_of_today(until):
    page = Client().get("/launches/week/", {"until": until})

    assert page.status_code == 200
    assert texts(page, ".empty") == ["Nothing was launched in this week."]
