"""Until a page of the reference can be used, what it weighs, and what the server needs for it.

    .venv/bin/python -m tests.benchmarks.reference

Pages take turns with a bare static page that the same server sends through the same middleware, as
in `tests.benchmarks.page`. The answer that is looked at is the sandbox's listing of workflows.
"""

import argparse
import html
import re

from tests.benchmarks.load import measure
from tests.benchmarks.measuring import cpu_seconds_of, playground, server_processes, table
from tests.benchmarks.visitor import Visitor
from tests.benchmarks.visits import visits_table, weights_table
from tests.browser import find_chromium, launched_chromium
from tests.playgrounds import Playground

PAGES = {
    "bare page": "bare/",
    "overview": "reference/",
    "launch a workflow": "reference/launch_workflow/",
    "list accounts": "reference/list_accounts/",
    "guide": "reference/guides/rate-limits/",
    "search": "reference/?q=cookie",
    "form of a try": "reference/list_users/try/",
    "answer of a try": "",
    "history": "reference/tries/",
}
DOCUMENTS = {
    "OpenAPI document": "reference/openapi.json",
    "Markdown": "reference/launch_workflow.md",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--visits", type=int, default=20, help="of each page (%(default)s)")
    parser.add_argument("--requests", type=int, default=300, help="of each page (%(default)s)")
    options = parser.parse_args()
    with playground() as running:
        visitor = Visitor(running.port)
        pages = PAGES | {"answer of a try": _send_try(visitor)}
        with launched_chromium(find_chromium()) as browser:
            print(visits_table(browser, running, pages, options.visits), "\n")
            print(weights_table(browser, running, pages), "\n")
        print(_server(running, visitor, pages | DOCUMENTS, options.requests))


def _send_try(visitor: Visitor) -> str:
    """The path of the answer to the listing of workflows."""
    form = visitor.get("/reference/list_workflows/try/")
    (token,) = re.findall(r'name="token" value="([^"]*)"', form)
    shown = visitor.send("/reference/list_workflows/try/", [("token", html.unescape(token))])
    (number,) = set(re.findall(r"/reference/tries/(\d+)/answer", shown))
    return f"reference/tries/{number}/"


def _server(running: Playground, visitor: Visitor, paths: dict[str, str], requests: int) -> str:
    """One connection, one request after the other."""
    web = server_processes(running.process.pid)["web server"]
    rows = []
    for name, path in paths.items():
        before = cpu_seconds_of(web)
        found = measure(running.port, visitor.view(f"/{path}"), connections=1, requests=requests)
        work = (cpu_seconds_of(web) - before) / len(found.latencies) * 1000
        rows.append((name, found.size, f"{found.p50:.2f}", f"{found.p95:.2f}", f"{work:.2f}"))
    return table(("server alone", "answered bytes", "p50 ms", "p95 ms", "work ms"), rows)


if __name__ == "__main__":
    main()
