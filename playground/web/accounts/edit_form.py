"""The account form: posted fields → a draft, and a draft → what the template shows.

Not a `django.forms.Form`: a bound form fills its fields in again, and these hold secrets. Fields of
secrets have no text, so that none can be shown; nothing of them is kept anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

from playground.contract.accounts import MOST_COOKIES, Account, User
from playground.credentials.drafts import AccountDraft
from playground.credentials.kinds import KINDS, Kind, needs_of
from playground.payload.issues import Issue
from playground.payload.texts import shorten
from playground.services.accounts.form import (
    AccountFound,
    OwnersFound,
    TestCredential,
    find_test_credentials,
)
from playground.services.accounts.paused import MOST_TOLD
from playground.services.jobs.using import JobsFound
from playground.services.users.directory import name_of
from playground.web.accounts import field_names
from playground.web.field_ids import field_id
from playground.web.http import new_token

# Of thousands of owners in one list.
_LONGEST_LABEL = 120
ACTION, NEXT, CODE, ACCOUNT_UID = "action", "next", "code", "account_uid"
LABELS = {"cookies": "Cookies", "api_key": "API key", "password": "User name and password"}
Problems = dict[str, tuple[Issue, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainField:
    """A field whose text may be shown again."""

    name: str
    id: str
    text: str
    placeholder: str = ""
    issues: tuple[Issue, ...] = ()

    @property
    def is_wrong(self) -> bool:
        return any(issue.severity == "error" for issue in self.issues)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretField:
    """A field that is empty in every answer. What is typed shows only if `is_readable`."""

    name: str
    id: str
    label: str
    note: str = ""
    required: str = ""
    is_area: bool = False
    is_readable: bool = False
    issues: tuple[Issue, ...] = ()

    @property
    def is_wrong(self) -> bool:
        return any(issue.severity == "error" for issue in self.issues)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindContext:
    """A kind of credential with the fields that it takes."""

    value: Kind
    label: str
    is_chosen: bool
    fields: tuple[SecretField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChoice:
    uid: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountForm:
    """Everything that the page shows on its left side.

    `look_at` is where to see what came of it, when that is not known.
    """

    token: str
    challenge_token: str
    integration: str
    title: str
    account_uid: str
    account: Account | None
    account_problem: str
    name: PlainField
    owner: PlainField
    owners: tuple[OwnerChoice, ...]
    owner_problem: str
    kinds: tuple[KindContext, ...]
    kinds_id: str
    kind_issues: tuple[Issue, ...]
    resumes: bool
    paused: JobsFound | None
    paused_uids: str
    is_shared: bool
    test_credentials: tuple[TestCredential, ...]
    has_challenge: bool
    next: str
    back: str
    sentence: str
    is_refusal: bool
    look_at: str

    @property
    def current_name(self) -> str:
        return (self.account and self.account.name) or self.account_uid

    @property
    def is_invalid(self) -> bool:
        return self.account is not None and self.account.is_valid is False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormState:
    """What is said of a draft, beside its fields and above them.

    Without `found` or `owners` the upstream is asked for them. `look_at` is where to see what
    came of a save, when that is not known. `paused` are the jobs that an update would resume, and
    `paused_uids` those that the form told of when it was shown first.
    """

    found: AccountFound | None = None
    owners: OwnersFound | None = None
    paused: JobsFound | None = None
    paused_uids: str = ""
    issues: tuple[Issue, ...] = ()
    sentence: str = ""
    is_refusal: bool = False
    look_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBack:
    """Where the form leads: to the page that it was opened from, if any, else to the account."""

    next: str
    account: str


def account_form(
    draft: AccountDraft, found: AccountFound, owners: OwnersFound, state: FormState, way: WayBack
) -> AccountForm:
    """The form of a draft without secrets, with what is said of it."""
    problems = _by_field(state.issues)
    return AccountForm(
        token=new_token(),
        challenge_token=new_token(),
        integration=draft.integration,
        title=draft.needs.title,
        account_uid=draft.uid,
        account=found.account,
        account_problem=found.problem,
        name=_name(draft, found.account, problems),
        owner=_plain(field_names.OWNER, draft.owner, problems),
        owners=_choices(owners.users, draft.owner),
        owner_problem=owners.problem,
        kinds=tuple(_kind(kind, draft, problems) for kind in KINDS),
        kinds_id=field_id(field_names.KIND),
        kind_issues=problems.get(field_names.KIND, ()),
        resumes=draft.resumes,
        paused=state.paused,
        paused_uids=" ".join(one.job.uid for one in state.paused.jobs[:MOST_TOLD])
        if state.paused
        else state.paused_uids,
        is_shared=draft.is_shared,
        test_credentials=find_test_credentials(),
        has_challenge=draft.needs.has_challenge,
        next=way.next,
        back=way.next or way.account,
        sentence=state.sentence,
        is_refusal=state.is_refusal,
        look_at=state.look_at,
    )


def posted_draft(integration: str, account_uid: str, data: QueryDict) -> AccountDraft:
    """What a person sent. The names of the cookie fields tell which cookies the form asked for."""
    names = [name for name in map(field_names.cookie_of, data) if name][:MOST_COOKIES]
    kind = data.get(field_names.KIND, "")
    needs = needs_of(integration, names)
    return AccountDraft(
        integration=integration,
        needs=needs,
        kind=next((one for one in KINDS if one == kind), needs.first_kind),
        uid=account_uid,
        name=data.get(field_names.NAME, ""),
        owner=data.get(field_names.OWNER, ""),
        resumes=field_names.RESUMES in data,
        is_shared=field_names.IS_SHARED in data,
        pasted=data.get(field_names.PASTED, ""),
        cookies={name: data.get(field_names.cookie(name), "") for name in names},
        api_key=data.get(field_names.API_KEY, ""),
        username=data.get(field_names.USERNAME, ""),
        password=data.get(field_names.PASSWORD, ""),
    )


def first_draft(integration: str, account_uid: str, account: Account | None) -> AccountDraft:
    """What the form begins with: nothing, but that new credentials resume the account's jobs."""
    has = account.cookies if account and isinstance(account.cookies, dict) else {}
    needs = needs_of(integration, list(has)[:MOST_COOKIES])
    return AccountDraft(
        integration=integration,
        needs=needs,
        kind=needs.first_kind,
        uid=account_uid,
        resumes=bool(account_uid),
    )


