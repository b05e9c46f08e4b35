"""Launch, wait, read the results: TypeScript with fetch."""

from __future__ import annotations

from playground.payload.show.snippets import javascript_literal
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = r"""
// «remark»
async function main(): Promise<void> {
  const { default: process } = await import("node:process");
  const { setTimeout: sleep } = await import("node:timers/promises");
«imports»  function setting(name: string): string {
    const value = process.env[name];
    if (!value) throw new Error(`${name} is not set.`);
    return value;
  }

  const BASE_URL = "«base_url»";
  const HEADERS = {
    "«auth»": `«scheme»${setting("«key»")}`,
    "«project_header»": setting("«project»"),
    "Content-Type": "application/json",
  };
  const FINAL = [«final»];
  «payload»

  // JavaScript rounds numbers of many digits: each is read as a text that begins with this letter.
  const NUMBER = "\ue000";

  function parse(text: string): any {
    const texts = /"(?:[^"\\]|\\.)*"|-?\d[-+.\deE]*/g;
    const mark = (part: string) => (part.startsWith('"') ? part : `"${NUMBER}${part}"`);
    return JSON.parse(text.replace(texts, mark));
  }

  async function call(method: string, url: string, body?: BodyInit): Promise<any> {
    for (;;) {
      const response = await fetch(url, { method, headers: HEADERS, body });
      const text = await response.text();
      if (response.ok) return parse(text);
      if (response.status !== 429) throw new Error(`${response.status}: ${text}`);
      const wait = Number(response.headers.get("Retry-After"));
      await sleep(1000 * (wait > 0 ? Math.min(wait, 3600) : 10));
    }
  }

  function cell(value: unknown): string {
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

  const rows: Record<string, unknown>[] = [];
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
    name="typescript-follow",
    language="TypeScript",
    title="fetch (tsx, Deno, Bun): launch, wait, results",
    file_name="follow.mts",
    write=write,
    flavour="follow",
)
