"""Whatever goes wrong: what was typed stays, and nothing is launched twice."""

import base64
import json
import os
import re
import signal
import sqlite3
import zlib
from datetime import timedelta

import pytest

from tests.journeys import leads
from tests.journeys.keyboard import Keyboard
from tests.journeys.person import (
    FIND_EMAIL_STEP,
    eventually,
    fill_row,
    fill_rows,
    form_state,
    inputs,
    job_uid_in,
    open_workflow,
    settle,
    shown_payload,
    shown_rows,
)
from tests.journeys.slow_upstream import SlowUpstream
from tests.playgrounds import kept_port
from tests.running.processes import descendants, still_there

pytestmark = pytest.mark.browser

KEY, PROJECT_ID = "5a9d" * 16, "5a9db0c0-0000-4000-8000-000000000001"
ADA, ZOE = ("Ada", "King", "acme.com"), ("Zoë", "O'Brien", "acme.com")
VISIT_AND_CONNECT = "5a9db0c0-0004-4000-8000-000000000033"
VISIT, CONNECT = (
    "5a9db0c0-0005-4000-8000-000000003301",
    "5a9db0c0-0005-4000-8000-000000003302",
)


@pytest.fixture(scope="module")
def playground(shared_playgrounds):
    return shared_playgrounds.start(SANDBOX_SPEED="50", SANDBOX_PLAN_LIMIT="0")


@pytest.fixture(scope="module")
def url(playground):
    return playground.url


@pytest.fixture
def port():
    with kept_port() as number:
        yield str(number)


LEASE_AND_MORE = timedelta(seconds=61)


def of(playground):
    """The environment of a playground that goes on with the data of one that was stopped."""
    folder = playground.data_dir
    return {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/playground.sqlite3",
    }


def launches_named(page, url, name):
    """What the list of launches shows: the state of each launch of that name."""
    aside = page.context.new_page()
    aside.goto(f"{url}launches/?q={name}")
    # What was seen of a job stands in a link beside it, once somebody has looked.
    states = aside.locator("table.list td > .state").all_inner_texts()
    aside.close()
    return states


def test_the_form_and_the_text_of_its_payload_follow_each_other(page, url):
    open_workflow(page, url)
    fill_rows(page, ADA)
    page.click("details:has(#field-delay) summary")
    page.get_by_role("button", name="Edit", exact=True).click()
    text = page.input_value("#edited")
    ask = page.locator("#edited-problem")

    page.fill(
        "#edited",
        text.replace("Ada", "Zoë").replace(
            '"parameters": {}', '"parameters": {"max_candidates": 7}'
        ),
    )
    eventually(page, lambda: page.input_value('[name$="-max_candidates"]'), "7")
    assert page.input_value("#field-inputs-0-first_name") == "Zoë"
    assert page.locator("#field-delay").is_visible()
    assert page.evaluate("document.activeElement.id") == "edited"

    page.fill("#edited", text.replace('"Ada"', "“Ada”"))
    eventually(page, lambda: "Line 5, column 21" in ask.inner_text(), True)
    assert page.input_value("#field-inputs-0-first_name") == "Zoë"
    page.fill("#field-job_name", "Typed beside it")
    eventually(page, lambda: "does not have this text yet" in ask.inner_text(), True)
    assert "“Ada”" in page.input_value("#edited")
    page.click("#launch-button")
    assert "so nothing was sent" in page.inner_text("#refusal")
    assert "“Ada”" in page.input_value("#edited")

    page.get_by_role("button", name="Back to what the form has").click()
    eventually(page, lambda: "Typed beside it" in page.input_value("#edited"), True)
    page.fill("#field-job_name", "Sent")
    eventually(page, lambda: '"Sent"' in page.input_value("#edited"), True)
    settle(page)
    assert shown_payload(page) == json.loads(page.input_value("#edited"))
    assert shown_rows(page) == inputs(("Zoë", *ADA[1:]))
    page.click("#launch-button")
    page.wait_for_url("**/jobs/*/")


CURL = r"""curl 'https://api.example.com/v3/workflows/x/schedule' -X POST \
  -H 'Authorization: x-api-key 5ec2e75ec2e7' --data-raw $'{"job_name":"It\'s \u00e9",
  "inputs":[{"linkedin_profile_url":"https://linkedin.com/in/zo\u00eb"}],
  "steps":[{"step_uid":"STEP","accounts":[],"parameters":{}}],"odd":1.0}'"""


def test_one_box_opens_the_workflow_of_whatever_is_pasted(page, url):
    page.goto(f"{url}workflows/")
    page.get_by_text("Or paste a payload").click()
    page.locator("details[open] textarea").fill(CURL.replace("STEP", VISIT))
    page.get_by_role("button", name="Open it").click()

    page.wait_for_selector("#filled-notice")
    assert VISIT_AND_CONNECT in page.url
    assert page.input_value("#field-job_name") == "It's é"
    assert page.evaluate("document.activeElement.id") == "filled-notice"
    assert shown_payload(page)["odd"] == 1.0
    told = page.inner_text("#filled-notice")
    assert "api.example.com" in told
    assert "key" in told
    assert "5ec2e7" not in page.content()


