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

function addRows(count) {
  const first = newRowNumber();
  const template = byId("row-template").innerHTML;
  const rows = Array.from({ length: count }, (_, at) => template.replaceAll("__row__", first + at));
  byId("input-rows").insertAdjacentHTML("beforeend", rows.join(""));
  nameRows();
}

function addRow() {
  addRows(1);
  byId("input-rows").lastElementChild.querySelector("input, textarea").focus();
  tellOfChange();
}

// What the rows are called follows where they stand.
const OF_ROW = /\brow \d+(?=$| is sent$)/;

function nameRows() {
  [...byId("input-rows").children].forEach((row, at) => {
    for (const part of row.querySelectorAll("[aria-label]")) {
      part.ariaLabel = part.ariaLabel.replace(OF_ROW, `row ${at + 1}`);
      if (part.title) part.title = part.ariaLabel;
    }
  });
}

function removeRow(row) {
  const neighbour = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  nameRows();
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

// Cells of a spreadsheet go into as many cells, from the one that they are pasted into on. Where
// cells have several lines, a text of several lines may be one cell's.
const CELL = "td > input[type=text], td > textarea";
const MOST_PASTED = 500;
const cellsOf = (row) => [...row.querySelectorAll(CELL)];

const COPIED_CELL = /("(?:[^"]|"")*"|[^\t\n]*)(\t|\n|$)/g;

function readTable(text) {
  const rows = [[]];
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
  for (const [, cell, end] of lines.matchAll(COPIED_CELL)) {
    const isQuoted = /^"[^]*"$/.test(cell) && cell.length > 1;
    const bare = isQuoted ? cell.slice(1, -1).replaceAll('""', '"') : cell;
    rows.at(-1).push(bare.replace(/\s*\n\s*/g, " "));
    if (end === "\n") rows.push([]);
    if (!end) break;
  }
  return rows;
}

document.addEventListener("paste", (event) => {
  const cell = event.target.closest("#input-rows tr") && event.target.closest(CELL);
  const text = event.clipboardData.getData("text/plain");
  const table = cell ? readTable(text) : [];
  const isTable = table.some((row) => row.length > 1) || (table[1] && cell.type === "text");
  if (!isTable) return;
  event.preventDefault();
  pasteTable(cell, table);
});

function pasteTable(cell, table) {
  const row = cell.closest("tr");
  const column = cellsOf(row).indexOf(cell);
  const keys = cellsOf(row).map(({ name }) => name.replace(/^inputs-\d+-/, ""));
  const isHead = table[1] && table[0].every((text, at) => text.trim() === keys[column + at]);
  const values = isHead ? table.slice(1) : table;
  const room = keys.length - column;
  if (values.length > MOST_PASTED || values.some((texts) => texts.slice(room).some(Boolean))) {
    const columns = Math.max(...values.map(({ length }) => length));
    const size = `${values.length} × ${columns} cells`;
    const most = `at most ${MOST_PASTED} × ${room} fit in from here on`;
    return tell("same", `Nothing was pasted: these are ${size}, and ${most}.`);
  }
  const below = [...byId("input-rows").children];
  const missing = below.indexOf(row) + values.length - below.length;
  if (missing > 0) addRows(missing);
  let target = row;
  for (const texts of values) {
    const cells = cellsOf(target).slice(column);
    texts.slice(0, room).forEach((text, at) => (cells[at].value = text));
    target = target.nextElementSibling;
  }
  tellOfChange();
  return say(`${values.length} rows were pasted.`);
}

// Of many accounts those are shown that fit what is typed above them, and those that are chosen.
// What is typed there is no part of the payload.
document.addEventListener(
  "input",
  (event) => {
    if (!event.target.matches("[data-filter]")) return;
    event.stopPropagation();
    filterAccounts(event.target);
  },
  true,
);

// As the server compares: case, accents and the shape of quotes and dashes do not count.
const LETTERS = { æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", þ: "th", ł: "l", ħ: "h", ß: "ss" };

function fold(text) {
  return text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}]/gu, "")
    .replace(/[æœøđðþłħß]/g, (letter) => LETTERS[letter])
    .replace(/[‘’ʼ´`]/g, "'")
    .replace(/[‐-―−]/g, "-");
}

function filterAccounts(field) {
  const words = fold(field.value).split(/\s+/).filter(Boolean);
  const set = field.closest("fieldset");
  const accounts = [...set.querySelectorAll(".account")];
  for (const account of accounts) {
    const box = account.querySelector("input");
    const text = fold(`${account.textContent} ${box.value}`);
    account.hidden = !box.checked && !words.every((word) => text.includes(word));
  }
  const shown = accounts.filter(({ hidden }) => !hidden);
  const folded = set.querySelector(".expired-accounts");
  if (folded && words.length) folded.open = shown.some((account) => folded.contains(account));
  const count = set.querySelector(".filtered");
  const sentence = `${shown.length} of ${accounts.length} accounts shown`;
  count.textContent = words.length ? sentence : "";
  count.dataset.say = count.textContent;
  sayLater();
}

// Nothing that is chosen is folded away.
document.addEventListener(
  "toggle",
  ({ target }) => {
    const isFoldedAway = target.matches(".expired-accounts") && !target.open;
    if (isFoldedAway && target.querySelector(":checked")) target.open = true;
  },
  true,
);

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
