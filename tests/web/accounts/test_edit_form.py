"""The form of an account: what it asks for, what it shows of a request, what it never shows."""

from __future__ import annotations

import json
import uuid

import httpx
import pytest
from django.contrib.messages import get_messages
from selectolax.lexbor import LexborHTMLParser

from playground.web.accounts import field_names
from tests.credentials.samples import ANYTHING
from tests.web.html_forms import posted_fields

NEW, REQUEST = "/accounts/linkedin/new/", "/accounts/linkedin/request/"
UID = "aaaa1111-2222-4333-8444-555555555501"
EDIT = f"/accounts/linkedin/{UID}/edit/"
CHECKPOINT = f"/accounts/linkedin/{UID}/checkpoint/"
LI_AT, KEY = "AQEDAT-canary-of-the-form", "pat-canary-of-the-form"
ACCOUNT = {
    "uid": UID,
    "name": "Jane's <b>",
    "is_valid": False,
    "level": "Classic",
    "cookies": {"li_at": "********", "odd <name>": "********"},
}
USERS = [
    {"uid": "u-1", "full_name": "Jane <i>", "email": "jane@example.com"},
    {"uid": "u-2", "email": "omar@example.com"},
]
SECRETS = ("pasted", field_names.cookie("li_at"), "api_key", "username", "password")


@pytest.fixture
def saved(hosted):
    """What the upstream was sent to save; set `hosted.answers` to refuse it."""
    bodies = []

    def accounts(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"accounts": [ACCOUNT]})
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json=ACCOUNT | {"uid": "made-1", "is_valid": True})

    def checkpoint(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json=ACCOUNT | {"is_valid": True})

    hosted.answers["accounts"] = accounts
    hosted.answers["checkpoint"] = checkpoint
    hosted.answers["users"] = lambda _: httpx.Response(200, json={"users": USERS})
    return bodies


def refusing(hosted, response: httpx.Response) -> None:
    look = hosted.answers["accounts"]
    hosted.answers["accounts"] = lambda request: (
        look(request) if request.method == "GET" else response
    )


def fields_of(client, address: str, **changes: str) -> dict[str, str]:
    """The form as a browser would post it, with changes; None takes a field away."""
    page = client.get(address).content.decode()
    fields = dict(posted_fields(page, "account-form")) | changes
    return {name: value for name, value in fields.items() if value is not None}


def code(text: str) -> dict[str, str]:
    return {"code": text, "change_token": str(uuid.uuid4())}


def parsed(response) -> LexborHTMLParser:
    return LexborHTMLParser(response.content.decode())


def text(response, selector: str) -> list[str]:
    return [" ".join(node.text(deep=True).split()) for node in parsed(response).css(selector)]


def shown(response) -> object:
    return json.loads(parsed(response).css_first("#payload-json").text(deep=True))


def test_a_new_account_has_a_field_for_every_kind(client, saved):
    fields = fields_of(client, NEW)
    assert fields.pop("csrfmiddlewaretoken")
    assert uuid.UUID(fields.pop("change_token"))
    assert fields == {
        "account_uid": "",
        "next": "",
        "name": "",
        "user_uid": "",
        "kind": "cookies",
        "pasted": "",
        "cookie-li_at": "",
        "cookie-li_a": "",
        "cookie-JSESSIONID": "",
        "cookie-li_rm": "",
        "api_key": "",
        "username": "",
        "password": "",
    }


@pytest.mark.parametrize(
    ("integration", "kind"),
    [
        ("hubspot", "api_key"),
        ("google-sheets", "api_key"),
        ("outlook", "password"),
        ("x", "cookies"),
    ],
)
def test_an_integration_begins_with_its_kind(client, saved, integration, kind):
    assert fields_of(client, f"/accounts/{integration}/new/")["kind"] == kind


def test_an_update_begins_with_what_the_account_has(client, saved):
    response = client.get(EDIT)

    fields = dict(posted_fields(response.content.decode(), "account-form"))
    assert fields["kind"] == "cookies"
    assert (fields["name"], fields["resume_paused_jobs"]) == ("", "1")
    assert {name for name in fields if name.startswith("cookie-")} == {
        "cookie-li_at",
        "cookie-li_a",
        "cookie-JSESSIONID",
        "cookie-li_rm",
        "cookie-odd <name>",
    }
    assert text(response, "h1") == ["Update Jane's <b>"]
    assert parsed(response).css_first("#field-name").attributes["placeholder"] == "Jane's <b>"


def test_no_field_of_a_secret_is_remembered_by_the_browser(client, saved):
    page = parsed(client.get(NEW))

    found = {
        node.attributes["name"]: node.attributes.get("autocomplete")
        for node in page.css("#account-form input, #account-form textarea")
        if node.attributes["name"] in SECRETS
    }

    assert found == {
        "pasted": "off",
        "cookie-li_at": "new-password",
        "api_key": "new-password",
        "username": "off",
        "password": "new-password",
    }


