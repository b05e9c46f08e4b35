"""Where the playground listens."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from dataclasses import dataclass

from playground.running import UnableToRun

_PROBLEMS = {
    errno.EADDRINUSE: "another program listens there already; choose another --port",
    errno.EADDRNOTAVAIL: "this machine has no such address; choose another --host",
    errno.EACCES: "this user may not listen there; choose a --port above 1023",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`name` is the host as a person typed it, `ip` what it stands for."""

    name: str
    ip: str
    port: int

    @property
    def is_loopback(self) -> bool:
        return ipaddress.ip_address(self.ip).is_loopback

    @property
    def netloc(self) -> str:
        return f"{_bracketed(self.ip)}:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{_bracketed(self.name)}:{self.port}/"


def claim(host: str, port: int) -> Address:
    """The address, once it is known that we can listen there; port 0 becomes a free one.

    The claim ends when the function returns: the web server binds the address for itself, and
    says so if somebody was faster. Raises `UnableToRun`.
    """
    name = host.removeprefix("[").removesuffix("]")
    family, sockaddr = _resolve(name, port)
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(sockaddr)
            listener.listen(1)  # Two sockets may share a bound port until one of them listens.
        except OSError as error:
            problem = _PROBLEMS.get(error.errno or 0, os.strerror(error.errno or 0).lower())
            raise UnableToRun(f"Cannot listen on {_bracketed(name)}:{port}: {problem}.") from error
        ip, free_port = listener.getsockname()[:2]
    return Address(name=name, ip=ip, port=free_port)


def _resolve(name: str, port: int) -> tuple[socket.AddressFamily, tuple[object, ...]]:
    if not 0 <= port <= 65_535:
        raise UnableToRun(f"--port must be a number from 0 to 65535, not {port}.")
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        found = []
    if not name or not found:
        raise UnableToRun(f"--host must be an address of this machine, not {name!r}.")
    # `localhost` is often both ::1 and 127.0.0.1; the latter is what everything understands.
    family, _, _, _, sockaddr = min(found, key=lambda entry: entry[0] != socket.AF_INET)
    return family, sockaddr


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
