// The page of a job asks nothing while nobody looks at it.
"use strict";

document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.target.id === "job-status") event.preventDefault();
});