def test_what_is_pasted_into_the_form_is_one_press_from_gone(page, url):
    open_workflow(page, url)
    fill_rows(page, ADA)
    page.fill("#field-job_name", "Typed")
    settle(page)
    page.get_by_text("Start from", exact=False).first.click()

    page.fill("#pasted", '{"job_name": "Pasted", }')
    page.get_by_role("button", name="Fill in the form").click()
    page.wait_for_selector("#filled-notice")
    assert page.input_value("#field-job_name") == "Pasted"
    assert page.locator("#field-inputs-0-first_name").count() == 0

    page.locator("#filled-notice").get_by_role("button", name="Undo").click()
    eventually(page, lambda: page.input_value("#field-job_name"), "Typed")
    assert page.input_value("#field-inputs-0-first_name") == "Ada"


def test_a_refused_launch_keeps_fields_kinds_choices_and_rows(page, url):
    open_workflow(page, url, VISIT_AND_CONNECT)
    name = page.locator('#input-rows [name^="inputs-0-"]').first.get_attribute("name")
    page.fill(f'[name="{name}"]', "https://linkedin.com/in/zoë-o'brien")
    page.click("#add-row")
    page.click("#add-row")
    page.fill("#field-job_name", "  <b>Kept</b> & \"quoted\" 'twice'  ")
    page.locator(f'[name="steps-{VISIT}-accounts"]').nth(1).check()
    page.locator(f'[name="steps-{CONNECT}-accounts"]').nth(0).check()
    page.locator(f'[name="steps-{CONNECT}-accounts"]').nth(2).check()
    for summary in page.locator("#launch-fields summary").all():
        summary.click()
    page.fill(f'[name="steps-{VISIT}-output_column"]', "")
    page.select_option(f'[name="kind-steps-{VISIT}-output_column"]', "text")
    page.select_option(f'[name="steps-{VISIT}-accounts_rotation_enabled"]', "false")
    page.fill(f'[name="steps-{CONNECT}-extra"]', '{"new key": [1, null]}')
    page.fill('[name="repeat_option-value"]', "zero")
    page.select_option('[name="repeat_option-type"]', "week")
    page.fill('[name="delay"]', " 5 ")
    page.select_option('[name="unstructure_meta"]', "null")
    page.fill('[name="extra"]', '{"a": 1,\n  broken')
    before = form_state(page)

    page.click("#launch-button")
    page.get_by_role("alert").filter(has_text="Not launched").wait_for()

    after = form_state(page)
    assert after[: len(before)] == before
    assert launches_named(page, url, "Kept") == []


def test_a_double_click_is_one_launch(page, url):
    open_workflow(page, url)
    fill_rows(page, ADA)
    page.fill("#field-job_name", "Twice clicked")

    page.dblclick("#launch-button")
    page.wait_for_url("**/jobs/*/")

    assert launches_named(page, url, "Twice+clicked") == ["Launched"]


def test_back_after_a_launch_finds_the_form_and_cannot_launch_it_again(page, url):
    open_workflow(page, url)
    fill_rows(page, ADA, ZOE)
    page.fill("#field-job_name", "Back again")
    eventually(page, lambda: shown_rows(page), inputs(ADA, ZOE))
    before = form_state(page)
    page.click("#launch-button")
    page.wait_for_url("**/jobs/*/")
    job_uid = job_uid_in(page.url)

    page.go_back()

    eventually(page, lambda: form_state(page), before)
    eventually(page, lambda: shown_rows(page), inputs(ADA, ZOE))
    page.click("#launch-button")
    page.wait_for_url("**/jobs/*/")
    assert job_uid_in(page.url) == job_uid
    assert launches_named(page, url, "Back+again") == ["Launched"]


def test_another_page_in_between_costs_no_input(page, url):
    open_workflow(page, url, VISIT_AND_CONNECT)
    page.click("#add-row")
    page.fill("#field-job_name", "In between")
    page.locator(f'[name="steps-{VISIT}-accounts"]').nth(1).check()
    page.locator("#input-rows tr").first.locator("button.remove").click()
    before = form_state(page)

    page.get_by_role("link", name="Jobs").click()
    page.wait_for_url("**/jobs/")
    page.evaluate("setTimeout(() => history.back())")
    page.wait_for_url(f"{url}workflows/{VISIT_AND_CONNECT}/?preset=none")
    eventually(page, lambda: form_state(page), before)
    page.reload()

    eventually(page, lambda: form_state(page), before)


