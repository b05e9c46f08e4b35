// The table of a row set: keys as in a spreadsheet, and no form is sent before its cells are saved.
"use strict";

const CELL = "#rows-table input[type=text]";

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  const hasModifier = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
  if (hasModifier || event.isComposing) return;
  if (key === "Enter" && target.matches(".table-tools input, .repair input[type=text]")) {
    event.preventDefault();
    target.closest("[data-box]").querySelector("button").click();
  }
  if (!target.matches(CELL) || !["Enter", "ArrowDown", "ArrowUp"].includes(key)) return;
  event.preventDefault();
  const column = [...target.closest("tr").cells].indexOf(target.closest("td"));
  const cells = [...byId("rows-table").tBodies[0].rows].map((row) => row.cells[column]);
  const fields = cells.map((cell) => cell?.querySelector("input, textarea")).filter(Boolean);
  const here = fields.indexOf(target);
  const next = fields[here + (key === "ArrowUp" ? -1 : 1)];
  if (next) next.focus();
  else if (key === "Enter") {
    // It is saved as if it were left, and keeps the focus.
    target.blur();
    target.focus();
  }
});

// A cell that is being saved makes another version of the rows: what is pressed waits for it.
document.addEventListener(
  "submit",
  (event) => {
    if (event.target.id !== "rows-form" || !document.querySelector("#rows-table .htmx-request")) {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    const send = ({ detail }) => {
      if (detail.successful) setTimeout(() => byId("rows-form").requestSubmit(submitter));
    };
    document.addEventListener("htmx:afterRequest", send, { once: true });
  },
  true,
);
