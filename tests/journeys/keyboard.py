"""A person who has a keyboard alone: where the focus goes, and whether it can be seen there."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

MOST_STEPS = 90
# What has the focus, where it stands on the page, and what is wrong with that.
LOOK = """(before) => {
  const here = document.activeElement;
  const box = here.getBoundingClientRect();
  const style = getComputedStyle(here);
  const label = here.labels?.[0] ?? here;
  const shown = label.getBoundingClientRect();
  const [x, y] = [shown.left + shown.width / 2, shown.top + shown.height / 2];
  const hit = document.elementFromPoint(x, y);
  const isTall = shown.height > innerHeight / 3;
  const hasRing = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const wrong = [];
  if (here === document.body) wrong.push("the focus is lost");
  if (!here.matches(":focus-visible")) wrong.push("it cannot be seen where the focus is");
  if (!hasRing && style.boxShadow === "none" && label === here) wrong.push("it has no ring");
  if (!isTall && !(hit && (here.contains(hit) || label.contains(hit) || hit.contains(here)))) {
    wrong.push("something is over it");
  }
  const place = [...document.querySelectorAll("*")].indexOf(here);
  const at = {
    place, wrong,
    top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left, right: box.right,
  };
  const name = here.name || here.id;
  return {
    ...at,
    is: [name, here.innerText?.trim() ?? "", here.value ?? ""].map((text) => text.slice(0, 60)),
  };
}"""


class Keyboard:
    """Presses keys on a page, and fails as soon as the focus is lost, hidden or out of order."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._before: dict[str, Any] | None = None

    def begin(self) -> None:
        """On a page that has just come: the first Tab begins at its beginning."""
        self._before = None

    def tab_to(self, wanted: str, *, back: bool = False) -> None:
        """Press Tab until what has this name, id or text (or its beginning) has the focus."""
        for _ in range(MOST_STEPS):
            self._page.keyboard.press("Shift+Tab" if back else "Tab")
            found = self._look(back=back)
            name, text, value = found["is"]
            if wanted in (name, value) or (text and text.startswith(wanted)):
                return
        raise AssertionError(f"no Tab comes to {wanted}")

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self._page.keyboard.press(key)

    def stays(self) -> list[str]:
        """What has the focus after a key that keeps it on the page."""
        found = self._look(back=None)
        return list(found["is"])

    def _look(self, *, back: bool | None) -> dict[str, Any]:
        found: dict[str, Any] = self._page.evaluate(LOOK)
        assert found["wrong"] == [], (found, self._before)
        if self._before and back is not None:
            first, second = (found, self._before) if back else (self._before, found)
            # One after the other in the page, and to the eye: below, beside, or in a next column.
            assert first["place"] < second["place"], (first, second)
            is_above = second["bottom"] <= first["top"] + 1
            assert not is_above or second["left"] >= first["left"], (first, second)
        self._before = found
        return found
