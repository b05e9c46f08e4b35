"""One call of the API, as it is to be written down in some language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from playground.payload.texts import clean_text

Flavour: TypeAlias = Literal["launch", "follow"]

# Whatever means something in a string of some language, or in a shell, is percent-encoded.
_odd_in_address = re.compile(r"[^A-Za-z0-9\-._~:/?#@&+,;=%*]")
# In a host brackets stand around an address of version 6.
_head = re.compile(r"https?://[A-Za-z0-9\-._~:@\[\]]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`body` is JSON text, in lines and with nothing in it that hides; empty when there is none.

    With a `file` the body is read from there, because it is too large to be part of the text.
    `base_url` is the API's address, for what comes after the call. `remark` is one line.
    """

    method: str = "POST"
    url: str
    body: str = ""
    file: str = ""
    remark: str = ""
    base_url: str = ""

    @property
    def has_body(self) -> bool:
        return bool(self.body or self.file)


Write: TypeAlias = Callable[[Call], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A place to paste a call into. `name` never changes: addresses and choices are made of it.

    `write` gives the text without a line feed at its end. `needs` names what has to be installed,
    and `keys` says where key and project have to be.
    """

    name: str
    language: str
    title: str
    file_name: str
    write: Write
    needs: str = ""
    keys: str = "in the environment"
    flavour: Flavour = "launch"


def plain_address(url: str) -> str:
    """The same address, of characters that mean nothing in any of the languages."""
    head = _head.match(url)
    at = head.end() if head else 0
    return url[:at] + _odd_in_address.sub(_as_percents, clean_text(url[at:]))


def _as_percents(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())
