// What is sent and what is answered: the one banner for answers that do not come, and forms, each
// sent once.
"use strict";

// Asked for and not answered: the element that asked, and how.
const unanswered = new Map();
const ASK_AGAIN = { first: 4000, most: 60_000 };
const SILENT =
  "The playground does not answer. Nothing you typed is lost; it is asked again every few seconds.";
let wait = ASK_AGAIN.first;
let timer = null;
// While nobody, or somebody else, is signed in: nothing is asked.
let isBlocked = false;
// A form was not sent: that stays told until one is, whatever else is answered.
let isUnsent = false;
const NOT_SENT = "The playground does not answer, so nothing was sent. Nothing you typed is lost.";
const STILL_UNSENT = "The playground answers now, but nothing was sent: send the form once more.";

// For whom the page would act now: "same", "nobody", "another"; "silent" if that is not told, and
// "unreachable" if nobody could be asked. The forms of the page get a token that fits.
async function askForWhom() {
  const mine = document.body.dataset.person;
  try {
    const answer = await fetch(document.body.dataset.session, {
      cache: "no-store",
      signal: AbortSignal.timeout(ASK_AGAIN.first),
    });
    if (!answer.ok) return "silent";
    const { person, token } = await answer.json();
    if (mine && person !== mine) return person ? "another" : "nobody";
    renewToken(token);
    isBlocked = false;
    return "same";
  } catch (error) {
    return error.name === "TimeoutError" ? "silent" : "unreachable";
  }
}

function renewToken(token) {
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  document.body.setAttribute("hx-headers", JSON.stringify({ ...headers, "X-CSRFToken": token }));
}

// Says what `askForWhom` found, or that a part of the page has "moved"; `sentence` is for what it
// finds nothing wrong with.
function tell(found, sentence = isUnsent ? NOT_SENT : SILENT) {
  const notice = document.querySelector("#connection-notice .notice");
  isBlocked = found === "nobody" || found === "another";
  const told = isBlocked ? notice.dataset[found] : sentence;
  const place = notice.querySelector(".sentence");
  // Said once, not at each try.
  if (notice.hidden || place.textContent !== told) place.textContent = told;
  notice.querySelector(".sign-in").hidden = found !== "nobody";
  notice.querySelector(".reload").hidden = !["another", "moved"].includes(found);
  notice.hidden = false;
}

// Reloaded, not opened anew: so the form comes back as it was left.
document.querySelector("#connection-notice .reload").addEventListener("click", (event) => {
  event.preventDefault();
  location.reload();
});

function allIsWell() {
  wait = ASK_AGAIN.first;
  if (isUnsent) tell("same", STILL_UNSENT);
  else document.querySelector("#connection-notice .notice").hidden = true;
}

const remember = ({ elt, requestConfig }, status) => {
  unanswered.set(elt, { verb: requestConfig.verb, path: requestConfig.path, status });
};

async function onFailure({ detail }) {
  const { elt, xhr } = detail;
  const wasTold = unanswered.get(elt)?.status;
  remember(detail, xhr.status);
  const isText = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
  const sentence = isText && xhr.responseText ? xhr.responseText : SILENT;
  const isMoved = xhr.status === 409;
  const found = [401, 403].includes(xhr.status) ? await askForWhom() : isMoved ? "moved" : "";
  // The token was renewed: once more, unless that was it already.
  if (found === "same" && xhr.status !== wasTold) return askAgain();
  tell(found, sentence);
  return askLater();
}

function askLater() {
  clearTimeout(timer);
  timer = setTimeout(askIfSeen, wait);
  wait = Math.min(wait * 2, ASK_AGAIN.most);
}

// What was refused for what it says itself waits for the next change.
const isForGood = (status) => [400, 405, 413, 422].includes(status);

function askAgain() {
  for (const [element, { verb, path, status }] of unanswered) {
    if (!element.isConnected || element === document.body) unanswered.delete(element);
    else if (!isForGood(status)) htmx.ajax(verb, path, { source: element });
  }
}

async function askIfSeen() {
  const notice = document.querySelector("#connection-notice .notice");
  if (document.visibilityState !== "visible" || notice.hidden) return;
  const found = await askForWhom();
  if (found !== "same") {
    tell(found);
    askLater();
  } else {
    askAgain();
    if (!unanswered.size) allIsWell();
  }
}

for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, onFailure);
}
document.addEventListener("htmx:beforeRequest", (event) => {
  // What is not looked at is not asked for.
  const { dataset } = event.target;
  if ("whenSeen" in dataset && !event.target.checkVisibility()) return void event.preventDefault();
  if (!isBlocked) return;
  event.preventDefault();
  remember(event.detail, 401);
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.successful) return;
  unanswered.delete(detail.elt);
  for (const element of unanswered.keys()) if (!element.isConnected) unanswered.delete(element);
  if (!unanswered.size && !isBlocked) allIsWell();
});
// Whoever comes back from signing in goes on at once.
document.addEventListener("visibilitychange", askIfSeen);
addEventListener("focus", askIfSeen);

