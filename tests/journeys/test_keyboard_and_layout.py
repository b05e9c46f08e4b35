"""The keyboard, the focus, and how the pages fit a telephone, by day and by night."""

import dataclasses
import re

import pytest

from playground.contract.folding import fold, search_words
from tests.browser import watch_for_errors
from tests.journeys.person import (
    FIND_EMAIL_STEP,
    FIND_EMAIL_UID,
    eventually,
    fill_row,
    fill_rows,
    focused,
    form_state,
    inputs,
    open_workflow,
    settle,
    shown_payload,
    shown_rows,
)

pytestmark = pytest.mark.browser

ADA, ZOE = ("Ada", "King", "acme.com"), ("Zoë", "O'Brien", "acme.com")
TEN_STEPS = "5a9db0c0-0004-4000-8000-000000000035"
TELEPHONE = {"width": 390, "height": 844}
NOT_FOUND = "Failed to load resource: the server responded with a status of 404 (Not Found)"
# The lowest contrast of text with what is behind it, of all text on the page: ratio and text.
LOWEST_CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map((at) => top[at] * top[3] + below[at] * (1 - top[3]));
  const light = (color) => {
    const parts = color.map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.unshift(at);
    return layers.map((layer) => rgba(getComputedStyle(layer).backgroundColor))
      .reduce((below, layer) => over(layer, below), rgba("Canvas"));
  };
  let lowest = [99, ""];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !element.checkVisibility() || element.getBoundingClientRect().width < 2) continue;
    const below = behind(element);
    const above = over(rgba(getComputedStyle(element).color), below);
    const [high, low] = [light(above), light(below)].sort((one, other) => other - one);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < lowest[0]) lowest = [Math.round(ratio * 100) / 100, text.slice(0, 60)];
  }
  return lowest;
}"""

# While a navigation is held back Chromium answers no question about the page, which runs on: so the
# page tells by itself what its button shows, clicks it once more, and tells of each submit.
TELL_OF_SENDING = r"""() => {
  const form = document.getElementById("launch-form");
  const button = document.getElementById("launch-button");
  let isClickedAgain = false;
  addEventListener("submit", (event) => console.info(`submit ${event.defaultPrevented}`));
  new MutationObserver(() => {
    console.info(`${button.textContent}, busy: ${form.ariaBusy}`);
    if (isClickedAgain || !/ \d+ s$/.test(button.textContent)) return;
    isClickedAgain = true;
    setTimeout(() => button.click());
  }).observe(button, { childList: true });
  setTimeout(() => button.click());
}"""


@pytest.fixture(scope="module")
def url(shared_playgrounds):
    return shared_playgrounds.start(SANDBOX_SPEED="50").url


@pytest.fixture(scope="module")
def paths(browser, url):
    """Every page there is, with something on it."""
    context = browser.new_context()
    page = context.new_page()
    open_workflow(page, url)
    fill_rows(page, ADA, ("x" * 200, "y" * 90, "test:not-found"))
    page.fill("#field-job_name", "A name without any blank in it: " + "n" * 300)
    page.click("#launch-button")
    page.wait_for_url("**/jobs/*/")
    page.locator("#job-results").wait_for()
    job = page.url.removeprefix(url)
    page.locator(".sub").get_by_role("link", name=re.compile("^Launch")).click()
    page.wait_for_url("**/launches/*/")
    launch = page.url.removeprefix(url)
    context.close()
    return (
        "workflows/",
        "workflows/?q=nothing-is-called-" + "z" * 150,
        f"workflows/{FIND_EMAIL_UID}/",
        f"workflows/{TEN_STEPS}/",
        f"workflows/{FIND_EMAIL_UID}/?launch={launch.split('/')[1]}",
        f"workflows/{FIND_EMAIL_UID}/jobs/",
        "workflows/no-such-workflow/",
        "launches/",
        "launches/?state=unknown",
        launch,
        "launches/99999/",
        f"workflows/{FIND_EMAIL_UID}/presets/",
        f"workflows/{FIND_EMAIL_UID}/recent/",
        f"compare/?left=defaults:{FIND_EMAIL_UID}&right=launch:{launch.split('/')[1]}",
        job,
        f"{job}?step={FIND_EMAIL_STEP}",
        "sign-in/",
        "no-such-page/",
    )


def press_tab_until(page, wanted, *, most=80):
    """The names and ids that had the focus on the way."""
    passed = []
    while wanted not in passed:
        assert len(passed) < most, f"{wanted} was not reached: {passed}"
        page.keyboard.press("Tab")
        passed.append(focused(page))
    return passed


PASTE = """(one, [text, html]) => {
    const copied = new DataTransfer();
    copied.setData("text/plain", text);
    copied.setData("text/html", html);
    const how = { clipboardData: copied, bubbles: true, cancelable: true };
    one.dispatchEvent(new ClipboardEvent("paste", how));
}"""
TWELVE = [(f"Ada {n}", f"King-{n:03}", f"acme{n}.com") for n in range(12)]
AS_TEXT = "".join("\t".join(row) + "\r\n" for row in TWELVE)
# As a spreadsheet writes it beside the text: with styles, and lines broken within a cell.
AS_HTML = (
    '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><style>td {mso-rotate:0;}'
    "</style></head><body><!--StartFragment--><table border=0><col width=64 span=3>"
    + "".join(
        f"<tr height=19><td class=xl65>{first.replace(' ', chr(10) + '  ')}</td>"
        f'<td x:str="{last}">{last}</td><td align=right><a href="http://{firm}">{firm}</a></td></tr>'
        for first, last, firm in TWELVE
    )
    + "</table><!--EndFragment--></body></html>"
)


@pytest.mark.parametrize("copied", [(AS_TEXT, ""), ("", AS_HTML)], ids=["text", "HTML"])
def test_twelve_rows_of_a_spreadsheet_are_pasted_and_taken_back(page, url, copied):
    open_workflow(page, url)
    fill_row(page, 0, ("Typed", "by", "hand.com"))
    eventually(page, lambda: shown_rows(page), inputs(("Typed", "by", "hand.com")))

    page.locator('[name="inputs-0-first_name"]').evaluate(PASTE, list(copied))

    eventually(page, lambda: shown_rows(page), inputs(*TWELVE))
    assert focused(page) == "inputs-0-first_name"
    page.get_by_role("button", name="Undo").click()
    eventually(page, lambda: shown_rows(page), inputs(("Typed", "by", "hand.com")))
    assert page.input_value("#cells") == ""


def test_tab_leads_through_the_fields_to_the_launch_button(page, url):
    open_workflow(page, url)

    passed = press_tab_until(page, "launch-button")

    parameter = f"steps-{FIND_EMAIL_STEP}-parameters-max_candidates"
    wanted = ["job_name", *(f"inputs-0-{key}" for key in inputs(ADA)[0]), parameter]
    assert [name for name in passed if name in wanted] == wanted
    # The button that only browsers without scripts need is in nobody's way.
    assert page.locator("#launch-button").evaluate("(button) => button.matches(':focus-visible')")


def test_the_payload_is_followed_in_the_language_that_was_chosen(page, url):
    asked = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/launch/")[2]))
    open_workflow(page, url)
    fill_rows(page, ADA)
    settle(page)
    assert "snippets/panel/" not in asked

    page.locator("#view-json").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.get_by_label("Language", exact=True).select_option("php")
    snippet = page.locator("#payload-snippet")
    eventually(page, lambda: "<?php" in snippet.inner_text(), True)
    fill_row(page, 0, ZOE)
    eventually(page, lambda: '"last_name": "O\'Brien"' in snippet.inner_text(), True)
    page.get_by_label("Copy this snippet").click()
    eventually(page, lambda: page.locator("#said").inner_text(), "Copied.")

    page.reload()
    page.get_by_text("More languages", exact=True).click()
    eventually(page, lambda: page.get_by_label("Language", exact=True).input_value(), "php")


def test_slash_goes_to_the_search(page, url):
    for path in ("workflows/", "launches/"):
        page.goto(url + path)

        page.keyboard.press("/")

        assert focused(page) == "q"
        page.keyboard.type("/x/")
        assert page.input_value("#search") == "/x/"


def test_a_question_mark_lists_the_keys_and_escape_puts_them_away(page, url):
    open_workflow(page, url)
    keys = page.get_by_role("dialog", name="Keys")

    page.keyboard.press("?")
    keys.wait_for()
    told = keys.locator("dd").all_inner_texts()
    assert told == [
        "Launch, send or save",
        "In the rows of a launch: the cell below, above",
        "Search",
        "This list",
    ]
    page.keyboard.press("Escape")
    keys.wait_for(state="hidden")

    page.focus("#field-job_name")
    page.keyboard.type("?/")
    assert page.input_value("#field-job_name").startswith("?/")
    assert keys.is_hidden()


def test_a_key_launches_from_inside_any_kind_of_field(page, url):
    area = f'[name="steps-{FIND_EMAIL_STEP}-parameters-patterns"]'
    choice = f'[name="steps-{FIND_EMAIL_STEP}-parameters-include_initials"]'
    for field, key in ((area, "Control+Enter"), (choice, "Meta+Enter")):
        open_workflow(page, url)
        fill_rows(page, ADA)

        page.locator(field).press(key)

        page.wait_for_url("**/jobs/*/")


def test_a_key_presses_the_button_of_the_box_that_one_is_in(page, url):
    open_workflow(page, url)
    fill_rows(page, ADA)
    page.get_by_text("Start from a payload").click()
    page.fill("#pasted", '{"job_name": "Pasted", "inputs": [{"first_name": "Zoë"}]}')

    page.locator("#pasted").press("Control+Enter")
    eventually(page, lambda: page.input_value("#field-job_name"), "Pasted")
    page.fill("#new-column", "meta")
    page.locator("#new-column").press("Meta+Enter")
    page.locator('[name="inputs-0-meta"]').wait_for()
    page.get_by_text("Start from a payload").click()
    page.fill("#pasted", "{")
    page.locator("#pasted").press("Control+Enter")
    page.locator("#pasted-issue .error").filter(has_text="This is no JSON yet").wait_for()

    assert focused(page) == "pasted"
    assert page.input_value("#pasted") == "{"
    assert "/workflows/" in page.url


def test_keys_of_one_character_can_be_switched_off(page, url):
    page.goto(f"{url}launches/")
    page.get_by_role("button", name="Keys").click()
    choice = page.get_by_role("checkbox", name="Let the keys")
    page.keyboard.press("/")
    assert focused(page) == "one-key"

    choice.uncheck()
    page.keyboard.press("Escape")
    for path in ("launches/", "workflows/"):
        page.goto(url + path)
        page.keyboard.press("/")
        page.keyboard.press("?")
        assert focused(page) == ""
        assert page.get_by_role("dialog").count() == 0

    page.get_by_role("button", name="Keys").click()
    choice.check()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+/")
    assert focused(page) != "q"
    page.keyboard.press("/")
    assert focused(page) == "q"


def test_what_takes_long_shows_that_it_runs(page, url):
    open_workflow(page, url)
    fill_rows(page, ADA)
    settle(page)
    held = []

    def held_back(route):
        held.append(route)

    page.route("**/launch/preview/", held_back)
    page.fill("#field-job_name", "Slow")
    page.locator("#launch-preview[aria-busy=true]").wait_for()
    assert page.locator("html.is-busy").count() == 1
    held.pop().continue_()
    page.locator("html:not(.is-busy)").wait_for()

    page.unroute("**/launch/preview/")
    page.route("**/launch/", held_back)
    told = []
    page.on("console", lambda message: told.append(message.text))
    page.evaluate(TELL_OF_SENDING)
    # Put off while it is asked who is signed in, sent, and stopped when it was clicked again.
    submits = ["submit true", "submit false", "submit true"]
    eventually(page, lambda: [text for text in told if text.startswith("submit")], submits)
    assert [text for text in told if re.fullmatch(r"Sending… \d+ s, busy: true", text)]
    assert len(held) == 1
    held.pop().continue_()
    page.wait_for_url("**/jobs/*/")
    page.go_back()
    page.locator("#launch-button", has_text="Launch").wait_for()


def test_enter_in_a_field_neither_launches_nor_loses_anything(page, url):
    open_workflow(page, url)
    fill_rows(page, ADA, ZOE)
    settle(page)
    assert shown_rows(page) == inputs(ADA, ZOE)
    before = form_state(page)
    sent = []
    page.on("request", lambda request: sent.append(request.url))

    for name in ("job_name", "inputs-0-last_name"):
        page.locator(f'[name="{name}"]').press("Enter")
    settle(page)

    assert (sent, form_state(page), focused(page)) == ([], before, "inputs-1-last_name")


def test_a_payload_line_leads_to_its_field_even_in_something_folded(page, url):
    open_workflow(page, url)
    fill_rows(page, ADA)
    column = page.locator(f'[name="steps-{FIND_EMAIL_STEP}-output_column"]')
    details = page.locator("details", has=column)
    details.locator(":scope > summary").click()
    column.fill("found")
    lines = page.locator("#payload-json a")
    lines.filter(has_text='"output_column": "found"').wait_for()
    details.locator(":scope > summary").click()
    assert column.is_hidden()

    lines.filter(has_text='"last_name": "King"').click()
    assert focused(page) == "inputs-0-last_name"

    lines.filter(has_text='"output_column"').click()
    assert focused(page) == f"steps-{FIND_EMAIL_STEP}-output_column"
    assert column.is_visible()
    assert page.url == f"{url}workflows/{FIND_EMAIL_UID}/?preset=none"


def test_an_issue_leads_to_the_field_that_causes_it(page, url):
    open_workflow(page, url)
    fill_row(page, 0, ("Ada", "", "acme.com"))
    parameter = f"steps-{FIND_EMAIL_STEP}-parameters-max_candidates"
    page.fill(f'[name="{parameter}"]', "many")
    issues = page.locator("#issues a")
    # Until everything typed is judged: a look at half of it can find as many.
    settle(page)

    seen = []
    for issue in issues.all():
        issue.click()
        seen.append(focused(page))

    assert seen == ["inputs-0-last_name", parameter]


def test_rows_come_and_go_without_touching_another_field(page, url):
    first, second, third = ADA, ZOE, ("Grace", "Hopper", "navy.example")
    open_workflow(page, url)
    fill_rows(page, first, second, third)
    page.fill("#field-job_name", "Rows")

    page.locator("#input-rows tr").nth(1).locator("button.remove").click()
    assert focused(page) == "inputs-2-first_name"
    eventually(page, lambda: shown_rows(page), inputs(first, third))

    page.click("#add-row")
    assert focused(page) == "inputs-3-first_name"
    page.keyboard.type("Last")
    eventually(page, lambda: shown_rows(page), [*inputs(first, third), {"first_name": "Last"}])

    page.locator("#input-rows tr").nth(2).locator("button.remove").click()
    assert focused(page) == "inputs-2-first_name"
    for _ in range(2):
        page.locator("#input-rows tr").first.locator("button.remove").click()
    assert page.evaluate("document.activeElement.id") == "add-row"
    page.click("#add-row")
    fill_row(page, 0, third)

    eventually(page, lambda: shown_rows(page), inputs(third))
    assert shown_payload(page)["job_name"] == "Rows"


def test_a_file_is_read_when_it_is_chosen(page, url):
    open_workflow(page, url)
    page.get_by_text("Rows from a spreadsheet or a file").click()
    text = "Company;Surname;First name\r\nacme.com;King;Ada\r\nacme.com;O'Brien;Zo\u00eb\r\n"
    file = {"name": "leads.csv", "mimeType": "text/csv", "buffer": text.encode("cp1252")}

    page.set_input_files("#rows-file", file)

    eventually(page, lambda: shown_rows(page), inputs(ADA, ZOE))
    assert "Windows-1252" in page.locator("#rows-notice").inner_text()


def test_enter_and_arrows_lead_through_a_column(page, url):
    open_workflow(page, url)
    page.focus('[name="inputs-0-last_name"]')

    for name in ("King", "Hopper"):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    assert focused(page) == "inputs-2-last_name"
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    assert focused(page) == "inputs-0-last_name"
    page.keyboard.press("ArrowDown")
    assert focused(page) == "inputs-1-last_name"
    eventually(page, lambda: shown_rows(page), [{"last_name": "King"}, {"last_name": "Hopper"}])

    page.click("#clear-rows")
    eventually(page, lambda: shown_rows(page), [])
    page.get_by_role("button", name="Undo").click()
    eventually(page, lambda: shown_rows(page), [{"last_name": "King"}, {"last_name": "Hopper"}])


def test_cells_of_a_table_are_saved_as_one_goes_on(page, url):
    page.goto(f"{url}workflows/{FIND_EMAIL_UID}/row-sets/")
    page.fill("#text", "first_name,last_name,company_name\nAda,King,\nGrace,Hopper,navy.mil\n")
    page.get_by_role("button", name="Import").click()
    page.wait_for_url("**/row-sets/*/")

    page.fill("[name='c1-2']", "acme.com")
    page.press("[name='c1-2']", "Enter")
    eventually(page, page.locator("#row-set-counts").inner_text, "2 ready")
    was_in = page.evaluate("document.activeElement.name")
    # What is pressed at once waits for the cell that is left by that.
    page.fill("[name='c2-0']", "Zoë")
    page.click("#undo")
    page.wait_for_selector(".notice.success")

    assert was_in == "c2-2"
    assert page.inner_text(".notice.success") == "Undone: 1 cell of first_name changed."
    assert page.input_value("[name='c1-2']") == "acme.com"
    assert page.input_value("[name='c2-0']") == "Grace"


def test_typing_never_moves_the_focus_or_the_cursor(page, url):
    open_workflow(page, url)
    field = page.locator('[name="inputs-0-last_name"]')
    field.fill("Brien")
    eventually(page, lambda: shown_rows(page), [{"last_name": "Brien"}])

    field.press("Home")
    for number, key in enumerate("O'", start=1):
        page.keyboard.type(key)
        eventually(page, lambda: shown_rows(page), [{"last_name": field.input_value()}])
        assert field.evaluate("(field) => field.selectionStart") == number

    assert (field.input_value(), focused(page)) == ("O'Brien", "inputs-0-last_name")


@dataclasses.dataclass
class Looks:
    """What was seen of every page: by path, the brightness of the ground by colour scheme."""

    widths: dict[str, int] = dataclasses.field(default_factory=dict)
    faint: dict[str, dict[str, object]] = dataclasses.field(default_factory=dict)
    ground: dict[str, int] = dataclasses.field(default_factory=dict)
    written: list[str] = dataclasses.field(default_factory=list)
    errors: list[str] = dataclasses.field(default_factory=list)


@pytest.fixture(scope="module")
def looks(browser, url, paths) -> Looks:
    """Each page is opened once, and looked at in every way."""
    context = browser.new_context()
    page, looks = context.new_page(), Looks(faint={"light": {}, "dark": {}})
    looks.errors = watch_for_errors(page)
    page.on("console", lambda message: looks.written.append(message.text))
    for path in paths:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(url + path)
        for scheme, faint in looks.faint.items():
            page.emulate_media(color_scheme=scheme)
            ratio, text = page.evaluate(LOWEST_CONTRAST)
            if ratio < 4.5:
                faint[path] = (ratio, text)
            ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
            looks.ground[scheme] = sum(map(int, re.findall(r"\d+", ground)[:3]))
        page.set_viewport_size(TELEPHONE)
        looks.widths[path] = page.evaluate("document.documentElement.scrollWidth")
    eventually(page, lambda: looks.written.count(NOT_FOUND), 3)
    context.close()
    return looks


def test_no_page_scrolls_sideways_on_a_telephone(looks):
    wide = {path: width for path, width in looks.widths.items() if width > TELEPHONE["width"]}

    assert wide == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read_in_both_colour_schemes(looks, scheme):
    assert looks.faint[scheme] == {}
    assert (looks.ground[scheme] < 384) == (scheme == "dark")


def test_no_page_writes_to_the_console(looks):
    assert [text for text in looks.written if text != NOT_FOUND] == []
    assert looks.written.count(NOT_FOUND) == 3  # The three pages above that do not exist.
    assert looks.errors == []


# Everything that a live region says from now on.
LISTEN = """() => {
  window.announced = [];
  const region = "[role=status], [role=alert], [aria-live]";
  const note = ({ target }) => {
    const found = (target.nodeType === 1 ? target : target.parentElement)?.closest(region);
    if (found) window.announced.push(found.textContent.trim());
  };
  new MutationObserver((changes) => changes.forEach(note))
    .observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def test_typing_and_searching_are_heard_once_and_briefly(page, url):
    open_workflow(page, url)
    page.evaluate(LISTEN)
    page.focus('[name="inputs-0-first_name"]')
    page.keyboard.type("Augustina", delay=60)
    eventually(page, lambda: len(page.evaluate("announced")), 1)
    settle(page)
    assert page.evaluate("announced") == ["Preflight: 2 things stop it, 0 of 1 row ready."]

    page.goto(f"{url}workflows/")
    page.evaluate(LISTEN)
    page.focus("#search")
    page.keyboard.type("e-mail", delay=60)
    eventually(page, lambda: len(page.evaluate("announced")), 1)
    assert re.fullmatch(r"\d+ workflows? for “e-mail”\.", page.evaluate("announced")[0])


# What a filter of accounts with these names shows of them.
FILTER = """([names, typed]) => {
  const set = document.createElement("fieldset");
  const label = (name) => `<label class="account"><input type="checkbox">${name}</label>`;
  set.innerHTML = `<input data-filter><p class="filtered"></p>${names.map(label).join("")}`;
  return typed.map((text) => {
    const field = set.querySelector("[data-filter]");
    field.value = text;
    filterAccounts(field);
    return [...set.querySelectorAll(".account:not([hidden])")].map((one) => one.textContent);
  });
}"""


def test_accounts_are_filtered_as_the_server_searches(page, url):
    names = ["Ärzte in Köln", "Socie\u0301te\u0301 O’Brien", "Łódź–Straße", "ＳＡＬＥＳ"]
    typed = ["arzte KOLN", "société o'brien", "lodz-strasse", "sales", "\u200bkölN", "x"]
    open_workflow(page, url)

    found = page.evaluate(FILTER, [names, typed])

    server = [
        [name for name in names if all(w in fold(name) for w in search_words(text))]
        for text in typed
    ]
    assert found == server
    assert [len(shown) for shown in found] == [1, 1, 1, 1, 1, 0]


def test_copying_says_what_happened_and_keeps_the_focus(page, url):
    open_workflow(page, url)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.evaluate(LISTEN)
    button = page.get_by_role("button", name="Copy JSON")

    for works, mark, sentence in ((True, "done", "Copied."), (False, "failed", "Could not copy")):
        page.evaluate(f"document.execCommand = () => {str(works).lower()}")
        button.click()
        eventually(page, lambda: mark in button.get_attribute("class").split(), True)  # noqa: B023
        assert page.evaluate("announced").pop().startswith(sentence)
        assert page.evaluate("document.activeElement.textContent") == "Copy JSON"


def test_what_is_swapped_keeps_the_focus_or_hands_it_on(page, url):
    open_workflow(page, url)
    fill_rows(page, ADA, ("Zoë", "", ""))
    settle(page)
    page.fill("#new-column", "meta")

    page.click("#add-column")
    eventually(page, lambda: focused(page), "inputs-0-meta")
    page.click("#leave-out")
    eventually(page, lambda: page.evaluate("document.activeElement.id"), "put-back-1")
    page.click("#check-again")
    settle(page)

    assert page.evaluate("document.activeElement.id") == "check-again"


def test_a_button_does_not_move_away_while_it_is_pressed(page, url):
    open_workflow(page, url)
    page.fill('[name="inputs-0-first_name"]', "Ada")
    settle(page)
    assert page.locator("#issues li").count() == 2
    page.focus('[name="inputs-0-last_name"]')

    # Leaving the empty field is what makes its row taller, by the sentence about it.
    page.click("#add-row")

    assert focused(page) == "inputs-1-first_name"
    note = page.locator("#field-inputs-0-last_name-issue")
    eventually(page, note.inner_text, "Row 1 needs a value for last_name (or lastname, surname).")
