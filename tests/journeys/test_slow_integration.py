"""One integration of the upstream is slow: its part says so, everything else goes on."""

from __future__ import annotations

import threading
import time

import pytest

from tests.journeys.person import eventually
from tests.journeys.slow_upstream import SlowUpstream

pytestmark = pytest.mark.browser

ENRICH = "5a9db0c0-0004-4000-8000-000000000031"
LINKEDIN_STEP, HUBSPOT_STEP = (f"5a9db0c0-0005-4000-8000-00000000310{number}" for number in (1, 3))
FIELD = '[name="inputs-0-linkedin_profile_url"]'
LATE = "The accounts of hubspot take long to come: the upstream is still being asked."


@pytest.fixture
def upstream():
    with SlowUpstream() as slow:
        yield slow


def accounts_of(page, step: str) -> int:
    return page.locator(f'input[name="steps-{step}-accounts"]').count()


def test_page_preview_and_launch_do_not_wait_for_a_slow_integration(
    page, running_playground, upstream
):
    url = running_playground.start(**upstream.environment).url
    page.goto(f"{url}workflows/")  # Starting up is not what is measured.
    go_on = upstream.slow_paths["/integrations/hubspot/"] = threading.Event()

    began = time.monotonic()
    page.goto(f"{url}workflows/{ENRICH}/")
    opened = time.monotonic() - began
    assert accounts_of(page, LINKEDIN_STEP) > 0
    assert (accounts_of(page, HUBSPOT_STEP), opened < 5) == (0, True), opened
    assert page.get_by_text(LATE).first.is_visible()

    slowest = 0.0
    page.locator(FIELD).click()
    for letter in "https://www.linkedin.com/in/ada":
        began = time.monotonic()
        with page.expect_response(lambda answer: "/launch/preview/" in answer.url):
            page.keyboard.type(letter)
        slowest = max(slowest, time.monotonic() - began)
    # One that waited for the integration would never come.
    assert slowest < 2, slowest
    eventually(page, page.locator(".checked span").inner_text, "still asking")

    go_on.set()
    eventually(page, page.locator(".checked span").count, 0)
    page.get_by_role("button", name="check again").click()
    eventually(page, lambda: accounts_of(page, HUBSPOT_STEP) > 0, True)
    assert page.input_value(FIELD) == "https://www.linkedin.com/in/ada"
    assert page.get_by_text(LATE).count() == 0


def test_failing_integration_is_named_on_the_accounts_page_beside_the_others(
    page, running_playground, upstream
):
    url = running_playground.start(**upstream.environment).url
    go_on = upstream.slow_paths["/integrations/outlook/"] = threading.Event()

    page.goto(f"{url}accounts/")

    parts = page.locator("section.integration")
    told = {
        part.locator("h2").inner_text(): part.locator(".notice").count() for part in parts.all()
    }
    assert told.pop("Outlook") == 1
    assert set(told.values()) == {0}
    go_on.set()
