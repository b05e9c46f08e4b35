"""Foreign text stays text, in a real browser, wherever a page shows it.

The browser is told to overlook the Content-Security-Policy: escaping alone must hold here, and
`test_headers` holds the policy. The control shows the same corpus on a page that does not escape.
"""

from __future__ import annotations

import json
import re
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import django_htmx
import pytest
from playwright.sync_api import Browser, Page, Request

from tests.hostile.corpus import Payload, make_corpus
from tests.hostile.hostile_server import Asked, Said, serving
from tests.hostile.hostile_upstream import HostileUpstream
from tests.playgrounds import Playground, Starter

pytestmark = pytest.mark.browser
CORPUS = make_corpus()
TEXTS = tuple(payload.text for payload in CORPUS)
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
LISTEN = """
  window.hits = [];
  Object.defineProperty(window, "__hit", { value: (number) => { window.hits.push(number); } });
  window.alert = window.confirm = window.prompt = () => { window.hits.push("dialog"); };
"""
# What escaped text cannot make, found by looking at the page as it became.
FORBIDDEN = (
    *("script", "iframe", "frame", "frameset", "object", "embed", "img", "svg", "math", "video"),
    *("audio", "source", "base", "meta", "link", "style", "marquee", "xmp", "plaintext"),
)
LOOK = """(forbidden) => {
  const made = [];
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    const isOurs = element.closest("head") || element.closest(".brand");
    if (!isOurs && forbidden.includes(name)) made.push(name);
    for (const { name: attribute, value } of element.attributes) {
      if (/^on|^style$|^srcdoc$/.test(attribute)) made.push(`${name} ${attribute}`);
      if (/^(href|src|action|formaction|(data-)?hx-(get|post|put|patch|delete))$/.test(attribute)) {
        const { origin, pathname } = new URL(value, location.href);
        const isOurs = origin === location.origin && !pathname.startsWith("/hit/");
        if (!isOurs) made.push(`${name} ${attribute}=${value}`);
      }
    }
  }
  return { made, hits: window.hits, address: location.href };
}"""


def by_kind(most: int = 100) -> list[str]:
    """All payloads, joined by kind: for places that show one text."""
    kinds: dict[str, list[str]] = {}
    for payload in CORPUS:
        kinds.setdefault(payload.kind, []).append(payload.text)
    return ["\n".join(texts[:most]) for texts in kinds.values()]


@dataclass
class Watched:
    """A page of the playground and everything that it did besides being shown."""

    page: Page
    playground: Playground
    trouble: list[str] = field(default_factory=list)
    loads: int = 0

    def __post_init__(self) -> None:
        self.page.on("request", self._note_request)
        self.page.on("dialog", lambda dialog: self.trouble.append(f"dialog {dialog.message}"))
        self.page.on("pageerror", lambda error: self.trouble.append(f"error {error}"))
        self.page.on("popup", lambda page: self.trouble.append(f"popup {page.url}"))

    def _note_request(self, request: Request) -> None:
        begins = request.url.startswith
        if begins(f"{self.playground.url}hit") or not begins(self.playground.url):
            self.trouble.append(f"request {request.url[:100]}")

    def open(self, path: str) -> None:
        self.page.goto(self.playground.url.rstrip("/") + path)
        self.look()

    def look(self) -> None:
        """Fails unless nothing ran, nothing was made, and the page is still where it was."""
        self.loads += 1
        before = self.page.url
        seen = self.page.evaluate(LOOK, FORBIDDEN)
        assert (seen["hits"], seen["made"][:5], self.trouble[:5]) == ([], [], [])
        assert seen["address"] == before

    def text(self, selector: str) -> str:
        return "\n".join(self.page.locator(selector).all_text_contents())

    def check_shown(self, selector: str, texts: tuple[str, ...] | list[str]) -> None:
        """Fails unless the texts are on the page, letter by letter: what is not shown is not
        tested."""
        shown = squeezed(self.text(selector))
        missing = [text for text in texts if squeezed(text) not in shown]
        assert missing == []


