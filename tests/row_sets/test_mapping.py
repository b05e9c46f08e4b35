"""Columns are offered the keys that they name; a choice that cannot be is told."""

from __future__ import annotations

import pytest

from playground.row_sets.mapping import Clash, check_mapping, headers_digest, offer_mapping
from tests.row_sets.test_tables import KNOWN

KEYS = KNOWN.inputs


def test_columns_are_mapped_by_name_alias_and_as_people_write_it():
    columns = ("Given Name", "ORGANISATION", "societe", "meta.row id", "Meta.x", "Town", "meta")

    offer = offer_mapping(columns, KNOWN, has_names=True)

    assert offer.mapping == (
        "first_name", "company", "société", "meta.row id", "meta.x", None, None,
    )  # fmt: skip
    assert offer.clashes == ()
    assert offer.sentence == (
        "5 of 7 columns were taken by their names. "
        "Left out, as no key has the name: “Town” and “meta”."
    )


def test_of_columns_that_clash_the_exact_one_has_the_key():
    columns = ("First name", "firstname", "first_name", "meta.a", "meta.a", "email")

    offer = offer_mapping(columns, KNOWN, has_names=True)

    assert offer.mapping == (None, None, "first_name", "meta.a", None, "email")
    assert offer.clashes == (
        Clash(key="first_name", columns=("first_name", "First name", "firstname")),
        Clash(key="meta.a", columns=("meta.a", "meta.a")),
    )
    assert (
        "“first_name”, “First name” and “firstname” could each be “first_name”: “first_name” is, "
        "“First name” and “firstname” are left out." in offer.sentence
    )


def test_a_header_that_is_there_twice_is_a_clash():
    offer = offer_mapping(("E-Mail", "E-Mail (2)", "company (2)"), KNOWN, has_names=True)

    assert offer.mapping == ("email", None, None)
    assert offer.clashes == (Clash(key="email", columns=("E-Mail", "E-Mail (2)")),)
    assert "Left out, as no key has the name: “company (2)”." in offer.sentence


def test_columns_without_names_are_taken_in_their_order_and_that_is_said():
    columns = ("Column A", "Column B", "Column C", "Column D", "Column E")

    offer = offer_mapping(columns, KNOWN, has_names=False)

    assert offer.mapping == ("first_name", "company", "email", "société", None)
    assert "so they are taken for the workflow's keys in their order" in offer.sentence
    assert "Left out, as there is no further key: “Column E”." in offer.sentence
    assert offer_mapping(columns[:1], KNOWN, has_names=False).mapping == ("first_name",)


def test_nothing_that_is_known_is_said():
    offer = offer_mapping(("Town", "Age"), KNOWN, has_names=True)

    assert offer.mapping == (None, None)
    assert offer.sentence.startswith("No column has the name of a key: choose the keys by hand.")


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        (("email", None), ""),
        (("email", "meta.where it was"), ""),
        (("meta.é", "meta.É"), ""),
        ((None, None), "No column has a key"),
        (("email", "email"), "“A” and “B” are for “email”, and only one column can be."),
        (("meta.a", "meta.a"), "“A” and “B” are for “meta.a”"),
        (("email", "town"), "“B”: the workflow has no key “town”."),
        (("email", "meta"), "“B”: the workflow has no key “meta”."),
        (("email", "meta."), "“B”: write the name that it is to have in meta."),
        (("email", "meta. "), "“B”: write the name that it is to have in meta."),
        (("email", "meta.a "), "“B”: a name in meta has no blanks at its ends"),
        (("email", "meta.a\nb"), "“B”: a name in meta has no blanks at its ends"),
        (("email", "meta." + "a" * 101), "“B”: a name in meta may have at most 100"),
        (("email",), "The table has 2 columns, and 1 are mapped"),
    ],
)
def test_a_mapping_that_was_chosen_is_checked(mapping, told):
    problems = check_mapping(mapping, ("A", "B"), KEYS)

    assert told in " ".join(problems)
    assert bool(problems) is bool(told)


def test_headers_are_the_same_in_any_order_and_case():
    known = headers_digest(("First name", "E-Mail", "???"))

    assert headers_digest(("???", "email", "FIRST_NAME")) == known
    assert headers_digest(("First name", "E-Mail")) != known
    assert headers_digest(("First name", "E-Mail", "!!!")) != known
    assert headers_digest(("First nameE", "Mail", "???")) != known
