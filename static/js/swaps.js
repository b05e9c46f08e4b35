// What a swap leaves behind: what is heard of it, and where the focus is.
"use strict";

// Only counts and changes of state are heard, and not while somebody types: elements with an id
// carry theirs as data-say. `#said` is the one live region of every page.
const PAUSE = 900;
const heard = new Map();
let pause = null;

function say(text) {
  // The same once more is to be heard once more.
  byId("said").textContent = byId("said").textContent === text ? `${text}\u00a0` : text;
}

function takeNews() {
  const news = [];
  for (const { id, dataset } of document.querySelectorAll("[data-say]")) {
    const text = dataset.say.replace(/\s+/g, " ").trim();
    if (heard.get(id) !== text) news.push(text);
    heard.set(id, text);
  }
  return news.filter(Boolean).join(" ");
}

function sayLater() {
  clearTimeout(pause);
  pause = setTimeout(() => {
    const news = takeNews();
    if (news) say(news);
  }, PAUSE);
}

// What the page begins with is read, not announced.
takeNews();
document.addEventListener("htmx:afterSettle", sayLater);
document.addEventListener("input", sayLater);

// A part that is swapped takes the focus along: it is given to what came in its place, unless that
// has a place of its own for it (`autofocus`, or the id of what had it).
let hadFocus = "";
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  hadFocus = detail.target.contains(document.activeElement) ? detail.target.id : "";
});
document.addEventListener("htmx:afterSettle", () => {
  if (!hadFocus || document.activeElement !== document.body) return;
  const place = byId(hadFocus) ?? byId("main");
  if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
  place.focus({ preventScroll: true });
});
