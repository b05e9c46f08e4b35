"""Two payloads of many rows compared: seconds of work, and memory above what they take themselves.

    .venv/bin/python -m tests.benchmarks.diff

Each case runs in a process of its own, so that its memory is its own. The goal for 100,000 rows:
2 s and 150 MB.
"""

import argparse
import gc
import multiprocessing
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from playground.payload import diff
from tests.benchmarks.measuring import table

KEYS = (("email",),)
# What becomes of the rows on the other side.
CASES: dict[str, Callable[[list[dict[str, Any]]], list[dict[str, Any]]]] = {
    "the same": lambda rows: rows,
    "keys in another order": lambda rows: [dict(reversed(row.items())) for row in rows],
    "each changed": lambda rows: [row | {"city": "Lyon"} for row in rows],
    "the other way round": lambda rows: rows[::-1],
    "half gone, half new": lambda rows: [
        row if at % 2 else row | {"email": f"new-{row['email']}"} for at, row in enumerate(rows)
    ],
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--rows", type=int, nargs="*", default=[1_000, 100_000], help="(%(default)s)"
    )
    options = parser.parse_args()
    found = []
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        for name in CASES:
            for by in ("key", "position"):
                told = [pool.apply(measure, (name, by, count)) for count in options.rows]
                found.append((f"{name}, by {by}", *told))
    print(table(("rows", *(f"{count:,} each" for count in options.rows)), found))


def measure(name: str, by: str, count: int) -> str:
    """Work and memory of one comparison, with a page of the rows that differ."""
    rows = [
        {
            "email": f"person-{at}@example.com",
            "first_name": "Zoë",
            "company_name": f"Company {at} GmbH",
            "city": "Köln",
            "meta": {"id": at, "score": at / 7},
        }
        for at in range(count)
    ]
    payloads = [msgspec.json.encode({"inputs": one}) for one in (rows, CASES[name](rows))]
    size = sum(map(len, payloads)) / 2
    del rows
    forget_peak()
    before, started = memory(), time.process_time()
    left, right = map(diff.side_of_payload, payloads)
    result = diff.compare(left, right, KEYS if by == "key" else ())
    diff.read_rows(left, right, result.rows, range(50))
    seconds = time.process_time() - started
    return f"{seconds:.2f} s, {memory() - before:.0f} MB ({size / 1e6:.0f} MB each)"


def forget_peak() -> None:
    """What the process took before does not count: Linux, proc(5)."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")


def memory() -> float:
    """The most that the process took since, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    main()