def test_a_launch_that_reached_nobody_is_still_in_the_form(page, url):
    open_workflow(page, url)
    fill_rows(page, ADA, ZOE)
    page.fill("#field-job_name", "Unheard")
    eventually(page, lambda: shown_rows(page), inputs(ADA, ZOE))
    before = form_state(page)
    address = page.url
    page.context.set_offline(True)
    page.click("#launch-button")
    page.get_by_text("nothing was sent").wait_for()

    page.context.set_offline(False)

    assert (page.url, form_state(page)) == (address, before)
    # What else is answered does not take that back.
    page.evaluate("askIfSeen()")
    page.get_by_text("answers now, but nothing was sent").wait_for()
    assert launches_named(page, url, "Unheard") == []
    page.click("#launch-button")
    page.wait_for_url("**/jobs/*/")
    assert launches_named(page, url, "Unheard") == ["Launched"]


def test_a_pasted_payload_is_launched_as_exactly_that_value(page, url):
    pasted = {
        "job_name": "Pasted",
        "inputs": [
            {"firstname": "Zoë", "surname": "O'Brien", "company": "acme.com", "score": 0.10},
            {"first_name": "\u202eAda", "last_name": "", "surname": "K", "company_name": " a "},
        ],
        "steps": [
            {
                "step_uid": "5a9db0c0-0005-4000-8000-000000000101",
                "accounts": [],
                "parameters": {"max_candidates": 0, "patterns": None, "unheard of": [{}]},
                "output_column": "",
                "new": "</script>",
            }
        ],
        "unstructure_meta": None,
        "delay": 0,
        "nobody knows": {"this": 1e3},
    }
    open_workflow(page, url)
    page.get_by_text("Start from a payload").click()
    page.fill("#pasted", json.dumps(pasted))

    page.get_by_role("button", name="Fill in the form").click()
    eventually(page, lambda: page.input_value("#field-job_name"), "Pasted")
    filled = shown_payload(page)
    page.click("#launch-button")
    page.wait_for_url("**/jobs/*/")
    page.locator(".sub").get_by_role("link", name=re.compile("^Launch")).click()

    assert filled == pasted
    assert page.request.get(f"{page.url}payload.json").json() == pasted


def answer_as_if_signed_in(page, person):
    """From now on every fragment is refused, and the page acts for `person`, if for anybody."""
    page.route("**/session/", lambda route: route.fulfill(json={"person": person, "token": "t"}))
    sentence = "You were signed out."
    page.route(
        re.compile("/(preview|preflight|status)/$"),
        lambda route: route.fulfill(status=401, body=sentence, content_type="text/plain"),
    )


def come_back(page):
    """As whoever was in another tab."""
    page.unroute_all()
    page.evaluate("dispatchEvent(new Event('focus'))")


@pytest.mark.parametrize(
    ("person", "told"),
    [("", "You were signed out."), ("999", "Somebody else is signed in now")],
)
def test_whoever_is_signed_out_goes_on_after_signing_in(page, url, person, told):
    open_workflow(page, url)
    fill_rows(page, ADA)
    eventually(page, lambda: shown_rows(page), inputs(ADA))
    address, notice = page.url, page.locator("#connection-notice")

    answer_as_if_signed_in(page, person)
    fill_row(page, 0, ZOE)
    page.get_by_text(told).wait_for()
    before = form_state(page)
    page.click("#launch-button")
    settle(page)

    assert (page.url, form_state(page), shown_rows(page)) == (address, before, inputs(ADA))
    assert notice.get_by_role("link").all_inner_texts() == (
        ["Reload this page"] if person else ["Sign in (in a new tab)"]
    )
    come_back(page)
    eventually(page, lambda: shown_rows(page), inputs(ZOE))
    page.get_by_text("but nothing was sent").wait_for()
    page.click("#launch-button")
    page.wait_for_url("**/jobs/*/")


def test_a_job_is_followed_again_after_signing_in(page, url):
    open_workflow(page, url)
    fill_rows(page, ADA)
    page.fill('[name="inputs-0-company_name"]', "test:slow")
    page.click("#launch-button")
    page.wait_for_url("**/jobs/*/")
    stop = page.get_by_role("button", name="Stop the job")
    stop.focus()

    answer_as_if_signed_in(page, "")
    page.get_by_text("You were signed out.").wait_for()

    assert page.locator("input[type=password]").count() == 0
    assert page.get_by_role("link", name="Sign in (in a new tab)").count() == 1
    come_back(page)
    page.locator("#connection-notice").wait_for(state="hidden")
    assert stop.evaluate("(button) => button === document.activeElement")
    page.route(re.compile("/jobs/[^/]+/status/"), answer_with_more_beside_the_button)
    page.locator("#came-above").wait_for()
    assert stop.evaluate("(button) => button === document.activeElement")


