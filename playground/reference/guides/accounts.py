"""Guides to accounts: which ones a launch names, and how to renew one."""

from __future__ import annotations

from playground.reference.guides.samples import Guide, Samples
from playground.reference.pages.blocks import ExampleCall, Listing, Section, Table, section

_PROFILE = "https://www.linkedin.com/in/someone/"


def choose_accounts(samples: Samples) -> Guide:
    return Guide(
        name="choose-accounts",
        title="Choose accounts",
        lead="A step that acts on somebody's LinkedIn, HubSpot or mailbox needs an account of that "
        "integration. Accounts are named by their UID, for each step.",
        sections=(_which(samples), _launch(samples), _what_goes_wrong()),
    )


def _which(samples: Samples) -> Section:
    steps = (
        (
            "Look at [`integrations`](operation:get_workflow#answer-200-steps.integrations) of the "
            "step. An empty list means that it takes no account."
        ),
        (
            "List the accounts of one of them. [`is_valid`](operation:list_accounts"
            "#answer-200-accounts.is_valid) must be true; [`limits`](operation:list_accounts"
            "#answer-200-accounts.limits) tell what is left of the day."
        ),
        (
            "Put their `uid` into [`steps[].accounts`](operation:launch_workflow"
            "#field-steps.accounts)."
        ),
    )
    return section(
        "which",
        "Which accounts fit",
        Listing(is_ordered=True, items=steps),
        ExampleCall(
            label="List accounts",
            operation="list_accounts",
            values={"integration": samples.integration},
            query={"stats": "true"},
        ),
        "In the playground [Accounts](page:account-list) shows the same, with owners and gauges, "
        "and the form of a workflow offers only what fits.",
    )


def _launch(samples: Samples) -> Section:
    steps = [
        {"step_uid": step_uid, "accounts": [samples.account_uid], "parameters": {}}
        for step_uid in samples.visit.step_uids
    ]
    return section(
        "launch",
        "Launch with them",
        ExampleCall(
            label="One account for two steps",
            operation="launch_workflow",
            values={"workflow_uid": samples.visit.uid},
            body={
                "job_name": samples.visit.name,
                "steps": steps,
                "inputs": [{"linkedin_profile_url": _PROFILE}],
            },
        ),
        "With several accounts and [`accounts_rotation_enabled`](operation:launch_workflow"
        "#field-steps.accounts_rotation_enabled) another one takes over when an account is used up "
        "or no longer valid. Only certain LinkedIn and Outlook steps offer that.",
    )


def _what_goes_wrong() -> Section:
    renewed = "the job is `paused` until [the account is renewed](guide:update-a-linkedin-cookie)"
    rows = (
        ("a UID that does not exist", "400, nothing is launched"),
        ("an account of another integration", "400, nothing is launched"),
        ("no account where one is needed", "the job is `paused`"),
        ("an account that is not valid", renewed),
        (
            "an account that is used up for today",
            "the job waits: [account limits](guide:rate-limits#accounts)",
        ),
    )
    table = Table(label="What goes wrong with accounts", head=("Sent", "What happens"), rows=rows)
    return section("wrong", "What goes wrong", table)


def update_a_linkedin_cookie(samples: Samples) -> Guide:
    account = {"uid": samples.expired_account_uid, "cookies": {"li_at": "the new value of li_at"}}
    return Guide(
        name="update-a-linkedin-cookie",
        title="Update a LinkedIn cookie",
        lead="When a LinkedIn session ends, its account is no longer valid and jobs that need it "
        "are paused. A new cookie brings both back.",
        sections=(
            section(
                "playground",
                "In the playground",
                "Open [Accounts](page:account-list), choose the account that is not valid, and "
                "update it. Cookies may be pasted as a browser extension exports them. They go to "
                "the upstream and are kept nowhere else.",
            ),
            section(
                "api",
                "With the API",
                "[Save an account](operation:save_account) with its `uid`. `li_at` is the session; "
                "an account of Sales Navigator needs `li_a` as well. With [`resume_paused_jobs`]"
                "(operation:save_account#field-resume_paused_jobs) its paused jobs go on.",
                ExampleCall(
                    label="Renew the cookie",
                    operation="save_account",
                    values={"integration": samples.integration},
                    body={"account": account, "resume_paused_jobs": True},
                ),
            ),
            _answer_a_challenge(samples),
            section(
                "jobs",
                "Jobs that stay paused",
                "Without `resume_paused_jobs` each paused job has to be [run again]"
                "(operation:retry_job) once its account is valid. The job pages of the playground "
                "have a button for it: [Launches](page:launch-list) lead to them.",
            ),
        ),
    )


def _answer_a_challenge(samples: Samples) -> Section:
    return section(
        "checkpoint",
        "When LinkedIn asks for a code",
        "LinkedIn may meet a new session with a login challenge: the person gets a code. "
        "Send it as text, so that a zero in front stays.",
        ExampleCall(
            label="Answer the challenge",
            operation="answer_checkpoint",
            values={"account_uid": samples.expired_account_uid},
            body={"code": "012345"},
        ),
    )
