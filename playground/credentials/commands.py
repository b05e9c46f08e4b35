"""Requests copied from a browser as a command or as code: the headers and cookies in them.

What a dialect says is read exactly or not at all: a value that lost a sign, or kept one of the
dialect's own, would be stored and would not work. No sentence quotes what was pasted.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from playground.contract import wire
from playground.payload.edit.paste import cmd, documents, powershell, programs, shell
from playground.payload.edit.paste.commands import is_curl_in_powershell
from playground.payload.edit.paste.curl import read_curl
from playground.payload.edit.paste.found import Request, UnableToReadPasted, Variable
from playground.payload.edit.paste.httpie import read_httpie

_INSTEAD = "Copy it as cURL (bash) instead, or paste the Cookie header alone."


class UnableToReadCommand(Exception):
    """It is of a dialect that cannot be read exactly; the message names it."""


class Found(NamedTuple):
    """A cookie header's value, or one cookie with its name; of a site, if that is told."""

    text: str
    name: str = ""
    domain: str = ""


_is_shell = re.compile(
    r"\s*(?:[$>#%❯]\s+|[A-Za-z]:\\[^>\n]*>\s*)?(?:\S*[/\\])?"
    r"(?:curl(?:\.exe)?|wget|https?|xhs?)[ \t^]"
).match
# Not at the beginning: nobody knows what is around it.
_command_there = re.compile(
    r"(?<![\w=;-])(?:curl(?:\.exe)?|wget)[ \t]+(?:[-–—]|\$?['\"‘“]|https?:)"
).search
_is_httpie = re.compile(r"\s*(?:[$>#]\s+)?(?:https?|xhs?)\s").match
_is_fetch = re.compile(r"\s*(?:await\s+)?fetch\s*\(").match
# Blanks of one line: over those of many, every line would look at all lines below it.
_BEGIN = r"^[^\S\n]*"
_is_script = re.compile(_BEGIN + r"(?:export|set|setx)\s+\w+=", re.MULTILINE | re.IGNORECASE).search
_is_code = re.compile(
    r"\bdocument\.cookie\b|\bXMLHttpRequest\b|\baxios\b|\$\.ajax\b|<\?php|\bcurl_setopt"
    rf"|{_BEGIN}(?:const|let|var)\s+\w+\s*=|{_BEGIN}(?:import|from)\s+\w+|\brequests\.\w+\("
    rf"|{_BEGIN}\w+\s+=\s*[{{(\[]|{_BEGIN}\$\w+\s*=",
    re.MULTILINE,
).search
_of_cookies = re.compile(r"\bcookies\b[\"']?\s*[=:]\s*(?=\{)", re.IGNORECASE)
_is_cookie_header = re.compile(r"cookies?", re.IGNORECASE).fullmatch
_NOT_CLOSED = "This command holds a quote that is not closed, or a variable: copy it anew, whole."
_MOST_NESTING, _MOST_SPANS, _LOOKED_AT = 12, 20, 200_000


def read_command(text: str, known: Collection[str] = ()) -> tuple[Found, ...] | None:
    """What the command or the code carries; None when the text is neither. `known` are names of
    cookies, in small letters: code may give them one by one.

    Raises `UnableToReadCommand`.
    """
    try:
        if _is_shell(text):
            return _of_headers(_shell_request(text))
        if powershell.looks_like_powershell(text[:_LOOKED_AT]):
            return _from_powershell(text)
    except UnableToReadPasted:
        raise UnableToReadCommand(_NOT_CLOSED) from None
    if _is_fetch(text):
        return _from_fetch(text)
    if _command_there(text):
        raise UnableToReadCommand(_sentence("a command among other text"))
    if _is_script(text):
        raise UnableToReadCommand(_sentence("a shell script"))
    return _from_code(text, known) if _is_code(text) else None


def read_document(value: Any) -> tuple[Found, ...] | None:
    """The cookies of requests that a tool has kept as JSON; None when the JSON is none."""
    kind = documents.kind_of(value)
    if kind in (None, "har"):
        return None
    return tuple(
        found for request in documents.requests_of(value, kind) for found in _of_headers(request)
    )


def read_har(value: Any) -> tuple[Found, ...] | None:
    """The cookies of a HAR, of an entry of one or of its request; None when the JSON is none."""
    requests = tuple(_requests(value, _MOST_NESTING))
    if not requests:
        return None
    found = tuple(each for request in requests for each in _of_request(request))
    if not found:
        raise UnableToReadCommand(
            "This is a HAR without cookies: browsers leave them out of it unless asked for "
            f"sensitive data. {_INSTEAD}"
        )
    return found


