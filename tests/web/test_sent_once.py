"""The same form of an account or a user, sent again or many times at once, changes one thing."""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from collections import Counter

import httpx
import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from playground.models import Change
from tests.web.html_forms import posted_fields

NEW, CHECKPOINT = "/accounts/hubspot/new/", "/accounts/hubspot/a-1/checkpoint/"
NEW_USER = "/users/new/"
SECRET = "pat-of-the-form"
SUBMITS = 20
SENDING = (
    "This form is being sent at this moment, and is not sent twice. Wait a moment, then look at "
    "what came of it."
)
AGAIN = "Enter the secrets again; they are never shown."


@pytest.fixture
def made(hosted):
    """What the upstream was told to save. `hosted.answers` holds how it takes that."""
    bodies = []

    def accounts(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"accounts": [{"uid": "a-1", "name": "Jane's"}]})
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json={"uid": "a-1", "is_valid": True})

    def users(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"users": [{"uid": "u-1"}]})
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json={"user": {"uid": "u-1"}})

    def checkpoint(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json={"uid": "a-1", "is_valid": True})

    hosted.answers |= {"accounts": accounts, "users": users, "checkpoint": checkpoint}
    return bodies


def fields_of(client, address=NEW, **changes) -> dict[str, str]:
    form = "user-form" if address == NEW_USER else "account-form"
    typed = {"email": "a@b"} if address == NEW_USER else {"name": "Jane's", "api_key": SECRET}
    page = client.get(address).content.decode()
    return dict(posted_fields(page, form)) | typed | changes


def text(response, selector: str) -> str:
    found = LexborHTMLParser(response.content.decode()).css_first(selector)
    return " ".join(found.text(deep=True).split())


def told(response) -> list[str]:
    return [str(one) for one in get_messages(response.wsgi_request)]


