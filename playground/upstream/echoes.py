"""Our own credentials inside answers: an upstream may repeat what it was sent.

Answers become pages, launch records and result rows, so the credentials are taken out of them
before anything reads them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

HIDDEN = b"[hidden]"
# Shorter ones stand in any text by chance, and digits alone are also numbers.
_SHORTEST = 8
_is_number = re.compile(r"[0-9.eE+-]+").fullmatch


class EchoHider:
    """Any number of threads may share one."""

    def __init__(self, secrets: Iterable[str]) -> None:
        written = {
            form.lower().encode()
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


def _forms(secret: str) -> Iterable[str]:
    """The ways in which JSON writes it: plain, with slashes escaped, safe for a web page."""
    quoted = json.dumps(secret)[1:-1]
    yield quoted
    yield quoted.replace("/", "\\/")
    yield re.sub("[<>&']", lambda found: f"\\u{ord(found[0]):04x}", quoted)
