"""The main job, from the list of workflows to computed results, as a teammate does it."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.person import (
    FIND_EMAIL,
    FIND_EMAIL_STEP,
    copy_with,
    eventually,
    fill_row,
    fill_rows,
    focused,
    inputs,
    job_uid_in,
    shown_payload,
    shown_rows,
)
from tests.journeys.programs import find_curl, run_in_bash

pytestmark = pytest.mark.browser

# The sandbox's documented defaults.
KEY, PROJECT_ID = "5a9d" * 16, "5a9db0c0-0000-4000-8000-000000000001"
ROWS = (
    ("Zoë", "O'Brien", "acme.com"),
    ("نور 🌍", "حداد", "شركة النور"),
    ("Ada", "Lovelace", "Analytical Engines Ltd."),
)
PAYLOAD = {
    "job_name": FIND_EMAIL,
    "inputs": inputs(*ROWS),
    "steps": [{"step_uid": FIND_EMAIL_STEP, "accounts": [], "parameters": {}}],
}
# Three rows take ten seconds at speed 1: long enough here to be seen running, also by a browser
# that is slow.
SPEED = "3"


@pytest.fixture(scope="module")
def sandbox_url(shared_playgrounds):
    """A playground on its own sandbox, in process."""
    return shared_playgrounds.start(SANDBOX_SPEED=SPEED).url


@pytest.fixture(scope="module")
def hosted_url(shared_playgrounds, sandbox_url):
    """A playground whose upstream is another process, over real HTTP."""
    return shared_playgrounds.start(
        UPSTREAM_URL=f"{sandbox_url}sandbox/v3",
        UPSTREAM_API_KEY=KEY,
        UPSTREAM_PROJECT_ID=PROJECT_ID,
    ).url


@pytest.fixture(params=["in process", "over HTTP"])
def url(request):
    return request.getfixturevalue("sandbox_url" if request.param == "in process" else "hosted_url")


@pytest.fixture(scope="module")
def shell():
    """The environment of a shell in which the command is pasted."""
    path = f"{Path(find_curl()).parent}:{os.environ['PATH']}"
    return {"PATH": path, "UPSTREAM_API_KEY": KEY, "UPSTREAM_PROJECT_ID": PROJECT_ID}


def find_the_workflow(page, url):
    page.goto(url)
    page.keyboard.press("/")
    page.keyboard.type("e-mail find")
    # The address follows the search, so what is found can be shared.
    page.wait_for_url("**/workflows/?q=e-mail%20find")
    # Others have it as one of their steps.
    found = page.locator("#workflow-cards h2 a")
    assert found.first.inner_text() == FIND_EMAIL
    assert 1 < found.count() < 10
    found.first.click()
    page.locator("h1", has_text=FIND_EMAIL).wait_for()
    # Others of these tests are the same person, and leave drafts. In the same step of the history.
    page.evaluate("setTimeout(() => location.replace('?preset=none'))")
    page.wait_for_url("**/?preset=none")


def enter_rows(page):
    fill_row(page, 0, ROWS[0])
    for number, row in enumerate(ROWS[1:], start=1):
        page.click("#add-row")
        for text in row:
            page.keyboard.type(text)
            page.keyboard.press("Tab")
        assert focused(page) == "action", f"row {number} has more fields than it should"


def test_a_search_is_one_step_of_the_history_however_much_was_typed(page, sandbox_url):
    page.goto(f"{sandbox_url}launches/")
    find_the_workflow(page, sandbox_url)

    page.evaluate("setTimeout(() => history.back())")
    page.wait_for_url(f"{sandbox_url}workflows/?q=e-mail%20find")
    assert page.input_value("#search") == "e-mail find"
    page.evaluate("setTimeout(() => history.back())")
    page.wait_for_url(f"{sandbox_url}launches/")


def test_the_preview_follows_every_key(page, sandbox_url):
    find_the_workflow(page, sandbox_url)
    field = page.locator('[name="inputs-0-last_name"]')

    for typed in ("O", "O'", "O'B", "O'Bri", "O'Brien"):
        field.press_sequentially(typed.removeprefix(field.input_value()))

        eventually(page, lambda: shown_rows(page), [{"last_name": typed}])
    field.press("Backspace")

    eventually(page, lambda: shown_rows(page), [{"last_name": "O'Brie"}])


def test_a_copied_command_launches_when_it_is_pasted_into_bash(page, url, shell):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    find_the_workflow(page, url)
    enter_rows(page)
    eventually(page, lambda: shown_payload(page), PAYLOAD)
    page.get_by_text("cURL", exact=True).click()
    shown = page.locator("#payload-curl").inner_text()

    copied = copy_with(page, "Copy cURL")
    answer = json.loads(run_in_bash(copied, shell))

    assert copied == shown
    assert page.locator(".fingerprint").inner_text() in copied.splitlines()[0]
    assert KEY not in copied
    page.goto(f"{url}jobs/{answer['job_uid']}/")
    assert page.locator("h1").inner_text() == FIND_EMAIL
    page.locator("#job-results").wait_for()
    assert page.locator("#job-results td:nth-child(3)").all_text_contents() == [
        "O'Brien",
        "حداد",
        "Lovelace",
    ]


def test_a_program_that_was_downloaded_launches_waits_and_writes_the_results(
    page, sandbox_url, shell, tmp_path
):
    find_the_workflow(page, sandbox_url)
    enter_rows(page)
    eventually(page, lambda: shown_payload(page), PAYLOAD)
    page.get_by_text("More languages", exact=True).click()
    page.get_by_label("Language", exact=True).select_option("python-follow")
    eventually(page, lambda: "results.csv" in page.locator("#payload-snippet").inner_text(), True)

    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Download", exact=True).click()
    assert downloaded.value.suggested_filename == "follow.py"
    downloaded.value.save_as(tmp_path / "follow.py")
    done = subprocess.run(
        [sys.executable, "follow.py"], cwd=tmp_path, env=shell, capture_output=True, timeout=120
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().splitlines()[-2:] == ["finished", "3 rows in results.csv"]
    with (tmp_path / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["first_name"], row["last_name"], row["company_name"]) for row in rows] == [*ROWS]


@pytest.mark.parametrize(
    ("url", "way"),
    [("in process", "button"), ("over HTTP", "Control+Enter")],
    indirect=["url"],
)
def test_a_launch_is_followed_to_computed_results_without_reloading(page, url, way):
    find_the_workflow(page, url)
    enter_rows(page)
    eventually(page, lambda: shown_payload(page), PAYLOAD)
    fingerprint = page.locator(".fingerprint").inner_text()
    asked = []

    if way == "button":
        page.get_by_role("button", name="Launch").click()
    else:
        page.locator('[name="inputs-1-last_name"]').press(way)
    page.wait_for_url("**/jobs/*/")
    job_uid = job_uid_in(page.url)
    page.on("request", lambda request: asked.append(request.url))
    seen_first = page.locator("#job-status .state").first.inner_text()
    page.locator("#job-results").wait_for()

    assert seen_first != "finished"
    assert page.locator("#job-status .state").first.inner_text() == "finished"
    assert page.locator(".sub").first.inner_text().count(fingerprint) == 1
    emails = page.locator("#job-results tbody td:nth-child(5)").all_inner_texts()
    assert emails == ["zoe.obrien@acme.com", "null", "ada.lovelace@analyticalengines.com"]
    pages = {address for address in asked if "/static/" not in address}
    assert pages == {f"{url}jobs/{job_uid}/status/"}

    page.get_by_role("link", name=FIND_EMAIL).last.click()

    page.wait_for_url(f"{url}jobs/{job_uid}/?step={FIND_EMAIL_STEP}")
    assert page.locator("#job-step").get_by_text(FIND_EMAIL_STEP).count() == 1


def test_what_was_launched_is_in_the_ledger_with_its_exact_payload(page, sandbox_url):
    find_the_workflow(page, sandbox_url)
    page.fill("#field-job_name", "Ledger <b>&amp;</b>")
    enter_rows(page)
    eventually(page, lambda: shown_rows(page), inputs(*ROWS))
    page.click("#launch-button")
    page.wait_for_url("**/jobs/*/")

    page.get_by_role("link", name="Launches").click()
    page.get_by_role("link", name="Ledger <b>&amp;</b>").click()

    assert page.locator("h1").inner_text() == "Ledger <b>&amp;</b>"
    assert shown_payload(page) == PAYLOAD | {"job_name": "Ledger <b>&amp;</b>"}
    sent = page.request.get(f"{page.url}payload.json").json()
    assert sent == shown_payload(page)
    page.get_by_role("link", name="Open the job").click()
    page.wait_for_url("**/jobs/*/")
    assert page.locator("h1").inner_text() == "Ledger <b>&amp;</b>"


def test_a_final_job_is_not_asked_about_any_more(page, sandbox_url):
    find_the_workflow(page, sandbox_url)
    fill_row(page, 0, ROWS[0])
    eventually(page, lambda: shown_rows(page), inputs(ROWS[0]))
    page.click("#launch-button")
    page.wait_for_url("**/jobs/*/")
    page.locator("#job-results").wait_for()
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.wait_for_timeout(2_500)  # The page asks every two seconds while there is hope.

    assert asked == []


def test_a_relaunch_of_failed_rows_sends_exactly_these_rows(page, sandbox_url):
    failing = (("test:not-found", "O'Brien", "007"), ("Zoë", "test:malformed", "=1+1"))
    find_the_workflow(page, sandbox_url)
    page.fill("#field-job_name", "Some fail")
    rows = (ROWS[0], failing[0], ROWS[2], failing[1])
    fill_rows(page, *rows)
    sent = inputs(*rows)
    eventually(page, lambda: shown_rows(page), sent)
    page.click("#launch-button")
    page.wait_for_url("**/jobs/*/")
    first = page.url
    page.locator("#job-results").wait_for()

    page.click("text=Only rows that failed or gave nothing")
    page.wait_for_url("**/workflows/**row_set=**")

    told = page.locator("#relaunch").inner_text()
    assert "2 rows in this draft" in told
    assert "had 4" in told
    assert "2 rows removed" in page.locator("#relaunch summary").inner_text()
    assert "Failed are rows of which the upstream tells an error" in page.inner_text("body")
    assert shown_rows(page) == [sent[1], sent[3]]
    page.click("#launch-button")
    page.wait_for_url("**/jobs/*/")
    assert page.url != first
    page.locator(".sub").get_by_role("link", name="Launch").click()
    page.wait_for_url("**/launches/*/")
    recorded = page.request.get(f"{page.url}payload.json").json()
    assert recorded == PAYLOAD | {"job_name": "Some fail", "inputs": [sent[1], sent[3]]}
