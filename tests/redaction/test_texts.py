"""What a secret looks like in a text, tried both ways."""

import base64
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.log_lines import LineFormatter
from playground.redaction import texts

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig-_123"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----"
BASIC = base64.b64encode(b"ada:pw").decode()

HIDING = [
    (f"It said {JWT}.", "It said [hidden]."),
    (f"x {PEM} y", "x [hidden] y"),
    ("-----BEGIN OPENSSH PRIVATE KEY-----\\nb3Bl", "[hidden]"),
    ("Authorization: Bearer abc123def", "Authorization: Bearer [hidden]"),
    ("authorization: bearer ABCDEFGHijkl", "authorization: bearer [hidden]"),
    (f"sent Basic {BASIC} to it", "sent Basic [hidden] to it"),
    ("with sk_live_4eC39HqLyjWD", "with [hidden]"),
    ("with ghp_0123456789abcdefABCD", "with [hidden]"),
    ("with xoxb-1234-5678-abc", "with [hidden]"),
    ("with AKIAIOSFODNN7EXAMPLE", "with [hidden]"),
    ("https://hooks.slack.com/services/T0/B0/abcdefgh12", "https://hooks.slack.com/[hidden]"),
    (
        "https://discord.com/api/webhooks/12/abcdefghij-klmnopq",
        "https://discord.com/api/webhooks/[hidden]",
    ),
    (
        "https://api.telegram.org/bot12:abcdefghij-klmnopq/x",
        "https://api.telegram.org/bot[hidden]/x",
    ),
    ('{"kennwort": "hunter2", "pw": "abc"}', '{"kennwort": "[hidden]", "pw": "[hidden]"}'),
    ("li_at=AQEDARx1y2z3", "li_at=[hidden]"),
    ("got AQEDAR0BAAAAAAAAAAAAxyz for it", "got [hidden] for it"),
    ("https://ada:hunter2@h.example/a", "https://[hidden]@h.example/a"),
    ("postgres://u:p@db/x", "postgres://[hidden]@db/x"),
    ("https://ghp0123456789tokens@h.example", "https://[hidden]@h.example"),
    ("https://h.example/?a=1&token=abc&b=2", "https://h.example/?a=1&token=[hidden]&b=2"),
    ("/x?access%5Ftoken=abc#z", "/x?access%5Ftoken=[hidden]#z"),
    ("/x?X-Amz-Signature=0a1b&X-Amz-Date=1", "/x?X-Amz-Signature=[hidden]&X-Amz-Date=1"),
    ("/blob?sv=2020&sig=abc%3D", "/blob?sv=2020&sig=[hidden]"),
    ("password=hunter2 user=ada", "password=[hidden] user=ada"),
    ('{"apiKey": "abc", "n": 1}', '{"apiKey": "[hidden]", "n": 1}'),
    ('"{\\"refresh_token\\":\\"abc\\"}"', '"{\\"refresh_token\\":\\"[hidden]\\"}"'),
    ("{'passwd': 'two words'}", "{'passwd': '[hidden]'}"),
    ("X-Api-Key: 0a1b2c3d", "X-Api-Key: [hidden]"),
    ("password: 'hunter2'", "password: '[hidden]'"),
    ("Cookie: a=1; b=2", "Cookie: [hidden]"),
    ("Set-Cookie: sid=1; Path=/\nNext: 1", "Set-Cookie: [hidden]\nNext: 1"),
    ("client_secret: 8f14e45fceea", "client_secret: [hidden]"),
]
PLAIN = [
    "",
    "The upstream refused the request. Correct what it names and send it again.",
    "Basic information, and a token of thanks to the bearer of this.",
    "Bearer authentication is required.",
    "Basic automation",
    "Invalid token: expired",
    "password: must have at least 8 characters",
    "cookies: missing",
    "swept sessions=12 tokens=500",
    "Wrong password: 'ada' from 192.0.2.1, to sign in.",
    "Password right: 'ada.l0velace' from 127.0.0.1, to sign in.",
    "authorization: required",
    "page=2&next_page_token=abc&limit=10",
    "https://h.example/a?mapping_key=company_name&author=ada",
    "git@h.example and mailto:ada@h.example",
    "ssh://git@h.example/a",
    "http://[::1]:8000/x@y",
    "5a9db0c0-0000-4000-8000-000000000001",
    "sketch sk-learn key-value shop-window pat-answer",
    "https://www.linkedin.com/in/ada-lovelace",
    "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
    "Set-Cookie: is missing",
]


@pytest.mark.parametrize(("text", "hidden"), HIDING)
def test_what_looks_like_a_secret_is_hidden(text, hidden):
    assert texts.hide(text) == hidden


@pytest.mark.parametrize("text", PLAIN)
def test_other_texts_stay_as_they_are(text):
    assert texts.hide(text) == text


@given(st.text())
def test_hiding_never_raises_and_hides_nothing_twice(text):
    once = texts.hide(text)

    assert texts.hide(once) == once


def test_log_lines_and_tracebacks_hold_no_secret():
    line = LineFormatter("{levelname} {message}", style="{")
    error = ValueError("token=abcdef")
    told = (ValueError, error, None)
    record = logging.LogRecord("a", logging.ERROR, "", 1, "for %s", (JWT,), told)

    text = line.format(record)

    assert text == "ERROR for [hidden]\n  ValueError: token=[hidden]"
