"""What the benchmarks share: a running playground, memory, percentiles, tables."""

import os
import statistics
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.playgrounds import Playground, Starter
from tests.running.processes import descendants


@contextmanager
def playground(*options: str, **variables: str) -> Iterator[Playground]:
    """A playground of its own on a free port, with the benchmark's extra addresses."""
    with tempfile.TemporaryDirectory(prefix="playground-benchmark-") as name:
        starter = Starter(folder=Path(name), static=Path(name, "kept"))
        starter.static.mkdir()
        variables = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings"} | variables
        try:
            yield starter.start(*options, **variables)
        finally:
            starter.stop_all()


def percentile(values: Iterable[float], percent: int) -> float:
    """The smallest value that `percent` of 100 values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def memory_of(pids: Iterable[int]) -> tuple[float, float]:
    """Resident memory of processes in MB: counted per process, and with shared pages once."""
    resident = shared_once = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name == "Rss":
                resident += int(rest.split()[0])
            elif name == "Pss":
                shared_once += int(rest.split()[0])
    return resident / 1024, shared_once / 1024


def cpu_seconds_of(pids: Iterable[int]) -> float:
    """Time that processes have been at work, all threads: the same however busy the machine is."""
    ticks = 0
    for pid in pids:
        # What follows the name, which may have spaces; see proc(5).
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def server_processes(pid: int) -> dict[str, list[int]]:
    """The processes of a running playground, by what they are for."""
    below = descendants(pid)
    server = next(one for one, line in below.items() if "playground.wsgi" in line)
    worker = next(one for one, line in below.items() if "db_worker" in line)
    web = [server, *descendants(server)]
    return {"run": [pid], "web server": web, "background worker": [worker]}


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table, aligned so that it also reads well in a terminal."""
    cells = [[str(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(len(row[index]) for row in cells) for index in range(len(heads))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


@contextmanager
def peak_memory(pids: list[int]) -> Iterator[list[float]]:
    """The most memory above that of the beginning, looked at ten times a second."""
    idle, most, is_over = memory_of(pids)[0], [0.0], threading.Event()

    def watch() -> None:
        while not is_over.wait(0.1):
            most[0] = max(most[0], memory_of(pids)[0] - idle)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield most
    finally:
        is_over.set()
        thread.join()
