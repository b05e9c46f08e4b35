"""TypeScript with fetch."""

from __future__ import annotations

from playground.payload.show.snippets import javascript_literal
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = """
// «remark»
async function main(): Promise<void> {
  const { default: process } = await import("node:process");
  const setting = (name: string): string => {
    const value = process.env[name];
    if (!value) throw new Error(`${name} is not set.`);
    return value;
  };
«imports»  «payload»«+»
  const response: Response = await fetch("«url»", {
    method: "«method»",
    headers: {
      "«auth»": `«scheme»${setting("«key»")}`,
      "«project_header»": setting("«project»"),
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
    name="typescript",
    language="TypeScript",
    title="fetch (tsx, Deno, Bun)",
    file_name="launch.mts",
    write=write,
)
