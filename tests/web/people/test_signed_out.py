"""A session that ends while a page is open: what is told, and what becomes of what was typed."""

from __future__ import annotations

import html
import json
import re

import httpx
import pytest
from django.contrib.auth.models import User
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from tests.web.conftest import ADDRESS, VALID
from tests.web.html_forms import posted_fields

HTMX = {"HX-Request": "true"}
OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def person(db, settings):
    settings.SIGN_IN = "password"
    return User.objects.create_user("ada", password="ada")


@pytest.fixture
def client(person, hosted):
    client = Client()
    client.force_login(person)
    return client


def filled_in(client, address, form_id, **changes):
    """The form's fields as they would be posted, with `changes`."""
    fields = dict(posted_fields(client.get(address).content.decode(), form_id))
    return fields | changes


def sign_in(client, page):
    """With the form of the page that a posted form got."""
    entered = dict(posted_fields(page.content.decode(), "sign-in-form"))
    return client.post("/sign-in/", entered | {"username": "ada", "password": "ada"})


def go_on(client, page):
    """With the one button of the page that passes on what was typed."""
    form = LexborHTMLParser(page.content).css_first("#go-on")
    entered = dict(posted_fields(page.content.decode(), "go-on"))
    return client.post(form.attributes["action"], entered)


def test_launch_of_somebody_who_was_signed_out_is_back_in_the_form_and_not_sent(
    client, hosted, settings
):
    settings.SIGN_IN = "local"
    fields = filled_in(client, ADDRESS, "launch-form")
    settings.SIGN_IN = "password"
    fields |= {"job_name": "Zoë's <b>job</b>", "inputs-0-first_name": "Ada", "pasted": "{"}
    client.logout()

    refused = client.post(f"{ADDRESS}launch/", fields)
    back = go_on(client, sign_in(client, refused))

    assert refused.status_code == 401
    assert "nothing was sent" in refused.content.decode()
    shown = dict(posted_fields(back.content.decode(), "launch-form"))
    kept = ("job_name", "inputs-0-first_name", "launch_token", "pasted")
    assert [shown[name] for name in kept] == [fields[name] for name in kept]
    assert hosted.launches == []


@pytest.mark.parametrize(
    ("address", "form_id", "typed"),
    [
        ("/users/new/", "user-form", {"email": "zoe@acme.example", "full_name": "Zoë O'Brien"}),
        ("/reference/list_jobs/try/", "try-form", {"query-page": "7"}),
        ("/accounts/hubspot/new/", "account-form", {"name": "Sales", "user_uid": "u-1"}),
    ],
)
def test_other_forms_come_back_as_they_were_typed(client, address, form_id, typed):
    fields = filled_in(client, address, form_id, **typed)
    client.logout()

    back = go_on(client, sign_in(client, client.post(address, fields)))

    shown = dict(posted_fields(back.content.decode(), form_id))
    assert {name: shown[name] for name in typed} == typed


def test_no_page_holds_the_credentials_that_were_typed(client):
    fields = filled_in(client, "/accounts/hubspot/new/", "account-form", name="Sales")
    secrets = {"api_key": "secret-1", "password": "secret-2", "cookie-li_at": "secret-3"}
    client.logout()

    refused = client.post("/accounts/hubspot/new/", fields | secrets | {"pasted": "secret-4"})
    kept = json.dumps([[name, text] for name, text in secrets.items()])
    forged = client.post(
        "/sign-in/",
        {"username": "ada", "password": "ada", "kept": kept, "kept_for": "/accounts/hubspot/new/"},
    )

    assert refused.status_code == 401
    assert "secret-" not in refused.content.decode() + forged.content.decode()


def test_a_wrong_password_costs_nothing_of_what_was_typed(client):
    fields = filled_in(client, "/users/new/", "user-form", full_name="Kept")
    client.logout()
    refused = client.post("/users/new/", fields)
    entered = dict(posted_fields(refused.content.decode(), "sign-in-form"))

    wrong = client.post("/sign-in/", entered | {"username": "ada", "password": "guess"})
    back = go_on(client, sign_in(client, wrong))

    assert dict(posted_fields(back.content.decode(), "user-form"))["full_name"] == "Kept"


def test_somebody_who_signed_in_in_another_tab_goes_on_from_the_old_one(client, person):
    fields = filled_in(client, "/users/new/", "user-form", full_name="Kept")
    client.logout()
    refused = client.post("/users/new/", fields)
    client.force_login(person)

    back = go_on(client, sign_in(client, refused))

    assert dict(posted_fields(back.content.decode(), "user-form"))["full_name"] == "Kept"


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        (f"{ADDRESS}launch/", ADDRESS),
        (f"{ADDRESS}launch/preview/?a=b", ADDRESS),
        ("/jobs/j-1/retry/", "/jobs/j-1/"),
        ("/launches/7/decide/", "/launches/7/"),
        ("/accounts/check/", "/accounts/"),
        ("/launches/?q=a", "/launches/?q=a"),
    ],
)
def test_signing_in_leads_to_the_page_of_a_form(person, client, asked, page):
    client.logout()
    entered = {"username": "ada", "password": "ada", "next": asked}

    assert client.post("/sign-in/", entered)["Location"] == page


