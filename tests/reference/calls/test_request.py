"""From what is in an operation's form to the request, and why it cannot be sent."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.payload.paths import show_path
from playground.reference.api.operations import OPERATIONS
from playground.reference.calls import request as call_request
from playground.reference.calls.request import CallDraft, build_request

LIST_USERS, SAVE_USER = OPERATIONS["list_users"], OPERATIONS["save_user"]
RETRY, DELETE_ACCOUNT = OPERATIONS["retry_job"], OPERATIONS["delete_account"]
UNSENT = CallDraft(query=dict.fromkeys(("role", "search_term", "retrieve_accounts", "page"), ""))


def sentences(operation, draft):
    return [
        (one.severity, show_path(one.path), one.message)
        for one in build_request(operation, draft).issues
    ]


def test_blank_query_parameters_are_not_sent():
    request = build_request(LIST_USERS, UNSENT)

    assert (request.address, request.query, request.body) == ("/users", {}, None)
    assert request.issues == ()


def test_not_sent_blank_and_a_value_are_three_different_things():
    draft = CallDraft(query={"role": "", "search_term": "", "page": "0"}, blanks={"search_term"})

    request = build_request(LIST_USERS, draft)

    assert request.query == {"search_term": "", "page": "0"}
    assert request.address == "/users?search_term=&page=0"


def test_value_that_is_ticked_to_be_sent_blank_is_sent_as_it_is():
    request = build_request(LIST_USERS, CallDraft(query={"role": "user"}, blanks={"role"}))

    assert request.address == "/users?role=user"


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("a/../b", "/jobs/a%2F..%2Fb"),
        ("..", "/jobs/%2E%2E"),
        ("http://10.0.0.1/", "/jobs/http%3A%2F%2F10.0.0.1%2F"),
        ("a?page=1#x", "/jobs/a%3Fpage%3D1%23x"),
        ("\x00\r\nHost: x", "/jobs/%00%0D%0AHost%3A%20x"),
        ("é {job_uid} %2F", "/jobs/%C3%A9%20%7Bjob_uid%7D%20%252F"),
        ("\ud800", "/jobs/%EF%BF%BD"),
    ],
)
def test_path_value_is_one_segment_whatever_it_holds(typed, path):
    request = build_request(OPERATIONS["get_job"], CallDraft(values={"job_uid": typed}))

    assert (request.path, request.errors) == (path, ())


def test_missing_path_values_are_named_and_marked():
    request = build_request(DELETE_ACCOUNT, CallDraft(values={"integration": "a b"}))

    assert request.path == "/integrations/a%20b/accounts/{account_uid}"
    assert [(show_path(one.path), one.message) for one in request.errors] == [
        ("$.path.account_uid", "Enter account_uid: it is a part of the address.")
    ]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            {"role": "boss"},
            (
                "role: one of user, external, admin, owner is expected. “boss” can be sent all the "
                "same."
            ),
        ),
        (
            {"retrieve_accounts": "yes"},
            "retrieve_accounts: true or false is expected. “yes” can be sent all the same.",
        ),
        ({"page": "1.5"}, "page: a whole number is expected. “1.5” can be sent all the same."),
    ],
)
def test_value_of_another_kind_can_be_sent_all_the_same(query, message):
    name = next(iter(query))

    assert sentences(LIST_USERS, CallDraft(query=query)) == [
        ("warning", f"$.query.{name}", message)
    ]


@pytest.mark.parametrize("page", ["٣", "9" * 5_000, "--1", "1e3", " 1", "NaN"])
def test_what_only_looks_like_a_number_is_a_warning(page):
    request = build_request(LIST_USERS, CallDraft(query={"page": page[:1_000]}))

    assert [one.severity for one in request.issues] == ["warning"]


def test_value_that_is_too_long_is_not_sent():
    draft = CallDraft(query={"search_term": "x" * 1_001})

    assert sentences(LIST_USERS, draft) == [
        ("error", "$.query.search_term", "search_term: at most 1,000 characters, not 1,001.")
    ]


def test_uids_of_a_body_are_read_however_they_were_copied_and_told():
    uid = "5a9db0c0-0004-4000-8000-0000000000ab"
    body = {
        "uid": f"{uid.upper()} ",
        "user_uid": f"\u200b{uid}",
        "accounts": [f"{{{uid}}}", {"uid": "u-1 "}],
        "inputs": [{"uid": uid.upper()}],
        "parameters": {"x_uid": uid.upper()},
        "email": uid.upper(),
    }

    request = build_request(SAVE_USER, CallDraft(body=json.dumps(body)))

    assert json.loads(request.body) == body | {
        "uid": uid,
        "user_uid": uid,
        "accounts": [uid, {"uid": "u-1 "}],
    }
    assert [(one.severity, one.message) for one in request.issues] == [
        ("warning", f"The body: A UID was read as {uid}.")
    ]


def test_body_is_sent_as_it_is_shown():
    typed = '{"email": "a@b.example", "n": 12345678901234567890123, "é": [null, 1.50]}'

    request = build_request(SAVE_USER, CallDraft(body=typed))

    assert request.body == (
        '{"email":"a@b.example","n":12345678901234567890123,"é":[null,1.5]}'.encode()
    )
    shown = "\n".join(line.text for line in request.lines)
    assert json.loads(shown) == json.loads(request.body)
    assert request.curl("https://api.example/v3").splitlines()[:4] == [
        "curl --globoff --request POST \\",
        "  --url 'https://api.example/v3/users' \\",
        '  --header "Authorization: x-api-key $UPSTREAM_API_KEY" \\',
        '  --header "x-project-id: $UPSTREAM_PROJECT_ID" \\',
    ]


@pytest.mark.parametrize("before", ["\ufeff", "\ufeff\ufeff", "\n\ufeff"])
def test_mark_before_a_body_means_nothing(before):
    request = build_request(SAVE_USER, CallDraft(body=before + '{"email": "a@b.example"}'))
    secret = build_request(SAVE_USER, CallDraft(body=before + '{"api_key": "x"}'))

    assert request.body == b'{"email":"a@b.example"}'
    assert secret.issues[0].message.startswith("The body holds a credential (api_key).")


def test_optional_body_that_is_blank_is_not_sent():
    request = build_request(RETRY, CallDraft(values={"job_uid": "j"}, body=" \n"))

    assert (request.body, request.issues) == (None, ())
    assert "data-binary" not in request.curl("https://api.example/v3")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "This call needs a body: write it as JSON."),
        (
            '{"a" 1}',
            (
                "The body, line 1, column 6: a colon is to stand here, between key and value, not "
                "“1”. Correct it to send it."
            ),
        ),
        ("[" * 100_000, "The body is nested too deeply: at most 60 levels can be sent here."),
        (
            "NaN",
            "The body, line 1, column 1: JSON has no NaN: write null, or a number. Correct it",
        ),
        (
            "1" * 5_000,
            "The body, line 1, column 1: a number of 5,000 digits is too long: write it as a text.",
        ),
        (
            '"\\ud800"',
            "The body, line 1, column 2: \\ud800 is half of a character: write both halves, or the",
        ),
        ('"' + "x" * 262_143 + '"', "The body is too long to be tried here (at most 256 KB): send"),
        (
            '{"account": {"cookies": {"li_at": "x"}}}',
            (
                "The body holds a credential (cookies). Tries are kept, so it cannot be sent from "
                "here: use the form of the account."
            ),
        ),
        ('[[{"Password": "x"}]]', "The body holds a credential (Password). Tries are kept"),
        ('{"api_key": "x", "api_key": null}', "The body holds a credential (api_key). Tries are"),
        ('[{"name": "li_at", "value": "x"}]', "The body holds a credential (li_at). Tries are"),
    ],
)
def test_body_that_cannot_be_sent_says_why(body, message):
    (issue,) = build_request(SAVE_USER, CallDraft(body=body)).issues

    assert (issue.severity, issue.path) == ("error", ("body",))
    assert issue.message.startswith(message)


def test_operation_with_a_secret_body_shows_its_example_and_takes_none():
    operation = OPERATIONS["save_account"]

    request = build_request(
        operation, CallDraft(values={"integration": "linkedin"}, body='{"a": "typed"}')
    )

    assert call_request.sends_secrets(operation)
    assert not call_request.takes_body(operation)
    assert request.body is None
    assert "typed" not in "".join(line.text for line in request.lines)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_can_be_sent_as_its_form_begins_once_its_path_is_filled_in(name):
    operation = OPERATIONS[name]
    examples = {one.name: one.example for one in operation.parameters if one.where == "path"}

    request = build_request(operation, call_request.first_draft(operation, examples))

    assert request.issues == ()
    assert request.query == {}
    assert "{" not in request.address
    assert (request.body is not None) == (
        operation.is_body_needed and not call_request.sends_secrets(operation)
    )


def test_form_begins_with_the_values_that_an_address_gives():
    draft = call_request.first_draft(LIST_USERS, {"role": "user", "page": "", "other": "x"})

    assert draft.query == {"role": "user", "search_term": "", "retrieve_accounts": "", "page": ""}
    assert draft.blanks == {"page"}


texts = st.text(st.characters(exclude_categories=()))


@given(
    name=st.sampled_from(list(OPERATIONS)),
    values=st.dictionaries(st.sampled_from(["job_uid", "integration", "role", "page"]), texts),
    blanks=st.frozensets(st.sampled_from(["role", "page"])),
    body=texts | st.sampled_from(["{}", "[1", "null", '{"a": 1e999}']),
)
def test_building_never_raises_and_drafts_survive_being_kept(name, values, blanks, body):
    draft = CallDraft(values=values, query=values, blanks=blanks, body=body)

    request = build_request(OPERATIONS[name], draft)
    kept = call_request.decode_draft(call_request.encode_draft(draft))

    again = build_request(OPERATIONS[name], kept)
    assert (again.address, again.body, again.issues) == (
        request.address,
        request.body,
        request.issues,
    )
    assert request.address.isascii()
    assert request.address.startswith("/")


@pytest.mark.parametrize("written", [str.upper, " {}\n".format, "{}\u200b".format, '"{}"'.format])
def test_uid_in_an_address_is_read_however_it_was_copied(written):
    uid = "5a9db0c0-0001-4000-8000-00000000000f"

    request = build_request(OPERATIONS["get_job"], CallDraft(values={"job_uid": written(uid)}))

    assert request.address == f"/jobs/{uid}"
