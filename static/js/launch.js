// The launch form: rows of inputs without a round trip, and the form filled in again.
"use strict";

// The number in a row's field names is its own; the one that is shown is the style sheet's.
function tellOfChange() {
  byId("launch-fields").dispatchEvent(new Event("input", { bubbles: true }));
}

// What is typed into, not what selects a row or stands for a long text.
const CELL_FIELD = "td input:not([type=hidden]), td textarea";

function newRowNumber() {
  const rows = [...byId("input-rows").children];
  const numbers = rows.map((row) => Number(row.id.replace("field-inputs-", "")));
  return Math.max(-1, ...numbers) + 1;
}

function addRow() {
  const html = byId("row-template").innerHTML.replaceAll("__row__", String(newRowNumber()));
  byId("input-rows").insertAdjacentHTML("beforeend", html);
  nameRows();
  byId("input-rows").lastElementChild.querySelector(CELL_FIELD).focus();
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
  const next = neighbour?.querySelector(CELL_FIELD) ?? byId("add-row");
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

// As in a spreadsheet: Enter leads to the cell below, and makes one; arrows lead up and down.
document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  const hasModifier = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
  if (hasModifier || event.isComposing || !target.matches("#input-rows td > input")) return;
  if (!["Enter", "ArrowDown", "ArrowUp"].includes(key)) return;
  event.preventDefault();
  const row = target.closest("tr");
  const column = [...row.cells].indexOf(target.closest("td"));
  const isUp = key === "ArrowUp";
  if (key === "Enter" && !row.nextElementSibling) addRow();
  const next = isUp ? row.previousElementSibling : row.nextElementSibling;
  next?.cells[column].querySelector("input, textarea")?.focus();
});

// Cells that were copied from a spreadsheet fill rows and columns from the cell on into which they
// are pasted. What was there before is one press away.
let beforeFill = null;

document.addEventListener("paste", (event) => {
  const cell = event.target.closest("#input-rows input, #input-rows textarea");
  if (!cell) return;
  const text = event.clipboardData.getData("text/plain");
  const html = event.clipboardData.getData("text/html");
  const isTable = /<t[dh][\s>]/i.test(html) && !/^[^\t\r\n]+$/.test(text);
  const hasLines = cell.matches("input") && /[^\r\n][\r\n]+[^\r\n]/.test(text);
  if (!isTable && !hasLines && !text.includes("\t")) return;
  event.preventDefault();
  byId("cells").value = text;
  byId("cells-html").value = html;
  byId("cells-at").value = cell.name;
  byId("fill-cells").click();
});

document.addEventListener("click", (event) => {
  if (event.target.id === "fill-cells") {
    const isPasted = byId("cells-at").value;
    const isOfPaste = ([name]) => isPasted && /^cells/.test(name);
    beforeFill = entriesOf(byId("launch-form")).filter((entry) => !isOfPaste(entry));
  }
  const takesRows = ["clear-rows", "remove-selected", "rows-as-table", "take-table-out"];
  if (takesRows.includes(event.target.id)) beforeFill = entriesOf(byId("launch-form"));
  if (event.target.id === "undo-fill") {
    const form = byId("launch-form");
    // What was kept as a draft since is of this tab as well.
    const { value } = form.elements.draft_version;
    restoreForm(form, [...beforeFill, ["draft_version", value]]);
  }
});

// What is too long for a field goes as a file.
const LONGEST_FIELD = 1_000_000;

document.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain");
  if (event.target.id !== "pasted" || text.length < LONGEST_FIELD) return;
  event.preventDefault();
  event.stopPropagation();
  const files = new DataTransfer();
  files.items.add(new File([text], "pasted.txt"));
  byId("pasted-file").files = files.files;
  byId("fill-in").click();
}, true);

// A file is read when it is chosen.
document.addEventListener("change", ({ target }) => {
  if (target.id === "rows-file" && target.value) byId("fill-cells").click();
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target.id !== "field-inputs") return;
  if (byId("undo-fill")) byId("undo-fill").hidden = !beforeFill;
  tellOfChange();
});

// Fields that follow the payload's text have what the server says, whatever was in them.
document.addEventListener("htmx:oobAfterSwap", ({ detail }) => {
  if (detail.target.id !== "launch-fields") return;
  for (const field of detail.target.querySelectorAll("input, textarea, option")) {
    if ("defaultChecked" in field) field.checked = field.defaultChecked;
    if (field.matches("option")) field.selected = field.defaultSelected;
    else if (field.value !== field.defaultValue) field.value = field.defaultValue;
  }
});

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
