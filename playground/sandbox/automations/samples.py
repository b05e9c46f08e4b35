"""Sample records for what only a third party's site could tell. Each says `sample: true`."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from playground.sandbox.automations.work import Work, choose, draw, fold

_FIRST = ("Ada", "Bruno", "Chloé", "Dmitri", "Elif", "Femi", "Grace", "Hugo", "Inês", "Jonas")
_LAST = ("Almeida", "Berg", "Castillo", "Dubois", "Eriksen", "Fischer", "García", "Haddad", "Ito")
_COMPANIES = ("Northwind", "Globex", "Initech", "Umbra Labs", "Vandelay", "Hooli", "Acme")
_TITLES = ("Head of Sales", "Data Engineer", "Founder", "Marketing Lead", "Product Manager")
_CITIES = ("Paris, France", "Lisbon, Portugal", "Berlin, Germany", "Austin, United States")
_INDUSTRIES = ("Software", "Logistics", "Biotechnology", "Retail", "Renewable Energy")
_POSTS = (
    "We are hiring again, in three cities.",
    "What I learnt from a hundred cold e-mails.",
    "Our new office has a slide. Nobody uses it.",
    "Looking back on a year of working from a barge.",
)


def person(work: Work) -> dict[str, Any]:
    """A plausible person; one whose profile address is given bears the name in the address."""
    address = work.text("linkedin_profile_url")
    first, last = _names_in(address) or (
        choose(work.seed, "first", _FIRST),
        choose(work.seed, "last", _LAST),
    )
    code = f"{draw(work.seed, 'code', 16**6):06x}"
    company = choose(work.seed, "company", _COMPANIES)
    title = choose(work.seed, "title", _TITLES)
    return {
        "first_name": first,
        "last_name": last,
        "full_name": f"{first} {last}".strip(),
        "company_name": company,
        "company_website": f"https://www.{fold(company)}.example",
        "job_title": title,
        "headline": f"{title} at {company}",
        "location": choose(work.seed, "city", _CITIES),
        "linkedin_profile_url": address
        or f"https://www.linkedin.com/in/{fold(first)}-{fold(last)}-{code}",
        "linkedin_profile_id": str(10_000_000 + draw(work.seed, "profile", 89_999_999)),
    }


def lead(work: Work) -> dict[str, Any]:
    """A person as a lead search of Sales Navigator lists them."""
    found = person(work)
    company_id = str(1_000 + draw(work.seed, "company id", 8_999_999))
    profile_id = f"ACwAA{draw(work.seed, 'navigator', 16**10):010x}"
    started = 2010 + draw(work.seed, "started", 14)
    navigator = "https://www.linkedin.com/sales"
    return found | {
        "sales_navigator_company_id": company_id,
        "connection_degree": choose(work.seed, "degree", ("2nd", "3rd")),
        "profile_image_url": None,
        "sales_navigator_search_url": work.text("sales_navigator_profile_search_url"),
        "sales_navigator_profile_url": f"{navigator}/lead/{profile_id}",
        "sales_navigator_profile_id": profile_id,
        "sales_navigator_company_url": f"{navigator}/company/{company_id}",
        "position_started_at": f"{started}-{1 + draw(work.seed, 'month', 12):02d}",
        "linkedin_people_post_search_url": None,
        "viewed": draw(work.seed, "viewed", 4) == 0,
        "tenure_start": started,
        "tenure_end": None,
        "tenure_length": 2024 - started,
    }


def connection(work: Work) -> dict[str, Any]:
    return person(work) | {"connected_at": _day(work)}


def company(work: Work) -> dict[str, Any]:
    address = work.text("linkedin_company_url")
    name = _company_in(address) or choose(work.seed, "company", _COMPANIES)
    wants_positions = work.parameters.get("extractOpenPositions")
    return {
        "linkedin_company_url": address,
        "company_name": name,
        "company_website": f"https://www.{fold(name) or 'company'}.example",
        "industry": choose(work.seed, "industry", _INDUSTRIES),
        "number_employees": 5 + draw(work.seed, "employees", 5_000),
        "headquarters": choose(work.seed, "city", _CITIES),
        "open_positions": [choose(work.seed, "title", _TITLES)] if wants_positions else [],
    }


def post(work: Work) -> dict[str, Any]:
    code = str(7_100_000_000_000_000_000 + draw(work.seed, "post", 10**17))
    return person(work) | {
        "content_text": choose(work.seed, "post", _POSTS),
        "linkedin_post_url": f"https://www.linkedin.com/feed/update/urn:li:activity:{code}",
        "linkedin_post_id": code,
        "Published_time": _day(work),
    }


def message(work: Work) -> dict[str, Any]:
    return person(work) | {
        "message_text": choose(work.seed, "post", _POSTS),
        "sent_at": _day(work),
        "is_read": draw(work.seed, "read", 2) == 0,
    }


def _names_in(address: str) -> tuple[str, str] | None:
    """`…/in/jane-doe-4b2a1c/` → Jane, Doe."""
    found = re.search(r"/in/([^/?#]+)", address)
    words = _words(found.group(1)) if found else []
    return (words[0], " ".join(words[1:])) if words else None


def _company_in(address: str) -> str:
    found = re.search(r"/company/([^/?#]+)", address)
    return " ".join(_words(found.group(1))) if found else ""


def _words(slug: str) -> list[str]:
    return [word.capitalize() for word in unquote(slug).split("-") if word.isalpha()]


def _day(work: Work) -> str:
    month, day = 1 + draw(work.seed, "month", 12), 1 + draw(work.seed, "day", 28)
    return f"2024-{month:02d}-{day:02d}T{draw(work.seed, 'hour', 24):02d}:00:00"
