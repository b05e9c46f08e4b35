"""Two web servers side by side, on an empty view and on the live preview.

    .venv/bin/python -m tests.benchmarks.servers

Each server gets the same processes and threads, and they take turns, so that whatever else the
machine does meets both. The load comes from this machine and competes with the server for it.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playground.running import addresses, children, servers
from tests.benchmarks.load import Request, measure
from tests.benchmarks.measuring import median, memory_of, percentile, table
from tests.benchmarks.visitor import Visitor
from tests.environment import PROJECT, without_variables
from tests.running.processes import descendants

CONNECTIONS = (1, 8)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--requests", type=int, default=2_000, help="in each round (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="of each server (%(default)s)")
    parser.add_argument("--workflow", help="uid whose preview is asked for; the first one listed")
    parser.add_argument("--empty-only", action="store_true", help="leave the preview out")
    options = parser.parse_args()
    size = servers.Size(processes=options.processes, threads=options.threads)
    rounds: dict[tuple[str, int, str], list] = {}
    memory: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="playground-benchmark-") as folder:
        environment = _environment(Path(folder))
        for _ in range(options.rounds):
            for name in servers.SERVERS:
                with _serving(name, size, environment) as (port, pid):
                    for what, request in _requests(port, options):
                        for connections in CONNECTIONS:
                            found = measure(
                                port, request, connections=connections, requests=options.requests
                            )
                            rounds.setdefault((what, connections, name), []).append(found)
                    memory.setdefault(name, []).append(memory_of([pid, *descendants(pid)])[0])
    heads = ("endpoint", "connections", "server", "requests/s", "p50 ms", "p95 ms", "bytes")
    print(table(heads, map(_row, sorted(rounds), (rounds[key] for key in sorted(rounds)))))
    print()
    print(
        table(
            ("server", "memory after the load, MB"),
            [(name, f"{median(values):.0f}") for name, values in memory.items()],
        )
    )


def _row(key: tuple[str, int, str], found: list) -> tuple[object, ...]:
    latencies = [latency for one in found for latency in one.latencies]
    return (
        *key,
        f"{median(one.per_second for one in found):.0f}",
        f"{percentile(latencies, 50):.2f}",
        f"{percentile(latencies, 95):.2f}",
        found[0].size,
    )


def _requests(port: int, options: argparse.Namespace) -> Iterator[tuple[str, Request]]:
    visitor = Visitor(port)
    visitor.get("/")
    yield "GET empty view", visitor.view("/empty/")
    yield "POST empty view", visitor.post("/empty/", [("job_name", "A name")] * 20)
    if not options.empty_only:
        uid = options.workflow or visitor.workflows()[0]
        yield "POST preview", visitor.preview(uid)


def _environment(folder: Path) -> dict[str, str]:
    """The environment of a prepared playground in `folder`."""
    environment = without_variables(os.environ) | {
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/playground.sqlite3",
        "UPSTREAM_URL": "",
        "PLAYGROUND_SIGN_IN": "local",
    }
    for command in (["migrate"], ["collectstatic", "--no-input"]):
        arguments = [sys.executable, str(PROJECT / "manage.py"), *command, "-v0"]
        child = children.Child(arguments, environment)
        while child.exit_code is None:
            time.sleep(0.05)
        if child.exit_code:
            raise SystemExit(f"{command[0]} failed")
    return environment


@contextmanager
def _serving(
    name: str, size: servers.Size, environment: dict[str, str]
) -> Iterator[tuple[int, int]]:
    """A server that answers: its port and the process that was started."""
    address = addresses.claim("127.0.0.1", 0)
    command = servers.SERVERS[name](address, size)
    child = children.Child(command, servers.child_environment(environment))
    try:
        while not _answers(address.port):
            if child.exit_code is not None:
                raise SystemExit(f"{name} ended with exit code {child.exit_code}")
            time.sleep(0.05)
        yield address.port, child.pid
    finally:
        children.stop_all([child], seconds=10)


def _answers(port: int) -> bool:
    try:
        Visitor(port).get("/")
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
