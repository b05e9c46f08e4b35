"""A launch that preflight stops is repaired through its links, or tried with its first row."""

from __future__ import annotations

import re

import pytest

from tests.journeys.person import eventually, focused, open_workflow, shown_rows

pytestmark = pytest.mark.browser

VISIT_CONNECT = "5a9db0c0-0004-4000-8000-000000000033"
VISIT, CONNECT = (f"5a9db0c0-0005-4000-8000-00000000330{number}" for number in (1, 2))
JANE, OMAR, EXPIRED = (f"5a9db0c0-0003-4000-8000-00000000000{number}" for number in (1, 2, 3))
KEY, PROJECT_ID = "5a9d" * 16, "5a9db0c0-0000-4000-8000-000000000001"
NO_ROW = "At least one row is needed: linkedin_profile_url must have a value."
NO_FIT = (
    "The only row has no value for linkedin_profile_url that looks as it should: every input "
    "would fail."
)
FIRST_URL, SECOND_URL = "https://www.linkedin.com/in/ada", "https://www.linkedin.com/in/zoe"


@pytest.fixture(scope="module")
def url(shared_playgrounds):
    return shared_playgrounds.start(SANDBOX_SPEED="200").url


@pytest.fixture(scope="module")
def hosted_url(shared_playgrounds, url):
    """A playground whose upstream is the other one, so that its own sandbox is apart."""
    return shared_playgrounds.start(
        SANDBOX_SPEED="200",
        UPSTREAM_URL=f"{url}sandbox/v3",
        UPSTREAM_API_KEY=KEY,
        UPSTREAM_PROJECT_ID=PROJECT_ID,
    ).url


def lines(page) -> list[tuple[str, str]]:
    found = page.evaluate(
        "() => [...document.querySelectorAll('#issues li')]"
        ".map((line) => [line.className, line.innerText])"
    )
    return [(severity, " ".join(text.split())) for severity, text in found]


def severities(page) -> list[str]:
    return [severity for severity, _ in lines(page)]


def choose(page, step: str, *accounts: str) -> None:
    for account in accounts:
        page.check(f'input[name="steps-{step}-accounts"][value="{account}"]')


def test_stopped_launch_is_repaired_through_its_links_and_finishes(page, url):
    open_workflow(page, url, VISIT_CONNECT)
    assert severities(page) == ["stops", "stops", "stops"]

    page.click("#launch-button")
    page.locator(".form-pane .notice.error").wait_for()
    assert page.locator(".form-pane .notice.error").inner_text() == (
        "Not launched: 3 things stop it. Preflight, above the Launch button, says which. "
        "See what stops it"
    )

    page.locator("#issues a", has_text=NO_ROW).click()
    assert focused(page) == "inputs-0-linkedin_profile_url"
    page.keyboard.type("linkedin.com/in/ada")
    eventually(page, lambda: lines(page)[0][1] != NO_ROW, True)
    assert lines(page)[0] == ("stops", NO_FIT)
    page.fill('[name="inputs-0-linkedin_profile_url"]', FIRST_URL)
    eventually(page, lambda: severities(page), ["stops", "stops"])

    page.locator("#issues a", has_text="Step 1").click()
    assert focused(page) == f"steps-{VISIT}-accounts"
    page.keyboard.press("Space")
    choose(page, CONNECT, EXPIRED)
    eventually(page, lambda: severities(page), ["stops", "risky"])
    page.uncheck(f'input[value="{EXPIRED}"][name="steps-{CONNECT}-accounts"]')
    choose(page, CONNECT, OMAR)
    eventually(page, lambda: lines(page), [])
    assert page.locator(".preflight-head .counts").inner_text().split("\n")[0] == (
        "ready to launch"
    )

    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/jobs/*/")
    eventually(page, page.locator(".status-line .state").inner_text, "finished")


def test_launching_it_twice_is_told_before_it_happens(page, url):
    open_workflow(page, url, VISIT_CONNECT)
    page.fill('[name="inputs-0-linkedin_profile_url"]', SECOND_URL)
    choose(page, VISIT, JANE)
    choose(page, CONNECT, JANE)
    eventually(page, lambda: lines(page), [])
    page.click("#launch-button")
    page.wait_for_url("**/jobs/*/")

    page.get_by_role("link", name="Launch again").click()

    eventually(page, lambda: severities(page), ["risky"])
    (said,) = (text for _, text in lines(page))
    assert re.fullmatch(r"The same payload was launched just now by local \(launch \d+\)\.", said)


def test_reason_launches_it_all_the_same_and_is_on_record(page, url):
    open_workflow(page, url, VISIT_CONNECT)
    page.fill('[name="inputs-0-linkedin_profile_url"]', "https://www.linkedin.com/in/grace")
    choose(page, VISIT, JANE)
    eventually(page, lambda: severities(page), ["stops"])

    page.fill("#override-reason", "Step 2 is connected later")
    page.press("#override-reason", "Enter")
    assert page.url == f"{url}workflows/{VISIT_CONNECT}/?preset=none"
    page.click("#launch-button")

    page.wait_for_url("**/jobs/*/")
    eventually(page, page.locator(".status-line .state").inner_text, "paused")
    page.goto(f"{url}launches/")
    page.locator("tbody a").first.click()
    assert "Step 2 is connected later" in page.locator(".page > .notice.warning").inner_text()


def test_typing_goes_on_while_preflight_is_asked(page, url):
    open_workflow(page, url, VISIT_CONNECT)
    field = page.locator('[name="inputs-0-linkedin_profile_url"]')
    field.click()
    page.keyboard.type(FIRST_URL + "-and-a-rather-long-end", delay=15)

    wanted = [{"linkedin_profile_url": FIRST_URL + "-and-a-rather-long-end"}]
    eventually(page, lambda: shown_rows(page), wanted)
    assert field.input_value() == FIRST_URL + "-and-a-rather-long-end"
    assert focused(page) == "inputs-0-linkedin_profile_url"
    eventually(page, lambda: severities(page), ["stops", "stops"])


def test_trial_with_the_first_row_runs_on_the_sandbox_apart(page, hosted_url):
    open_workflow(page, hosted_url, VISIT_CONNECT)
    page.fill('[name="inputs-0-linkedin_profile_url"]', FIRST_URL)
    page.click("#add-row")
    page.fill('[name="inputs-1-linkedin_profile_url"]', SECOND_URL)
    choose(page, VISIT, JANE)
    choose(page, CONNECT, JANE)
    page.get_by_text("Try it with the first rows").click()
    page.fill("#trial-rows", "1")

    with page.expect_popup() as opened:
        page.get_by_role("button", name="Prepare on the sandbox").click()
    trial = opened.value
    trial.wait_for_load_state()

    assert "nothing here leaves the sandbox" in trial.locator(".trial-area").inner_text()
    assert shown_rows(trial) == [{"linkedin_profile_url": FIRST_URL}]
    assert len(page.locator("#input-rows tr").all()) == 2
    trial.click("#launch-button")
    trial.wait_for_url("**/trial/jobs/*/")
    eventually(trial, trial.locator(".status-line .state").inner_text, "finished")
    trial.goto(f"{hosted_url}trial/launches/")
    assert trial.locator("tbody td:first-child a").all_inner_texts() == [
        "Visit a Profile, Then Connect (first row)"
    ]
    trial.goto(f"{hosted_url}launches/")
    assert trial.locator(".empty").count() == 1
