"""Users, integrations and accounts that are there from the beginning."""

from __future__ import annotations

from dataclasses import dataclass

from playground.contract.accounts import Integration
from playground.sandbox.catalog import linkedin, offices, uids
from playground.sandbox.records import StoredAccount, StoredUser


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLimit:
    """How many inputs an account of this level may work on in 24 hours (section 1.6)."""

    integration: str
    permalink: str
    level: str
    name: str
    value: int
    templates: tuple[str, ...]


INTEGRATIONS = tuple(
    Integration(uid=uids.integration(number), title=title, permalink=permalink)
    for number, (permalink, title) in enumerate(
        (
            (linkedin.LINKEDIN, "LinkedIn"),
            (offices.HUBSPOT, "HubSpot"),
            (offices.OUTLOOK, "Outlook"),
            (offices.SHEETS, "Google Sheets"),
            ("slack", "Slack"),  # No account and no step: an empty listing exists too.
        ),
        start=1,
    )
)
TITLES = {item.permalink or "": item.title or "" for item in INTEGRATIONS}
CLASSIC, NAVIGATOR = "Classic", "Sales Navigator"
# The cookies by which LinkedIn accounts sign in (section 5).
SESSION_COOKIE, NAVIGATOR_COOKIE = "li_at", "li_a"
COOKIES = frozenset({SESSION_COOKIE, NAVIGATOR_COOKIE, "JSESSIONID", "li_rm"})

USERS = (
    StoredUser(
        uid=uids.user(1),
        email="jane@example.com",
        full_name="Jane Doe",
        country="fr",
        timezone="Europe/Paris",
        role="owner",
    ),
    StoredUser(
        uid=uids.user(2),
        email="omar@example.com",
        full_name="Omar Haddad",
        country="GB",
        timezone="Europe/London",
        role="user",
    ),
    StoredUser(
        uid=uids.user(3),
        email="mei@example.org",
        full_name="Mei Lin",
        country="sg",
        timezone="Asia/Singapore",
        role="external",
    ),
)


def _linkedin(
    number: int,
    name: str,
    owner: int,
    level: str,
    *,
    is_valid: bool = True,
    is_shared: bool = False,
    via_extension: bool = False,
) -> StoredAccount:
    cookies = (SESSION_COOKIE, NAVIGATOR_COOKIE) if level == NAVIGATOR else (SESSION_COOKIE,)
    return StoredAccount(
        uid=uids.account(number),
        integration=linkedin.LINKEDIN,
        name=name,
        setup_at=f"2024-02-{number + 9:02d}T15:12:17.652585",
        user_uid=uids.user(owner),
        cookie_names=(*cookies, "JSESSIONID"),
        level=level,
        is_valid=is_valid,
        is_shared=is_shared,
        via_extension=via_extension,
    )


def _other(
    number: int,
    integration: str,
    name: str,
    owner: int,
    *,
    is_valid: bool = True,
    is_shared: bool = False,
) -> StoredAccount:
    return StoredAccount(
        uid=uids.account(number),
        integration=integration,
        name=name,
        setup_at=f"2024-03-{number:02d}T10:04:55.118203",
        user_uid=uids.user(owner),
        has_key=integration != offices.OUTLOOK,
        has_password=integration == offices.OUTLOOK,
        is_valid=is_valid,
        is_shared=is_shared,
    )


ACCOUNTS = (
    _linkedin(1, "Jane's Sales Navigator", 1, NAVIGATOR),
    _linkedin(2, "Omar's LinkedIn", 2, CLASSIC),
    _linkedin(3, "Mei's LinkedIn (expired)", 3, CLASSIC, is_valid=False),
    _linkedin(4, "Team Sales Navigator", 1, NAVIGATOR, is_shared=True),
    _linkedin(5, "Mei by extension", 3, CLASSIC, via_extension=True),
    _linkedin(6, "Old Sales Navigator (expired)", 2, NAVIGATOR, is_valid=False),
    _other(11, offices.HUBSPOT, "HubSpot production", 1),
    _other(12, offices.HUBSPOT, "HubSpot trial (expired)", 2, is_valid=False),
    _other(13, offices.OUTLOOK, "jane@example.com", 1),
    _other(14, offices.OUTLOOK, "team@example.com", 2, is_shared=True),
    _other(15, offices.SHEETS, "Prospecting sheets", 1),
    _other(16, offices.SHEETS, "Archive sheets (expired)", 3, is_valid=False),
)

_VISITS = (linkedin.VISIT_PROFILE.template_uid, linkedin.EXTRACT_PROFILE.template_uid)
_INVITES = (linkedin.CONNECT_PROFILE.template_uid,)
_SEARCHES = (linkedin.SEARCH_LEADS.template_uid, linkedin.SEARCH_PEOPLE.template_uid)
LIMITS = tuple(
    AccountLimit(
        integration=integration,
        permalink=permalink,
        level=level,
        name=name,
        value=value,
        templates=templates,
    )
    for integration, permalink, level, name, value, templates in (
        ("linkedin", "lk-classic-profile-visits", CLASSIC, "profile visits", 80, _VISITS),
        (
            "linkedin",
            "lk-classic-connection-requests",
            CLASSIC,
            "connection requests",
            25,
            _INVITES,
        ),
        ("linkedin", "lk-classic-searches", CLASSIC, "searches", 30, _SEARCHES),
        ("linkedin", "lk-sales-nav-profile-visits", NAVIGATOR, "profile visits", 150, _VISITS),
        (
            "linkedin",
            "lk-sales-nav-connection-requests",
            NAVIGATOR,
            "connection requests",
            40,
            _INVITES,
        ),
        ("linkedin", "lk-sales-nav-searches", NAVIGATOR, "searches", 100, _SEARCHES),
        ("outlook", "ol-emails", "", "e-mails", 200, (offices.SEND_EMAIL.template_uid,)),
    )
)
