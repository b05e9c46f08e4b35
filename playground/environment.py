"""Reading environment variables: every wrong value is refused with one sentence.

It names the variable and never repeats the value, which may be a key in the wrong line.
The names and defaults stand in `playground.settings`; this module knows only how to read.
"""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import hmac
import ipaddress
import os
import re
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from playground import database_address, env_file
from playground.database_address import UnreadableAddress
from playground.env_file import Entry

BASE_DIR = Path(__file__).resolve().parent.parent
KNOWN_SANDBOX_KEY = "5a9d" * 16
_PREFIXES = ("PLAYGROUND_", "UPSTREAM_", "SANDBOX_")
# What containers are told of other containers: nobody typed it.
_LINKS = re.compile(r".+_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP)(_\w+)?)?|ENV_\w+)")
_HOST = re.compile(r"\*|\[[0-9A-Fa-f:.]+\]|\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_OF_TESTS = "PLAYGROUND_CHROMIUM"


class LiteralEnv(environ.Env):  # type: ignore[misc]  # It is not typed.
    """Every value is what was written: a `$` stands for nothing. Remembers what was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def get_value(self, var: str, default: str = "", **_: Any) -> str:
        self.asked.add(var)
        value = os.environ.get(var, default)
        if not value.isascii() and re.search("[\ud800-\udfff]", value):
            raise ImproperlyConfigured(f"{var} must be text in UTF-8.")
        return value


env = LiteralEnv()
_in_file: dict[str, Entry] = {}
_from_file: dict[str, Entry] = {}


def read_file(path: Path) -> None:
    """Take what a file says of variables that are not set. Raises `ImproperlyConfigured`."""
    _in_file.clear()
    _from_file.clear()
    _in_file.update(env_file.read(path))
    _from_file.update((name, one) for name, one in _in_file.items() if name not in os.environ)
    os.environ.update({name: one.value for name, one in _from_file.items()})


def refuse_misspelt() -> None:
    """Raises `ImproperlyConfigured` for a name that nobody reads and that was meant for us.

    Call it when everything was asked for. In `.env` that is any name with a prefix of ours or
    close to one that is read; elsewhere only what is close, for the environment is not ours.
    """
    for name in sorted(os.environ):
        if name in env.asked or name == _OF_TESTS or not _is_meant(name, name in _in_file):
            continue
        meant = _closest(name)
        line = f" (line {_in_file[name].line} of .env)" if name in _in_file else ""
        advice = f"did you mean {meant}?" if meant else "take it out, or look at .env.example."
        raise ImproperlyConfigured(f"{name}{line} is no setting: {advice}")


def refuse_half_an_upstream() -> None:
    """Raises `ImproperlyConfigured` when `.env` has a part of an upstream but no address.

    In the environment proper the same may have been exported for a snippet that was copied.
    """
    own_words = "UPSTREAM_URL" in os.environ and "UPSTREAM_URL" not in _from_file
    if own_words or env.str("UPSTREAM_URL", "").strip():
        return
    for name in ("UPSTREAM_API_KEY", "UPSTREAM_PROJECT_ID"):
        if name in _from_file and _from_file[name].value:
            raise ImproperlyConfigured(
                f"{name} is set (line {_from_file[name].line} of .env) and UPSTREAM_URL is not: "
                f"set UPSTREAM_URL, or take {name} out to use the sandbox."
            )


def _is_meant(name: str, is_in_file: bool) -> bool:
    """Whether somebody who wrote a name that nobody reads meant one of ours."""
    meant = _closest(name)
    if not name.upper().startswith(_PREFIXES):
        return bool(meant) and (is_in_file or meant.startswith(_PREFIXES))
    if is_in_file:
        return True
    # With a part of an upstream mistaken, the sandbox would quietly take its place.
    return not _LINKS.fullmatch(name) and (name.startswith("UPSTREAM_") or bool(meant))


def _closest(name: str) -> str:
    """The setting that somebody who wrote `name` may have meant; empty when there is none."""
    upper = name.upper().removeprefix("DJANGO_")
    prefix = next((one for one in _PREFIXES if upper.startswith(one)), "")
    if not prefix:
        found = difflib.get_close_matches(upper, env.asked, 1, cutoff=0.85)
        return found[0] if found else ""
    rests = [one.removeprefix(prefix) for one in sorted(env.asked) if one.startswith(prefix)]
    found = difflib.get_close_matches(upper.removeprefix(prefix), rests, 1, cutoff=0.5)
    return prefix + found[0] if found else ""


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    value: str = env.str(name, default).strip()
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}.")
    return value


def whole_number(name: str, default: int, *, least: int, most: int) -> int:
    text = env.str(name, str(default)).strip()
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}.")
    return int(text)


def decimal(name: str, default: float, *, least: float, most: float) -> float:
    text = env.str(name, str(default)).strip()
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) or not least <= float(text) <= most:
        raise ImproperlyConfigured(f"{name} must be a number from {least} to {most}.")
    return float(text)


def web_address(name: str) -> str:
    """An http or https address without user, query or fragment; empty when unset."""
    text: str = env.str(name, "").strip().rstrip("/")
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        is_plain = bool(re.fullmatch(r"[^\s/]+", parts.hostname or "")) and parts.port != 0
        is_plain = is_plain and "\\" not in text
    except ValueError:
        is_plain = False
    if is_plain and "@" in parts.netloc:
        raise ImproperlyConfigured(
            f"{name} must not carry a user or a password: the key goes into UPSTREAM_API_KEY."
        )
    if not is_plain or parts.scheme not in ("http", "https"):
        raise ImproperlyConfigured(
            f"{name} must be a web address such as https://api.example.com/v3."
        )
    if parts.query or parts.fragment:
        raise ImproperlyConfigured(f"{name} must not carry a query or a fragment (? or #).")
    return text


def secret(name: str, default: str = "") -> str:
    """A value that goes into an HTTP header. The message never repeats it."""
    value: str = env.str(name, default).strip()
    if default and not value:
        raise ImproperlyConfigured(f"{name} must not be empty; unset, it has a known default.")
    if len(value) > 1 and value[0] in "'\"" and value[0] == value[-1]:
        raise ImproperlyConfigured(
            f"{name} must not stand in quotation marks: here they are a part of the value."
        )
    if not re.fullmatch(r"[\x21-\x7e]{0,512}", value):
        raise ImproperlyConfigured(
            f"{name} must be at most 512 printable ASCII characters without spaces."
        )
    return value


def names(name: str, default: list[str]) -> list[str]:
    return [item for item in env.str(name, ",".join(default)).replace(",", " ").split() if item]


def hosts(name: str, default: list[str]) -> list[str]:
    """Host names as a `Host` header has them, less the port."""
    found = names(name, default)
    if not found or not all(_HOST.fullmatch(host) for host in found):
        raise ImproperlyConfigured(
            f"{name} must be host names such as playground.example.com, without https:// and "
            "without a port; .example.com stands for all names below it, an IPv6 address is in "
            "brackets."
        )
    return found


def places(name: str) -> frozenset[tuple[str, int | None]]:
    """Exact host names, each with its port, or None for the usual one; none when unset."""
    found = [_place(one.lower()) for one in names(name, [])]
    if not all(found):
        raise ImproperlyConfigured(
            f"{name} must be host names such as hooks.example.com, each in full, without https:// "
            "and with :port only where it is not the usual one; an IPv6 address is in brackets."
        )
    return frozenset(one for one in found if one)


def _place(text: str) -> tuple[str, int | None] | None:
    host, _, port = text.rpartition(":") if re.search(r":[0-9]+$", text) else (text, "", "")
    if not _HOST.fullmatch(host) or host.startswith((".", "*")) or not 0 < int(port or 1) < 65_536:
        return None
    return host, int(port) if port else None


def data_dir() -> Path:
    """`DATA_DIR`, made when it is missing. A relative path begins beside `manage.py`."""
    text = env.str("DATA_DIR", ".data")
    if not text.strip() or text.startswith("~"):
        raise ImproperlyConfigured("DATA_DIR must name a folder; ~ stands for nothing here.")
    path = (BASE_DIR / text).resolve()
    return made(path, "DATA_DIR must be a folder that can be written to.")


def made(folder: Path, sentence: str) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(sentence) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(sentence)
    return folder


def secret_key(data_dir: Path) -> str:
    """`SECRET_KEY`, or one that is made once and kept beside the data."""
    value: str = env.str("SECRET_KEY", "")
    if value:
        if not _is_strong(value):
            raise ImproperlyConfigured(
                "SECRET_KEY must have at least 50 characters, not all of them alike."
            )
        return value
    return kept_secret(data_dir / "secret_key")


def kept_secret(path: Path) -> str:
    """A random text in a file of `DATA_DIR`, made when there is none yet."""
    try:
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(64))
        kept = path.read_bytes().decode("ascii", "replace").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"The file {path.name} in DATA_DIR cannot be used: {error.strerror}."
        ) from error
    if not re.fullmatch(r"[\x21-\x7e]+", kept) or not _is_strong(kept):
        raise ImproperlyConfigured(
            f"The file {path.name} in DATA_DIR is empty or damaged: put its backup back, or remove "
            "it, and a new one is made, with which everybody has to sign in again."
        )
    return kept


def _is_strong(key: str) -> bool:
    return len(key) >= 50 and len(set(key)) >= 5


def _write_once(path: Path, text: str) -> None:
    """Written whole and then named: another process that starts now finds all of it or none, and
    so does whoever starts after a crash."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)


def sandbox_api_key(name: str, sign_in: str, secret_key: str) -> tuple[str, bool]:
    """The key that the sandbox accepts, and whether the operator chose it.

    Everybody knows the one of a playground without sign-in, where only its own machine may come.
    Elsewhere it is made of `SECRET_KEY`: all processes and machines of a playground come to the
    same one, and nothing has to be shared or kept for it.
    """
    chosen = secret(name, KNOWN_SANDBOX_KEY)
    if name in os.environ:
        return chosen, True
    if sign_in == "local":
        return KNOWN_SANDBOX_KEY, False
    made = hmac.new(secret_key.encode(errors="replace"), b"playground sandbox key", hashlib.sha256)
    return made.hexdigest(), False


def installation(secret_key: str, database: Mapping[str, Any]) -> str:
    """Eight letters that tell this playground from others, and are the same in all its processes.

    All that share the key and the database are one: on several machines, a PostgreSQL server may
    go by several names, so that only the name of the database counts.
    """
    name = str(database["NAME"])
    if database["ENGINE"].endswith("sqlite3"):
        name = str(Path(name).resolve())
    told = f"{secret_key}\0{name}".encode(errors="replace")
    return hashlib.sha256(b"playground installation\0" + told).hexdigest()[:8]


def is_loopback_name(name: str) -> bool:
    """Whether a host name, such as an entry of ALLOWED_HOSTS, only ever means this machine."""
    bare = name.removeprefix("[").removesuffix("]")
    if bare in ("localhost", ".localhost"):
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def check_local(sign_in: str, hosts: Sequence[str], *, is_behind_tls: bool) -> None:
    """Raises `ImproperlyConfigured` where others could be led to a playground without sign-in: by
    a proxy that speaks TLS, or by a host name that somebody else says what it means."""
    if sign_in == "local" and (is_behind_tls or not all(map(is_loopback_name, hosts))):
        raise ImproperlyConfigured(
            "PLAYGROUND_SIGN_IN=local lets everybody in without a password, so that nothing may "
            "lead here from elsewhere: take password, or leave PLAYGROUND_TLS off and "
            "ALLOWED_HOSTS at names of this machine such as localhost."
        )


def database(data_dir: Path) -> dict[str, Any]:
    file = data_dir / "playground.sqlite3"
    try:
        # A path is no part of an address: it may have characters that mean something there.
        url = env.str("DATABASE_URL", "")
        is_set = "DATABASE_URL" in os.environ
        config = database_address.read(url) if is_set else database_address.of_file(file)
    except UnreadableAddress as error:
        raise ImproperlyConfigured(f"DATABASE_URL {error}") from None
    if config["ENGINE"].endswith("sqlite3"):
        # Reasons and figures: WAL lets pages read while a launch is written; FULL because a
        # launch's row must be on disk before its call leaves; IMMEDIATE because deferred
        # transactions fail when two of them turn from reading to writing.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            ),
        }
        config["NAME"] = str(BASE_DIR / config["NAME"])
        made(
            Path(config["NAME"]).parent,
            "DATABASE_URL must name a file in a folder that can be written to.",
        )
    else:
        # A server that is gone without a word would keep a page waiting for two minutes.
        config["OPTIONS"] = {"connect_timeout": "10"} | config.get("OPTIONS", {})
    # Opening a connection for each request costs more than the preview itself.
    config["CONN_MAX_AGE"] = None
    config["CONN_HEALTH_CHECKS"] = config["ENGINE"].endswith("postgresql")
    return config
