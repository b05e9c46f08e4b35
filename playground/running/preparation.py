"""What must be in place before the first request: the tables, and the static files."""

from __future__ import annotations

import fcntl
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connections

from playground.running import UnableToRun, tables

# django-htmx brings the next htmx and its extensions too; no page loads them.
_UNUSED = ("htm*x-4*", "ext")


def prepare() -> None:
    """Migrate and collect static files. Raises `UnableToRun`.

    Several playgrounds may start at the same moment, on one machine or against one database:
    each step is done by one of them at a time.
    """
    try:
        with _one_at_a_time(settings.DATA_DIR / "prepare.lock"):
            tables.bring_up_to_date()
            collect_static_files()
    except OSError as error:
        why = error.strerror or str(error)
        raise UnableToRun(f"DATA_DIR ({settings.DATA_DIR}) cannot be written to: {why}.") from error


def collect_static_files() -> bool:
    """Collect them unless nothing changed since the last time; whether it was done.

    Collecting compresses every file, which takes seconds; looking takes milliseconds.
    """
    stamp = settings.DATA_DIR / "static.stamp"
    fingerprint = _static_fingerprint()
    is_collected = (settings.STATIC_ROOT / "staticfiles.json").is_file()
    if is_collected and stamp.is_file() and stamp.read_text(encoding="ascii") == fingerprint:
        return False
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=list(_UNUSED))
    stamp.write_text(fingerprint, encoding="ascii")
    return True


def somebody_can_sign_in() -> bool:
    """Whether there is any active person with a password."""
    try:
        people = get_user_model().objects.filter(is_active=True)
        return any(person.has_usable_password() for person in people.iterator())
    finally:
        connections.close_all()


def sandbox_key_file() -> Path:
    return Path(settings.DATA_DIR) / "sandbox_api_key"


def keep_sandbox_key(sign_in: str) -> None:
    """The key that was made for the sandbox in a file that only its owner may read, for programs
    on this machine. Where none was made there is no file.

    It is made of `SECRET_KEY` in every process: nothing reads it back. Raises `UnableToRun`.
    """
    if sign_in == "local" or settings.SANDBOX_KEY_IS_CHOSEN:
        sandbox_key_file().unlink(missing_ok=True)
        return
    # Written whole and then named: whoever reads it finds all of it. Its mode is 0600.
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=settings.DATA_DIR, encoding="ascii", delete=False
        ) as file:
            file.write(f"{settings.SANDBOX_API_KEY}\n")
        Path(file.name).replace(sandbox_key_file())
    except OSError as error:
        why = error.strerror or str(error)
        raise UnableToRun(f"DATA_DIR ({settings.DATA_DIR}) cannot be written to: {why}.") from error


def _static_fingerprint() -> str:
    """Changes with any file's name, size or time, and with the program that compresses them."""
    digest = hashlib.sha256()
    digest.update(repr((settings.STORAGES["staticfiles"], metadata.version("whitenoise"))).encode())
    for finder in get_finders():
        for path, storage in finder.list(None):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
