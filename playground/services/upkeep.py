"""What grows old and goes, once a day, whoever comes or does not come again."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from importlib import import_module

from django.conf import settings
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from playground.log_lines import event
from playground.sandbox import upkeep as sandbox_upkeep
from playground.services import api_calls, sign_in
from playground.services.jobs import kept as kept_jobs
from playground.services.jobs import looks
from playground.services.launches import kept_fields, split
from playground.services.ledger import leases, queue_once
from playground.services.presets import drafts, snapshots
from playground.services.row_sets import listing as row_set_listing
from playground.services.webhooks import deliveries

EVERY = dt.timedelta(days=1)
# Days for which the rows of the worker's tasks are kept: of those that were done, and that failed.
TASKS_KEPT, FAILED_TASKS_KEPT = 1, 14

logger = logging.getLogger(__name__)


def sweep(now: dt.datetime) -> None:
    """Drop what is too old. Idempotent; what fails keeps nothing else from being done."""
    for name, step in STEPS.items():
        try:
            step(now)
        except Exception:
            logger.exception(event("upkeep failed", of=name))
    logger.info(event("upkeep done"))


def _end_sessions(_: dt.datetime) -> None:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def _drop_tasks(now: dt.datetime) -> None:
    call_command(
        "prune_db_task_results",
        queue_name="*",
        min_age_days=TASKS_KEPT,
        failed_min_age_days=FAILED_TASKS_KEPT,
        verbosity=0,
    )
    # A worker that was killed leaves its task marked as running for ever.
    lost = now - dt.timedelta(days=FAILED_TASKS_KEPT)
    DBTaskResult.objects.filter(status="RUNNING", started_at__lt=lost).delete()


STEPS: Mapping[str, Callable[[dt.datetime], None]] = {
    "API calls": api_calls.forget_old,
    "sessions": _end_sessions,
    "wrong passwords": sign_in.forget_old,
    "long values of forms": kept_fields.forget_old,
    "drafts": drafts.forget_old,
    "shared payloads": snapshots.forget_old,
    "row sets": row_set_listing.forget_old,
    "results of jobs": kept_jobs.forget_old,
    "looks at jobs": looks.forget_old,
    "split launches": split.forget_old,
    "what webhooks were told": deliveries.forget_old,
    "leases": leases.forget_old,
    "tasks": _drop_tasks,
    "appointments": queue_once.forget_old,
    "sandbox": sandbox_upkeep.prune,
}
