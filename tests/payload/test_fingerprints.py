"""The fingerprint is that of the RFC 8785 form."""

from __future__ import annotations

import hashlib

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from playground.payload.fingerprints import canonical_json, find_fingerprint, fingerprint
from tests.payload.strategies import json_values


def test_a_fingerprint_does_not_depend_on_how_the_value_is_written():
    assert fingerprint({"a": 1, "b": [True, None]}) == fingerprint({"b": [True, None], "a": 1})
    assert fingerprint({"a": 1}) == hashlib.sha256(b'{"a":1}').hexdigest()[:12]


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ({"b": 1.0, "a": 1e22, "c": 1e-7}, b'{"a":1e+22,"b":1,"c":1e-7}'),
        ({"\uffff": 1, "😀": 2}, '{"😀":2,"\uffff":1}'.encode()),
        ([2**53 - 1, -(2**53)], b"[9007199254740991,-9007199254740992]"),
        (12345678901234567890, b"12345678901234567000"),
        ([0.0, -0.0, 1e20, 1e21, 1e-6], b"[0,0,100000000000000000000,1e+21,0.000001]"),
        (
            {"1.0": '":1.0,\\', "a": [1.5e300, 0.0001]},
            b'{"1.0":"\\":1.0,\\\\","a":[1.5e+300,0.0001]}',
        ),
        ([2**64, -(10**30), "1e20,"], b'[18446744073709552000,-1e+30,"1e20,"]'),
        (
            {"\ue000": {"\uffff": 0, "é": 0, "😀": 0}, "🎈": []},
            '{"🎈":[],"\ue000":'.encode() + '{"é":0,"😀":0,"\uffff":0}}'.encode(),
        ),
        ([0.20353792015748523, {"a": 1}], b'[0.20353792015748523,{"a":1}]'),
        ("\x00\x1f\x7f\u2028é/\\", '"\\u0000\\u001f\x7f\u2028é/\\\\"'.encode()),
    ],
)
def test_the_form_is_that_of_the_standard(value, form):
    assert canonical_json(value) == form


@pytest.mark.parametrize(
    "value", [10**400, float("nan"), {"a": -(10**400)}, "\ud800", {"\ud800": 1}, ["\udfff"]]
)
def test_values_without_a_form_still_have_a_fingerprint(value):
    assert len(fingerprint(value)) == 12


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.integers().map(float)))
def test_every_number_is_written_as_the_standard_has_it(numbers):
    assert canonical_json(numbers) == rfc8785.dumps(numbers)


@given(
    st.dictionaries(
        st.text(st.sampled_from('a"\\:.0,é\ud7ff\ue000\uffff😀🎈'), max_size=3), st.floats(0, 1)
    )
)
def test_keys_stand_in_the_standard_s_order(value):
    assert canonical_json([value]) == rfc8785.dumps([value])


@given(json_values(most_integer=2**53 - 1))
def test_the_quick_way_is_the_standard_s_way(value):
    assert canonical_json(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "text",
    [
        "a86f06038310",
        " A86F06038310\n",
        "a86f 0603 8310",
        "payload a86f06038310",
        "# Payload: a86f06038310 (3 rows)",
        "fingerprint a86f-0603-8310",
        "“a86f06038310”",
        "sha256:a86f06038310" + "0" * 52,
    ],
)
def test_a_fingerprint_is_found_in_what_it_was_copied_with(text):
    assert find_fingerprint(text) == "a86f06038310"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Monday",
        "a86f0603831",
        "a86f060383100",
        "5a9db0c0-0004-4000-8000-a86f06038310",
        "g" * 12,
    ],
)
def test_other_words_are_no_fingerprint(text):
    assert find_fingerprint(text) == ""
