// hx-swap="renew": swaps only what differs.
// Of 400 lines, a key pressed changes one, and the browser paints one.
"use strict";

function renew(old, fresh) {
  const before = [...old.childNodes];
  const after = [...fresh.childNodes];
  const [start, end, last] = differingPart(before, after);
  const gone = before.slice(start, end);
  const made = after.slice(start, last);
  if (gone.length === made.length) {
    gone.forEach((node, at) => renewNode(node, made[at]));
    return;
  }
  const next = before[end] ?? null;
  for (const node of gone) node.remove();
  for (const node of made) old.insertBefore(node, next);
}

// From where the two lists differ, and up to where in each.
function differingPart(before, after) {
  let start = 0;
  let end = before.length;
  let last = after.length;
  while (start < Math.min(end, last) && before[start].isEqualNode(after[start])) start += 1;
  while (Math.min(end, last) > start && before[end - 1].isEqualNode(after[last - 1])) {
    end -= 1;
    last -= 1;
  }
  return [start, end, last];
}

function renewNode(node, made) {
  const hasSameTag = node.cloneNode(false).isEqualNode(made.cloneNode(false));
  if (hasSameTag && node.firstChild) renew(node, made);
  else if (!node.isEqualNode(made)) node.replaceWith(made);
}

htmx.defineExtension("renew", {
  isInlineSwap: (style) => style === "renew",
  handleSwap: (style, target, fragment) => {
    if (style !== "renew") return false;
    renew(target, fragment);
    return true;
  },
});
