"""What the parameters of the sandbox's steps do, in a word each: the API itself tells none."""

from __future__ import annotations

from playground.contract.workflows import Step

_NO_EFFECT = "The sandbox takes it, and its sample records stay the same."
_ANYWHERE = {
    "max_results": "At most so many records for one input.",
}
_WORDS = {
    ("linkedin-sales-navigator-people-search", "excludeViewedLeads"): (
        f"Leave out leads that were looked at before. {_NO_EFFECT}"
    ),
    ("linkedin-sales-navigator-people-search", "excludeCRMContacts"): (
        f"Leave out who is in the CRM already. {_NO_EFFECT}"
    ),
    ("linkedin-connections-extract", "skip"): "So many records are passed over at the beginning.",
    ("linkedin-connections-extract", "max_minutes"): (
        f"How long it may take for one input. {_NO_EFFECT}"
    ),
    ("linkedin-company-profile-extract", "extractOpenPositions"): (
        "Tell open positions of the company, too."
    ),
    ("linkedin-profile-connect", "message"): (
        "The note that goes with the invitation; blank for none."
    ),
    ("find-email", "max_candidates"): "At most so many addresses are suggested for one person.",
    ("find-email", "minimum_score"): "Less likely addresses are left out: 0 to 1.",
    ("find-email", "top_level_domain"): (
        "The end of the domain where only the company's name is known."
    ),
    ("find-email", "include_initials"): "Try addresses with an initial, such as jdoe@, too.",
    ("find-email", "patterns"): (
        "Only these, such as {first}.{last} or {f}{last}; blank for all that are usual."
    ),
    ("verify-email", "allow_international"): "Letters such as é and ü may stand in an address.",
    ("verify-email", "role_names"): "Addresses of these names belong to a role, not to a person.",
    ("clean-company-name", "keep_capitals"): (
        "ACME stays ACME; otherwise a name all in capitals becomes Acme."
    ),
    ("parse-person-name", "fix_capitals"): "JANE DOE and jane doe become Jane Doe.",
    ("normalise-web-address", "force_https"): "Write https:// before every address.",
    (
        "normalise-web-address",
        "remove_tracking",
    ): "Take out what follows visitors: utm_source.",
    ("normalise-web-address", "remove_www"): "Leave www. out of the host.",
    ("validate-phone-number", "default_region"): (
        "The country of numbers that name none: two letters, such as US."
    ),
    ("tidy-text", "case"): "keep, lower, upper or title.",
    ("tidy-text", "max_length"): "A longer text is cut, with … at its end.",
    ("tidy-text", "largest_digit_share"): (
        "A text with a larger share of digits is dropped: 0 to 1."
    ),
    ("tidy-text", "fold_spaces"): "Several blanks become one.",
    ("tidy-text", "remove"): "These are taken out wherever they stand.",
    ("tidy-text", "replace"): "What is to be replaced, and by what.",
    ("tidy-text", "fallback"): "What stands there when nothing is left.",
    ("hubspot-contact-save", "lifecycle_stage"): f"How far a contact has come. {_NO_EFFECT}",
    ("hubspot-contact-save", "properties"): f"More of a contact, by property. {_NO_EFFECT}",
    ("hubspot-contact-save", "owner_id"): f"Whose contact it becomes. {_NO_EFFECT}",
    ("google-sheets-row-add", "spreadsheet_url"): f"The sheet to write to. {_NO_EFFECT}",
    ("google-sheets-row-add", "columns"): f"The columns to fill, in their order. {_NO_EFFECT}",
    ("google-sheets-row-add", "skip_duplicates"): (
        f"Pass over rows that the sheet has already. {_NO_EFFECT}"
    ),
    ("outlook-email-send", "subject"): "{first_name} stands for the input of that name.",
    ("outlook-email-send", "body"): f"The text of the message. {_NO_EFFECT}",
    ("outlook-email-send", "share_of_opens"): f"How many are to open it: 0 to 1. {_NO_EFFECT}",
    ("outlook-email-send", "cc"): f"Who gets a copy. {_NO_EFFECT}",
}


def explain_parameter(step: Step, name: str) -> str:
    """Empty for a parameter that the catalogue does not know."""
    permalink = step.permalink if isinstance(step.permalink, str) else ""
    return _WORDS.get((permalink, name)) or _ANYWHERE.get(name, "")
