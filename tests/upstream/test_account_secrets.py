"""An upstream that repeats the secrets of an account gets none of them into a sentence."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote

import httpx
import pytest

from playground.contract.accounts import AccountCredentials, AccountSave
from playground.redaction.echoes import CallSecrets
from playground.upstream.errors import UpstreamError, UpstreamOutcomeUnknown, UpstreamRefused
from tests.upstream.helpers import client_over

COOKIE = "AQE\"DAT\\se/ss<ion>&'0123456789"
SHORT, WORD = "pw 1", "Ünïcode-geheim-ß"
WRITINGS = {
    "plain": lambda secret: secret,
    "in capitals": lambda secret: secret.upper(),
    "with more blanks": lambda secret: secret.replace(" ", " \t "),
    "as JSON": json.dumps,
    "as a page": html.escape,
    "in an address": lambda secret: quote(secret, safe=""),
    "as hex": lambda secret: secret.encode().hex(),
    "as base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "in part": lambda secret: secret[: max(8, len(secret) - 3)] + "…",
    "across the cut": lambda secret: "x" * (496 - len(secret)) + " " + secret,
}


def save(**account: object) -> AccountSave:
    return AccountSave(account=AccountCredentials(**account))


def failure(answer: httpx.Response, request: AccountSave) -> UpstreamError:
    with pytest.raises(UpstreamError) as caught:
        client_over(lambda _: answer).save_account("linkedin", request)
    return caught.value


@pytest.mark.parametrize("status", [400, 500])
@pytest.mark.parametrize("secret", [COOKIE, SHORT, WORD])
@pytest.mark.parametrize("way", WRITINGS)
def test_no_repeated_secret_is_in_an_error(way, secret, status):
    repeated = WRITINGS[way](secret)
    answer = httpx.Response(status, json={"message": f"You sent {repeated} to us."})

    error = failure(answer, save(cookies={"li_at": secret}))

    told = f"{error.sentence} {error.vendor_sentence} {error.detail} {error}".casefold()
    assert isinstance(error, UpstreamRefused if status == 400 else UpstreamOutcomeUnknown)
    assert not CallSecrets([secret]).are_in(told)
    assert repeated.strip(" x…").casefold()[:12] not in told


def test_a_long_secret_is_taken_out_of_the_sentence():
    answer = httpx.Response(400, json={"message": f"li_at {COOKIE} has expired."})

    error = failure(answer, save(cookies={"li_at": COOKIE}))

    assert error.sentence.endswith("It said: “li_at [hidden] has expired.”")


def test_a_sentence_with_a_short_secret_is_left_out():
    answer = httpx.Response(400, json={"message": f"{SHORT} is not a password."})

    error = failure(answer, save(username="somebody", password=SHORT))

    assert error.sentence == (
        "The upstream refused the request. Correct what it names and send it again. "
        "What it said is not shown, because it repeats a secret."
    )


def test_a_sentence_without_a_secret_is_told():
    answer = httpx.Response(400, json={"message": "account.name is missing."})

    error = failure(answer, save(cookies={"li_at": COOKIE}, password=SHORT))

    assert error.vendor_sentence == "account.name is missing."
    assert error.sentence.endswith("It said: “account.name is missing.”")


def test_the_code_of_a_challenge_is_a_secret_of_its_call():
    answer = httpx.Response(400, json={"message": "123456 is wrong."})

    with pytest.raises(UpstreamRefused) as caught:
        client_over(lambda _: answer).answer_checkpoint("a-1", "123456")

    assert "123456" not in caught.value.sentence


def test_a_success_repeats_nothing_either():
    answer = httpx.Response(
        200, json={"uid": "a-1", "name": f"x {COOKIE}", "cookies": {"li_at": COOKIE}, "b": WORD}
    )

    account = client_over(lambda _: answer).save_account(
        "linkedin", save(cookies={"li_at": COOKIE}, password=WORD)
    )

    assert (account.uid, account.name) == ("a-1", "x [hidden]")
    assert account.cookies == {"li_at": "[hidden]"}
    assert account.extra == {"b": "[hidden]"}


def test_an_answer_that_is_not_json_tells_nothing_of_a_secret():
    error = failure(httpx.Response(200, text=f"OK {SHORT}"), save(password=SHORT))

    assert SHORT not in f"{error.sentence}{error.detail}{error.vendor_sentence}"


def test_twenty_thousand_characters_are_looked_for_at_once():
    answer = httpx.Response(400, json={"message": "no " * 300})

    error = failure(answer, save(cookies={f"c{n}": f"{n}" + "x" * 4_000 for n in range(100)}))

    assert isinstance(error, UpstreamRefused)


@pytest.mark.parametrize("secret", [COOKIE, SHORT, WORD])
def test_a_fault_of_ours_that_quotes_the_body_is_logged_without_it(secret, caplog):
    def broken(request: httpx.Request) -> httpx.Response:
        raise RuntimeError(request.content)

    with pytest.raises(UpstreamOutcomeUnknown) as caught:
        client_over(broken).save_account("linkedin", save(cookies={"li_at": secret}))

    (record,) = [one for one in caplog.records if one.levelname == "ERROR"]
    told = f"{record.getMessage()} {caught.value.detail}"
    assert "RuntimeError" in record.getMessage()
    assert "in broken" in record.getMessage()
    assert not CallSecrets([secret]).are_in(told)
