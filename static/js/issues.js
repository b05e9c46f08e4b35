// Issues of the preview, repeated beside the fields that cause them, once those were visited;
// and the line of the payload that the field in use makes.
"use strict";

const visited = new Set();
document.addEventListener("focusout", (event) => {
  visited.add(event.target.id);
  markFields();
});

// A button must not move between press and release, or the click is lost.
let isPressed = false;
addEventListener("pointerdown", () => {
  isPressed = true;
});
for (const name of ["pointerup", "pointercancel"]) {
  addEventListener(name, () => {
    isPressed = false;
    setTimeout(markFields);
  });
}

function markFields() {
  if (isPressed || !document.querySelector(".marked")) return;
  unmarkFields();
  // After a refusal every issue is shown.
  const isRefused = document.querySelector(".form-pane .notice[role]") !== null;
  for (const issue of document.querySelectorAll(".issues li[data-field]")) {
    const id = issue.dataset.field;
    if (isRefused || visited.has(id)) markField(id, issue);
  }
  markLine();
}

function unmarkFields() {
  for (const note of document.querySelectorAll(".marked .field-issue:not(:empty)")) {
    note.replaceChildren();
  }
  for (const field of document.querySelectorAll(".marked [aria-invalid]")) {
    field.removeAttribute("aria-invalid");
  }
}

function markField(id, issue) {
  const note = byId(`${id}-issue`);
  if (!note) return;
  const sentence = document.createElement("span");
  sentence.className = issue.className;
  sentence.textContent = issue.textContent;
  note.append(sentence);
  if (/stops|error/.test(issue.className)) byId(id)?.setAttribute("aria-invalid", "true");
}

function markLine() {
  for (const line of document.querySelectorAll("a.from-here")) line.classList.remove("from-here");
  const id = document.activeElement?.id;
  if (!id?.startsWith("field-")) return;
  for (const line of document.querySelectorAll(`#payload-json a[href="#${CSS.escape(id)}"]`)) {
    line.classList.add("from-here");
  }
}

document.addEventListener("focusin", markLine);
document.addEventListener("htmx:afterSwap", (event) => {
  // The check of the launch comes after its preview, and brings the issues.
  if (event.target.id !== "launch-preview") markFields();
});
addEventListener("pageshow", markFields);

// A field that a line or an issue leads to may stand in something folded.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#field-"]');
  const field = link && byId(link.getAttribute("href").slice(1));
  if (!field) return;
  event.preventDefault();
  unfold(field);
  const isControl = field.matches("input, select, textarea");
  const control = isControl ? field : field.querySelector("input, select, textarea, button");
  (control ?? field).focus();
});

function unfold(field) {
  let part = field.closest("details");
  while (part) {
    part.open = true;
    part = part.parentElement.closest("details");
  }
}
