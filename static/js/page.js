// What every page has: keys, the banner when answers do not come, one submit for a double click.
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
