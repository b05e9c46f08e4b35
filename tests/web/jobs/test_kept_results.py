"""Results that are kept: read once, then paged, searched, sorted and given as files from here."""

from __future__ import annotations

import json
import re

import httpx
import pytest
from django.test import Client

from playground.models import KeptJob, KeptPiece
from playground.row_sets.formats import clipboard
from playground.services.jobs import kept
from playground.services.upstream_cache import invalidation
from tests.upstreams import AnsweringTransport
from tests.web.conftest import WORKFLOW_UID
from tests.web.jobs.test_downloads import body, paged

JOB = {
    "uid": "j-5",
    "name": "Monday",
    "status": "finished",
    "workflow_uid": WORKFLOW_UID,
    "number_inputs": 2_500,
    "row_count": 2_500,
}
RESULTS = [
    {"first_name": f"Person {at}", "score": (at * 7) % 2_500, "url": f"https://example.com/{at}"}
    | ({"note": "Élan vital"} if at % 1_000 == 7 else {})
    for at in range(2_500)
]
INPUTS = [{"first_name": f"Person {at}", "status": "succeeded"} for at in range(2_500)]


@pytest.fixture(autouse=True)
def _job(hosted: AnsweringTransport) -> None:
    hosted.answers["j-5"] = lambda _: httpx.Response(200, json=JOB)
    hosted.answers["results"] = paged("results", RESULTS)
    hosted.answers["inputs"] = paged("inputs", INPUTS)


def keep(client: Client) -> KeptJob:
    """As the worker does it, turn after turn."""
    assert client.post("/jobs/j-5/results/keep/").status_code == 303
    job = KeptJob.objects.get()
    for _ in range(20):
        kept.read(job.pk)
    job.refresh_from_db()
    return job


def shown(client: Client, query: str = "") -> list[str]:
    """The first names on the page."""
    page = client.get(f"/jobs/j-5/results/{query}").content.decode()
    return re.findall(r"<td>\s*(Person [0-9]+)", page)


def asked(hosted: AnsweringTransport) -> int:
    listings = ("/results", "/inputs")
    return sum(request.url.path.endswith(listings) for request in hosted.requests)


def test_all_pages_are_kept_and_asked_for_once(client: Client, hosted):
    keep(client)
    before = asked(hosted)

    page = client.get("/jobs/j-5/").content.decode()
    rows = [json.loads(line) for line in body(client.get("/jobs/j-5/results.jsonl")).splitlines()]
    outcomes = json.loads(body(client.get("/jobs/j-5/outcomes.json")))

    assert "Rows 1 to 100 of 2,500" in page
    assert rows == RESULTS
    assert {one["outcome"] for one in outcomes} == {"succeeded"}
    assert before == 6
    assert [one for one in hosted.requests[-3:] if one.url.path.endswith("/results")] == []


def test_rows_are_paged_searched_and_sorted(client: Client):
    keep(client)

    assert shown(client) == [f"Person {at}" for at in range(100)]
    assert shown(client, "?page=25")[-1] == "Person 2499"
    assert shown(client, "?page=999")[-1] == "Person 2499"
    assert shown(client, "?q=elan+VITAL") == ["Person 7", "Person 1007", "Person 2007"]
    by_score = sorted(RESULTS, key=lambda row: row["score"])
    assert shown(client, "?sort=2") == [row["first_name"] for row in by_score[:100]]
    assert shown(client, "?sort=-2")[0] == by_score[-1]["first_name"]
    # Rows without a value come last, whichever way.
    assert set(shown(client, "?sort=-4")[:3]) == {"Person 7", "Person 1007", "Person 2007"}
    assert shown(client, "?q=elan&sort=-2") == [
        row["first_name"] for row in reversed(by_score) if "note" in row
    ]


def test_columns_are_chosen_and_nonsense_is_the_usual(client: Client):
    keep(client)

    page = client.get("/jobs/j-5/results/?c=3&c=99&c=x&sort=--1&page=-4").content.decode()

    assert "Person 1" not in page
    assert page.count('href="https://example.com/') == 100
    assert 'rel="noopener noreferrer nofollow"' in page


def names_of(rows) -> list[str]:
    return [row["first_name"] for row in rows]


