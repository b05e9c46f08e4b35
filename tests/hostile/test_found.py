"""What attacks have found, each kept as the request that found it."""

from __future__ import annotations

import gc
import json
import re
import threading
import weakref
from datetime import timedelta
from urllib.parse import unquote, urljoin

import httpx
import pytest
from django.contrib.sessions.models import Session
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone

from playground.credentials.kinds import needs_of
from playground.credentials.pasting import read_pasted
from playground.models import Launch, LaunchState
from playground.payload.edit import reading
from playground.redaction.echoes import EchoHider
from playground.services.jobs import looks
from playground.services.launches import preflight
from playground.services.upstream_cache.cache import FreshnessCache
from playground.services.upstream_cache.calls import UnableToReachUpstream
from playground.services.upstream_cache.parallel import gather, in_thread
from playground.services.workflows import lookup as workflow_lookup
from playground.wsgi import application
from tests.hostile.conftest import PASSWORD
from tests.hostile.test_answers import OneBadAnswer
from tests.upstreams import upstream


def test_relaunch_of_a_launch_that_is_not_there_is_not_found(client, things):
    response = client.get(f"/workflows/{things['workflow_uid']}/", {"launch": "999999"})

    assert response.status_code == 404
    assert "<h1>Nothing here</h1>" in response.content.decode()


def test_page_that_only_begins_as_a_number_is_the_first_page(client):
    for text in ("123456789abc", "9" * 5_000, "²", "-1"):
        assert client.get("/launches/", {"page": text}).status_code == 200


def test_recorded_payload_can_be_asked_for_its_head(client, things):
    response = client.head(f"/launches/{things['launch']}/payload.json")

    assert (response.status_code, response["Content-Type"]) == (200, "application/json")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("charset", ["undefined", "hex", "idna", "punycode", "utf-16", "utf-8"])
def test_charset_that_a_request_names_is_of_no_account(charset):
    environ = RequestFactory()._base_environ(
        PATH_INFO="/workflows/",
        QUERY_STRING="q=%41&page=%ff",
        CONTENT_TYPE=f"text/plain; Charset={charset}",
    )
    statuses = []

    application(environ, lambda status, _: statuses.append(status))

    assert statuses == ["302 Found"]


def test_address_of_a_form_opened_as_a_page_says_so(client, things):
    response = client.get(f"/workflows/{things['workflow_uid']}/launch/edit/")

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "This address only takes a form." in response.content.decode()


def test_client_of_the_sandbox_that_names_another_host_gets_json(client):
    response = client.get("/sandbox/v3/workflows", headers={"Host": "evil.example"})

    assert (response.status_code, response["Content-Type"]) == (400, "application/json")
    assert response.json() == {
        "message": "The request cannot be read: look at its Host header and its length."
    }


def test_refusals_of_the_frame_carry_the_policy(client):
    bad_host = client.get("/workflows/", headers={"Host": "evil.example"})
    from_elsewhere = client.get("/workflows/", REMOTE_ADDR="192.0.2.1")

    assert (bad_host.status_code, from_elsewhere.status_code) == (400, 403)
    for response in (bad_host, from_elsewhere):
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/password/"])
def test_methods_that_mean_nothing_are_refused(client, settings, person, path):
    settings.SIGN_IN = "password"
    if path != "/sign-in/":
        client.force_login(person)

    for method in ("PUT", "DELETE", "PATCH"):
        assert client.generic(method, path).status_code == 405


def test_names_of_nothing_leave_nothing_in_memory(client):
    for number in range(20):
        client.get(f"/workflows/nothing-{number}/")
        client.get(f"/jobs/nothing-{number}/")

    kept = [
        key
        for cache in (workflow_lookup._workflows, looks._looks)
        for keys in (cache._values, cache._failures, cache._flights)
        for key in keys
    ]
    assert [key for key in kept if "nothing" in key] == []


def test_failure_that_is_remembered_keeps_no_request_alive():
    cache: FreshnessCache[object] = FreshnessCache(failures_kept=60, scope=str)

    def ask() -> weakref.ref[Kept]:
        request = Kept()
        with pytest.raises(UnableToReachUpstream, match="No answer"):
            cache.get("plan", fail, max_age=None)
        return weakref.ref(request)

    requests = [ask() for _ in range(3)]
    gc.collect()

    assert [request() for request in requests] == [None, None, None]


def test_without_threads_answers_are_fetched_all_the_same(monkeypatch, settings):
    settings.UPSTREAM_IS_SANDBOX = False
    monkeypatch.setattr(threading.Thread, "start", refuse_to_start)
    cache: FreshnessCache[str] = FreshnessCache()

    flight = cache.start("plan", lambda: "answer", max_age=None, run=in_thread)
    gathered = gather({"a": lambda: 1, "b": lambda: 2}, seconds=1)

    assert flight.result(timeout=0).value == "answer"
    assert gathered.answers == {"a": 1, "b": 2}


