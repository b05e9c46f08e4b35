// Back, also from a page that never came, finds the launch form as it was left.
"use strict";

addEventListener("beforeunload", () => {
  const form = byId("launch-form");
  if (form) history.replaceState({ form: [...new FormData(form)] }, "");
});

addEventListener("pageshow", () => {
  if (byId("launch-form") && history.state?.form) restoreForm(history.state.form);
});

// The server fills it in again: rows and columns may have been added.
function restoreForm(entries) {
  const values = new FormData();
  for (const [name, text] of entries) {
    if (name !== "csrfmiddlewaretoken") values.append(name, text);
  }
  htmx.ajax("POST", `${byId("launch-form").getAttribute("action")}edit/`, {
    source: document.body,
    target: "#main",
    select: "#main",
    swap: "outerHTML",
    values,
  });
}