def answer_with_more_beside_the_button(route):
    """As when a job can be run again too, and the upstream does not answer."""
    answer = route.fetch()
    html = answer.text().replace(
        '<div class="head">', '<p id="came-above">New</p><div class="head">'
    )
    route.fulfill(response=answer, body=html.replace("</h1>", "</h1><button>Another</button>"))


def test_a_token_that_was_changed_is_renewed_before_anybody_notices(page, url):
    open_workflow(page, url)
    for row in (ADA, ZOE):
        page.context.clear_cookies(name=re.compile("csrf"))
        fill_row(page, 0, row)
        eventually(page, lambda: shown_rows(page), inputs(row))
    page.context.clear_cookies(name=re.compile("csrf"))

    page.click("#launch-button")

    page.wait_for_url("**/jobs/*/")


@pytest.mark.parametrize(
    ("path", "changes", "button", "secret"),
    [
        ("users/new/", {"#email": "not an address", "#full_name": "Zoë"}, "Add the user", ""),
        ("reference/launch_workflow/try/", {"#field-body": '{"a": 1'}, "", ""),
        ("accounts/hubspot/new/", {"#field-name": "Sales"}, "Add the account", "api_key"),
    ],
)
def test_back_finds_every_form_as_it_was_left(page, url, path, changes, button, secret):
    page.goto(url + path)
    for field, text in changes.items():
        page.fill(field, text)
    if secret:
        page.fill(f"[name={secret}]", "not-to-be-kept")
    left = list(changes.values())

    def leave_and_come_back():
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Launches").click()
        page.wait_for_url("**/launches/")
        page.go_back()
        eventually(page, lambda: [page.input_value(field) for field in changes], left)

    leave_and_come_back()
    if secret:
        assert page.input_value(f"[name={secret}]") == ""
        assert "not-to-be-kept" not in page.evaluate("JSON.stringify(sessionStorage)")
    if button:
        page.get_by_role("button", name=button).click()
        page.get_by_role("alert").wait_for()
        assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
        # The answer to a form can be left and reloaded like any page.
        leave_and_come_back()
        assert page.url == url + path


def test_an_upstream_that_is_gone_costs_no_input_and_no_launch(page, running_playground):
    with SlowUpstream() as upstream:
        hosted = running_playground.start(**upstream.environment)
        open_workflow(page, hosted.url)
        fill_rows(page, ADA)
        page.fill("#field-job_name", "Through thick and thin")

        upstream.stop()
        fill_row(page, 0, ZOE)
        eventually(page, lambda: shown_rows(page), inputs(ZOE))
        before = form_state(page)
        page.click("#launch-button")
        page.get_by_role("alert").filter(has_text="Nothing was sent").wait_for()

        assert form_state(page) == before
        assert launches_named(page, hosted.url, "thick") == ["Not sent"]

        upstream.start()
        page.click("#launch-button")
        page.wait_for_url("**/jobs/*/")

        assert upstream.jobs_of("Through thick and thin") == [job_uid_in(page.url)]
        assert launches_named(page, hosted.url, "thick") == ["Launched"]
        assert hosted.stop() == 0
        logged = [line for line in hosted.errors.splitlines() if " INFO " not in line]
        assert {re.sub(r"^.* WARNING ", "", line).split()[1] for line in logged} == {"upstream"}
        told = [line for line in hosted.errors.splitlines() if ": launch " in line]
        states = [re.search(r" state=(\w+)", line)[1] for line in told]
        assert states == ["sending", "unreachable", "sending", "launched"]


def test_a_playground_that_is_gone_costs_no_input(page, running_playground, port):
    playground = running_playground.start("--port", port, SANDBOX_SPEED="50")
    open_workflow(page, playground.url)
    fill_rows(page, ADA)
    eventually(page, lambda: shown_rows(page), inputs(ADA))
    notice = page.locator("#connection-notice")

    playground.stop()
    fill_row(page, 0, ZOE)
    notice.wait_for()

    assert "Nothing you typed is lost" in notice.inner_text()
    assert shown_rows(page) == inputs(ADA)
    page.click("#add-row")
    fill_row(page, 1, ADA)

    running_playground.start("--port", port, SANDBOX_SPEED="50", **of(playground))
    page.locator('[name="inputs-1-company_name"]').press("End")
    page.keyboard.type("!")
    notice.wait_for(state="hidden")

    eventually(page, lambda: shown_rows(page), inputs(ZOE, (*ADA[:2], "acme.com!")))
    page.click("#launch-button")
    page.wait_for_url("**/jobs/*/")


