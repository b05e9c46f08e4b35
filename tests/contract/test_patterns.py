"""Which patterns of an upstream are compiled: those whose written-out size is bounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.contract.patterns import (
    LONGEST_PATTERN,
    MOST_PARTS,
    compile_pattern,
    count_parts,
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 0),
        ("abc", 3),
        (r"^\d+\p{Lu}$", 4),
        ("a{60000}", 60_000),
        ("a{60000,}", 60_000),
        ("a{2,60000}", 2),  # An upper bound is a number, whatever its size.
        ("[a-z0-9]{50}?", 50),
        (r"[]a(]{9}[^]\]{]", 10),
        ("(?:a{5}){6}", 36),
        ("((a|bb){3}){2}", 32),
        ("(?i)a(?s-i:b)(?P<n>c)(?<m>d)(?=e)(?!f)(?<=g)(?<!h)(?>i)", 17),
        ("a|b|c", 5),
    ],
)
def test_parts_are_those_of_the_pattern_written_out(text, parts):
    assert count_parts(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "a{60000}" * 40,
        "(?:(?:a{50}){50}){50}",
        "(?i)(?:[a-z]{100}|b){100}",
        "(?=a{5000})",
        "(?<=" + "a{1000}" * 5 + ")b",
        "(" * 60 + "a" + ")" * 60,
        "a" * (LONGEST_PATTERN + 1),
        "a{99999999999999999999}",
        "(?:a{9}){9}" * 30,
        "a{100}{100}",
        r"\p{L}{5000}",
        "(?R)",
        "(a)(?1)",
        "(?(1)a|b)",
        "(?#note)a",
        "(?x)a {9000}",
        "(?V1)[a[b]]",
        "(?:cats|dogs){e<=2}",
        "(*FAIL)",
        "(a",
        "a)",
        "[a",
        "\\",
        "*",
        7,
        None,
    ],
)
def test_what_is_large_or_cannot_be_counted_is_not_compiled(text):
    assert compile_pattern(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"^https?://(?:www\.)?linkedin\.com/in/[\w%-]{3,100}/?$", "https://linkedin.com/in/ada"),
        (r"^[a-z0-9._%+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,63}$", "ada@example.com"),
        (r"(?i)^(?:DE|AT|CH)\d{2}(?: ?\d{4}){4}", "de12 1234 1234 1234 1234"),
        (r"^.{10,5000}$", "Twelve words."),
        (r"\A[[:alpha:]]{2,40}\Z", "Oslo"),
    ],
)
def test_what_people_write_is_compiled(text, value):
    pattern = compile_pattern(text)

    assert pattern is not None
    assert pattern.search(value)


@given(st.text(alphabet="ab\\[](){}|?*+,:^$.-59pR<>=!i#", max_size=60))
def test_any_text_is_counted_or_left_alone(text):
    parts = count_parts(text)

    if parts is None or parts > MOST_PARTS:
        assert compile_pattern(text) is None


@given(st.lists(st.integers(1, 300), min_size=1, max_size=6), st.sampled_from(["a", "[bc]", r"\w"]))
def test_nested_repeats_multiply(counts, atom):
    text = atom
    for count in counts:
        text = f"(?:{text}){{{count}}}"

    least = 1
    for count in counts:
        least *= count
    parts = count_parts(text)
    assert parts is not None
    assert parts >= least