def test_owners_are_chosen_from_the_users(client, saved):
    response = client.get(NEW)

    assert text(response, "select[name=user_uid] option") == [
        "nobody",
        "Jane <i> · jane@example.com",
        "omar@example.com",
    ]


def test_the_owner_can_be_typed_when_users_cannot_be_listed(client, saved, hosted):
    hosted.answers["users"] = lambda _: httpx.Response(503)

    response = client.get(NEW)

    owner = parsed(response).css_first("#field-user_uid")
    assert (owner.tag, owner.attributes["placeholder"]) == ("input", "UID of a user")
    assert text(response, ".help .warning") == [
        (
            "The users could not all be listed, so type the UID. The upstream, or something behind "
            "it, is not available (503). Nothing was changed; try again in a moment."
        )
    ]


def test_the_request_is_shown_with_variables_for_secrets(client, saved, hosted):
    fields = fields_of(client, NEW, name="Jane's", pasted=f"Cookie: li_at={LI_AT}; lang=x")
    asked = len(hosted.requests)

    response = client.post(REQUEST, fields)

    assert shown(response) == {"account": {"name": "Jane's", "cookies": {"li_at": "$LI_AT"}}}
    assert '"li_at": $(json_string "$LI_AT")' in text(response, "#payload-curl")[0]
    assert text(response, "#cookies-found") == [
        "Found in what was pasted: li_at; 1 other left out."
    ]
    assert text(response, "#cookies-missing") == [
        (
            "Not given: li_a (Sales Navigator needs li_at and li_a; without li_a the account is "
            "Classic), JSESSIONID, li_rm."
        )
    ]
    assert LI_AT not in response.content.decode()
    assert len(hosted.requests) == asked


@pytest.mark.parametrize("changes", [{"name": "New name"}, {"user_uid": "u-1"}])
def test_a_new_name_or_owner_alone_resumes_no_job(client, saved, changes):
    fields = fields_of(client, EDIT, **changes)

    shown_first = client.post(REQUEST, fields)
    client.post(EDIT, fields)

    assert saved == [{"account": {"uid": UID} | changes}]
    assert "Jobs that wait for this account stay paused" in shown_first.content.decode()


def test_the_request_of_an_update_names_the_account(client, saved):
    fields = fields_of(client, EDIT, kind="api_key", api_key=KEY)

    response = client.post(REQUEST, fields)

    assert shown(response) == {
        "account": {"uid": UID, "api_key": "$ACCOUNT_API_KEY"},
        "resume_paused_jobs": True,
    }


@pytest.mark.parametrize(
    ("changes", "sent"),
    [
        ({"pasted": f"li_at={LI_AT}"}, {"cookies": {"li_at": LI_AT}}),
        ({"kind": "api_key", "api_key": KEY}, {"api_key": KEY}),
        (
            {"kind": "password", "username": "jane", "password": " p w "},
            {"username": "jane", "password": " p w "},
        ),
    ],
    ids=["cookies", "key", "password"],
)
def test_a_new_account_is_sent_and_leads_to_its_page(client, saved, changes, sent):
    fields = fields_of(client, NEW, name="Jane's", user_uid="u-1", shared_account="1", **changes)

    response = client.post(NEW, fields)

    assert saved == [
        {"account": {"name": "Jane's", "user_uid": "u-1"} | sent, "shared_account": True}
    ]
    assert response.status_code == 303
    assert response["Location"] == "/accounts/linkedin/made-1/"
    assert [str(one) for one in get_messages(response.wsgi_request)] == ["The account was added."]


def test_an_update_is_sent_and_leads_to_its_page(client, saved):
    fields = fields_of(client, EDIT, **{"cookie-li_at": LI_AT})

    response = client.post(EDIT, fields)

    assert saved == [
        {"account": {"uid": UID, "cookies": {"li_at": LI_AT}}, "resume_paused_jobs": True}
    ]
    assert response["Location"] == f"/accounts/linkedin/{UID}/"
    assert [str(one) for one in get_messages(response.wsgi_request)] == ["The account was updated."]


def test_an_update_without_the_tick_resumes_nothing(client, saved):
    fields = fields_of(client, EDIT, resume_paused_jobs=None, name="New")

    client.post(EDIT, fields)

    assert saved == [{"account": {"uid": UID, "name": "New"}}]