// What takes longer than a moment shows that it runs: a thin bar, and the part that waits.
const MOMENT = 300;
const running = new Map();

function showRunning() {
  const isLong = [...running.values()].some((one) => one.isLong);
  document.documentElement.classList.toggle("is-busy", isLong);
}

document.addEventListener("htmx:beforeSend", ({ detail }) => {
  const one = { isLong: false };
  one.timer = setTimeout(() => {
    one.isLong = true;
    detail.target.setAttribute("aria-busy", "true");
    showRunning();
  }, MOMENT);
  running.set(detail.xhr, one);
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  clearTimeout(running.get(detail.xhr)?.timer);
  running.delete(detail.xhr);
  detail.target?.removeAttribute("aria-busy");
  showRunning();
});

// Forms that are sent: for whoever filled them in, once, and showing that they are on their way.
// Back finds a form as it was left.

const PATIENCE = 30_000;
let sending = null;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method") !== "post") return;
  // The server sends a form once in any case.
  if (sending && !sending.isChecked) return void event.preventDefault();
  if (event.submitter?.formTarget === "_blank") return;
  if (sending?.form === form && sending.isChecked) {
    sending.isChecked = false;
    return;
  }
  event.preventDefault();
  send(form, event.submitter);
});

// Nothing is sent for somebody else, or to nobody: the form stays as it is.
async function send(form, button) {
  startSending(form, button);
  const found = await askForWhom();
  // An answer that is merely late does not stop it: the server says no to whom it must.
  if (found !== "same" && found !== "silent") {
    stopSending();
    isUnsent = true;
    tell(found);
    askLater();
    return;
  }
  sending.isChecked = true;
  form.requestSubmit(button);
}

function startSending(form, button) {
  isUnsent = false;
  const startedAt = Date.now();
  const label = button ? [...button.childNodes] : [];
  const show = () => {
    const seconds = Math.floor((Date.now() - startedAt) / 1000);
    document.documentElement.classList.add("is-busy");
    form.setAttribute("aria-busy", "true");
    button?.replaceChildren(seconds ? `Sending… ${seconds} s` : "Sending…");
    if (seconds * 1000 >= PATIENCE) stopSending();
  };
  const timers = [setTimeout(show, MOMENT), setInterval(show, 1000)];
  sending = { form, button, label, timers };
}

function stopSending() {
  if (!sending) return;
  for (const timer of sending.timers) clearInterval(timer);
  document.documentElement.classList.remove("is-busy");
  sending.form.removeAttribute("aria-busy");
  sending.button?.replaceChildren(...sending.label);
  sending = null;
}

// Secrets are kept nowhere, nor what repeats one.
const isSecret = ({ type, dataset }) => type === "password" || "secret" in dataset;
const isKept = (field) => field.name && field.name !== "csrfmiddlewaretoken" && !isSecret(field);

function entriesOf(form) {
  const all = [...form.elements].filter((field) => !field.matches("button"));
  const secrets = all.filter(isSecret).map((field) => field.value.trim()).filter(Boolean);
  return all
    .filter((field) => isKept(field) && (!/checkbox|radio/.test(field.type) || field.checked))
    .filter(({ value }) => !secrets.some((secret) => value.includes(secret)))
    .map(({ name, value }) => [name, value]);
}

function fillIn(form, entries) {
  const left = new Map();
  for (const [name, text] of entries) left.set(name, [...(left.get(name) ?? []), text]);
  for (const field of [...form.elements].filter(isKept)) {
    const texts = left.get(field.name) ?? [];
    if (/checkbox|radio/.test(field.type)) field.checked = texts.includes(field.value);
    else if (texts.length) field.value = texts.shift();
  }
  form.querySelector("[hx-trigger=input]")?.dispatchEvent(new Event("input", { bubbles: true }));
}

// A page may fill in its form in a way of its own.
let restoreForm = fillIn;
const keptForm = () => document.querySelector("form[data-kept]");

// Of this tab, this page of its history, and this person.
const placeOfForm = () => `form ${document.body.dataset.person} ${history.state?.form}`;

addEventListener("beforeunload", () => {
  const form = keptForm();
  if (!form) return;
  for (const longest of [Infinity, 100_000]) {
    const entries = entriesOf(form).filter(([, text]) => text.length < longest);
    // The server may be asked to fill it in again, and reads no more.
    if (new URLSearchParams(entries).toString().length > 5_000_000) continue;
    try {
      sessionStorage.setItem(placeOfForm(), JSON.stringify(entries));
      return;
    } catch {
      // It is too long to be kept: then all but what is long of it.
    }
  }
});

addEventListener("pageshow", ({ persisted }) => {
  // A page that is still loading may be sending already.
  if (persisted) stopSending();
  const form = keptForm();
  if (!form) return;
  const left = history.state?.form && sessionStorage.getItem(placeOfForm());
  if (left) restoreForm(form, JSON.parse(left));
  // The answer to a form has the address of its page, which can be opened again.
  const name = history.state?.form ?? `${Date.now()} ${Math.random()}`;
  history.replaceState({ form: name }, "", form.dataset.page ?? "");
});
