"""Automations that are computed here: their results are real, and no account is needed."""

from __future__ import annotations

from playground.sandbox.catalog.building import Automation, key

FIND_EMAIL = Automation(
    number=1,
    permalink="find-email",
    name="Find an e-mail",
    inputs={
        "first_name": key("The person's first name, such as Zoë.", variations=("firstname",)),
        "last_name": key(
            "The person's last name, such as O'Brien.", variations=("lastname", "surname")
        ),
        "company_name": key(
            "The company's name or its web address, such as Acme Corp. or acme.com.",
            primary=True,
            variations=("company", "company_domain"),
            retro_variations=("organization_name",),
        ),
    },
    outputs=("email", "score", "pattern", "candidates", "domain", "domain_is_guessed"),
    parameters={
        "max_candidates": 5,
        "minimum_score": 0.05,
        "top_level_domain": "com",
        "include_initials": True,
        "patterns": [],
    },
)

VERIFY_EMAIL = Automation(
    number=2,
    permalink="verify-email",
    name="Verify an e-mail",
    inputs={
        "email": key(
            "The e-mail address to check, such as jane@example.com.",
            primary=True,
            variations=("email_address", "mail"),
        )
    },
    outputs=(
        "email",
        "is_valid",
        "normalized_email",
        "local_part",
        "email_domain",
        "is_role",
        "is_free_provider",
        "reason",
    ),
    parameters={"allow_international": True, "role_names": ["info", "contact", "sales", "support"]},
)

CLEAN_COMPANY = Automation(
    number=3,
    permalink="clean-company-name",
    name="Clean a Company Name",
    inputs={
        "company_name": key(
            "The company's name as it was found, such as ACME Holdings, Inc.",
            primary=True,
            variations=("company", "name"),
        )
    },
    outputs=("company_name", "cleaned_company_name", "legal_forms", "possible_countries"),
    parameters={"keep_capitals": True},
)

PARSE_NAME = Automation(
    number=4,
    permalink="parse-person-name",
    name="Parse a Person's Name",
    inputs={
        "full_name": key(
            "The whole name, such as Dr. Juan de la Vega III.",
            primary=True,
            variations=("name", "person_name"),
        )
    },
    outputs=("full_name", "title", "first_name", "middle_name", "last_name", "suffix", "nickname"),
    parameters={"fix_capitals": True},
)

NORMALISE_ADDRESS = Automation(
    number=5,
    permalink="normalise-web-address",
    name="Normalise a Web Address",
    inputs={
        "url": key(
            "A web address, with or without https://.",
            primary=True,
            variations=("website", "company_website", "domain"),
        )
    },
    outputs=("url", "is_valid", "normalized_url", "host", "domain", "subdomain", "suffix", "path"),
    parameters={"force_https": True, "remove_tracking": True, "remove_www": False},
)

VALIDATE_PHONE = Automation(
    number=6,
    permalink="validate-phone-number",
    name="Validate a Phone Number",
    inputs={
        "phone_number": key(
            "The number as it was written, such as 01 42 68 53 00 or +33 1 42 68 53 00.",
            primary=True,
            variations=("phone", "mobile"),
        ),
        "country": key("Two letters of the number's country, such as FR.", required=False),
    },
    outputs=("phone_number", "is_valid", "e164", "international", "country_code", "region", "type"),
    parameters={"default_region": "US"},
)

TIDY_TEXT = Automation(
    number=7,
    permalink="tidy-text",
    name="Tidy a Text",
    inputs={
        "text": key("Any text.", primary=True, variations=("value", "content")),
        "language": key(
            "Two letters of its language, such as en.",
            required=False,
            regex={"code": r"^[a-z]{2}$"},
        ),
    },
    outputs=("tidy_text", "length", "was_changed"),
    # One parameter of every type that JSON has.
    parameters={
        "case": "keep",
        "max_length": 500,
        "largest_digit_share": 1.0,
        "fold_spaces": True,
        "remove": [],
        "replace": {"&amp;": "&"},
        "fallback": None,
    },
)
