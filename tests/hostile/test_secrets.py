"""What must stay secret is nowhere after a whole run: not in files, logs, pages or downloads.

The upstream of the run repeats every header that it was sent, in every kind of answer.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx
import pytest

from tests.environment import PROJECT, without_variables
from tests.hostile.hostile_server import Asked, Said, said, serving
from tests.playgrounds import Playground, Starter

SECRETS = {
    "UPSTREAM_API_KEY": "canary-Upstream/Key<1>&'7f3c",
    "UPSTREAM_PROJECT_ID": "canary-0b7e-project",
    "SECRET_KEY": "canary-secret-key-" + "k9" * 30,
    "SANDBOX_API_KEY": "canary-sandbox-key-41ab",
    "password": "canary Password of a person",
    "mistyped password": "canary Pasword of a person",
    "new password": "canary Password, another one",
    "li_at": "canary-li-at-AQEDAT",
    "li_a": "canary-li-a-AQJ2",
    "api_key": "canary-account-key-9911",
    "username": "canary-username@example.com",
    "account password": "canary-account-password",
    "refused cookie": "canary-refused-cookie",
    "refused key": "canary-refused-key",
    "wrong sandbox key": "canary-wrong-sandbox-key",
}
VARIABLES = ("UPSTREAM_API_KEY", "UPSTREAM_PROJECT_ID", "SECRET_KEY", "SANDBOX_API_KEY")
# What becomes of a launch of each workflow; the same answer is given to its other calls.
WAYS = ("kept", "401", "429", "500", "html-200", "html-401", "html-500", "not-json", "no-uid")
SLOW = "slow"


def echo(asked: Asked) -> str:
    """All that the upstream was told, once more."""
    return " ".join(f"{name}: {value}" for name, value in asked.headers.items())


class EchoingUpstream:
    """Repeats the credentials, whatever it is asked. Counts how often it could."""

    def __init__(self) -> None:
        self.echoes = 0

    def answer(self, asked: Asked) -> Said:
        repeated = echo(asked)
        assert SECRETS["UPSTREAM_API_KEY"] in repeated
        self.echoes += 1
        found = re.fullmatch(r"/v3/(workflows|jobs)/([^/]+)(/.*)?", asked.path)
        way = found[2].removeprefix("job-") if found else "kept"
        if way == SLOW and asked.path.endswith("/schedule"):
            time.sleep(16)
        is_form = asked.path.endswith("/details") and not way.startswith("broken-")
        made = None if is_form else self._refusal(way.removeprefix("broken-"), repeated)
        return self._with_headers(made or said(self._value(asked, repeated)), repeated)

    def _with_headers(self, made: Said, repeated: str) -> Said:
        return Said(
            body=made.body,
            status=made.status,
            kind=made.kind,
            headers={"X-Echo": repeated, "Set-Cookie": f"echo={SECRETS['UPSTREAM_API_KEY']}"},
        )

    def _refusal(self, way: str, repeated: str) -> Said | None:
        page = f"<!doctype html><title>Trouble</title><pre>{repeated}</pre>".encode()
        if way.startswith("html-"):
            return Said(body=page, status=int(way[5:]), kind="text/html")
        if way.isdecimal():
            padding = "x" * 470  # The key stands where a long sentence is cut.
            return said({"message": f"You sent {repeated}", "error": padding + repeated}, int(way))
        if way == "not-json":
            return Said(body=f'{{"message": {repeated}'.encode())
        return said({"message": repeated, repeated: repeated}) if way == "no-uid" else None

    def _value(self, asked: Asked, said_before: str) -> object:
        ending = asked.path.rpartition("/")[2]
        if ending == "workflows":
            return [{"uid": way, "name": f"{way} {said_before}"} for way in WAYS]
        if ending == "details":
            return workflow(asked.path.split("/")[3], said_before)
        if ending == "accounts":
            return {"accounts": [account(said_before)], "next_page_exist": False}
        if ending == "users":
            return {"users": [user(said_before)], "nbr_users": 1, "pages": 1}
        if ending == "workspace":
            return dict.fromkeys(("name", "email", "plan_name"), said_before) | {
                "current_month_start": said_before,
                "current_month_end": said_before,
                "tasks_left": 0,
            }
        if ending == "schedule":
            return {"job_uid": "job-kept", "message": said_before}
        if ending == "jobs":
            return [job("job-part", said_before) | {"main_job_uid": "job-kept"}]
        if ending == "results":
            return {"results": [{said_before: said_before, "all": [{"deep": said_before}]}]}
        return job(asked.path.split("/")[3], said_before)


def workflow(uid: str, text: str) -> dict[str, object]:
    step = {
        "step_uid": "s-1",
        "step_name": text,
        "integrations": ["hubspot"],
        "input_schema": {"name": {"help": text, "variations": [text]}},
        "parameters_schema": {"properties": {"most": text}},
        "output_schema": [text],
    }
    return {"uid": uid, "name": f"{uid} {text}", "steps": [step]}


def account(text: str) -> dict[str, object]:
    told = dict.fromkeys(("name", "level", "setup_at", "application_name"), text)
    limit = {"limit_name": text, "permalink": text, "item_scraped": 1, "limit_value": 2}
    kept = {"uid": "a-1", "cookies": {text: text}, "meta": {text: text}, "is_valid": True}
    return told | kept | {"limits": [limit | {"templates": [text]}]}


def user(text: str) -> dict[str, object]:
    told = dict.fromkeys(("email", "first_name", "full_name", "country"), text)
    return told | {"uid": "u-1", "accounts": [{"uid": "a-1", "application_permalink": "hubspot"}]}


def job(uid: str, text: str) -> dict[str, object]:
    return {
        "uid": uid,
        "name": text,
        "status": "finished",
        "error_message": text,
        "workflow_uid": "kept",
        "step_uid": "s-1",
        "configuration": {text: text},
        "accounts": [text],
    }


@dataclass
class Visitor:
    """Somebody's browser, which remembers everything that it was shown."""

    client: httpx.Client
    seen: list[tuple[str, str]] = field(default_factory=list)

    def get(self, path: str) -> httpx.Response:
        return self._kept(self.client.get(path))

    def post(self, path: str, **fields: str) -> httpx.Response:
        tokens = (value for name, value in self.client.cookies.items() if "-csrf-" in name)
        token = next(tokens, "")
        data = {"csrfmiddlewaretoken": token, "change_token": str(uuid.uuid4())} | fields
        return self._kept(self.client.post(path, data=data))

    def call(self, method: str, path: str, **options: object) -> httpx.Response:
        return self._kept(self.client.request(method, path, **options))

    def _kept(self, response: httpx.Response) -> httpx.Response:
        headers = "\n".join(
            f"{name}: {value}"
            for name, value in response.headers.multi_items()
            if name != "set-cookie"
        )
        place = f"{response.request.method} {response.request.url.path} {response.status_code}"
        self.seen.append((place, f"{headers}\n{response.text}"))
        return response