def squeezed(text: str) -> str:
    return "".join(character for character in text if character > " ")


CHUNKS = by_kind()


@pytest.fixture(scope="module")
def upstream() -> Iterator[tuple[HostileUpstream, str]]:
    hostile = HostileUpstream(TEXTS, CHUNKS)
    with serving(hostile.answer) as address:
        yield hostile, f"{address}/v3"


@pytest.fixture(scope="module")
def playground(
    shared_playgrounds: Starter, upstream: tuple[HostileUpstream, str]
) -> Iterator[Playground]:
    playground = shared_playgrounds.start(
        UPSTREAM_URL=upstream[1], UPSTREAM_API_KEY="key-of-the-test", UPSTREAM_PROJECT_ID="project"
    )
    yield playground
    # Its log names the upstream's failures, which the tests ask for; faults of ours are none.
    shared_playgrounds.started.remove(playground)
    assert playground.stop() == 0
    assert "Traceback" not in playground.errors


@pytest.fixture(scope="module")
def watched(browser: Browser, playground: Playground) -> Iterator[Watched]:
    """One page for all tests of this module."""
    context = browser.new_context(bypass_csp=True)
    context.set_default_timeout(20_000)
    context.add_init_script(LISTEN)
    watched = Watched(page=context.new_page(), playground=playground)
    yield watched
    context.close()


def test_corpus_is_large():
    assert len(CORPUS) >= 500
    assert len({payload.text for payload in CORPUS}) == len(CORPUS)


def test_workflows_and_their_addresses(watched):
    watched.open("/workflows/")

    watched.check_shown("#workflow-cards h2", TEXTS)


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
        ("wf-parameters", ".step label"),
        ("wf-inputs", "table.rows th code"),
        ("wf-accounts", ".account .name"),
        ("wf-errors", ".accounts .help"),
    ],
)
def test_launch_page(watched, workflow, selector):
    watched.open(f"/workflows/{workflow}/")

    watched.check_shown(selector, TEXTS)


def test_row_that_the_page_adds_itself(watched):
    watched.open("/workflows/wf-inputs/")

    watched.page.click("#add-row")
    watched.page.wait_for_selector("#input-rows tr:nth-child(2)")

    watched.look()


def test_pasted_payload_everywhere_in_the_form_and_the_preview(watched):
    watched.open("/workflows/wf-launch/")

    paste(watched, payload_of_everything())

    watched.look()
    for view in ("#payload-json", "#payload-curl"):
        watched.check_shown(view, [json.dumps(text)[1:-1] for text in TEXTS])
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


def test_pasted_text_that_is_no_payload(watched):
    for chunk in CHUNKS[::2]:
        watched.page.goto(watched.playground.url + "workflows/wf-launch/")
        paste(watched, chunk)
        watched.look()
        assert watched.page.locator("#pasted").input_value() == chunk
        assert watched.text("#pasted-issue").startswith("This is not valid JSON")


def test_launch_that_is_refused_in_hostile_words(watched, upstream):
    for status in (400, 500):
        upstream[0].launch_answer = ({"message": f"No: {CHUNKS[0][:400]}"}, status)
        watched.open("/workflows/wf-launch/")

        launch(watched)

        watched.look()
        watched.check_shown("main", [CHUNKS[0][:200]])


def test_launch_its_job_and_its_record(watched, upstream):
    message = "\n".join(CHUNKS)[:400]
    upstream[0].launch_answer = ({"job_uid": "j-final", "message": message}, 200)
    watched.open("/workflows/wf-launch/")
    paste(watched, payload_of_everything())

    launch(watched)

    watched.look()
    assert watched.page.url.endswith("/jobs/j-final/")
    watched.check_shown("#job-results th", TEXTS)
    watched.check_shown("#job-results td", TEXTS)
    number = newest_launch(watched.playground)
    watched.open(f"/launches/{number}/")
    watched.check_shown("#payload-json", [json.dumps(text)[1:-1] for text in TEXTS])
    watched.check_shown(".lead", [message])


