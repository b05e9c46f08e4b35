"""What preflight needs of the server, beside the preview of the same form.

    .venv/bin/python -m tests.benchmarks.preflight

Every step has an account, and twenty launches of the workflow are on record to compare with. All
answers of the upstream are warm, as they are while somebody types; they are renewed as usual when
they get too old. One connection, one request after the other.
"""

import argparse
import http.client

from tests.benchmarks.load import Request, measure
from tests.benchmarks.measuring import playground, table
from tests.benchmarks.visitor import Visitor

LAUNCHES = 20


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=1_000, help="of each view (%(default)s)")
    options = parser.parse_args()
    with playground(SANDBOX_PLAN_LIMIT="0") as running:
        visitor = Visitor(running.port)
        drafts = {
            "1 step × 1 row": (visitor.workflows()[0], 1),
            "10 steps × 50 rows": (visitor.largest_workflow(), 50),
            "10 steps × 500 rows": (visitor.largest_workflow(), 500),
        }
        for uid in {uid for uid, _ in drafts.values()}:
            _launch(visitor, uid)
        rows = []
        for name, (uid, count) in drafts.items():
            fields = visitor.form(uid, rows=count, has_accounts=True)
            for view in ("preview", "preflight"):
                request = visitor.post(f"/workflows/{uid}/launch/{view}/", fields)
                measure(running.port, request, connections=1, requests=20)
                found = measure(running.port, request, connections=1, requests=options.requests)
                rows.append((f"{view}, {name}", found.size, f"{found.p50:.2f}", f"{found.p95:.2f}"))
    print(table(("view", "answered bytes", "p50 ms", "p95 ms"), rows))


def _launch(visitor: Visitor, uid: str) -> None:
    for number in range(LAUNCHES):
        fields = visitor.form(uid, rows=50, text=f"launch-{number % 2}", has_accounts=True)
        request = visitor.post(f"/workflows/{uid}/launch/", fields, is_part=False)
        status = _status(visitor.port, request)
        if status != 303:
            raise SystemExit(f"A launch of workflow {uid} was answered with {status}.")


def _status(port: int, request: Request) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    line.request(request.method, request.path, request.body, dict(request.headers))
    status = line.getresponse().status
    line.close()
    return status


if __name__ == "__main__":
    main()
