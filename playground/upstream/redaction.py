"""Secrets inside answers: an upstream may repeat what it was sent.

Answers become pages, launch records and result rows, so our own credentials, and those of an
account that one call carries, are taken out of them before anything reads them.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

HIDDEN = b"[hidden]"
# Shorter ones stand in any text by chance, and digits alone are also numbers.
_SHORTEST = 8
_is_number = re.compile(r"[0-9.eE+-]+").fullmatch


class EchoHider:
    """Any number of threads may share one."""

    def __init__(self, secrets: Iterable[str]) -> None:
        written = {
            form.encode("utf-8", "replace").lower()
            for secret in secrets
            if len(secret) >= _SHORTEST and not _is_number(secret)
            for form in _forms(secret)
        }
        self._forms = tuple(sorted(written, key=len, reverse=True))

    def hide(self, body: bytes) -> bytes:
        """The body without the secrets, in whatever case they are written."""
        lowered = body.lower()
        for form in self._forms:
            # Looked for first: replacing without regard to case is slow for a large body.
            if form in lowered:
                body = re.sub(re.escape(form), HIDDEN, body, flags=re.IGNORECASE)
                lowered = body.lower()
        return body


class CallSecrets:
    """The secrets that one call carries: of any length, and nobody else's business.

    `hide` takes the long ones out of an answer. Short ones stand in any text by chance, so a
    sentence for people is asked about with `are_in` and left out altogether.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = tuple(secret for secret in secrets if secret)
        self.hide = EchoHider(self._secrets).hide

    def __bool__(self) -> bool:
        return bool(self._secrets)

    def are_in(self, text: str) -> bool:
        """Whether the text repeats one of them, in part or in another way of writing it."""
        seen = _folded(text)
        runs = {seen[at : at + _SHORTEST] for at in range(len(seen) - _SHORTEST + 1)}
        for secret in self._secrets:
            for form in {_folded(form) for form in _writings(secret)} - {""}:
                if form in seen or any(run in form for run in runs):
                    return True
        return False


NO_SECRETS = CallSecrets(())


def _folded(text: str) -> str:
    """As sentences are shown: on one line, without what cannot be seen; in small letters."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(plain.casefold().split())


def _writings(secret: str) -> Iterable[str]:
    """How a sentence may write it: plain, quoted for JSON, a page or an address, encoded."""
    raw = secret.encode("utf-8", "replace")
    yield secret
    yield from _forms(secret)
    yield html.escape(secret)
    yield quote(raw, safe="")
    yield quote_plus(raw)
    yield raw.hex()
    yield base64.b64encode(raw).decode().rstrip("=")


def _forms(secret: str) -> Iterable[str]:
    """The ways in which JSON writes it: plain, with slashes escaped, safe for a web page."""
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    quoted = json.dumps(secret)[1:-1]
    yield quoted
    yield quoted.replace("/", "\\/")
    yield re.sub("[<>&']", lambda found: f"\\u{ord(found[0]):04x}", quoted)
