"""The secrets of accounts reach the upstream and nothing else, after a run in a real browser.

The upstream keeps what it is sent, refuses where it is told to, and repeats secrets in its errors.
A public word goes the same ways: where it is found, a secret would have been found too.
"""

from __future__ import annotations

import html
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, Response

from tests.hostile.hostile_server import Asked, Said, said, serving
from tests.hostile.test_secrets import SECRETS as OTHERS
from tests.hostile.test_secrets import VARIABLES, found_in, make_person
from tests.playgrounds import Playground, Starter

pytestmark = pytest.mark.browser

SECRETS = {
    "li_at in a field": "AQEDAT-canary-field-01",
    "li_a in a field": "AQJ2-canary-field-02",
    "JSESSIONID": '"ajax:canary-03"',
    "li_rm": "canary-rm-04$`'x",
    "li_at in an export": "AQEDAT-canary-export-05",
    "another site's cookie": "canary-elsewhere-06",
    "li_at in a header": "AQEDAT-canary-header-07",
    "li_at in lines": "AQEDAT-canary-lines-08",
    "li_at in cookies.txt": "AQEDAT-canary-netscape-09",
    "cookie of an unknown site": "canary-unknown-10",
    "API key": "pat-canary-11<&>'\"",
    "user name": "canary-12@example.com",
    "password": " canary-13 \\ pass word ",
    "cookie of an update": "AQEDAT-canary-update-14",
    "key of an update": "pat-canary-update-15",
    "refused key": "pat-canary-refused-16",
    "key in an echo": "pat-canary-echo-17",
    "short password in an echo": "cAn18",
    "broken cookie": "AQEDAT-canary-broken-19;x",
    "code": "c0d3-20",
    "refused code": "c0d3-21",
    "key of an unknown outcome": "pat-canary-unknown-22",
    "key that was typed and left": "pat-canary-left-23",
    "key that the name repeats": "pat-canary-name-24",
}
# The part of each that no way of writing changes.
HUNTED = SECRETS | {
    f"core of {name}": max(re.findall(r"[\w-]+", secret), key=len)
    for name, secret in SECRETS.items()
}
NEVER_SENT = {
    "another site's cookie",
    "broken cookie",
    "key that was typed and left",
    "key that the name repeats",
}
WORDS = (
    "was added",
    "was updated",
    "code was not taken",
    "challenge was answered",
    "The key is not accepted.",
    "[hidden]",
    "It is not known",
    "needs your attention",
    "repeats a secret",
)
PUBLIC = "public-word-of-the-run"
LINKEDIN, EDITED = "linkedin", "account-1"


