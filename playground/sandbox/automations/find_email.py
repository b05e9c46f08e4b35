"""Candidates for a person's e-mail at a company, most likely first.

The candidates are what companies usually give out; whether a mailbox exists is not asked.
"""

from __future__ import annotations

import functools
from typing import Any

from email_validator import EmailNotValidError, validate_email

from playground.sandbox.automations import clean_company, web_address
from playground.sandbox.automations.work import Work, fold, texts

# How common each pattern is among companies: rough shares, to rank by.
PATTERNS = {
    "{first}.{last}": 0.46,
    "{f}{last}": 0.22,
    "{first}": 0.12,
    "{first}{last}": 0.07,
    "{f}.{last}": 0.05,
    "{first}{l}": 0.03,
    "{first}_{last}": 0.02,
    "{last}.{first}": 0.02,
    "{last}": 0.01,
}
# A domain made from the company's name is often, not always, the company's.
_GUESSED_DOMAIN = 0.6
LONGEST_LOCAL_PART = 64


def run(work: Work) -> dict[str, Any]:
    domain, is_guessed = _domain(work)
    candidates = _candidates(work, domain, _GUESSED_DOMAIN if is_guessed else 1.0)
    best: dict[str, Any] = candidates[0] if candidates else {}
    return {
        "email": best.get("email"),
        "score": best.get("score", 0.0),
        "pattern": best.get("pattern"),
        "candidates": candidates,
        "domain": domain or None,
        "domain_is_guessed": is_guessed,
    }


def _domain(work: Work) -> tuple[str, bool]:
    company = work.text("company_name")
    known = web_address.registered_domain(company) if "." in company else ""
    if known:
        return known, False
    label = fold(clean_company.base_name(company))
    suffix = str(work.parameters.get("top_level_domain") or "com").strip(". ")
    return (web_address.registered_domain(f"{label}.{suffix}"), True) if label else ("", True)


def _candidates(work: Work, domain: str, weight: float) -> list[dict[str, Any]]:
    first, last = fold(work.text("first_name")), fold(work.text("last_name"))
    parts = {"first": first, "last": last, "f": first[:1], "l": last[:1]}
    most = max(0, work.parameters.get("max_candidates", 5))
    least = work.parameters.get("minimum_score", 0)
    found: dict[str, dict[str, Any]] = {}
    for pattern in _patterns(work):
        score = round(PATTERNS[pattern] * weight, 2)
        if len(found) >= most or score < least:
            continue
        email = _address(pattern, parts, domain)
        if email and email not in found:
            found[email] = {"email": email, "pattern": pattern, "score": score}
    return list(found.values())


def _patterns(work: Work) -> tuple[str, ...]:
    """The wanted patterns in the wanted order, or all; unknown ones are passed over."""
    wanted = texts(work.parameters.get("patterns")) or tuple(PATTERNS)
    has_initials = work.parameters.get("include_initials", True)
    return tuple(
        pattern
        for pattern in wanted
        if pattern in PATTERNS and (has_initials or not ("{f}" in pattern or "{l}" in pattern))
    )


def _address(pattern: str, parts: dict[str, str], domain: str) -> str:
    """The address, or empty: a part of the pattern is missing, or no such address can be."""
    if any(f"{{{name}}}" in pattern and not part for name, part in parts.items()):
        return ""
    local_part = pattern.format(**parts)
    host = _mail_domain(domain)
    return f"{local_part}@{host}" if host and len(local_part) <= LONGEST_LOCAL_PART else ""


# Many rows share a company; local parts are plain letters and need no check but their length.
@functools.lru_cache(maxsize=4_096)
def _mail_domain(domain: str) -> str:
    """The domain as it stands in an address; empty when no address can have it."""
    try:
        found = validate_email(f"a@{domain}", check_deliverability=False)
    except EmailNotValidError:
        return ""
    return found.ascii_domain
