// What every page has: keys, and buttons that copy.
"use strict";

const byId = (id) => document.getElementById(id);

// Keys, as the dialog #keys lists them. Those of one character can be switched off there.
const ONE_KEY = "one-key-shortcuts";
const isTyped = "input, textarea, select, [contenteditable]";
const hasOneKey = () => document.documentElement.dataset.oneKey !== "off";

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.repeat || event.altKey || event.defaultPrevented) return;
  if (event.key === "Enter") pressedEnter(event);
  else if (event.ctrlKey || event.metaKey || !hasOneKey()) return;
  else if (event.target.closest(isTyped) || document.querySelector("dialog[open]")) return;
  else if (event.key === "/" && byId("search")) {
    event.preventDefault();
    byId("search").focus();
  } else if (event.key === "?") byId("keys").showModal();
});

// With Ctrl or ⌘ it presses the button of the box that one is in, else of the form, else of the
// page. Alone, in a field: a launch is not sent by an Enter that was meant for the field.
function pressedEnter(event) {
  const hasModifier = (event.ctrlKey || event.metaKey) && !event.shiftKey;
  const isInLaunch = event.target.matches("#launch-form input, #override-reason");
  const box = event.target.closest("[data-box]");
  if (isInLaunch || (hasModifier && !event.target.matches("a, summary"))) event.preventDefault();
  if (hasModifier) buttonFor(event.target, box)?.click();
  else if (isInLaunch && box && event.target.type === "text") buttonFor(event.target, box).click();
}

function buttonFor(target, box) {
  const main = document.querySelector("[data-mod-enter]");
  const form = target.form ?? target.closest("form");
  if (target.matches("a, summary") || target.closest("dialog")) return null;
  if (box) return box.querySelector("button:not([type=button])");
  if (form && form !== main?.form) return form.querySelector("button:not([type=button])");
  return main;
}

function switchOneKey(isOn) {
  document.documentElement.dataset.oneKey = isOn ? "on" : "off";
  byId("one-key").checked = isOn;
}

// Where nothing may be kept, it holds for the page.
const kept = (read) => {
  try {
    return read();
  } catch {
    return null;
  }
};
switchOneKey(kept(() => localStorage.getItem(ONE_KEY)) !== "off");
byId("one-key").addEventListener("change", ({ target }) => {
  switchOneKey(target.checked);
  kept(() => localStorage.setItem(ONE_KEY, target.checked ? "on" : "off"));
});
byId("keys-button").hidden = false;
byId("keys-button").addEventListener("click", () => byId("keys").showModal());

// Buttons of the class `copy` copy their data-copy-text, or the text of the element data-copy.
const SHOWN_AS_DONE = 1200;
const SHOWN_AS_FAILED = 6000;
const NOT_COPIED = "Could not copy: the browser refuses. Select the text and copy it by hand.";

// Whether it was copied.
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without a secure context there is no clipboard; it may also refuse.
    return copyBySelection(text);
  }
}

function copyBySelection(text) {
  const hadFocus = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  hadFocus.focus({ preventScroll: true });
  return isCopied;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  const text = button.dataset.copyText ?? byId(button.dataset.copy).textContent.trimEnd();
  const isCopied = await copyText(text).catch(() => false);
  say(isCopied ? "Copied." : NOT_COPIED);
  button.classList.remove("done", "failed");
  button.classList.add(isCopied ? "done" : "failed");
  const shownFor = isCopied ? SHOWN_AS_DONE : SHOWN_AS_FAILED;
  setTimeout(() => button.classList.remove("done", "failed"), shownFor);
});
