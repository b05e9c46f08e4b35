"""What callers send of a user: whether its country, time zone and e-mail address are any."""

from __future__ import annotations

import functools
import re
import zoneinfo
from collections.abc import Mapping

from playground.contract.accounts import LONGEST_EMAIL, NO_ZONES, REFUSED_COUNTRIES
from playground.contract.countries import COUNTRIES
from playground.sandbox.refusals import Refused

# Text on both sides of the last @, no blanks and nothing invisible.
_is_email = re.compile(r"[^\s\x00-\x20\x7f]+@[^\s\x00-\x20\x7f@]+").fullmatch


def check(given: Mapping[str, str]) -> None:
    """Refuses what is none (section 4); empty text takes country or time zone away."""
    _check_country(given.get("country", ""))
    if "email" in given:
        _check_email(given["email"])
    _check_timezone(given.get("timezone", ""))


def _check_country(country: str) -> None:
    code = country.upper()
    if code in REFUSED_COUNTRIES:
        raise Refused(400, f"country {code} is not supported.")
    if country and (len(country) != 2 or code not in COUNTRIES):
        raise Refused(400, "country must be the two letters of a country in ISO 3166-1.")


def _check_email(email: str) -> None:
    if len(email) > LONGEST_EMAIL or not _is_email(email.strip()):
        raise Refused(400, "email must be an e-mail address.")


def _check_timezone(timezone: str) -> None:
    known = _timezones()
    # A machine without the database of time zones knows none.
    if timezone and known and timezone not in known:
        raise Refused(
            400, "timezone must be the name of a time zone, such as Europe/Paris (IANA database)."
        )


@functools.cache
def _timezones() -> frozenset[str]:
    """Finding them takes a walk through files."""
    return frozenset(zoneinfo.available_timezones()) - NO_ZONES
