"""JavaScript with axios."""

from __future__ import annotations

from playground.payload.show.snippets import javascript_literal
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = """
// «remark»
async function main() {
  const { default: process } = await import("node:process");
  const { default: axios } = await import("axios");
«imports»  «payload»«+»
  const response = await axios.request({
    method: "«method»",
    url: "«url»",
    headers: {
      "«auth»": `«scheme»${process.env.«key»}`,
      "«project_header»": process.env.«project»,
      "Content-Type": "application/json",«+»
    },
    data: payload,«+»
    transformRequest: [],«+»
    transformResponse: [],
    validateStatus: null,
  });
  console.log(response.data);
  if (response.status >= 400) process.exitCode = 1;
}

main();
"""


def write(call: Call) -> str:
    imports = javascript_literal.imports(call)
    return fill(_TEMPLATE, call, payload=javascript_literal.payload(call), imports=imports)


TARGET = Target(
    name="javascript-axios",
    language="JavaScript",
    title="axios",
    file_name="launch.mjs",
    write=write,
    needs="axios",
)
