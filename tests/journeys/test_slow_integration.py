"""One integration of the upstream is slow: its part says so, everything else goes on."""

from __future__ import annotations

import threading

import pytest

from tests.journeys.person import eventually
from tests.journeys.slow_upstream import SlowUpstream

pytestmark = pytest.mark.browser

ENRICH = "5a9db0c0-0004-4000-8000-000000000031"
LINKEDIN_STEP, HUBSPOT_STEP = (f"5a9db0c0-0005-4000-8000-00000000310{number}" for number in (1, 3))
FIELD = '[name="inputs-0-linkedin_profile_url"]'
LATE = "The accounts of hubspot take long to come: the upstream is still being asked."


@pytest.fixture(scope="module")
def upstream():
    with SlowUpstream() as slow:
        yield slow


@pytest.fixture(scope="module")
def url(shared_playgrounds, upstream):
    return shared_playgrounds.start(**upstream.environment).url


def accounts_of(page, step: str) -> int:
    return page.locator(f'input[name="steps-{step}-accounts"]').count()


def test_page_preview_and_launch_do_not_wait_for_a_slow_integration(page, url, upstream):
    page.goto(f"{url}workflows/")  # Starting up is not what is measured.
    go_on = upstream.slow_paths["/integrations/hubspot/"] = threading.Event()

    page.goto(f"{url}workflows/{ENRICH}/?preset=none")
    assert accounts_of(page, LINKEDIN_STEP) > 0
    assert accounts_of(page, HUBSPOT_STEP) == 0
    # The playground gives up on an answer after ten seconds: what waited for it says another thing.
    assert page.get_by_text(LATE).first.is_visible()

    page.locator(FIELD).fill("https://www.linkedin.com/")
    for letter in "in/ada":
        with page.expect_response(lambda answer: "/launch/preview/" in answer.url):
            page.keyboard.type(letter)
    eventually(page, page.locator(".checked span").inner_text, "still asking")

    go_on.set()
    eventually(page, page.locator(".checked span").count, 0)
    page.get_by_role("button", name="check again").click()
    eventually(page, lambda: accounts_of(page, HUBSPOT_STEP) > 0, True)
    assert page.input_value(FIELD) == "https://www.linkedin.com/in/ada"
    assert page.get_by_text(LATE).count() == 0


def test_late_integration_is_named_on_the_accounts_page_beside_the_others(page, url, upstream):
    go_on = upstream.slow_paths["/integrations/outlook/"] = threading.Event()
    parts = page.locator("section.integration")

    def with_notice() -> list[str]:
        page.goto(f"{url}accounts/")
        names = [part.locator("h2").inner_text() for part in parts.all()]
        assert len(names) > 3
        return [
            name
            for name, part in zip(names, parts.all(), strict=True)
            if part.locator(".notice").count()
        ]

    # A machine that is busy may need a second look at the others.
    eventually(page, with_notice, ["Outlook"])
    go_on.set()
