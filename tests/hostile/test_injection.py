"""Foreign text stays text, in a real browser, wherever a page shows it.

`watching` has the browser. The control shows the same corpus on a page that does not escape.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import django_htmx
import pytest

from tests.hostile.corpus import Payload
from tests.hostile.hostile_server import Asked, Said, serving
from tests.hostile.hostile_upstream import COLUMN_EVERY, PARAMETERS_A_PAGE
from tests.hostile.watching import (
    CHUNKS,
    CORPUS,
    LISTEN,
    TEXTS,
    Watched,
    fill_ledger,
    launch,
    newest_launch,
    oneline,
    paste,
    query,
)

pytestmark = pytest.mark.browser
# Of a longer payload the beginning is shown.
PARTS = tuple(TEXTS[start::4] for start in range(4))
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"


def test_corpus_is_large():
    assert len(CORPUS) >= 260
    assert len({payload.text for payload in CORPUS}) == len(CORPUS)


def test_workflows_and_their_addresses(watched):
    watched.open("/workflows/")

    watched.check_shown("#workflow-cards h2", TEXTS, most=199)


def test_search(watched):
    for chunk in CHUNKS[::3]:
        watched.page.goto(watched.playground.url + "workflows/")
        watched.page.fill("#search", oneline(chunk))
        watched.page.wait_for_selector(".empty")
        watched.look()
        watched.check_shown(".empty", [oneline(chunk)[:200]])
    watched.page.reload()
    watched.look()


@pytest.mark.parametrize(
    ("workflow", "selector"),
    [
        ("wf-steps", ".step h3"),
        ("wf-inputs", "table.rows th code"),
        ("wf-accounts", ".account .name"),
        ("wf-errors", ".accounts .help"),
    ],
)
def test_launch_page(watched, workflow, selector):
    watched.open(f"/workflows/{workflow}/")

    watched.check_shown(selector, TEXTS, most=79)


def test_parameters(watched):
    for page, start in enumerate(range(0, len(TEXTS), PARAMETERS_A_PAGE)):
        watched.open(f"/workflows/wf-parameters-{page}/")

        watched.check_shown(".step label", TEXTS[start : start + PARAMETERS_A_PAGE])


def test_row_that_the_page_adds_itself(watched):
    watched.open("/workflows/wf-inputs/")

    watched.page.click("#add-row")
    watched.page.wait_for_selector("#input-rows tr:nth-child(2)")

    watched.look()


def test_pasted_payload_everywhere_in_the_form_and_the_preview(watched):
    for texts in PARTS:
        watched.open("/workflows/wf-launch/?preset=none")

        paste(watched, payload_of_everything(texts))

        watched.look()
        for view in ("#payload-json", "#payload-curl"):
            watched.check_shown(view, [json.dumps(text)[1:-1] for text in texts])
    assert watched.page.locator("#job_name, [name=job_name]").input_value() == oneline(CHUNKS[0])
    type_into_the_form(watched)


def type_into_the_form(watched: Watched) -> None:
    """What is typed comes back with the live preview."""
    watched.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for chunk in CHUNKS[:6]:
        watched.page.fill("[name=job_name]", oneline(chunk))
        watched.page.fill("[name='inputs-0-name']", oneline(chunk))
        watched.page.fill("[name=extra]", chunk)
        watched.page.fill("[name='repeat_option-value']", oneline(chunk))
        shown = json.dumps(oneline(chunk))[1:60]
        watched.page.wait_for_function(
            "text => document.querySelector('#payload-json').textContent.includes(text)",
            arg=shown,
        )
        watched.look()


def test_tables_of_rows(watched):
    names = [f"{oneline(text)[:150]} {at}" for at, text in enumerate(TEXTS[::8])]
    rows = [dict.fromkeys(names, text) for text in CHUNKS]
    watched.open("/workflows/wf-launch/row-sets/")
    watched.page.set_input_files(
        "#file",
        {
            "name": oneline(CHUNKS[0])[:150].replace("/", "_"),
            "mimeType": "text/plain",
            "buffer": json.dumps(rows).encode(),
        },
    )

    with watched.page.expect_event("load"):
        watched.page.get_by_role("button", name="Import").click()

    watched.look()
    watched.check_shown("#mapping-form th", [one[:79] for one in names])
    watched.check_shown("table.cells", [chunk[:40] for chunk in CHUNKS])
    watched.open("/row-sets/")


def test_pasted_text_that_is_no_payload(watched):
    refused = []
    for chunk in CHUNKS[::2]:
        watched.page.goto(watched.playground.url + "workflows/wf-launch/?preset=none")
        paste(watched, chunk)
        watched.look()
        refused.append(watched.text("#pasted-issue"))
        # Else it was taken for rows.
        assert refused[-1] or watched.text("#filled-notice")
        assert watched.page.locator("#pasted").input_value() == (chunk if refused[-1] else "")
    assert any(one.startswith("This is no JSON yet.") for one in refused)


def test_launch_that_is_refused_in_hostile_words(watched, upstream):
    for status in (400, 500):
        upstream[0].launch_answer = ({"message": f"No: {CHUNKS[0][:400]}"}, status)
        watched.open("/workflows/wf-launch/?preset=none")

        launch(watched)

        watched.look()
        watched.check_shown("main", [CHUNKS[0][:200]])


def test_launch_its_job_and_its_record(watched, upstream):
    message = "\n".join(CHUNKS)[:400]
    upstream[0].launch_answer = ({"job_uid": "j-final", "message": message}, 200)
    watched.open("/workflows/wf-launch/?preset=none")
    paste(watched, payload_of_everything(PARTS[0]))

    launch(watched)

    watched.look()
    assert watched.page.url.endswith("/jobs/j-final/")
    # Long names of columns are cut.
    watched.check_shown("#job-results th", [text[:80] for text in TEXTS[::COLUMN_EVERY]])
    watched.check_shown("#job-results td", TEXTS)
    number = newest_launch(watched.playground)
    watched.open(f"/launches/{number}/")
    watched.check_shown("#payload-json", [json.dumps(text)[1:-1] for text in PARTS[0]])
    watched.check_shown(".lead", [message])


def test_step_of_a_job(watched):
    watched.open("/jobs/j-final/?step=s-1")

    watched.check_shown("#job-step dt", TEXTS, most=119)
    watched.check_shown("#job-step dd", TEXTS)
    for chunk in CHUNKS[::3]:
        watched.page.goto(f"{watched.playground.url}jobs/j-final/?{query(step=chunk)}")
        watched.look()
        watched.check_shown("#job-status .notice", [chunk[:50]])


def test_jobs_in_hostile_words(watched):
    for number, chunk in enumerate(CHUNKS):
        watched.open(f"/jobs/j-{number}/")
        watched.check_shown("h1", [chunk], most=399)
        watched.check_shown("#job-status .notice", [chunk], most=1_999)


def test_what_the_upstream_says_of_a_stopped_job(watched, upstream):
    for number in range(0, len(CHUNKS), 3):
        upstream[0].status = "running"
        watched.open(f"/jobs/j-{number}/")

        with watched.page.expect_event("load"):
            watched.page.click("form[action$='/cancel/'] button")

        watched.look()
        watched.check_shown("body > .notice", [CHUNKS[number]])


def test_list_of_jobs(watched):
    watched.open("/workflows/wf-other/jobs/")

    assert watched.page.locator("table tbody tr").count() == len(TEXTS)


def test_refusals(watched):
    for number, chunk in enumerate(CHUNKS):
        watched.open(f"/workflows/error-{number}/")
        watched.check_shown(".lead", [chunk[:200]])
        watched.open(f"/jobs/error-{number}/status/")


def test_list_of_launches(watched):
    fill_ledger(watched.playground)

    for page in range(1, -(-len(TEXTS) // 50) + 1):
        watched.open(f"/launches/?page={page}")
    for chunk in CHUNKS:
        watched.open(f"/launches/?{query(q=chunk, workflow=chunk, state=chunk)}")
        assert watched.page.locator("#search").input_value() == chunk[:200].replace("\n", "")


def test_launches_and_their_records(watched):
    for number in fill_ledger(watched.playground, CHUNKS):
        watched.open(f"/launches/{number}/")


def test_tries_and_their_answers(watched):
    watched.open("/reference/list_workflows/try/")
    watched.page.click("#send-button")
    watched.page.wait_for_url("**/reference/tries/*/")
    path = watched.page.url.removeprefix(watched.playground.url.rstrip("/"))
    pages = int(re.search(r"Page 1 of (\d+)", watched.text("#try-answer .pages"))[1])

    for page in range(1, pages + 1):
        watched.open(f"{path}?page={page}")
        watched.page.locator(".feeds").evaluate_all("all => all.forEach((one) => one.open = true)")
        watched.look()
    assert pages > 10

    for number, chunk in enumerate(CHUNKS):
        watched.open(f"/reference/get_job/try/?{query(job_uid=chunk)}")
        assert watched.page.locator("#field-path-job_uid").input_value() == chunk.replace("\n", "")
        watched.open(f"/reference/get_workflow/try/?workflow_uid=error-{number}")
        watched.page.click("#send-button")
        watched.page.wait_for_url("**/reference/tries/*/")
        watched.look()
        assert watched.page.locator("#answer-body .string").count() == 1
    watched.open("/reference/tries/")


def test_addresses_of_nothing(watched):
    for payload in CORPUS[:: len(CORPUS) // 30]:
        path = f"{quote(payload.text, safe='')}/?a={payload.text}"
        watched.page.goto(watched.playground.url + path)
        watched.look()


def test_nothing_is_quiet_by_accident(browser):
    """The control: where a page does not escape, the corpus fires.

    Every other payload, and as places have an odd number of them, each element in some place.
    """
    corpus = CORPUS[::2]
    fired: set[int] = set()

    def answer(asked: Asked) -> Said:
        if asked.path.startswith("/hit/"):
            fired.add(int(asked.path[5:]))
            return Said(body=b"", kind="text/plain")
        if asked.path == "/htmx.js":
            return Said(body=HTMX.read_bytes(), kind="text/javascript")
        return Said(body=CONTROL.encode(), kind="text/html")

    with serving(answer) as address:
        context = browser.new_context()
        context.add_init_script(LISTEN)
        page = context.new_page()
        page.goto(address + "/")
        silent = set()
        # A few at a time: the browser draws every frame that is there, again and again.
        for start in range(0, len(corpus), 50):
            some = corpus[start : start + 50]
            page.evaluate("payloads => show(payloads)", [frame_of(payload) for payload in some])
            for _ in range(100):
                waiting = {one.number for one in some} - fired - set(page.evaluate("window.hits"))
                if not waiting:
                    break
                page.wait_for_timeout(20)
            silent |= waiting
        context.close()

    assert [(CORPUS[number].kind, CORPUS[number].text) for number in sorted(silent)] == []


CONTROL = """<!doctype html><title>Control</title><script>
function show(payloads) {
  document.body.replaceChildren();
  for (const { start, end, text, undo, script } of payloads) {
    const frame = document.createElement("iframe");
    frame.srcdoc = script + start + (0, eval)(undo)(text) + end;
    frame.onload = () => use(frame.contentDocument);
    document.body.append(frame);
  }
}
function use(page) {
  for (const part of page?.querySelectorAll("a[href], button") ?? []) part.click();
  for (const part of page?.querySelectorAll("[autofocus]") ?? []) part.focus();
}
</script><body></body>"""


def frame_of(payload: Payload) -> dict[str, str]:
    start, _, end = payload.frame.partition("TEXT")
    script = '<script src="/htmx.js"></script>' if payload.is_for_htmx else ""
    return {
        "start": start,
        "end": end,
        "text": payload.text,
        "undo": payload.undo,
        "script": script,
    }


def payload_of_everything(texts: Sequence[str]) -> str:
    """Each text as a row, and chunks in every other place of a payload."""
    return json.dumps(
        {
            "job_name": oneline(CHUNKS[0]),
            "inputs": [{"name": text, "meta": {text: text}} for text in texts],
            "steps": [
                {
                    "step_uid": "s-1",
                    "accounts": [],
                    "parameters": {text: text for text in TEXTS[::9]},
                    "output_column": oneline(CHUNKS[1]),
                    CHUNKS[2]: CHUNKS[3],
                }
            ],
            CHUNKS[4]: {CHUNKS[5]: CHUNKS[6:]},
        }
    )