@pytest.fixture(scope="module")
def run(shared_playgrounds: Starter) -> dict[str, object]:
    """A whole run, ended: its playground, what was shown, and the secrets."""
    upstream = EchoingUpstream()
    with serving(upstream.answer) as address:
        playground = shared_playgrounds.start(
            UPSTREAM_URL=f"{address}/v3",
            PLAYGROUND_SIGN_IN="password",
            DJANGO_SETTINGS_MODULE="tests.hostile.debug_settings",
            **{name: SECRETS[name] for name in VARIABLES},
        )
        make_person(playground)
        with httpx.Client(base_url=playground.url, timeout=60) as client:
            visitor = Visitor(client)
            cookies = use_everything(visitor)
    shared_playgrounds.started.remove(playground)
    assert playground.stop() == 0
    return {
        "playground": playground,
        "seen": visitor.seen,
        "secrets": SECRETS | cookies,
        "echoes": upstream.echoes,
    }


def make_person(playground: Playground) -> None:
    database = f"sqlite:///{playground.data_dir}/playground.sqlite3"
    command = [sys.executable, str(PROJECT / "manage.py"), "createsuperuser", "--noinput"]
    subprocess.run(
        [*command, "--username", "ada", "--email", "ada@example.com"],
        env=without_variables(os.environ)
        | {
            "DATA_DIR": str(playground.data_dir),
            "DATABASE_URL": database,
            "UPSTREAM_URL": "",
            "DJANGO_SUPERUSER_PASSWORD": SECRETS["password"],
        },
        check=True,
        capture_output=True,
    )


