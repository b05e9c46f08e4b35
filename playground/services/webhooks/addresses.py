"""Which addresses may be told anything: those of hosts that the operator has named, over TLS."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from playground.upstream import posting

LONGEST = 2_000
_USUAL = {"https": 443, "http": 80}
# At the end of a path there are often secrets: so much of it is shown.
_SHOWN = 4


class UnusableAddress(Exception):
    """Nothing is sent to such an address; `sentence` says why, and never repeats it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class _Place:
    scheme: str
    host: str
    port: int


def may_be_any() -> bool:
    """Whether the operator has named any host."""
    return bool(settings.WEBHOOK_HOSTS)


def hosts() -> tuple[str, ...]:
    """Those that the operator has named, as people read them."""
    found = sorted(settings.WEBHOOK_HOSTS, key=str)
    return tuple(host if port is None else f"{host}:{port}" for host, port in found)


def check(address: str) -> None:
    """Raises `UnusableAddress`."""
    place = _read(address)
    is_here = posting.is_of_this_machine(place.host)
    if place.scheme != "https" and not is_here:
        raise UnusableAddress("The address must begin with https://.")
    allowed = {
        (host.removeprefix("[").removesuffix("]"), port or _USUAL[place.scheme])
        for host, port in settings.WEBHOOK_HOSTS
    }
    if (place.host, place.port) not in allowed:
        named = ", ".join(hosts()) or "none yet"
        raise UnusableAddress(
            f"Nothing is sent to this host: whoever runs this playground names those that may be "
            f"told (WEBHOOK_HOSTS), which are: {named}."
        )


def shown(address: str) -> str:
    """The host, and so much of the rest as tells it from others of one's own."""
    parts = urlsplit(address)
    rest = address.partition(parts.netloc)[2]
    return f"{parts.netloc}/…{rest[-_SHOWN:]}" if len(rest) > 2 * _SHOWN else parts.netloc


def _read(address: str) -> _Place:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    is_plain = re.fullmatch(r"[!-~]+", address) and len(address) <= LONGEST
    if not is_plain or "\\" in address or parts.scheme not in _USUAL or not parts.hostname:
        raise UnusableAddress(
            "That is no web address: paste it as the tool that is to be told gives it, such as "
            "https://hooks.example.com/services/…"
        )
    if "@" in parts.netloc or parts.fragment:
        raise UnusableAddress("The address must have no user, no password and no part after a #.")
    host = parts.hostname.rstrip(".")
    return _Place(parts.scheme, host, _USUAL[parts.scheme] if port is None else port)
