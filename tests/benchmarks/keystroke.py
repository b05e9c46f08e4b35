"""From a keystroke to the painted preview, in a real Chromium.

    .venv/bin/python -m tests.benchmarks.keystroke

Each keystroke is timed inside the page, on the page's own clock: from the keydown event's
`timeStamp` until the preview that contains the typed text is painted. A MutationObserver sees the
swap, in the same task as the swap itself. `requestAnimationFrame` then runs just before that
frame is laid out and painted, and a message posted from it just after: the message's arrival is
the end of the measure. (A second `requestAnimationFrame` instead would wait for the next frame,
up to 16.7 ms after the paint.) The debounce, the request, the server, the swap and the wait for
the screen's next frame are all included.

A keystroke counts only when the preview shows the whole text typed so far, which no preview did
before: `checked` says for how many that was so.
"""

import argparse
import random
import time
from typing import Any

from playwright.sync_api import Page

from tests.benchmarks.measuring import percentile, playground, table
from tests.benchmarks.visitor import Visitor
from tests.browser import find_chromium, launched_chromium

Stroke = dict[str, Any]
STAGES = ("asked", "answered", "swapped", "painted")
TIMEOUT_SECONDS = 3
TEXT_LENGTH = 20
WATCH = """
() => {
  const preview = document.getElementById("launch-preview");
  let stroke = null;
  window.strokes = [];
  performance.setResourceTimingBufferSize(10_000);
  addEventListener("keydown", (event) => { stroke = { at: event.timeStamp, text: null }; }, true);
  addEventListener("input", (event) => { if (stroke) stroke.text = event.target.value; }, true);
  new MutationObserver(() => {
    if (!stroke?.text || !preview.textContent.includes(stroke.text)) return;
    const { at, text } = stroke;
    const swapped = performance.now() - at;
    stroke = null;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        const painted = performance.now() - at;
        const request = performance.getEntriesByType("resource").at(-1);
        const [asked, answered] = [request.startTime - at, request.responseEnd - at];
        strokes.push({ text, asked, answered, swapped, painted });
      };
      channel.port2.postMessage(null);
    });
  }).observe(preview, { childList: true, subtree: true, characterData: true });
}
"""
FILL_ROWS = """
() => {
  for (const field of document.querySelectorAll("[name^='inputs-']")) {
    if (field.type !== "hidden") field.value = `acme ${field.name}`;
  }
  document.querySelector("[name=job_name]").dispatchEvent(new Event("input", { bubbles: true }));
}
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--keystrokes", type=int, default=200, help="for each draft (%(default)s)")
    parser.add_argument("--gap", type=float, default=80, help="ms between them (%(default)s)")
    parser.add_argument("--small", help="uid of the small draft's workflow; the first one listed")
    parser.add_argument("--large", help="uid of the large draft's; the one with the most steps")
    parser.add_argument("--rows", type=int, default=50, help="of the large draft (%(default)s)")
    options = parser.parse_args()
    with playground() as running, launched_chromium(find_chromium()) as browser:
        visitor = Visitor(running.port)
        small = options.small or visitor.workflows()[0]
        large = options.large or visitor.largest_workflow()
        rows = []
        for name, uid, count in (("small", small, 1), ("large", large, options.rows)):
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"{running.url}workflows/{uid}/")
            _fill(page, count)
            strokes = _type(page, options.keystrokes, options.gap / 1000)
            rows.append((name, _shape(page), *_figures(strokes, options.keystrokes)))
            page.close()
    stages = [f"{stage} {figure}" for stage in STAGES for figure in ("p50", "p95")]
    print(table(("draft", "steps × rows", "checked", *stages, "worst"), rows))
    print("\nAll in ms since the keydown event; `painted` is the figure.")


def _fill(page: Page, rows: int) -> None:
    for _ in range(rows - 1):
        page.click("#add-row")
    with page.expect_response(lambda answer: "/launch/preview/" in answer.url):
        page.evaluate(FILL_ROWS)
    page.wait_for_load_state("networkidle")
    page.evaluate(WATCH)


def _type(page: Page, count: int, gap: float) -> list[Stroke]:
    """Type into the first input, a new text after every 20 keystrokes."""
    chance = random.Random(5)
    field = page.locator("[name^='inputs-0-']").first
    strokes: list[Stroke] = []
    for number in range(count):
        if number % TEXT_LENGTH == 0:
            field.fill(f"text {number} ")
            field.press("End")
            time.sleep(0.3)
            page.evaluate("() => { strokes.length = 0 }")
        page.keyboard.press(chance.choice("abcdefghijklmnopqrstuvwxyz"))
        # Not in step with the screen's frames; and nothing is asked of the page meanwhile, because
        # the questions would run on the same thread as what is measured.
        time.sleep(gap * chance.uniform(0.5, 1.5))
        strokes.extend(_stroke(page, field.input_value()))
    return strokes


def _stroke(page: Page, wanted: str) -> list[Stroke]:
    """The keystroke that led to `wanted`, or nothing when no preview showed it in time."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        found = page.evaluate("() => strokes.splice(0)")
        ours = [stroke for stroke in found if stroke["text"] == wanted]
        if ours:
            return ours[:1]
        time.sleep(0.01)
    return []


def _shape(page: Page) -> str:
    steps = page.locator("#launch-fields section.step").count()
    rows = page.locator("#input-rows tr").count()
    return f"{steps} × {rows}"


def _figures(strokes: list[Stroke], count: int) -> tuple[str, ...]:
    numbers = [
        percentile([stroke[stage] for stroke in strokes], percent)
        for stage in STAGES
        for percent in (50, 95)
    ]
    worst = max(stroke["painted"] for stroke in strokes)
    return (f"{len(strokes)} of {count}", *(f"{number:.1f}" for number in [*numbers, worst]))


if __name__ == "__main__":
    main()
