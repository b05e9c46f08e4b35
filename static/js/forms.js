// Forms that are sent: for whoever filled them in, once, and showing that they are on their way.
// Back finds a form as it was left.
"use strict";

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
