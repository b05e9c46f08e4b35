"""The form of an operation, the question before a change, the answer, and one's own history."""

from __future__ import annotations

import json
import re

import httpx
import pytest
from django.contrib.auth.models import User
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from playground.models import ApiCall
from playground.reference.api.operations import OPERATIONS
from playground.web.api_calls import pages as api_call_pages
from tests.web.conftest import WORKFLOW_UID
from tests.web.html_forms import posted_fields

USERS = {"users": [{"uid": "u-1", "email": "<b>a@b.example"}], "nbr_users": 1}


@pytest.fixture(autouse=True)
def _answers(hosted):
    hosted.answers["users"] = lambda _: httpx.Response(200, json=USERS)
    hosted.answers["cancel"] = lambda _: httpx.Response(200, json={"message": "Stopped."})


def read(response) -> LexborHTMLParser:
    return LexborHTMLParser(response.content.decode())


def text_of(response, selector: str) -> str:
    node = read(response).css_first(selector)
    assert node is not None, f"no {selector}"
    return " ".join(node.text().split())


def fields_of(response, form="try-form") -> dict[str, str]:
    return dict(posted_fields(response.content.decode(), form))


def fill(client: Client, operation: str, query: str = "", **changes: str) -> dict[str, str]:
    """The form's fields as a browser would post them, with changes."""
    page = client.get(f"/reference/{operation}/try/{query}")
    return fields_of(page) | {name.replace("__", "-"): text for name, text in changes.items()}


def test_form_shows_what_the_operation_takes(client):
    page = client.get("/reference/list_users/try/")

    assert text_of(page, "h1") == "List users"
    assert [node.text(strip=True) for node in read(page).css("#try-fields .field > label")] == [
        "rolestring",
        "search_termstring",
        "retrieve_accountsboolean",
        "pageinteger",
    ]
    assert [one.text() for one in read(page).css("#field-query-role option")] == [
        "not sent",
        "user",
        "external",
        "admin",
        "owner",
    ]
    assert read(page).css_first("#field-query-page").attributes["placeholder"] == (
        "not sent (then 0)"
    )
    assert text_of(page, "#try-request .facts") == "GET /users ready"


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_has_a_form_and_a_preview(client, hosted, name):
    page = client.get(f"/reference/{name}/try/")
    preview = client.post(f"/reference/{name}/try/request/", fields_of(page))

    assert text_of(page, "h1") == OPERATIONS[name].title
    assert preview.status_code == 200
    assert read(preview).css_first("#payload-curl").text().startswith("curl --globoff --request ")
    assert hosted.requests == []
    assert not ApiCall.objects.exists()


@pytest.mark.parametrize("name", OPERATIONS)
def test_json_is_shown_first_and_can_be_copied_where_a_body_is_sent(client, name):
    page = read(client.get(f"/reference/{name}/try/"))

    has_body = OPERATIONS[name].body is not None
    shown = page.css_first("input[name=view][checked]").attributes["id"]
    copies = [one.attributes["data-copy"] for one in page.css(".tabs .copy")]
    assert (shown, copies) == (
        ("view-json", ["payload-json", "payload-curl"])
        if has_body
        else ("view-curl", ["payload-curl"])
    )


def test_address_fills_in_the_form(client):
    page = client.get("/reference/list_users/try/?role=boss&page=&search_term=a%26b&other=1")

    assert fields_of(page) | {"token": ""} == {
        "csrfmiddlewaretoken": fields_of(page)["csrfmiddlewaretoken"],
        "token": "",
        "query-role": "boss",
        "query-search_term": "a&b",
        "query-retrieve_accounts": "",
        "query-page": "",
        "blank-page": "1",
    }


def test_preview_follows_what_is_typed(client, hosted):
    typed = {"path-job_uid": "a/b", "body": '{"x": "<b>"}'}

    preview = client.post("/reference/retry_job/try/request/", typed)

    assert text_of(preview, ".facts") == "POST /jobs/a%2Fb/retry ready"
    assert json.loads(read(preview).css_first("#payload-json").text()) == {"x": "<b>"}
    assert "/sandbox/v3/jobs/a%2Fb/retry" in read(preview).css_first("#payload-curl").text()
    assert "key-of-the-tests" not in preview.content.decode()
    assert hosted.requests == []


