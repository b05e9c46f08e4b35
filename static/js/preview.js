// A form beside the preview of what it sends: the preview's swap, issues beside their fields,
// ways from a line to its field.
"use strict";

// hx-swap="renew" swaps only what differs.
// Of 400 lines, a key pressed changes one, and the browser paints one.
function renew(old, fresh) {
  const before = [...old.childNodes];
  const after = [...fresh.childNodes];
  const [start, end, last] = differingPart(before, after);
  const gone = before.slice(start, end);
  const made = after.slice(start, last);
  if (gone.length === made.length) {
    gone.forEach((node, at) => renewNode(node, made[at]));
    return;
  }
  const next = before[end] ?? null;
  // What has the focus stays, whatever comes or goes beside it.
  const at = gone.findIndex((node) => node.contains(document.activeElement));
  const to = made.findIndex((node) => at >= 0 && isSame(gone[at], node));
  if (to < 0) return replaceNodes(old, gone, made, next);
  replaceNodes(old, gone.slice(0, at), made.slice(0, to), gone[at]);
  replaceNodes(old, gone.slice(at + 1), made.slice(to + 1), next);
  renewNode(gone[at], made[to]);
}

const hasSameTag = (one, other) => one.cloneNode(false).isEqualNode(other.cloneNode(false));
const isSame = (one, other) =>
  one.id ? one.id === other.id && one.nodeName === other.nodeName : hasSameTag(one, other);

function replaceNodes(parent, gone, made, next) {
  for (const node of gone) node.remove();
  for (const node of made) parent.insertBefore(node, next);
}

// From where the two lists differ, and up to where in each.
function differingPart(before, after) {
  let start = 0;
  let end = before.length;
  let last = after.length;
  while (start < Math.min(end, last) && before[start].isEqualNode(after[start])) start += 1;
  while (Math.min(end, last) > start && before[end - 1].isEqualNode(after[last - 1])) {
    end -= 1;
    last -= 1;
  }
  return [start, end, last];
}

function renewNode(node, made) {
  // What a person has opened stays open.
  if (node.nodeName === "DETAILS" && made.nodeName === "DETAILS") made.open = node.open;
  if (node.id && isSame(node, made)) copyAttributes(node, made);
  if (hasSameTag(node, made) && node.firstChild) renew(node, made);
  else if (!node.isEqualNode(made)) node.replaceWith(made);
}

function copyAttributes(node, made) {
  const asked = node.getAttribute("hx-trigger");
  for (const { name } of [...node.attributes]) {
    if (!made.hasAttribute(name)) node.removeAttribute(name);
  }
  for (const { name, value } of made.attributes) {
    if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  }
  // What asked again and again may ask no more.
  if (node.getAttribute("hx-trigger") !== asked) htmx.process(node);
}

htmx.defineExtension("renew", {
  isInlineSwap: (style) => style === "renew",
  handleSwap: (style, target, fragment) => {
    if (style !== "renew") return false;
    const live = "[hx-get], [hx-post]";
    const isLive = fragment.querySelector(live) || target.querySelector(live);
    // What was picked out of a whole page comes in its own element.
    const inner = fragment.firstElementChild;
    renew(target, inner?.id === target.id ? inner : fragment);
    if (isLive) htmx.process(target);
    return true;
  },
});

// Issues of the preview are repeated beside the fields that cause them, once those were visited.
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

// The line of the payload that the field in use makes.
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
