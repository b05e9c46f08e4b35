"""Foreign text about accounts, users and plans stays text, and what preflight quotes of it."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import quote

import pytest

from playground.services.ledger.changes import MOST_SHOWN
from tests.hostile.hostile_upstream import A_PAGE, LAUNCHED
from tests.hostile.watching import (
    CHUNKS,
    CORPUS,
    TEXTS,
    Watched,
    fill_ledger,
    launch,
    newest_launch,
    oneline,
    query,
    squeezed,
)
from tests.journeys.person import settle
from tests.playgrounds import Playground

pytestmark = pytest.mark.browser
OWN = "/accounts/all/everything/"
# One of each kind of payload.
SOME = tuple({payload.kind: payload.text for payload in CORPUS}.values())
CHOOSE_ALL = """() => {
  for (const box of document.querySelectorAll('.account input')) box.checked = true;
  document.querySelector('.account input').dispatchEvent(new Event('input', {bubbles: true}));
}"""
PAGES = range(-(-len(TEXTS) // A_PAGE))


def beginnings(texts: tuple[str, ...] | list[str], most: int) -> list[str]:
    """Pages cut long texts."""
    return [squeezed(text)[:most] for text in texts]


def address(*parts: str) -> str:
    """Parts of an address as the playground writes them."""
    return "/".join(quote(quote(part, safe=""), safe="") for part in parts)


@pytest.fixture(autouse=True)
def _as_before(upstream: tuple[object, str]) -> Iterator[None]:
    yield
    upstream[0].slugs = upstream[0].owners = ()
    upstream[0].save_answer = ({"message": CHUNKS[0]}, 400)


def test_accounts_and_their_owners(watched):
    shown = {".name": "", ".owner a": "", ".pill": "", ".owner .muted": "", ".gauge-name": ""}
    for page in range(1, 12):
        watched.open_until(f"/accounts/?page={page}", ".rows")
        for selector in shown:
            shown[selector] += squeezed(watched.text(f"#account-list {selector}"))

    missing = {
        selector: [one for one in beginnings(TEXTS, 30) if one not in text]
        for selector, text in shown.items()
    }
    assert missing == {selector: [] for selector in shown}


def test_integrations_that_only_users_name(watched, upstream):
    upstream[0].slugs = TEXTS
    ask_for_users_anew(watched)

    watched.open("/accounts/")

    watched.check_shown(".integration h2", beginnings(TEXTS, 100))
    assert watched.page.locator(".integration .notice.warning").count() == len(TEXTS)
    upstream[0].slugs = ()
    ask_for_users_anew(watched)


def test_search_for_accounts(watched):
    for chunk in CHUNKS[::4]:
        watched.open(f"/accounts/?{query(q=chunk, integration=chunk, state=chunk)}")
        watched.page.fill("#search", oneline(chunk))
        watched.page.wait_for_selector(".empty")
        watched.look()


def test_account_of_everything(watched):
    watched.open_until(OWN, ".gauge-cards")

    for selector in (".facts-list code", ".facts-list dd", ".gauge-cards h3"):
        watched.check_shown(selector, beginnings(TEXTS, 50))
    watched.check_shown(".gauge-notes", beginnings(TEXTS, 50))
    watched.check_shown("h1", beginnings(CHUNKS[:1], 150))


def test_accounts_that_are_gone(watched):
    for chunk in CHUNKS[::2]:
        watched.open_until(f"/accounts/{address('all', chunk)}/", "h1 >> text=gone")
        watched.check_shown(".uid code", [chunk])


def test_names_of_accounts_and_their_forms(watched):
    for number, chunk in enumerate(CHUNKS[::3]):
        watched.open_until(f"/accounts/all/c-{number * 3}/", ".facts-list")
        watched.check_shown("h1", beginnings([chunk], 150))
        watched.open(f"/accounts/all/c-{number * 3}/edit/?{query(next=chunk)}")
        assert watched.page.locator("[name=name]").get_attribute("placeholder") == chunk
        watched.open(f"/accounts/{address(chunk)}/new/")
        watched.check_shown(".sub code", [chunk])


def test_account_form_with_cookies_owners_and_what_is_typed(watched, upstream):
    upstream[0].owners = TEXTS
    watched.open_until(f"{OWN}edit/", ".of-cookies label >> nth=80")

    watched.check_shown("#field-user_uid option", TEXTS, most=100)
    watched.check_shown(".of-cookies label", TEXTS[:80])
    for chunk in CHUNKS[::4]:
        typed = oneline(chunk)[:290]
        watched.page.fill("[name=name]", typed)
        watched.page.wait_for_function(
            "text => document.querySelector('#payload-json').textContent.includes(text)",
            arg=json.dumps(typed)[1:60],
        )
        watched.look()


def test_pasted_cookies_of_hostile_names(watched):
    pasted = json.dumps([{"name": text, "value": "secret"} for text in TEXTS[:90]])
    watched.open("/accounts/unknown/new/")

    watched.page.fill("#field-pasted", pasted)
    watched.page.wait_for_selector("#cookies-found")

    watched.look()
    watched.check_shown("#cookies-found", TEXTS[:90])


def test_account_that_is_refused_in_hostile_words(watched, upstream):
    for number, chunk in enumerate(CHUNKS[::2]):
        upstream[0].save_answer = ({"message": f"No: {chunk}"}, (400, 500, 404)[number % 3])
        watched.open("/accounts/all/c-0/edit/")
        watched.page.fill("[name=name]", oneline(chunk)[:290])

        submit(watched, "#save-button")

        if not number % 3:
            watched.check_shown("#account-notice", beginnings([chunk], 100))
        assert watched.page.locator("[name=name]").input_value() == oneline(chunk)[:290]


def test_code_that_is_refused_in_hostile_words(watched, upstream):
    for chunk in CHUNKS[::3]:
        upstream[0].save_answer = ({"message": f"No: {chunk}"}, 400)
        watched.open_until("/accounts/linkedin/invalid/", "[name=code]")
        watched.page.fill("[name=code]", "123456")

        submit(watched, "form.checkpoint button")

        watched.check_shown("#field-code-issue", beginnings([chunk], 100))


def test_account_that_is_saved_with_a_hostile_answer(watched, upstream):
    for text in SOME[::3]:
        saved = dict.fromkeys(("uid", "name", "level"), text)
        upstream[0].save_answer = ({**saved, "message": text, "is_valid": False}, 200)
        watched.open("/accounts/all/new/")
        watched.page.fill("[name=name]", "Ada")
        watched.page.fill("#field-pasted", "li_at=secret-cookie")

        submit(watched, "#save-button")

        assert "/accounts/all/" in watched.page.url
        assert not watched.page.url.endswith("/new/")


def test_users_and_their_accounts(watched):
    watched.open("/users/")

    for selector in (".name", ".owner span:first-child", ".owner .muted", ".uid code"):
        watched.check_shown(f"#user-list {selector}", beginnings(TEXTS, 35))
    for chunk in CHUNKS[::4]:
        watched.open(f"/users/?{query(q=chunk, role=chunk)}")


def test_forms_of_users(watched, upstream):
    for number, chunk in enumerate(CHUNKS[::3]):
        upstream[0].save_answer = ({"message": f"No: {chunk}"}, 400)
        watched.open(f"/users/c-{number * 3}/")
        watched.check_shown("h1", beginnings([chunk], 150))
        watched.page.fill("#email", "ada@example.com")
        watched.page.select_option("#country", "")
        watched.page.fill("#full_name", oneline(chunk))

        submit(watched, "#user-form .primary")

        assert watched.page.locator("#full_name").input_value() == oneline(chunk)
        watched.check_shown("main .notice.error", beginnings([chunk], 100))
    watched.open("/users/everything/")
    watched.check_shown(".pills.users", beginnings(TEXTS, 40))


def test_user_that_is_saved_with_a_hostile_answer(watched, upstream):
    for chunk in CHUNKS[::3]:
        saved = dict.fromkeys(("uid", "email", "full_name"), chunk)
        upstream[0].save_answer = ({"user": saved, "message": chunk}, 200)
        watched.open("/users/new/")
        watched.page.fill("#full_name", "Ada")

        submit(watched, "#user-form .primary")

        watched.check_shown("body > .notice", ["The user was added."])
        watched.check_shown(".uid code", [chunk])


def test_changes_of_hostile_names_and_integrations(watched, playground, upstream):
    for start in range(0, len(TEXTS), MOST_SHOWN):
        texts = TEXTS[start : start + MOST_SHOWN]
        fill_changes(playground, texts, upstream[1])

        # Told above the list, also above one that has nothing else to draw.
        watched.open("/accounts/?q=nothing-like-it")

        watched.check_shown("main > .page > .notice", beginnings(texts, 60))
    fill_changes(playground, (), upstream[1])


def fill_changes(playground: Playground, texts: tuple[str, ...] | list[str], upstream: str) -> None:
    """Only these: accounts of which nobody knows whether they were added to this upstream."""
    with closing(sqlite3.connect(playground.data_dir / "playground.sqlite3")) as database:
        (user,) = database.execute("SELECT min(id) FROM auth_user").fetchone()
        database.execute("DELETE FROM playground_change")
        for text in texts:
            database.execute(
                "INSERT INTO playground_change (token, user_id, upstream, kind, integration, uid, "
                "name, parts, ended, state, created_at) VALUES (?, ?, ?, 'add-account', ?, ?, ?, "
                "?, '', 'unknown', datetime('now'))",
                [uuid.uuid4().hex, user, upstream, *[text] * 4],
            )
        database.commit()


def test_users_that_are_gone(watched):
    for chunk in CHUNKS[1::2]:
        watched.open(f"/users/{address(chunk)}/")
        watched.check_shown(".uid code", [chunk])


@pytest.mark.parametrize("page", PAGES)
def test_limits_in_the_picker_and_in_preflight(watched, page):
    texts = TEXTS[page * A_PAGE : (page + 1) * A_PAGE]
    watched.open("/workflows/")  # The listing tells the templates of steps.
    last = f".account input >> nth={len(texts) - 1}"
    watched.open_until(f"/workflows/wf-limits-{page}/", last)

    # What the upstream was late with is there with the next change.
    risky = watched.page.locator("#issues li.risky")
    for _ in range(60):
        watched.page.evaluate(CHOOSE_ALL)
        # Preflight comes a moment after the preview.
        watched.page.wait_for_timeout(500)
        settle(watched.page)
        if risky.count() >= len(texts):
            break

    watched.look()
    assert risky.count() >= len(texts)
    for selector in (".account .name", ".account .left", "#launch-preflight #issues"):
        watched.check_shown(selector, beginnings(texts, 30))
    watched.check_shown(".connect", [f"one-{page * A_PAGE}"])


def test_plan_that_is_not_known_for_hostile_reasons(watched, upstream):
    for chunk in CHUNKS[::4]:
        upstream[0].workspace_answer = ({"message": f"No: {chunk}"}, 400)
        watched.open(f"/workflows/{LAUNCHED}/")
        # The browser drops line ends of the name, so the page brings itself up to date first.
        watched.page.wait_for_load_state("networkidle")
        watched.page.click("#launch-preflight button.link")
        watched.page.wait_for_function(
            "text => document.querySelector('#issues').textContent.includes(text)",
            arg=oneline(chunk)[:60],
        )
        watched.look()


def test_plan_in_hostile_words(watched, upstream):
    told = ("name", "email", "plan_name", "current_month_start", "current_month_end")
    for chunk in CHUNKS[::4]:
        numbers = {"tasks_left": -(2**60), "tasks_max": 2**60, "tasks_used": 0}
        upstream[0].workspace_answer = (dict.fromkeys(told, chunk) | numbers, 200)
        watched.open(f"/workflows/{LAUNCHED}/")


def test_what_was_launched_lately_and_by_whom(watched, upstream):
    upstream[0].launch_answer = ({"job_uid": "j-final"}, 200)
    watched.open(f"/workflows/{LAUNCHED}/")
    launch(watched)
    payload = json.dumps({"inputs": [{"name": "Ada"}], "steps": []}).encode()
    for start in range(0, len(SOME), 3):
        some = SOME[start : start + 3]
        for text in some:
            by = make_person(watched.playground, text)
            row = {"workflow_uid": LAUNCHED, "payload": payload, "row_count": 1, "user_id": by}
            # Of what went to others nothing is said here.
            row |= {"upstream": upstream[1]}
            at = {"created_at": "9000-01-01 00:00:00"}
            fill_ledger(watched.playground, [text], **row, **at, is_repeating=1)
        watched.open(f"/workflows/{LAUNCHED}/")
        watched.page.fill("[name=job_name]", oneline(some[0]))
        watched.page.fill("[name='inputs-0-name']", "Ada")
        watched.page.wait_for_selector("#issues >> text=launched as")
        watched.look()
        watched.check_shown("#launch-preflight #issues", beginnings(some, 30))


def test_reasons_for_launching_what_is_stopped(watched):
    for chunk in CHUNKS[::5]:
        watched.open("/workflows/wf-no-account/")
        watched.page.fill("#override-reason", oneline(chunk)[:500])

        with watched.page.expect_event("load"):
            watched.page.eval_on_selector(
                ".preview-button", "button => button.form.requestSubmit(button)"
            )
        watched.look()
        shown = watched.page.locator("#override-reason").input_value()
        launch(watched)
        watched.look()

        assert shown == oneline(chunk)[:500]
        watched.open(f"/launches/{newest_launch(watched.playground)}/")
        watched.check_shown("main .notice.warning", [oneline(chunk)[:500].strip()])


def test_trials_of_hostile_launches(watched):
    for where in ("upstream", "sandbox"):
        for chunk in CHUNKS[::7]:
            watched.open(f"/workflows/{LAUNCHED}/")
            watched.page.fill("[name=job_name]", oneline(chunk))
            watched.page.evaluate("""() => {
              for (const one of document.querySelectorAll('details')) one.open = true;
              for (const one of document.querySelectorAll('.trial button')) one.formTarget = '';
            }""")
            watched.page.fill("#trial-rows", oneline(chunk))

            submit(watched, f".trial button[value={where}]")

            assert watched.page.locator("[name=job_name]").count() == 1


def ask_for_users_anew(watched: Watched) -> None:
    """They are kept for a minute, unless one was changed."""
    watched.open("/users/new/")
    watched.page.fill("#full_name", "Ada")
    submit(watched, "#user-form .primary")


def submit(watched: Watched, selector: str) -> None:
    with watched.page.expect_event("load"):
        watched.page.click(selector)
    watched.look()


def make_person(playground: Playground, name: str) -> int:
    """Somebody of a name that no form would take."""
    with closing(sqlite3.connect(playground.data_dir / "playground.sqlite3")) as database:
        cursor = database.execute("SELECT * FROM auth_user LIMIT 1")
        columns = [column[0] for column in cursor.description]
        row = dict(zip(columns, cursor.fetchone(), strict=True)) | {"username": name}
        del row["id"]
        places = ", ".join(f":{column}" for column in row)
        made = database.execute(
            f"INSERT INTO auth_user ({', '.join(row)}) VALUES ({places})",  # noqa: S608
            row,
        )
        database.commit()
        assert made.lastrowid
        return made.lastrowid
