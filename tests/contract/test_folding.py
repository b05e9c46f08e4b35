"""One function folds text: what people take for the same is the same, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.contract.folding import (
    LONGEST_FOLDED,
    clean_uid,
    find_uid,
    find_uid_in,
    fold,
    fold_all,
    has_words,
    search_words,
    searchable,
)

SAME = {
    "case": ("Ärzte in Köln", "ärzte IN KÖLN"),
    "accents": ("Ärzte in Köln", "arzte in koln"),
    "composed and decomposed": ("Soci\u00e9t\u00e9", "Socie\u0301te\u0301"),
    "letters with strokes": ("Łódź Ørsted", "lodz orsted"),
    "sharp s": ("Straße", "STRASSE"),
    "Turkish": ("İstanbul ılık", "istanbul ilik"),
    "wide letters": ("ＡＣＭＥ", "acme"),
    "ligatures": ("ﬁnance", "finance"),
    "quotes": ("O’Brien “x”", 'O\'Brien "x"'),
    "dashes": ("Rhône–Alpes", "rhone-alpes"),
    "wide and narrow blanks": ("a\u00a0b\u2009 c\t", "a b c"),
    "what is invisible": ("\ufeffac\u200bm\u00ade", "acme"),
    "control characters": ("a\x00b\x85c", "a b c"),
    "Greek accents": ("Αθήνα", "ΑΘΗΝΑ"),
    "Hebrew points": ("שָׁלוֹם", "שלום"),
}
OTHER = {
    "letters": ("Köln", "Kölln"),
    "voiced kana": ("が", "か"),
    "Hangul": ("한국", "하국"),
    "vowel signs": ("कि", "की"),
    "digits": ("Q1", "Q2"),
}


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME.keys())
def test_what_people_take_for_the_same_folds_to_the_same(pair: tuple[str, str]) -> None:
    assert fold(pair[0]) == fold(pair[1])


@pytest.mark.parametrize("pair", OTHER.values(), ids=OTHER.keys())
def test_what_is_another_word_stays_another(pair: tuple[str, str]) -> None:
    assert fold(pair[0]) != fold(pair[1])


@pytest.mark.parametrize(
    ("text", "query", "is_found"),
    [
        ("Find an e-mail", "email", True),
        ("Find an e-mail", "E‑Mail", True),
        ("Email finder", "e-mail", True),
        ("The follow-up of May", "followup may", True),
        ("google-sheets", "google sheets", True),
        ("5a9db0c0-0004-4000-8000-000000000001", "0004-4000", True),
        ("- a list", "-", True),
        ("Find an e-mail", "emails", False),
        ("a-b", "ba", False),
    ],
)
def test_a_hyphen_keeps_nothing_from_being_found(text: str, query: str, is_found: bool) -> None:
    assert has_words(searchable(text), search_words(query)) == is_found


def test_with_accents_kept_only_the_way_they_are_written_makes_no_difference() -> None:
    assert fold("Müller", keeps_accents=True) != fold("Muller", keeps_accents=True)
    assert fold("Mu\u0308ller", keeps_accents=True) == fold("MÜLLER", keeps_accents=True)


def test_of_a_very_long_text_every_character_still_counts() -> None:
    long = "é\u0315" * LONGEST_FOLDED

    assert fold(f"{long}a") != fold(f"{long}b")


@given(st.text(), st.booleans())
def test_folding_twice_changes_nothing(text: str, keeps_accents: bool) -> None:
    once = fold(text, keeps_accents=keeps_accents)

    assert fold(once, keeps_accents=keeps_accents) == once


UID = "5a9db0c0-0004-4000-8000-0000000000ab"


@pytest.mark.parametrize(
    "copied",
    [
        UID.upper(),
        f" {UID} ",
        f"{UID}\u200b",
        f"\ufeff{UID}\u00a0",
        f'"{UID}",',
        f"{{{UID}}}",
        UID.replace("-", ""),
        UID.replace("-", "\u2011"),
        UID.replace("-", "-\n"),
        f"urn:uuid:{UID}",
        f"**{UID}**.",
        f"({UID}):",
        f"• {UID}\\",
    ],
)
def test_uid_is_read_however_it_was_copied(copied: str) -> None:
    assert clean_uid(copied) == find_uid(copied) == UID


@pytest.mark.parametrize(
    "copied",
    [
        f"http://127.0.0.1:8000/jobs/{UID}/?step=1",
        f"/jobs/{UID.upper()}",
        f'"job_uid": "{UID}",',
        f"job {UID} failed",
        f"https://x.example/?account={UID}&page=2",
    ],
)
def test_uid_is_found_in_an_address_and_in_a_sentence(copied: str) -> None:
    assert (find_uid(copied), find_uid_in(copied), clean_uid(copied)) == ("", UID, UID)


@pytest.mark.parametrize("text", [f"run-{UID}", f"a:{UID}", f"{UID}/x/{UID[:-1]}c", f"{UID}_2"])
def test_identifier_that_merely_holds_a_uuid_is_its_own(text: str) -> None:
    assert (find_uid_in(text), clean_uid(text)) == ("", text)


@pytest.mark.parametrize("text", ["", "s-1", UID[:-1], f"{UID}0", "x" * 1000, "Ärzte", "\ud800"])
def test_what_is_no_uuid_stays_as_it_is(text: str) -> None:
    assert (find_uid(text), clean_uid(text)) == ("", text)


def test_other_uids_lose_what_nobody_sees_around_them() -> None:
    assert clean_uid("\u200b Job-1\u200b\n") == "Job-1"


@pytest.mark.parametrize(
    "query",
    [
        f"{{{UID.upper()}}}",
        f"\u200b{UID} ",
        f"https://x.example/accounts/hubspot/{UID}/",
        f"https://x.example/jobs/{UID}/?step={UID[:-1]}c",
    ],
)
def test_uid_is_searched_for_however_it_was_copied(query: str) -> None:
    assert search_words(query) == (UID,)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("“clean company”", ("clean", "company")),
        ("Clean, please!", ("clean", "please")),
        ("O’Brien's?", ("o'brien's",)),
        ("!", ("!",)),
    ],
)
def test_what_stands_around_words_is_not_looked_for(query: str, words: tuple[str, ...]) -> None:
    assert search_words(query) == words


@given(
    st.lists(st.text() | st.sampled_from([*sum(SAME.values(), ()), "␞", "Ä ␞ b", "`a`  B"])),
    st.booleans(),
)
def test_many_texts_are_folded_as_each_alone(texts: list[str], keeps_accents: bool) -> None:
    """Also where one begins with what another would take, and where they are many letters long."""
    texts = [*texts, "\u0301a", "e", "\u0301", "\u1161", "\u1100", "Ä" * (LONGEST_FOLDED + 1)]
    wanted = [fold(text, keeps_accents=keeps_accents) for text in texts]
    assert fold_all(texts, keeps_accents=keeps_accents) == wanted
    assert fold_all(texts[:-1], keeps_accents=keeps_accents) == wanted[:-1]
