"""The other automations that are computed here, each by example."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.sandbox import automations
from playground.sandbox.automations import (
    Work,
    clean_company,
    parse_name,
    tidy_text,
    validate_phone,
    verify_email,
    web_address,
)
from tests.sandbox import world


def run(automation: Any, parameters: dict[str, Any] | None = None, **inputs: str) -> dict[str, Any]:
    row: dict[str, Any] = automation.run(Work(inputs=inputs, parameters=parameters or {}))
    return row


def test_a_good_email() -> None:
    row = run(verify_email, {"role_names": ["info"]}, email=" Info@GMAIL.com ")

    assert row == {
        "email": "Info@GMAIL.com",
        "is_valid": True,
        "normalized_email": "info@gmail.com",
        "local_part": "info",
        "email_domain": "gmail.com",
        "is_role": True,
        "is_free_provider": True,
        "reason": None,
    }


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        ("jane", "An email address must have an @-sign."),
        ("jane@", "There must be something after the @-sign."),
        ("", "An email address must have an @-sign."),
    ],
)
def test_a_bad_email_says_why(email: str, reason: str) -> None:
    row = run(verify_email, email=email)

    assert (row["is_valid"], row["normalized_email"], row["reason"]) == (False, None, reason)


def test_international_addresses_can_be_refused() -> None:
    answers = [
        run(verify_email, {"allow_international": allowed}, email="zoë@example.com")["is_valid"]
        for allowed in (True, False)
    ]

    assert answers == [True, False]


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("ACME Holdings, Inc.", "ACME Holdings"),
        ("Acme Corp. GmbH", "Acme"),
        ("Müller & Söhne GmbH & Co. KG", "Müller & Söhne"),
        ("  Société   Générale SA ", "Société Générale"),
        ("OpenAI", "OpenAI"),
        ("Ltd", "Ltd"),
        ("株式会社", "株式会社"),
    ],
)
def test_a_company_loses_its_legal_forms(name: str, cleaned: str) -> None:
    assert run(clean_company, company_name=name)["cleaned_company_name"] == cleaned


def test_a_company_tells_its_forms_and_where_they_are_known() -> None:
    row = run(clean_company, {"keep_capitals": False}, company_name="ACME GmbH")

    assert row == {
        "company_name": "ACME GmbH",
        "cleaned_company_name": "Acme",
        "legal_forms": ["Limited"],
        "possible_countries": ["Germany", "Switzerland"],
    }


def test_a_name_is_taken_apart() -> None:
    row = run(parse_name, full_name="dr. juan q. de la vega iii (doc)")

    assert row == {
        "full_name": "dr. juan q. de la vega iii (doc)",
        "title": "Dr.",
        "first_name": "Juan",
        "middle_name": "Q.",
        "last_name": "de la Vega",
        "suffix": "III",
        "nickname": "Doc",
    }


def test_capitals_of_a_name_can_be_kept() -> None:
    row = run(parse_name, {"fix_capitals": False}, full_name="jane doe")

    assert (row["first_name"], row["last_name"], row["title"]) == ("jane", "doe", None)


@pytest.mark.parametrize(
    ("url", "normalized"),
    [
        (
            "HTTP://www.Müller.co.uk:80/a/b?utm_source=x&q=1#top",
            "http://www.xn--mller-kva.co.uk/a/b?q=1",
        ),
        ("acme.com", "https://acme.com/"),
        ("https://acme.com:8443/x%20y", "https://acme.com:8443/x%20y"),
        ("ftp://acme.com", None),
        ("https://jane@acme.com", None),
        ("https://acme.com:99999", None),
        ("not an address", None),
        ("localhost", None),
        ("https://[::1", None),
        ("", None),
    ],
)
def test_a_web_address_is_normalised_or_none(url: str, normalized: str | None) -> None:
    row = run(web_address, {"remove_tracking": True}, url=url)

    assert (row["normalized_url"], row["is_valid"]) == (normalized, normalized is not None)


def test_a_web_address_is_taken_apart() -> None:
    row = run(
        web_address,
        {"force_https": True, "remove_www": True},
        url="http://www.shop.acme.co.uk/x?a=1",
    )

    assert row == {
        "url": "http://www.shop.acme.co.uk/x?a=1",
        "is_valid": True,
        "normalized_url": "https://shop.acme.co.uk/x?a=1",
        "host": "shop.acme.co.uk",
        "domain": "acme.co.uk",
        "subdomain": "shop",
        "suffix": "co.uk",
        "path": "/x",
    }


def test_a_phone_number_of_the_default_region() -> None:
    row = run(validate_phone, {"default_region": "FR"}, phone_number="01 42 68 53 00")

    assert row == {
        "phone_number": "01 42 68 53 00",
        "is_valid": True,
        "e164": "+33142685300",
        "international": "+33 1 42 68 53 00",
        "country_code": 33,
        "region": "FR",
        "type": "fixed line",
    }


@pytest.mark.parametrize(
    ("number", "country", "e164"),
    [
        ("+49 30 901820", "", "+4930901820"),
        ("030 901820", "de", "+4930901820"),
        ("030 901820", "XX", None),
        ("030 901820", "", None),
        ("123", "US", None),
        ("call me", "US", None),
        ("9" * 900, "US", None),
    ],
)
def test_a_phone_number_needs_a_region_or_its_prefix(
    number: str, country: str, e164: str | None
) -> None:
    row = run(validate_phone, {"default_region": ""}, phone_number=number, country=country)

    assert (row["e164"], row["is_valid"]) == (e164, e164 is not None)


@pytest.mark.parametrize(
    ("parameters", "text", "tidy"),
    [
        ({}, "  a \n b ", "a b"),
        ({"fold_spaces": False}, "a  b", "a  b"),
        ({"case": "upper"}, "abc", "ABC"),
        ({"case": "unknown"}, "aBc", "aBc"),
        ({"max_length": 3}, "abcdef", "ab…"),
        ({"max_length": 0, "fallback": 0}, "abc", 0),
        ({"remove": ["b", 5, ""]}, "abc", "ac"),
        ({"replace": {"a": "b", "c": 1, "": "x"}}, "abc", "bbc"),
        ({"largest_digit_share": 0.5, "fallback": ["none"]}, "a123", ["none"]),
        ({"fallback": None}, "", None),
    ],
)
def test_a_text_is_tidied(parameters: dict[str, Any], text: str, tidy: Any) -> None:
    assert run(tidy_text, parameters, text=text)["tidy_text"] == tidy


def test_replacements_cannot_grow_a_text_without_end() -> None:
    grows = dict.fromkeys("abcdefghij", "abcdefghij" * 10)

    row = run(tidy_text, {"replace": grows, "max_length": 10**9}, text="abcdefghij" * 100)

    assert row["length"] == 10_000


LOCAL = st.sampled_from(
    [
        step
        for name in (
            "Verify an e-mail",
            "Clean a Company Name",
            "Parse a Person's Name",
            "Normalise a Web Address",
            "Validate a Phone Number",
            "Tidy a Text",
        )
        for step in world.workflow(name).steps
    ]
)


@settings(max_examples=200, deadline=None)
@given(step=LOCAL, text=st.text() | st.text(alphabet="a.@:/%()[]+-'\" 0", max_size=30))
def test_any_text_gives_a_row_of_the_columns(step: Any, text: str) -> None:
    parameters = {p.name: p.default for p in step.parameters}
    work = Work(inputs=dict.fromkeys(step.inputs, text), parameters=parameters)

    row = automations.run(step.permalink, step.output_columns, work)

    assert tuple(row) == step.output_columns
