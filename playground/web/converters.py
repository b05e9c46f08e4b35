"""Identifiers of the upstream as parts of an address, whatever characters they hold."""

from __future__ import annotations

from urllib.parse import unquote

from playground.contract.folding import find_uid

_NOTHING = "%"


class UidConverter:
    """Text ↔ one segment of a path.

    Servers decode `%2F` before an address is resolved, and browsers fold `..` away: such
    characters are encoded twice. Identifiers of letters, digits and dashes stay as they are.
    """

    regex = "[^/]+"

    def to_python(self, segment: str) -> str:
        """A UUID is read however it was copied; other identifiers are taken as they are."""
        uid = unquote(segment)
        return "" if segment == _NOTHING else find_uid(uid) or uid

    def to_url(self, uid: str) -> str:
        if not uid:
            return _NOTHING
        encoded = uid.replace("%", "%25").replace("/", "%2F")
        return encoded.replace(".", "%2E") if not encoded.strip(".") else encoded
