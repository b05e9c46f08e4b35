"""Posting to somebody else's address, which people have typed: one call, and what came of it.

Only to the host that the address names, and only where its name stands for public addresses, each
of which is looked at and then connected to: a name cannot mean another one in between. No proxy, no
redirect, and nothing is read of the answer but its status.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx

from playground.upstream import attempts, connections, network
from playground.upstream.attempts import Budget
from playground.upstream.network import NetworkTransport
from playground.upstream.retry_after import parse_retry_after

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_BUDGET = Budget(connect=4, write=4, read=6, total=8)


class PrivateAddressError(Exception):
    """A name that stands for an address of a network of one's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """The status of the answer, if one came, and the seconds that it asks to be left alone; else a
    sentence why none did."""

    status: int | None = None
    wait: int | None = None
    sentence: str = ""

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(address: str, body: bytes, headers: Mapping[str, str]) -> Posted:
    """Never raises for what the other side does."""
    may_be_here = is_of_this_machine(urlsplit(address).hostname or "")
    resolver = network.look_up if may_be_here else look_up_public
    context = connections.shared_ssl_context()
    transport = NetworkTransport(ssl_context=context, keep_alive=False, resolver=resolver)
    request = httpx.Request(
        "POST",
        address,
        content=body,
        headers=dict(headers),
        extensions={"timeout": _BUDGET.timeouts},
    )
    try:
        with attempts.attempt(_BUDGET.total):
            answer = transport.handle_request(request)
            answer.close()
    except (httpx.TransportError, attempts.DeadlineError, httpx.InvalidURL) as error:
        return Posted(sentence=_sentence(error))
    finally:
        transport.close()
    return Posted(status=answer.status_code, wait=_wait(answer))


def look_up_public(host: str, port: int) -> list[str]:
    """Raises `PrivateAddressError` where one of the host's addresses is none of the internet."""
    found = network.look_up(host, port)
    if not all(_is_public(one) for one in found):
        raise PrivateAddressError
    return found


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        # An address of the old kind may be written into one of the new.
        held = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            held = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if held is not None:
            return held.is_global and not held.is_multicast
    return address.is_global and not address.is_multicast


def _wait(answer: httpx.Response) -> int | None:
    return parse_retry_after(answer.headers.get("Retry-After"), datetime.now(UTC))


def is_of_this_machine(host: str) -> bool:
    """Whether a host name only ever means this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _sentence(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, PrivateAddressError):
            return "Its name stands for an address of a private network, so nothing was sent."
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.TimeoutException | attempts.DeadlineError):
        return "It did not answer in time."
    return "It could not be reached."
