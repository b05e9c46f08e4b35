"""What the fields of workspace, users and accounts mean. Contract sections 3, 4 and 5."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta

from playground.contract import accounts
from playground.reference.api.fields.parts import TypeMeaning, assumed, documented, free

_Email: Any = Annotated[
    str, Meta(max_length=accounts.LONGEST_EMAIL, extra_json_schema={"format": "email"})
]
# Empty text takes the country away, in the sandbox.
_Country: Any = Annotated[str, Meta(pattern="^([A-Za-z]{2})?$")]
_Cookies: Any = Annotated[
    dict[Annotated[str, Meta(max_length=accounts.LONGEST_COOKIE_NAME)], str],
    Meta(max_length=accounts.MOST_COOKIES),
]
_WORKSPACE = TypeMeaning(
    text="The workspace and what is left of its monthly allowance.",
    fields={
        "name": documented("The workspace's name."),
        "email": documented("Its e-mail address."),
        "plan_name": documented("Its plan, such as `Growth`."),
        "current_month_start": documented("When the billing month began, with its offset."),
        "current_month_end": documented("When the billing month ends, with its offset."),
        "tasks_left": documented("Tasks left in this billing month."),
        "tasks_max": documented("Tasks that the plan allows in a billing month."),
        "tasks_used": documented("Tasks used in this billing month."),
    },
)
_USER_ACCOUNT = TypeMeaning(
    text="An account as its owner's entry names it.",
    fields={
        "uid": documented("The account's UID."),
        "application_permalink": documented("The slug of its integration."),
    },
)
_USER = TypeMeaning(
    text="A user of the workspace, who owns accounts. That what was never given is null is "
    "assumed.",
    fields={
        "uid": documented("The user's UID."),
        "email": documented("The user's e-mail address.", may_be_null=True),
        "first_name": documented("The first name.", may_be_null=True),
        "last_name": documented("The last name.", may_be_null=True),
        "full_name": documented("The whole name.", may_be_null=True),
        "country": documented("The country as two letters, in either case.", may_be_null=True),
        "project_uid": documented("The workspace's UID."),
        "accounts": documented("The user's accounts, if they were asked for."),
    },
)
_USER_PAGING = TypeMeaning(
    text="The pages beside this one.",
    fields={
        "previous": documented(
            "The whole address of the page before; null on the first one.", may_be_null=True
        ),
        "next": documented(
            "The whole address of the page after; null on the last one.", may_be_null=True
        ),
    },
)
_USER_PAGE = TypeMeaning(
    text="One page of users; pages count from 0.",
    fields={
        "users": documented("The users of this page."),
        "nbr_users": documented("How many users there are on all pages."),
        "limit": documented("How many users a page has at most."),
        "pages": documented("How many pages there are."),
        "paging": documented("The pages beside this one."),
    },
)
_USER_SAVE = TypeMeaning(
    text="A user to create, or what to change of one.",
    takes_null=True,
    fields={
        "uid": documented("The user to update; leave it out to create one."),
        "email": documented("The user's e-mail address.", hint=_Email | None),
        "full_name": documented("The user's whole name."),
        "country": documented(
            "The country as two letters (ISO 3166-1), in either case. It decides where the user's "
            f"proxy stands. Refused are {', '.join(sorted(accounts.REFUSED_COUNTRIES))}.",
            hint=_Country | None,
        ),
        "timezone": documented(
            "The user's time zone. That it is a name of the IANA database, such as "
            "`Europe/Paris`, is assumed."
        ),
    },
)
_USER_SAVED = TypeMeaning(
    text="The user as it was saved.",
    fields={
        "user": documented("The user as it is now."),
        "message": documented(
            "A sentence for people: `User created.` What it says of an update is not documented."
        ),
    },
)
_MESSAGE = TypeMeaning(
    text="A success that has only a sentence to tell.",
    fields={"message": documented("A sentence for people.")},
)
_INTEGRATION = TypeMeaning(
    text="An external service, such as LinkedIn.",
    fields={
        "uid": documented("The integration's UID."),
        "title": documented("Its name, such as `LinkedIn`."),
        "permalink": assumed("Its slug, such as `linkedin`. The account listing leaves it out."),
    },
)
_LIMIT = TypeMeaning(
    text="How much of one kind of action an account may still do in its window of 24 hours.",
    fields={
        "permalink": documented("The limit's slug, such as `lk-classic-connection-requests`."),
        "level": documented("The level of account that it holds for, such as `Classic`."),
        "item_scraped": documented("How much is used in this window."),
        "limit_value": documented("How much a window allows."),
        "limit_name": documented("What is counted, such as `connection requests`."),
        "start_time_range": documented("When the window began."),
        "end_time_range": documented("When the window ends."),
        "templates": documented("UIDs of the workflow templates that it governs."),
        "nbr_inputs_queued_next_seven_days": documented(
            "How many inputs wait for it in the next seven days."
        ),
    },
)
_ACCOUNT = TypeMeaning(
    text="One set of credentials for one integration.",
    fields={
        "uid": documented("What a launch names in `steps[].accounts`."),
        "name": documented("The account's label."),
        "setup_at": documented("When it was connected."),
        "cookies": documented(
            "Cookie name to value; values may be masked. LinkedIn has `li_at` for the session, "
            "`li_a` for Sales Navigator, `JSESSIONID` and `li_rm`.",
            hint=free("CookieStates") | None,
        ),
        "via_extension": documented("Whether the browser extension connected it."),
        "is_shared": documented("Whether it is shared."),
        "level": documented(
            "Such as `Classic` or `Sales Navigator`: decides which limits hold for it. That it is "
            "null where an integration has no levels is assumed.",
            may_be_null=True,
        ),
        "is_valid": documented("Whether its credentials still work. Launch only with valid ones."),
        "application_permalink": documented("The slug of its integration."),
        "application_name": documented("The name of its integration."),
        "limits": documented("Its limits and how much of them is used, if asked for."),
        "meta": documented(
            "The profile behind it (`name`, `id`, `url`, `type`), after a login challenge.",
            hint=free("Profile") | None,
        ),
    },
)
_ACCOUNT_PAGE = TypeMeaning(
    text="One page of an integration's accounts; pages count from 0.",
    fields={
        "accounts": documented("The accounts of this page."),
        "integration": documented("The integration that they belong to."),
        "next_page_exist": documented("Whether there is a page after this one.", is_required=True),
        "number_total_acounts": documented(
            "How many accounts there are on all pages. The vendor spells it with one `c`."
        ),
    },
)
_ACCOUNT_CREDENTIALS = TypeMeaning(
    text="An account to create, or what to change of one: only what fits its integration.",
    takes_null=True,
    fields={
        "uid": documented("The account to update; leave it out to create one."),
        "name": documented("The account's label."),
        "api_key": documented("The key, for an integration that has one."),
        "username": documented("The user name, for an integration with a password."),
        "password": documented("The password that belongs to it."),
        "cookies": documented(
            "Cookie name to value, for an integration with a session: `li_at` for LinkedIn, "
            "and `li_a` beside it for Sales Navigator.",
            hint=_Cookies | None,
        ),
        "user_uid": documented("The user who owns the account."),
    },
)
_ACCOUNT_SAVE = TypeMeaning(
    text="An account with its credentials.",
    takes_null=True,
    fields={
        "account": documented("The account and its credentials."),
        "resume_paused_jobs": documented("Whether every paused job of the account goes on."),
        "shared_account": assumed(
            "Whether the account becomes a shared one. Documentation names it without its place."
        ),
    },
)
_CHECKPOINT = TypeMeaning(
    text="The answer to a login challenge.",
    fields={
        "code": documented(
            "The code that the person received, as text. That it has six digits is assumed.",
            hint=Annotated[str, Meta(pattern="^[0-9]{6}$")],
        )
    },
)

ACCOUNTS: Mapping[type, TypeMeaning] = {
    accounts.Workspace: _WORKSPACE,
    accounts.UserAccount: _USER_ACCOUNT,
    accounts.User: _USER,
    accounts.UserPaging: _USER_PAGING,
    accounts.UserPage: _USER_PAGE,
    accounts.UserSave: _USER_SAVE,
    accounts.UserSaved: _USER_SAVED,
    accounts.Message: _MESSAGE,
    accounts.Integration: _INTEGRATION,
    accounts.Limit: _LIMIT,
    accounts.Account: _ACCOUNT,
    accounts.AccountPage: _ACCOUNT_PAGE,
    accounts.AccountCredentials: _ACCOUNT_CREDENTIALS,
    accounts.AccountSave: _ACCOUNT_SAVE,
    accounts.Checkpoint: _CHECKPOINT,
}
