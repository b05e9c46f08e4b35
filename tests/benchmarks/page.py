"""Until a playground page can be used, what it weighs, and what the server needs for it.

    .venv/bin/python -m tests.benchmarks.page

A page can be used when its fields take text and its scripts, htmx among them, have run: that is
the end of `DOMContentLoaded`, or the first paint if that comes later. Every visit is by a browser
context of its own, so with a cold cache, and takes turns with a bare static page that the same
server sends through the same middleware.
"""

import argparse
from collections.abc import Iterator

from tests.benchmarks.load import Measured, measure
from tests.benchmarks.measuring import memory_of, playground, server_processes, table
from tests.benchmarks.visitor import Visitor
from tests.benchmarks.visits import visits_table, weights_table
from tests.browser import find_chromium, launched_chromium
from tests.playgrounds import Playground


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--visits", type=int, default=20, help="of each page (%(default)s)")
    parser.add_argument("--requests", type=int, default=1_000, help="of each view (%(default)s)")
    parser.add_argument("--workflow", help="uid of the page's workflow; the first one listed")
    options = parser.parse_args()
    with playground() as running:
        visitor = Visitor(running.port)
        uid = options.workflow or visitor.workflows()[0]
        paths = {"bare page": "bare/", "playground page": f"workflows/{uid}/"}
        with launched_chromium(find_chromium()) as browser:
            print(visits_table(browser, running, paths, options.visits), "\n")
            print(weights_table(browser, running, paths), "\n")
        print(_views(running.port, visitor, uid, options.requests), "\n")
        print(_memory(running))


def _views(port: int, visitor: Visitor, uid: str, requests: int) -> str:
    """One connection, one request after the other: what a person alone with the server meets."""
    kinds = {
        "empty view, same fields": ("/empty/", uid, 1),
        "preview, 1 row": ("", uid, 1),
        "preview, most steps, 50 rows": ("", visitor.largest_workflow(), 50),
    }
    rows = []
    for name, (path, workflow, count) in kinds.items():
        request = visitor.preview(workflow, rows=count, path=path)
        found = measure(port, request, connections=1, requests=requests)
        rows.append((name, *_view_row(found, len(request.body))))
    return table(("view", "sent bytes", "answered bytes", "p50 ms", "p95 ms"), rows)


def _view_row(found: Measured, sent: int) -> tuple[object, ...]:
    return (sent, found.size, f"{found.p50:.2f}", f"{found.p95:.2f}")


def _memory(running: Playground) -> str:
    return table(
        ("processes", "number", "memory MB", "with shared pages counted once"),
        list(_memory_rows(server_processes(running.process.pid))),
    )


def _memory_rows(processes: dict[str, list[int]]) -> Iterator[tuple[object, ...]]:
    totals = [0.0, 0.0]
    for name, pids in processes.items():
        resident, shared_once = memory_of(pids)
        totals = [totals[0] + resident, totals[1] + shared_once]
        yield name, len(pids), f"{resident:.0f}", f"{shared_once:.0f}"
    number = sum(map(len, processes.values()))
    yield "together", number, f"{totals[0]:.0f}", f"{totals[1]:.0f}"


if __name__ == "__main__":
    main()
