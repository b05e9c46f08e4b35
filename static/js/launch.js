// The launch form: rows of inputs without a round trip, and the form filled in again.
"use strict";

// The number in a row's field names is its own; the one that is shown is the style sheet's.
function tellOfChange() {
  byId("launch-fields").dispatchEvent(new Event("input", { bubbles: true }));
}

function newRowNumber() {
  const rows = [...byId("input-rows").children];
  const numbers = rows.map((row) => Number(row.id.replace("field-inputs-", "")));
  return Math.max(-1, ...numbers) + 1;
}

function addRow() {
  const html = byId("row-template").innerHTML.replaceAll("__row__", String(newRowNumber()));
  byId("input-rows").insertAdjacentHTML("beforeend", html);
  byId("input-rows").lastElementChild.querySelector("input, textarea").focus();
  tellOfChange();
}

function removeRow(row) {
  const neighbour = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  const next = neighbour?.querySelector("input, textarea") ?? byId("add-row");
  next.focus();
  tellOfChange();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("#add-row, button.remove");
  if (!button) return;
  event.preventDefault();
  if (button.id === "add-row") addRow();
  else removeRow(button.closest("tr"));
});

// The server fills it in again: rows and columns may have been added.
restoreForm = (form, entries) => {
  const values = new FormData();
  for (const [name, text] of entries) values.append(name, text);
  htmx.ajax("POST", `${form.getAttribute("action")}edit/`, {
    source: document.body,
    target: "#main",
    select: "#main",
    swap: "outerHTML",
    values,
  });
};
