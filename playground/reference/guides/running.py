"""Guides to when and how much: schedules, rate limits, account limits."""

from __future__ import annotations

from playground.payload.show.curl import KEY_VARIABLE, PROJECT_VARIABLE
from playground.reference.guides.samples import Guide, Samples
from playground.reference.pages.blocks import (
    Code,
    ExampleCall,
    Listing,
    Reply,
    Section,
    Table,
    section,
)

_JOB_NAME = "Leads every three hours"
_SEARCH = "https://www.linkedin.com/sales/search/people?query=(keywords%3Ahead%20of%20sales)"


def schedules(samples: Samples) -> Guide:
    return Guide(
        name="schedules",
        title="Schedules",
        lead="One call launches now, later, or again and again. A schedule is removed by the name "
        "of its job: give it one of its own.",
        sections=(
            _repeat(samples),
            section(
                "later",
                "Once, later",
                "[`delay`](operation:launch_workflow#field-delay) is how many seconds to wait "
                "before the job starts. Until then it is `pending` and can be [cancelled]"
                "(operation:cancel_job).",
                Reply(label="In an hour: a part of the body", value={"delay": 3600}),
            ),
            section(
                "remove",
                "Remove or change it",
                "The last part of the address is the job's name, not its UID, and is "
                "percent-encoded. All schedules of that name go; jobs that ran stay. To change a "
                "schedule, remove it and launch again.",
                ExampleCall(
                    label="Remove the schedule",
                    operation="remove_schedule",
                    values={"job_name": _JOB_NAME},
                ),
            ),
        ),
    )


def _repeat(samples: Samples) -> Section:
    (step_uid,) = samples.search.step_uids
    accounts, parameters = [samples.account_uid], {"max_results": 25}
    body = {
        "job_name": _JOB_NAME,
        "steps": [{"step_uid": step_uid, "accounts": accounts, "parameters": parameters}],
        "inputs": [{"sales_navigator_profile_search_url": _SEARCH}],
    }
    return section(
        "repeat",
        "Again and again",
        "[`repeat_option`](operation:launch_workflow#field-repeat_option) is a unit and how many "
        "of it: `minute`, `hour`, `day`, `week` or `month`, and a whole number from 1. There are "
        "no cron expressions, time zones or start dates.",
        Reply(
            label="Every three hours: a part of the body",
            value={"repeat_option": {"type": "hour", "value": 3}},
        ),
        "The launch that it is added to. As it stands here it runs once: a schedule goes on until "
        "it is removed, also one that was meant as a try.",
        ExampleCall(
            label="The launch, once",
            operation="launch_workflow",
            values={"workflow_uid": samples.search.uid},
            body=body,
        ),
        "In the playground the schedule is below the steps of a [workflow's form]"
        "(page:workflow-list). It is named above the launch button and beside it, and the check "
        "there warns when the rhythm is shorter than the job takes.",
    )


def rate_limits(samples: Samples) -> Guide:
    return Guide(
        name="rate-limits",
        title="Rate limits and account limits",
        lead="Two limits, which behave differently: the plan's limit refuses a launch, an "
        "account's limit makes a job wait.",
        sections=(_plan(samples), _accounts(samples)),
    )


def _plan(samples: Samples) -> Section:
    full = "all run; the next one is answered with 429"
    rows = (
        ("100 launches of 1 input", full),
        ("20 launches of 5 inputs", full),
        ("1 launch of 5,000 inputs", "runs, in batches"),
    )
    return section(
        "plan",
        "The plan: inputs in parallel",
        "The inputs of all running jobs count together. A single job is never over the limit, "
        "since it is worked on in batches. With a limit of 100:",
        Table(
            label="What a limit of 100 inputs allows",
            head=("Launched", "What happens"),
            rows=rows,
        ),
        "So put many rows into one launch. A launch that got 429 was not made and is not queued: "
        "it is safe to send it again, each time after twice the wait. That holds for 429 alone; "
        "after a timeout the job may exist.",
        Code(label="Send it again after 429", text=_retry_command(samples)),
    )


def _accounts(samples: Samples) -> Section:
    limits = "operation:list_accounts#answer-200-accounts.limits"
    return section(
        "accounts",
        "Accounts: actions a day",
        "Each account may do so much of a kind a day: so many profile visits, so many connection "
        "requests. The day has 24 hours and begins with the first launch. Which limit applies "
        "depends on the account's level, Classic or Sales Navigator. A job that reaches it does "
        "not fail: it stays `running` and does the rest the next day, or goes on with another "
        "account when [rotation](guide:choose-accounts#launch) is on.",
        ExampleCall(
            label="How much is left",
            operation="list_accounts",
            values={"integration": samples.integration},
            query={"stats": "true"},
        ),
        Listing(
            items=(
                (
                    f"[`limit_value`]({limits}.limit_value) is the day's limit, "
                    f"[`item_scraped`]({limits}.item_scraped) what is used of it."
                ),
                f"[`end_time_range`]({limits}.end_time_range) is when the next day begins.",
                (
                    f"[`nbr_inputs_queued_next_seven_days`]({limits}.nbr_inputs_queued_next_seven_days)"
                    " is what waits already."
                ),
            )
        ),
        "[Accounts](page:account-list) shows them as gauges, and the check above the launch button "
        "says over how many days a job will spread.",
    )


def _retry_command(samples: Samples) -> str:
    """For a body in `payload.json` and the base address in `UPSTREAM_URL`."""
    return "\n".join(
        (
            "for pause in 5 10 20 40 80; do",
            "  status=$(curl --silent --output answer.json --write-out '%{http_code}' \\",
            f'    --header "Authorization: x-api-key ${KEY_VARIABLE}" \\',
            f'    --header "x-project-id: ${PROJECT_VARIABLE}" \\',
            "    --header 'Content-Type: application/json' --data-binary @payload.json \\",
            f'    "$UPSTREAM_URL/workflows/{samples.email.uid}/schedule")',
            '  [ "$status" = 429 ] || break',
            '  sleep "$pause"',
            "done",
        )
    )