def test_a_launch_whose_server_is_killed_is_looked_for_and_never_sent_twice(
    page, running_playground, port
):
    with SlowUpstream() as upstream:
        playground = running_playground.start("--port", port, **upstream.environment)
        open_workflow(page, playground.url)
        fill_rows(page, ADA)
        page.fill("#field-job_name", "Killed")
        eventually(page, lambda: shown_payload(page)["job_name"], "Killed")
        killed = []
        upstream.made_ago = LEASE_AND_MORE
        upstream.before_accepting = lambda _: killed.append(kill_the_web_server(playground))

        page.click("#launch-button")
        eventually(page, lambda: page.url.partition("//")[0], "chrome-error:")
        assert playground.process.wait(60) == 1
        again = running_playground.start("--port", port, **upstream.environment, **of(playground))

        # Its process is gone, and this machine knows. What it sent may have arrived.
        assert launches_named(page, again.url, "Killed") == ["Outcome unknown"]
        let_a_minute_pass(playground)
        page.goto(f"{again.url}launches/?q=Killed")
        page.get_by_role("link", name="Killed").click()
        assert "it may or may not have arrived" in page.locator(".lead").first.inner_text()
        page.get_by_role("button", name="Look for it now").click()
        page.get_by_role("link", name="Open the job").click()

        assert killed == [True]
        assert upstream.jobs_of("Killed") == [job_uid_in(page.url)]
        assert len(upstream.arrivals_of("Killed")) == 1
        assert launches_named(page, again.url, "Killed") == ["Launched"]


def kill_the_web_server(playground):
    """Whether every process of it is gone."""
    below = descendants(playground.process.pid)
    servers = {pid: line for pid, line in below.items() if "playground.wsgi" in line}
    for pid in servers:
        os.kill(pid, signal.SIGKILL)
    return bool(servers) and still_there(servers, within=30) == {}


def let_a_minute_pass(playground):
    """As if a minute had passed since the launch was sent."""
    seconds = f"-{LEASE_AND_MORE.total_seconds():.0f} seconds"
    with sqlite3.connect(playground.data_dir / "playground.sqlite3") as database:
        database.execute("UPDATE playground_launch SET sent_at = datetime(sent_at, ?)", [seconds])
    database.close()


INVITE = "5a9db0c0-0004-4000-8000-000000000020"
INVITE_STEP = "5a9db0c0-0005-4000-8000-000000002001"
TEAM_NAVIGATOR = "5a9db0c0-0003-4000-8000-000000000004"
PROFILE = leads.HEADERS[leads.PROFILE]


def press(page, name):
    """By keyboard. The button is sought by its name, which may go on with a number."""
    page.get_by_role("button", name=name).press("Enter")


def counts(page):
    return " ".join(page.locator("#row-set-counts").inner_text().split())


def repaired(page, said):
    """Wait until the last step is this one; how the rows stand by then."""
    page.locator(".last-step", has_text=said).wait_for()
    return counts(page)


def open_tool(page, name):
    summary = page.locator("summary", has_text=name)
    if not summary.evaluate("(summary) => summary.parentElement.open"):
        summary.press("Enter")


def replace(page, find, text):
    open_tool(page, "Repair a column")
    page.select_option("#tool-column", str(leads.PROFILE))
    page.fill("#find", find)
    page.fill("#replacement", text)
    page.locator("#replacement").press("Enter")
    return repaired(page, f"{leads.COUNTS[leads.MISSPELT]} cells of {PROFILE} replaced.")


def inputs_of_job(page, url, job_uid):
    """As the sandbox's API gives them, page by page, less what it tells of each."""
    found, number = [], 1
    headers = {"x-api-key": KEY, "x-project-id": PROJECT_ID}
    while True:
        address = f"{url}sandbox/v3/jobs/{job_uid}/inputs?page={number}"
        answer = page.request.get(address, headers=headers).json()
        told = {"status", "error_message"}
        found += [
            {name: item for name, item in one.items() if name not in told}
            for one in answer["inputs"]
        ]
        if not answer["paging"]["next"]:
            return found
        number += 1


def test_two_thousand_rows_of_a_file_are_mapped_repaired_and_launched(page, url):
    page.goto(f"{url}workflows/{INVITE}/row-sets/")
    file = {"name": "leads.csv", "mimeType": "text/csv", "buffer": leads.as_csv()}
    page.set_input_files("#file", file)
    press(page, "Import")
    page.wait_for_url("**/row-sets/*/")
    table = page.url
    assert "a semicolon between them, Windows-1252" in page.locator(".read-as p").first.inner_text()
    assert counts(page).startswith("1,960 ready, 40 need attention")

    map_company_by_hand(page)
    repair_forty_cells(page, table)
    remove_what_repeats(page, table)

    expected = leads.inputs()
    lines = page.request.get(f"{table}inputs.jsonl").text().splitlines()
    assert [json.loads(line) for line in lines] == expected
    page.get_by_role("link", name="Launch with these rows").press("Enter")
    page.locator(f'[name="steps-{INVITE_STEP}-accounts"][value="{TEAM_NAVIGATOR}"]').press("Space")
    settle(page)
    page.locator("#launch-button").press("Enter")
    page.wait_for_url("**/jobs/*/")
    assert inputs_of_job(page, url, job_uid_in(page.url)) == expected


