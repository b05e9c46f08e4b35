"""What a launch in another language needs of the server: 10 steps × 50 rows, and 100,000 rows.

    .venv/bin/python -m tests.benchmarks.snippets

Each language beside the form and as text, one connection, one request after the other; *work* is
what the server does for one, the same however busy the machine is. Goal: 20 ms. (That no text has
more than 1 MB is tested.)
"""

from __future__ import annotations

import argparse

from playground.payload.show.snippets.targets import TARGETS
from tests.benchmarks import rows
from tests.benchmarks.load import measure
from tests.benchmarks.measuring import cpu_seconds_of, playground, server_processes, table
from tests.benchmarks.visitor import Visitor, fields_of
from tests.playgrounds import Playground

Fields = list[tuple[str, str]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=100, help="of each view (%(default)s)")
    parser.add_argument("--rows", type=int, default=100_000, help="of a table (%(default)s)")
    options = parser.parse_args()
    with playground(SANDBOX_PLAN_LIMIT="0") as running:
        visitor = Visitor(running.port)
        uid = visitor.largest_workflow()
        fields = visitor.form(uid, rows=50, has_accounts=True)
        print(views_table(running, visitor, uid, fields, options.requests, "50 rows"))
        uid = rows.workflow_of_companies(visitor)
        cells = rows.cells_of(visitor, uid, options.rows)
        pk = rows.import_table(visitor, uid, "leads.csv", rows.file_of("csv", cells))
        fields = fields_of(visitor.get(f"/workflows/{uid}/?row_set={pk}"))
        name = f"{options.rows:,} rows"
        print(views_table(running, visitor, uid, fields, options.requests, name))


def views_table(
    running: Playground, visitor: Visitor, uid: str, fields: Fields, requests: int, name: str
) -> str:
    web = server_processes(running.process.pid)["web server"]
    views = {"the preview, to compare": "preview/", "beside the form": "snippets/panel/"}
    views |= {target: f"snippets/{target}" for target in TARGETS}
    lines = []
    for view, path in views.items():
        request = visitor.post(f"/workflows/{uid}/launch/{path}", fields)
        measure(running.port, request, connections=1, requests=10)
        before = cpu_seconds_of(web)
        found = measure(running.port, request, connections=1, requests=requests)
        work = (cpu_seconds_of(web) - before) / len(found.latencies) * 1000
        lines.append((view, found.size, f"{found.p50:.2f}", f"{found.p95:.2f}", f"{work:.1f}"))
    return table((name, "answered bytes", "p50 ms", "p95 ms", "work ms"), lines)


if __name__ == "__main__":
    main()
