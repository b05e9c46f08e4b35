"""What a launch in another language needs of the server: 10 steps × 50 rows.

    .venv/bin/python -m tests.benchmarks.snippets

Each language beside the form and as text, one connection, one request after the other; and the
largest payload that is still part of a snippet. Goal: 20 ms, and never more than 1 MB of text.
"""

from __future__ import annotations

import argparse

from playground.payload.show.snippets.targets import TARGETS
from tests.benchmarks.load import measure
from tests.benchmarks.measuring import playground, table
from tests.benchmarks.visitor import Visitor


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=100, help="of each view (%(default)s)")
    options = parser.parse_args()
    rows = []
    with playground(SANDBOX_PLAN_LIMIT="0") as running:
        visitor = Visitor(running.port)
        uid = visitor.largest_workflow()
        fields = visitor.form(uid, rows=50, has_accounts=True)
        views = {"the preview, to compare": f"/workflows/{uid}/launch/preview/"}
        views["beside the form"] = f"/workflows/{uid}/launch/snippets/panel/"
        views |= {name: f"/workflows/{uid}/launch/snippets/{name}" for name in TARGETS}
        for name, path in views.items():
            request = visitor.post(path, fields)
            measure(running.port, request, connections=1, requests=10)
            found = measure(running.port, request, connections=1, requests=options.requests)
            rows.append((name, found.size, f"{found.p50:.2f}", f"{found.p95:.2f}"))
    print(table(("view", "answered bytes", "p50 ms", "p95 ms"), rows))


if __name__ == "__main__":
    main()
