from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.sandbox.automations import Work, find_email
from playground.sandbox.automations.work import fold

DEFAULTS = {
    "max_candidates": 5,
    "minimum_score": 0.05,
    "top_level_domain": "com",
    "include_initials": True,
    "patterns": [],
}


def found(first: str, last: str, company: str, **parameters: Any) -> dict[str, Any]:
    inputs = {"first_name": first, "last_name": last, "company_name": company}
    return find_email.run(Work(inputs=inputs, parameters=DEFAULTS | parameters))


@pytest.mark.parametrize(
    ("first", "last", "company", "email"),
    [
        ("Jane", "Doe", "acme.com", "jane.doe@acme.com"),
        ("Seán", "O'Brien", "acme.com", "sean.obrien@acme.com"),
        ("Zoë", "Müller-Straße", "acme.com", "zoe.mullerstrasse@acme.com"),
        ("Jean-Pierre", "de la Tour", "acme.com", "jeanpierre.delatour@acme.com"),
        ("Øystein", "Łukaszewski", "acme.com", "oystein.lukaszewski@acme.com"),
        ("Ana", "İnan", "acme.com", "ana.inan@acme.com"),
        ("Jane", "Doe", "Acme Corp. GmbH", "jane.doe@acme.com"),
        ("Jane", "Doe", "Société Générale SA", "jane.doe@societegenerale.com"),
        ("Jane", "Doe", "https://www.bbc.co.uk/news?a=1", "jane.doe@bbc.co.uk"),
        ("Jane", "Doe", "Booking.com", "jane.doe@booking.com"),
        ("Jane", "Doe", "bücher.de", "jane.doe@xn--bcher-kva.de"),
        ("Jane", "李", "acme.com", "jane@acme.com"),
        ("李", "明", "acme.com", None),
        ("Jane", "Doe", "株式会社", None),
        ("Jane", "Doe", "", None),
        ("", "", "acme.com", None),
    ],
)
def test_the_best_candidate(first: str, last: str, company: str, email: str | None) -> None:
    assert found(first, last, company)["email"] == email


def test_candidates_come_with_pattern_and_score_best_first() -> None:
    row = found("Jane", "Doe", "acme.com")

    assert row == {
        "email": "jane.doe@acme.com",
        "score": 0.46,
        "pattern": "{first}.{last}",
        "candidates": [
            {"email": "jane.doe@acme.com", "pattern": "{first}.{last}", "score": 0.46},
            {"email": "jdoe@acme.com", "pattern": "{f}{last}", "score": 0.22},
            {"email": "jane@acme.com", "pattern": "{first}", "score": 0.12},
            {"email": "janedoe@acme.com", "pattern": "{first}{last}", "score": 0.07},
            {"email": "j.doe@acme.com", "pattern": "{f}.{last}", "score": 0.05},
        ],
        "domain": "acme.com",
        "domain_is_guessed": False,
    }


def test_a_guessed_domain_lowers_the_score() -> None:
    row = found("Jane", "Doe", "Acme")

    assert (row["domain"], row["domain_is_guessed"], row["score"]) == ("acme.com", True, 0.28)


@pytest.mark.parametrize(
    ("parameters", "emails"),
    [
        ({"max_candidates": 1}, ["jane.doe@acme.com"]),
        ({"max_candidates": 0}, []),
        ({"max_candidates": -3}, []),
        ({"minimum_score": 0.2}, ["jane.doe@acme.com", "jdoe@acme.com"]),
        ({"include_initials": False, "max_candidates": 2}, ["jane.doe@acme.com", "jane@acme.com"]),
        (
            {"patterns": ["{last}.{first}", "nonsense", 5], "minimum_score": 0},
            ["doe.jane@acme.com"],
        ),
    ],
)
def test_parameters_choose_among_the_candidates(
    parameters: dict[str, Any], emails: list[str]
) -> None:
    row = found("Jane", "Doe", "acme.com", **parameters)

    assert [candidate["email"] for candidate in row["candidates"]] == emails


@pytest.mark.parametrize(
    ("suffix", "domain"),
    [("fr", "acme.fr"), (".co.uk", "acme.co.uk"), ("", "acme.com"), ("no such", None)],
)
def test_a_guessed_domain_takes_the_wanted_ending(suffix: str, domain: str | None) -> None:
    row = found("Jane", "Doe", "Acme", top_level_domain=suffix)

    assert row["domain"] == domain


@settings(deadline=None)
@given(first=st.text(), last=st.text(), company=st.text())
def test_any_text_gives_a_row(first: str, last: str, company: str) -> None:
    row = found(first, last, company)

    assert row["email"] == (row["candidates"][0]["email"] if row["candidates"] else None)


@settings(deadline=None)
@given(st.text())
def test_folding_leaves_small_ascii_letters_and_digits(text: str) -> None:
    folded = fold(text)

    assert folded.isascii()
    assert folded == "" or folded.isalnum()
    assert fold(folded) == folded