def use_everything(visitor: Visitor) -> dict[str, str]:
    """Signs in, launches every workflow, looks at everything. The cookies that were given."""
    visitor.get("/sign-in/")
    visitor.post("/sign-in/", username="ada", password=SECRETS["mistyped password"])
    visitor.post("/sign-in/", username="ada", password=SECRETS["password"])
    cookies = dict(visitor.client.cookies)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(launch, Visitor(visitor.client, visitor.seen), SLOW)
        for way in WAYS:
            launch(visitor, way)
        look_around(visitor)
        try_everything(visitor)
        use_the_sandbox(visitor)
        slow.result()
    change_the_password(visitor)
    visitor.get("/launches/")
    cookies |= {f"later {name}": value for name, value in visitor.client.cookies.items()}
    visitor.post("/sign-out/")
    kinds = [re.sub(r"playground-|-[0-9a-f]{8}$", "", name) for name in cookies]
    assert sorted(kinds) == ["csrf", "later csrf", "later session", "session"]
    return cookies


def launch(visitor: Visitor, way: str) -> None:
    page = visitor.get(f"/workflows/{way}/")
    token = re.search(r'name="launch_token" value="([^"]+)"', page.text)
    assert token, page.text
    fields = {
        "launch_token": token[1],
        "job_name": f"Launch {way}",
        "inputs-0-name": "Ada",
        "steps-s-1-accounts": "a-1",
        "override_reason": "The upstream is out of its mind",
    }
    for ending in ("preview/", "preflight/", "trial/", "payload.json", "edit/", ""):
        visitor.post(f"/workflows/{way}/launch/{ending}", **fields)
    visitor.get(f"/workflows/{way}/jobs/")


def look_around(visitor: Visitor) -> None:
    for path in ("/", "/workflows/", "/workflows/?q=canary", "/launches/", "/launches/?q=canary"):
        visitor.get(path)
    for way in WAYS:
        visitor.get(f"/workflows/broken-{way}/")
        visitor.get(f"/workflows/{way}/glance/")
        for ending in ("", "?step=s-1", "status/", "results/"):
            visitor.get(f"/jobs/job-{way}/{ending}")
        visitor.post(f"/jobs/job-{way}/cancel/")
        visitor.get("/workflows/")
    for number in range(1, len(WAYS) + 2):
        visitor.get(f"/launches/{number}/")
        visitor.get(f"/launches/{number}/payload.json")
        visitor.post(f"/launches/{number}/search/")
    visitor.get("/workflows/kept/?launch=1")
    look_at_accounts(visitor)
    visitor.get("/nothing/")
    visitor.call("GET", "/workflows/", headers={"Host": "evil.example"})
    for path in ("", "auth/user/", "auth/user/1/change/", "django_tasks_database/dbtaskresult/"):
        visitor.get(f"/admin/{path}")


def look_at_accounts(visitor: Visitor) -> None:
    address = "/accounts/hubspot/a-1/"
    for path in ("/accounts/", "/accounts/?q=canary", address, f"{address}edit/"):
        visitor.get(path)
    visitor.post("/accounts/hubspot/new/", name="Ada's", kind="api-key", api_key="k")
    visitor.post(f"{address}checkpoint/", code="123456")
    visitor.post("/accounts/check/", integration="hubspot", account="a-1")
    for path in ("/users/", "/users/?q=canary", "/users/u-1/", "/users/new/"):
        visitor.get(path)
    visitor.post("/users/u-1/", full_name="Ada", country="FR")
    for path in ("/trial/workflows/", "/trial/accounts/", "/trial/users/", "/trial/launches/"):
        visitor.get(path)


def try_everything(visitor: Visitor) -> None:
    calls = [
        ("list_users", {}),
        ("get_workspace", {}),
        ("list_accounts", {"integration": "hubspot"}),
    ]
    for way in WAYS:
        calls.append(("get_workflow", {"workflow_uid": way}))
        calls.append(("cancel_job", {"job_uid": f"job-{way}"}))
    for operation, values in calls:
        fields = {f"path-{name}": value for name, value in values.items()}
        fields |= {"token": str(uuid.uuid4()), "confirmed": "1"}
        visitor.post(f"/reference/{operation}/try/request/", **fields)
        sent = visitor.post(f"/reference/{operation}/try/", **fields)
        assert "/reference/tries/" in str(sent.url) + sent.headers.get("Location", ""), sent.text
    for number in range(1, len(calls) + 1):
        page = visitor.get(f"/reference/tries/{number}/")
        assert "[hidden]" in page.text
        visitor.get(f"/reference/tries/{number}/answer")
        visitor.get(f"/reference/cancel_job/try/?again={number}")
    secret = {"account": {"cookies": {"li_at": SECRETS["refused cookie"]}}}
    visitor.post("/reference/save_account/try/", body=json.dumps(secret), confirmed="1")
    visitor.get("/reference/tries/")