def test_preview_says_what_is_missing(client):
    preview = client.post("/reference/cancel_job/try/request/", {"path-job_uid": ""})

    assert text_of(preview, ".facts") == "POST /jobs/{job_uid}/cancel 1 to fix"
    link = read(preview).css_first("#try-issues a")
    assert (link.attributes["href"], link.text()) == (
        "#field-path-job_uid",
        "Enter job_uid: it is a part of the address.",
    )


def test_sending_leads_to_the_answer_and_looking_at_it_sends_nothing(client, hosted):
    sent = client.post("/reference/list_users/try/", fill(client, "list_users", query__page="0"))
    address = sent["Location"]

    pages = [client.get(address) for _ in range(2)]

    assert (sent.status_code, address) == (303, f"/reference/tries/{ApiCall.objects.get().pk}/")
    assert [request.url.raw_path for request in hosted.requests] == [b"/v3/users?page=0"]
    page = pages[1]
    assert text_of(page, "#try-answer .facts").startswith("200 OK ")
    assert text_of(page, ".request code") == "GET /users?page=0"
    assert json.loads(read(page).css_first("#answer-text").text()) == USERS
    assert [one.text() for one in read(page).css("#answer-body .string")] == [
        '"u-1"',
        '"<b>a@b.example"',
    ]
    assert "<b>a@b" not in page.content.decode()


def test_values_of_an_answer_lead_into_other_forms(client):
    sent = client.post("/reference/list_users/try/", fill(client, "list_users"))
    page = client.get(sent["Location"])

    (uses,) = read(page).css("#answer-body .feeds")
    link = uses.css_first("a")

    assert uses.css_first("summary").attributes["aria-label"] == "use this user_uid"
    assert (link.text(), link.attributes["href"]) == (
        "Delete a user",
        "/reference/delete_user/try/?user_uid=u-1",
    )
    assert fields_of(client.get(link.attributes["href"]))["path-user_uid"] == "u-1"


def test_change_asks_first_and_is_sent_when_it_is_confirmed(client, hosted):
    typed = fill(client, "cancel_job", path__job_uid="j 1")

    question = client.post("/reference/cancel_job/try/", typed)
    confirmed = fields_of(question, "confirm-form") | {"confirmed": "1"}
    seen_before = list(hosted.requests)
    sent = client.post("/reference/cancel_job/try/", confirmed)
    again = client.post("/reference/cancel_job/try/", confirmed)

    assert text_of(question, "#try-question") == "This will stop the job on the sandbox."
    assert seen_before == []
    assert (sent.status_code, again.status_code) == (303, 303)
    assert sent["Location"] == again["Location"]
    assert [request.url.raw_path for request in hosted.requests] == [b"/v3/jobs/j%201/cancel"]


def test_question_leads_back_to_the_form_as_it_was(client):
    body = '{\n  "email": "a@b.example"\n}\n'
    question = client.post("/reference/save_user/try/", fill(client, "save_user", body=body))

    back = client.post(
        "/reference/save_user/try/", fields_of(question, "confirm-form") | {"action": "edit"}
    )

    assert back.status_code == 200
    assert fields_of(back)["body"] == body.replace("\n", "\r\n")
    assert fields_of(back)["token"] == fields_of(question, "confirm-form")["token"]


@pytest.mark.parametrize("name", [one.name for one in OPERATIONS.values() if one.changes])
def test_no_change_is_sent_without_being_confirmed(client, hosted, name):
    examples = {one.name: one.example for one in OPERATIONS[name].parameters}
    typed = fill(client, name) | {f"path-{key}": text for key, text in examples.items()}

    answer = client.post(f"/reference/{name}/try/", typed)

    assert answer.status_code in (200, 303)
    assert hosted.requests == []
    assert not ApiCall.objects.exists()


def test_every_change_that_is_sent_from_here_says_what_it_does():
    elsewhere = {"launch_workflow", "save_account", "answer_checkpoint"}
    sent = {one.name for one in OPERATIONS.values() if one.changes} - elsewhere

    assert set(api_call_pages._CONSEQUENCES) == sent