def test_an_account_that_is_not_valid_is_said_to_be(client, saved, hosted):
    refusing(hosted, httpx.Response(200, json=ACCOUNT))

    response = client.post(NEW, fields_of(client, NEW, name="J", pasted=f"li_at={LI_AT}"))

    assert [(one.level_tag, str(one)) for one in get_messages(response.wsgi_request)] == [
        (
            "warning",
            (
                "The account was added, but the upstream does not take the account as valid: "
                "answer its login challenge if it has one, or give it other credentials."
            ),
        )
    ]


@pytest.mark.parametrize("way", ["query", "field"])
def test_a_save_leads_back_to_where_the_person_came_from(client, saved, way):
    back = "/workflows/w-1/?launch=3"
    address = f"{NEW}?next=%2Fworkflows%2Fw-1%2F%3Flaunch%3D3" if way == "query" else NEW
    fields = fields_of(client, address, name="J", pasted=f"li_at={LI_AT}")
    fields["next"] = back

    response = client.post(NEW, fields)

    assert response["Location"] == back
    assert text(client.get(NEW, {"next": back}), ".sub a") == ["Back"]


def test_the_way_back_may_hold_any_character(client, saved):
    place = "/workflows/wörk (1)\r\nX-Hit: 1/"
    fields = fields_of(client, NEW, name="J", pasted=f"li_at={LI_AT}") | {"next": place}

    response = client.post(NEW, fields)

    assert response["Location"] == "/workflows/w%C3%B6rk%20(1)%0D%0AX-Hit:%201/"


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "evil",
        "/\t/evil.example",
        "///evil.example",
        "http:///evil.example",
    ],
)
def test_a_save_never_leads_elsewhere(client, saved, place):
    fields = fields_of(client, NEW, name="J", pasted=f"li_at={LI_AT}", next=place)

    response = client.post(f"{NEW}?next={place}", fields)

    assert response["Location"] == "/accounts/linkedin/made-1/"


def everything_filled_in(client, address: str) -> dict[str, str]:
    return fields_of(
        client,
        address,
        name="Kept name",
        user_uid="u-2",
        shared_account="1",
        pasted=f"li_at={LI_AT}; lang=canary-lang",
        **{"cookie-li_a": "canary-li-a", "api_key": KEY, "username": "canary-user"},
        password="canary-password",
    )


@pytest.mark.parametrize(
    ("response", "status"),
    [
        (httpx.Response(400, json={"message": f"Bad: {LI_AT} canary-li-a"}), 422),
        (httpx.Response(404, json={"message": LI_AT}), 422),
        (httpx.Response(500, json={"message": f"canary-li-a {LI_AT[:-2]}"}), 502),
        (httpx.Response(200, text=LI_AT), 502),
    ],
    ids=["400", "404", "500", "not JSON"],
)
def test_a_refused_form_comes_back_without_its_secrets(client, saved, hosted, response, status):
    fields = everything_filled_in(client, NEW)
    refusing(hosted, response)

    answer = client.post(NEW, fields)

    html = answer.content.decode()
    again = dict(posted_fields(html, "account-form"))
    assert answer.status_code == status
    assert {name: again[name] for name in ("name", "user_uid", "shared_account")} == {
        "name": "Kept name",
        "user_uid": "u-2",
        "shared_account": "1",
    }
    assert {again[name] for name in SECRETS} == {""}
    assert [one for one in (LI_AT[:12], KEY, "canary-") if one in html] == []
    told = text(answer, "#account-notice")[0]
    assert "Enter the secrets again; they are never shown." in told
    leads_to_the_list = told.endswith("shown. Look at the list of accounts")
    assert leads_to_the_list is ("It is not known whether" in told)


def test_a_form_with_errors_says_them_beside_the_fields(client, saved):
    fields = everything_filled_in(client, NEW) | {"name": " ", "cookie-li_a": "a;canary-b"}

    answer = client.post(NEW, fields)

    assert saved == []
    assert answer.status_code == 422
    assert text(answer, "#account-notice") == [
        (
            "Nothing was saved: 2 fields need your attention. Enter the secrets again; they are "
            "never shown."
        )
    ]
    assert text(answer, "#field-name-issue") == ["A new account needs a name."]
    assert text(answer, "#field-cookie-li_a-issue") == [
        "li_a holds a space or a semicolon, which no cookie has: copy only its value."
    ]
    assert "canary-" not in answer.content.decode()


def test_a_name_that_repeats_a_secret_is_not_shown_again(client, saved):
    fields = fields_of(client, NEW, name=f"My {LI_AT}", pasted=f"li_at={LI_AT}")

    answer = client.post(NEW, fields)

    assert saved == []
    assert LI_AT not in answer.content.decode()
    assert text(answer, "#field-name-issue") == ["This repeats a secret, and everybody sees it."]


