"""Drafts of accounts, and values as nasty as people paste them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from playground.credentials.checks import problem_of_cookie
from playground.credentials.drafts import AccountDraft
from playground.credentials.kinds import KINDS, Kind, needs_of
from tests.payload.strategies import json_values, nasty_text

INTEGRATIONS = ("linkedin", "hubspot", "google-sheets", "outlook", "acme-crm", "")
PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
# What every credential field may get: 20 kB of it.
ANYTHING = {
    "NUL": "\x00" * 20_000,
    "half characters": "\ud800" * 20_000,
    "line breaks": "\r\n" * 10_000,
    "line breaks inside": "a" + "\r\n" * 10_000 + "b",
    "markup": "<script>alert(1)</script>" * 800,
    "emoji": "👩‍👩‍👧" * 1_000,
    "one character": "x" * 20_000,
    "replacements": "�" * 20_000,
    "semicolons": "a;" * 10_000,
    "quotes": "\"'\\`$" * 4_000,
    "spaces": " " * 20_000,
}
LI_AT = "AQEDAT-session-0123456789"
LI_A = "AQJ2-navigator-0123456789"
JSESSIONID = '"ajax:4512345678901234567"'


def draft(integration: str = "linkedin", kind: Kind = "cookies", **changes: Any) -> AccountDraft:
    """A draft of a new account that has a name and an owner."""
    given = {"name": "Jane's", "owner": "u-1"} | changes
    return AccountDraft(integration=integration, needs=needs_of(integration), kind=kind, **given)


def update(integration: str = "linkedin", kind: Kind = "cookies", **changes: Any) -> AccountDraft:
    return draft(integration, kind, **({"uid": "a-1", "name": "", "owner": ""} | changes))


# What cookies, keys and passwords may be made of, and is a secret by its length.
cookie_values = st.text(
    st.sampled_from([sign for sign in PRINTABLE if sign not in " ;\"'\\^`"]),
    min_size=6,
    max_size=60,
).filter(lambda value: not problem_of_cookie(value, "li_at"))
secret_texts = st.text(st.sampled_from(PRINTABLE + "é漢👩"), min_size=6, max_size=60).filter(
    lambda text: text == text.strip()
)
exports = json_values() | st.recursive(
    st.fixed_dictionaries(
        {},
        optional={
            "name": st.sampled_from(["li_at", "li_a", "x"]) | nasty_text,
            "value": nasty_text | json_values(),
            "domain": st.sampled_from([".linkedin.com", "www.example.com"]) | nasty_text,
            "cookies": json_values(),
        },
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(nasty_text, inner, max_size=3),
    max_leaves=6,
)
cells = nasty_text | st.sampled_from(["li_at", ".linkedin.com", "TRUE", "/", "0", "#HttpOnly_x"])
pastes = st.one_of(
    nasty_text,
    st.text(st.characters(exclude_categories=()), max_size=200),
    st.lists(cells, max_size=9).map("\t".join),
    st.lists(nasty_text, max_size=5).map("; li_at=".join),
    st.lists(nasty_text, max_size=5).map("\nCookie: li_a=".join),
)


@st.composite
def drafts(draw: st.DrawFn) -> AccountDraft:
    """Drafts that anything was typed or pasted into."""
    integration = draw(st.sampled_from(INTEGRATIONS) | nasty_text)
    cookies = st.dictionaries(st.sampled_from(["li_at", "li_a"]) | nasty_text, nasty_text)
    names = draw(st.just(()) | cookies)
    return AccountDraft(
        integration=integration,
        needs=needs_of(integration, names),
        kind=draw(st.sampled_from(KINDS)),
        uid=draw(st.sampled_from(["", "a-1"]) | nasty_text),
        name=draw(nasty_text),
        owner=draw(nasty_text),
        resumes=draw(st.booleans()),
        is_shared=draw(st.booleans()),
        pasted=draw(pastes),
        cookies=draw(cookies),
        api_key=draw(nasty_text),
        username=draw(nasty_text),
        password=draw(nasty_text),
    )