def _sentence(what: str) -> str:
    return f"This is {what}, which cannot be read exactly. {_INSTEAD}"


def _shell_request(text: str) -> Request:
    if is_curl_in_powershell(text):
        return powershell.read_powershell(text)
    if cmd.looks_like_cmd(text):
        return read_curl(cmd.read_cmd(text))
    begun = re.match(r"\s*[$>#%❯]\s+", text)
    commands = shell.read_commands(text[begun.end() :] if begun else text)
    command = next((one for one in commands if one.words), None)
    words = command.words[1:] if command else []
    if _is_httpie(text):
        return read_httpie(words, None)
    # A file of the body is not asked for: only the headers count.
    return read_curl([word for word in words if not word.startswith("@")])


def _of_headers(request: Request) -> tuple[Found, ...]:
    """What its cookie headers hold; without a sign of a cookie, a cookie's file is meant."""
    given = [text for name, text in request.headers if name.strip().lower() == "cookie"]
    if any(isinstance(text, Variable) for text in given):
        raise UnableToReadCommand(_sentence("a command with variables"))
    return tuple(Found(text=text) for text in given if "=" in text)


def _from_powershell(text: str) -> tuple[Found, ...]:
    request = powershell.read_powershell(text)
    cookies = powershell.cookies_of(text)
    given = [text for name, text in request.headers if name.strip().lower() == "cookie"]
    of_session = [f"{name}={value}" for name, value, _ in cookies]
    headers = [text for text in given if text not in of_session]
    values = [*headers, *(value for _, value, _ in cookies)]
    if any(isinstance(value, Variable) for value in values) or not values:
        raise UnableToReadCommand(_sentence("a request copied as PowerShell"))
    found = [Found(text=value, name=name, domain=domain) for name, value, domain in cookies]
    return (*found, *(Found(text=text) for text in headers))


def _from_code(text: str, known: Collection[str]) -> tuple[Found, ...]:
    """Cookie headers, what stands among `cookies`, and what is given under a known name."""
    spans = [
        (one.end(), programs.end_of(text, one.end()) or one.end())
        for one in itertools.islice(_of_cookies.finditer(text), _MOST_SPANS)
    ]
    found = []
    for pair in programs.pairs_of(text):
        is_among = any(begin <= pair.place < end for begin, end in spans)
        is_header = bool(_is_cookie_header(pair.name)) and "=" in pair.text and not is_among
        if not is_header and not is_among and pair.name.casefold() not in known:
            continue
        if isinstance(pair.text, Variable):
            raise UnableToReadCommand(_sentence("code with variables"))
        found.append(Found(text=pair.text, name="" if is_header else pair.name))
    if not found:
        raise UnableToReadCommand(_sentence("code"))
    return tuple(found)


def _from_fetch(text: str) -> tuple[Found, ...]:
    """Its second argument is JSON, as browsers copy it."""
    begin, end = text.find("{"), text.rfind("}")
    try:
        options = wire.parse_json(text[begin : end + 1]) if 0 <= begin < end else {}
    except wire.WireError:
        raise UnableToReadCommand(_sentence("a request copied as fetch")) from None
    headers = options.get("headers") if isinstance(options, dict) else None
    pairs = headers.items() if isinstance(headers, dict) else ()
    found = tuple(
        Found(text=value)
        for name, value in pairs
        if name.strip().lower() == "cookie" and isinstance(value, str)
    )
    if not found:
        raise UnableToReadCommand(
            f"This is a request copied as fetch, which holds no cookies. {_INSTEAD}"
        )
    return found


def _requests(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if not depth:
        return
    if isinstance(value, list):
        for item in value:
            yield from _requests(item, depth - 1)
    elif isinstance(value, dict):
        if isinstance(value.get("headers"), list) and ("method" in value or "url" in value):
            yield value
        for item in value.values():
            if isinstance(item, dict | list):
                yield from _requests(item, depth - 1)


def _of_request(request: dict[str, Any]) -> Iterator[Found]:
    """The header is exact; some browsers decode the values of the list beside it."""
    url = request.get("url")
    domain = url if isinstance(url, str) else ""
    for header in request["headers"]:
        if not isinstance(header, dict):
            continue
        name, value = header.get("name"), header.get("value")
        if isinstance(name, str) and isinstance(value, str) and name.strip().lower() == "cookie":
            yield Found(text=value, domain=domain)