def test_rows_are_narrowed_to_values_of_columns(client: Client):
    keep(client)

    noted = [row for row in RESULTS if "note" in row]
    assert shown(client, "?column=4&how=filled") == names_of(noted)
    assert shown(client, "?f=4%2B&f=2~9") == names_of(r for r in noted if "9" in str(r["score"]))
    assert shown(client, "?f=1%3Dperson+12") == ["Person 12"]
    assert shown(client, "?f=4%3DELAN+vital&f=1!Person+7") == ["Person 1007", "Person 2007"]
    assert shown(client, "?f=4-&q=elan") == []
    assert shown(client, "?f=4-&page=25")[-1] == "Person 2499"
    assert len(shown(client, "?f=99%3Dx&f=nonsense&f=1&f=%3D&column=x&how=is&value=x")) == 100
    page = client.get("/jobs/j-5/results/?f=4%3Delan+vital&sort=-2").content.decode()
    assert "3 of 2,500 rows" in page
    assert 'aria-label="Without: note is elan vital"' in page
    assert '<input type="hidden" name="f" value="4=elan vital">' in page


def test_rows_are_narrowed_to_those_of_an_outcome(client: Client, hosted):
    rows = [{"first_name": f"Person {at}"} for at in (2, 0, 2)]
    inputs = [*INPUTS[:3], {"first_name": "Zed", "status": "failed", "error_message": "No."}]
    hosted.answers["results"] = paged("results", rows)
    hosted.answers["inputs"] = paged("inputs", inputs)
    changes = {"row_count": 3, "number_inputs": 4}
    hosted.answers["j-5"] = lambda _: httpx.Response(200, json=JOB | changes)
    keep(client)

    assert shown(client, "?outcome=several") == ["Person 2", "Person 2"]
    assert shown(client, "?outcome=succeeded&sort=1") == ["Person 0", "Person 2", "Person 2"]
    failed = client.get("/jobs/j-5/results/?outcome=failed").content.decode()
    assert "Inputs that failed or gave nothing have no result rows" in failed
    assert 'href="/jobs/j-5/outcomes/?outcome=failed"' in failed


def test_columns_stand_in_the_order_that_is_chosen(client: Client):
    keep(client)

    page = client.get("/jobs/j-5/results/?c=3&c=1").content.decode()

    assert re.findall(r'<code translate="no">(\w+)</code></a>', page) == ["url", "first_name"]
    left = re.search(r'hx-get="([^"]+)"\s+id="column-left-1"', page)
    moved = client.get(left[1].replace("&amp;", "&"))
    heads = re.findall(r'<code translate="no">(\w+)</code></a>', moved.content.decode())
    assert heads == ["first_name", "url"]
    assert "<summary>Columns</summary>" in moved.content.decode().split("open>")[1]
    assert moved.headers["HX-Push-Url"] == "/jobs/j-5/?c=1&c=3"


def test_ticked_rows_or_the_page_are_copied_as_a_spreadsheet_does(client: Client, hosted):
    odd = {"first_name": "a\tb", "note": 'two\nlines "x"', "sum": "=1+1", "phone": "+33 6 12"}
    rows = [odd, {"first_name": "x" * 500, "n": [1, None]}, {"first_name": "Person 2"}]
    hosted.answers["results"] = paged("results", rows)
    hosted.answers["inputs"] = paged("inputs", INPUTS[:3])
    changes = {"row_count": 3, "number_inputs": 3}
    hosted.answers["j-5"] = lambda _: httpx.Response(200, json=JOB | changes)
    keep(client)
    address = "/jobs/j-5/results/rows.tsv"

    page = client.post(address).content.decode()
    ticked = client.post(f"{address}?c=5&c=1", {"row": ["2", "99", "x", "2"]})

    heads = ("first_name", "note", "sum", "phone", "n")
    assert clipboard.read_text(page) == (
        heads,
        ("a\tb", 'two\nlines "x"', "'=1+1", "+33 6 12", ""),
        ("x" * 500, "", "", "", "[1,null]"),
        ("Person 2", "", "", "", ""),
    )
    assert ticked.content.decode() == f"n\tfirst_name\r\n[1,null]\t{'x' * 500}\r\n"
    assert ticked.headers["Content-Type"] == "text/tab-separated-values; charset=utf-8"
    KeptJob.objects.all().delete()
    assert client.post(address).status_code == 404


