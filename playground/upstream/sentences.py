"""What people read when a call fails: what happened, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST_QUOTE = 500
NOTHING_SENT = "Nothing was sent"
CHECK_ADDRESS = f"{NOTHING_SENT}; check UPSTREAM_URL."
_row_of = re.compile(r"\binputs\[([0-9]{1,7})\]")
# Instead of a quote that repeats a secret of the call.
WITHHELD = "(not shown, because it repeats a secret)"
TRY_AGAIN = f"{NOTHING_SENT}; try again in a moment."

_REFUSED = "The upstream refused the request. Correct what it names and send it again."
# Nothing of it was typed, so nothing can be corrected.
_REFUSED_AS_IT_IS = "The upstream refused the request."

REFUSALS = {
    400: _REFUSED,
    401: "The upstream does not accept the credentials: check UPSTREAM_API_KEY and "
    "UPSTREAM_PROJECT_ID.",
    403: "The upstream denies access to this: ask whoever manages the workspace, or its support.",
    404: "The upstream does not know this: check the identifier; it may have been deleted.",
    405: "The upstream does not offer this operation: check that UPSTREAM_URL is version 3 of "
    "its API.",
    409: "The upstream refused the request because it conflicts with something that exists. "
    "Look at that first.",
    413: "The upstream refused the request because it is too large: send fewer rows at a time.",
    415: "The upstream does not accept JSON here: check that UPSTREAM_URL is version 3 of its API.",
    422: _REFUSED,
}
FAILURES = {
    408: "The upstream gave up waiting for the request (408).",
    425: "The upstream did not want to handle the request yet (425).",
    500: "The upstream failed with an internal error (500).",
    502: "Something behind the upstream failed (502).",
    503: "The upstream, or something behind it, is not available (503).",
    504: "Something behind the upstream did not answer in time (504).",
}


def refusal(status: int, retry_after: int | None, *, has_body: bool = True) -> str:
    if not has_body and REFUSALS.get(status) == _REFUSED:
        return _REFUSED_AS_IT_IS
    if status != 429:
        return REFUSALS[status]
    wait = "in a moment" if retry_after is None else f"in {_duration(retry_after)}"
    return (
        "The upstream did not take the call (429): it is at its limit, often because too many "
        f"inputs are in progress. Try again {wait}."
    )


def failure(status: int, *, is_change: bool) -> str:
    """Any status that is neither a success nor a definite refusal."""
    if status in FAILURES:
        event = FAILURES[status]
    elif 300 <= status < 400:
        event = (
            f"The upstream answered with a redirect ({status}), which is never followed: "
            "check UPSTREAM_URL."
        )
    elif status >= 500:
        event = f"The upstream failed ({status})."
    else:
        event = f"The upstream answered with an unexpected status ({status})."
    return unknown(event, is_change=is_change)


def unknown(event: str, *, is_change: bool) -> str:
    """`event` and what to do now, which depends on whether the call changes something."""
    if is_change:
        return (
            f"{event} It is not known whether the call took effect: look there before you "
            "send it again."
        )
    return f"{event} Nothing was changed; try again in a moment."


def with_quote(sentence: str, quote: str) -> str:
    """The sentence, and what the upstream said when that is words and not a web page."""
    if not quote or quote.startswith("<"):
        return sentence
    if quote == WITHHELD:
        return f"{sentence} What it said is not shown, because it repeats a secret."
    return f"{sentence} It said: “{quote}”{_rows_in_words(quote)}"


def _rows_in_words(quote: str) -> str:
    """Programs count from 0 and people from 1: which row a quote is about."""
    named = _row_of.search(quote)
    return f" {named[0]} is row {int(named[1]) + 1:,} of those sent." if named else ""


def seconds(number: float) -> str:
    return f"{number:g} second" if number == 1 else f"{number:g} seconds"


def shorten(text: str, limit: int = LONGEST_QUOTE) -> str:
    """Foreign text on one line, without control characters, at most `limit` characters."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    folded = " ".join(plain.split())
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


def hide(text: str, secrets: Iterable[str]) -> str:
    """The text without the secrets, in whatever case they are written."""
    for secret in secrets:
        text = re.sub(re.escape(secret), "[hidden]", text, flags=re.IGNORECASE)
    return text


def _duration(number: int) -> str:
    return seconds(number) if number < 120 else f"{-(-number // 60)} minutes"
