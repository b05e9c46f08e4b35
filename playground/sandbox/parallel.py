"""How many inputs run in parallel (section 1.5), and which launches are over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from playground.contract import jobs
from playground.sandbox import engine
from playground.sandbox.account_book import AccountBook
from playground.sandbox.account_limits import circumstances
from playground.sandbox.attempts import Circumstances
from playground.sandbox.engine import Run
from playground.sandbox.records import Launch
from playground.sandbox.store import JobStore

# Of a schedule, only the latest runs are looked at: older ones are long over.
MOST_RUNS = 100


def inputs_in_flight(store: JobStore, now: datetime, book: AccountBook) -> int:
    """Inputs of all runs now running or pending. Settles the launches found to be over."""
    total, over = 0, []
    launches = store.list_unsettled()
    around = circumstances(store, (launch.workflow_uid for launch in launches), now, book)
    for launch in launches:
        runs = tuple(_latest_runs(launch, now, around))
        total += sum(_in_flight(run) for run in runs)
        if all(run.is_final for run in runs) and not launch.plan.is_repeating:
            over.append(launch.prefix)
    store.settle(over)
    return total


def _latest_runs(launch: Launch, now: datetime, around: Circumstances) -> Iterator[Run]:
    count = engine.count_occurrences(launch, now)
    for occurrence in range(max(0, count - MOST_RUNS), count):
        run = engine.run_at(launch, occurrence, now, around)
        if run is not None:
            yield run


def _in_flight(run: Run) -> int:
    is_counted = run.latest.status in (jobs.RUNNING, jobs.PENDING)
    return run.latest.attempt.plan.number_rows if is_counted else 0
