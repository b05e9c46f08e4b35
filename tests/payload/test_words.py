"""Sentences tell numbers and names alike."""

from __future__ import annotations

from playground.payload import texts, words


def test_lists_are_cut():
    assert [words.cut_list(list(names), 3) for names in ("a", "ab", "abc", "abcde")] == [
        "a",
        "a and b",
        "a, b and c",
        "a, b, c and 2 more",
    ]


def test_nouns_follow_their_number():
    assert [words.counted(number, "row") for number in (0, 1, 2500)] == [
        "0 rows",
        "1 row",
        "2,500 rows",
    ]
    assert words.counted(2, "task is", "tasks are") == "2 tasks are"
    assert words.noun(1, "entry", "entries") == "entry"


def test_blanks_inside_a_text_are_looked_at_once():
    blanks = " \t\r\n\u200b\x00" * 200_000

    assert texts.bare_text(f"{blanks}a{blanks}b{blanks}") == f"a{blanks}b"
    assert texts.bare_text(blanks) == ""
