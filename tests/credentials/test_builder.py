"""A draft becomes the request that saves the account, and issues that quote no secret."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from playground.contract import wire
from playground.credentials.builder import BuiltSave, build_save
from playground.credentials.kinds import KINDS, needs_of
from playground.payload.paths import show_path
from tests.credentials.samples import (
    ANYTHING,
    INTEGRATIONS,
    JSESSIONID,
    LI_A,
    LI_AT,
    draft,
    drafts,
    update,
)

FIELDS = ("name", "owner", "pasted", "li_at", "api_key", "username", "password")


def sent(built: BuiltSave) -> Any:
    return json.loads(wire.encode(built.request))


def told(built: BuiltSave) -> list[tuple[str, str, str]]:
    return [(one.severity, show_path(one.path), one.message) for one in built.issues]


def test_a_new_account_with_cookies_is_sent_as_the_contract_says():
    built = build_save(draft(pasted=f"li_at={LI_AT}; lang=v", cookies={"li_a": f" {LI_A} "}))

    assert sent(built) == {
        "account": {"name": "Jane's", "user_uid": "u-1", "cookies": {"li_at": LI_AT, "li_a": LI_A}}
    }
    assert told(built) == []
    assert built.found == ("li_at",)
    assert [one.name for one in built.missing] == ["JSESSIONID", "li_rm"]


def test_a_new_account_with_a_key_is_sent_as_the_contract_says():
    built = build_save(draft("hubspot", "api_key", api_key=" pat-1 ", is_shared=True))

    assert sent(built) == {
        "account": {"name": "Jane's", "user_uid": "u-1", "api_key": "pat-1"},
        "shared_account": True,
    }
    assert told(built) == []


def test_a_new_account_with_a_password_is_sent_as_the_contract_says():
    built = build_save(draft("outlook", "password", username=" jane ", password=" a b "))

    assert sent(built) == {
        "account": {
            "name": "Jane's",
            "user_uid": "u-1",
            "username": "jane",
            "password": " a b ",
        }
    }
    assert told(built) == []


@pytest.mark.parametrize(
    "pasted",
    [
        "li_at: {},",
        "li_at: '{}',",
        "-b 'lang=v=2; li_at={}' \\",
        "'Cookie': 'lang=1; li_at={}',",
        'headers.Add("Cookie", "lang=1; li_at={}");',
        "lang=1; li_at={}%22",
        "li_at={}&amp;lang=1",
        "li_at={}...",
        "li_at={},JSESSIONID=ajax:1",
        "li_at={},lang=1",
        "li_at={}%0D%0A",
        "li_at={}\n9876zyxW",
        "Cookie: lang=1; li_at={}\nZ9876zyx",
        "li_at={} # mine",
        "li_at=********-{}",
        "li_at=deleted",
        "li_at=[redacted]",
    ],
)
def test_damaged_cookie_is_never_stored(pasted: str) -> None:
    built = build_save(draft(pasted=pasted.format(LI_AT)))

    assert built.cookie_names == ()
    assert built.errors
    assert not any(LI_AT[:6] in issue.message for issue in built.issues)


@pytest.mark.parametrize("typed", ["li_at={}", "LI_AT: {}", "{},", "'{}'", "“{}”", "xxxxxxxx"])
def test_cookie_that_was_typed_with_more_than_its_value_is_refused(typed: str) -> None:
    built = build_save(draft(cookies={"li_at": typed.format(LI_AT)}))

    assert built.cookie_names == ()
    assert built.errors


@pytest.mark.parametrize("value", ["x", "a,b", "(1)2", "A==", "test:expired", '"ajax:1"'])
def test_odd_values_that_cookies_do_have_are_stored(value: str) -> None:
    built = build_save(draft(cookies={"li_at": LI_AT, "JSESSIONID": value}))

    assert sent(built)["account"]["cookies"] == {"li_at": LI_AT, "JSESSIONID": value}


def test_an_update_sends_only_what_was_filled_in():
    built = build_save(update(cookies={"li_at": LI_AT}, resumes=True, is_shared=True))

    assert sent(built) == {
        "account": {"uid": "a-1", "cookies": {"li_at": LI_AT}},
        "resume_paused_jobs": True,
    }
    assert told(built) == []


def test_credentials_of_another_kind_stay_behind():
    everything = {"pasted": f"li_at={LI_AT}", "api_key": "k", "username": "u", "password": "p"}

    kinds = {kind: sent(build_save(update(kind=kind, **everything))) for kind in KINDS}

    assert kinds == {
        "cookies": {"account": {"uid": "a-1", "cookies": {"li_at": LI_AT}}},
        "api_key": {"account": {"uid": "a-1", "api_key": "k"}},
        "password": {"account": {"uid": "a-1", "username": "u", "password": "p"}},
    }


def test_a_field_of_its_own_wins_over_the_paste():
    built = build_save(draft(pasted="li_at=old; li_a=kept", cookies={"li_at": LI_AT, "li_a": " "}))

    assert built.request.account.cookies == {"li_at": LI_AT, "li_a": "kept"}


def test_a_cookie_keeps_the_quotes_that_are_part_of_it():
    built = build_save(draft(pasted=f"li_at={LI_AT}; JSESSIONID={JSESSIONID}"))

    assert built.request.account.cookies == {"li_at": LI_AT, "JSESSIONID": JSESSIONID}


@pytest.mark.parametrize(
    ("made", "issues"),
    [
        (
            draft(name=" ", owner="", pasted=""),
            [
                ("error", "$.account.name", "A new account needs a name."),
                ("warning", "$.account.user_uid", "No owner: the account is nobody's."),
                (
                    "error",
                    "$.account.cookies",
                    "A new account needs its cookies: paste them, or fill in their fields.",
                ),
            ],
        ),
        (
            draft(cookies={"li_a": LI_A}),
            [
                (
                    "error",
                    "$.account.cookies.li_at",
                    "li_at is missing: LinkedIn cannot be signed in to without it.",
                )
            ],
        ),
        (
            draft("hubspot", "api_key"),
            [("error", "$.account.api_key", "A new account needs its API key.")],
        ),
        (
            draft("outlook", "password", username="jane"),
            [("error", "$.account.password", "A new account needs its password.")],
        ),
        (
            draft("outlook", "password", password="secret"),
            [("error", "$.account.username", "A password needs its user name.")],
        ),
        (
            update(),
            [("error", "$.account.name", "Nothing is filled in, so there is nothing to save.")],
        ),
        (
            update(resumes=True),
            [
                (
                    "hint",
                    "$.resume_paused_jobs",
                    "Nothing of the account changes: only its paused jobs are resumed.",
                )
            ],
        ),
        (
            draft("hubspot", "api_key", api_key="soft\xadhyphen"),
            [
                (
                    "warning",
                    "$.account.api_key",
                    "The API key holds characters that cannot be seen. Are they meant?",
                )
            ],
        ),
        (
            draft("outlook", "password", username="jane", password="  "),
            [("error", "$.account.password", "A new account needs its password.")],
        ),
        (
            draft("hubspot", "password", username="jane", password="x"),
            [("warning", "$.account", "HubSpot signs in with an API key.")],
        ),
        (
            draft(name=f"my {LI_AT}", cookies={"li_at": LI_AT}),
            [("error", "$.account.name", "This repeats a secret, and everybody sees it.")],
        ),
        (
            draft(pasted=json.dumps([{"name": "li_at", "value": LI_AT, "domain": "a.example"}])),
            [("warning", "$.account.cookies", "li_at is of another site.")],
        ),
        (
            draft(cookies={"li_at": "AQEDAT…"}),
            [
                (
                    "error",
                    "$.account.cookies.li_at",
                    "li_at holds characters that no cookie has, such as “…”: copy it in full.",
                )
            ],
        ),
        (
            draft("acme-crm", "cookies", pasted='{"a b": "x"}'),
            [
                (
                    "error",
                    "$.account.cookies",
                    "A cookie's name has letters, digits and signs without blanks, at most 200.",
                )
            ],
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(made, issues):
    assert told(build_save(made)) == issues


def test_a_name_that_repeats_a_secret_is_not_part_of_the_request():
    built = build_save(draft(name=f"my {LI_AT}", owner=LI_AT, cookies={"li_at": LI_AT}))

    assert sent(built) == {"account": {"cookies": {"li_at": LI_AT}}}


@pytest.mark.parametrize("text", ANYTHING.values(), ids=ANYTHING)
@pytest.mark.parametrize("field", FIELDS)
def test_every_field_takes_anything_and_answers(field, text):
    kind = {"api_key": "api_key", "username": "password", "password": "password"}.get(field)
    given = {"cookies": {"li_at": text}} if field == "li_at" else {field: text}
    given |= {"password": "p"} if field == "username" else {}

    built = build_save(draft(kind=kind or "cookies", **given))

    value = {"owner": "user_uid", "li_at": "cookies"}.get(field, field)
    value = "cookies" if field == "pasted" else value
    is_sent = bool(getattr(built.request.account, value))
    key = {"owner": "user_uid", "li_at": "cookies.li_at", "pasted": "cookies"}.get(field, field)
    said = [issue for issue in built.issues if show_path(issue.path) == f"$.account.{key}"]
    # A blank field is one that is missing; who has no owner or no li_at is told so elsewhere.
    assert is_sent or said or (not text.strip() and built.issues)
    assert all(len(issue.message) < 200 for issue in said)


@given(drafts())
def test_no_draft_raises_and_what_is_ready_can_be_sent(made):
    built = build_save(made)

    if not made.uid.isascii():
        return  # It comes from the address, and the client refuses what it cannot send.
    assert wire.decode(type(built.request), wire.encode(built.request)) == built.request


@given(drafts())
def test_an_update_with_nothing_in_it_is_never_ready(made):
    built = build_save(made)

    account = sent_keys(built) - {"uid"}
    assert account or built.errors or built.request.resume_paused_jobs is True


def sent_keys(built: BuiltSave) -> set[str]:
    return set(wire.to_builtins(built.request.account))


FIRST = ("cookies", "api_key", "api_key", "password", "cookies", "cookies")


@pytest.mark.parametrize(("integration", "kind"), list(zip(INTEGRATIONS, FIRST, strict=True)))
def test_a_kind_is_offered_first(integration, kind):
    assert needs_of(integration).first_kind == kind


def test_an_account_that_signs_in_by_cookies_keeps_its_kind_and_their_names():
    needs = needs_of("hubspot", {"sid": "***", "csrf": "***"})

    assert (needs.first_kind, needs.cookie_names) == ("cookies", ("csrf", "sid"))


def test_nothing_that_holds_secrets_prints_them():
    made = draft(pasted=f"li_at={LI_AT}", api_key="KEY-1", username="USER-1", password="PASS-1")
    built = build_save(made)

    printed = repr((made, built, built.request))

    assert [one for one in (LI_AT, "KEY-1", "USER-1", "PASS-1") if one in printed] == []
