"""A column is the input that it is called after, also where people write the name differently."""

from __future__ import annotations

import pytest

from playground.contract import wire
from playground.contract.workflows import Workflow
from playground.row_sets.columns import ColumnNames

WORKFLOW = wire.from_builtins(
    Workflow,
    {
        "uid": "w-1",
        "name": "Find",
        "steps": [
            {
                "step_uid": "s-1",
                "step_name": "Find",
                "position": 0,
                "input_schema": {
                    "first_name": {"required": 1, "variations": ["firstname", "given_name"]},
                    "société": {"required": 0},
                    "url": {"variations": ["web-site"]},
                    "URL_2": {"variations": ["web site"]},
                },
            }
        ],
    },
)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("first_name", "first_name"),
        ("given_name", "first_name"),
        (" First Name ", "first_name"),
        ("FIRST-NAME", "first_name"),
        ("First.Name:", "first_name"),
        ("Givenname", "first_name"),
        ("société", "société"),
        ("societe", "société"),
        ("Socie\u0301te\u0301", "société"),
        ("ＵＲＬ", "url"),
        ("web-site", "url"),
        ("web site", "URL_2"),
        ("website", None),
        ("meta", "meta"),
        ("company", None),
        ("", None),
        ("---", None),
    ],
)
def test_names_of_columns(name, key):
    assert ColumnNames(WORKFLOW).find(name) == key


@pytest.mark.parametrize(
    ("cells", "is_header"),
    [
        (("First name", "URL"), True),
        (("URL", "", "First name"), True),
        (("First name", "Given name"), True),
        (("First name", "Town"), True),
        (("First name", "Town", "Age"), False),
        (("Ada", "King"), False),
        (("", " "), False),
        ((), False),
    ],
)
def test_a_line_of_names_is_told_from_a_row(cells, is_header):
    assert ColumnNames(WORKFLOW).is_header(cells) is is_header


def test_of_two_columns_that_are_one_input_the_first_has_it():
    names = ("Given name", "Town", "First name", "url")

    assert ColumnNames(WORKFLOW).keys(names) == ("first_name", None, None, "url")


def test_columns_that_were_added_are_known_too():
    assert ColumnNames(WORKFLOW, ["Town"]).find("town") == "Town"
