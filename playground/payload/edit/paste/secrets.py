"""Whether a pasted text may hold what signs somebody in: then it is kept and shown nowhere."""

from __future__ import annotations

import re

from playground.redaction import texts

# More is not looked at, and not shown again either.
MOST_LOOKED_AT = 1_000_000
_header = re.compile(
    r"(?i)(?<![\w-])(?:authorization|proxy-authorization|(?:set-)?cookie|x-api-key|api-?key)"
    r"[\"'`^\\]*\s*[:=,]"
    r"|(?<![\w-])(?:--(?:user|cookie|oauth2-bearer|proxy-user)|-[ub])(?=[\s=\"'])"
    r"|System\.Net\.Cookie"
).search


def may_hold_credentials(text: str) -> bool:
    """True rather too often than too seldom."""
    return len(text) > MOST_LOOKED_AT or bool(_header(text)) or texts.holds_secret(text)
