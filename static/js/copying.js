// Buttons of the class `copy` copy their data-copy-text, or the text of the element data-copy.
"use strict";

const SHOWN_AS_DONE = 1200;

async function copyText(text) {
  try {
    return await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure context there is no clipboard; it may also refuse.
    return copyBySelection(text);
  }
}

function copyBySelection(text) {
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  await copyText(button.dataset.copyText ?? byId(button.dataset.copy).textContent.trimEnd());
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), SHOWN_AS_DONE);
});
