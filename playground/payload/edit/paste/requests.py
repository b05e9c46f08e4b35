"""A request → the payload in it, without its credentials, and what is to be told of it."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from playground.contract.folding import find_uid
from playground.payload.edit.paste.found import Request, UnableToReadPasted, Variable
from playground.payload.texts import shorten
from playground.payload.words import counted, cut_list, noun
from playground.redaction import names, texts

_MOST_NAMED = 5
_LONGEST_ADDRESS = 20_000
_of_workflow = re.compile(r"/workflows/([^/?#]+)(?:/([^/?#]*))?")
# Headers that sign in, whatever they hold, and such as only a browser has.
_CREDENTIALS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "apikey"}
)


class Address(NamedTuple):
    """What an address tells: whose it is, of which workflow, and whether a launch goes there."""

    host: str = ""
    workflow_uid: str = ""
    is_launch: bool = False


def read_address(url: str) -> Address:
    """Never raises."""
    try:
        parts = urlsplit(url[:_LONGEST_ADDRESS].strip())
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return Address()
    found = _of_workflow.search(parts.path)
    if not found:
        return Address(host=f"{host}{port}")
    uid = unquote(found[1])
    return Address(
        host=f"{host}{port}",
        workflow_uid=find_uid(uid) or uid.strip(),
        is_launch=found[2] in ("schedule", "launch"),
    )


def tell_credentials(request: Request) -> tuple[str, ...]:
    """A sentence for each kind of what was left out because it signs somebody in."""
    told = list(request.notices)
    found = list(dict.fromkeys(name for name, value in request.headers if _signs_in(name, value)))
    if found:
        shown = [f"“{shorten(name)}”" for name in found]
        headers = noun(len(found), "the header", "the headers")
        told.append(
            f"What stands in {headers} {cut_list(shown, _MOST_NAMED)} was left out: the playground "
            "has a key of its own."
        )
    if has_secret_in_address(request.url):
        told.append("A key in the address was left out: the playground has one of its own.")
    return tuple(told)


def has_credentials(request: Request) -> bool:
    return request.has_secret or bool(tell_credentials(request))


def _signs_in(name: str, value: str) -> bool:
    if isinstance(value, Variable) or not value.strip():
        return False
    if name.strip().lower() in _CREDENTIALS or names.is_secret(name):
        return not _is_placeholder(value)
    return texts.holds_secret(value)


def _is_placeholder(value: str) -> bool:
    """What stands for a key in snippets and documents: `<key>`, `{{key}}`, `YOUR_API_KEY`."""
    bare = value.removeprefix("x-api-key").removeprefix("Bearer").strip()
    return bool(
        re.fullmatch(r"<[^<>]*>|\{\{.*\}\}|\{[\w .]*\}|%\w+%|=\{\{.*\}\}|YOUR[_A-Z ]*|\*+|…", bare)
    )


def has_secret_in_address(url: str) -> bool:
    try:
        parts = urlsplit(url[:_LONGEST_ADDRESS].strip())
        pairs = parse_qsl(parts.query)
    except ValueError:
        return texts.holds_secret(url)
    in_query = any(
        value and (names.is_secret(name) or name.lower() in _CREDENTIALS)
        for name, value in pairs
        if not _is_placeholder(value)
    )
    return in_query or bool(parts.password)


def body_of(request: Request) -> str:
    """The text of its body. Raises `UnableToReadPasted` where there is none to read."""
    body = request.body
    if body is None:
        method = request.method or "request"
        raise UnableToReadPasted(
            f"This {method} has no body, and the payload of a launch is one: copy the request that "
            "launches."
        )
    if isinstance(body, Variable) and not body.lstrip().startswith(("{", "[")):
        raise UnableToReadPasted(
            f"Its body is {shorten(body)}, which is only known where that runs: paste the payload "
            "itself."
        )
    if not body.strip():
        raise UnableToReadPasted("Its body is empty: copy the request that launches.")
    if re.match(r"\s*[\w.%+-]+=[^{\[]", body[:1_000]):
        raise UnableToReadPasted(
            "Its body is that of a form (name=value), and a launch has a JSON body: paste that."
        )
    return body


def tell_several(count: int, one: str, several: str) -> tuple[str, ...]:
    """Where one of several was to be chosen."""
    if count < 2:
        return ()
    return (f"It has {counted(count, one, several)}: the last was taken.",)
