from __future__ import annotations

import uuid

from hypothesis import given, settings
from hypothesis import strategies as st

from playground.sandbox.jobs import uids
from playground.sandbox.jobs.uids import Place

SEEDS = st.integers(min_value=0, max_value=2**63 - 1)
PLACES = st.builds(
    Place,
    occurrence=st.integers(0, uids.MOST_OCCURRENCES - 1),
    attempt=st.integers(0, uids.MOST_ATTEMPTS - 1),
    step=st.integers(0, 62),
) | st.builds(Place, occurrence=st.integers(0, uids.MOST_OCCURRENCES - 1))


@settings(deadline=None)
@given(seed=SEEDS, place=PLACES)
def test_a_uid_tells_the_launch_and_the_place_it_was_made_of(seed: int, place: Place) -> None:
    prefix = uids.make_prefix(seed)

    uid = uids.encode(prefix, place)

    assert uids.decode(uid) == (prefix, place)
    assert str(uuid.UUID(uid)) == uid


@settings(deadline=None)
@given(seed=SEEDS, first=PLACES, second=PLACES)
def test_two_places_never_share_a_uid(seed: int, first: Place, second: Place) -> None:
    prefix = uids.make_prefix(seed)

    is_same = uids.encode(prefix, first) == uids.encode(prefix, second)

    assert is_same == (first == second)


@settings(deadline=None)
@given(number=st.integers(0, 2**48 - 1), seed=SEEDS)
def test_any_uid_of_a_launch_names_one_place_or_none(number: int, seed: int) -> None:
    prefix = uids.make_prefix(seed)
    uid = f"{prefix}-{number:012x}"

    found = uids.decode(uid)

    assert found is None or uids.encode(*found) == uid


@settings(deadline=None)
@given(st.text() | st.uuids().map(lambda uid: str(uid).upper() + "0"))
def test_what_is_no_uid_names_nothing(text: str) -> None:
    assert uids.decode(text) is None


@settings(deadline=None)
@given(first=SEEDS, second=SEEDS)
def test_launches_have_prefixes_of_their_own(first: int, second: int) -> None:
    is_same = uids.make_prefix(first) == uids.make_prefix(second)

    assert is_same == (first == second)
