"""Django's command line, which looks at the tables before a command that needs them."""

from __future__ import annotations

from django.core.management import ManagementUtility
from django.core.management.base import BaseCommand

from playground.running import tables

# They make the tables, or never look at them.
_WITHOUT_TABLES = frozenset(
    {"run", "migrate", "makemigrations", "showmigrations", "sqlmigrate", "squashmigrations"}
    | {"optimizemigration", "check", "collectstatic", "findstatic", "diffsettings", "help"}
    | {"compilemessages", "makemessages", "startapp", "startproject", "test", "testserver"}
    | {"dbshell", "inspectdb", "sendtestemail", "sqlflush", "sqlsequencereset"}
)
_ONLY_TELLS = frozenset({"-h", "--help", "--version"})


class CommandLine(ManagementUtility):
    def fetch_command(self, subcommand: str) -> BaseCommand:
        """Raises `UnableToRun` when the command needs tables that are not there."""
        command = super().fetch_command(subcommand)
        is_asked_for = self.argv[1:2] == [subcommand] and not _ONLY_TELLS & set(self.argv)
        if is_asked_for and subcommand not in _WITHOUT_TABLES:
            tables.require()
        return command