def test_a_long_cell_is_whole_on_the_page_of_its_row(client: Client, hosted):
    rows = [{"first_name": "x" * 5_000, "link": "javascript:alert(1)"}]
    hosted.answers["results"] = paged("results", rows)
    hosted.answers["inputs"] = paged("inputs", INPUTS[:1])
    changes = {"row_count": 1, "number_inputs": 1}
    hosted.answers["j-5"] = lambda _: httpx.Response(200, json=JOB | changes)
    keep(client)

    table = client.get("/jobs/j-5/results/").content.decode()
    whole = client.get("/jobs/j-5/results/1/").content.decode()

    assert "x" * 5_000 not in table
    assert "all of it" in table
    assert "x" * 5_000 in whole
    assert 'href="javascript' not in table + whole
    assert client.get("/jobs/j-5/results/2/").status_code == 404


def test_a_result_that_no_page_can_carry_is_cut_and_says_where_it_is_whole(client, hosted):
    hosted.answers["results"] = paged("results", [{"a": "<" * 1_000_000}])
    hosted.answers["inputs"] = paged("inputs", INPUTS[:1])
    changes = {"row_count": 1, "number_inputs": 1}
    hosted.answers["j-5"] = lambda _: httpx.Response(200, json=JOB | changes)
    keep(client)

    page = client.get("/jobs/j-5/results/1/")

    assert len(page.content) < 200_000
    assert "/jobs/j-5/results.jsonl" in page.content.decode()


def test_what_was_read_stays_and_the_rest_is_tried_again(client: Client, hosted):
    hosted.answers["results"] = lambda request: (
        paged("results", RESULTS)(request)
        if request.url.params.get("page", "1") == "1"
        else httpx.Response(403, json={"message": "No."})
    )
    keep(client)

    broken = client.get("/jobs/j-5/results/").content.decode()
    hosted.answers["results"] = paged("results", RESULTS)
    refused = client.get("/jobs/j-5/results.csv")
    job = keep(client)

    assert "Page 2 of the results could not be read" in broken
    assert "What was read is here: 1,000 rows" in broken
    assert refused.status_code == 200  # Asked for anew, since what is kept is not all.
    assert len(shown(client)) == 100
    assert kept.facts_of(job).results.is_whole
    assert KeptPiece.objects.filter(listing="results").count() == 10


def test_fewer_rows_than_told_are_told_and_read_anew(client: Client, hosted):
    hosted.answers["results"] = paged("results", RESULTS[:1_500])
    keep(client)

    page = client.get("/jobs/j-5/results/").content.decode()
    hosted.answers["results"] = paged("results", RESULTS)
    job = keep(client)

    assert "The job tells of 2,500 result rows, and the upstream gave 1,500." in page
    assert kept.facts_of(job).results.problem == ""
    assert shown(client, "?page=25")[-1] == "Person 2499"


def test_a_job_that_was_run_again_is_not_what_was_kept(client: Client, hosted):
    keep(client)
    again = JOB | {"finish_time": "2026-05-05T10:00:00"}
    hosted.answers["j-5"] = lambda _: httpx.Response(200, json=again)
    hosted.answers["results"] = paged("results", RESULTS[::-1])
    invalidation.forget_everything()

    first = shown(client)
    keep(client)

    assert first[0] == "Person 2499"
    assert shown(client)[0] == "Person 2499"


def test_a_job_that_runs_is_not_kept(client: Client, hosted):
    hosted.answers["j-5"] = lambda _: httpx.Response(200, json=JOB | {"status": "running"})

    client.post("/jobs/j-5/results/keep/")

    assert not KeptJob.objects.exists()


def test_small_results_are_there_at_once_as_a_part_of_the_page(client: Client, hosted):
    hosted.answers["results"] = paged("results", RESULTS[:3])
    hosted.answers["inputs"] = paged("inputs", INPUTS[:3])
    changes = {"row_count": 3, "number_inputs": 3}
    hosted.answers["j-5"] = lambda _: httpx.Response(200, json=JOB | changes)

    before = client.get("/jobs/j-5/").content.decode()
    page = client.post("/jobs/j-5/results/keep/", headers={"HX-Request": "true"})

    assert "Search, filter and copy all results" in before
    assert "Rows 1 to 3 of 3" in page.content.decode()


