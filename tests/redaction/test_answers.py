"""What is hidden in an answer before it is kept."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.redaction.answers import HIDDEN, find_secret, hide_in_header, hide_secrets
from playground.redaction.echoes import EchoHider

KEY = "9f86d081884c7d659a2feaa0c55ad015"


def hidden(value):
    return json.loads(hide_secrets(json.dumps(value).encode()))


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ({"a": [{"accessToken": "x", "n": 1}]}, {"a": [{"accessToken": HIDDEN, "n": 1}]}),
        ({"session": {"id": "x"}}, {"session": {"id": HIDDEN}}),
        ({"secret": 12}, {"secret": HIDDEN}),
        ({"token": 123456}, {"token": HIDDEN}),
        ({"tokens": ["x"]}, {"tokens": HIDDEN}),
        ({"key": KEY}, {"key": HIDDEN}),
        ({"publicKey": "Ab3" * 10}, {"publicKey": HIDDEN}),
        ({"name": "X-Api-Key", "value": "x"}, {"name": "X-Api-Key", "value": HIDDEN}),
        ({"key": "access_token", "value": "x"}, {"key": "access_token", "value": HIDDEN}),
        ({"a": "see https://h/?token=x"}, {"a": f"see https://h/?token={HIDDEN}"}),
        ({"body": '{"refresh_token":"x"}'}, {"body": '{"refresh_token":"' + HIDDEN + '"}'}),
        (["Bearer abc123def"], [f"Bearer {HIDDEN}"]),
        ([["eyJhbGciOi.eyJzdWIi.x"]], [[HIDDEN]]),
        ("eyJhbGciOi.eyJzdWIi.x", HIDDEN),
    ],
)
def test_secrets_in_json_are_hidden(value, kept):
    assert hidden(value) == kept


@pytest.mark.parametrize("before", ["", "\ufeff", "\ufeff\ufeff", "\r\n\ufeff ", "\ufeff\n"])
def test_marks_before_json_hide_no_secret(before):
    text = before + '{"n": ' + "9" * 5_000 + ', "access_token": "x"}'

    assert find_secret(text) == "access_token"
    assert b'"x"' not in hide_secrets(text.encode())


@pytest.mark.parametrize(
    "value",
    [
        {"tokens_used": 5, "tokens": 500, "next_page_token": "abc", "token": 7},
        {"has_password": True, "cookies_valid": False, "api_key_set": "yes", "cookies": True},
        {"author": "Ada", "secretary": "Bo", "mapping_key": "company_name", "key": "first_name"},
        {"session": "Keynote: what comes", "sessions": [{"title": "a"}], "session_count": 2},
        {"password": None, "token": "", "cookies": {}, "secret": []},
        {"key": "5a9db0c0-0000-4000-8000-000000000001", "primary_key": KEY[:20]},
        {"properties": {"api_key": {"type": "string", "title": "API key"}}},
        {"name": "Jane", "value": "x"},
        {"required": ["cookies", "password"]},
    ],
)
def test_other_things_stay_byte_for_byte(value):
    body = json.dumps(value, indent=3).encode()

    assert hide_secrets(body) == body


def test_numbers_of_an_answer_with_a_secret_stay_as_they_are_written():
    body = b'{"n":1e999,"m":123456789012345678901234567890,"x":1.50,"passwd":"a"}'

    assert hide_secrets(body) == body.replace(b'"a"', b'"[hidden]"')


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"access_token=abc&expires_in=3600", b"access_token=[hidden]&expires_in=3600"),
        (b"<a href='/?sessionid=abc'>\xff", b"<a href='/?sessionid=[hidden]'>\xff"),
        (b'{"a":1,"clientSecret":"x', b'{"a":1,[hidden: what follows may hold credentials]'),
        (b'{"a":NaN,"b":"Bearer abc123def"', b'{"a":NaN,"b":"Bearer [hidden]"'),
    ],
)
def test_what_is_no_json_is_looked_at_as_text(body, kept):
    assert hide_secrets(body) == kept


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("Set-Cookie", "a=b; Path=/", HIDDEN),
        ("X-Auth-Token", "abc", HIDDEN),
        ("Proxy-Authorization", "abc", HIDDEN),
        ("X-Session-Id", "abc", HIDDEN),
        (
            "Location",
            "https://h/?code=1&access_token=a",
            f"https://h/?code=1&access_token={HIDDEN}",
        ),
        ("WWW-Authenticate", 'Bearer realm="api"', 'Bearer realm="api"'),
        ("Content-Type", "application/json", "application/json"),
        ("X-Next-Page-Token", "abc", "abc"),
    ],
)
def test_headers(name, value, kept):
    assert hide_in_header(name, value) == kept


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('{"a":{"apiKey":"x"}}', "apiKey"),
        ('{"full_name":"Ada","country":"GB"}', ""),
        ('{"note":"Bearer abc123def"}', "it looks like one"),
    ],
)
def test_what_a_call_would_keep_is_found_before_it_is_sent(body, found):
    assert find_secret(body) == found


@pytest.mark.parametrize(
    "written",
    [
        "aB3/xyz-0001",
        "AB3/XYZ-0001",
        "aB3\\/xyz-0001",
        "aB3%2Fxyz-0001",
        b"aB3/xyz-0001".hex(),
        "YUIzL3h5ei0wMDAx",
        "dTphQjMveHl6LTAwMDE=",
        "OmFCMy94eXotMDAwMQ==",
        "\\u0061B3/xyz-\\u0030001",
    ],
)
def test_our_own_key_is_hidden_however_it_is_written(written):
    shown = EchoHider(["aB3/xyz-0001"]).hide(f'{{"said":"{written}"}}'.encode())

    assert b"[hidden]" in shown
    assert b"xyz" not in shown.lower()


@given(st.binary())
def test_hiding_never_raises(body):
    hide_secrets(body)
