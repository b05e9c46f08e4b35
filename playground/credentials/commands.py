"""Requests copied from a browser as a command or as code: the headers and cookies in them.

What a dialect says is read exactly or not at all: a value that lost a sign, or kept one of the
dialect's own, would be stored and would not work. No sentence quotes what was pasted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from playground.contract import wire

_INSTEAD = "Copy it as cURL (bash) instead, or paste the Cookie header alone."


class UnableToReadCommand(Exception):
    """It is of a dialect that cannot be read exactly; the message names it."""


class Found(NamedTuple):
    """A cookie header's value, or one cookie with its name; of a site, if that is told."""

    text: str
    name: str = ""
    domain: str = ""


_is_shell = re.compile(r"\s*(?:[$>#]\s+)?(?:\S*/)?(?:curl(?:\.exe)?|wget)\s").match
_is_cmd = re.compile(r"\^[\"%&|<>\r\n]|\^\s*\Z").search
_is_powershell = re.compile(
    r"\bInvoke-(?:WebRequest|RestMethod)\b|\bNew-Object\s|\$session\b|System\.Net\.Cookie",
    re.IGNORECASE,
).search
_is_fetch = re.compile(r"\s*(?:await\s+)?fetch\s*\(").match
# Blanks of one line: over those of many, every line would look at all lines below it.
_BEGIN = r"^[^\S\n]*"
_CODE = (
    (re.compile(r"\bdocument\.cookie\b|\bXMLHttpRequest\b|\baxios\b|\$\.ajax\b"), "JavaScript"),
    (re.compile(_BEGIN + r"(?:const|let|var)\s+\w+\s*=", re.MULTILINE), "JavaScript"),
    (re.compile(_BEGIN + r"(?:import|from)\s+\w+|\brequests\.\w+\(", re.MULTILINE), "Python"),
    (re.compile(_BEGIN + r"\w+\s+=\s*[{(\[]", re.MULTILINE), "Python"),
    (re.compile(r"\A\s*(?:https?|xhs?)\s+\S"), "HTTPie"),
    (re.compile(r"<\?php|\bcurl_setopt|" + _BEGIN + r"\$\w+\s*=", re.MULTILINE), "PHP"),
    (
        re.compile(_BEGIN + r"(?:export|set|setx)\s+\w+=", re.MULTILINE | re.IGNORECASE),
        "a shell script",
    ),
)
_piece = re.compile(
    r"""\$'(?P<escaped>(?:[^'\\]|\\.)*)'|'(?P<single>[^']*)'|"(?P<double>(?:[^"\\]|\\.)*)"
    |(?P<folded>\\\r?\n)|\\(?P<literal>.)|(?P<blank>\s+)|(?P<bare>[^\s'"\\$`]+)""",
    re.DOTALL | re.VERBOSE,
)
_escape = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'", '"': '"', "!": "!"}
_new_cookie = re.compile(r"System\.Net\.Cookie\s*\(", re.IGNORECASE)
_cookie_arguments = re.compile(
    r'\s*"([^"`$]*)"\s*,\s*"([^"`$]*)"\s*(?:,\s*"[^"`$]*"\s*(?:,\s*"([^"`$]*)"\s*)?)?\)'
)
_cookie_header = re.compile(r"\s*cookie\s*:\s*", re.IGNORECASE)
_MOST_NESTING = 12


def read_command(text: str) -> tuple[Found, ...] | None:
    """What the command or the code carries; None when the text is neither.

    Raises `UnableToReadCommand`.
    """
    if begin := _is_shell(text):
        if _is_cmd(text):
            raise UnableToReadCommand(_sentence("a request copied as cURL (cmd)"))
        return tuple(_from_words(_shell_words(text[begin.end() :])))
    if _is_powershell(text):
        return _from_powershell(text)
    if _is_fetch(text):
        return _from_fetch(text)
    for is_code, name in _CODE:
        if is_code.search(text):
            raise UnableToReadCommand(_sentence(f"code ({name})"))
    return None


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


def _shell_words(text: str) -> list[str]:
    words: list[str] = []
    word: str | None = None
    at, before = 0, ""
    while at < len(text):
        piece = _piece.match(text, at)
        if piece is None:
            raise UnableToReadCommand(
                "This command holds a quote that is not closed, or a variable: copy it anew, whole."
            )
        at, kind = piece.end(), piece.lastgroup or ""
        if kind == before == "double":
            # Two quotes stand for one there.
            raise UnableToReadCommand(_sentence("a request copied as cURL (Windows)"))
        before = kind
        if kind == "blank":
            words += [] if word is None else [word]
            word = None
        elif kind != "folded":
            word = (word or "") + _unquoted(kind, piece[kind or 0])
    return words if word is None else [*words, word]


def _unquoted(kind: str, text: str) -> str:
    if kind == "escaped":
        return _escape.sub(_unescaped, text)
    if kind != "double":
        return text
    plain = re.sub(r"\\.", "", text, flags=re.DOTALL)
    if "$" in plain or "`" in plain or "%%" in text:
        raise UnableToReadCommand(_sentence("a command with variables"))
    return re.sub(r'\\(["\\$`])', r"\1", text).replace("\\\n", "")


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "ux" and len(code) > 1:
        return chr(int(code[1:], 16))
    if code not in _ESCAPES:
        raise UnableToReadCommand(_sentence("a command with unusual escapes"))
    return _ESCAPES[code]


def _from_words(words: list[str]) -> Iterator[Found]:
    at = 0
    while at < len(words):
        name, value = words[at], words[at + 1] if at + 1 < len(words) else ""
        at += 1
        long = re.match(r"(--header|--cookie)=", name)
        if long:
            name, value = long[1], name[long.end() :]
        elif re.match(r"-[Hb].", name):
            name, value = name[:2], name[2:].removeprefix("=")
        elif name in ("-H", "--header", "-b", "--cookie"):
            at += 1
        if name in ("-b", "--cookie") and "=" in value:
            yield Found(text=value)
        elif name in ("-H", "--header") and (header := _cookie_header.match(value)):
            yield Found(text=value[header.end() :])


def _from_powershell(text: str) -> tuple[Found, ...]:
    found = []
    for begin in _new_cookie.finditer(text):
        arguments = _cookie_arguments.match(text, begin.end())
        if not arguments:
            raise UnableToReadCommand(_sentence("a request copied as PowerShell"))
        name, value, domain = arguments.groups(default="")
        found.append(Found(text=value, name=name, domain=domain))
    if not found:
        raise UnableToReadCommand(_sentence("a request copied as PowerShell"))
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
