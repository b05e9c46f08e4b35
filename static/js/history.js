// Pages of the list of launches, by key: p for newer ones, n for older ones.
"use strict";

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, select, textarea");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector('[data-one-key="off"]')) return;
  const id = { p: "newer", n: "older" }[event.key];
  if (id) document.getElementById(id)?.click();
});
