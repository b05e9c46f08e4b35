"""Accounts are added, updated and repaired in a browser, as a teammate does it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from playground.sandbox import catalog
from tests.credentials.samples import JSESSIONID, LI_A, LI_AT
from tests.journeys.person import copy_with, eventually, job_uid_in, settle
from tests.journeys.programs import find_curl, run_in_bash
from tests.sandbox.world import PROFILE

pytestmark = pytest.mark.browser

KEY, PROJECT_ID = "5a9d" * 16, "5a9db0c0-0000-4000-8000-000000000001"
HEADERS = {"x-api-key": KEY, "x-project-id": PROJECT_ID}
OWNER = catalog.USERS[1]
OMAR = next(one for one in catalog.ACCOUNTS if one.name == "Omar's LinkedIn")
EXPORT = json.dumps(
    [
        {"name": "li_at", "value": "of another site", "domain": ".example.com"},
        {"name": "li_at", "value": LI_AT, "domain": ".www.linkedin.com"},
        {"name": "JSESSIONID", "value": JSESSIONID, "domain": ".www.linkedin.com"},
        {"name": "bcookie", "value": "v=2", "domain": ".linkedin.com"},
    ]
)


@pytest.fixture(scope="module")
def url(shared_playgrounds):
    return shared_playgrounds.start(SANDBOX_SPEED="50").url


def accounts(page, url, integration="linkedin"):
    """Name → account, as the sandbox lists them."""
    address = f"{url}sandbox/v3/integrations/{integration}/accounts"
    found = page.request.get(address, headers=HEADERS).json()["accounts"]
    return {one["name"]: one for one in found}


def open_form(page, url, integration="linkedin", query=""):
    page.goto(f"{url}accounts/{integration}/new/{query}")


def shown_request(page):
    return json.loads(page.locator("#payload-json").text_content() or "")


def save(page):
    with page.expect_navigation():
        page.click("#save-button")
    return page.locator("body > .notice:not([hidden])").inner_text()


def test_an_account_is_added_from_a_pasted_export(page, url):
    open_form(page, url)
    page.fill("#field-name", "Pasted <b>")
    page.select_option("#field-user_uid", label=f"{OWNER.full_name} · {OWNER.email}")
    page.fill("#field-pasted", EXPORT)

    eventually(
        page,
        lambda: shown_request(page),
        {
            "account": {
                "name": "Pasted <b>",
                "cookies": {"li_at": "$LI_AT", "JSESSIONID": "$JSESSIONID"},
                "user_uid": OWNER.uid,
            }
        },
    )
    assert page.locator("#cookies-found").inner_text() == (
        "Found in what was pasted: li_at, JSESSIONID; 1 other left out."
    )
    assert save(page) == "The account was added."

    made = accounts(page, url)["Pasted <b>"]
    assert page.url == f"{url}accounts/linkedin/{made['uid']}/"
    assert page.locator("h1").inner_text() == "Pasted <b>"
    assert (made["is_valid"], made["level"]) == (True, "Classic")
    assert set(made["cookies"]) == {"li_at", "JSESSIONID"}


def test_a_field_of_its_own_wins_and_makes_sales_navigator(page, url):
    open_form(page, url)
    page.fill("#field-name", "Navigator")
    page.fill("#field-pasted", f"Cookie: li_at={LI_AT}; lang=v=2")
    page.fill("#field-cookie-li_a", LI_A)

    assert save(page) == "The account was added."

    assert accounts(page, url)["Navigator"]["level"] == "Sales Navigator"


@pytest.mark.parametrize(
    ("integration", "kind", "fields"),
    [
        ("hubspot", "API key", {"api_key": "pat-eu1-0123"}),
        ("google-sheets", "API key", {"api_key": "0123456789"}),
        ("outlook", "User name and password", {"username": "jane", "password": " a'b\"c "}),
        ("linkedin", "Cookies", {"pasted": "li_at=abc"}),
    ],
)
def test_an_account_of_every_kind_is_added(page, url, integration, kind, fields):
    name = f"{integration} by {kind}"
    open_form(page, url, integration)
    assert page.get_by_role("radio", name=kind, exact=True).is_checked()
    for field in ("pasted", "api_key", "username", "password"):
        assert page.locator(f"#field-{field}").is_visible() is (field in fields)

    page.fill("#field-name", name)
    for field, value in fields.items():
        page.fill(f"#field-{field}", value)

    assert save(page) == "The account was added."
    assert accounts(page, url, integration)[name]["is_valid"] is True


def test_another_kind_can_be_chosen_and_the_upstream_decides(page, url):
    open_form(page, url, "hubspot")
    page.fill("#field-name", "By password")
    page.fill("#field-api_key", "of the other kind")

    page.get_by_role("radio", name="User name and password").check()
    page.fill("#field-username", "jane")
    page.fill("#field-password", "pass-word")
    settle(page)
    remark = page.locator("#issues").get_by_text("HubSpot signs in with an API key.")
    remark.click()
    focused = page.evaluate("document.activeElement.value")
    request = shown_request(page)
    with page.expect_navigation():
        page.click("#save-button")

    assert focused == "cookies"  # The first of the kinds.
    assert request == {
        "account": {
            "name": "By password",
            "username": "$ACCOUNT_USERNAME",
            "password": "$ACCOUNT_PASSWORD",
        }
    }
    assert "account.api_key is missing" in page.locator("#account-notice").inner_text()
    assert page.get_by_role("radio", name="User name and password").is_checked()


def test_a_refused_account_keeps_what_is_no_secret_and_is_then_added(page, url):
    open_form(page, url)
    page.fill("#field-name", "Second try")
    page.fill("#field-cookie-li_at", "cut off…")
    with page.expect_navigation():
        page.click("#save-button")

    assert page.locator("#account-notice").inner_text() == (
        "Nothing was saved: one field needs your attention. Enter the secrets again; they are "
        "never shown."
    )
    assert page.input_value("#field-name") == "Second try"
    assert page.input_value("#field-cookie-li_at") == ""

    page.fill("#field-cookie-li_at", LI_AT)
    assert save(page) == "The account was added."
    assert accounts(page, url)["Second try"]["is_valid"] is True


def test_what_is_wrong_is_said_beside_its_field_once_it_was_left(page, url):
    open_form(page, url)
    cookie, note = page.locator("#field-cookie-li_at"), page.locator("#field-cookie-li_at-issue")
    cookie.fill("cut off…")
    line = page.locator('#issues [data-field="field-cookie-li_at"]')
    line.wait_for()
    assert note.inner_text() == ""

    page.focus("#field-name")

    eventually(page, note.inner_text, line.inner_text())
    assert cookie.get_attribute("aria-invalid") == "true"
    cookie.fill(LI_AT)
    eventually(page, note.inner_text, "")
    assert cookie.get_attribute("aria-invalid") is None


def test_a_key_saves_the_account(page, url):
    open_form(page, url)
    page.fill("#field-name", "By key")
    page.fill("#field-pasted", f"li_at={LI_AT}")

    with page.expect_navigation():
        page.keyboard.press("Control+Enter")

    assert accounts(page, url)["By key"]["is_valid"] is True


def test_a_paused_job_finishes_after_its_account_is_updated(page, url):
    page.goto(f"{url}workflows/{PROFILE.uid}/?preset=none")
    page.fill('[name="inputs-0-linkedin_profile_url"]', "test:paused")
    page.get_by_label("Omar's LinkedIn").check()
    page.click("#launch-button")
    page.wait_for_url("**/jobs/*/")
    job = page.url
    state = page.locator("#job-status .state").first
    eventually(page, state.inner_text, "paused")

    page.goto(f"{url}accounts/linkedin/{OMAR.uid}/")
    page.get_by_role("link", name="Update it").click()
    page.fill("#field-pasted", f"li_at={LI_AT}")
    eventually(
        page,
        lambda: shown_request(page),
        {
            "account": {"uid": OMAR.uid, "cookies": {"li_at": "$LI_AT"}},
            "resume_paused_jobs": True,
        },
    )
    with page.expect_navigation():
        page.click("#save-button")
    assert page.locator("body > .notice:not([hidden])").all_inner_texts() == [
        "The account was updated.",
        "1 paused job of it goes on now.",
    ]

    page.goto(job)
    eventually(page, state.inner_text, "finished")
    assert job_uid_in(page.url) == job_uid_in(job)


def test_a_refused_form_still_says_beside_the_field_what_was_wrong_with_it(page, url):
    open_form(page, url)
    page.fill("#field-name", "With half a header")
    page.fill("#field-cookie-li_at", LI_AT)
    page.fill("#field-cookie-li_a", "AQJ2; lang=en")

    with page.expect_navigation():
        page.click("#save-button")

    sentence = "li_a holds a space or a semicolon, which no cookie has: copy only its value."
    assert page.locator("#field-cookie-li_a-issue").inner_text() == sentence
    assert page.locator("#field-cookie-li_a").get_attribute("aria-invalid") == "true"
    assert page.locator("#field-pasted-issue").inner_text() == ""
    page.fill("#field-cookie-li_at", LI_AT)
    page.fill("#field-cookie-li_a", LI_A)
    eventually(page, page.locator("#field-cookie-li_a-issue").inner_text, "")
    assert save(page) == "The account was added."


def test_a_login_challenge_is_answered(page, url):
    open_form(page, url)
    page.fill("#field-name", "Challenged")
    page.fill("#field-cookie-li_at", "test:checkpoint")
    assert save(page).startswith("The account was added, but the upstream does not take")
    uid = accounts(page, url)["Challenged"]["uid"]

    assert page.url == f"{url}accounts/linkedin/{uid}/"
    page.fill("#field-code", "12345")
    with page.expect_navigation():
        page.get_by_role("button", name="Send the code").click()
    assert "code must be text of six digits" in page.locator("#field-code-issue").inner_text()
    assert page.input_value("#field-code") == ""
    page.fill("#field-code", "123456")
    with page.expect_navigation():
        page.get_by_role("button", name="Send the code").click()

    notice = page.locator("body > .notice:not([hidden])").inner_text()
    assert notice == "The login challenge was answered."
    assert accounts(page, url)["Challenged"]["is_valid"] is True


def test_a_person_comes_back_to_the_workflow_and_finds_the_account_there(page, url):
    open_form(page, url, query=f"?next=/workflows/{PROFILE.uid}/")
    page.fill("#field-name", "For this workflow")
    page.fill("#field-pasted", f"li_at={LI_AT}")

    save(page)

    assert page.url == f"{url}workflows/{PROFILE.uid}/"
    assert page.get_by_label("For this workflow").is_visible()


def test_the_copied_command_adds_the_account_when_it_is_pasted_into_bash(page, url):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_form(page, url)
    page.fill("#field-name", "It's $(pasted) `here` \\ !")
    page.fill("#field-pasted", EXPORT)
    page.locator("#cookies-found").wait_for()
    settle(page)
    page.get_by_text("cURL", exact=True).click()

    copied = copy_with(page, "Copy cURL")
    environment = {
        "PATH": f"{Path(find_curl()).parent}:{os.environ['PATH']}",
        "UPSTREAM_API_KEY": KEY,
        "UPSTREAM_PROJECT_ID": PROJECT_ID,
        "LI_AT": LI_AT,
        "JSESSIONID": JSESSIONID,
    }
    answer = json.loads(run_in_bash(copied, environment))

    assert LI_AT not in copied
    assert answer["name"] == "It's $(pasted) `here` \\ !"
    assert answer["is_valid"] is True


def test_going_back_finds_no_secret_in_the_form(page, url):
    open_form(page, url)
    page.fill("#field-name", "Left")
    page.fill("#field-pasted", f"li_at={LI_AT}")
    page.fill("#field-cookie-li_a", LI_A)
    page.goto(f"{url}workflows/")

    page.go_back()

    assert page.input_value("#field-pasted") == ""
    assert page.input_value("#field-cookie-li_a") == ""
    kept = page.evaluate("JSON.stringify([history.state, {...localStorage}, {...sessionStorage}])")
    assert [secret for secret in (LI_AT, LI_A) if secret in kept] == []


def test_the_form_needs_no_script(browser, url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    open_form(page, url, "hubspot")
    page.fill("#field-name", "Without scripts")
    page.fill("#field-api_key", "pat-1")

    with page.expect_navigation():
        page.get_by_role("button", name="Show the request").click()
    shown = shown_request(page)
    page.fill("#field-api_key", "pat-1")
    notice = save(page)
    context.close()

    assert shown == {"account": {"name": "Without scripts", "api_key": "$ACCOUNT_API_KEY"}}
    assert notice == "The account was added."


@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_fits(page, url, width):
    page.set_viewport_size({"width": width, "height": 844})
    for address in ("accounts/linkedin/new/", f"accounts/linkedin/{OMAR.uid}/edit/"):
        page.goto(f"{url}{address}")
        page.fill("#field-name", "x" * 300)

        wide = page.evaluate("document.documentElement.scrollWidth")

        assert wide <= width
