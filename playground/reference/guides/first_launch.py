"""The guide for who has nothing but this page: from the key to the results, in order.

A program that reads Markdown alone must get through with it; a test lets one try.
"""

from __future__ import annotations

from playground.contract.jobs import FINAL, PAUSED
from playground.payload.show.curl import KEY_VARIABLE, PROJECT_VARIABLE
from playground.reference.guides.samples import Guide, Samples, person
from playground.reference.pages.blocks import ExampleCall, Listing, Reply, Section, section

# A job that nobody has launched: in its place stands what the launch answered.
_JOB = "0b9ff8a0-3c1f-4b1e-9a53-6a5de9a2f00d"
_ROWS = (
    person("Zoë", "O'Brien", "Acme Corp.", meta={"your_id": "42"}),
    person("Juan", "de la Vega", "example.com"),
)


_WHERE_THE_KEY_IS = (
    f"The API key and the workspace's UID, in the variables `{KEY_VARIABLE}` and "
    f"`{PROJECT_VARIABLE}`. For the hosted API they are in the vendor's app; of the sandbox, "
    "`manage.py run` prints them when it starts, and [the reference](overview:#authentication) "
    "tells them to who is signed in."
)
_WHERE_THE_ADDRESS_IS = (
    "The address that paths are relative to is [here](overview:#address). A playground takes the "
    "one of the hosted API from `UPSTREAM_URL`; without it, it stands on its own sandbox."
)


def your_first_launch(samples: Samples) -> Guide:
    return Guide(
        name="your-first-launch",
        title="Your first launch",
        lead="From the key to the results in seven calls, each of which works as it stands. "
        "Nothing else has to be known.",
        sections=(
            _key(),
            _pick(samples),
            _details(samples),
            _accounts(samples),
            _launch(samples),
            _poll(),
            _results(),
        ),
    )


def _key() -> Section:
    return section(
        "key",
        "Have the key and the address",
        "Two values are needed with every call, and an address.",
        Listing(items=(_WHERE_THE_KEY_IS, _WHERE_THE_ADDRESS_IS)),
        "The commands are for bash, zsh, dash, ksh and their like; from fish, tcsh or PowerShell "
        "start `bash` first. "
        "This call tells whether key and workspace are right: 200, or 401.",
        ExampleCall(label="Check the key", operation="get_workspace"),
    )


def _pick(samples: Samples) -> Section:
    return section(
        "workflow",
        "Pick a workflow",
        "Everything at once, by name and UID. Workflows are made in the vendor's app.",
        ExampleCall(label="All workflows", operation="list_workflows"),
        f"The examples below take {samples.email.name}, `{samples.email.uid}`. In the playground "
        "[workflows have a page](page:workflow-list), with the payload as you fill it in.",
    )


def _details(samples: Samples) -> Section:
    return section(
        "details",
        "See what it takes",
        "Of each step its `step_uid`, its parameters with their defaults, and the integrations "
        "whose accounts it takes: an empty list means none. Of the first step the "
        "[`input_schema`](operation:get_workflow#answer-200-steps.input_schema): the keys of a "
        "row, `required` 1 where it must have a value.",
        ExampleCall(
            label="What the workflow takes",
            operation="get_workflow",
            values={"workflow_uid": samples.email.uid},
        ),
    )


def _accounts(samples: Samples) -> Section:
    return section(
        "accounts",
        "Choose accounts",
        "Only for steps that name integrations; those of this workflow do not, and `accounts` is "
        "an empty list. Take the `uid` of accounts with `is_valid` true: "
        "[which accounts](guide:choose-accounts).",
        ExampleCall(
            label="The accounts of an integration",
            operation="list_accounts",
            values={"integration": samples.integration},
        ),
    )


def _launch(samples: Samples) -> Section:
    return section(
        "launch",
        "Launch",
        "Once: there is no key by which the API would know a repeated call. A 4xx says what is "
        "wrong, and nothing runs. If no answer comes, look into "
        "[List jobs](operation:list_jobs) before you send it again. On "
        "429 wait as long as `Retry-After` says: [rate limits](guide:rate-limits).",
        samples.email_launch("My first launch", *_ROWS),
        Reply(label="What counts of the answer", value={"job_uid": _JOB}),
    )


def _poll() -> Section:
    final = ", ".join(f"`{status}`" for status in sorted(FINAL))
    return section(
        "poll",
        "Ask until it is over",
        "Put the `job_uid` of your launch into the path. Ask every 30 seconds until the `status` "
        f"is one of {final}. A job that is `{PAUSED}` waits for its account and goes on when that "
        "is renewed.",
        ExampleCall(label="How far the job is", operation="get_job", values={"job_uid": _JOB}),
    )


def _results() -> Section:
    return section(
        "results",
        "Read the results, and what became of each row",
        "1,000 rows a page: ask for the next one while `paging.have_next_page` is true. Your "
        "`meta` comes back with each row. A row that failed has no result: "
        "[List a job's inputs](operation:list_job_inputs) says why.",
        ExampleCall(
            label="The first page of results",
            operation="list_results",
            values={"job_uid": _JOB},
            query={"page": "1"},
        ),
        ExampleCall(
            label="How each row fared",
            operation="list_job_inputs",
            values={"job_uid": _JOB},
            query={"page": "1"},
        ),
    )