def test_step_of_a_job(watched):
    watched.open("/jobs/j-final/?step=s-1")

    watched.check_shown("#job-step dt", TEXTS)
    watched.check_shown("#job-step dd", TEXTS)
    for chunk in CHUNKS[::3]:
        watched.page.goto(f"{watched.playground.url}jobs/j-final/?{query(step=chunk)}")
        watched.look()
        watched.check_shown("#job-status .notice", [chunk[:50]])


def test_jobs_in_hostile_words(watched):
    for number, chunk in enumerate(CHUNKS):
        watched.open(f"/jobs/j-{number}/")
        watched.check_shown("h1", [chunk])
        watched.check_shown("#job-status", [chunk])


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
    assert pages > 20

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
    """The control: where a page does not escape, everything of the corpus fires."""
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
        page.evaluate("payloads => show(payloads)", [frame_of(payload) for payload in CORPUS])
        for _ in range(100):
            silent = {one.number for one in CORPUS} - fired - set(page.evaluate("window.hits"))
            if not silent:
                break
            page.wait_for_timeout(100)
        context.close()

    assert [(CORPUS[number].kind, CORPUS[number].text) for number in sorted(silent)] == []


CONTROL = """<!doctype html><title>Control</title><script>
async function show(payloads) {
  for (const { start, end, text, undo, script } of payloads) {
    const frame = document.createElement("iframe");
    frame.srcdoc = script + start + (0, eval)(undo)(text) + end;
    frame.onload = () => use(frame.contentDocument);
    document.body.append(frame);
    if (document.body.children.length % 20 === 0) await new Promise((done) => setTimeout(done, 1));
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


def paste(watched: Watched, text: str) -> None:
    watched.page.evaluate("document.querySelector('#pasted').closest('details').open = true")
    watched.page.fill("#pasted", text)
    with watched.page.expect_event("load"):
        watched.page.click("button[value=read-payload]")


def launch(watched: Watched) -> None:
    with watched.page.expect_event("load"):
        watched.page.click("#launch-button")


def payload_of_everything() -> str:
    """Every text as a row, and chunks in every other place of a payload."""
    return json.dumps(
        {
            "job_name": oneline(CHUNKS[0]),
            "inputs": [{"name": text, "meta": {text: text}} for text in TEXTS],
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


def oneline(text: str) -> str:
    """The text as a one-line field holds it."""
    return re.sub(r"\s+", " ", text)


def query(**parameters: str) -> str:
    return urlencode(parameters)


def newest_launch(playground: Playground) -> int:
    with closing(sqlite3.connect(playground.data_dir / "playground.sqlite3")) as database:
        return database.execute("SELECT max(id) FROM playground_launch").fetchone()[0]


def fill_ledger(playground: Playground, texts: Sequence[str] = TEXTS) -> list[int]:
    """Launches with every text in every column that holds foreign text."""
    before = newest_launch(playground)
    hostile = ("workflow_name", "job_name", "job_uid", "sentence", "upstream", "workflow_uid")
    with closing(sqlite3.connect(playground.data_dir / "playground.sqlite3")) as database:
        cursor = database.execute("SELECT * FROM playground_launch WHERE id = ?", [before])
        columns = [column[0] for column in cursor.description]
        good = dict(zip(columns, cursor.fetchone(), strict=True))
        for text in texts:
            row = good | {"launch_token": uuid.uuid4().hex} | dict.fromkeys(hostile, text)
            row |= {"payload": json.dumps({text: [text]}).encode(), "state": "launched"}
            del row["id"]
            places = ", ".join(f":{name}" for name in row)
            database.execute(
                f"INSERT INTO playground_launch ({', '.join(row)}) VALUES ({places})",  # noqa: S608
                row,
            )
        database.commit()
    return list(range(before + 1, newest_launch(playground) + 1))
