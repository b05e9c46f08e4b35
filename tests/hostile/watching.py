"""A browser on a playground whose upstream speaks the corpus, and what it must not do.

The browser is told to overlook the Content-Security-Policy: escaping alone must hold here, and
`test_headers` holds the policy.
"""

from __future__ import annotations

import json
import re
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import zip_longest
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.hostile.corpus import make_corpus
from tests.hostile.hostile_server import serving
from tests.hostile.hostile_upstream import HostileUpstream
from tests.playgrounds import Playground, Starter

CORPUS = make_corpus()
TEXTS = tuple(payload.text for payload in CORPUS)
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
PLACE = "location.origin + location.pathname"
LOOK = """(forbidden) => {
  const made = [];
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    const isOurs = element.closest("head, .brand") || element.matches("#job-steps > li > svg.lane");
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
  return { made, hits: window.hits, place: location.origin + location.pathname };
}"""


# Kinds of payloads side by side in one text. It begins with one of each, where places cut it.
KINDS_A_CHUNK = 3


def by_kinds() -> list[str]:
    """All payloads, a few kinds together: for places that show one text."""
    kinds: dict[str, list[str]] = {}
    for payload in CORPUS:
        kinds.setdefault(payload.kind, []).append(payload.text)
    some = list(kinds.values())
    count = -(-len(some) // KINDS_A_CHUNK)
    return ["\n".join(_in_turn(some[start::count])) for start in range(count)]


def _in_turn(kinds: list[list[str]]) -> list[str]:
    rounds = zip_longest(*sorted(kinds, key=lambda texts: len(texts[0])))
    return [text for some in rounds for text in some if text is not None]


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

    def open_until(self, path: str, selector: str) -> None:
        """Pages do not wait long for the upstream: what was late is there with the next look."""
        for _ in range(20):
            self.open(path)
            if self.page.locator(selector).count():
                return
        raise AssertionError(f"{path} has no {selector}")

    def look(self) -> None:
        """Fails unless nothing ran, nothing was made, and the page is still where it was."""
        self.loads += 1
        # The page's own word: the driver hears a moment later of an address that a script renews.
        # A search that is answered just now renews the query of the address, and that alone.
        before = self.page.evaluate(PLACE)
        seen = self.page.evaluate(LOOK, FORBIDDEN)
        assert (seen["hits"], seen["made"][:5], self.trouble[:5]) == ([], [], [])
        assert seen["place"] == before

    def text(self, selector: str) -> str:
        return "\n".join(self.page.locator(selector).all_text_contents())

    def check_shown(
        self, selector: str, texts: tuple[str, ...] | list[str], *, most: int | None = None
    ) -> None:
        """Fails unless the texts are on the page, letter by letter: what is not shown is not
        tested. Of longer ones the first `most` letters are."""
        shown = squeezed(self.text(selector))
        missing = [text for text in texts if squeezed(text[:most]) not in shown]
        assert missing == []


def squeezed(text: str) -> str:
    return "".join(character for character in text if character > " ")


CHUNKS = by_kinds()


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
    context.set_default_timeout(60_000)
    context.add_init_script(LISTEN)
    # What was typed in the test before does not come back into the form of this one.
    context.add_init_script("if (location.protocol === 'http:') sessionStorage.clear();")
    watched = Watched(page=context.new_page(), playground=playground)
    yield watched
    context.close()


def paste(watched: Watched, text: str) -> None:
    watched.page.evaluate("document.querySelector('#pasted').closest('details').open = true")
    watched.page.fill("#pasted", text)
    watched.page.click("#fill-in")
    watched.page.wait_for_selector("#filled-notice, #pasted-issue .error")


def launch(watched: Watched) -> None:
    with watched.page.expect_event("load"):
        watched.page.click("#launch-button")


def oneline(text: str) -> str:
    """The text as a one-line field holds it."""
    return re.sub(r"\s+", " ", text)


def query(**parameters: str) -> str:
    return urlencode(parameters)


def newest_launch(playground: Playground) -> int:
    with closing(sqlite3.connect(playground.data_dir / "playground.sqlite3")) as database:
        return database.execute("SELECT max(id) FROM playground_launch").fetchone()[0]


def fill_ledger(playground: Playground, texts: Sequence[str] = TEXTS, **more: object) -> list[int]:
    """Launches with every text in every column that holds foreign text, but in `more`."""
    before = newest_launch(playground)
    hostile = ("workflow_name", "job_name", "job_uid", "sentence", "upstream", "workflow_uid")
    hostile += ("override_reason", "overridden")
    with closing(sqlite3.connect(playground.data_dir / "playground.sqlite3")) as database:
        cursor = database.execute("SELECT * FROM playground_launch WHERE id = ?", [before])
        columns = [column[0] for column in cursor.description]
        good = dict(zip(columns, cursor.fetchone(), strict=True))
        for text in texts:
            row = good | {"launch_token": uuid.uuid4().hex} | dict.fromkeys(hostile, text)
            row |= {"payload": json.dumps({text: [text]}).encode(), "state": "launched"} | more
            del row["id"]
            places = ", ".join(f":{name}" for name in row)
            database.execute(
                f"INSERT INTO playground_launch ({', '.join(row)}) VALUES ({places})",  # noqa: S608
                row,
            )
        database.commit()
    return list(range(before + 1, newest_launch(playground) + 1))