def refusing(hosted, ending: str, answer) -> None:
    look = hosted.answers[ending]

    def refuse(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return look(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    hosted.answers[ending] = refuse


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("address", "ending", "leads_to"),
    [(NEW, "accounts", "/accounts/hubspot/a-1/"), (NEW_USER, "users", "/users/u-1/")],
)
def test_twenty_submits_at_once_add_one(hosted, made, address, ending, leads_to):
    fields = fields_of(Client(), address)
    take = hosted.answers[ending]

    def take_its_time(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            time.sleep(0.3)
        return take(request)

    hosted.answers[ending] = take_its_time
    barrier, answers = threading.Barrier(SUBMITS), []

    def submit() -> None:
        barrier.wait()
        try:
            answer = Client().post(address, fields)
            answers.append((answer.status_code, answer.headers.get("Location")))
        finally:
            connection.close()

    threads = [threading.Thread(target=submit) for _ in range(SUBMITS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    counted = Counter(answers)
    assert len(made) == 1
    assert Change.objects.count() == 1
    assert set(counted) <= {(303, leads_to), (409, None)}
    assert counted[303, leads_to] >= 1
    assert sum(counted.values()) == SUBMITS


def test_same_form_leads_to_the_account_that_was_made(client, made):
    fields = fields_of(client)
    first = client.post(NEW, fields)

    again = client.post(NEW, fields)

    assert (again.status_code, again["Location"]) == (303, first["Location"])
    at = Change.objects.get().created_at
    assert told(again)[-1] == (
        f"The account was added when this form came first, at {at:%H:%M:%S} UTC. What it holds now "
        "was not sent."
    )
    assert len(made) == 1


def test_same_form_of_an_account_that_is_not_valid_says_both(client, hosted, made):
    refusing(hosted, "accounts", httpx.Response(200, json={"uid": "a-1", "is_valid": False}))
    fields = fields_of(client)
    client.post(NEW, fields)

    first, again = told(client.post(NEW, fields))

    assert first.startswith("The account was added, but the upstream does not take")
    assert "What it holds now was not sent. But the upstream does not take" in again


def test_same_form_with_another_name_is_not_taken_for_the_first(client, made):
    fields = fields_of(client)
    client.post(NEW, fields)

    answer = client.post(NEW, fields | {"name": "Omar's", "api_key": "pat-of-omar"})

    html = answer.content.decode()
    again = dict(posted_fields(html, "account-form"))
    assert answer.status_code == 422
    assert text(answer, "#account-notice") == (
        "This form was sent before, as something else. Nothing was sent now: send it once more to "
        f"send what it holds now. {AGAIN}"
    )
    assert again["change_token"] != fields["change_token"]
    assert (again["name"], again["api_key"]) == ("Omar's", "")
    assert "pat-of-omar" not in html
    assert len(made) == 1


@pytest.mark.parametrize(
    ("answer", "status", "sentence"),
    [
        (httpx.Response(400), 422, "This form was sent before, and the upstream refused it."),
        (httpx.ConnectError("x"), 502, "This form was sent before, and did not reach the upstream"),
        (httpx.ReadTimeout("x"), 502, "This form was sent before, and it is not known whether"),
        (httpx.Response(500), 502, "This form was sent before, and it is not known whether"),
    ],
)
@pytest.mark.parametrize(("address", "ending"), [(NEW, "accounts"), (NEW_USER, "users")])
def test_same_form_is_not_sent_again_whatever_came_of_it(
    client, hosted, made, address, ending, answer, status, sentence
):
    fields = fields_of(client, address)
    refusing(hosted, ending, answer)
    first = client.post(address, fields)
    sent = [one for one in hosted.requests if one.method == "POST"]

    again = client.post(address, fields)

    form = "user-form" if address == NEW_USER else "account-form"
    token = dict(posted_fields(again.content.decode(), form))["change_token"]
    assert first.status_code == again.status_code == status
    assert text(again, "main .notice.error").startswith(sentence)
    assert token not in ("", fields["change_token"])
    assert [one for one in hosted.requests if one.method == "POST"] == sent


@pytest.mark.parametrize(("address", "ending"), [(NEW, "accounts"), (NEW_USER, "users")])
def test_lost_answer_leads_to_the_list(client, hosted, made, address, ending):
    fields = fields_of(client, address)
    refusing(hosted, ending, httpx.ReadTimeout("x"))

    answer = client.post(address, fields)

    parser = LexborHTMLParser(answer.content.decode())
    link = parser.css_first("main .notice.error a").attributes["href"]
    assert link == ("/users/" if address == NEW_USER else "/accounts/?integration=hubspot")
    assert "It is not known whether the call took effect" in text(answer, "main .notice.error")


def test_list_says_for_a_while_that_an_answer_was_lost(client, hosted, made):
    fields = fields_of(client, name="Jane's <b>")
    refusing(hosted, "accounts", httpx.ReadTimeout("x"))
    client.post(NEW, fields)

    page = client.get("/accounts/")

    assert text(page, "main .notice.warning") == (
        "It is not known whether an account of HubSpot “Jane's <b>” was added: local sent it just "
        "now, and the answer was lost. If it is not in this list, it may be added again."
    )


@pytest.mark.parametrize(
    ("address", "ending", "leads_to"),
    [(NEW, "accounts", "/accounts/"), (NEW_USER, "users", "/users/")],
)
def test_same_form_while_it_is_being_sent_says_so(client, hosted, made, address, ending, leads_to):
    fields, meanwhile = fields_of(client, address), []
    take = hosted.answers[ending]

    def take_it(request: httpx.Request) -> httpx.Response:
        meanwhile.append(Client().post(address, fields))
        return take(request)

    hosted.answers[ending] = take_it

    client.post(address, fields)

    (answer,) = meanwhile
    parser = LexborHTMLParser(answer.content.decode())
    assert answer.status_code == 409
    assert text(answer, ".lead") == SENDING
    assert parser.css_first("main a.button").attributes["href"] == leads_to
    assert SECRET not in answer.content.decode()
    assert len(made) == 1


@pytest.mark.parametrize("token", ["", "x", "0", "9" * 5_000, "\x00", None])
@pytest.mark.parametrize("address", [NEW, NEW_USER, CHECKPOINT])
def test_form_without_a_usable_token_is_not_sent(client, made, address, token):
    fields = {"code": "123456"} if address == CHECKPOINT else fields_of(client, address)
    fields["change_token"] = token
    if token is None:
        del fields["change_token"]

    answer = client.post(address, fields)

    assert answer.status_code == 422
    assert "lost its token. Nothing was sent" in answer.content.decode()
    assert made == []


def test_same_code_is_sent_once(client, made):
    fields = {"code": "123456", "change_token": str(uuid.uuid4())}
    client.post(CHECKPOINT, fields)

    answer = client.post(CHECKPOINT, fields)

    assert made == [{"code": "123456"}]
    assert answer["Location"] == "/accounts/hubspot/a-1/"
    assert told(answer)[-1].startswith("The login challenge was answered when this form came first")


def test_every_page_with_a_form_has_new_tokens(client, hosted, made):
    listed = {"uid": "a-1", "name": "Jane's", "is_valid": False}
    hosted.answers["accounts"] = lambda _: httpx.Response(200, json={"accounts": [listed]})
    addresses = ("/accounts/linkedin/a-1/", "/accounts/linkedin/a-1/edit/", NEW, NEW_USER)

    found = [
        node.attributes["value"]
        for address in (*addresses, *addresses)
        for node in LexborHTMLParser(client.get(address).content.decode()).css(
            "input[name=change_token]"
        )
    ]

    assert len(found) == len(set(found)) == 10
    assert all(uuid.UUID(token) for token in found)


def test_page_of_an_account_tells_who_changed_it(client, made):
    client.post(NEW, fields_of(client))
    client.post(CHECKPOINT, {"code": "123456", "change_token": str(uuid.uuid4())})

    page = client.get("/accounts/hubspot/a-1/")

    parser = LexborHTMLParser(page.content.decode())
    lines = [
        # How long ago is told beside it.
        re.sub(r" (just now|\d+ s ago)", "", " ".join(node.text(deep=True, separator=" ").split()))
        for node in parser.css("section:has(#changes-of) li")
    ]
    newest, oldest = (f"{one.created_at:%-d %b %Y, %H:%M:%S} UTC" for one in Change.objects.all())
    assert text(page, ".facts-list a[href='#changes-of']") == "Login challenge answered"
    assert lines == [
        f"Login challenge answered by local {newest}",
        f"Added by local {oldest} · name, API key",
    ]


def test_page_of_a_user_tells_who_changed_it(client, made):
    client.post(NEW_USER, fields_of(client, NEW_USER))

    page = client.get("/users/u-1/")

    assert text(page, "section:has(#changes-of) li").startswith("Added by local")


def test_account_that_nobody_changed_here_says_so(client, made):
    page = client.get("/accounts/hubspot/a-1/")

    assert text(page, "section:has(#changes-of) p") == (
        "None yet. What is changed elsewhere is not told."
    )
