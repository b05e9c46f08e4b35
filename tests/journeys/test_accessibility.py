"""axe finds nothing to complain of on any page, light and dark, wide and narrow."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest

from tests.journeys.person import FIND_EMAIL_UID, eventually, fill_rows, job_uid_in, open_workflow

pytestmark = pytest.mark.browser

AXE = next(Path(axe_playwright_python.__file__).parent.glob("axe.min.js")).read_text()
UNFOLD = "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"
# Contrast is looked at apart: it takes longer than all other rules together, and text that the
# style sheet cannot tell apart (same tags, classes and states all the way up) is alike in it. The
# first two and the last of each kind stand for the rest, for rules that count (`:nth-child`).
FIND = """() => axe
    .run({ resultTypes: ["violations"], rules: { "color-contrast": { enabled: false } } })
    .then((found) => found.violations.map((one) => [one.id, one.nodes[0].html]))"""
FIND_CONTRAST = """() => {
    const plain = new Set(["id", "href", "value", "title", "for", "name", "datetime", "headers"]);
    const told = (node) => node.tagName + [...node.attributes]
        .filter((one) => !plain.has(one.name) && !one.name.startsWith("hx-"))
        .map((one) => `[${one.name}=${one.value}]`).sort().join("");
    const kind = (node) => node ? kind(node.parentElement) + ">" + told(node) : "";
    const kinds = new Map();
    for (const node of document.body.querySelectorAll("*")) {
        const speaks = [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
        if (!speaks && !node.matches("input, select, textarea")) continue;
        const those = kinds.get(kind(node)) ?? [];
        kinds.set(kind(node), [...those.slice(0, 2), node]);
    }
    return axe.run([...kinds.values()].flat(), { runOnly: ["color-contrast"] })
        .then((found) => found.violations.flatMap((one) => one.nodes.map((node) => node.html)));
}"""
VISIT_CONNECT = "5a9db0c0-0004-4000-8000-000000000033"
EXPIRED = "5a9db0c0-0003-4000-8000-000000000003"
# The playground page with the payload in another language, and with what was pasted.
LANGUAGES, PASTED, REFUSED = "#languages", "#start", "#start-refused"
# What many of its kind have: a key, another host, repairs, another step, a name given twice.
COPIED = (
    "curl 'https://api.example.com/v3/workflows/x/schedule' -H 'x-api-key: 5ec2e75ec2e7' "
    """-d "{'job_name': 'A', job_name: 'B', 'steps': [{'step_uid': 'other', 'accounts': []}],}" """
)
PAGES = (
    "workflows/",
    "workflows/?q=nothing-like-it",
    f"workflows/{VISIT_CONNECT}/",
    f"workflows/{VISIT_CONNECT}/{LANGUAGES}",
    f"workflows/{VISIT_CONNECT}/#launch-editor",
    f"workflows/{VISIT_CONNECT}/?preset=none{PASTED}",
    f"workflows/{FIND_EMAIL_UID}/?preset=none{REFUSED}",
    "workflows/#box",
    f"workflows/{VISIT_CONNECT}/#share",
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
    f"workflows/{FIND_EMAIL_UID}/row-sets/",
    "row-sets/",
    "row-sets/1/",
    f"workflows/{VISIT_CONNECT}/presets/",
    f"workflows/{FIND_EMAIL_UID}/recent/",
    "shared/",
    "schedules/",
    "schedules/remove/?name=Every%20morning",
    "webhooks/",
    f"compare/?left=defaults:{FIND_EMAIL_UID}&right=launch:1",
)
ROWS = "first_name,last_name,company_name,Note\nAda,King,acme.com,x\n,King,acme.com,x\n" * 2
LOOKS = [("light", 1440), ("dark", 390)]


@pytest.fixture(scope="module")
def playground(shared_playgrounds):
    return shared_playgrounds.start(SANDBOX_SPEED="100", WEBHOOK_HOSTS="hooks.example")


@pytest.fixture(scope="module")
def job(playground, browser) -> str:
    """A launch with its job, a try, and rows, so that pages have something to show."""
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
    page.goto(f"{playground.url}workflows/{FIND_EMAIL_UID}/row-sets/")
    page.fill("#text", ROWS)
    page.get_by_role("button", name="Import").click()
    page.wait_for_url("**/row-sets/1/")
    page.close()
    return uid


def choose_language(page):
    page.get_by_text("More languages", exact=True).click()
    page.locator("#payload-snippet").wait_for()


def edit_wrongly(page):
    page.reload()
    page.get_by_role("button", name="Edit", exact=True).click()
    page.fill("#edited", "{ not yet")
    page.wait_for_selector("#edited-problem.problem")


def paste(page, text, result):
    page.locator("details:has(#pasted)").evaluate("(one) => { one.open = true; }")
    page.fill("#pasted", text)
    page.get_by_role("button", name="Fill in the form").click()
    page.wait_for_selector(result)


def paste_into_box(page):
    page.get_by_text("Or paste a payload").click()
    page.fill("#pasted", "First name\tLast name\nAda\tKing")
    page.get_by_role("button", name="Open it").click()
    page.get_by_role("heading", name="Which workflow is it for?").wait_for()


def share(page):
    page.get_by_text("Share…", exact=True).click()
    page.get_by_role("button", name="Make the link").click()
    page.wait_for_url("**/shared/*/")


PREPARED = {
    "languages": choose_language,
    "launch-editor": edit_wrongly,
    "start": lambda page: paste(page, COPIED, "#filled-notice"),
    "start-refused": lambda page: paste(page, "{'a': (1)}", "#pasted-issue:not(:empty)"),
    "box": paste_into_box,
    "share": share,
}


@pytest.fixture(scope="module")
def violations(browser, playground, job) -> dict[tuple[str, int], dict[str, object]]:
    """Look → page → what axe says of it. Each page is opened once and looked at in both ways."""
    context = browser.new_context(bypass_csp=True)
    page, found = context.new_page(), {look: {} for look in LOOKS}
    for path in (*PAGES, f"jobs/{job}/"):
        page.goto(playground.url + path)
        prepare = PREPARED.get(path.rpartition("#")[2]) if "#" in path else None
        if prepare:
            prepare(page)
        page.evaluate(UNFOLD)
        page.evaluate(AXE)
        for scheme, width in LOOKS:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            if complaints := [*page.evaluate(FIND), *page.evaluate(FIND_CONTRAST)]:
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
    page.evaluate("""() => document.querySelector("main").insertAdjacentHTML("beforeend",
        "<input><ul>" + "<li class=quiet>Words</li>".repeat(5) + "</ul>")""")
    page.evaluate("() => { document.querySelector('.quiet:last-child').style.color = '#888'; }")
    page.evaluate(AXE)

    violations = [name for name, _ in page.evaluate(FIND)]
    of_contrast = page.evaluate(FIND_CONTRAST)

    context.close()
    assert "label" in violations
    assert [html for html in of_contrast if "Words" in html] == [
        '<li class="quiet" style="color: rgb(136, 136, 136);">Words</li>'
    ]