@pytest.mark.parametrize("kept", ["{", "[", "{}", '["a"]', '[["a"]]', "[[1, 2]]", "[" * 100_000])
def test_what_nobody_typed_leads_to_the_page(client, kept):
    client.logout()
    entered = {"username": "ada", "password": "ada", "kept": kept, "kept_for": f"{ADDRESS}launch/"}

    assert client.post("/sign-in/", entered).status_code == 302


@pytest.mark.parametrize("place", ["//evil.example/", "https://evil.example/", "/password/", "/x/"])
def test_what_was_kept_goes_to_forms_of_ours_only(client, place):
    client.logout()
    entered = {"username": "ada", "password": "ada", "kept": '[["a", "b"]]', "kept_for": place}

    assert client.post("/sign-in/", entered).status_code == 302


def test_open_page_is_told_for_whom_it_would_act_and_gets_a_token_that_works(person, client):
    strict = Client(enforce_csrf_checks=True)
    nobody = strict.get("/session/").json()
    strict.force_login(person)

    known = strict.get("/session/").json()
    refused = strict.post("/accounts/check/", headers={"X-CSRFToken": "a" * 64})
    taken = strict.post("/accounts/check/", headers={"X-CSRFToken": known["token"]})

    assert (nobody["person"], known["person"]) == ("", str(person.pk))
    assert (refused.status_code, taken.status_code) == (403, 303)


def test_old_form_of_our_own_comes_back_with_what_was_typed(person):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    fields = filled_in(strict, "/users/new/", "user-form", full_name="Kept")
    old = fields | {"csrfmiddlewaretoken": "a" * 64}

    refused = strict.post("/users/new/", old, headers=OWN)
    back = go_on(strict, refused)
    foreign = strict.post("/users/new/", old, headers={"Sec-Fetch-Site": "cross-site"})

    assert (refused.status_code, foreign.status_code) == (403, 403)
    assert dict(posted_fields(back.content.decode(), "user-form"))["full_name"] == "Kept"
    assert "Kept" not in foreign.content.decode()


def told(response):
    return response.status_code, response["Content-Type"], response.content.decode()


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/no-such-page/", 404, "not there any more"),
        ("/jobs/a%00b/status/", 404, "Not here"),
        ("/workflows/no-such/glance/", 404, "No such workflow."),
        ("/users", 409, "Reload the page"),
        ("/accounts/check/", 405, "only takes a form"),
    ],
)
def test_refused_fragment_is_a_sentence(client, address, status, sentence):
    got, kind, text = told(client.get(address, headers=HTMX))

    assert (got, kind) == (status, "text/plain; charset=utf-8")
    assert sentence in text
    assert "<" not in text


@pytest.mark.parametrize("answer", [500, 503, 401])
def test_fragment_without_an_upstream_says_so_and_is_no_page(client, hosted, answer):
    hosted.answers["details"] = lambda _: httpx.Response(answer, json={"message": "<b>"})

    got, kind, text = told(client.get(f"{ADDRESS}glance/", headers=HTMX))

    assert (got, kind) == (503, "text/plain; charset=utf-8")
    assert text


def test_fragment_with_an_old_token_is_told_so(person):
    strict = Client(enforce_csrf_checks=True)

    got, kind, text = told(strict.post(f"{ADDRESS}launch/preview/", headers=HTMX))

    assert (got, kind) == (403, "text/plain; charset=utf-8")
    assert "security token" in text


PARTS = [
    ("post", f"{ADDRESS}launch/preview/"),
    ("post", f"{ADDRESS}launch/preflight/"),
    ("get", f"{ADDRESS}glance/"),
    ("post", "/accounts/hubspot/request/"),
]


@pytest.mark.parametrize(("method", "part"), PARTS)
def test_part_of_a_page_of_another_version_is_a_sentence_and_the_same_one_s_is_a_part(
    client, method, part
):
    """An upgrade while the page is open: its places may have other names by now."""
    page = client.get(ADDRESS).content.decode()
    own = json.loads(html.unescape(re.search(r"<body hx-headers='([^']+)'", page)[1]))
    version = own["X-Playground-Version"]
    ask = getattr(client, method)

    same = ask(part, headers=HTMX | {"X-Playground-Version": version})
    got, kind, text = told(ask(part, headers=HTMX | {"X-Playground-Version": "0" * 8}))
    whole_page = client.get(ADDRESS, headers={"X-Playground-Version": "0" * 8})

    assert (same.status_code, whole_page.status_code) == (200, 200)
    assert (got, kind) == (409, "text/plain; charset=utf-8")
    assert "another version" in text
    assert "reload the page" in text


def test_fragment_that_is_too_much_is_told_so(client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    fields = {f"inputs-{number}-a": "x" for number in range(3)}

    got, _, text = told(client.post(f"{ADDRESS}launch/preview/", fields, headers=HTMX))

    assert (got, "too much" in text) == (400, True)


def test_form_that_is_too_large_to_be_kept_leads_to_the_sign_in(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    client.logout()

    answer = client.post(f"{ADDRESS}launch/", {"extra": "ö" * 4_000, "inputs-0-a": VALID})

    assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={ADDRESS}")
