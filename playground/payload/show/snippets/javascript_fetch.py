"""JavaScript with fetch: Node, Deno and Bun."""

from __future__ import annotations

from playground.payload.show.snippets import javascript_literal
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = """
// «remark»
async function main() {
  const { default: process } = await import("node:process");
«imports»  «payload»«+»
  const response = await fetch("«url»", {
    method: "«method»",
    headers: {
      "«auth»": `«scheme»${process.env.«key»}`,
      "«project_header»": process.env.«project»,
      "Content-Type": "application/json",«+»
    },
    body: payload,«+»
  });
  console.log(await response.text());
  if (!response.ok) process.exitCode = 1;
}

main();
"""


def write(call: Call) -> str:
    imports = javascript_literal.imports(call)
    return fill(_TEMPLATE, call, payload=javascript_literal.payload(call), imports=imports)


TARGET = Target(
    name="javascript-fetch",
    language="JavaScript",
    title="fetch (Node 18, Deno, Bun)",
    file_name="launch.mjs",
    write=write,
)
