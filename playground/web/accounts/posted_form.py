"""The account form: posted fields → a draft. Cannot fail; nothing of it is kept anywhere.

Not a `django.forms.Form`: a bound form fills its fields in again, and these hold secrets.
"""

from __future__ import annotations

from django.http import QueryDict

from playground.contract.accounts import Account
from playground.credentials import drafts
from playground.credentials.drafts import AccountDraft
from playground.credentials.kinds import KINDS, needs_of
from playground.credentials.pasting import MOST_COOKIES

ACTION, NEXT, CODE, ACCOUNT_UID = "action", "next", "code", "account_uid"


def posted_draft(integration: str, account_uid: str, data: QueryDict) -> AccountDraft:
    """What a person sent. The names of the cookie fields tell which cookies the form asked for."""
    names = [name for name in map(drafts.cookie_of_field, data) if name][:MOST_COOKIES]
    kind = data.get(drafts.KIND, "")
    needs = needs_of(integration, names)
    return AccountDraft(
        integration=integration,
        needs=needs,
        kind=next((one for one in KINDS if one == kind), needs.first_kind),
        uid=account_uid,
        name=data.get(drafts.NAME, ""),
        owner=data.get(drafts.OWNER, ""),
        resumes=drafts.RESUMES in data,
        is_shared=drafts.IS_SHARED in data,
        pasted=data.get(drafts.PASTED, ""),
        cookies={name: data.get(drafts.cookie_field(name), "") for name in names},
        api_key=data.get(drafts.API_KEY, ""),
        username=data.get(drafts.USERNAME, ""),
        password=data.get(drafts.PASSWORD, ""),
    )


def first_draft(integration: str, account_uid: str, account: Account | None) -> AccountDraft:
    """What the form begins with: nothing, but that an update resumes the account's jobs."""
    has = account.cookies if account and isinstance(account.cookies, dict) else {}
    needs = needs_of(integration, list(has)[:MOST_COOKIES])
    return AccountDraft(
        integration=integration,
        needs=needs,
        kind=needs.first_kind,
        uid=account_uid,
        resumes=bool(account_uid),
    )
