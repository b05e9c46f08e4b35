"""The workspace and its users (sections 3 and 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from playground.contract.accounts import (
    USER_ROLES,
    Message,
    User,
    UserAccount,
    UserPage,
    UserPaging,
    UserSaved,
    Workspace,
)
from playground.contract.folding import fold
from playground.sandbox.account_book import AccountBook
from playground.sandbox.api import room
from playground.sandbox.api.calls import PAGE_SIZE, SandboxCall, cut
from playground.sandbox.jobs import engine
from playground.sandbox.jobs import uids as job_uids
from playground.sandbox.json_values import read_object, read_optional
from playground.sandbox.judge import users as judge_users
from playground.sandbox.records import Change, StoredUser
from playground.sandbox.refusals import Refused

TASKS_A_MONTH = 1_000_000
_TEXT_FIELDS = ("uid", "email", "full_name", "country", "timezone")


def get_workspace(call: SandboxCall) -> Workspace:
    """The quota counts the inputs launched this month; nothing is ever cut off by it."""
    start = call.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end = (start + timedelta(days=32)).replace(day=1)
    used = _inputs_launched(call, start)
    return Workspace(
        name="Sandbox",
        email="sandbox@example.com",
        plan_name=_plan_name(call.settings.plan_limit),
        current_month_start=start.isoformat(timespec="seconds"),
        current_month_end=end.isoformat(timespec="seconds"),
        tasks_left=max(0, TASKS_A_MONTH - used),
        tasks_max=TASKS_A_MONTH,
        tasks_used=used,
    )


def _inputs_launched(call: SandboxCall, start: datetime) -> int:
    total = call.store.count_rows(since=start)
    for launch in call.store.list_repeating():
        runs = engine.count_occurrences(launch, call.now)
        if launch.created_at < start:
            runs -= engine.count_occurrences(launch, start)
        total += launch.plan.number_rows * runs
    return total


def _plan_name(limit: int) -> str:
    """The plan that has such a limit (section 1.5)."""
    if limit == 0:
        return "Enterprise"
    return "Pro" if limit < 5_000 else "Scale"


def list_users(call: SandboxCall) -> UserPage:
    page = call.page(first=0)
    with_accounts = call.flag("retrieve_accounts", True)
    book = call.book()
    found = [user for user in book.users(call.now) if _is_wanted(call, user)]
    shown, has_next = cut(found, page)
    return UserPage(
        users=tuple(show_user(call, book, user, with_accounts) for user in shown),
        nbr_users=len(found),
        limit=PAGE_SIZE,
        pages=-(-len(found) // PAGE_SIZE),
        paging=UserPaging(
            previous=call.page_url(page - 1) if page else None,
            next=call.page_url(page + 1) if has_next else None,
        ),
    )


def _is_wanted(call: SandboxCall, user: StoredUser) -> bool:
    role, term = call.query.get("role"), fold(call.query.get("search_term", ""))
    if role is not None and role not in USER_ROLES:
        raise Refused(400, f"role must be one of {', '.join(USER_ROLES)}.")
    texts = f"{fold(user.email or '')}\n{fold(user.full_name or '')}"
    return role in (None, user.role) and term in texts


def show_user(call: SandboxCall, book: AccountBook, user: StoredUser, with_accounts: bool) -> User:
    first, _, last = (user.full_name or "").strip().partition(" ")
    accounts = book.accounts(call.now) if with_accounts else ()
    return User(
        uid=user.uid,
        email=user.email,
        first_name=first or None,
        last_name=last or None,
        full_name=user.full_name,
        country=user.country,
        project_uid=call.settings.project_id,
        accounts=tuple(
            UserAccount(uid=account.uid, application_permalink=account.integration)
            for account in accounts
            if account.user_uid == user.uid
        ),
    )


def save_user(call: SandboxCall) -> UserSaved:
    """Creates a user, or updates the one whose `uid` is given: only the fields that are sent."""
    given = _given(read_object(call.body))
    uid = given.pop("uid", None)
    with call.changing() as (call, book):
        known = book.user(uid, call.now) if uid is not None else None
        if uid is not None and known is None:
            raise Refused(404, "There is no user with this uid.")
        user = replace(known or StoredUser(uid=job_uids.make_uid(call.store.new_seed())), **given)
        if known is None or _comparable(known.email) != _comparable(user.email):
            _check_email(call, book, user)
        change = Change(uid=user.uid, at=call.now, user=user, is_of_user=True)
        room.keep_change(call.store, book, change)
    message = "User updated." if known else "User created."
    return UserSaved(user=show_user(call, book, user, True), message=message)


def _check_email(call: SandboxCall, book: AccountBook, user: StoredUser) -> None:
    """No two users have one e-mail, so that a call that is sent again makes no second user."""
    email = _comparable(user.email)
    others = (other for other in book.users(call.now) if other.uid != user.uid)
    if email and any(_comparable(other.email) == email for other in others):
        raise Refused(400, "email is that of another user: give the uid of that user to update it.")


def _comparable(email: str | None) -> str:
    return (email or "").strip().casefold()


def _given(raw: dict[str, Any]) -> dict[str, str]:
    """The fields that were sent, checked. A null counts as not sent."""
    given = {}
    for key in _TEXT_FIELDS:
        value = read_optional(raw, key, str, "text", "")
        if value is not None:
            given[key] = value
    judge_users.check(given)
    return given


def delete_user(call: SandboxCall) -> Message:
    """Deletes the user and the user's accounts; jobs that need one of them are paused."""
    uid = call.values["user_uid"]
    with call.changing() as (call, book):
        if book.user(uid, call.now) is None:
            raise Refused(404, "There is no user with this UID.")
        for account in book.accounts(call.now):
            if account.user_uid == uid:
                call.store.add_change(Change(uid=account.uid, at=call.now))
        call.store.add_change(Change(uid=uid, at=call.now, is_of_user=True))
    return Message(message="User deleted.")
