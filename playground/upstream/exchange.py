"""One call and its answer: from an `UpstreamCall` to a contract type, or an `UpstreamError`.

No exception is chained to what is raised here: the HTTP library's texts hold whole addresses.
What they say is kept in `UpstreamError.detail`, without the secrets.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.cookiejar import CookieJar
from typing import Any, TypeVar

import httpx

from playground.contract import wire
from playground.log_lines import event
from playground.redaction import answers, texts
from playground.redaction.echoes import NO_SECRETS, CallSecrets, EchoHider
from playground.upstream import (
    attempts,
    bodies,
    breaker,
    outcome,
    retry_after,
    sentences,
    targets,
    waiting,
)
from playground.upstream.attempts import Budget, CallAttempt
from playground.upstream.breaker import Breaker
from playground.upstream.clock import ClockReading, read_date
from playground.upstream.errors import (
    UpstreamError,
    UpstreamNeverReached,
    UpstreamOutcomeUnknown,
    UpstreamRefused,
)

logger = logging.getLogger(__name__)
T = TypeVar("T")
# What a server that hangs, or is not there, ends a call in.
_SILENCES = (
    httpx.TimeoutException,
    httpx.NetworkError,
    httpx.RemoteProtocolError,
    attempts.DeadlineError,
)
# A key that is not taken, and a limit.
_FAILURES = (401, 403, 429)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamCall:
    """One call. `path` begins with a slash; `body` is sent byte for byte.

    `secrets` are values in the body that must not come back in any answer or error.
    """

    method: str
    path: str
    budget: Budget
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)
    secrets: CallSecrets = NO_SECRETS

    @property
    def is_change(self) -> bool:
        return self.method != "GET"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """An answer as it came, whatever its status; our own credentials are hidden in it.

    `seconds` go from before the call to the last byte of the body.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    seconds: float


class NoCookies(CookieJar):
    """One client serves everybody: what it is told to remember, it forgets."""

    def extract_cookies(self, response: Any, request: Any) -> None:
        """Keeps nothing."""


