"""Visits of a browser: each by a context of its own, so with a cold cache."""

from playwright.sync_api import Browser

from tests.benchmarks.measuring import percentile, table
from tests.playgrounds import Playground

TIMES = """
() => {
  const [navigation] = performance.getEntriesByType("navigation");
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return {
    answered: navigation.responseStart,
    scripts: navigation.domContentLoadedEventEnd,
    painted: paint ? paint.startTime : 0,
    htmx: typeof htmx !== "undefined",
  };
}
"""
HAS_PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length > 0"


def visits_table(browser: Browser, running: Playground, paths: dict[str, str], visits: int) -> str:
    """How long each page takes, taking turns; `bare page` is the one without htmx."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in paths}
    for number in range(visits + 1):
        for name, path in paths.items():
            times = _visit(browser, running.url + path)
            if name != "bare page" and not times["htmx"]:
                raise SystemExit(f"{path} was shown without htmx")
            if number:  # The first visit warms the server up.
                found[name].append(times)
    heads = ("page", "visits", "answered p50 ms", "painted p50", "usable p50", "usable p95")
    return table(heads, [_visit_row(name, times) for name, times in found.items()])


def _visit_row(name: str, found: list[dict[str, float]]) -> tuple[object, ...]:
    usable = [max(times["scripts"], times["painted"]) for times in found]
    numbers = (
        percentile([times["answered"] for times in found], 50),
        percentile([times["painted"] for times in found], 50),
        percentile(usable, 50),
        percentile(usable, 95),
    )
    return (name, len(found), *(f"{number:.1f}" for number in numbers))


def _visit(browser: Browser, url: str) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    try:
        page = context.new_page()
        page.goto(url)
        page.wait_for_function(HAS_PAINTED)
        return page.evaluate(TIMES)
    finally:
        context.close()


def weights_table(browser: Browser, running: Playground, paths: dict[str, str]) -> str:
    """What each page weighs with everything that it loads."""
    rows = [(name, *_weight(browser, running.url + path)) for name, path in paths.items()]
    return table(("page", "requests", "bytes over the wire", "of these the document"), rows)


def _weight(browser: Browser, url: str) -> tuple[int, int, int]:
    """Requests, bytes of all answers with their headers, and of the document's."""
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
    session.on(
        "Network.loadingFinished",
        lambda e: sizes.update({e["requestId"]: int(e["encodedDataLength"])}),
    )
    session.send("Network.enable")
    page.goto(url, wait_until="networkidle")
    context.close()
    document = sum(size for one, size in sizes.items() if kinds.get(one) == "Document")
    return len(sizes), sum(sizes.values()), document
