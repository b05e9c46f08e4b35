"""The main job, from the list of workflows to computed results, as a teammate does it."""

import csv
import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.person import (
    FIND_EMAIL,
    FIND_EMAIL_STEP,
    FIND_EMAIL_UID,
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


VISIT_THEN_CONNECT = "5a9db0c0-0004-4000-8000-000000000033"
ENDINGS = {
    "finished": ("acme.com", "It is done", "over", "Launch again"),
    "warning": ("test:warning", "It failed because of what it was given", "failed", "Run it again"),
    "shutdown": ("test:shutdown", "It failed for a technical reason", "failed", "Run it again"),
    "stopped": ("test:slow", "Somebody stopped it", "waiting", "Run it again"),
}
# Chromium without windows refuses every notification: what the page asks for and says is kept.
NOTIFIED = """
window.notified = [];
window.Notification = class extends EventTarget {
  static permission = "default";
  static requestPermission = async () => (this.permission = "granted");
  constructor(title) { super(); window.notified.push(title); }
};
"""


def ask_sandbox(page, url, path, body=None):
    """As any client of the API."""
    headers = {"Authorization": f"x-api-key {KEY}", "x-project-id": PROJECT_ID}
    address = f"{url}sandbox/v3/{path}"
    if body is None:
        return page.request.get(address, headers=headers).json()
    return page.request.post(address, headers=headers, data=body).json()


def state_of(page):
    return page.locator(".status-line .state").inner_text()


def icon_of(page):
    return page.get_attribute("link[rel=icon]", "href").rpartition("job-")[2].partition(".")[0]


def test_a_job_of_every_final_status_is_followed_to_its_end(page, sandbox_url):
    def launch(company):
        body = PAYLOAD | {"job_name": company, "inputs": inputs(("Ada", "Lovelace", company))}
        return ask_sandbox(page, sandbox_url, f"workflows/{FIND_EMAIL_UID}/schedule", body)

    jobs = {status: launch(one[0])["job_uid"] for status, one in ENDINGS.items()}
    page.add_init_script(NOTIFIED)
    for status, (company, meaning, icon, offer) in ENDINGS.items():
        page.goto(f"{sandbox_url}jobs/{jobs[status]}/")
        if status == "stopped":
            page.check("#tell-me")
            ask_sandbox(page, sandbox_url, f"jobs/{jobs[status]}/cancel", {})

        eventually(page, lambda: state_of(page), status)
        assert page.locator(".lead").inner_text().startswith(meaning)
        eventually(page, page.title, f"{status.capitalize()} · {company} · Playground")
        eventually(page, lambda: icon_of(page), icon)
        assert page.locator("#tell-me").count() == 0
        assert page.locator(".absent", has_text="“Stop the job” is not offered").count() == 1
        launched_here = page.get_by_role("button", name=offer).count()
        assert launched_here == (0 if status == "finished" else 1)
    eventually(page, lambda: list(page.evaluate("notified")), ["Stopped · test:slow · Playground"])


def test_a_job_of_several_steps_is_followed_through_them_by_address(page, sandbox_url):
    accounts = ask_sandbox(page, sandbox_url, "integrations/linkedin/accounts")["accounts"]
    account = next(one["uid"] for one in accounts if one["is_valid"])
    workflow = ask_sandbox(page, sandbox_url, f"workflows/{VISIT_THEN_CONNECT}/details")
    steps = [
        {"step_uid": one["step_uid"], "accounts": [account], "parameters": {}}
        for one in workflow["steps"]
    ]
    body = {
        "job_name": "Visit",
        "inputs": [{"linkedin_profile_url": "https://www.linkedin.com/in/a"}],
        "steps": steps,
    }
    path = f"workflows/{VISIT_THEN_CONNECT}/schedule"
    job_uid = ask_sandbox(page, sandbox_url, path, body)["job_uid"]
    address = f"{sandbox_url}jobs/{job_uid}/"

    first, second = (f"{address}?step={one['step_uid']}" for one in steps)
    page.goto(first)
    shown = page.locator("#job-step .uid code, #job-step .number").first
    assert shown.inner_text() == "1"
    page.locator("#job-steps a").nth(1).click()
    page.wait_for_url(second)
    eventually(page, shown.inner_text, "2")
    eventually(page, lambda: state_of(page), "finished")
    assert page.url == second
    assert page.locator("#job-step .step-rows tbody tr").count() == 1
    page.evaluate("setTimeout(() => history.back())")
    page.wait_for_url(first)
    eventually(page, shown.inner_text, "1")
    page.reload()
    assert shown.inner_text() == "1"
    page.goto(f"{address}?step={FIND_EMAIL_STEP}")
    assert page.get_by_text(f"This job has no step {FIND_EMAIL_STEP}").count() == 1


def test_a_schedule_goes_from_its_launch_to_its_change_to_its_removal(page, sandbox_url):
    def repeat(every, **also):
        page.locator("summary", has_text="Schedule").click()
        page.fill('[name="repeat_option-value"]', every)
        page.select_option('[name="repeat_option-type"]', "day")
        for name, text in also.items():
            page.fill(f'[name="{name}"]', text)
        eventually(
            page, lambda: shown_payload(page).get("repeat_option", {}).get("value"), int(every)
        )

    start = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(hours=5)
    find_the_workflow(page, sandbox_url)
    fill_row(page, 0, ROWS[0])
    page.fill('[name="job_name"]', "Every morning")
    repeat("1", delay=f"{start:%Y-%m-%d %H:%M:%S} UTC")
    eventually(page, lambda: 17_000 < shown_payload(page).get("delay", 0) <= 18_000, True)
    page.click("#launch-button")
    page.wait_for_url("**/jobs/*/")
    assert state_of(page) == "pending"
    due = page.locator("dd time").first.get_attribute("datetime")
    # The sandbox is so many times as fast.
    waits = (dt.datetime.fromisoformat(due) - dt.datetime.now(dt.UTC)) * int(SPEED)
    assert abs(waits - dt.timedelta(hours=5)) < dt.timedelta(minutes=10)

    page.goto(f"{sandbox_url}schedules/")
    row = page.locator("tr", has_text="Every morning")
    assert "every day" in row.inner_text()
    row.get_by_role("button", name="Change").click()
    page.get_by_role("button", name="Remove it now").click()
    page.get_by_role("link", name="Open the prepared launch").click()
    page.wait_for_url("**/workflows/**")
    page.fill('[name="repeat_option-value"]', "2")
    eventually(page, lambda: shown_payload(page).get("repeat_option", {}).get("value"), 2)
    page.click("#launch-button")
    page.wait_for_url("**/jobs/*/")

    page.goto(f"{sandbox_url}schedules/")
    assert row.count() == 1
    assert "every 2 days" in row.inner_text()
    row.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove what is named so").click()
    page.get_by_text("Nothing that was launched here repeats.").wait_for()