def use_the_sandbox(visitor: Visitor) -> None:
    accounts = {
        "linkedin": {"cookies": {"li_at": SECRETS["li_at"], "li_a": SECRETS["li_a"]}},
        "hubspot": {"api_key": SECRETS["api_key"]},
        "google": {"username": SECRETS["username"], "password": SECRETS["account password"]},
    }
    refused = {
        "linkedin": {"cookies": {"li_a": SECRETS["refused cookie"]}},
        "hubspot": {"api_key": [SECRETS["refused key"]]},
        "nothing": {"api_key": SECRETS["refused key"], "cookies": {SECRETS["refused cookie"]: 1}},
    }
    right = {"Authorization": f"x-api-key {SECRETS['SANDBOX_API_KEY']}"}
    right["x-project-id"] = "5a9db0c0-0000-4000-8000-000000000001"
    wrong = right | {"Authorization": f"x-api-key {SECRETS['wrong sandbox key']}"}
    saved = []
    for headers in (wrong, right):
        for sent in (accounts, refused):
            for slug, account in sent.items():
                path = f"/sandbox/v3/integrations/{slug}/accounts"
                body = {"account": {"name": "Ada's"} | account}
                answer = visitor.call("POST", path, headers=headers, json=body)
                saved.append(answer.status_code)
                visitor.call("POST", path, headers=headers, content=json.dumps(body)[:-2])
                visitor.call("GET", path, headers=headers)
    assert saved.count(200) >= 2, saved


def change_the_password(visitor: Visitor) -> None:
    visitor.get("/password/")
    new = SECRETS["new password"]
    short = {"new_password1": new, "new_password2": new + "!"}
    visitor.post("/password/", old_password=SECRETS["password"], **short)
    same = {"new_password1": new, "new_password2": new}
    done = visitor.post("/password/", old_password=SECRETS["password"], **same)
    assert done.status_code == 302


def forms(secret: str) -> set[str]:
    """How a secret may be written down: as it is, in JSON, in HTML, in an address."""
    html = secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    quoted = httpx.QueryParams({"a": secret})
    return {
        secret,
        json.dumps(secret)[1:-1],
        html,
        html.replace("'", "&#x27;"),
        html.replace("'", "&#39;"),
        str(quoted)[2:],
        secret.encode().hex(),
    }


def found_in(text: str, secrets: dict[str, str]) -> list[str]:
    lowered = text.lower()
    return [
        name
        for name, secret in secrets.items()
        if any(form.lower() in lowered for form in forms(secret))
    ]


def test_upstream_repeated_the_key_again_and_again(run):
    assert run["echoes"] > 100


def test_canaries_are_found_where_they_are(run):
    for name, secret in run["secrets"].items():
        assert name in found_in(f"...{secret.upper()}...", run["secrets"])


def test_no_page_and_no_download_shows_a_secret(run):
    shown = {
        place: found for place, text in run["seen"] if (found := found_in(text, run["secrets"]))
    }

    assert shown == {}


def test_pages_show_that_something_was_hidden(run):
    hidden = [place for place, text in run["seen"] if "[hidden]" in text]

    assert len(hidden) > 50


def test_no_launch_ended_otherwise_than_it_was_meant_to(run):
    last = [text for place, text in run["seen"] if place == "GET /launches/ 200"][-1]
    # Those of their jobs are links.
    states = re.findall(r'<span class="state ([a-z-]+)">', last)
    of_jobs = re.findall(r'href="/jobs/[^"]+/"><span class="state ([a-z-]+)">', last)
    for state in of_jobs:
        states.remove(state)

    assert sorted(states) == sorted(
        ["launched", "rejected", "rejected", "rejected", *["unknown"] * 6]
    )


def test_nothing_in_the_data_folder_holds_a_secret(run):
    playground = run["playground"]

    files = [one for one in playground.data_dir.rglob("*") if one.is_file()]
    databases = {one.name for one in files if "sqlite3" in one.name}
    leaks = {
        one.name: found
        for one in files
        if not one.is_relative_to(playground.data_dir / "static")
        and (found := found_in(one.read_bytes().decode("latin-1"), run["secrets"]))
    }

    assert "playground.sqlite3" in databases
    assert leaks == {}


def test_nothing_that_was_logged_holds_a_secret(run):
    playground = run["playground"]

    assert " DEBUG " in playground.errors
    assert found_in(playground.output + playground.errors, run["secrets"]) == []
    assert "Traceback" not in playground.errors
