"""`manage.py db_worker`, as the tasks' backend brings it, with quieter logs.

Its own levels are everything or nothing: each task told when it starts and ends, or not even the
failures. Here the failures are told, with their traceback, and the rest is not.
"""

from __future__ import annotations

import logging

from django_tasks_db.management.commands import db_worker


class Command(db_worker.Command):
    def configure_logging(self, verbosity: int) -> None:
        super().configure_logging(verbosity)
        if verbosity == 1:
            for name in ("django_tasks", "django_tasks_db"):
                logging.getLogger(name).setLevel(logging.ERROR)
