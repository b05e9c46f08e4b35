"""One way to write numbers, on every page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from playground.contract.wire import UNSET
from playground.web.middleware import upstream_title
from playground.web.numbers import counted, number, unit

TEMPLATES = Path("templates")
# `{{ … }}` that show a count of something, as their names say.
COUNTS = re.compile(
    r"{{ (?:[\w.]+[._])?(?:count|total|num_pages|pages|number_inputs|first|last|days|risky)"
    r"(?:\|\w+:0)? }}"
    r"|{{ [\w.]*\|length }}"
)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (1000, "1,000"), (-2000, "−2,000"), (10**15, "over 1,000,000,000,000,000")],
)
def test_numbers_are_grouped(value, shown):
    assert number(value) == shown


@pytest.mark.parametrize("value", [None, UNSET, "", True, "12"])
def test_what_was_not_told_is_not_zero(value):
    assert (number(value), counted(value, "row")) == ("", "")


def test_nouns_follow_their_number():
    assert [counted(value, "row") for value in (0, 1, 2000)] == ["0 rows", "1 row", "2,000 rows"]
    assert counted(2, "entry,entries") == "2 entries"
    assert [unit(value, "row") for value in (0, 1, 2000)] == ["rows", "row", "rows"]


def test_no_template_writes_a_count_in_another_way():
    texts = [path.read_text() for path in TEMPLATES.rglob("*.html")]
    found = [match for text in texts for match in COUNTS.findall(text)]

    # The numbers of a `<progress>` and the values of a choice are for programs.
    assert sorted(found) == [
        "{{ count }}",
        "{{ group.row_count }}",
        "{{ job.number_inputs }}",
        "{{ job.row_count }}",
        "{{ keeping.total }}",
        "{{ progress.total }}",
    ]
    assert not [text for text in texts if "pluralize" in text]


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (None, "The upstream gave no answer"),
        (200, "This is no answer of the API"),
        (302, "This is no answer of the API"),
        (401, "The upstream does not accept the key"),
        (403, "The upstream denies access"),
        (404, "Not found upstream"),
        (418, "The upstream refused this"),
        (429, "The upstream is at its limit"),
        (500, "The upstream failed"),
        (503, "The upstream is not available"),
    ],
)
def test_title_of_a_refusal_fits_its_cause(status, title):
    assert upstream_title(status) == title
