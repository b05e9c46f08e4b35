"""The tables of the database against what this version of the program expects of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, connection, connections, transaction
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.loader import MigrationLoader

from playground.running import UnableToRun

# Any number will do, as long as every process of the playground takes the same.
_POSTGRESQL_LOCK = 5_149_002
_NEWER = (
    "The database was brought up to date by a newer version of the playground (unknown here: "
    "{unknown}): start that version, or restore the backup that was made before the upgrade."
)
_OLDER = (
    "The database is of an older version of the playground (missing: {missing}). Back it up, then "
    "bring it up to date with python manage.py run, or python manage.py migrate."
)
_CONTRADICTING = (
    "The database is neither of this version nor of one before it: {words} Restore the backup that "
    "was made before the last upgrade."
)
_HALF = (
    "The tables could not be brought up to date, and nothing was changed: {words}. If an earlier "
    "start was broken off, restore the backup that was made before it; if there are no data to "
    "lose yet, remove the database, then start again."
)
# What SQLite says, in words that it is found by → what to do about it.
_ADVICE = {
    "readonly": "This user must be able to write to the file and to its folder.",
    "unable to open": "This user must be able to write to the file and to its folder.",
    "disk is full": "Make room on its disk, then start again.",
    "disk i/o": "Look at its disk, then start again.",
    "not a database": "Put its backup back, or move it away to begin anew.",
    "malformed": "Put its backup back.",
    "locked": "Another program keeps it: end that, then start again.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Names of migrations: `missing` are those not applied yet, `unknown` those of another
    version. `is_empty` before the first start."""

    is_empty: bool
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def look() -> Tables:
    """Raises `UnableToRun` when the database cannot be asked, or contradicts itself."""
    try:
        connection.ensure_connection()
        loader = MigrationLoader(connection)
        loader.check_consistent_history(connection)
    except DatabaseError as error:
        raise UnableToRun(unusable(error)) from error
    except InconsistentMigrationHistory as error:
        raise UnableToRun(_CONTRADICTING.format(words=error)) from error
    applied = loader.applied_migrations.keys()
    known = loader.disk_migrations.keys()
    # An application that is not installed here at all may be an old one, which was taken out.
    ours = {name for name in applied if name[0] in loader.migrated_apps}
    return Tables(
        is_empty=not applied,
        missing=_names(key for key in loader.graph.nodes if key not in applied),
        unknown=_names(ours - known - {key for one in known for key in _replaced(loader, one)}),
    )


def refuse_newer() -> None:
    """Raises `UnableToRun` when a newer version has changed the tables."""
    unknown = look().unknown
    if unknown:
        raise UnableToRun(_NEWER.format(unknown=_first(unknown)))


def require() -> None:
    """For a command that needs them: tables are made where there are none yet.

    Raises `UnableToRun` when they are not those of this version.
    """
    try:
        found = look()
        if found.unknown:
            raise UnableToRun(_NEWER.format(unknown=_first(found.unknown)))
        if found.is_empty:
            bring_up_to_date()
        elif found.missing:
            raise UnableToRun(_OLDER.format(missing=_first(found.missing)))
    finally:
        connections.close_all()


def bring_up_to_date() -> None:
    """All that is missing, or nothing of it. Raises `UnableToRun`.

    In one transaction: whatever breaks it off leaves the tables of the version before.
    """
    refuse_newer()
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                # Inside a transaction this changes nothing, and altering a table needs it.
                cursor.execute("PRAGMA foreign_keys=OFF")
            else:
                # Held by the session: it ends with the connection, whatever happens.
                cursor.execute("SELECT pg_advisory_lock(%s)", [_POSTGRESQL_LOCK])
        with transaction.atomic():
            if connection.vendor != "sqlite":
                # A table with checks put off to the end cannot be altered.
                connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
            call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        raise UnableToRun(_HALF.format(words=_words(error))) from error
    finally:
        connections.close_all()


def unusable(error: DatabaseError | InterfaceError) -> str:
    """Says which database cannot be used, and what to do."""
    words = _words(error)
    if connection.vendor != "sqlite":
        return f"The database of DATABASE_URL cannot be used: {words}"
    name = Path(settings.DATABASES["default"]["NAME"])
    advice = [told for found, told in _ADVICE.items() if found in words.lower()]
    return " ".join([f"The database {name} cannot be used: {words}.", *advice[:1]])


def _words(error: DatabaseError | InterfaceError) -> str:
    return " ".join(str(error).split())


def _replaced(loader: MigrationLoader, key: tuple[str, str]) -> Sequence[tuple[str, str]]:
    return loader.disk_migrations[key].replaces


def _names(keys: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted(f"{app}.{name}" for app, name in keys))


def _first(names: Sequence[str]) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return names[0] + more
