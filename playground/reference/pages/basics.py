"""What holds for every call: address, authentication, errors, limits, pagination, webhooks.

Contract sections 1 to 1.6, and 8 in `webhooks`.
"""

from __future__ import annotations

from playground.contract import wire
from playground.payload.show.curl import KEY_VARIABLE, PROJECT_VARIABLE
from playground.reference.api import operations
from playground.reference.pages import webhooks
from playground.reference.pages.blocks import (
    Code,
    ExampleCall,
    Listing,
    Prose,
    Reply,
    Section,
    Table,
)

_GENERAL = {failure.status: failure for failure in operations.GENERAL_FAILURES}
# What the general table of the vendor says of the statuses that depend on the call.
_OF_THE_CALL = {
    200: ("It worked.", "Nothing."),
    201: (
        "Something was made. The vendor's table has it; all calls shown answer 200.",
        "Treat it like 200.",
    ),
    400: ("The request is malformed, or something that is required is missing.", "Correct it."),
    401: (
        "The key or the workspace is missing or wrong, or the key has no permission.",
        "Check both headers.",
    ),
    404: ("There is no such thing.", "Check the address and the UIDs in it."),
    429: (
        "Too many inputs in parallel; nothing was launched.",
        "Wait, then launch again: [rate limits](guide:rate-limits).",
    ),
}


def sections(base_url: str) -> tuple[Section, ...]:
    """The basics, for the server at `base_url`."""
    return (
        _address(base_url),
        _authentication(),
        _errors(),
        _rates(),
        _pagination(),
        webhooks.webhooks(),
    )


def _address(base_url: str) -> Section:
    return Section(
        anchor="address",
        title="Base address",
        blocks=(
            Code(label="Base address", text=base_url, language="text"),
            Prose(
                text="Every path below is relative to it. Bodies and answers are JSON: send "
                "`Content-Type: application/json` with a body. Identifiers are UUIDs in lower "
                "case; integrations go by their slug, such as `linkedin`. Times are ISO 8601, most "
                "of them without a zone, which the playground reads as UTC: "
                "`2024-10-26T22:35:35.803378`."
            ),
        ),
    )


def _authentication() -> Section:
    return Section(
        anchor="authentication",
        title="Authentication",
        blocks=(
            Prose(
                text="Every call carries two headers: the API key, behind the word `x-api-key`, "
                "and the UID of the workspace. A wrong or missing one is answered with "
                "[`401`](overview:#errors)."
            ),
            Code(
                label="Both headers",
                text=f"{wire.AUTHORIZATION_HEADER}: "
                f"{wire.authorization_value(f'${KEY_VARIABLE}')}\n"
                f"{wire.PROJECT_HEADER}: ${PROJECT_VARIABLE}",
                language="text",
            ),
            Prose(
                text="Some public clients send the key in a header of its own instead, without a "
                "word before it. The sandbox takes both forms."
            ),
            Code(
                label="The other form",
                text=f"{wire.KEY_HEADER}: ${KEY_VARIABLE}\n{wire.PROJECT_HEADER}: "
                f"${PROJECT_VARIABLE}",
                language="text",
            ),
            Prose(
                text="The snippets of the playground never hold a key: they take it from the "
                f"variables `{KEY_VARIABLE}` and `{PROJECT_VARIABLE}`. They are for bash, zsh, "
                "dash, ksh and their like: from fish, tcsh or PowerShell start `bash` first. Those "
                "of the sandbox stand "
                "at the top of the reference's [overview](page:reference), for who is signed in. "
                "This call tells whether both are right."
            ),
            ExampleCall(label="Check the key", operation="get_workspace"),
        ),
    )


def _errors() -> Section:
    texts = {status: (failure.when, failure.advice) for status, failure in _GENERAL.items()}
    rows = (texts | _OF_THE_CALL).items()
    return Section(
        anchor="errors",
        title="Errors",
        blocks=(
            Prose(
                text="The status says what kind of thing went wrong. What an error's body looks "
                "like is not documented: read the sentence from `message`, else from `error`, "
                "and be ready for a body that is not JSON."
            ),
            Reply(label="An error's body", value=wire.parse_json(wire.error_body(_SENTENCE))),
            Table(
                label="Statuses",
                head=("Status", "What it means", "What to do"),
                rows=tuple((f"`{status}`", *found) for status, found in sorted(rows)),
            ),
        ),
    )


_SENTENCE = "inputs[0].first_name is missing."


def _rates() -> Section:
    return Section(
        anchor="rate-limits",
        title="Rate limits",
        blocks=(
            Prose(
                text="What is limited is not the number of calls, but the number of inputs that "
                "run in parallel. Over the limit a launch is answered with 429 and is not queued; "
                "a single job of more inputs than that is never limited. "
                "Accounts have daily limits beside it, which make a job wait rather than fail. "
                "[The guide](guide:rate-limits) says what to do about both."
            ),
            Listing(
                items=(
                    "AppSumo, Pro, Lunar and Mars plans: 100 inputs in parallel.",
                    "Scale and Growth plans: 5,000 inputs in parallel.",
                    "Enterprise plans: no limit.",
                )
            ),
        ),
    )


def _pagination() -> Section:
    return Section(
        anchor="pagination",
        title="Pagination",
        blocks=(
            Prose(
                text="Every list has a way of its own. Ask for the next page as long as the "
                "answer says that there is one; a page past the end is empty."
            ),
            Table(
                label="Pagination of each list",
                head=("Call", "First page", "Size of a page", "More pages when"),
                rows=tuple(map(_list_row, PAGINATION)),
            ),
        ),
    )


# Size of a page, and what tells that there is another one (section 1.4).
_BY_PAGING = "`paging.have_next_page` is true"
PAGINATION = {
    "list_users": ("30", "`paging.next` is not null"),
    "list_accounts": ("not known", "`next_page_exist` is true"),
    "list_jobs": ("not known", "the answer is not empty"),
    "list_results": ("1,000 rows", _BY_PAGING),
    "list_job_inputs": ("not known", _BY_PAGING),
    "get_last_results": ("1,000 rows", _BY_PAGING),
    "list_workflows": ("everything at once", "never"),
}


def _list_row(name: str) -> tuple[str, ...]:
    operation = operations.OPERATIONS[name]
    first = [f"`{item.default}`" for item in operation.parameters if item.name == "page"]
    return (f"[{operation.title}](operation:{name})", *(first or ["none"]), *PAGINATION[name])
