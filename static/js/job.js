// The page of a job: the tab tells how it stands, and the browser when it is over, if that is
// wanted. While nobody looks nothing is asked; for who wants to be told, seldom.
"use strict";

const SELDOM = 20_000;
const root = document.documentElement;
const wish = `tell ${location.pathname}`;
const canTell = "Notification" in window && isSecureContext;
const wasWanted = () => Notification.permission === "granted" && wish in sessionStorage;
let isWanted = canTell && kept(wasWanted) === true;
let askedAt = 0;

root.classList.toggle("can-tell", canTell);

function want(isOn) {
  isWanted = isOn;
  kept(() => (isOn ? sessionStorage.setItem(wish, "") : sessionStorage.removeItem(wish)));
  showJob();
}

// A swap may have brought another box, or the end.
function showJob() {
  const { dataset } = byId("job-status");
  document.querySelector("link[rel=icon]").href = dataset.icon;
  const box = byId("tell-me");
  if (box) box.checked = isWanted;
  else if (isWanted) tellItIsOver(dataset.icon);
}

function tellItIsOver(icon) {
  want(false);
  try {
    const told = new Notification(document.title, { icon, tag: wish });
    told.addEventListener("click", () => window.focus());
  } catch {
    // Some browsers only take them from what they have installed.
    root.classList.remove("can-tell");
  }
}

document.addEventListener("change", async ({ target }) => {
  if (target.id !== "tell-me") return;
  const isAllowed = target.checked && (await Notification.requestPermission()) === "granted";
  root.classList.toggle("may-not-tell", target.checked && !isAllowed);
  want(isAllowed);
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id !== "job-status") return;
  const isDue = isWanted && Date.now() - askedAt >= SELDOM;
  if (document.hidden && !isDue) event.preventDefault();
  else askedAt = Date.now();
});
document.addEventListener("htmx:afterSettle", showJob);
showJob();
