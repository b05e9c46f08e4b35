from __future__ import annotations

import pytest

from playground.sandbox import automations
from playground.sandbox.automations import Work, samples

COLUMNS = ("full_name", "linkedin_profile_url", "sample")


def test_a_sample_says_that_it_is_one() -> None:
    row = automations.run("linkedin-people-search", COLUMNS, Work(seed=1))

    assert row["sample"] is True


def test_the_same_seed_gives_the_same_sample() -> None:
    rows = [samples.lead(Work(seed=seed)) for seed in (1, 1, 2)]

    assert rows[0] == rows[1]
    assert rows[0] != rows[2]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.linkedin.com/in/jane-doe-4b2a1c/", "Jane Doe"),
        ("https://www.linkedin.com/in/zo%C3%AB/", "Zoë"),
        ("linkedin.com/in/juan-de-la-vega?x=1", "Juan De La Vega"),
    ],
)
def test_a_profile_bears_the_name_in_its_address(address: str, name: str) -> None:
    person = samples.person(Work(inputs={"linkedin_profile_url": address}))

    assert (person["full_name"], person["linkedin_profile_url"]) == (name, address)


def test_a_company_bears_the_name_in_its_address() -> None:
    address = "https://www.linkedin.com/company/big-acme/about/"
    work = Work(inputs={"linkedin_company_url": address}, parameters={"extractOpenPositions": True})

    found = samples.company(work)

    assert (found["company_name"], len(found["open_positions"])) == ("Big Acme", 1)
