"""The operations on the workspace and its users. Contract sections 3 and 4."""

from __future__ import annotations

from playground.contract.accounts import (
    USER_ROLES,
    Message,
    UserPage,
    UserSave,
    UserSaved,
    Workspace,
)
from playground.reference.api.examples import accounts as account_examples
from playground.reference.api.operations.parts import (
    Answer,
    Operation,
    Parameter,
    failures,
    malformed,
    missing,
    page,
    segment,
)

_NO_USER = missing("user with this UID", "Take the `uid` from List users.")

WORKSPACE = (
    Operation(
        name="get_workspace",
        group="Workspace",
        title="Get the workspace",
        purpose="Tells the workspace's name, its plan and how many tasks are left this month. It "
        "is also the cheapest call by which to find out whether the credentials are good. The "
        "three counts of tasks need not add up: take each as it is.",
        evidence="documented",
        section="3",
        answers=(
            Answer(
                status=200,
                meaning="The workspace that the credentials open.",
                type=Workspace,
                example=account_examples.WORKSPACE,
            ),
        ),
        failures=failures(),
    ),
)

USERS = (
    Operation(
        name="list_users",
        group="Users",
        title="List users",
        purpose="Lists the users of the workspace, 30 a page, each with the accounts that he or "
        "she owns. A user stands for one of your own end users.",
        evidence="documented",
        section="4",
        parameters=(
            Parameter(
                name="role",
                where="query",
                type="string",
                meaning="Only users of this role. Users made through the API are `external`.",
                evidence="documented",
                choices=USER_ROLES,
                example="external",
            ),
            Parameter(
                name="search_term",
                where="query",
                type="string",
                meaning="Only users whose e-mail or name matches.",
                evidence="documented",
                example="jane",
            ),
            Parameter(
                name="retrieve_accounts",
                where="query",
                type="boolean",
                meaning="Whether each user's accounts come along, which takes longer.",
                evidence="documented",
                default=True,
                example="true",
            ),
            page(0, "Which page; the first one is 0.", "documented"),
        ),
        answers=(
            Answer(
                status=200,
                meaning="One page of users. `paging.next` is the address of the page after it.",
                type=UserPage,
                example=account_examples.USER_PAGE,
            ),
        ),
        failures=failures(
            malformed(
                "`role`, `retrieve_accounts` or `page` has a value that it cannot have.",
                "Use one of the listed values, or leave the parameter out.",
            )
        ),
    ),
    Operation(
        name="save_user",
        group="Users",
        title="Create or update a user",
        purpose="Creates a user; with a `uid` it updates that user. The country decides where the "
        "user's proxy stands, so it should be where the person signs in.",
        evidence="documented",
        section="4",
        body=UserSave,
        is_body_needed=True,
        body_example=account_examples.USER_SAVE,
        answers=(
            Answer(
                status=200,
                meaning="The user as it is now.",
                type=UserSaved,
                example=account_examples.USER_SAVED,
            ),
        ),
        failures=failures(
            malformed(
                "The body is no JSON object, a field has the wrong type, or the country is not "
                "supported.",
                "Correct what the sentence names; the country is two letters and not one of "
                "those that are refused.",
            ),
            missing("user with the `uid` that was sent", "Leave `uid` out to create a user."),
        ),
        changes=True,
    ),
    Operation(
        name="delete_user",
        group="Users",
        title="Delete a user",
        purpose="Deletes a user. That users can be deleted is documented, the path is assumed; "
        "what becomes of the user's repeating jobs no source tells.",
        evidence="assumed",
        section="4",
        parameters=(
            segment("user_uid", "The user to delete.", account_examples.USER_UID, "assumed"),
        ),
        answers=(
            Answer(
                status=200,
                meaning="The user is gone.",
                type=Message,
                example={"message": "User deleted."},
            ),
        ),
        failures=failures(_NO_USER),
        changes=True,
    ),
)