class Exchange:
    """Sends calls. Any number of threads may share one.

    `kept` may reuse connections and carries the calls that only ask; `fresh` must not, and
    carries those that change something.
    """

    def __init__(
        self,
        *,
        base_url: str,
        headers: Mapping[str, str],
        secrets: tuple[str, ...],
        kept: httpx.BaseTransport,
        fresh: httpx.BaseTransport,
        clock: Callable[[], datetime],
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._headers = dict(headers)
        # The longest first: one may be a part of another.
        wanted = {*secrets, self._base_url} - {""}
        self._secrets = tuple(sorted(wanted, key=len, reverse=True))
        self._echoes = EchoHider(secrets)
        self._kept = _library_client(kept)
        self._fresh = _library_client(fresh)
        self._clock = clock
        self._breaker = Breaker()
        self.clock: ClockReading | None = None

    def ask(self, call: UpstreamCall, read: Callable[[bytes], T]) -> T:
        """The answer's body through `read`. Raises an `UpstreamError`, and nothing else.

        Only an `AssertionError` passes: it is a programming error by definition.
        """
        return self._attempt(call, lambda attempt: self._answer(call, attempt, read))

    def fetch(self, call: UpstreamCall) -> RawAnswer:
        """The whole answer, refusals included. Raises an `UpstreamError` when there is none."""
        return self._attempt(call, lambda attempt: self._raw(call, attempt))

    def close(self) -> None:
        self._kept.close()
        self._fresh.close()

    def _attempt(self, call: UpstreamCall, work: Callable[[CallAttempt], T | UpstreamError]) -> T:
        with waiting.place(is_change=call.is_change):
            # What somebody sends is always tried.
            if not call.is_change and not targets.is_sandbox():
                self._breaker.admit()
            ended = self._ended(call, work)
        # Outside the `except`, so that nothing of the library's is chained to it.
        if isinstance(ended, UpstreamError):
            raise ended
        return ended

    def _ended(
        self, call: UpstreamCall, work: Callable[[CallAttempt], T | UpstreamError]
    ) -> T | UpstreamError:
        began = time.monotonic()
        with attempts.attempt(call.budget.total) as attempt:
            try:
                ended = work(attempt)
            except AssertionError:
                raise
            except Exception as error:
                self._breaker.note(is_silence=isinstance(error, _SILENCES))
                failure = self._failure(error, call, attempt)
                if not self._tell_fault(error, call, attempt):
                    self._tell(call, failure)
                return failure
        self._breaker.note(is_silence=_is_late_failure(ended, time.monotonic() - began))
        if isinstance(ended, UpstreamError):
            self._tell(call, ended)
        return ended

    def _tell(self, call: UpstreamCall, error: UpstreamError) -> None:
        """One line for what an operator can do something about: a refused draft is no failure."""
        if isinstance(error, UpstreamRefused) and error.status not in _FAILURES:
            return
        facts = {"method": call.method, "path": self._plain(call.path), "status": error.status}
        outcome_of = type(error).__name__.removeprefix("Upstream")
        logger.warning(event("upstream failure", **facts, outcome=outcome_of, cause=error.detail))

    def _raw(self, call: UpstreamCall, attempt: CallAttempt) -> RawAnswer:
        started = time.perf_counter()
        client = self._fresh if call.is_change else self._kept
        response = client.send(self._request(call), stream=True)
        try:
            body = bodies.read(response, attempt)
        finally:
            response.close()
        return RawAnswer(
            status=response.status_code,
            headers=tuple(self._header(*pair) for pair in response.headers.raw),
            body=call.secrets.hide(self._echoes.hide(body)),
            seconds=time.perf_counter() - started,
        )

    def _header(self, name: bytes, value: bytes) -> tuple[str, str]:
        told = self._echoes.hide(name).decode("latin-1")
        return told, answers.hide_in_header(told, self._echoes.hide(value).decode("latin-1"))

    def _answer(
        self, call: UpstreamCall, attempt: CallAttempt, read: Callable[[bytes], T]
    ) -> T | UpstreamError:
        client = self._fresh if call.is_change else self._kept
        sent_at = self._clock()
        response = client.send(self._request(call), stream=True)
        self.clock = read_date(response.headers.get("date"), sent_at, self._clock()) or self.clock
        try:
            if not 200 <= response.status_code < 300:
                return self._unwelcome(call, response, bodies.read_start(response, attempt))
            body = call.secrets.hide(self._echoes.hide(bodies.read(response, attempt)))
        finally:
            response.close()
        try:
            return read(body)
        except wire.WireError as error:
            return self._unreadable(call, response.status_code, body, error)

    def _request(self, call: UpstreamCall) -> httpx.Request:
        headers = dict(self._headers)
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        return httpx.Request(
            call.method,
            httpx.URL(self._base_url + call.path, params=dict(call.query) or None),
            headers=headers,
            content=call.body,
            extensions={"timeout": call.budget.timeouts},
        )

    def _unwelcome(
        self, call: UpstreamCall, response: httpx.Response, body: bytes
    ) -> UpstreamError:
        status = response.status_code
        quote = self._quote(body, call)
        if status not in outcome.REFUSED:
            sentence = sentences.failure(status, is_change=call.is_change)
            return UpstreamOutcomeUnknown(
                sentences.with_quote(sentence, quote), status=status, vendor_sentence=quote
            )
        wait = None
        if status == 429:
            wait = retry_after.parse_retry_after(response.headers.get("retry-after"), self._clock())
        sentence = sentences.refusal(status, wait, has_body=call.body is not None)
        return UpstreamRefused(
            sentences.with_quote(sentence, quote),
            status=status,
            vendor_sentence=quote,
            retry_after=wait,
        )

    def _unreadable(
        self, call: UpstreamCall, status: int, body: bytes, error: wire.WireError
    ) -> UpstreamError:
        """A success whose body is not JSON, or not of the documented shape."""
        try:
            wire.parse_json(body)
        except wire.WireError:
            is_page = body.lstrip()[:1] == b"<"
            found = "a web page" if is_page else "something that is not JSON"
            event = f"The upstream answered with {found}: check UPSTREAM_URL."
        else:
            event = f"The upstream's answer is not as documented: {self._plain(str(error))}."
        return UpstreamOutcomeUnknown(
            sentences.unknown(event, is_change=call.is_change),
            status=status,
            detail=self._plain(str(error)),
        )

    def _tell_fault(self, error: Exception, call: UpstreamCall, attempt: CallAttempt) -> bool:
        """Whether it is a fault of ours, which has its traceback in the log now."""
        expected = httpx.HTTPError | bodies.BodyError | attempts.DeadlineError
        if outcome.is_never_sent(error, attempt) or isinstance(error, expected):
            return False
        places = [*traceback.format_tb(error.__traceback__), type(error).__name__]
        trace = "".join(places if call.secrets else traceback.format_exception(error))
        logger.error("A call failed unexpectedly: %s", self._without_secrets(trace))
        return True

    def _failure(self, error: Exception, call: UpstreamCall, attempt: CallAttempt) -> UpstreamError:
        name = type(error).__name__
        # What an exception says may quote the body, in whatever way of writing.
        detail = name if call.secrets else self._plain(f"{name}: {error}")
        if outcome.is_never_sent(error, attempt):
            sentence = outcome.never_sent_sentence(error, call.budget)
            return UpstreamNeverReached(sentence, detail=detail)
        event = outcome.unknown_event(error, attempt, call.budget)
        return UpstreamOutcomeUnknown(
            sentences.unknown(event, is_change=call.is_change), detail=detail
        )

    def _quote(self, body: bytes, call: UpstreamCall) -> str:
        """What an error's body says. Hidden before it is cut, so that no half of a key stays."""
        said = wire.error_sentence(call.secrets.hide(body), limit=bodies.LONGEST_ERROR_BODY)
        quote = self._plain(said)
        return sentences.WITHHELD if call.secrets.are_in(quote) else quote

    def _plain(self, text: str) -> str:
        return sentences.shorten(self._without_secrets(text))

    def _without_secrets(self, text: str) -> str:
        """Neither our own, in any way of writing, nor what looks like somebody's."""
        return texts.hide(sentences.hide(self._echoes.hide_text(text), self._secrets))


def _is_late_failure(ended: object, seconds: float) -> bool:
    """Whether what came after so long is as good as no answer."""
    status = ended.status if isinstance(ended, UpstreamError) else None
    return status is not None and status >= 500 and seconds >= breaker.SLOW_FAILURE


def _library_client(transport: httpx.BaseTransport) -> httpx.Client:
    return httpx.Client(
        transport=transport,
        trust_env=False,
        follow_redirects=False,
        cookies=NoCookies(),
    )
