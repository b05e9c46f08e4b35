// Rows of inputs, added and removed without a round trip.
// The number in a row's field names is its own; the one that is shown is the style sheet's.
"use strict";

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
