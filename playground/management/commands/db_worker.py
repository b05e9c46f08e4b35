"""`manage.py db_worker`, as the tasks' backend brings it, with two changes.

Before it begins it looks after what an earlier worker left behind. And its logs are quieter: its
own levels are everything or nothing, each task told when it starts and ends, or not even the
failures. Here the failures are told, with their traceback, and the rest is not.
"""

from __future__ import annotations

import logging
from typing import Any

from django.utils import timezone
from django_tasks_db.management.commands import db_worker

import playground
from playground import worker_presence as presence
from playground.services import tasks


class Command(db_worker.Command):
    def get_version(self) -> str:
        return f"Playground {playground.__version__}"

    def handle(self, **options: Any) -> None:
        with presence.announce_worker():
            self._work(**options)

    def _work(self, **options: Any) -> None:
        # The launches' own rows say what is still to be done.
        tasks.sweep_launches.enqueue()
        tasks.sweep_row_sets.enqueue()
        tasks.sweep_kept_jobs.enqueue()
        tasks.sweep_launch_groups.enqueue()
        tasks.sweep_webhooks.enqueue()
        tasks.look_at_jobs_soon(timezone.now())
        tasks.keep_house_soon(timezone.now())
        super().handle(**options)

    def configure_logging(self, verbosity: int) -> None:
        super().configure_logging(verbosity)
        if verbosity == 1:
            for name in ("django_tasks", "django_tasks_db"):
                logging.getLogger(name).setLevel(logging.ERROR)
