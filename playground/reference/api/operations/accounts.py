"""The operations on integrations and their accounts. Contract section 5."""

from __future__ import annotations

from playground.contract.accounts import (
    Account,
    AccountPage,
    AccountSave,
    Checkpoint,
    Integration,
    Message,
)
from playground.reference.api.examples import accounts as account_examples
from playground.reference.api.operations.parts import (
    BAD_PAGE,
    NO_INTEGRATION,
    Answer,
    Evidence,
    Failure,
    Operation,
    Parameter,
    failures,
    malformed,
    missing,
    page,
    segment,
)


def _integration(evidence: Evidence = "documented") -> Parameter:
    meaning = "The integration's slug, though the vendor's documentation calls it a UID."
    return segment("integration", meaning, "linkedin", evidence)


_NO_ACCOUNT = missing(
    "account with this UID", "Take the `uid` from List accounts of that integration."
)
_NEITHER = Failure(
    status=404,
    when="There is no such integration, or no account of it with this UID.",
    advice="Take both from List accounts: the slug of the path and the account's `uid`.",
)

ACCOUNTS = (
    Operation(
        name="list_integrations",
        group="Accounts",
        title="List integrations",
        purpose="Lists the integrations. No source shows this call: a program should be able to "
        "do without it.",
        evidence="assumed",
        section="12, line 23",
        answers=(
            Answer(
                status=200,
                meaning="A bare array, everything at once.",
                type=Integration,
                is_array=True,
                example=account_examples.INTEGRATIONS,
            ),
        ),
        failures=failures(),
    ),
    Operation(
        name="list_accounts",
        group="Accounts",
        title="List accounts",
        purpose="Lists the accounts of one integration, whether each is still valid and how much "
        "of its daily limits is used. The `uid` of an account is what a launch names in "
        "`steps[].accounts`.",
        evidence="documented",
        section="5",
        parameters=(
            _integration(),
            page(0, "Which page; the first one is 0.", "documented"),
            Parameter(
                name="stats",
                where="query",
                type="string",
                meaning="With `true` each account carries its `limits`; with anything else not.",
                evidence="documented",
                default="true",
                example="true",
            ),
        ),
        answers=(
            Answer(
                status=200,
                meaning="One page of accounts; `next_page_exist` tells whether there are more.",
                type=AccountPage,
                example=account_examples.ACCOUNT_PAGE,
            ),
        ),
        failures=failures(BAD_PAGE, NO_INTEGRATION),
        has_secrets=True,
    ),
    Operation(
        name="save_account",
        group="Accounts",
        title="Create or update an account",
        purpose="Connects an account of the integration, or gives an existing one new "
        "credentials. Send only the credentials that fit: cookies for LinkedIn, a key or a user "
        "name and password for others. `resume_paused_jobs` lets jobs go on that waited for it.",
        evidence="documented",
        section="5",
        parameters=(_integration(),),
        body=AccountSave,
        is_body_needed=True,
        body_example=account_examples.ACCOUNT_SAVE,
        answers=(
            Answer(
                status=200,
                meaning="The account as it is now, without limits. No source shows this answer.",
                type=Account,
                example=account_examples.ACCOUNT_SAVED,
            ),
        ),
        failures=failures(
            malformed(
                "The body is no JSON object, has no `account`, or lacks the credentials that the "
                "integration signs in with.",
                "Correct what the sentence names. Sales Navigator needs both `li_at` and `li_a`.",
            ),
            Failure(
                status=404,
                when="There is no such integration, or no account of it with `account.uid`.",
                advice="Use the slug in lower case; leave `account.uid` out to create an account.",
            ),
        ),
        changes=True,
        has_secrets=True,
    ),
    Operation(
        name="delete_account",
        group="Accounts",
        title="Delete an account",
        purpose="Deletes an account of the integration. No source shows this call; its path is "
        "assumed from the others.",
        evidence="assumed",
        section="2",
        parameters=(
            _integration("assumed"),
            segment(
                "account_uid", "The account to delete.", account_examples.ACCOUNT_UID, "assumed"
            ),
        ),
        answers=(
            Answer(
                status=200,
                meaning="The account is gone.",
                type=Message,
                example={"message": "Account deleted."},
            ),
        ),
        failures=failures(_NEITHER),
        changes=True,
    ),
    Operation(
        name="answer_checkpoint",
        group="Accounts",
        title="Answer a login challenge",
        purpose="Passes on the code that LinkedIn sent to the person when an account was "
        "connected. Until then the account is not valid.",
        evidence="documented",
        section="5",
        parameters=(
            segment("account_uid", "The account that waits.", account_examples.ACCOUNT_UID),
        ),
        body=Checkpoint,
        is_body_needed=True,
        body_example=account_examples.CHECKPOINT,
        answers=(
            Answer(
                status=200,
                meaning="The account, without envelope.",
                type=Account,
                example=account_examples.ACCOUNT_CHECKED,
            ),
        ),
        failures=failures(
            malformed(
                "There is no `code`, or it is not text.",
                "Send the digits as text: a number loses zeros at its beginning.",
            ),
            _NO_ACCOUNT,
        ),
        changes=True,
        has_secrets=True,
    ),
)
