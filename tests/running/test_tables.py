"""Tables of another version, or none, are told before anything needs them."""

import errno
import os

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from playground.management.command_line import CommandLine
from playground.running import UnableToRun, preparation, tables

pytestmark = pytest.mark.django_db


@pytest.fixture
def recorded(monkeypatch):
    """What the database says was applied; nothing is closed, as the test's transaction needs it."""
    monkeypatch.setattr(tables.connections, "close_all", lambda: None)
    return MigrationRecorder(connection)


def test_tables_of_this_version_are_taken(recorded):
    assert tables.look() == tables.Tables(is_empty=False)
    tables.require()
    tables.refuse_newer()


@pytest.mark.parametrize("app", ["playground", "sandbox", "auth", "django_tasks_database"])
@pytest.mark.parametrize("check", [tables.require, tables.refuse_newer, tables.bring_up_to_date])
def test_a_newer_database_is_refused(recorded, app, check):
    recorded.record_applied(app, "9999_later")

    with pytest.raises(
        UnableToRun, match=rf"by a newer version .*\(unknown here: {app}\.9999_later\)"
    ):
        check()


def test_an_application_that_was_taken_out_is_no_newer_version(recorded):
    recorded.record_applied("taken_out", "0001_initial")

    tables.refuse_newer()


@pytest.mark.parametrize("app", ["playground", "sandbox"])
def test_an_older_database_is_not_used_by_other_commands(recorded, app):
    last = max(key for key in recorded.applied_migrations() if key[0] == app)
    recorded.record_unapplied(*last)

    with pytest.raises(UnableToRun, match=rf"of an older version .*\(missing: {app}\.{last[1]}\)"):
        tables.require()


@pytest.mark.parametrize("app", ["playground", "auth"])
def test_a_history_with_a_hole_is_one_sentence(recorded, app):
    recorded.record_unapplied(app, "0001_initial")

    with pytest.raises(UnableToRun, match=r"^The database is neither of this version"):
        tables.look()


@pytest.mark.parametrize("command", ["createsuperuser", "changepassword", "db_worker", "loaddata"])
def test_commands_that_need_tables_look_at_them(recorded, command):
    recorded.record_applied("playground", "9999_later")

    with pytest.raises(UnableToRun):
        CommandLine(["manage.py", command]).fetch_command(command)
    CommandLine(["manage.py", command, "--help"]).fetch_command(command)


@pytest.mark.parametrize("command", ["createsuperuser", "changepassword", "loaddata"])
def test_commands_before_the_first_start_make_the_tables(recorded, monkeypatch, command):
    made = []
    monkeypatch.setattr(tables, "look", lambda: tables.Tables(is_empty=True, missing=("a.0001",)))
    monkeypatch.setattr(tables, "bring_up_to_date", lambda: made.append(command))

    CommandLine(["manage.py", command]).fetch_command(command)

    assert made == [command]


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (errno.ENOSPC, "No space left on device"),
        (errno.EROFS, "Read-only file system"),
        (errno.EACCES, "Permission denied"),
        (errno.EDQUOT, "Disk quota exceeded"),
    ],
)
def test_a_folder_that_takes_nothing_is_one_sentence(monkeypatch, number, why):
    def fail() -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tables, "bring_up_to_date", fail)

    with pytest.raises(UnableToRun, match=rf"DATA_DIR .* cannot be written to: {why}\.$"):
        preparation.prepare()


@pytest.mark.parametrize("command", ["migrate", "check", "run", "showmigrations"])
def test_commands_that_make_tables_do_not(recorded, command):
    recorded.record_applied("playground", "9999_later")

    CommandLine(["manage.py", command]).fetch_command(command)


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        ("attempt to write a readonly database", "must be able to write to the file"),
        ("database or disk is full", "Make room on its disk"),
        ("file is not a database", "Put its backup back"),
        ("unable to open database file", "must be able to write to the file"),
    ],
)
def test_what_sqlite_says_becomes_advice(words, advice, monkeypatch):
    monkeypatch.setattr(connection, "vendor", "sqlite")

    assert advice in tables.unusable(DatabaseError(words))