def test_form_that_cannot_be_sent_comes_back_as_it_was(client, hosted):
    typed = fill(client, "retry_job", path__job_uid="", body='{"a": <b>')

    refused = client.post("/reference/retry_job/try/", typed | {"confirmed": "1"})

    assert refused.status_code == 422
    assert fields_of(refused) == typed | {
        "csrfmiddlewaretoken": fields_of(refused)["csrfmiddlewaretoken"]
    }
    assert (
        text_of(refused, "main .notice.error") == "Nothing was sent: 2 fields need your attention."
    )
    assert text_of(refused, "#field-path-job_uid-issue") == (
        "Enter job_uid: it is a part of the address."
    )
    problem = text_of(refused, "#field-body-issue")
    assert problem.startswith("The body, line 1, column ")
    assert hosted.requests == []


def test_form_that_was_sent_with_other_values_gets_a_new_token(client, hosted):
    typed = fill(client, "list_users")
    client.post("/reference/list_users/try/", typed)

    refused = client.post("/reference/list_users/try/", typed | {"query-role": "user"})

    assert refused.status_code == 422
    assert fields_of(refused)["query-role"] == "user"
    assert fields_of(refused)["token"] != typed["token"]
    assert len(hosted.requests) == 1


@pytest.mark.parametrize("token", ["", "x", "0" * 31, "\x00"])
def test_form_without_its_token_sends_nothing(client, hosted, token):
    refused = client.post("/reference/list_users/try/", {"token": token, "query-role": "user"})

    assert refused.status_code == 400
    assert fields_of(refused)["query-role"] == "user"
    assert hosted.requests == []


def test_launch_leads_to_its_playground_with_the_body(client, hosted):
    body = '{"job_name": "From the reference", "inputs": [{"first_name": "Ada"}], "steps": []}'
    typed = fill(client, "launch_workflow", path__workflow_uid=WORKFLOW_UID, body=body)

    page = client.post("/reference/launch_workflow/try/", typed)
    form = read(page).css_first("#open-form")
    opened = client.post(
        form.attributes["action"],
        fields_of(page, "open-form") | {"action": "read-payload"},
    )

    assert opened.status_code == 200
    shown = json.loads(read(opened).css_first("#payload-json").text())
    assert shown["job_name"] == "From the reference"
    assert shown["inputs"] == [{"first_name": "Ada"}]
    assert hosted.launches == []
    assert not ApiCall.objects.exists()


@pytest.mark.parametrize(
    ("name", "typed", "address"),
    [
        ("save_account", {"path-integration": "a/b"}, "/accounts/a%252Fb/new/"),
        ("save_account", {"path-integration": ""}, "/accounts/?q="),
        ("answer_checkpoint", {"path-account_uid": "a&1"}, "/accounts/?q=a%261"),
    ],
)
def test_secrets_are_entered_elsewhere(client, hosted, name, typed, address):
    secret = {"body": '{"account": {"password": "canary"}}', "confirmed": "1"}

    page = client.get(f"/reference/{name}/try/")
    answer = client.post(f"/reference/{name}/try/", fields_of(page) | typed | secret)

    assert read(page).css_first("textarea") is None
    assert (answer.status_code, answer["Location"]) == (303, address)
    assert hosted.requests == []
    assert not ApiCall.objects.exists()


def answered(client, hosted, **answer):
    hosted.answers["users"] = lambda _: httpx.Response(**answer)
    sent = client.post("/reference/list_users/try/", fill(client, "list_users"))
    return sent["Location"], client.get(sent["Location"])


def test_refusal_says_what_it_means(client, hosted):
    _, page = answered(client, hosted, status_code=401, json={"message": "No."})

    assert text_of(page, "#try-answer .facts .error") == "401 Unauthorized"
    assert "Check the key in Authorization" in text_of(page, "#try-answer > p:nth-of-type(2)")


def test_answer_without_a_body_says_so(client, hosted):
    _, page = answered(client, hosted, status_code=204)

    assert text_of(page, "#try-answer .empty") == "The answer has no body."


def test_other_types_are_text_and_never_markup(client, hosted):
    html = "<script>alert(1)</script><img src=x hx-get=/ onerror=alert(1)>"
    address, page = answered(client, hosted, status_code=200, html=html)
    file = client.get(f"{address}answer")

    assert read(page).css_first("#answer-body .line").text() == html
    assert read(page).css("#answer-body script, #answer-body img") == []
    assert file.content == html.encode()
    assert file["Content-Type"] == "application/octet-stream"
    assert re.fullmatch(r'attachment; filename="try-\d+-list_users"', file["Content-Disposition"])