def refuse_to_start(_: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


class Kept:
    """Something large."""


def fail() -> object:
    raise UnableToReachUpstream("No answer.", status=503)


def test_lost_launch_is_shown_as_lost_without_being_written(client, things):
    long_ago = timezone.now() - timedelta(minutes=5)
    Launch.objects.update(state=LaunchState.SENDING, job_uid="", sent_at=long_ago)

    page = client.get(f"/launches/{things['launch']}/").content.decode()
    lists = {
        state: things["job_name"] in client.get("/launches/", {"state": state}).content.decode()
        for state in ("", "sending", "unknown")
    }

    assert "It is being looked for in the upstream" in page
    assert lists == {"": True, "sending": False, "unknown": True}
    assert Launch.objects.get().state == LaunchState.SENDING


def test_form_of_an_unreachable_launch_can_be_changed_and_launched(client, things):
    Launch.objects.update(state=LaunchState.UNREACHABLE, job_uid="")
    token = str(Launch.objects.get().launch_token)
    address = f"/workflows/{things['workflow_uid']}/launch/"
    changed = {"launch_token": token, "job_name": "Changed", "override_reason": "a test"}
    (row,) = json.loads(bytes(Launch.objects.get().payload))["inputs"]
    changed |= {f"inputs-0-{key}": text for key, text in row.items()}

    refused = client.post(address, changed)
    new_token = re.search(r'name="launch_token" value="([^"]+)"', refused.content.decode())[1]
    client.post(address, changed | {"launch_token": new_token})

    assert (refused.status_code, new_token == token) == (422, False)
    assert Launch.objects.filter(launch_token=new_token, job_name="Changed").count() == 1


@pytest.mark.parametrize("blank", [" ", "\x0b", "\u3000"])
def test_blanks_inside_a_pasted_cookie_do_not_take_for_ever(blank):
    """Once each blank was looked at from every other. `tests.benchmarks.texts` says how long."""
    text = "li_at=a" + blank * 400_000 + "b"

    pasted = read_pasted(text, needs_of("linkedin", []), "linkedin")

    assert pasted.values == {"li_at": text.removeprefix("li_at=")}


def test_preflight_says_while_it_does_not_know_yet_which_limits_count(client, settings, person):
    settings.UPSTREAM_IS_SANDBOX = False
    let_go = threading.Event()
    slow = SlowListing(let_go)

    with upstream(slow):
        workflow = workflow_lookup.get_workflow("w-1")
        draft = reading.default_draft(workflow)
        early = preflight.check_launch(person, workflow, draft, now=timezone.now(), patience=1)
        let_go.set()
        workflow_lookup.list_workflows()
        late = preflight.check_launch(person, workflow, draft, now=timezone.now(), patience=1)

    def left(check: preflight.Check) -> list[int | None]:
        step, accounts = workflow.steps[0], check.accounts.by_integration["hubspot"]
        found = [check.capacity_for(step, account) for account in accounts]
        return [one and one.left_today for one in found]

    assert (early.is_complete, left(early)) == (False, [None])
    assert late.is_complete
    assert None not in left(late)


class SlowListing(OneBadAnswer):
    """Only the list of workflows, which tells their templates, waits."""

    def __init__(self, let_go: threading.Event) -> None:
        super().__init__("nothing", b"")
        self.let_go = let_go

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/workflows"):
            self.let_go.wait(60)
        return super().handle_request(request)


def test_lost_launch_is_given_up_and_looked_for_by_hand(client, things, monkeypatch):
    Launch.objects.update(state=LaunchState.SENDING, job_uid="")
    later = timezone.now() + timedelta(minutes=5)
    monkeypatch.setattr(timezone, "now", lambda: later)

    client.post(f"/launches/{things['launch']}/search/")

    found = Launch.objects.get()
    assert (found.state, found.job_uid) == (LaunchState.LAUNCHED, things["job_uid"])


@pytest.mark.parametrize("uid", ["a/b", "", ".", "..", "%2F", "%", "50%", "a b", "ü", "?b#c", "\n"])
def test_identifier_of_any_characters_has_an_address(uid):
    address = reverse("job-status", args=[uid])

    path = unquote(urljoin("http://localhost/", address).partition("localhost")[2])
    assert urljoin("http://localhost/x/", address) == f"http://localhost{address}"
    assert resolve(path).kwargs == {"job_uid": uid}


def test_job_whose_identifier_holds_a_slash_is_followed_after_its_launch(client, things):
    Launch.objects.update(job_uid="a/b")

    page = client.get(f"/launches/{things['launch']}/").content.decode()

    assert 'href="/jobs/a%252Fb/"' in page


def test_key_that_the_upstream_repeats_in_an_answer_is_hidden():
    hider = EchoHider(["key/with'<odd>&\"signs", "project-0001", "1", "12345678"])
    body = b"""{"a": "KEY/with'<odd>&\\"signs", "b": "key\\/with'<odd>&\\"signs", "c": 12345678,
        "d": "key/with\\u0027\\u003Codd\\u003e\\u0026\\"signs", "e": ["Project-0001", 1]}"""

    shown = json.loads(hider.hide(body))

    hidden = "[hidden]"
    assert shown == {"a": hidden, "b": hidden, "c": 12345678, "d": hidden, "e": [hidden, 1]}


def test_older_browsers_are_told_not_to_frame_a_page(client):
    assert client.get("/launches/")["X-Frame-Options"] == "DENY"


def test_page_that_says_a_static_file_is_missing_is_not_kept(client):
    response = client.get("/static/nothing.css")

    assert (response.status_code, response["Cache-Control"]) == (404, "no-store")


def test_session_cookie_is_not_in_the_database(with_password, client, settings, things):
    entered = {"username": "ada", "password": PASSWORD}
    client.post("/sign-in/", entered)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value

    stored = list(Session.objects.values_list("session_key", flat=True))
    seen = client.get("/launches/").status_code
    client.cookies[settings.SESSION_COOKIE_NAME] = stored[0]
    by_stored_key = client.get("/launches/").status_code
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    client.post("/sign-out/")

    assert (len(stored), cookie in stored) == (1, False)
    assert (seen, by_stored_key) == (200, 302)
    assert Session.objects.count() == 0


def test_session_cookie_with_nul_is_a_stranger(with_password, client, settings):
    client.cookies.load(f'{settings.SESSION_COOKIE_NAME}="\\000\\001abcdefghijk"')

    assert client.get("/launches/").status_code == 302
