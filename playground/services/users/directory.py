"""The upstream's users: the owners of accounts. Contract section 4."""

from __future__ import annotations

import dataclasses
import functools
import json
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator

from playground.contract.accounts import (
    LONGEST_EMAIL,
    NO_ZONES,
    REFUSED_COUNTRIES,
    USER_ROLES,
    User,
    UserPage,
    UserSave,
)
from playground.contract.countries import COUNTRIES
from playground.contract.folding import fold, has_words, search_words, searchable
from playground.contract.wire import UNSET
from playground.services import permissions
from playground.services.permissions import Person
from playground.services.upstream_cache import cache, invalidation
from playground.services.upstream_cache.cache import FreshnessCache, Known
from playground.services.upstream_cache.calls import ask
from playground.services.upstream_cache.invalidation import Kept
from playground.upstream.client import WorkflowClient

ROLES = USER_ROLES
# Seconds that all users are kept, to tell who owns an account.
DIRECTORY_MAX_AGE = 60.0
MOST_PAGES = 100
USERS_A_PAGE = 30
# Found users on a page: those of a search are paged here.
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """All users, or the first `MOST_PAGES` pages of them."""

    users: tuple[User, ...]
    owners: Mapping[str, User]
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFound:
    """Without a `user` there is none, if it `is_gone`; else it may be beyond the last page."""

    user: User | None
    is_gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UserListing:
    """A page of users as the upstream pages them. `number` counts from 1.

    With `why_old` it is the page as it was `age` seconds ago, and that says why.
    """

    users: tuple[User, ...]
    number: int
    pages: int | None
    total: int | None
    has_next: bool
    age: float = 0.0
    why_old: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserDraft:
    """What somebody typed. A blank field is not sent: the upstream keeps what it has."""

    email: str = ""
    full_name: str = ""
    country: str = ""
    timezone: str = ""


# A page of the list: kept to be shown when there is nothing newer.
PAGE_MAX_AGE = 1.0
MOST_PAGES_KEPT = 50
_ALL = "all"

_directory: FreshnessCache[Directory] = FreshnessCache(failures_kept=cache.FAILURES_KEPT)
_pages: FreshnessCache[UserPage] = FreshnessCache(most=MOST_PAGES_KEPT)
invalidation.register(Kept.USERS, _directory)
invalidation.register(Kept.USER_PAGES, _pages)


def name_of(user: User) -> str:
    """What people call the user."""
    both = " ".join(filter(None, (_text(user.first_name), _text(user.last_name))))
    return _text(user.full_name) or both or _text(user.email) or user.uid


def list_users(
    person: Person, *, search_term: str = "", role: str = "", number: int = 1
) -> UserListing:
    """One page, from 1. A role that the contract does not know is not asked for.

    What is searched for is looked for here: what an upstream takes for the same text is not known.
    Only where there are too many users to know them all, the upstream searches. Raises
    `UnableToReachUpstream`.
    """
    permissions.require(person, "see users")
    wanted = role if role in ROLES else ""
    words = search_words(search_term)
    if words:
        everybody = _known_directory(wanted)
        if everybody.value.is_whole:
            found = _found(everybody.value.users, words, number)
            return dataclasses.replace(found, age=everybody.age, why_old=everybody.problem)
    asked = search_term if words else ""
    known = _pages.get_known(
        json.dumps([wanted, asked, number]),
        lambda: ask(
            lambda client: client.list_users(role=wanted, search_term=asked, page=number - 1)
        ),
        max_age=PAGE_MAX_AGE,
    )
    page = known.value
    pages = _count(page.pages)
    return UserListing(
        users=page.users,
        number=number,
        pages=pages,
        total=_count(page.nbr_users),
        has_next=_has_next(page, number) is not False,
        age=known.age,
        why_old=known.problem,
    )


def find_directory(role: str = "") -> Directory:
    """Everybody (of a role) with their accounts, kept for a minute.

    Raises `UnableToReachUpstream`.
    """
    return _directory.get(role or _ALL, _question(role), max_age=DIRECTORY_MAX_AGE).value


def renew_directory() -> None:
    """Ask for everybody anew, whatever is known: `find_directory` gives what came of it.

    Raises `UnableToReachUpstream`.
    """
    _directory.outdate([_ALL])
    find_directory()


def _known_directory(role: str = "") -> Known[Directory]:
    """The same, however old it is where it cannot be renewed."""
    return _directory.get_known(role or _ALL, _question(role), max_age=DIRECTORY_MAX_AGE)


def _question(role: str) -> Callable[[], Directory]:
    return lambda: ask(lambda client: _fetch_directory(client, role))


def find_user(person: Person, uid: str) -> UserFound:
    """The user of this UID. Raises `UnableToReachUpstream`."""
    permissions.require(person, "see users")
    directory = _known_directory().value
    user = next((user for user in directory.users if user.uid == uid), None)
    return UserFound(user=user, is_gone=user is None and directory.is_whole)