def test_headers_are_shown_without_credentials(client, hosted):
    headers = {"X-Note": "<b>", "Set-Cookie": "s=1", "X-Echo": "key-of-the-tests"}
    _, page = answered(client, hosted, status_code=200, text="x", headers=headers)

    shown = dict(
        zip(
            (one.text() for one in read(page).css(".headers dt")),
            (one.text() for one in read(page).css(".headers dd")),
            strict=True,
        )
    )
    assert (shown["X-Note"], shown["Set-Cookie"], shown["X-Echo"]) == (
        "<b>",
        "[hidden]",
        "[hidden]",
    )


def test_large_answers_are_paged_and_wholly_downloaded(client, hosted):
    whole = json.dumps(list(range(1_000))).encode()
    address, page = answered(client, hosted, status_code=200, content=whole)

    last = client.get(f"{address}?page=6")

    assert text_of(page, ".pages") == "Page 1 of 6 · 1,002 lines Next"
    assert len(read(page).css("#answer-body .line")) == 200
    assert read(page).css_first("#answer-text") is None
    assert read(last).css("#answer-body .line")[-1].text() == "]"
    assert client.get(f"{address}answer").content == whole


def test_head_of_a_very_long_answer_is_said_to_be_one(client, hosted):
    _, page = answered(client, hosted, status_code=200, text="x" * 1_200_000)

    assert text_of(page, ".notice.warning").startswith("Only the first 1.0 MB of 1.1 MB were")


def test_failure_is_an_answer_too_and_stays_in_the_history(client, hosted):
    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("x")

    hosted.answers["users"] = refuse
    sent = client.post("/reference/list_users/try/", fill(client, "list_users", query__role="user"))

    page, history = client.get(sent["Location"]), client.get("/reference/tries/")

    assert "Nothing was sent" in text_of(page, "main .notice.error")
    assert [one.text(strip=True) for one in read(history).css("tbody td")][:2] == [
        "GET /users?role=user",
        "Not sent",
    ]


def test_again_brings_the_form_back_as_it_was(client):
    typed = fill(client, "list_users", query__search_term="a&b", blank__page="1")
    client.post("/reference/list_users/try/", typed)
    history = client.get("/reference/tries/")

    link = read(history).css_first("tbody td:last-child a").attributes["href"]
    again = fields_of(client.get(link))

    assert again["token"] != typed["token"]
    assert {name: text for name, text in again.items() if "token" not in name} == {
        name: text for name, text in typed.items() if "token" not in name
    }


def test_history_is_empty_at_first_and_paged_later(client, hosted, monkeypatch):
    empty = client.get("/reference/tries/")
    monkeypatch.setattr("playground.services.api_calls.PAGE_SIZE", 2)
    for _ in range(3):
        client.post("/reference/list_users/try/", fill(client, "list_users"))

    first, second = client.get("/reference/tries/"), client.get("/reference/tries/?page=2")

    assert "You have not tried anything yet." in text_of(empty, ".empty")
    assert len(read(first).css("tbody tr")) == 2
    assert text_of(first, ".pages") == "Page 1 of 2 Older"
    assert len(read(second).css("tbody tr")) == 1


@pytest.mark.parametrize("address", ["{tried}", "{tried}answer", "{form}?again={pk}"])
def test_tries_of_somebody_else_are_not_found(client, hosted, settings, address):
    settings.SIGN_IN = "password"
    form, owner, other = "/reference/list_users/try/", Client(), Client()
    for name, person in {"ada": owner, "bob": other}.items():
        person.force_login(User.objects.create_user(name))
    tried = owner.post(form, fill(owner, "list_users"))["Location"]
    asked = address.format(tried=tried, form=form, pk=ApiCall.objects.get().pk)

    assert (owner.get(asked).status_code, other.get(asked).status_code) == (200, 404)
    assert text_of(other.get("/reference/tries/"), ".empty").startswith("You have not tried")


@pytest.mark.parametrize(
    "address",
    [
        "/reference/nothing/try/",
        "/reference/tries/999/",
        "/reference/tries/99999999999999999999999/",
        "/reference/tries/1/answer",
        "/reference/get_job/try/?again=5",
    ],
)
def test_what_is_not_there_is_not_found(client, address):
    assert client.get(address).status_code == 404