def map_company_by_hand(page):
    open_tool(page, "Say what each column is for")
    page.select_option(f'[name="target-{leads.COMPANY}"]', "meta.")
    page.fill(f'[name="meta-{leads.COMPANY}"]', "company")
    press(page, "Take this mapping")
    page.get_by_role("heading", name="Columns: 3 of 4 are sent").wait_for()


def repair_forty_cells(page, table):
    page.goto(f"{table}?view=attention#rows")
    ready = leads.ROWS - leads.BAD
    for at in range(leads.COUNTS[leads.TYPED]):
        page.fill(f'[name="c{leads.TYPED + at + 1}-{leads.PROFILE}"]', leads.typed(at))
        page.keyboard.press("Enter")
        eventually(page, lambda: counts(page).split(" ")[0], f"{ready + at + 1:,}")

    replaced = replace(page, "htp://", "https://")
    assert replaced.startswith("1,980 ready, 20 need")
    press(page, "Undo")
    assert repaired(page, f"1 cell of {PROFILE} changed.").startswith("1,965 ready, 35 need")
    assert replace(page, "htp://", "https://") == replaced

    open_tool(page, "Repair a column")
    page.select_option("#tool-column", str(leads.EVENT_URL))
    press(page, "Fill down")
    said = repaired(page, f"10 cells of {leads.HEADERS[leads.EVENT_URL]} filled from above.")
    assert said.startswith("1,990 ready, 10 need")
    open_tool(page, "Repair a column")
    press(page, "Trim all columns")
    said = repaired(page, "5 cells of all columns trimmed.")
    assert said.startswith("1,995 ready, 5 need")
    press(page, "Remove all 5")
    assert repaired(page, "5 rows removed.").startswith("1,995 ready")


def remove_what_repeats(page, table):
    page.goto(f"{table}?view=duplicates#rows")
    assert counts(page) == "1,995 ready, 15 repeat others"
    for kind, removed, left in (("exact", 10, ", 5 repeat others"), ("similar", 5, "")):
        open_tool(page, "Remove repeated rows")
        page.select_option("#kind", kind)
        press(page, "Remove the others")
        said = repaired(page, f"{removed} rows removed.")
        assert said == f"{1_980 + (5 if left else 0):,} ready{left}"


# A misspelt profile, a row that is there twice, and a column that no key has the name of.
FEW = f"""Firma,Profile URL,linkedin_event_url
Café,https://www.linkedin.com/in/ada,{leads.EVENT}
Ærø,htp://www.linkedin.com/in/zoe,{leads.EVENT}
Café,https://www.linkedin.com/in/ada,{leads.EVENT}
"""


def test_a_keyboard_alone_uploads_maps_repairs_and_launches(page, url):
    keyboard = Keyboard(page)
    file = {"name": "few.csv", "mimeType": "text/csv", "buffer": FEW.encode()}
    chosen = []
    # Before the page comes: from then on the browser asks here for a file, not in a window.
    page.on("filechooser", lambda chooser: chosen.append(chooser.set_files(file)))
    page.goto(f"{url}workflows/{INVITE}/row-sets/")
    choose_file_by_keyboard(page, keyboard, chosen)
    map_by_keyboard(page, keyboard)
    repair_by_keyboard(page, keyboard)
    undo_by_keyboard(page, keyboard)
    keyboard.tab_to("Launch with these rows", back=True)
    keyboard.press("Enter")
    page.wait_for_url("**/?row_set=*")

    keyboard.begin()
    settle(page)
    choose = page.locator(f'[name="steps-{INVITE_STEP}-accounts"][value="{TEAM_NAVIGATOR}"]')
    keyboard.tab_to(TEAM_NAVIGATOR)
    keyboard.press("Space")
    assert choose.is_checked()
    settle(page)
    keyboard.tab_to("launch-button")
    keyboard.press("Enter")
    page.wait_for_url("**/jobs/*/")

    profile = "https://www.linkedin.com/in/"
    assert inputs_of_job(page, url, job_uid_in(page.url)) == [
        {
            "linkedin_event_url": leads.EVENT,
            "linkedin_profile_url": f"{profile}{name}",
            "meta": {"firm": firm},
        }
        for name, firm in (("ada", "Café"), ("zoe", "Ærø"))
    ]


def choose_file_by_keyboard(page, keyboard, chosen):
    keyboard.tab_to("file")
    keyboard.press("Enter")
    eventually(page, lambda: len(chosen), 1)
    assert keyboard.stays()[0] == "file"
    keyboard.tab_to("Import")
    keyboard.press("Enter")
    page.wait_for_url("**/row-sets/*/")
    keyboard.begin()


