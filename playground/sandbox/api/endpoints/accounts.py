"""Integrations and accounts (section 5). Secrets that are sent are looked at, never kept."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from playground.contract.accounts import Account, AccountPage, Integration, Message
from playground.contract.times import write_time
from playground.sandbox import catalog
from playground.sandbox.account_book import AccountBook
from playground.sandbox.api import room
from playground.sandbox.api.calls import SandboxCall, cut
from playground.sandbox.jobs import uids as job_uids
from playground.sandbox.json_values import read_object, read_optional
from playground.sandbox.judge import credentials
from playground.sandbox.limits.report import LimitReport
from playground.sandbox.records import Change, Event, Launch, Plan, StoredAccount
from playground.sandbox.refusals import Refused

MASK = "********"


def list_integrations(call: SandboxCall) -> list[Integration]:
    del call
    return list(catalog.INTEGRATIONS)


def list_accounts(call: SandboxCall) -> AccountPage:
    integration, page, book = _integration(call), call.page(first=0), call.book()
    found = [item for item in book.accounts(call.now) if item.integration == integration.permalink]
    shown, has_next = cut(found, page)
    limits = _all_limits(call, book, shown) if call.query.get("stats", "true") == "true" else {}
    return AccountPage(
        integration=Integration(uid=integration.uid, title=integration.title),
        accounts=tuple(replace(show_account(item), **limits.get(item.uid, {})) for item in shown),
        next_page_exist=has_next,
        number_total_acounts=len(found),
    )


def _all_limits(
    call: SandboxCall, book: AccountBook, accounts: tuple[StoredAccount, ...]
) -> dict[str, dict[str, Any]]:
    report = LimitReport(call.store, call.now, book, call.settings.speed)
    return {item.uid: {"limits": report.limits_of(item)} for item in accounts}


def show_account(account: StoredAccount) -> Account:
    """The account without limits; values of cookies are masked (section 12, line 28)."""
    return Account(
        uid=account.uid,
        name=account.name,
        setup_at=account.setup_at,
        cookies=dict.fromkeys(account.cookie_names, MASK),
        via_extension=account.via_extension,
        is_shared=account.is_shared,
        level=account.level,
        is_valid=account.is_valid,
        application_permalink=account.integration,
        application_name=catalog.TITLES.get(account.integration),
    )


def save_account(call: SandboxCall) -> Account:
    """Creates an account, or updates the one whose `account.uid` is given."""
    integration, raw = _integration(call), read_object(call.body)
    resumes = read_optional(raw, "resume_paused_jobs", bool, "true or false", "")
    shared = read_optional(raw, "shared_account", bool, "true or false", "")
    sent = raw.get("account")
    if not isinstance(sent, dict):
        raise Refused(400, "account must be an object with the account's name and credentials.")
    uid = read_optional(sent, "uid", str, "text", "account.")
    with call.changing() as (call, book):
        known = _known(call, book, uid, integration.permalink or "")
        account = credentials.apply(sent, known, is_new=uid is None)
        _check_owner(call, book, account, known)
        account = account if shared is None else replace(account, is_shared=shared)
        room.keep_change(call.store, book, Change(uid=account.uid, at=call.now, account=account))
        if resumes:
            _resume_jobs(call, account)
    return show_account(account)


def _check_owner(
    call: SandboxCall, book: AccountBook, account: StoredAccount, known: StoredAccount
) -> None:
    """A new owner must be there; one that was deleted since may stay."""
    if account.user_uid != known.user_uid and book.user(account.user_uid or "", call.now) is None:
        raise Refused(400, "account.user_uid is not the UID of a user of this workspace.")


def _known(
    call: SandboxCall, book: AccountBook, uid: str | None, integration: str
) -> StoredAccount:
    """The account to update, or a blank one to create."""
    if uid is None:
        return StoredAccount(
            uid=job_uids.make_uid(call.store.new_seed()),
            integration=integration,
            name="",
            setup_at=write_time(call.now) or "",
            is_valid=False,
        )
    account = book.account(uid, call.now)
    if account is None or account.integration != integration:
        raise Refused(404, f"There is no account of {integration} with this uid.")
    return account


def _resume_jobs(call: SandboxCall, account: StoredAccount) -> None:
    """Tells every launch that uses the account; where nothing is paused, nothing changes."""
    for launch in call.store.list_unsettled():
        if any(_uses(plan, account) for plan in _plans(launch)):
            call.store.add_event(launch.prefix, Event(kind="resume", at=call.now))


def _plans(launch: Launch) -> list[Plan]:
    return [launch.plan, *(event.plan for event in launch.events if event.plan)]


def _uses(plan: Plan, account: StoredAccount) -> bool:
    for step_plan in plan.steps:
        if account.uid in step_plan.accounts:
            return True
        takes_any = step_plan.is_rotating and not step_plan.accounts
        step = catalog.find_step(step_plan.step_uid)
        if takes_any and step and account.integration in step.integration_slugs:
            return True
    return False


def delete_account(call: SandboxCall) -> Message:
    integration = _integration(call)
    with call.changing() as (call, book):
        account = book.account(call.values["account_uid"], call.now)
        if account is None or account.integration != integration.permalink:
            raise Refused(404, f"There is no account of {integration.permalink} with this UID.")
        call.store.add_change(Change(uid=account.uid, at=call.now))
    return Message(message="Account deleted.")


def answer_checkpoint(call: SandboxCall) -> Account:
    """Any six digits pass LinkedIn's login challenge and make the account valid."""
    with call.changing() as (call, book):
        account = book.account(call.values["account_uid"], call.now)
        if account is None:
            raise Refused(404, "There is no account with this UID.")
        if account.integration != "linkedin":
            raise Refused(400, "Only LinkedIn accounts have a login challenge.")
        code = read_object(call.body).get("code")
        if not isinstance(code, str) or not re.fullmatch(r"[0-9]{6}", code):
            raise Refused(400, "code must be text of six digits.")
        account = replace(account, is_valid=True)
        room.keep_change(call.store, book, Change(uid=account.uid, at=call.now, account=account))
    return replace(show_account(account), meta=_profile(account))


def _profile(account: StoredAccount) -> dict[str, str]:
    number = account.uid[-6:]
    return {
        "name": account.name,
        "id": number,
        "url": f"https://www.linkedin.com/in/sample-{number}",
        "type": "SALES_NAV" if account.level == catalog.NAVIGATOR else "CLASSIC",
    }


def _integration(call: SandboxCall) -> Integration:
    """By slug, or by UID, which is what the vendor calls this part of the path (section 5)."""
    name = call.values["integration"]
    found = next(
        (item for item in catalog.INTEGRATIONS if name in (item.permalink, item.uid)), None
    )
    if found is None:
        raise Refused(404, "There is no such integration.")
    return found
