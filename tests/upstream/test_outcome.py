"""The table of classes: every status, every exception, from every operation."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

import httpx
import pytest

from playground.contract import accounts
from playground.upstream import sentences
from playground.upstream.errors import (
    UpstreamError,
    UpstreamNeverReached,
    UpstreamOutcomeUnknown,
    UpstreamRefused,
)
from tests.upstream.helpers import (
    BASE_URL,
    KEY,
    PROJECT,
    assert_plain,
    client_over,
    launch_failure,
)
from tests.upstream.test_endpoints import SAMPLES

REFUSED = {400, 401, 403, 404, 405, 409, 413, 415, 422, 429}
LOOK_FIRST = " It is not known whether the call took effect: look there before you send it again."
NOTHING_CHANGED = " Nothing was changed; try again in a moment."


@pytest.mark.parametrize("status", [*range(200, 300)])
def test_a_success_is_judged_by_its_body(status: int) -> None:
    client = client_over(lambda _: httpx.Response(status, json={"job_uid": "j-1"}))

    assert client.launch_workflow("w-1", b"{}").job_uid == "j-1"


@pytest.mark.parametrize(
    "other",
    [
        {"message": ["queued"]},
        {"message": 7, "workflow": "Scraper"},
        {"workflow": {"project_id": "seven", "uid": None}},
        {"workflow": []},
    ],
)
def test_what_nobody_needs_of_a_success_does_not_make_it_unknown(other: dict[str, object]) -> None:
    client = client_over(lambda _: httpx.Response(200, json={"job_uid": "j-1"} | other))

    assert client.launch_workflow("w-1", b"{}").job_uid == "j-1"
    assert client.retry_job("j-1").job_uid == "j-1"


@pytest.mark.parametrize(
    "answer",
    [
        {"error": "No such job"},
        {"errors": [{"title": "Not allowed"}]},
        {"success": False},
        {"ok": False, "message": "Too late"},
        {"status": 404, "message": "Not found"},
        {"statusCode": 500},
        {"status": "error"},
    ],
)
@pytest.mark.parametrize("call", ["retry_job", "cancel_job", "remove_schedule", "delete_user"])
def test_a_success_that_tells_of_a_failure_is_unknown(call: str, answer: dict[str, object]) -> None:
    client = client_over(lambda _: httpx.Response(200, json=answer))

    with pytest.raises(UpstreamOutcomeUnknown):
        getattr(client, call)("j-1")


@pytest.mark.parametrize(
    "answer", [{"error": None}, {"errors": []}, {"success": True}, {"status": "pending"}]
)
def test_a_success_that_tells_of_no_failure_is_one(answer: dict[str, object]) -> None:
    client = client_over(lambda _: httpx.Response(200, json=answer | {"status_code": 200}))

    assert client.cancel_job("j-1").extra == answer | {"status_code": 200}


def test_each_status_but_a_success_is_refused_or_unknown() -> None:
    statuses = [*range(100, 200), *range(300, 600)]

    kinds = {status: type(_failure_with(httpx.Response(status))) for status in statuses}

    assert {status for status in statuses if kinds[status] is UpstreamRefused} == REFUSED
    assert {kinds[status] for status in set(statuses) - REFUSED} == {UpstreamOutcomeUnknown}


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (400, "The upstream refused the request. Correct what it names and send it again."),
        (
            401,
            (
                "The upstream does not accept the credentials: check UPSTREAM_API_KEY and "
                "UPSTREAM_PROJECT_ID."
            ),
        ),
        (
            403,
            (
                "The upstream denies access to this: ask whoever manages the workspace, or its "
                "support."
            ),
        ),
        (
            404,
            "The upstream does not know this: check the identifier; it may have been deleted.",
        ),
        (
            405,
            (
                "The upstream does not offer this operation: check that UPSTREAM_URL is version 3 "
                "of its API."
            ),
        ),
        (
            409,
            (
                "The upstream refused the request because it conflicts with something that exists. "
                "Look at that first."
            ),
        ),
        (
            413,
            "The upstream refused the request because it is too large: send fewer rows at a time.",
        ),
        (
            415,
            (
                "The upstream does not accept JSON here: check that UPSTREAM_URL is version 3 of "
                "its API."
            ),
        ),
        (422, "The upstream refused the request. Correct what it names and send it again."),
        (
            429,
            (
                "The upstream did not take the call (429): it is at its limit, often because too "
                "many inputs are in progress. Try again in a moment."
            ),
        ),
        (408, "The upstream gave up waiting for the request (408)." + LOOK_FIRST),
        (425, "The upstream did not want to handle the request yet (425)." + LOOK_FIRST),
        (418, "The upstream answered with an unexpected status (418)." + LOOK_FIRST),
        (
            304,
            "The upstream answered with a redirect (304), which is never followed: check "
            "UPSTREAM_URL." + LOOK_FIRST,
        ),
        (500, "The upstream failed with an internal error (500)." + LOOK_FIRST),
        (502, "Something behind the upstream failed (502)." + LOOK_FIRST),
        (
            503,
            "The upstream, or something behind it, is not available (503)." + LOOK_FIRST,
        ),
        (504, "Something behind the upstream did not answer in time (504)." + LOOK_FIRST),
        (599, "The upstream failed (599)." + LOOK_FIRST),
    ],
)
def test_the_sentence_says_what_happened_and_what_to_do(status: int, sentence: str) -> None:
    failure = _failure_with(httpx.Response(status))

    assert (failure.sentence, failure.status, failure.vendor_sentence) == (sentence, status, "")


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize("call", ["retry_job", "cancel_job", "remove_schedule"])
def test_nobody_is_told_to_correct_what_nobody_typed(call: str, status: int) -> None:
    answer = httpx.Response(status, json={"message": "A job that is finished cannot be retried."})
    client = client_over(lambda _: answer)

    with pytest.raises(UpstreamRefused) as refused:
        getattr(client, call)("j-1")

    assert refused.value.sentence == (
        "The upstream refused the request. It said: “A job that is finished cannot be retried.”"
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"message": "`steps` is missing.", "error": "x"}', "`steps` is missing."),
        (b'{"message": " ", "error": "No such step"}', "No such step"),
        (b"plain words", "plain words"),
        (b'{"message": "two\\nlines\\u0000\\u001b[1m\\u202e"}', "two lines [1m"),
        (b'"\xff\xfe"', '"��"'),
        ("é".encode() * 900, "é" * 499 + "…"),
    ],
)
def test_what_the_upstream_says_follows_in_quotes(body: bytes, said: str) -> None:
    failure = _failure_with(httpx.Response(400, content=body))

    assert failure.vendor_sentence == said
    assert failure.sentence == (
        "The upstream refused the request. Correct what it names and send it again. "
        f"It said: “{said}”"
    )


@pytest.mark.parametrize(
    ("header", "wait", "words"),
    [
        ("7", 7, "in 7 seconds"),
        ("1", 1, "in 1 second"),
        ("0", 0, "in 0 seconds"),
        ("600", 600, "in 10 minutes"),
        ("86400", 3600, "in 60 minutes"),
        ("Wed, 04 Mar 2026 12:01:30 GMT", 90, "in 90 seconds"),
        ("Wed, 04 Mar 2026 13:01:30 +0100", 90, "in 90 seconds"),
        ("Wed, 04 Mar 2026 11:59:00 GMT", None, "in a moment"),
        ("Sat, 01 Jan 10000 00:00:00 GMT", None, "in a moment"),
        ("-5", None, "in a moment"),
        ("1.5", None, "in a moment"),
        ("9" * 5000, None, "in a moment"),
        ("99999999", None, "in a moment"),
        ("١٢", None, "in a moment"),
        ("soon", None, "in a moment"),
        ("", None, "in a moment"),
        (None, None, "in a moment"),
    ],
)
def test_how_long_a_busy_upstream_asks_to_wait(
    header: str | None, wait: int | None, words: str
) -> None:
    headers = [] if header is None else [(b"Retry-After", header.encode())]

    failure = _failure_with(httpx.Response(429, headers=headers))

    assert isinstance(failure, UpstreamRefused)
    assert (failure.status, failure.retry_after) == (429, wait)
    assert failure.sentence.endswith(f"Try again {words}.")


def test_a_wait_that_comes_with_another_refusal_is_not_taken_up() -> None:
    failure = _failure_with(httpx.Response(400, headers={"Retry-After": "7"}))

    assert isinstance(failure, UpstreamRefused)
    assert (failure.status, failure.retry_after) == (400, None)
    assert "Try again" not in failure.sentence


ADDRESS = f"{BASE_URL}/workflows?key={KEY}"
NEVER_SENT = [
    httpx.InvalidURL(ADDRESS),
    httpx.UnsupportedProtocol(ADDRESS),
    httpx.LocalProtocolError(f"Illegal header value b'x-api-key {KEY}'"),
    UnicodeEncodeError("ascii", f"{KEY}é", 0, 1, PROJECT),
    UnicodeError(KEY),
    httpx.PoolTimeout(ADDRESS),
    httpx.ConnectError(ADDRESS),
    httpx.ConnectTimeout(ADDRESS),
]
MAY_BE_SENT = [
    httpx.WriteError(ADDRESS),
    httpx.WriteTimeout(ADDRESS),
    httpx.ReadError(ADDRESS),
    httpx.ReadTimeout(ADDRESS),
    httpx.CloseError(ADDRESS),
    httpx.RemoteProtocolError(ADDRESS),
    httpx.DecodingError(ADDRESS),
    httpx.TooManyRedirects(ADDRESS),
    httpx.ProxyError(ADDRESS),
    httpx.CookieConflict(ADDRESS),
    httpx.StreamConsumed(),
    RecursionError(ADDRESS),
    MemoryError(ADDRESS),
    OSError(5, ADDRESS),
    ValueError(ADDRESS),
    KeyError(ADDRESS),
    RuntimeError(f"{KEY.upper()} {PROJECT}"),
]


@pytest.mark.parametrize("error", NEVER_SENT, ids=lambda error: type(error).__name__)
def test_what_was_never_sent_is_known_from_every_operation(error: Exception) -> None:
    for failure in _failures_of_every_operation(error):
        assert type(failure) is UpstreamNeverReached
        assert failure.status is None
        assert "Nothing was sent" in failure.sentence
        assert_plain(failure)


@pytest.mark.parametrize("error", MAY_BE_SENT, ids=lambda error: type(error).__name__)
def test_what_may_have_been_sent_is_unknown_from_every_operation(error: Exception) -> None:
    for failure in _failures_of_every_operation(error):
        assert type(failure) is UpstreamOutcomeUnknown
        assert failure.sentence.endswith((LOOK_FIRST, NOTHING_CHANGED))
        assert_plain(failure)


@pytest.mark.parametrize(
    "error", [*NEVER_SENT, *MAY_BE_SENT], ids=lambda error: type(error).__name__
)
def test_no_log_record_and_no_traceback_holds_the_credentials(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("httpx", "httpcore", "playground"):
        caplog.set_level(logging.DEBUG, logger=name)

    failures = _failures_of_every_operation(error)

    written = [record.getMessage() + str(record.exc_info) for record in caplog.records]
    written += [repr(failure) for failure in failures]
    written += ["".join(traceback.format_exception(failure)) for failure in failures]
    assert written
    for text in written:
        assert KEY not in text.lower()
        assert PROJECT not in text
        assert ADDRESS not in text


def test_an_unexpected_exception_is_logged_with_its_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        raise KeyError(f"lost {KEY}")

    failure = launch_failure(client_over(handle))

    assert failure.detail == "KeyError: 'lost [hidden]'"
    (record,) = caplog.records
    assert (record.levelname, record.name) == ("ERROR", "playground.upstream.exchange")
    assert "KeyError: 'lost [hidden]'" in record.getMessage()
    assert "in handle" in record.getMessage()


def test_a_failed_assertion_of_a_transport_is_a_programming_error() -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        raise AssertionError("wrong call")

    with pytest.raises(AssertionError, match="wrong call"):
        client_over(handle).get_workspace()


@pytest.mark.parametrize(
    "body",
    [
        f'{{"message": "The key {KEY} of {PROJECT} is wrong."}}',
        f"The key {KEY} of {PROJECT} is wrong.",
        "x" * 480 + f" {KEY.upper()} {PROJECT}",
    ],
)
def test_credentials_that_the_upstream_repeats_are_hidden(body: str) -> None:
    failure = _failure_with(httpx.Response(401, text=body))

    for text in (str(failure), repr(failure), failure.vendor_sentence):
        assert KEY[:12] not in text.lower()
        assert PROJECT[:9] not in text
    assert "[hidden]" in failure.vendor_sentence


def test_a_body_that_json_cannot_carry_is_never_sent() -> None:
    client = client_over(lambda _: httpx.Response(200, json={"user": {"uid": "u-1"}}))

    with pytest.raises(UpstreamNeverReached) as caught:
        client.save_user(accounts.UserSave(full_name="half \ud800"))

    assert caught.value.sentence == (
        "The call holds values that cannot be sent as JSON. Nothing was sent; look for unusual "
        "characters in what was typed."
    )


def test_half_a_character_in_an_identifier_is_sent_as_a_question_mark() -> None:
    seen: list[bytes] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.raw_path)
        return httpx.Response(200, json={"uid": "j-1"})

    client_over(handle).get_job("a\ud800b")

    assert seen == [b"/v3/jobs/a%3Fb"]


def test_half_a_character_in_a_search_is_never_sent() -> None:
    client = client_over(lambda _: httpx.Response(200, json={"users": []}))

    with pytest.raises(UpstreamNeverReached) as caught:
        client.list_users(search_term="\ud800")

    assert caught.value.sentence == (
        "The call holds characters that cannot be sent. Nothing was sent; look for unusual "
        "characters in what was typed."
    )


def _failure_with(response: httpx.Response) -> UpstreamError:
    return launch_failure(client_over(lambda _: response))


def _failures_of_every_operation(error: Exception) -> list[UpstreamError]:
    def handle(request: httpx.Request) -> httpx.Response:
        # Not upon what it was raised through before: each traceback would be longer than the last.
        raise error.with_traceback(None)

    client = client_over(handle)
    return [_failure_of(lambda sample=sample: sample.call(client)) for sample in SAMPLES]


def _failure_of(call: Callable[[], object]) -> UpstreamError:
    with pytest.raises(UpstreamError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        ("inputs[3].name is missing.", "It said: “inputs[3].name is missing.” inputs[3] is row 4"),
        ("inputs[1999] is text.", "It said: “inputs[1999] is text.” inputs[1999] is row 2,000"),
        ("inputs is missing.", "It said: “inputs is missing.”"),
    ],
)
def test_row_that_a_quote_counts_from_0_is_told_as_people_count(quote, told):
    sentence = sentences.with_quote("Refused.", quote)

    assert sentence.removesuffix(" of those sent.") == f"Refused. {told}"