def test_the_request_can_be_seen_without_scripts(client, saved):
    fields = everything_filled_in(client, NEW) | {"action": "preview"}

    answer = client.post(NEW, fields)

    assert saved == []
    assert answer.status_code == 200
    assert shown(answer)["account"]["cookies"] == {"li_at": "$LI_AT", "li_a": "$LI_A"}
    assert text(answer, "#account-notice") == [
        (
            "This is the request of what was entered; nothing was sent. Enter the secrets again; "
            "they are never shown."
        )
    ]
    assert [one for one in (LI_AT, KEY, "canary-") if one in answer.content.decode()] == []


def test_a_failing_upstream_is_not_asked_again_for_the_form(client, saved, hosted):
    fields = everything_filled_in(client, EDIT)
    refusing(hosted, httpx.Response(503))
    asked = len(hosted.requests)

    answer = client.post(EDIT, fields)

    assert answer.status_code == 502
    assert [request.method for request in hosted.requests[asked:]] == ["POST"]
    assert dict(posted_fields(answer.content.decode(), "account-form"))["user_uid"] == "u-2"


@pytest.mark.parametrize("content", ANYTHING.values(), ids=ANYTHING)
@pytest.mark.parametrize("field", ["name", "user_uid", *SECRETS])
def test_every_field_takes_anything_and_answers(client, saved, field, content):
    kind = {"api_key": "api_key", "username": "password", "password": "password"}.get(field)
    fields = fields_of(client, NEW, name="Jane's") | {
        "kind": kind or "cookies",
        "cookie-li_a": "x",
        "username": "u",
        "password": "p",
        field: content.encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    }
    if kind is None and field not in SECRETS:
        fields["cookie-li_at"] = "y"

    answer = client.post(NEW, fields)

    assert answer.status_code in (303, 422)
    assert (answer.status_code == 303) is bool(saved)
    if answer.status_code == 422:
        assert text(answer, "#account-form .field-issue .error")


def test_an_account_that_is_not_there_is_not_found(client, saved):
    response = client.get("/accounts/linkedin/gone/edit/")

    assert response.status_code == 404
    assert "The upstream lists no such account" in response.content.decode()


def test_an_account_can_be_updated_while_it_cannot_be_looked_up(client, saved, hosted):
    look = hosted.answers["accounts"]
    hosted.answers["accounts"] = lambda request: (
        httpx.Response(503) if request.method == "GET" else look(request)
    )

    response = client.get(EDIT)
    answer = client.post(EDIT, fields_of(client, EDIT, pasted=f"li_at={LI_AT}"))

    assert text(response, ".notice.warning")[0].startswith("The account could not be looked up.")
    assert answer.status_code == 303
    assert saved[0]["account"] == {"uid": UID, "cookies": {"li_at": LI_AT}}


def test_a_login_challenge_is_answered(client, saved):
    page = client.get(EDIT)
    assert parsed(page).css_first(f'form[action="{CHECKPOINT}"] #field-code') is not None

    response = client.post(CHECKPOINT, code("123456"))

    assert saved == [{"code": "123456"}]
    assert response.status_code == 303
    assert response["Location"] == f"/accounts/linkedin/{UID}/"
    assert [str(one) for one in get_messages(response.wsgi_request)] == [
        "The login challenge was answered."
    ]


def test_a_refused_code_comes_back_without_it(client, saved, hosted):
    hosted.answers["checkpoint"] = lambda _: httpx.Response(400, json={"message": "not 918273"})

    response = client.post(CHECKPOINT, code("918273"))

    assert response.status_code == 422
    assert "918273" not in response.content.decode()
    assert text(response, "#field-code-issue") == [
        (
            "The code was not taken. The upstream refused the request. Correct what it names and "
            "send it again. What it said is not shown, because it repeats a secret. Enter it "
            "again; it is never shown."
        )
    ]


def test_a_blank_code_is_not_sent(client, saved):
    response = client.post(CHECKPOINT, code(" "))

    assert saved == []
    assert text(response, "#field-code-issue") == [
        "Enter the code that was sent to the account's owner."
    ]


def test_values_for_tests_are_offered_for_the_sandbox_only(client, saved, settings):
    settings.UPSTREAM_IS_SANDBOX = True
    offered = text(client.get(NEW), ".test-inputs dt code")
    settings.UPSTREAM_IS_SANDBOX = False

    assert offered == ["test:expired", "test:checkpoint"]
    assert text(client.get(NEW), ".test-inputs") == []


def test_hostile_names_of_the_upstream_are_text(client, saved):
    html = client.get(EDIT).content.decode()

    assert "Jane&#x27;s &lt;b&gt;" in html
    assert "odd &lt;name&gt;" in html
    assert "<b>" not in html
    assert "odd <name>" not in html
