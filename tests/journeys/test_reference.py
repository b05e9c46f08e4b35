"""Trying operations one after the other, each with a value from the answer before."""

import json
import re

import pytest

from tests.journeys.person import (
    FIND_EMAIL,
    FIND_EMAIL_UID,
    eventually,
    fill_row,
    inputs,
    job_uid_in,
    shown_rows,
)

pytestmark = pytest.mark.browser

# Its job takes ten minutes, so that it can be stopped.
ROW = ("Ada", "Lovelace", "test:slow")


@pytest.fixture(scope="module")
def url(shared_playgrounds):
    return shared_playgrounds.start(SANDBOX_SPEED="1").url


@pytest.fixture
def page_without_scripts(browser):
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def answer(page):
    return json.loads(page.locator("#answer-text").text_content())


def status(page):
    return page.locator("#try-answer .facts span").first.inner_text()


def use(page, value, form):
    """Follow the link into `form` that stands beside the value."""
    line = page.locator("#answer-body .line", has_text=f'"{value}"').filter(
        has=page.locator(".feeds")
    )
    line.first.locator("summary").click()
    line.first.get_by_role("link", name=form, exact=True).click()
    page.locator("h1", has_text=form).wait_for()


def send(page):
    page.click("#send-button")
    page.wait_for_url("**/reference/tries/*/")
    page.locator("#try-answer").wait_for()


def send_change(page):
    page.click("#send-button")
    page.get_by_role("button", name="Send it").click()
    page.wait_for_url("**/reference/tries/*/")


def test_five_operations_pass_their_values_on(page, url):
    page.goto(f"{url}reference/list_workflows/try/")
    send(page)
    assert status(page) == "200 OK"

    # The listing goes over a page: its first ones are here.
    use(page, FIND_EMAIL_UID, "Get a workflow")
    assert page.input_value("#field-path-workflow_uid") == FIND_EMAIL_UID
    send(page)
    step = answer(page)["steps"][0]["step_uid"]
    assert answer(page)["name"] == FIND_EMAIL

    use(page, step, "Launch a workflow")
    page.fill("#field-body", json.dumps({"job_name": "Tried", "inputs": inputs(ROW), "steps": []}))
    page.click("#send-button")
    page.get_by_role("button", name="Open the playground with this body").click()
    eventually(page, lambda: shown_rows(page), inputs(ROW))
    fill_row(page, 0, ROW)
    page.get_by_role("button", name="Launch").click()
    page.wait_for_url("**/jobs/*/")
    job_uid = job_uid_in(page.url)

    page.goto(f"{url}reference/list_jobs/try/?workflow_uid={FIND_EMAIL_UID}")
    send(page)
    use(page, job_uid, "Get a job")
    assert page.input_value("#field-path-job_uid") == job_uid
    send(page)
    assert (answer(page)["uid"], answer(page)["name"]) == (job_uid, "Tried")

    use(page, job_uid, "List a job's results")
    send(page)
    assert status(page) == "200 OK"
    assert page.locator(".request code.address").inner_text().endswith(f"/jobs/{job_uid}/results")

    page.goto(f"{url}reference/tries/")
    page.get_by_role("link", name=f"Again: GET /jobs/{job_uid}", exact=True).click()
    send(page)
    use(page, job_uid, "Cancel a job")
    send_change(page)
    assert status(page) == "200 OK"
    assert answer(page)["message"]

    page.goto(f"{url}jobs/{job_uid}/")
    assert page.locator("#job-status .state").first.inner_text() == "stopped"
    page.goto(f"{url}reference/tries/")
    seen = page.locator("tbody td:first-child").all_inner_texts()
    assert seen[:7] == [
        f"POST /jobs/{job_uid}/cancel",
        f"GET /jobs/{job_uid}",
        f"GET /jobs/{job_uid}/results",
        f"GET /jobs/{job_uid}",
        f"GET /workflows/{FIND_EMAIL_UID}/jobs",
        f"GET /workflows/{FIND_EMAIL_UID}/details",
        "GET /workflows",
    ]


def test_request_follows_every_key_and_reloading_sends_nothing(page, url):
    page.goto(f"{url}reference/list_users/try/")
    sent = page.locator("#try-request code.address")

    page.locator("#field-query-search_term").press_sequentially("a b")
    eventually(page, sent.inner_text, "GET /users?search_term=a+b")
    page.select_option("#field-query-role", "external")
    eventually(page, sent.inner_text, "GET /users?role=external&search_term=a+b")
    page.fill("#field-query-search_term", "")
    page.get_by_label("send it when blank").nth(1).check()
    eventually(page, sent.inner_text, "GET /users?role=external&search_term=")
    page.get_by_text("cURL", exact=True).click()
    assert "/sandbox/v3/users?role=external&search_term='" in (
        page.locator("#payload-curl").inner_text()
    )
    send(page)
    address = page.url

    page.reload()
    page.goto(f"{url}reference/tries/")

    assert re.search(r"/tries/(\d+)/", address)
    first = page.locator("tbody tr").first.locator("a").first.get_attribute("href")
    assert address.endswith(first)


def test_search_leads_to_a_field_by_keys_alone(page, url):
    page.goto(f"{url}reference/list_workflows/")

    page.keyboard.press("/")
    page.keyboard.type("delay")
    page.locator(".hits").wait_for()
    for key in ("Tab", "Enter", "Tab", "Tab", "Enter"):
        page.keyboard.press(key)

    page.wait_for_url("**/reference/launch_workflow/#field-delay")
    eventually(page, lambda: page.locator(":target").get_attribute("id"), "field-delay")


def test_values_can_be_used_on_a_narrow_screen(page, url):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{url}reference/list_workflows/try/")
    send(page)

    page.locator(".feeds > summary").first.click()
    links = page.locator(".feeds[open] a")

    edges = [links.nth(at).bounding_box() for at in range(links.count())]
    assert len(edges) > 2
    assert [box for box in edges if box["x"] < 0 or box["x"] + box["width"] > 390] == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("key", ["Enter", "Control+Enter"])
def test_a_key_sends_what_is_typed(page, url, key):
    page.goto(f"{url}reference/list_users/try/")
    page.fill("#field-query-search_term", "a b")

    page.keyboard.press(key)

    page.wait_for_url("**/reference/tries/*/")
    assert page.locator(".request code.address").inner_text().endswith("/users?search_term=a+b")


def test_everything_works_without_scripts(page_without_scripts, url):
    page = page_without_scripts
    page.goto(f"{url}reference/save_user/try/")
    page.fill("#field-body", '{"email": "ada@example.com", "full_name": "Ada"}')
    page.click("text=Update preview")
    assert '"ada@example.com"' in page.locator("#payload-json").inner_text()

    send_change(page)
    uid = answer(page)["user"]["uid"]
    use(page, uid, "Delete a user")
    assert page.input_value("#field-path-user_uid") == uid
    send_change(page)

    assert status(page) == "200 OK"
