"""What a program does with the client that `openapi-python-client` makes of the document.

Run by `test_generated_clients`, beside the generated package `workflow_api`, and checked by mypy as
strictly as can be: `python launch_and_follow.py <base url> <key> <project> <workflow uid>`.
"""

import json
import sys
import time

from workflow_api.api.jobs import get_job, list_job_inputs, list_results
from workflow_api.api.workflows import get_workflow, launch_workflow, list_workflows
from workflow_api.client import Client
from workflow_api.models import (
    InputRow,
    Job,
    LaunchAccepted,
    LaunchRequest,
    Parameters,
    ResultPage,
    RowMeta,
    StepLaunch,
    Workflow,
)
from workflow_api.models.input_page import InputPage

FINAL = ("finished", "warning", "shutdown", "stopped")


def main(base_url: str, key: str, project: str, workflow_uid: str) -> None:
    headers = {"Authorization": f"x-api-key {key}", "x-project-id": project}
    client = Client(base_url=base_url, headers=headers)
    listed = list_workflows.sync(client=client)
    assert isinstance(listed, list)
    assert workflow_uid in [workflow.uid for workflow in listed]
    workflow = get_workflow.sync(workflow_uid, client=client)
    assert isinstance(workflow, Workflow)
    launched = launch_workflow.sync(workflow_uid, client=client, body=_request(workflow))
    assert isinstance(launched, LaunchAccepted)
    job = _finished(client, launched.job_uid)
    results = list_results.sync(launched.job_uid, client=client, page=1)
    assert isinstance(results, ResultPage)
    inputs = list_job_inputs.sync(launched.job_uid, client=client)
    assert isinstance(inputs, InputPage)
    told = {
        "status": job.status,
        "results": [row.to_dict() for row in results.results],
        "inputs": [(row.status, row["company_name"]) for row in inputs.inputs],
        "is_last": not results.paging.have_next_page and not inputs.paging.have_next_page,
    }
    print(json.dumps(told))


def _request(workflow: Workflow) -> LaunchRequest:
    row = InputRow(meta=RowMeta.from_dict({"row": 7}))
    row["company_name"] = "ACME Holdings, Inc."
    step = StepLaunch(step_uid=workflow.steps[0].step_uid, accounts=[], parameters=Parameters())
    second = InputRow.from_dict({"company_name": "test:not-found"})
    return LaunchRequest(job_name="From a program", steps=[step], inputs=[row, second])


def _finished(client: Client, job_uid: str) -> Job:
    for _ in range(100):
        job = get_job.sync(job_uid, client=client)
        assert isinstance(job, Job)
        if job.status in FINAL:
            return job
        time.sleep(0.01)
    raise SystemExit("The job does not end.")


if __name__ == "__main__":
    main(*sys.argv[1:])
