"""How Mozilla's HTTP Observatory scores a site: its published modifiers, as far as they apply.

A site begins at 100. What is missing costs; what is better than needed gives a bonus, which
counts only from 90 up.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import SimpleCookie

HALF_A_YEAR = 15_768_000
GRADES = ((100, "A+"), (90, "A"), (85, "A-"), (80, "B+"), (70, "B"), (65, "B-"), (50, "C"))


def grade(headers: Mapping[str, str], cookies: SimpleCookie) -> tuple[str, dict[str, int]]:
    """The grade and its modifiers. `headers` are those of a page served over TLS."""
    known = {name.lower(): value for name, value in headers.items()}
    policy = policy_of(known.get("content-security-policy", ""))
    modifiers = {
        "content-security-policy": _policy(policy),
        "cookies": _cookies(cookies, known),
        "cross-origin-resource-sharing": _sharing(known),
        "cross-origin-resource-policy": _resources(known),
        "redirection": 0,
        "referrer-policy": _referrer(known),
        "strict-transport-security": _transport(known),
        "subresource-integrity": 0,
        "x-content-type-options": 0 if known.get("x-content-type-options") == "nosniff" else -5,
        "x-frame-options": _frames(policy, known),
    }
    costs = 100 + sum(min(value, 0) for value in modifiers.values())
    bonus = sum(max(value, 0) for value in modifiers.values()) if costs >= 90 else 0
    found = (name for least, name in GRADES if costs + bonus >= least)
    return next(found, "F"), modifiers


def policy_of(text: str) -> dict[str, tuple[str, ...]]:
    """Directive → its values, in order of the alphabet."""
    parts = (part.split() for part in text.split(";") if part.strip())
    return {name.lower(): tuple(sorted(values)) for name, *values in parts}


def _policy(policy: Mapping[str, tuple[str, ...]]) -> int:
    if not policy:
        return -25
    scripts = policy.get("script-src", policy.get("default-src", ("*",)))
    styles = policy.get("style-src", policy.get("default-src", ("*",)))
    if {"'unsafe-inline'", "data:", "*", "https:"} & set(scripts):
        return -20
    if "'unsafe-eval'" in scripts:
        return -10
    if "'unsafe-inline'" in styles:
        return 0
    is_nothing_by_default = policy.get("default-src") == ("'none'",)
    is_bound = {"base-uri", "form-action", "frame-ancestors"} <= set(policy)
    return 10 if is_nothing_by_default and is_bound else 5


def _cookies(cookies: SimpleCookie, headers: Mapping[str, str]) -> int:
    if not cookies:
        return 0
    if not all(morsel["secure"] for morsel in cookies.values()):
        return -20 if "strict-transport-security" not in headers else -5
    if not all(morsel["httponly"] for morsel in cookies.values()):
        return -30
    return 5 if all(morsel["samesite"] for morsel in cookies.values()) else 0


def _sharing(headers: Mapping[str, str]) -> int:
    return -50 if headers.get("access-control-allow-origin") else 0


def _resources(headers: Mapping[str, str]) -> int:
    given = headers.get("cross-origin-resource-policy")
    return {"same-origin": 10, "same-site": 10, "cross-origin": -5}.get(given or "", 0)


def _referrer(headers: Mapping[str, str]) -> int:
    private = ("no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin")
    given = headers.get("referrer-policy")
    return 0 if given is None else 5 if given in private else -5


def _transport(headers: Mapping[str, str]) -> int:
    given = headers.get("strict-transport-security")
    if not given:
        return -20
    parts = dict(part.strip().partition("=")[::2] for part in given.split(";"))
    return 0 if int(parts["max-age"]) >= HALF_A_YEAR else -10


def _frames(policy: Mapping[str, tuple[str, ...]], headers: Mapping[str, str]) -> int:
    if policy.get("frame-ancestors") in (("'none'",), ("'self'",)):
        return 5
    return 0 if headers.get("x-frame-options") in ("DENY", "SAMEORIGIN") else -20
