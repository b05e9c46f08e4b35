"""Secrets that are known: an upstream may repeat what it was sent.

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
# A letter that JSON need not escape: nobody does, unless to hide it.
_escaped = re.compile(rb"(?<!\\)((?:\\\\)*)\\u00([2-7][0-9a-fA-F])")
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
        """The body without the secrets, in whatever case and way they are written."""
        if b"\\u00" in body:
            plain = _escaped.sub(_unescaped, body)
            body = plain if self._is_in(plain.lower()) else body
        lowered = body.lower()
        for form in self._forms:
            # Looked for first: replacing without regard to case is slow for a large body.
            if form in lowered:
                body = re.sub(re.escape(form), HIDDEN, body, flags=re.IGNORECASE)
                lowered = body.lower()
        return body

    def hide_text(self, text: str) -> str:
        return self.hide(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def _is_in(self, lowered: bytes) -> bool:
        return any(form in lowered for form in self._forms)


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
    """How a sentence may write it: plain, or in one of the forms, or encoded alone."""
    yield secret
    yield from _forms(secret)
    yield base64.b64encode(secret.encode("utf-8", "replace")).decode().rstrip("=")


def _forms(secret: str) -> Iterable[str]:
    """The ways in which JSON, a web page or an address writes it, and those that encode it."""
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    quoted = json.dumps(secret)[1:-1]
    yield quoted
    yield quoted.replace("/", "\\/")
    yield re.sub("[<>&']", lambda found: f"\\u{ord(found[0]):04x}", quoted)
    raw = secret.encode("utf-8", "replace")
    yield html.escape(secret)
    yield quote(raw, safe="")
    yield quote_plus(raw)
    yield raw.hex()
    yield from _encoded(raw)


def _encoded(raw: bytes) -> Iterable[str]:
    """In Base 64, also as a part of something longer: without the letters that its neighbours
    change."""
    for before in range(3):
        code = base64.b64encode(b"\0" * before + raw).decode()
        end = len(code) - (0, 3, 2)[(before + len(raw)) % 3]
        inner = code[(0, 2, 3)[before] : end]
        if len(inner) >= _SHORTEST:
            yield inner
            yield inner.replace("+", "-").replace("/", "_")


def _unescaped(found: re.Match[bytes]) -> bytes:
    letter = chr(int(found[2], 16))
    return found[0] if letter in '"\\' else found[1] + letter.encode()