def _by_field(issues: Iterable[Issue]) -> Problems:
    found: dict[str, list[Issue]] = {}
    for issue in issues:
        found.setdefault(field_names.name_of(issue.path), []).append(issue)
    return {name: tuple(issues) for name, issues in found.items()}


def _name(draft: AccountDraft, account: Account | None, problems: Problems) -> PlainField:
    placeholder = account.name if account and isinstance(account.name, str) else ""
    return _plain(field_names.NAME, draft.name, problems, placeholder)


def _plain(name: str, text: str, problems: Problems, placeholder: str = "") -> PlainField:
    return PlainField(
        name=name,
        id=field_id(name),
        text=text,
        placeholder=placeholder,
        issues=problems.get(name, ()),
    )


def _secret(
    name: str,
    label: str,
    problems: Problems,
    *,
    note: str = "",
    required: str = "",
    is_area: bool = False,
    is_readable: bool = False,
) -> SecretField:
    return SecretField(
        name=name,
        id=field_id(name),
        label=label,
        note=note,
        required=required,
        is_area=is_area,
        is_readable=is_readable,
        issues=problems.get(name, ()),
    )


def _kind(kind: Kind, draft: AccountDraft, problems: Problems) -> KindContext:
    return KindContext(
        value=kind,
        label=LABELS[kind],
        is_chosen=kind == draft.kind,
        fields=_secrets(kind, draft, problems),
    )


def _secrets(kind: Kind, draft: AccountDraft, problems: Problems) -> tuple[SecretField, ...]:
    """A new account needs all of what it signs in with; an update only what is to change."""
    always = "" if draft.is_update else "required"
    if kind == "api_key":
        return (_secret(field_names.API_KEY, "API key", problems, required=always),)
    if kind == "password":
        return (
            _secret(field_names.USERNAME, "User name", problems, required=always, is_readable=True),
            _secret(field_names.PASSWORD, "Password", problems, required=always),
        )
    return (
        _secret(field_names.PASTED, "Paste the cookies of the site", problems, is_area=True),
        *(
            _secret(
                field_names.cookie(one.name),
                one.name,
                problems,
                note=one.purpose,
                required="required, here or in what is pasted" if one.is_needed and always else "",
            )
            for one in draft.needs.cookies
        ),
    )


def _choices(users: tuple[User, ...], chosen: str) -> tuple[OwnerChoice, ...]:
    known = tuple(OwnerChoice(uid=user.uid, label=_label(user)) for user in users)
    if chosen and chosen not in {choice.uid for choice in known}:
        return (*known, OwnerChoice(uid=chosen, label=f"{chosen} (not listed upstream)"))
    return known


def _label(user: User) -> str:
    texts = (name_of(user), user.email if isinstance(user.email, str) else "")
    return shorten(" · ".join(dict.fromkeys(filter(None, texts))), _LONGEST_LABEL)