BROKEN = {
    "no such page": httpx.Response(404, json={"message": "No such page."}),
    "too many calls": httpx.Response(429, headers={"Retry-After": "1"}),
    "server error": httpx.Response(500, text="<h1>Oops</h1>"),
    "web page": httpx.Response(200, text="<!doctype html><title>Sign in</title>"),
    "half a page": httpx.Response(200, content=b'{"results": [{"first_name": "Per'),
    "no rows": httpx.Response(200, json={"results": None}),
    "rows that are none": httpx.Response(200, json={"results": ["a", 3]}),
    "not a number": httpx.Response(200, content=b'{"results": [{"n": NaN}]}'),
    "nothing": httpx.Response(200, content=b""),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_page_that_breaks_in_the_middle_is_told_and_what_was_read_stays(client, hosted, kind):
    def pages_of(*pages):
        def answer(request):
            return pages[int(request.url.params.get("page", "1")) - 1]

        return answer

    first, second = (
        httpx.Response(200, json={"results": rows, "paging": {"have_next_page": has_next}})
        for rows, has_next in ((RESULTS[:3], True), (RESULTS[3:5], False))
    )
    changes = {"row_count": 5, "number_inputs": 5}
    hosted.answers["j-5"] = lambda _: httpx.Response(200, json=JOB | changes)
    hosted.answers["inputs"] = paged("inputs", INPUTS[:5])
    hosted.answers["results"] = pages_of(first, BROKEN[kind])
    keep(client)

    broken = client.get("/jobs/j-5/results/").content.decode()
    outcomes = client.get("/jobs/j-5/outcomes/").content.decode()
    hosted.answers["results"] = pages_of(first, second)
    invalidation.forget_everything()
    keep(client)

    assert "Page 2 of the results could not be read." in broken
    assert "What was read is here: 3 rows" in broken
    assert "Rows 1 to 3 of 3" in broken
    assert "Rows that nobody knows of <span" in outcomes
    assert "Rows without a result" not in outcomes
    assert shown(client) == [f"Person {at}" for at in range(5)]


ODD_ROWS = [
    {},
    {"": "no name", "a" * 300: "long name", "\x00": "\x00", "\u202e": "\u202eabc"},
    {"deep": {"a": [{"b": [1, {"c": None}]}]}, "n": 1e308, "big": 10**40, "no": False},
    {"html": "<script>alert(1)</script>", "f": "=1+1", "nul": None, "list": []},
    {"text": "\ufeffmark", "emoji": "👩‍👩‍👧", "lines": "a\r\nb\tc", "long": "x" * 100_000},
]


def test_odd_rows_are_kept_shown_copied_and_given_as_they_are(client, hosted):
    text = json.dumps({"results": ODD_ROWS, "paging": {"have_next_page": False}})
    hosted.answers["results"] = lambda _: httpx.Response(
        200, content=b"\xef\xbb\xbf" + text.encode()
    )
    hosted.answers["inputs"] = paged("inputs", INPUTS[:5])
    changes = {"row_count": 5, "number_inputs": 5}
    hosted.answers["j-5"] = lambda _: httpx.Response(200, json=JOB | changes)
    keep(client)

    page = client.get("/jobs/j-5/results/").content.decode()
    lines = body(client.get("/jobs/j-5/results.jsonl")).splitlines()
    columns = clipboard.read_text(client.post("/jobs/j-5/results/rows.tsv").content.decode())

    assert "Rows 1 to 5 of 5" in page
    assert "<script>alert" not in page
    assert [json.loads(line) for line in lines] == ODD_ROWS
    assert len(columns) == 6
    for at in range(1, 6):
        assert client.get(f"/jobs/j-5/results/{at}/").status_code == 200
    for query in ("?sort=5", "?f=6~c", "?q=mark", "?c=3&c=1", "?f=9%3D=1%2B1", "?f=1-"):
        assert client.get(f"/jobs/j-5/results/{query}").status_code == 200
    for ending in ("csv", "exact.csv", "json"):
        assert body(client.get(f"/jobs/j-5/results.{ending}"))
    assert client.get("/jobs/j-5/results.xlsx").status_code == 409