def map_by_keyboard(page, keyboard):
    for column, target in enumerate(("meta.", "linkedin_profile_url")):
        keyboard.tab_to(f"target-{column}")
        choices = page.locator(f'[name="target-{column}"]')
        keys = choices.locator("option").evaluate_all("(all) => all.map((one) => one.value)")
        moves = keys.index(target) - keys.index(choices.input_value())
        keyboard.press("ArrowDown" if moves > 0 else "ArrowUp", abs(moves))
        assert choices.input_value() == target
        if target == "meta.":
            keyboard.tab_to(f"meta-{column}")
            page.keyboard.type("firm")
    keyboard.tab_to("change")
    keyboard.press("Enter")
    page.get_by_role("heading", name="Columns: 3 of 3 are sent").wait_for()
    keyboard.begin()


def repair_by_keyboard(page, keyboard):
    keyboard.tab_to("Need attention")
    keyboard.press("Enter")
    page.wait_for_url("**?view=attention*")
    keyboard.begin()
    keyboard.tab_to("c2-1")
    keyboard.press("Home")
    keyboard.press("ArrowRight", 3)
    keyboard.press("Backspace")
    page.keyboard.type("tps")
    # There is no row above or below it here: the focus stays, and Enter saves.
    keyboard.press("ArrowUp")
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    eventually(page, lambda: counts(page), "3 ready, 1 repeats others")
    assert keyboard.stays()[::2] == ["c2-1", "https://www.linkedin.com/in/zoe"]
    keyboard.tab_to("Repeated", back=True)
    keyboard.press("Enter")
    page.wait_for_url("**?view=duplicates*")
    keyboard.begin()
    keyboard.tab_to("Remove repeated rows")
    keyboard.press("Space")
    keyboard.tab_to("keep")
    keyboard.tab_to("Repair a column")
    keyboard.tab_to("Remove the others", back=True)
    keyboard.press("Enter")
    repaired(page, "1 row removed.")
    keyboard.begin()


def undo_by_keyboard(page, keyboard):
    keyboard.tab_to("undo")
    keyboard.press("Space")
    assert repaired(page, "1 cell of Profile URL changed.").startswith("3 ready")
    keyboard.begin()
    keyboard.tab_to("row")
    keyboard.tab_to("Skip the rows", back=True)
    keyboard.press("Enter")
    assert keyboard.stays()[0] == "below-rows"
    keyboard.begin()
    keyboard.tab_to("Remove repeated rows", back=True)
    keyboard.press("Enter")
    keyboard.tab_to("Remove the others")
    keyboard.press("Enter")
    assert repaired(page, "1 row removed.").startswith("2 ready")
    keyboard.begin()


CLEAN = "5a9db0c0-0004-4000-8000-000000000003"


def test_a_draft_is_in_every_tab_and_no_tab_overwrites_another(page, url):
    page.goto(f"{url}workflows/{CLEAN}/")
    page.fill("#field-job_name", "Tab one")
    page.locator("#draft-state", has_text="Draft saved").wait_for()

    other = page.context.new_page()
    other.goto(page.url)
    assert other.input_value("#field-job_name") == "Tab one"
    other.fill("#field-job_name", "Tab two")
    other.locator("#draft-state", has_text="Draft saved").wait_for()

    page.fill("#field-job_name", "Tab one again")
    page.locator("#draft-state", has_text="Changed in another tab").wait_for()
    page.get_by_role("button", name="keep this one").click()
    page.locator("#draft-state", has_text="Your draft").wait_for()
    assert page.input_value("#field-job_name") == "Tab one again"

    page.get_by_role("button", name="start afresh").click()
    page.get_by_role("button", name="bring it back").wait_for()
    assert page.input_value("#field-job_name") == "Clean a Company Name"


def test_a_launch_fills_the_form_again_is_compared_and_shared_by_a_link(page, url):
    page.goto(f"{url}workflows/{CLEAN}/")
    page.fill('[name="inputs-0-company_name"]', "ACME Holdings, Inc.")
    page.fill("#field-job_name", "Cleaned once")
    page.click("#launch-button")
    page.wait_for_url("**/jobs/*/")

    page.goto(f"{url}workflows/{CLEAN}/")
    assert page.input_value("#field-job_name") == "Clean a Company Name"
    page.get_by_text("Recent launches", exact=True).click()
    page.locator("#panel").get_by_role("link", name="Cleaned once").first.click()
    page.wait_for_url("**/?launch=*")
    assert page.input_value('[name="inputs-0-company_name"]') == "ACME Holdings, Inc."

    page.fill("#field-job_name", "Cleaned twice")
    page.locator("#draft-state", has_text="Draft saved").wait_for()
    page.get_by_text("Recent launches", exact=True).click()
    page.get_by_role("button", name="What changed since Cleaned once").first.click()
    page.locator("#compared", has_text="the same but for the job name").wait_for()

    page.goto(f"{url}workflows/{CLEAN}/")
    page.get_by_text("Share…", exact=True).click()
    page.get_by_role("button", name="Make the link").click()
    page.wait_for_url("**/shared/*/")
    link = page.url
    page.get_by_role("link", name="Open as my draft").click()
    page.wait_for_url("**/?shared=*")
    assert page.input_value("#field-job_name") == "Cleaned twice"

    page.goto(link)
    page.get_by_role("button", name="Revoke").click()
    page.locator(".pill", has_text="revoked").wait_for()
    answer = page.goto(link)
    assert answer is not None
    assert answer.status == 404


