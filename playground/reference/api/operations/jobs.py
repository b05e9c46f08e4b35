"""The operations on jobs and schedules. Contract sections 6.3, 7 and 8."""

from __future__ import annotations

from playground.contract.accounts import Message
from playground.contract.jobs import InputPage, Job, JobRetried, ResultPage
from playground.contract.launches import LaunchRequest
from playground.reference.api.examples import accounts as account_examples
from playground.reference.api.examples import runs as run_examples
from playground.reference.api.operations.parts import (
    BAD_PAGE,
    NO_JOB,
    Answer,
    Evidence,
    Operation,
    Parameter,
    failures,
    malformed,
    missing,
    page,
    segment,
)


def _job(evidence: Evidence = "documented") -> Parameter:
    meaning = "The job's UID, from the answer of the launch."
    return segment("job_uid", meaning, account_examples.JOB_UID, evidence)


JOBS = (
    Operation(
        name="get_job",
        group="Jobs",
        title="Get a job",
        purpose="Tells how far a job is. Ask every 30 seconds, and stop when its `status` is "
        "final: `finished`, `warning`, `shutdown` or `stopped`. A `paused` job waits for its "
        "account.",
        evidence="documented",
        section="7",
        parameters=(_job(),),
        answers=(
            Answer(
                status=200,
                meaning="The job, without envelope.",
                type=Job,
                example=run_examples.JOB,
            ),
        ),
        failures=failures(NO_JOB),
    ),
    Operation(
        name="list_results",
        group="Jobs",
        title="List a job's results",
        purpose="Gives the rows that the job's last step made, 1,000 a page. It may be asked while "
        "the job runs: rows appear batch by batch.",
        evidence="documented",
        section="7",
        parameters=(_job(), page(1, "Which page; the first one is 1.", "documented")),
        answers=(
            Answer(
                status=200,
                meaning="One page of rows; `paging.next` is the whole address of the next one.",
                type=ResultPage,
                example=run_examples.RESULTS,
            ),
        ),
        failures=failures(BAD_PAGE, NO_JOB),
    ),
    Operation(
        name="list_job_inputs",
        group="Jobs",
        title="List a job's inputs",
        purpose="Gives the rows that were sent and how each fared: the place to look when some of "
        "them failed. The path is documented, the shape of the answer is assumed.",
        evidence="documented",
        section="7",
        parameters=(_job(), page(1, "Which page; the first one is 1.", "assumed")),
        answers=(
            Answer(
                status=200,
                meaning="One page of input rows, each with `status` and `error_message`.",
                type=InputPage,
                example=run_examples.INPUTS,
            ),
        ),
        failures=failures(BAD_PAGE, NO_JOB),
    ),
    Operation(
        name="retry_job",
        group="Jobs",
        title="Retry a job",
        purpose="Runs a job again, as a new sub-job. The body is that of a launch, with other "
        "accounts, parameters or inputs; that it runs as before without one is assumed, and so is "
        "that name and schedule stay as they were, whatever the body has of them. A job "
        "whose inputs have all failed fails again: correct the cause first.",
        evidence="documented",
        section="7",
        parameters=(_job(),),
        body=LaunchRequest,
        body_example=run_examples.LAUNCH,
        answers=(
            Answer(
                status=200,
                meaning="The job is pending again. No source shows this answer.",
                type=JobRetried,
                example=run_examples.RETRIED,
            ),
        ),
        failures=failures(
            malformed(
                "The job runs or has succeeded, or the body is not that of a launch.",
                "Only pending, paused, warning, shutdown and stopped jobs can be retried; correct "
                "the field of the body that the sentence names.",
            ),
            NO_JOB,
        ),
        changes=True,
    ),
    Operation(
        name="cancel_job",
        group="Jobs",
        title="Cancel a job",
        purpose="Stops a job: its status becomes `stopped`. That jobs can be cancelled is "
        "documented, the path is assumed.",
        evidence="assumed",
        section="7",
        parameters=(_job("assumed"),),
        answers=(
            Answer(
                status=200,
                meaning="The job is stopped.",
                type=Message,
                example={"message": "Job successfully stopped."},
            ),
        ),
        failures=failures(
            malformed(
                "The job has succeeded or is stopped already.",
                "Nothing needs to be done: it does not run any more.",
            ),
            NO_JOB,
        ),
        changes=True,
    ),
    Operation(
        name="retry_webhook",
        group="Jobs",
        title="Send a job's webhook again",
        purpose="Delivers the webhook of a job once more, for tests and for deliveries that were "
        "missed. That it exists is documented, the path is assumed.",
        evidence="assumed",
        section="8",
        parameters=(_job("assumed"),),
        answers=(
            Answer(
                status=200,
                meaning="The webhook is sent again, if one is set up in the vendor's app.",
                type=Message,
                example={"message": "Webhook sent again."},
            ),
        ),
        failures=failures(NO_JOB),
        changes=True,
    ),
    Operation(
        name="remove_schedule",
        group="Jobs",
        title="Remove a schedule",
        purpose="Ends the repeating launches of this name. To change a schedule, remove it and "
        "launch again.",
        evidence="documented",
        section="6.3",
        parameters=(
            segment(
                "job_name",
                "The name of the job, not its UID; percent-encode it, for names have spaces.",
                account_examples.JOB_NAME,
            ),
        ),
        answers=(
            Answer(
                status=200,
                meaning="The schedule is gone; jobs that it has already started stay.",
                type=Message,
                example={"message": "Schedule deleted."},
            ),
        ),
        failures=failures(
            missing(
                "schedule with this name",
                "Send the `job_name` of the launch exactly as it was, percent-encoded.",
            )
        ),
        changes=True,
    ),
)
