"""What a call to the sandbox costs when many jobs were launched before it.

    .venv/bin/python -m tests.benchmarks.sandbox [--launches 100 3000 30000]

All launches are of one workflow whose accounts have daily limits, and all but the latest are over;
one in a hundred was cancelled, and as often an account was renewed. They are in a new SQLite
database. Each call is made by one caller, in process, some seconds after the call before; "first"
is the first one of a new process.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import django

from tests.benchmarks.measuring import median, table

START = datetime(2025, 3, 1, 12, tzinfo=UTC)
REPEATS = 15


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--launches", type=int, nargs="+", default=[100, 3_000, 30_000])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="playground-benchmark-") as name:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "playground.settings", "DATA_DIR": name}
        os.environ["SECRET_KEY"] = "only for a benchmark, and long enough to be one: 0123456789"
        django.setup()
        columns = [_measure(count) for count in options.launches]
    heads = ["call, median ms", *(f"{count:,} launches" for count in options.launches)]
    rows = [(call, *(f"{found[call]:.1f}" for found in columns)) for call in columns[0]]
    print(table(heads, rows))


def _measure(count: int) -> dict[str, float]:
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    sandbox = _Sandbox()
    uid = sandbox.fill(count)
    visit, find = sandbox.visit, sandbox.find
    calls: dict[str, Callable[[], object]] = {
        "first get_job": lambda: sandbox.get(f"/jobs/{uid}"),
        "get_job": lambda: sandbox.get(f"/jobs/{uid}"),
        "launch": lambda: sandbox.launch(visit),
        "launch without limits": lambda: sandbox.launch(find),
        "list_jobs": lambda: sandbox.get(f"/workflows/{visit}/jobs"),
        "list_jobs, page 10": lambda: sandbox.get(f"/workflows/{visit}/jobs?page=10"),
        "get_last_results": lambda: sandbox.get(f"/workflows/{visit}/results/last"),
        "list_accounts": lambda: sandbox.get("/integrations/linkedin/accounts"),
        "get_workspace": lambda: sandbox.get("/workspace"),
        "list_users": lambda: sandbox.get("/users"),
    }
    return {name: sandbox.cost(call, name.startswith("first")) for name, call in calls.items()}


class _Sandbox:
    """The world of the tests over the database."""

    def __init__(self) -> None:
        from playground.sandbox.storage.database import DatabaseStore
        from tests.sandbox import world
        from tests.sandbox.limits import limited

        self._world = world.World(store=DatabaseStore())
        self.visit, self.find = limited.VISIT.uid, world.FIND.uid
        self._bodies = {
            self.visit: json.dumps(world.body(limited.VISIT, [limited.ROW] * 3, limited.OMAR)),
            self.find: json.dumps(world.body(world.FIND, [world.PERSON] * 3)),
        }

    def fill(self, count: int) -> str:
        """Puts launches into the store, one every hour. The UID of the latest one's job."""
        from django.db import transaction

        from playground.sandbox import catalog
        from playground.sandbox.jobs import uids as job_uids
        from playground.sandbox.records import Change, Event

        store, account = self._world.store, catalog.ACCOUNTS[0]
        self.launch(self.visit)
        (sample,) = store.list_unsettled()
        with transaction.atomic():
            for number in range(count - 1):
                self._world.pass_seconds(3_600)
                seed, now = store.new_seed(), self._world.now
                prefix = job_uids.make_prefix(seed)
                made = replace(sample, prefix=prefix, seed=seed, created_at=now)
                store.add_launch(made, self._bodies[self.visit].encode())
                if number % 100 == 0:
                    store.add_event(prefix, Event(kind="cancel", at=now + timedelta(seconds=1)))
                    store.add_change(Change(uid=account.uid, at=now, account=account))
                store.settle([prefix])
        self._world.pass_seconds(60)
        return job_uids.first_job(made.prefix if count > 1 else sample.prefix)

    def get(self, path: str) -> object:
        return self._world.get(path)

    def launch(self, workflow_uid: str) -> str:
        path = f"/workflows/{workflow_uid}/schedule"
        uid: str = self._world.post(path, self._bodies[workflow_uid].encode())["job_uid"]
        return uid

    def cost(self, call: Callable[[], object], is_first: bool) -> float:
        times = []
        for _ in range(1 if is_first else REPEATS):
            self._world.pass_seconds(20)
            started = time.perf_counter()
            call()
            times.append((time.perf_counter() - started) * 1_000)
        return median(times)


if __name__ == "__main__":
    main()
