"""Reading `DATABASE_URL`: every character of a password is the password's.

The last `@` ends it, whatever stands before; `%40` and the like are decoded, and nothing else is.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

_SQLITE = re.compile(r"sqlite:///(?P<path>.*)")
_POSTGRESQL = re.compile(
    r"(?:postgres|postgresql|pgsql|psql)://"
    r"(?:(?P<user>[^:@/?#]*)(?::(?P<password>.*))?@)?"
    r"(?P<hosts>[^@/?#]*)/(?P<name>[^@?#]+)(?:\?(?P<options>[^@#]*))?"
)
_HOST = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:\[\]\s]*)(?::(?P<port>[0-9]{1,5}))?")


class UnreadableAddress(Exception):
    """What is wrong with the address, to follow the name of the variable; never the address."""


def of_file(path: Path) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}


def read(url: str) -> dict[str, Any]:
    """An entry of Django's `DATABASES`. Raises `UnreadableAddress`."""
    url = url.strip()
    if file := _SQLITE.fullmatch(url):
        return of_file(_file_named(file["path"]))
    if not re.match(r"(postgres|postgresql|pgsql|psql)://", url):
        raise UnreadableAddress("must begin with sqlite:/// or postgres://.")
    found = _POSTGRESQL.fullmatch(url)
    if not found:
        raise UnreadableAddress("cannot be read as a database address.")
    name, hosts, ports = found["name"], *_places(found["hosts"])
    if name.startswith("/"):  # postgres:////folder/of/the/socket/name
        hosts, _, name = name.rpartition("/")
    config: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _decoded(name),
        "USER": _decoded(found["user"] or ""),
        "PASSWORD": _decoded(found["password"] or ""),
        "HOST": _decoded(hosts),
        "PORT": ports,
    }
    if not config["NAME"] or "/" in config["NAME"]:
        raise UnreadableAddress("cannot be read as a database address.")
    if found["options"]:
        config["OPTIONS"] = dict(parse_qsl(found["options"], keep_blank_values=True))
    return config


def _file_named(path: str) -> Path:
    decoded = _decoded(path)
    if not decoded or ":memory:" in decoded:
        raise UnreadableAddress("must name a file: each process would have a memory of its own.")
    if "?" in path or decoded.startswith("~"):
        raise UnreadableAddress("must end in the path of a file, without options and without ~.")
    return Path(decoded)


def _places(text: str) -> tuple[str, str]:
    """Hosts and ports as PostgreSQL's library takes them, several with commas between."""
    found = [_HOST.fullmatch(part) for part in text.split(",")]
    places = [place for place in found if place and int(place["port"] or 1) in range(1, 65_536)]
    if len(places) < len(found):
        raise UnreadableAddress("cannot be read as a database address.")
    hosts = ",".join(place["host"].strip("[]") for place in places)
    ports = ",".join(place["port"] or "" for place in places)
    return hosts, ports if ports.strip(",") else ""


def _decoded(text: str) -> str:
    try:
        decoded = unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise UnreadableAddress("has a % that stands for no character of UTF-8.") from None
    if "\0" in decoded:
        raise UnreadableAddress("has a character that is no text (NUL).")
    return decoded
