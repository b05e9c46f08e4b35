"""What a person does on the playground's pages, and what they see there."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

FIND_EMAIL = "Find an e-mail"
FIND_EMAIL_UID = "5a9db0c0-0004-4000-8000-000000000001"
FIND_EMAIL_STEP = "5a9db0c0-0005-4000-8000-000000000101"
KEYS = ("first_name", "last_name", "company_name")
Row = tuple[str, str, str]


def open_workflow(page: Page, url: str, uid: str = FIND_EMAIL_UID) -> None:
    """As it begins, whatever was typed into its form by others of these tests, who are the same
    person."""
    page.goto(f"{url}workflows/{uid}/?preset=none")


def fill_row(page: Page, number: int, row: Row) -> None:
    """`number` is the one in the field names, from 0."""
    for key, text in zip(KEYS, row, strict=True):
        page.fill(f'[name="inputs-{number}-{key}"]', text)


def fill_rows(page: Page, *rows: Row) -> None:
    """Into the row that is there, and as many new ones as it takes."""
    for number, row in enumerate(rows):
        if number:
            page.click("#add-row")
        fill_row(page, number, row)


def shown_payload(page: Page) -> Any:
    return json.loads(page.locator("#payload-json").text_content() or "")


def shown_rows(page: Page) -> Any:
    return shown_payload(page).get("inputs")


def inputs(*rows: Row) -> list[dict[str, str]]:
    """The rows as they stand in a payload."""
    return [dict(zip(KEYS, row, strict=True)) for row in rows]


def settle(page: Page) -> None:
    """Wait until htmx asks for nothing any more, also not after one of its delays.

    What it shows was asked for by one event after the other, each with an answer of its own. The
    clock is the browser's own: on a slow machine its delays and this one are late together.
    """
    page.locator("body").evaluate(
        """async () => {
            const until = performance.now() + 30_000;
            let happened;
            const note = () => { happened = true; };
            for (const name of ["input", "htmx:beforeRequest", "htmx:afterSwap"])
              document.addEventListener(name, note);
            do {
              happened = false;
              await new Promise((done) => setTimeout(done, 250));
              if (performance.now() > until) throw new Error("it goes on asking");
            } while (happened || document.querySelector(".htmx-request"));
        }"""
    )


def copy_with(page: Page, name: str) -> str:
    """What the button of this name put into the clipboard, once it said so (for a moment)."""
    button = page.get_by_role("button", name=name)
    button.evaluate(
        """(button) => new MutationObserver(() => { button.dataset.said = button.className; })
            .observe(button, { attributeFilter: ["class"], attributeOldValue: true })"""
    )
    button.click()
    page.locator("button[data-said~=done]").wait_for()
    copied: str = page.evaluate("navigator.clipboard.readText()")
    return copied


def focused(page: Page) -> str:
    """The name of the field that has the focus; of anything else its id."""
    name: str = page.locator("body").evaluate(
        "() => document.activeElement.name || document.activeElement.id"
    )
    return name


def form_state(page: Page) -> list[list[Any]]:
    """Name, value and tick of everything that the form would send whichever button is pressed,
    less its tokens, what it says of the launches that are known, and what only helps to fill in
    another field."""
    state: list[list[Any]] = page.locator("#launch-form").evaluate(
        """(form) => [...form.elements]
            .filter((one) => one.name && one.type !== "submit")
            .filter((one) => !/^(csrf|more-)/.test(one.name))
            .filter((one) => !/^(launch_token|launches_seen|draft_version)$/.test(one.name))
            .map((one) => [one.name, one.value, one.checked ?? null])"""
    )
    return state


def job_uid_in(address: str) -> str:
    found = re.search(r"/jobs/([0-9a-f-]{36})/", address)
    assert found, f"not a job's page: {address}"
    return found[1]


def eventually(page: Page, read: Callable[[], Any], wanted: Any, *, seconds: float = 30) -> None:
    """Wait until `read()` gives `wanted`; the browser's events are handled meanwhile."""
    deadline = time.monotonic() + seconds
    while (seen := read()) != wanted and time.monotonic() < deadline:
        page.wait_for_timeout(20)
    assert seen == wanted
