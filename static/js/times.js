// Times as the reader's clock has them, and how long ago that is. The exact ones, in UTC, are their
// titles; without this script they are the text.
"use strict";

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
}

showTimes();
document.addEventListener("htmx:afterSettle", showTimes);
setInterval(showTimes, OFTEN);
