"""axe finds nothing to complain of on any page, light and dark, wide and narrow."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest

from tests.journeys.person import FIND_EMAIL_UID, eventually, fill_rows, job_uid_in, open_workflow

pytestmark = pytest.mark.browser

AXE = next(Path(axe_playwright_python.__file__).parent.glob("axe.min.js")).read_text()
UNFOLD = "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"
FIND = """() => axe.run({ resultTypes: ["violations"] })
    .then((found) => found.violations.map((one) => [one.id, one.nodes[0].html]))"""
VISIT_CONNECT = "5a9db0c0-0004-4000-8000-000000000033"
EXPIRED = "5a9db0c0-0003-4000-8000-000000000003"
PAGES = (
    "workflows/",
    "workflows/?q=nothing-like-it",
    f"workflows/{VISIT_CONNECT}/",
    f"workflows/{FIND_EMAIL_UID}/jobs/",
    "launches/",
    "launches/1/",
    "accounts/",
    "accounts/?state=not-valid",
    f"accounts/linkedin/{EXPIRED}/",
    f"accounts/linkedin/{EXPIRED}/edit/",
    "accounts/linkedin/new/",
    "accounts/outlook/new/",
    "users/",
    "users/new/",
    "reference/",
    "reference/?q=cookie",
    "reference/launch_workflow/",
    "reference/guides/find-a-step-uid/",
    "reference/list_accounts/try/?integration=linkedin",
    "reference/cancel_job/try/",
    "reference/tries/",
    "reference/tries/1/",
    "nothing/here/",
)
LOOKS = [("light", 1440), ("dark", 390)]


@pytest.fixture(scope="module")
def playground(shared_playgrounds):
    return shared_playgrounds.start(SANDBOX_SPEED="100")


@pytest.fixture(scope="module")
def job(playground, browser) -> str:
    """A launch with its job, and a try, so that pages have something to show."""
    page = browser.new_page()
    open_workflow(page, playground.url)
    fill_rows(page, ("Ada", "King", "acme.com"), ("test:not-found", "x", "y"))
    page.click("#launch-button")
    page.wait_for_url("**/jobs/*/")
    eventually(page, page.locator(".status-line .state").inner_text, "finished")
    uid = job_uid_in(page.url)
    page.goto(f"{playground.url}reference/list_accounts/try/?integration=linkedin")
    page.get_by_role("button", name="Send").first.click()
    page.wait_for_url("**/reference/tries/*/")
    page.close()
    return uid


@pytest.fixture(scope="module")
def violations(browser, playground, job) -> dict[tuple[str, int], dict[str, object]]:
    """Look → page → what axe says of it. Each page is opened once and looked at in both ways."""
    context = browser.new_context(bypass_csp=True)
    page, found = context.new_page(), {look: {} for look in LOOKS}
    for path in (*PAGES, f"jobs/{job}/"):
        page.goto(playground.url + path)
        page.evaluate(UNFOLD)
        page.evaluate(AXE)
        for scheme, width in LOOKS:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            if complaints := page.evaluate(FIND):
                found[scheme, width][path] = complaints
    context.close()
    return found


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_axe_finds_no_violation_on_any_page(violations, look):
    assert violations[look] == {}


def test_axe_does_find_what_is_wrong(browser, playground):
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(f"{playground.url}workflows/")
    page.evaluate("() => document.querySelector('main').insertAdjacentHTML('beforeend', '<input>')")
    page.evaluate(AXE)

    violations = [name for name, _ in page.evaluate(FIND)]

    context.close()
    assert "label" in violations
