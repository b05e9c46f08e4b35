"""Reading environment variables: every wrong value is refused with one sentence that names it.

The names and defaults stand in `playground.settings`; this module knows only how to read.
"""

from __future__ import annotations

import contextlib
import hashlib
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

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    value: str = env.str(name, default).strip()
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def whole_number(name: str, default: int, *, least: int, most: int) -> int:
    text = env.str(name, str(default)).strip()
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise ImproperlyConfigured(
            f"{name} must be a whole number from {least} to {most}, not {text!r}."
        )
    return int(text)


def decimal(name: str, default: float, *, least: float, most: float) -> float:
    text = env.str(name, str(default)).strip()
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) or not least <= float(text) <= most:
        raise ImproperlyConfigured(f"{name} must be a number from {least} to {most}, not {text!r}.")
    return float(text)


def web_address(name: str) -> str:
    """An http or https address without user, query or fragment; empty when unset."""
    text: str = env.str(name, "").strip().rstrip("/")
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        is_plain = bool(re.fullmatch(r"[^\s/]+", parts.hostname or "")) and parts.port != 0
    except ValueError:
        is_plain = False
    if is_plain and "@" in parts.netloc:
        raise ImproperlyConfigured(
            f"{name} must not carry a user or a password: the key goes into UPSTREAM_API_KEY."
        )
    if not is_plain or parts.scheme not in ("http", "https"):
        raise ImproperlyConfigured(
            f"{name} must be a web address such as https://api.example.com/v3, not {text!r}."
        )
    if parts.query or parts.fragment:
        raise ImproperlyConfigured(f"{name} must not carry a query or a fragment: {text!r}.")
    return text


def secret(name: str, default: str = "") -> str:
    """A value that goes into an HTTP header. The message never repeats it."""
    value: str = env.str(name, default).strip()
    if default and not value:
        raise ImproperlyConfigured(f"{name} must not be empty; unset, it has a known default.")
    if not re.fullmatch(r"[\x21-\x7e]{0,512}", value):
        raise ImproperlyConfigured(
            f"{name} must be at most 512 printable ASCII characters without spaces."
        )
    return value


def names(name: str, default: list[str]) -> list[str]:
    return [item for item in env.str(name, ",".join(default)).replace(",", " ").split() if item]


def data_dir() -> Path:
    """`DATA_DIR`, made when it is missing."""
    text: str = env.str("DATA_DIR", str(BASE_DIR / ".data"))
    if not text.strip():
        raise ImproperlyConfigured("DATA_DIR must name a folder.")
    path = Path(text).resolve()
    return made(path, f"DATA_DIR must be a folder that can be written to, not {text!r}.")


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
        if len(value) < 50 or len(set(value)) < 5:
            raise ImproperlyConfigured(
                "SECRET_KEY must have at least 50 characters, not all of them alike."
            )
        return value
    path = data_dir / "secret_key"
    if not path.exists():
        # Written whole and then named: another process that starts now finds all of it or none.
        with tempfile.NamedTemporaryFile("w", dir=data_dir, encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
            file.flush()
            with contextlib.suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text(encoding="ascii")


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
    try:
        config: dict[str, Any] = env.db_url(
            "DATABASE_URL", f"sqlite:///{data_dir}/playground.sqlite3"
        )
    except (ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured("DATABASE_URL cannot be read as a database address.") from error
    engine = config.get("ENGINE", "")
    if engine.endswith("sqlite3"):
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
        if ":memory:" in config["NAME"]:
            raise ImproperlyConfigured(
                "DATABASE_URL must name a file: each process would have a memory of its own."
            )
        made(
            Path(config["NAME"]).parent,
            f"DATABASE_URL must name a file in a folder that can be written to: {config['NAME']}.",
        )
    elif not engine.endswith("postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:/// or postgres://.")
    # Opening a connection for each request costs more than the preview itself.
    config["CONN_MAX_AGE"] = None
    config["CONN_HEALTH_CHECKS"] = engine.endswith("postgresql")
    return config
