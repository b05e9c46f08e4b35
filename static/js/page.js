// What every page has: keys, buttons that copy, what is heard and where the focus is after a swap,
// and times as the reader has them.
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
  const isInLaunch = event.target.matches("input") && event.target.form?.id === "launch-form";
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

// What a page shows a part of only is asked for: data-copy-whole is where, for the same form.
async function copyOf({ dataset, form }) {
  if (!dataset.copyWhole) {
    return copyText(dataset.copyText ?? byId(dataset.copy).textContent.trimEnd());
  }
  const body = new FormData(form);
  const answer = await fetch(dataset.copyWhole, { method: "POST", body });
  return answer.ok && copyText(await answer.text());
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy, button.copy-whole");
  if (!button) return;
  const isCopied = await copyOf(button).catch(() => false);
  say(isCopied ? "Copied." : NOT_COPIED);
  button.classList.remove("done", "failed");
  button.classList.add(isCopied ? "done" : "failed");
  const shownFor = isCopied ? SHOWN_AS_DONE : SHOWN_AS_FAILED;
  setTimeout(() => button.classList.remove("done", "failed"), shownFor);
});

// What a swap leaves behind: what is heard of it, and where the focus is.

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

// Times as the reader's clock has them, and how long ago that is. The exact ones, in UTC, are their
// titles; without this script they are the text.

const DAY = { day: "numeric", month: "short", year: "numeric" };
const CLOCK = { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" };
const day = new Intl.DateTimeFormat("en-GB", DAY);
const moment = new Intl.DateTimeFormat("en-GB", { ...DAY, ...CLOCK });
const OFTEN = 15_000;

// As the server says it.
function ageOf(seconds) {
  const size = Math.abs(seconds);
  if (size < 1) return "just now";
  const units = [
    [60, 1, " s"],
    [3600, 60, " min"],
    [172_800, 3600, " h"],
    [Infinity, 86_400, " days"],
  ];
  const [, length, unit] = units.find(([end]) => size < end);
  const words = `${Math.floor(size / length)}${unit}`;
  return seconds < 0 ? `in ${words}` : `${words} ago`;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function showTimes() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const format = "day" in time.dataset ? day : moment;
    write(time, format.format(new Date(time.dateTime)));
  }
  for (const age of document.querySelectorAll("[data-since]")) {
    write(age, ageOf((Date.now() - new Date(age.dataset.since)) / 1000));
  }
  for (const zone of document.querySelectorAll("[data-zone]")) {
    zone.value ||= moment.resolvedOptions().timeZone;
  }
}

showTimes();
document.addEventListener("htmx:afterSettle", showTimes);
setInterval(showTimes, OFTEN);
