"""Launch, wait, read the results: JavaScript with fetch, in Node, Deno and Bun."""

from __future__ import annotations

from playground.payload.show.snippets import javascript_literal
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = r"""
// «remark»
async function main() {
  const { default: process } = await import("node:process");
  const { setTimeout: sleep } = await import("node:timers/promises");
«imports»  const BASE_URL = "«base_url»";
  const HEADERS = {
    "«auth»": `«scheme»${process.env.«key»}`,
    "«project_header»": process.env.«project»,
    "Content-Type": "application/json",
  };
  const FINAL = [«final»];
  «payload»

  // JavaScript rounds numbers of many digits: each is read as a text that begins with this letter.
  const NUMBER = "\ue000";

  function parse(text) {
    const texts = /"(?:[^"\\]|\\.)*"|-?\d[-+.\deE]*/g;
    const mark = (part) => (part.startsWith('"') ? part : `"${NUMBER}${part}"`);
    return JSON.parse(text.replace(texts, mark));
  }

  async function call(method, url, body) {
    for (;;) {
      const response = await fetch(url, { method, headers: HEADERS, body });
      const text = await response.text();
      if (response.ok) return parse(text);
      if (response.status !== 429) throw new Error(`${response.status}: ${text}`);
      const wait = Number(response.headers.get("Retry-After"));
      await sleep(1000 * (wait > 0 ? Math.min(wait, 3600) : 10));
    }
  }

  function cell(value) {
    if (value === null || value === undefined) return "";
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const plain = text.replace(/^\ue000|"\ue000([^"]*)"/g, "$1");
    return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  }

  const launched = await call("«method»", "«url»", payload);
  const jobUrl = `${BASE_URL}/jobs/${launched.job_uid}`;
  let status = "";
  for (let pause = 1; !FINAL.includes(status); pause = Math.min(pause * 2, 30)) {
    await sleep(1000 * pause);
    ({ status } = await call("GET", jobUrl));
    console.log(status);
  }

  const rows = [];
  for (let page = 1, hasNext = true; hasNext; page += 1) {
    const answer = await call("GET", `${jobUrl}/results?page=${page}`);
    rows.push(...(answer.results ?? []));
    hasNext = answer.paging?.have_next_page ?? false;
  }

  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [columns, ...rows.map((row) => columns.map((name) => row[name]))];
  await writeFile("results.csv", lines.map((line) => line.map(cell).join(",") + "\r\n").join(""));
  console.log(`${rows.length} rows in results.csv`);
  if (![«success»].includes(status)) process.exitCode = 1;
}

main();
"""


def write(call: Call) -> str:
    imports = javascript_literal.imports(call, "writeFile")
    return fill(_TEMPLATE, call, payload=javascript_literal.payload(call), imports=imports)


TARGET = Target(
    name="javascript-fetch-follow",
    language="JavaScript",
    title="fetch (Node 18, Deno, Bun): launch, wait, results",
    file_name="follow.mjs",
    write=write,
    flavour="follow",
)
