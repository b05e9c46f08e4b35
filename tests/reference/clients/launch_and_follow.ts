// What a program does with the types that `openapi-typescript` makes of the document, and
// `openapi-fetch`. Run by `test_generated_clients`, and checked by tsc as strictly as can be.
import createClient from "openapi-fetch";
import type { components, paths } from "./workflow_api.js";

type Schemas = components["schemas"];
const FINAL = ["finished", "warning", "shutdown", "stopped"];
const [baseUrl = "", key = "", project = "", workflow_uid = ""] = process.argv.slice(2);
const client = createClient<paths>({
  baseUrl,
  headers: { Authorization: `x-api-key ${key}`, "x-project-id": project },
});

function needed<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

async function finished(job: string): Promise<Schemas["Job"]> {
  for (let asked = 0; asked < 100; asked += 1) {
    const found = needed(await client.GET("/jobs/{job}", { params: { path: { job } } }));
    if (found.status && FINAL.includes(found.status)) return found;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error("The job does not end.");
}

const listed = needed(await client.GET("/workflows"));
if (!listed.some((workflow) => workflow.uid === workflow_uid)) throw new Error("Not listed.");
const path = { workflow_uid };
const workflow = needed(await client.GET("/workflows/{workflow_uid}/details", { params: { path } }));
const step_uid = workflow.steps[0]?.step_uid ?? "";
const row: Schemas["InputRow"] = { company_name: "ACME Holdings, Inc.", meta: { row: 7 } };
const launched = needed(
  await client.POST("/workflows/{workflow_uid}/schedule", {
    params: { path },
    body: {
      job_name: "From a program",
      steps: [{ step_uid, accounts: [], parameters: {} }],
      inputs: [row, { company_name: "test:not-found" }],
    },
  }),
);
const job = await finished(launched.job_uid);
const ofJob = { params: { path: { job_uid: launched.job_uid }, query: { page: 1 } } };
const results = needed(await client.GET("/jobs/{job_uid}/results", ofJob));
const inputs = needed(await client.GET("/jobs/{job_uid}/inputs", ofJob));
console.log(
  JSON.stringify({
    status: job.status,
    results: results.results,
    inputs: inputs.inputs.map((one) => [one.status, one.company_name]),
    is_last: !results.paging.have_next_page && !inputs.paging.have_next_page,
  }),
);
