"""20 kB of anything in every field of accounts and users, and ways out through `next`."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Iterator
from itertools import cycle
from urllib.parse import quote, quote_from_bytes

import pytest
from django.test import Client

from playground.sandbox.models import SandboxEvent
from tests.hostile import surface
from tests.hostile.answers import fault_of, find_fault
from tests.hostile.attacks import Shot
from tests.hostile.test_safe_methods import ELSEWHERE

SIZE = 20_000
LARGE: dict[str, bytes] = {
    name: (part * (SIZE // len(part) + 1))[:SIZE]
    for name, part in {
        "letters": b"secret",
        "digits": b"9",
        "blanks": b" ",
        "tabs": b"\t",
        "line ends": b"\r\n",
        "NUL": b"\x00",
        "no UTF-8": b"\xff\xfe",
        "lone surrogates": b"\xed\xa0\x80",
        "hiding": "\u202e\u200b".encode(),
        "wide": "é漢😀".encode(),
        "markup": b"<script>top.__hit(1)</script>",
        "templates": b"{{ 7|add:7 }}{% debug %}",
        "cookies": b"li_at=secret; ",
        "lines": b"li_at=secret\n",
        "other cookies": b"a%d=secret; ",
        "table": b".linkedin.com\tTRUE\t/\tTRUE\t0\tli_at\tsecret\n",
        "brackets": b"[",
        "deep objects": b'{"a":',
        "equal signs": b"=",
        "percent": b"%",
    }.items()
} | {
    "blanks inside": b"li_at=a" + b" " * SIZE + b"b",
    "export": b'[{"name": "li_at", "value": "' + b"secret" * (SIZE // 6) + b'"}]',
    "many entries": b"[" + b",".join([b'{"name":"li_at","value":"a"}'] * 700) + b"]",
    "surrogates in JSON": rb'{"li_at": "' + rb"\ud800" * (SIZE // 6) + rb'"}',
    "large numbers": b'{"li_at": ' + b"9" * SIZE + b"}",
}
# What only somebody who reads cookies out of a text could stumble over.
PASTED_ONLY = (
    *("cookies", "lines", "other cookies", "table", "brackets", "deep objects", "equal signs"),
    *("blanks inside", "export", "many entries", "surrogates in JSON", "large numbers"),
)
PLAIN = [what for what in LARGE if what not in PASTED_ONLY]
GOOD = {"name": "Ada's", "kind": "cookies", "cookie-li_at": "abc", "cookie-li_a": "abc"}
SECRETS = ("pasted", "cookie-li_at", "cookie-li_a", "cookie-other", "api_key", "password")
OTHERS = ("name", "user_uid", "kind", "username", "account_uid", "next", "action")
KIND_OF = {"api_key": "api_key", "username": "password", "password": "password"}


@pytest.mark.parametrize("name", [*SECRETS, *OTHERS, "resume_paused_jobs", "shared_account"])
def test_large_text_in_a_field_of_an_account_gets_a_clear_answer(client, things, name):
    pages = cycle(("new", "{account_uid}/edit", "request"))
    texts = LARGE if name == "pasted" else PLAIN

    trouble = [
        fire(client, f"/accounts/linkedin/{page}/".format(**things), name, what)
        for what, page in zip(texts, pages, strict=False)
    ]

    assert [one for one in trouble if one] == []


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/accounts/linkedin/{account_uid}/checkpoint/", "code"),
        *zip(cycle(("/users/new/", f"/users/{surface.USER_UID}/")), surface.USER_FIELDS),
        *(("/accounts/check/", name) for name in ("integration", "account", "within", "page")),
        *(("/workflows/{workflow_uid}/launch/", name) for name in ("override_reason",)),
        *(("/workflows/{workflow_uid}/launch/trial/", name) for name in ("trial_rows", "trial_on")),
    ],
)
def test_large_text_in_another_field_gets_a_clear_answer(client, things, path, name):
    trouble = [fire(client, path.format(**things), name, what) for what in PLAIN]

    assert [one for one in trouble if one] == []


def test_cookie_with_a_large_name_gets_a_clear_answer(client, things):
    shots = [
        Shot(
            what=f"{what} as a name",
            method="POST",
            path=f"/accounts/hubspot/{page}/",
            body=b"change_token=%s&name=Ada&kind=cookies&cookie-%s=secret"
            % (str(uuid.uuid4()).encode(), quote_from_bytes(text).encode()),
        )
        for page in ("new", "request")
        for what, text in LARGE.items()
    ]

    assert [fault for shot in shots if (fault := find_fault(shot, client))] == []


def test_what_is_refused_leaves_nothing_in_the_sandbox(client, things):
    before = SandboxEvent.objects.count()

    statuses = {
        client.post("/accounts/linkedin/new/", good() | {"cookie-li_at": as_text(what)}).status_code
        for what in ("letters", "NUL", "no UTF-8", "lone surrogates", "wide", "markup")
    }

    assert statuses == {422}
    assert SandboxEvent.objects.count() == before


def good() -> dict[str, str]:
    """What is saved, in a form that was just rendered."""
    return GOOD | {"change_token": str(uuid.uuid4())}


def as_text(what: str) -> str:
    return LARGE[what].decode("utf-8", "replace")


def fire(client: Client, path: str, name: str, what: str) -> str:
    """What is wrong with the answer to a form whose one field is too much; empty when nothing."""
    fields = good() | {"kind": KIND_OF.get(name, "cookies")}
    fields.pop(name, None)
    body = "&".join(f"{quote(one)}={quote(text)}" for one, text in fields.items())
    body += f"&{quote(name)}={quote_from_bytes(LARGE[what])}"
    shot = Shot(what=f"{what} in {name}", method="POST", path=path, body=body.encode())
    answer = shot.fire(client)
    if name in SECRETS and "secretsecret" in answer.content.decode():
        return f"{path} {shot.what}: shown"
    return fault_of(shot, answer)


AWAY = (
    *ELSEWHERE,
    "/\n/evil.example/",
    "/\r\n/evil.example/",
    "\x00//evil.example/",
    "/\x00/evil.example/",
    "/%0a/evil.example/\r\nX-Hit: 1",
    "/\\/evil.example/",
    "/\t\\evil.example/",
    "\x01https://evil.example/",
    "/\u2028/evil.example/",
    "//evil.example\\@testserver/",
    "//testserver@evil.example/",
    "http:evil.example",
    "?next=//evil.example/",
    "evil.example",
    "\ufffd//evil.example/",
    "/" * 20_000,
    "//[::1",
    "//" + "9" * 5_000 + ".example/",
)


def test_account_form_never_leads_elsewhere(client, things):
    for place in AWAY:
        leads_nowhere_else(client, f"/accounts/linkedin/{things['account_uid']}/edit/", place)


def leads_nowhere_else(client: Client, address: str, place: str) -> None:
    shown = client.get(address, {"next": place})
    refused = client.post(address, {"next": place})
    in_address = client.post(f"{address}?next={quote(place)}", good())
    in_form = client.post(address, good() | {"next": place})

    assert (shown.status_code, refused.status_code) == (200, 422)
    for page in (shown, refused):
        assert list(ways_out(page.content.decode())) == []
    for saved in (in_address, in_form):
        assert saved.status_code == 303
        assert re.fullmatch(r"/(?![/\\])[!-~]*", saved["Location"])
        assert "evil.example" not in saved["Location"].partition("%")[0]
        assert "X-Hit" not in saved.headers


def ways_out(page: str) -> Iterator[str]:
    for address in re.findall(r'(?:href|action|formaction|hx-post)="([^"]*)"', page):
        # As a browser reads it: without line ends and tabs, wherever they stand.
        read = re.sub(r"[\t\r\n]", "", html.unescape(address))
        if read and not re.match(r"[#?]|/(?![/\\])", read):
            yield address


@pytest.mark.parametrize(
    "place", ["/workflows/", "/launches/?q=a%20b", "/workflows/a%252Fb/?step=é"]
)
def test_account_form_leads_back_where_the_person_was(client, things, place):
    answer = client.post(
        f"/accounts/linkedin/{things['account_uid']}/edit/", good() | {"next": place}
    )

    assert (answer.status_code, answer["Location"]) == (303, place.replace("é", "%C3%A9"))
