"""The table that decides what is known after a call that brought no answer.

| seen                                                             | class            |
|------------------------------------------------------------------|------------------|
| invalid address, unsupported or local protocol error, Unicode    |                  |
| error, pool timeout, connect error or timeout                    | never reached    |
| 400 401 403 404 405 409 413 415 422 429                          | refused          |
| everything else                                                  | outcome unknown  |

"Never reached" is a proof, so it also needs that no byte of the request was given to a socket.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import httpx

from playground.upstream import bodies, sentences
from playground.upstream.attempts import Budget, CallAttempt, DeadlineError

REFUSED = frozenset({400, 401, 403, 404, 405, 409, 413, 415, 422, 429})
NEVER_SENT = (
    httpx.InvalidURL,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    UnicodeError,
    httpx.PoolTimeout,
    httpx.ConnectError,
    httpx.ConnectTimeout,
)


def is_never_sent(error: Exception, attempt: CallAttempt) -> bool:
    return isinstance(error, NEVER_SENT) and not attempt.has_sent


def never_sent_sentence(error: Exception, budget: Budget) -> str:
    """Why a call could not be sent, by its cause."""
    if isinstance(error, httpx.PoolTimeout):
        return f"Too many calls to the upstream are in progress. {sentences.TRY_AGAIN}"
    if isinstance(error, httpx.ConnectTimeout):
        within = sentences.seconds(budget.timeouts["connect"])
        return f"The upstream could not be reached within {within}. {sentences.TRY_AGAIN}"
    if isinstance(error, httpx.ConnectError):
        return _connect_sentence(error)
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return f"The address of the call is not valid. {sentences.CHECK_ADDRESS}"
    return (
        "The call holds characters that cannot be sent. "
        f"{sentences.NOTHING_SENT}; look for unusual characters in what was typed."
    )


def unknown_event(error: Exception, attempt: CallAttempt, budget: Budget) -> str:
    """What happened to a call that may have been sent, as the first half of a sentence."""
    if isinstance(error, DeadlineError) or (
        attempt.is_over and isinstance(error, httpx.TimeoutException)
    ):
        return f"The upstream did not finish within {sentences.seconds(attempt.seconds)}."
    if isinstance(error, httpx.ReadTimeout):
        within = sentences.seconds(budget.timeouts["read"])
        return f"The upstream sent nothing for {within} while its answer was awaited."
    if isinstance(error, httpx.WriteTimeout):
        within = sentences.seconds(budget.timeouts["write"])
        return f"The upstream took nothing in for {within} while the call was being sent."
    if isinstance(error, bodies.BodyTooLongError):
        most = bodies.LONGEST_BODY // 1024 // 1024
        return f"The upstream's answer is too large: more than {most} MB."
    if isinstance(error, bodies.BodyBrokenError | httpx.DecodingError):
        return "The upstream's answer is packed in a way that cannot be read."
    if isinstance(error, httpx.RemoteProtocolError):
        return "The upstream's answer is not valid HTTP, or it ends too early."
    if isinstance(error, httpx.NetworkError):
        return "The connection to the upstream broke before its answer was complete."
    return "The call to the upstream failed in an unexpected way."


def _connect_sentence(error: Exception) -> str:
    causes = tuple(_causes(error))
    if any(isinstance(cause, socket.gaierror | UnicodeError) for cause in causes):
        return (
            f"The host of the upstream could not be found (DNS). {sentences.NOTHING_SENT}; "
            "check UPSTREAM_URL and the name server."
        )
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return f"The upstream's TLS certificate is not trusted. {sentences.CHECK_ADDRESS}"
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return (
            "A secure connection (TLS) to the upstream could not be made. "
            f"{sentences.CHECK_ADDRESS}"
        )
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return (
            f"The upstream refused the connection. {sentences.NOTHING_SENT}; check UPSTREAM_URL, "
            "or try again later."
        )
    return (
        f"A connection to the upstream could not be made. {sentences.NOTHING_SENT}; check the "
        "network and UPSTREAM_URL."
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen = 0
    while error is not None and seen < 20:
        yield error
        error = error.__cause__ or error.__context__
        seen += 1