class Upstream:
    """Keeps accounts without their secrets; every body that came is remembered."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.echoes = 0

    def answer(self, asked: Asked) -> Said:
        body = asked.body.decode()
        if asked.method == "GET":
            return said(self._listing(asked.path))
        if asked.path.endswith("/schedule"):
            return said({"job_uid": "job-1", "message": "Scheduled."})
        self.bodies.append(body)
        sent = json.loads(body)
        if asked.path.endswith("/checkpoint"):
            return self._answer_code(sent["code"])
        return self._save(sent["account"])

    def _answer_code(self, code: str) -> Said:
        if code == SECRETS["refused code"]:
            self.echoes += 1
            return said({"message": f"{code} is not the code."}, 400)
        return said(account(True))

    def _save(self, sent: dict[str, object]) -> Said:
        # As a careless server would: all that it was sent, in every way it can be said.
        said_back = json.dumps(sent)
        values = [text for text in walk(sent) if text in SECRETS.values()]
        if "refused" in str(sent.get("name")):
            return said({"message": "The key is not accepted."}, 400)
        if "echo" in str(sent.get("name")):
            self.echoes += 1
            return said({"message": " ".join(values), "sent": said_back}, 400)
        if "unknown" in str(sent.get("name")):
            self.echoes += 1
            return Said(body=f"<pre>{said_back}</pre>".encode(), status=500, kind="text/html")
        self.echoes += 1
        return said(account(True) | {"name": " ".join(values), "cookies": sent.get("cookies")})

    def _listing(self, path: str) -> object:
        ending = path.rpartition("/")[2]
        if ending == "accounts":
            return {"accounts": [account(False)], "next_page_exist": False}
        if ending == "users":
            return {"users": [{"uid": "u-1", "full_name": "Jane"}], "pages": 1}
        if ending == "details":
            return {"uid": "w-1", "name": "Workflow", "steps": [{"step_uid": "s-1"}]}
        if ending == "workflows":
            return [{"uid": "w-1", "name": "Workflow"}]
        return [] if ending == "jobs" else {"uid": "job-1", "status": "finished"}


def account(is_valid: bool) -> dict[str, object]:
    return {
        "uid": EDITED,
        "name": "An account",
        "is_valid": is_valid,
        "cookies": {"li_at": "********"},
        "application_permalink": LINKEDIN,
    }


def walk(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from walk(item)
    elif isinstance(value, str):
        yield value


@dataclass
class Run:
    """What is left of the run, and everything that the browser was shown meanwhile."""

    playground: Playground
    upstream: Upstream
    seen: list[tuple[str, str]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def keep_files(self, when: str) -> None:
        """The data folder as it is now: while the server runs, with its write-ahead log."""
        folder = self.playground.data_dir
        for one in folder.rglob("*"):
            if one.is_file() and not one.is_relative_to(folder / "static"):
                self.files[f"{when}: {one.relative_to(folder)}"] = one.read_bytes()


class Person:
    """Somebody at the browser. Every answer to it, and every page as it stands, is kept."""

    def __init__(self, page: Page, run: Run) -> None:
        self.page, self.run = page, run
        page.on("response", self._keep)

    def open(self, address: str) -> None:
        self.page.goto(self.run.playground.url + address)

    def fill(self, **texts: str) -> None:
        for name, text in texts.items():
            if name == "kind":
                self.page.check(f"#field-kind-{text}")
            else:
                self.page.fill(f"#field-{name.replace('__', '-')}", text)

    def save(self, button: str = "#save-button") -> None:
        self.page.wait_for_load_state("networkidle")  # The preview of the last key.
        self.look("before")
        with self.page.expect_navigation():
            self.page.click(button)
        self.look("after")

    def look(self, when: str) -> None:
        """The document as the browser holds it: without what stands in its fields."""
        page = self.page
        kept = page.evaluate("JSON.stringify([history.state, {...localStorage}])")
        stored = page.evaluate("JSON.stringify({...sessionStorage})")
        cookies = json.dumps(page.context.cookies())
        place = f"{when} at {page.url}"
        self.run.seen.append((place, f"{page.url}\n{page.content()}\n{kept}{stored}{cookies}"))
        if when == "after":
            notice = page.locator(".notice:not([hidden]), #field-code-issue").all_inner_texts()
            self.run.notices.append(" ".join(notice))

    def _keep(self, response: Response) -> None:
        if "/static/" in response.url:
            return
        headers = json.dumps(response.headers_array())
        is_redirect = 300 <= response.status < 400
        body = "" if is_redirect else response.body().decode("utf-8", "replace")
        self.run.seen.append((f"{response.request.method} {response.url}", headers + body))


@pytest.fixture(scope="module")
def run(shared_playgrounds: Starter, browser: Browser) -> Run:
    upstream = Upstream()
    with serving(upstream.answer) as address:
        playground = shared_playgrounds.start(
            UPSTREAM_URL=f"{address}/v3",
            PLAYGROUND_SIGN_IN="password",
            DJANGO_SETTINGS_MODULE="tests.hostile.debug_settings",
            **{name: OTHERS[name] for name in VARIABLES},
        )
        make_person(playground)
        made = Run(playground=playground, upstream=upstream)
        context = browser.new_context()
        context.set_default_timeout(20_000)
        use_everything(Person(context.new_page(), made))
        made.keep_files("while it ran")
        context.close()
    shared_playgrounds.started.remove(playground)
    assert playground.stop() == 0
    made.keep_files("after it ended")
    return made


def use_everything(person: Person) -> None:
    sign_in(person)
    launch_something_public(person)
    add_by_cookies(person)
    add_by_keys_and_passwords(person)
    update(person)
    answer_challenges(person)
    be_refused(person)
    look_around(person)


def sign_in(person: Person) -> None:
    person.open("sign-in/")
    person.page.fill('[name="username"]', "ada")
    person.page.fill('[name="password"]', OTHERS["password"])
    with person.page.expect_navigation():
        person.page.click("main button.primary")


def launch_something_public(person: Person) -> None:
    person.open("workflows/w-1/")
    person.page.fill('[name="job_name"]', PUBLIC)
    person.page.click("#launch-button")
    person.page.wait_for_url("**/jobs/job-1/")


def add(person: Person, integration: str, **texts: str) -> None:
    person.open(f"accounts/{integration}/new/")
    person.fill(**({"name": PUBLIC} | texts))
    person.save()


def add_by_cookies(person: Person) -> None:
    export = [
        {"name": "li_at", "value": SECRETS["li_at in an export"], "domain": ".linkedin.com"},
        {"name": "li_at", "value": SECRETS["another site's cookie"], "domain": ".a.example"},
        {"name": "sid", "value": SECRETS["another site's cookie"], "domain": ".a.example"},
    ]
    netscape = f".linkedin.com\tTRUE\t/\tTRUE\t0\tli_at\t{SECRETS['li_at in cookies.txt']}"
    add(
        person,
        LINKEDIN,
        cookie__li_at=SECRETS["li_at in a field"],
        cookie__li_a=SECRETS["li_a in a field"],
        cookie__JSESSIONID=SECRETS["JSESSIONID"],
        cookie__li_rm=SECRETS["li_rm"],
    )
    for pasted in (
        json.dumps(export),
        f"Cookie: lang=x; li_at={SECRETS['li_at in a header']}",
        f"li_at={SECRETS['li_at in lines']}\nlang=x",
        netscape,
    ):
        add(person, LINKEDIN, pasted=pasted)
    add(person, "acme-crm", pasted=f"session={SECRETS['cookie of an unknown site']}; lang=x")


def add_by_keys_and_passwords(person: Person) -> None:
    add(person, "hubspot", api_key=SECRETS["API key"])
    add(person, "outlook", username=SECRETS["user name"], password=SECRETS["password"])


def update(person: Person) -> None:
    person.open(f"accounts/{LINKEDIN}/{EDITED}/edit/")
    person.fill(pasted=f"li_at={SECRETS['cookie of an update']}")
    person.save()
    person.open(f"accounts/hubspot/{EDITED}/edit/")
    person.fill(kind="api_key", api_key=SECRETS["key of an update"])
    person.save()


def answer_challenges(person: Person) -> None:
    for name in ("refused code", "code"):
        person.open(f"accounts/{LINKEDIN}/{EDITED}/edit/")
        person.fill(code=SECRETS[name])
        person.save("form.checkpoint button")


def be_refused(person: Person) -> None:
    add(person, "hubspot", name="refused", api_key=SECRETS["refused key"])
    add(person, "hubspot", name="echo", api_key=SECRETS["key in an echo"])
    add(
        person,
        "outlook",
        name="echo",
        username="jane",
        password=SECRETS["short password in an echo"],
    )
    add(person, "hubspot", name="unknown", api_key=SECRETS["key of an unknown outcome"])
    add(person, LINKEDIN, cookie__li_at=SECRETS["broken cookie"])
    left = SECRETS["key that was typed and left"]
    person.open("accounts/hubspot/new/")
    person.fill(name="Left", api_key=left)
    person.page.wait_for_load_state("networkidle")
    key = SECRETS["key that the name repeats"]
    person.open("accounts/hubspot/new/")
    person.fill(api_key=key)
    # Not typed, so that the page does not hold it before it is posted.
    person.page.locator("#field-name").evaluate("(one, text) => { one.value = text }", key)
    person.save()


def look_around(person: Person) -> None:
    for path in ("workflows/", "launches/", "launches/1/", f"accounts/{LINKEDIN}/new/"):
        person.open(path)
        person.look("around")
    for path in ("auth/user/", "sessions/session/", "django_tasks_database/dbtaskresult/"):
        person.open(f"admin/{path}")
        person.look("around")


def test_the_upstream_was_sent_every_secret_that_it_should_be(run):
    received = [text for body in run.upstream.bodies for text in walk(json.loads(body))]

    sent = {name for name, secret in SECRETS.items() if secret in received}

    assert sent == set(SECRETS) - NEVER_SENT
    assert len(SECRETS) >= 20
    assert run.upstream.echoes > 10


def test_every_save_ended_as_it_was_meant_to(run):
    endings = [next((word for word in WORDS if word in notice), notice) for notice in run.notices]

    assert endings == [
        *["was added"] * 8,
        *["was updated"] * 2,
        "code was not taken",
        "challenge was answered",
        "The key is not accepted.",
        "[hidden]",
        "repeats a secret",
        "It is not known",
        "needs your attention",
        "needs your attention",
    ]


def test_no_page_no_answer_and_nothing_in_the_browser_shows_a_secret(run):
    shown = {place: found for place, text in run.seen if (found := found_in(text, HUNTED))}

    assert shown == {}


def test_no_file_holds_a_secret_while_the_server_runs_and_after(run):
    leaks = {
        name: found
        for name, content in run.files.items()
        if (found := found_in(content.decode("latin-1"), HUNTED))
    }

    assert leaks == {}


def test_the_ledger_of_changes_tells_of_every_save_and_holds_no_secret(run):
    database = sqlite3.connect(run.playground.data_dir / "playground.sqlite3")
    with closing(database):
        rows = database.execute("SELECT * FROM playground_change ORDER BY id").fetchall()
        told = database.execute(
            "SELECT kind, state, count(*) FROM playground_change GROUP BY kind, state"
        ).fetchall()

    assert {(kind, state): count for kind, state, count in told} == {
        ("add-account", "saved"): 8,
        ("update-account", "saved"): 2,
        ("answer-challenge", "saved"): 1,
        ("answer-challenge", "refused"): 1,
        ("add-account", "refused"): 3,
        ("add-account", "unknown"): 1,
    }
    assert [found for row in rows if (found := found_in(repr(row), HUNTED))] == []
    assert sum(PUBLIC in row for row in rows) == 8


def test_nothing_that_was_logged_holds_a_secret(run):
    written = run.playground.output + run.playground.errors

    assert " DEBUG " in run.playground.errors
    assert found_in(written, HUNTED) == []
    assert "Traceback" not in written


def test_a_public_word_is_found_in_all_these_places(run):
    public = {"word": PUBLIC}
    places = [place for place, text in run.seen if found_in(text, public)]
    files = {name for name, content in run.files.items() if PUBLIC.encode() in content}

    assert any(place.startswith("POST") and place.endswith("/request/") for place in places)
    assert any(place.startswith("before at") for place in places)
    assert any(place.startswith("GET") and "/launches/1/" in place for place in places)
    assert any(name.startswith("after it ended: playground.sqlite3") for name in files)
    assert any(name.startswith("while it ran: playground.sqlite3") for name in files)
    assert any("wal" in name for name in run.files)


@pytest.mark.parametrize("name", SECRETS)
def test_each_secret_would_be_found(name):
    for written in (SECRETS[name], html.escape(SECRETS[name]), json.dumps(SECRETS[name])):
        assert found_in(f"...{written}...", HUNTED)
