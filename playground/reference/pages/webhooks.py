"""What the API sends by itself. Contract section 8."""

from __future__ import annotations

from playground.reference.api.examples import accounts as account_examples
from playground.reference.pages.blocks import Prose, Reply, Section, Table

_FIELDS = {
    "uid": "The webhook's UID.",
    "job_uid": "The job: take it to [List a job's results](operation:list_results).",
    "message": "A sentence for people: `Job successfully finished.` or `Job failed.`",
    "project_uid": "The workspace's UID.",
    "error": "What went wrong; null otherwise.",
    "recipe_ref": "The same as `job_uid` in every example.",
    "workflow_uid": "The workflow's UID.",
    "workflow_name": "Its name.",
    "job_name": "The job's name, from the launch.",
}
EXAMPLE = {
    "uid": "eaab6c1e-7d0f-4b53-9a40-c2f6d1e8b704",
    "job_uid": account_examples.JOB_UID,
    "message": "Job successfully finished.",
    "project_uid": account_examples.WORKSPACE_UID,
    "error": None,
    "recipe_ref": account_examples.JOB_UID,
    "workflow_uid": account_examples.PROFILE_UID,
    "workflow_name": "Extract LinkedIn People Profile",
    "job_name": account_examples.JOB_NAME,
}


def webhooks() -> Section:
    return Section(
        anchor="webhooks",
        title="Webhooks",
        blocks=(
            Prose(
                text="Instead of asking how far a job is, one can be told. Webhooks are set up in "
                "the vendor's app and by no call: each has an address of yours, headers that you "
                "choose, and one of three events: a job is created, has succeeded or has failed. "
                "The sandbox sends none."
            ),
            Reply(label="What is sent to you, with POST", value=EXAMPLE),
            Table(
                label="Fields of a webhook",
                head=("Field", "What it is"),
                rows=tuple((f"`{name}`", meaning) for name, meaning in _FIELDS.items()),
            ),
            Prose(
                text="Results are not in it, and no signature is documented: [ask for the job]"
                "(operation:get_job) before you believe it. A delivery that was missed can be "
                "[sent again](operation:retry_webhook)."
            ),
        ),
    )
