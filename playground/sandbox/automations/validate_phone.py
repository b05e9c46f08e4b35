"""Whether a text is a phone number, and how it is written internationally."""

from __future__ import annotations

from typing import Any

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from playground.sandbox.automations.work import Work


def run(work: Work) -> dict[str, Any]:
    text = work.text("phone_number")
    region = work.text("country") or str(work.parameters.get("default_region") or "")
    try:
        number = phonenumbers.parse(text, region.strip().upper() or None)
    except phonenumbers.NumberParseException:
        return _row(text)
    if not phonenumbers.is_valid_number(number):
        return _row(text)
    kind = PhoneNumberType.to_string(phonenumbers.number_type(number))
    return _row(
        text,
        is_valid=True,
        e164=phonenumbers.format_number(number, PhoneNumberFormat.E164),
        international=phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
        country_code=number.country_code,
        region=phonenumbers.region_code_for_number(number),
        type=kind.lower().replace("_", " "),
    )


def _row(text: str, **values: Any) -> dict[str, Any]:
    return {
        "phone_number": text,
        "is_valid": False,
        "e164": None,
        "international": None,
        "country_code": None,
        "region": None,
        "type": None,
    } | values
