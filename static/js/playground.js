// What a server cannot do: the clipboard, rows without a round trip, keys, marks beside fields.
"use strict";

const byId = (id) => document.getElementById(id);

// Copying. Without a secure context there is no clipboard API: then by selection.
async function copyText(text) {
  try { return await navigator.clipboard.writeText(text); } catch { /* missing or refused: the old way */ }
  const area = Object.assign(document.createElement("textarea"), { value: text });
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

async function copyFrom(button) {
  await copyText(button.dataset.copyText ?? byId(button.dataset.copy).textContent.trimEnd());
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), 1200);
}

// Rows. The number in a row's field names is its own; the one that is shown is the style sheet's.
function changed() {
  byId("launch-fields").dispatchEvent(new Event("input", { bubbles: true }));
}

function addRow() {
  const numbers = [...byId("input-rows").children].map((row) => Number(row.id.replace("field-inputs-", "")));
  const html = byId("row-template").innerHTML.replaceAll("__row__", String(Math.max(-1, ...numbers) + 1));
  byId("input-rows").insertAdjacentHTML("beforeend", html);
  byId("input-rows").lastElementChild.querySelector("input, textarea").focus();
  changed();
}

function removeRow(row) {
  const neighbour = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  (neighbour?.querySelector("input, textarea") ?? byId("add-row")).focus();
  changed();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.classList.contains("copy")) copyFrom(button);
  if (button.id !== "add-row" && !button.classList.contains("remove")) return;
  event.preventDefault();
  if (button.id === "add-row") addRow();
  else removeRow(button.closest("tr"));
});

// Issues of the preview, repeated beside the fields that cause them, once those were visited.
const visited = new Set();
document.addEventListener("focusout", (event) => visited.add(event.target.id) && markFields());
// A button must not move between press and release, or the click is lost.
let isPressed = false;
addEventListener("pointerdown", () => { isPressed = true; });
for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => { isPressed = false; setTimeout(markFields); });

function markFields() {
  if (isPressed || !document.querySelector(".marked")) return;
  document.querySelectorAll(".marked .field-issue:not(:empty)").forEach((note) => note.replaceChildren());
  document.querySelectorAll(".marked [aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
  for (const issue of document.querySelectorAll(".issues li[data-field]")) {
    const note = byId(`${issue.dataset.field}-issue`);
    if (!note || !(visited.has(issue.dataset.field) || document.querySelector(".form-pane .notice[role]"))) continue;
    note.append(Object.assign(document.createElement("span"), { className: issue.className, textContent: issue.textContent }));
    if (/stops|error/.test(issue.className)) byId(issue.dataset.field)?.setAttribute("aria-invalid", "true");
  }
  markLine();
}

// The payload line that the field in use makes.
function markLine() {
  const id = document.activeElement?.id;
  document.querySelectorAll("a.from-here").forEach((line) => line.classList.remove("from-here"));
  if (!id?.startsWith("field-")) return;
  document.querySelectorAll(`#payload-json a[href="#${CSS.escape(id)}"]`).forEach((line) => line.classList.add("from-here"));
}
document.addEventListener("focusin", markLine);

// A field that a line or an issue leads to may stand in something folded.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#field-"]');
  const field = link && byId(link.getAttribute("href").slice(1));
  if (!field) return;
  event.preventDefault();
  for (let part = field.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  const target = field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea, button");
  (target ?? field).focus();
});

// Swaps only what differs: of 400 lines, a key pressed changes one, and the browser paints one.
function renew(old, fresh) {
  const [before, after] = [[...old.childNodes], [...fresh.childNodes]];
  let [start, end, last] = [0, before.length, after.length];
  while (start < Math.min(end, last) && before[start].isEqualNode(after[start])) start += 1;
  while (Math.min(end, last) > start && before[end - 1].isEqualNode(after[last - 1])) [end, last] = [end - 1, last - 1];
  const [gone, made] = [before.slice(start, end), after.slice(start, last)];
  if (gone.length !== made.length) {
    const next = before[end] ?? null;
    gone.forEach((node) => node.remove());
    made.forEach((node) => old.insertBefore(node, next));
  } else gone.forEach((node, at) => {
    if (node.cloneNode(false).isEqualNode(made[at].cloneNode(false)) && node.firstChild) renew(node, made[at]);
    else if (!node.isEqualNode(made[at])) node.replaceWith(made[at]);
  });
}
htmx.defineExtension("renew", {
  isInlineSwap: (style) => style === "renew",
  handleSwap: (style, target, fragment) => style === "renew" && (renew(target, fragment), true),
});
document.addEventListener("htmx:afterSwap", (event) => {
  byId("connection-notice").hidden = true;
  if (event.target.id !== "launch-preview") markFields();
});
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, () => { byId("connection-notice").hidden = false; });
}

// Back, also from a page that never came, finds the form as it was left.
addEventListener("beforeunload", () => {
  if (byId("launch-form")) history.replaceState({ form: [...new FormData(byId("launch-form"))] }, "");
});
function restoreForm(entries) {
  const values = new FormData();
  for (const [name, text] of entries) if (name !== "csrfmiddlewaretoken") values.append(name, text);
  htmx.ajax("POST", `${byId("launch-form").getAttribute("action")}edit/`, { source: document.body, target: "#main", select: "#main", swap: "outerHTML", values });
}

// Keys, and one submit for a double click. The server sends a form once in any case.
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input, textarea, select");
  const main = event.key === "Enter" && (event.ctrlKey || event.metaKey) && document.querySelector("[data-mod-enter]");
  const isSearch = event.key === "/" && !isTyping && byId("search");
  if (main || isSearch || (event.key === "Enter" && event.target.matches("#launch-form input, #override-reason"))) event.preventDefault();
  if (main) main.form.requestSubmit(main);
  else if (isSearch) byId("search").focus();
  else if (event.key === "?" && !isTyping) byId("keys").showModal();
});
let submittedAt = -Infinity;
document.addEventListener("submit", (event) => {
  if (event.timeStamp - submittedAt < 1000) event.preventDefault();
  else submittedAt = event.timeStamp;
});
addEventListener("pageshow", () => {
  markFields();
  if (byId("launch-form") && history.state?.form) restoreForm(history.state.form);
});
