"""Each fault of an upstream ends in the right class, with a plain sentence, in time.

Every one is met by a launch, the call that must know what became of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from playground.upstream.attempts import Budget
from playground.upstream.errors import (
    UpstreamError,
    UpstreamNeverReached,
    UpstreamOutcomeUnknown,
    UpstreamRefused,
)
from tests.upstream import faults
from tests.upstream.fault_server import JSON_HEADERS, Fault, FaultServer, head
from tests.upstream.helpers import OVERDUE, ROOMY, STALLED, client_of_network, launch_failure

LOOK_FIRST = " It is not known whether the call took effect: look there before you send it again."
BROKEN_HTTP = "The upstream's answer is not valid HTTP, or it ends too early." + LOOK_FIRST
BROKEN_CONNECTION = (
    "The connection to the upstream broke before its answer was complete." + LOOK_FIRST
)
NO_CONNECTION = (
    "A connection to the upstream could not be made. Nothing was sent; check the network and "
    "UPSTREAM_URL."
)
OUT_OF_TIME = "The upstream did not finish within 0.8 seconds." + LOOK_FIRST
STILL = "The upstream sent nothing for 0.4 seconds while its answer was awaited." + LOOK_FIRST
UNREADABLE_PACKING = "The upstream's answer is packed in a way that cannot be read." + LOOK_FIRST
TOO_LARGE = "The upstream's answer is too large: more than 10 MB." + LOOK_FIRST
NOT_JSON = "The upstream answered with something that is not JSON: check UPSTREAM_URL." + LOOK_FIRST
WEB_PAGE = "The upstream answered with a web page: check UPSTREAM_URL." + LOOK_FIRST
BIG_LAUNCH = b'{"inputs": "' + b"x" * 20_000_000 + b'"}'


def wrong_shape(problem: str) -> str:
    return f"The upstream's answer is not as documented: {problem}." + LOOK_FIRST


@dataclass(frozen=True, kw_only=True)
class Case:
    fault: Fault
    sentence: str
    budget: Budget = ROOMY
    status: int | None = None
    body: bytes = b'{"steps": []}'


UNKNOWN = {
    "silence": Case(fault=faults.silence, sentence=STILL, budget=STALLED),
    "slow headers": Case(fault=faults.slow_headers, sentence=OUT_OF_TIME, budget=OVERDUE),
    "slow start and silence": Case(
        fault=faults.slow_start_and_silence,
        sentence=OUT_OF_TIME,
        budget=OVERDUE,
    ),
    "endless interim answers": Case(
        fault=faults.endless_interim_answers, sentence=OUT_OF_TIME, budget=OVERDUE
    ),
    "slow body": Case(fault=faults.slow_body, sentence=OUT_OF_TIME, budget=OVERDUE),
    "slow chunks": Case(fault=faults.slow_chunks, sentence=OUT_OF_TIME, budget=OVERDUE),
    "half a body and silence": Case(
        fault=faults.half_a_body_and_silence, sentence=STILL, budget=STALLED
    ),
    "reads nothing": Case(
        fault=faults.reads_nothing,
        sentence="The upstream took nothing in for 0.4 seconds while the call was being sent."
        + LOOK_FIRST,
        budget=STALLED,
        body=BIG_LAUNCH,
    ),
    "reads slowly": Case(
        fault=faults.reads_slowly, sentence=OUT_OF_TIME, budget=OVERDUE, body=BIG_LAUNCH
    ),
    "reset before the answer": Case(
        fault=faults.reset_before_the_answer, sentence=BROKEN_CONNECTION
    ),
    "reset inside the answer": Case(
        fault=faults.reset_inside_the_answer, sentence=BROKEN_CONNECTION
    ),
    "empty reply": Case(fault=faults.raw(b""), sentence=BROKEN_HTTP),
    "garbage status line": Case(
        fault=faults.raw(b"\x16\x03\x01 garbage \xff\r\n\r\n"), sentence=BROKEN_HTTP
    ),
    "no status line": Case(fault=faults.raw(faults.ACCEPTED), sentence=BROKEN_HTTP),
    "status line only": Case(fault=faults.raw(b"HTTP/1.1 200 OK\r\n"), sentence=BROKEN_HTTP),
    "status above all": Case(fault=faults.raw(b"HTTP/1.1 2000 OK\r\n\r\n"), sentence=BROKEN_HTTP),
    "huge header": Case(
        fault=faults.raw(b"HTTP/1.1 200 OK\r\nX-Huge: " + b"a" * 500_000 + b"\r\n\r\n"),
        sentence=BROKEN_HTTP,
    ),
    "thousands of headers": Case(
        fault=faults.raw(b"HTTP/1.1 200 OK\r\n" + b"".join(faults.too_many_headers()) + b"\r\n{}"),
        sentence=BROKEN_HTTP,
    ),
    "two lengths": Case(
        fault=faults.raw(
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 60\r\n\r\n" + faults.ACCEPTED
        ),
        sentence=BROKEN_HTTP,
    ),
    "truncated length": Case(
        fault=faults.raw(head("200 OK", {"Content-Length": "5000"}) + faults.ACCEPTED),
        sentence=BROKEN_HTTP,
    ),
    "truncated chunks": Case(
        fault=faults.raw(head("200 OK", faults.CHUNKED) + b"ff\r\n" + faults.ACCEPTED),
        sentence=BROKEN_HTTP,
    ),
    "chunk without a length": Case(
        fault=faults.raw(head("200 OK", faults.CHUNKED) + b"many\r\n" + faults.ACCEPTED),
        sentence=BROKEN_HTTP,
    ),
    "endless body": Case(fault=faults.endless_body, sentence=TOO_LARGE),
    "gzip bomb": Case(fault=faults.packed(faults.gzip_bomb()), sentence=TOO_LARGE),
    "broken gzip": Case(
        fault=faults.packed(b"\x1f\x8b\x08" + b"\xff" * 100), sentence=UNREADABLE_PACKING
    ),
    "truncated gzip": Case(
        fault=faults.packed(faults.zipped(faults.ACCEPTED)[:-12]), sentence=UNREADABLE_PACKING
    ),
    "gzip and more": Case(
        fault=faults.packed(faults.zipped(faults.ACCEPTED) + b"more"),
        sentence=UNREADABLE_PACKING,
    ),
    "packing that was not asked for": Case(
        fault=faults.packed(faults.ACCEPTED, "br"), sentence=UNREADABLE_PACKING
    ),
    "web page": Case(
        fault=faults.answering("200 OK", b"\n<!doctype html><p>Sign in", {"Content-Type": "x"}),
        sentence=WEB_PAGE,
        status=200,
    ),
    "nothing": Case(fault=faults.answering("200 OK"), sentence=NOT_JSON, status=200),
    "no content": Case(
        fault=faults.raw(b"HTTP/1.1 204 No Content\r\n\r\n"), sentence=NOT_JSON, status=204
    ),
    "invalid JSON": Case(
        fault=faults.answering("200 OK", b'{"job_uid": "j-1"'), sentence=NOT_JSON, status=200
    ),
    "invalid UTF-8": Case(
        fault=faults.answering("200 OK", b'{"job_uid": "\xff"}'), sentence=NOT_JSON, status=200
    ),
    "JSON nested 100,000 deep": Case(
        fault=faults.answering("200 OK", b'{"job_uid":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
        sentence=NOT_JSON,
        status=200,
    ),
    "a number of 5,000 digits": Case(
        fault=faults.answering("200 OK", b'{"job_uid": ' + b"9" * 5000 + b"}"),
        sentence=NOT_JSON,
        status=200,
    ),
    "no job_uid": Case(
        fault=faults.answering("201 Created", b'{"message": "Bot successfully scheduled."}'),
        sentence=wrong_shape("$.job_uid: missing"),
        status=201,
    ),
    "job_uid is null": Case(
        fault=faults.answering("200 OK", b'{"job_uid": null}'),
        sentence=wrong_shape("$.job_uid: Expected `str`, got `null`"),
        status=200,
    ),
    "job_uid is empty": Case(
        fault=faults.answering("200 OK", b'{"job_uid": ""}'),
        sentence=wrong_shape("$.job_uid: empty"),
        status=200,
    ),
    "job_uid is blank": Case(
        fault=faults.answering("200 OK", b'{"job_uid": " \\t"}'),
        sentence=wrong_shape("$.job_uid: empty"),
        status=200,
    ),
    "job_uid is invisible": Case(
        fault=faults.answering("200 OK", b'{"job_uid": "\\u200b\\ufeff"}'),
        sentence=wrong_shape("$.job_uid: empty"),
        status=200,
    ),
    "an array": Case(
        fault=faults.answering("200 OK", b'[{"job_uid": "j-1"}]'),
        sentence=wrong_shape("$: expected an object, got an array"),
        status=200,
    ),
    "switching protocols": Case(
        fault=faults.raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
        sentence=BROKEN_HTTP,
    ),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_launch_that_may_have_been_sent_has_an_unknown_outcome(name: str) -> None:
    case = UNKNOWN[name]

    failure, server = _launch_at(case.fault, case.budget, case.body)

    assert type(failure) is UpstreamOutcomeUnknown
    assert (failure.sentence, failure.status) == (case.sentence, case.status)
    assert len(server.visits) == 1, "it was sent once"


def test_a_launch_is_refused_when_the_upstream_says_so_before_it_has_read_all() -> None:
    failure, server = _launch_at(
        faults.refuses_before_it_has_read, ROOMY, b'{"inputs": "' + b"x" * 300_000 + b'"}'
    )

    assert type(failure) is UpstreamRefused
    assert failure.sentence == (
        "The upstream refused the request because it is too large: send fewer rows at a time."
    )
    assert len(server.visits) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_address_is_never_followed(status: int) -> None:
    with FaultServer(faults.answering("200 OK", faults.ACCEPTED)) as private:
        answer = faults.answering(f"{status} Elsewhere", b"", {"Location": private.url})

        failure, server = _launch_at(answer, ROOMY)

    assert type(failure) is UpstreamOutcomeUnknown
    assert failure.sentence == (
        f"The upstream answered with a redirect ({status}), which is never followed: check "
        "UPSTREAM_URL." + LOOK_FIRST
    )
    assert (private.visits, len(server.visits)) == ([], 1)


@pytest.mark.parametrize(
    "location",
    ["http://169.254.169.254/latest/", "https://[::1", "//", "\x7f", "javascript:alert(1)", ""],
)
def test_a_redirect_to_a_strange_address_has_an_unknown_outcome(location: str) -> None:
    answer = faults.answering("302 Found", b"", {"Location": location})

    failure, _ = _launch_at(answer, ROOMY)

    assert type(failure) is UpstreamOutcomeUnknown


def test_an_error_text_of_100_000_lines_becomes_one_short_line() -> None:
    answer = faults.answering("400 Bad", faults.long_error_text(), {"Content-Type": "text/html"})

    failure, _ = _launch_at(answer, ROOMY)

    assert type(failure) is UpstreamRefused
    assert failure.sentence == (
        "The upstream refused the request. Correct what it names and send it again."
    )
    assert len(failure.vendor_sentence) == 500
    assert failure.vendor_sentence.isprintable()
    assert failure.vendor_sentence.startswith("<b onmouseover='alert(1)'>Traceback</b> [31m")


def test_a_refusal_stays_a_refusal_when_its_text_is_cut_short() -> None:
    cut_short = faults.raw(head("400 Bad", {"Content-Length": "900"}) + b"No such")

    failure, _ = _launch_at(cut_short, ROOMY)

    assert type(failure) is UpstreamRefused
    assert (failure.status, failure.vendor_sentence) == (400, "No such")


def test_a_refusal_stays_a_refusal_when_its_text_cannot_be_unpacked() -> None:
    broken = faults.answering("400 Bad", b"not gzip", {"Content-Encoding": "gzip"})

    failure, _ = _launch_at(broken, ROOMY)

    assert type(failure) is UpstreamRefused
    assert (failure.status, failure.vendor_sentence) == (400, "")


def test_an_error_text_that_drips_ends_with_the_budget() -> None:
    def dripping(visit: faults.Visit) -> None:
        visit.read_request()
        visit.send(head("503 Unavailable", JSON_HEADERS | {"Content-Length": "9999"}))
        visit.drip(iter(lambda: b"a", b""))

    failure, _ = _launch_at(dripping, OVERDUE)

    assert type(failure) is UpstreamOutcomeUnknown
    assert failure.status == 503


def test_a_packed_answer_is_read_although_it_was_not_asked_for() -> None:
    with FaultServer(faults.packed(faults.zipped(faults.ACCEPTED))) as server:
        accepted = client_of_network(server.url, ROOMY).launch_workflow("w-1", b"{}")

    assert accepted.job_uid == "j-1"


def test_a_launch_never_travels_over_a_connection_that_was_used_before() -> None:
    def answers_for_ever(visit: faults.Visit) -> None:
        while visit.read_request():
            visit.send(head("200 OK", JSON_HEADERS | {"Content-Length": "16"}))
            visit.send(b'{"job_uid": "1"}')

    with FaultServer(answers_for_ever) as server:
        client = client_of_network(server.url, ROOMY)
        client.launch_workflow("w-1", b"{}")
        client.launch_workflow("w-1", b"{}")
        client.close()

    assert [len(visit.requests) for visit in server.visits] == [1, 1]


def test_calls_that_only_ask_share_a_connection() -> None:
    def answers_for_ever(visit: faults.Visit) -> None:
        while visit.read_request():
            visit.send(head("200 OK", JSON_HEADERS | {"Content-Length": "2"}) + b"[]")

    with FaultServer(answers_for_ever) as server:
        client = client_of_network(server.url, ROOMY)
        client.list_workflows()
        client.list_workflows()
        client.close()

    assert [len(visit.requests) for visit in server.visits] == [2]


def test_a_read_that_fails_says_that_nothing_was_changed() -> None:
    with FaultServer(faults.raw(b"")) as server, pytest.raises(UpstreamOutcomeUnknown) as caught:
        client_of_network(server.url, ROOMY).list_workflows()

    assert caught.value.sentence == (
        "The upstream's answer is not valid HTTP, or it ends too early. Nothing was changed; "
        "try again in a moment."
    )


def test_a_connection_that_is_reset_at_the_first_byte_leaves_the_outcome_unknown() -> None:
    failure, server = _launch_at(faults.reset_at_the_first_byte, ROOMY)

    # Which of the two is seen depends on which end is faster.
    assert type(failure) is UpstreamOutcomeUnknown
    assert failure.sentence in (BROKEN_CONNECTION, BROKEN_HTTP)
    assert len(server.visits) == 1


def test_a_connection_that_is_reset_at_once_is_unknown_unless_nothing_had_left() -> None:
    failure, server = _launch_at(faults.reset_at_once, ROOMY)

    # When the reset comes before the first byte was written, that is a proof.
    assert failure.sentence in (BROKEN_CONNECTION, BROKEN_HTTP, NO_CONNECTION)
    is_proof = failure.sentence == NO_CONNECTION
    assert type(failure) is (UpstreamNeverReached if is_proof else UpstreamOutcomeUnknown)
    assert len(server.visits) == 1


def _launch_at(
    fault: Fault, budget: Budget, body: bytes = b'{"steps": []}'
) -> tuple[UpstreamError, FaultServer]:
    with FaultServer(fault) as server:
        client = client_of_network(server.url, budget)
        failure = launch_failure(client, body)
        client.close()
    return failure, server