def build_save(draft: UserDraft, *, uid: str = "") -> UserSave:
    """What is sent for a draft: only what was filled in."""
    return UserSave(
        uid=uid or UNSET,
        email=draft.email.strip() or UNSET,
        full_name=draft.full_name.strip() or UNSET,
        country=draft.country.strip() or UNSET,
        timezone=draft.timezone.strip() or UNSET,
    )


def find_problems(draft: UserDraft, *, is_new: bool) -> dict[str, str]:
    """What the upstream is known to refuse, and what can only be a slip: field → sentence."""
    found = {
        "email": _email_problem(draft.email.strip()),
        "country": _country_problem(draft.country.strip(), is_new=is_new),
        "timezone": _timezone_problem(draft.timezone.strip()),
    }
    if is_new and not draft.email.strip() and not draft.full_name.strip():
        found["email"] = "Enter an e-mail address or a name: without either nobody knows who it is."
    return {field: sentence for field, sentence in found.items() if sentence}


@functools.cache
def known_timezones() -> tuple[str, ...]:
    """By name. Finding them takes a walk through files."""
    return tuple(sorted(zoneinfo.available_timezones() - NO_ZONES))


def _found(users: Sequence[User], words: Sequence[str], number: int) -> UserListing:
    """A page of those whose name, e-mail or UID has every word; past the end it is the last."""
    fitting = [user for user in users if has_words(_searchable(user), words)]
    page = Paginator(fitting, PAGE_SIZE).get_page(number)
    return UserListing(
        users=tuple(page),
        number=page.number,
        pages=page.paginator.num_pages,
        total=page.paginator.count,
        has_next=page.has_next(),
    )


def _searchable(user: User) -> str:
    names = (name_of(user), _text(user.full_name), _text(user.email), user.uid)
    return searchable(" ".join(names))


def _fetch_directory(client: WorkflowClient, role: str) -> Directory:
    # By UID: one that is added meanwhile shifts others to the next page.
    found: dict[str, User] = {}
    is_whole = False
    for number in range(1, MOST_PAGES + 1):
        known = len(found)
        page = client.list_users(role=role, page=number - 1)
        found |= {user.uid: user for user in page.users}
        has_next = _has_next(page, number)
        # Where no page tells of the next one, the last is known by having nobody new.
        if has_next is False or len(found) == known:
            is_whole = not has_next
            break
    owners: dict[str, User] = {}
    for user in found.values():
        for account in user.accounts or ():
            owners.setdefault(account.uid, user)
    return Directory(users=tuple(found.values()), owners=owners, is_whole=is_whole)


def _has_next(page: UserPage, number: int) -> bool | None:
    """Told by `paging.next`, else by the number of pages, else by a page that is not full
    (contract section 1.4); None for a full one that tells nothing."""
    if not page.users:
        return False
    paging = page.paging or None
    if paging is not None and paging.next is not UNSET:
        return bool(paging.next)
    pages = _count(page.pages)
    if pages is not None:
        return number < pages
    return None if len(page.users) >= USERS_A_PAGE else False


def _email_problem(email: str) -> str:
    if not email:
        return ""
    if len(email) > LONGEST_EMAIL:
        return f"An e-mail address has at most {LONGEST_EMAIL} characters; this has {len(email)}."
    name, _, host = email.rpartition("@")
    if not name or not host or any(not part.isprintable() or part.isspace() for part in email):
        return "This is no e-mail address: it needs a name, an @ and a host, without spaces."
    return ""


def _country_problem(country: str, *, is_new: bool) -> str:
    code = country.upper()
    if not code:
        return ""
    if code in REFUSED_COUNTRIES:
        name = COUNTRIES.get(code, code)
        way_out = "Choose another country." if is_new else "Choose another, or “as it is”."
        return f"The upstream takes no users in {name} ({code}). {way_out}"
    if code not in COUNTRIES:
        return "This is no country that we know: choose one of the list, such as FR for France."
    return ""


def _timezone_problem(timezone: str) -> str:
    known = known_timezones()
    # A machine without the database of time zones knows none: then the upstream judges alone.
    if not timezone or not known or timezone in known:
        return ""
    if meant := _meant_timezone(timezone):
        return f"This is no time zone that we know. Did you mean {meant}?"
    return "This is no time zone that we know: take one of the list, such as Europe/Paris."


def _meant_timezone(typed: str) -> str:
    """The zone of this name in another writing, or the only one of this city; empty for none."""
    wanted = _bare_zone(typed)
    names = {_bare_zone(name): name for name in known_timezones()}
    cities = [name for bare, name in names.items() if bare.rpartition("/")[2] == wanted]
    return names.get(wanted) or (cities[0] if len(cities) == 1 else "")


def _bare_zone(name: str) -> str:
    return fold(name[:100]).replace("\\", "/").replace(" ", "").replace("_", "")


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
