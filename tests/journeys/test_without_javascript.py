"""The main job in a browser that runs no scripts: buttons, form posts and reloads."""

import json
import time

import pytest

from tests.journeys.person import (
    FIND_EMAIL,
    FIND_EMAIL_STEP,
    fill_row,
    form_state,
    inputs,
    job_uid_in,
    shown_payload,
    shown_rows,
)

pytestmark = pytest.mark.browser

ROWS = (("Zoë", "O'Brien", "acme.com"), ("نور 🌍", "حداد", "nour.example"), ("Ada", "King", "Ada"))


@pytest.fixture(scope="module")
def url(shared_playgrounds):
    return shared_playgrounds.start(SANDBOX_SPEED="10").url


@pytest.fixture
def page(browser):
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 1440, "height": 900}
    )
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def open_the_workflow(page, url):
    page.goto(url)
    page.get_by_role("searchbox").fill("e-mail find")
    page.get_by_role("searchbox").press("Enter")
    page.locator("#workflow-cards h2 a").first.click()
    # Others of these tests are the same person, and leave drafts.
    page.goto(f"{page.url}?preset=none")
    assert page.locator("h1").inner_text() == FIND_EMAIL


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def reload_until(page, is_there):
    deadline = time.monotonic() + 60
    while not is_there():
        assert time.monotonic() < deadline, "it does not come"
        page.wait_for_timeout(200)
        page.reload()


def test_the_main_job_needs_no_script(page, url):
    open_the_workflow(page, url)
    assert page.locator("button[type=button]").filter(visible=True).count() == 0

    for number, row in enumerate(ROWS):
        if number:
            press(page, "Add row")
        fill_row(page, number, row)
    press(page, "Update preview")

    assert shown_rows(page) == inputs(*ROWS)
    assert page.locator("#payload-curl").is_hidden()
    page.get_by_text("cURL", exact=True).click()
    assert "O'Brien" in page.locator("#payload-curl").inner_text()

    with page.expect_navigation():
        page.locator("#launch-button").click()
    job_uid = job_uid_in(page.url)
    reload_until(page, page.locator("#job-results").is_visible)

    emails = page.locator("#job-results tbody td:nth-child(5)").all_inner_texts()
    assert emails == ["zoe.obrien@acme.com", "null", "ada.king@ada.com"]

    page.locator("#job-steps a").click()
    assert page.url == f"{url}jobs/{job_uid}/?step={FIND_EMAIL_STEP}"
    assert page.locator("#job-step .step-head h3").inner_text() == FIND_EMAIL


def test_a_refused_launch_brings_everything_back(page, url):
    open_the_workflow(page, url)
    press(page, "Add row")
    fill_row(page, 0, ROWS[0])
    page.fill('[name="inputs-1-last_name"]', "no first name")
    page.fill("#field-job_name", "  Two of three  ")
    page.fill(f'[name="steps-{FIND_EMAIL_STEP}-parameters-max_candidates"]', "2")
    page.click(
        f'.kind:has([name="kind-steps-{FIND_EMAIL_STEP}-parameters-max_candidates"]) > summary'
    )
    page.select_option(f'[name="kind-steps-{FIND_EMAIL_STEP}-parameters-max_candidates"]', "json")
    before = form_state(page)

    press(page, "Launch")

    assert page.get_by_role("alert").inner_text() == (
        "Not launched: 2 things stop it. Preflight, above the Launch button, says which. "
        "See what stops it"
    )
    assert form_state(page) == before
    row = page.locator("#field-inputs-1")
    assert row.locator(".stops").all_inner_texts() == [
        "Row 2 needs a value for first_name (or firstname).",
        "Row 2 needs a value for company_name (or company, company_domain, organization_name).",
    ]


def test_rows_go_by_button_and_no_other_field_changes(page, url):
    open_the_workflow(page, url)
    press(page, "Add row")
    press(page, "Add row")
    for number, row in enumerate(ROWS):
        fill_row(page, number, row)
    page.fill("#field-job_name", "Kept")

    with page.expect_navigation():
        page.locator("#field-inputs-1 button.remove").click()

    assert shown_payload(page)["job_name"] == "Kept"
    assert shown_rows(page) == inputs(ROWS[0], ROWS[2])


def test_a_pasted_payload_fills_in_the_form(page, url):
    open_the_workflow(page, url)
    page.get_by_text("Start from a payload").click()
    pasted = {"job_name": None, "inputs": [{"surname": "Q", "x": 1}, {}], "steps": [], "new": 0}
    page.fill("#pasted", json.dumps(pasted))

    press(page, "Fill in the form")

    assert shown_payload(page) == pasted
    press(page, "Update preview")
    assert shown_payload(page) == pasted


def test_another_language_needs_no_script(page, url):
    open_the_workflow(page, url)
    fill_row(page, 0, ROWS[0])
    page.get_by_text("More languages", exact=True).click()

    press(page, "Choose a language")
    page.get_by_label("Language", exact=True).select_option("ruby")
    press(page, "Show it in the language below")

    assert page.locator("h1").inner_text() == "The launch in Ruby"
    snippet = page.locator("#payload-snippet").inner_text()
    payload = json.loads(snippet.partition("<<'PAYLOAD'\n")[2].partition("\nPAYLOAD\n")[0])
    assert payload["inputs"] == inputs(ROWS[0])
