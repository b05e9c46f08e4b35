// What every page has: keys, one submit for a double click, the banner when answers do not come,
// and buttons that copy.
"use strict";

const byId = (id) => document.getElementById(id);

// Keys, as the dialog #keys lists them.
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input, textarea, select");
  if (event.key === "Enter") pressedEnter(event);
  else if (event.key === "/" && !isTyping && byId("search")) {
    event.preventDefault();
    byId("search").focus();
  } else if (event.key === "?" && !isTyping) byId("keys").showModal();
});

function pressedEnter(event) {
  const hasModifier = event.ctrlKey || event.metaKey;
  const main = hasModifier && document.querySelector("[data-mod-enter]");
  // A launch is not sent by an Enter that was meant for a field.
  const isInLaunch = event.target.matches("#launch-form input, #override-reason");
  if (main || isInLaunch) event.preventDefault();
  if (main) main.form.requestSubmit(main);
}

// The server sends a form once in any case.
const DOUBLE_CLICK = 1000;
let submittedAt = -Infinity;
document.addEventListener("submit", (event) => {
  if (event.timeStamp - submittedAt < DOUBLE_CLICK) event.preventDefault();
  else submittedAt = event.timeStamp;
});

// The one banner for answers that do not come, until one does.
const showBanner = (isShown) => {
  byId("connection-notice").hidden = !isShown;
};
document.addEventListener("htmx:afterSwap", () => showBanner(false));
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, () => showBanner(true));
}

// Buttons of the class `copy` copy their data-copy-text, or the text of the element data-copy.
const SHOWN_AS_DONE = 1200;

async function copyText(text) {
  try {
    return await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure context there is no clipboard; it may also refuse.
    return copyBySelection(text);
  }
}

function copyBySelection(text) {
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  await copyText(button.dataset.copyText ?? byId(button.dataset.copy).textContent.trimEnd());
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), SHOWN_AS_DONE);
});