def test_a_preset_whose_account_is_not_valid_any_more_is_repaired_at_a_press(page, url):
    open_workflow(page, url, VISIT_AND_CONNECT)
    accounts = page.locator(f'[name="steps-{VISIT}-accounts"]')
    expired = page.locator(f'.account.expired [name="steps-{VISIT}-accounts"]').first
    # It may stand in something folded.
    expired.evaluate("(box) => box.click()")
    page.get_by_text("Presets", exact=True).click()
    page.fill("#preset-name", "Visit with the old one")
    page.get_by_role("button", name="Save as preset").click()
    page.get_by_text("Saved as the preset").wait_for()

    page.get_by_text("Presets", exact=True).click()
    page.locator("#panel").get_by_role("link", name="Visit with the old one").first.click()
    page.wait_for_url("**/?preset=*")
    repair = page.locator("#repairs li", has_text="is not valid any more")
    repair.get_by_role("button", name=re.compile("Use .* in its place")).click()

    page.get_by_text("Repaired. Look it over").wait_for()
    assert page.locator("#repairs li").count() == 0
    assert accounts.and_(page.locator(":checked")).count() == 1
    assert not page.locator(f'[name="steps-{VISIT}-accounts"]:checked').first.evaluate(
        "(box) => box.closest('.account').classList.contains('expired')"
    )


def rename_in_preset(playground, old, new):
    """The preset is of a time when the workflow called a parameter `old` by the name `new`."""
    database = sqlite3.connect(playground.data_dir / "playground.sqlite3", timeout=20)
    with database:
        query = "SELECT id, fields FROM playground_preset ORDER BY id DESC LIMIT 1"
        number, packed = database.execute(query).fetchone()
        fields = dict(json.loads(zlib.decompress(packed)))
        outline = zlib.decompress(base64.urlsafe_b64decode(fields["workflow_seen"].split(".")[1]))
        before = base64.urlsafe_b64encode(
            zlib.compress(outline.replace(old.encode(), new.encode()))
        )
        fields["workflow_seen"] = f"{'0' * 12}.{before.decode()}"
        told = json.dumps([(name.replace(old, new), text) for name, text in fields.items()])
        change = "UPDATE playground_preset SET fields = ? WHERE id = ?"
        database.execute(change, (zlib.compress(told.encode()), number))
    database.close()


def test_a_keyboard_alone_pastes_undoes_and_repairs_a_preset_of_a_changed_workflow(
    page, playground, url
):
    open_workflow(page, url)
    keyboard = Keyboard(page)
    page.get_by_text("Start from a payload").focus()
    keyboard.press("Enter")
    keyboard.tab_to("pasted")
    page.keyboard.insert_text(json.dumps({"job_name": "Pasted", "inputs": [{"company_name": "x"}]}))
    keyboard.tab_to("Fill in the form")
    keyboard.press("Enter")
    page.wait_for_selector("#filled-notice")
    assert keyboard.stays()[0] == "filled-notice"
    keyboard.tab_to("Undo")
    keyboard.press("Enter")
    eventually(page, lambda: page.input_value("#field-job_name"), "Find an e-mail")

    page.fill(f'[name="steps-{FIND_EMAIL_STEP}-parameters-max_candidates"]', "4")
    settle(page)
    open_panel(page, keyboard, "Presets")
    keyboard.tab_to("preset-name")
    page.keyboard.type("Four of them")
    keyboard.tab_to("Save as preset")
    keyboard.press("Enter")
    page.get_by_text("Saved as the preset").wait_for()
    rename_in_preset(playground, "max_candidates", "most_candidates")

    open_panel(page, keyboard, "Presets")
    keyboard.tab_to("Four of them")
    keyboard.press("Enter")
    page.wait_for_url("**/?preset=*")
    told = page.inner_text("#refusal")
    assert "The workflow has changed since the preset “Four of them” was saved" in told
    keyboard.begin()
    keyboard.tab_to("Use it for max_candidates")
    keyboard.press("Enter")
    page.get_by_text("Repaired. Look it over").wait_for()
    assert shown_payload(page)["steps"][0]["parameters"] == {"max_candidates": 4}


def open_panel(page, keyboard, name):
    page.get_by_role("heading", level=1).evaluate("(one) => { one.tabIndex = -1; one.focus(); }")
    keyboard.begin()
    keyboard.tab_to(name)
    keyboard.press("Enter")
    page.locator("#panel, .kept-bar .uses, .kept-bar .save-preset").first.wait_for()
