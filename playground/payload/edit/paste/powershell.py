"""PowerShell that sends a request: the texts in it, and the words of its commands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playground.payload.edit.paste.curl import read_curl
from playground.payload.edit.paste.found import (
    MOST_PIECES,
    TOO_MANY_PIECES,
    Request,
    UnableToReadPasted,
    Variable,
)
from playground.payload.texts import clean_text

looks_like_powershell = re.compile(
    r"\bInvoke-(?:WebRequest|RestMethod)\b|(?:^|[\n;|=(])[ \t]*(?:iwr|irm)[ \t]"
    r"|\bNew-Object\s|\$session\b|System\.Net\.Cookie|\$env:\w+|^\$\w+ = @['\"]\r?$",
    re.IGNORECASE | re.MULTILINE,
).search
_piece = re.compile(
    r"'(?P<single>(?:[^'‘’]++|'')*+)'|\"(?P<double>(?:[^\"`]++|`.|\"\")*+)\""
    r"|(?P<comment>\#[^\n]*+|<\#.*?(?:\#>|\Z))|(?P<folded>`\r?\n)|(?P<end>[\n;|])"
    r"|(?P<map>@\{)|(?P<sign>[{}()=,\[\]])|(?P<blank>[ \t\r]++)"
    r"|\$\{?(?P<name>(?:env:)?\w+)\}?(?P<member>(?:\.\w+)*)|(?P<bare>(?:[^\s'\"`;|{}()=,\[\]$@\#]|`.)++)"
    r"|(?P<other>.)",
    re.DOTALL,
).match
_here_begins = re.compile(r"@(['\"])[ \t]*\r?\n").match
_escape = re.compile(r"`(u\{[0-9a-fA-F]{1,6}\}|\r\n|.)|\"\"", re.DOTALL)
_code = re.compile(r"\$\(\[char\]\s*(0x[0-9a-fA-F]{1,6}|\d{1,7})\)", re.IGNORECASE)
_variable = re.compile(r"(?<!`)\$(?:\{?(?:env:)?[A-Za-z_]\w*\}?|\()")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v",
            "e": "\x1b", "\n": "", "\r\n": ""}  # fmt: skip
# Pieces, blanks included, of what makes a cookie.
_MOST_OF_COOKIE = 30
_NOT_CLOSED = "a text that opens here is not closed: copy the command anew, whole."


@dataclass(slots=True)
class _Script:
    known: dict[str, str] = field(default_factory=dict)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    commands: list[list[str]] = field(default_factory=list)
    cookies: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def read_powershell(text: str) -> Request:
    """Raises `UnableToReadPasted`."""
    tokens = _tokens(text)
    script = _Script()
    _read(tokens, script)
    curl = next((one for one in script.commands if _name(one) in ("curl", "curl.exe")), None)
    if curl is not None:
        piped = [one for one in script.commands if len(one) == 1 and one[0].lstrip()[:1] in "{["]
        return read_curl(curl[1:], piped[-1][0] if piped else None)
    command = _sending(script.commands)
    # They may be given together, as a hash table.
    splatted = {name.lower(): value for name, value in script.pairs if name.lower() in _SPLATTED}
    options = splatted | _options(command)
    body = options.get("body", next((word for word in command if _is_json(word)), None))
    session = [("Cookie", f"{name}={value}") for name, value, _ in script.cookies]
    return Request(
        url=options.get("uri", _address(command)),
        method=options.get("method", "POST" if body is not None else "GET").upper(),
        headers=(*(one for one in script.pairs if one[0].lower() not in _SPLATTED), *session),
        body=body,
    )


def cookies_of(text: str) -> list[tuple[str, str, str]]:
    """Name, value and domain of each cookie that a session is given. Raises
    `UnableToReadPasted`."""
    script = _Script()
    _read(_tokens(text), script)
    return script.cookies


_SPLATTED = ("uri", "method", "body")
_SENDS = ("invoke-webrequest", "invoke-restmethod", "iwr", "irm")


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while at < len(text):
        if begin := _here_begins(text, at):
            token, at = _here_string(text, begin)
            found.append(token)
            continue
        if len(found) > MOST_PIECES:
            raise UnableToReadPasted(TOO_MANY_PIECES)
        piece = _piece(text, at)
        if piece is None or (piece["other"] is not None and piece["other"] in "'\""):
            raise UnableToReadPasted(_NOT_CLOSED, at)
        kind = piece.lastgroup or ""
        if kind == "member":
            kind = "name"
        if kind not in ("comment", "folded"):
            found.append(_token(kind, piece))
        at = piece.end()
    return found


def _here_string(text: str, begin: re.Match[str]) -> tuple[_Token, int]:
    """Between lines of its own, of which the last begins with its end."""
    quote = begin[1]
    end = text.find(f"\n{quote}@", begin.end() - 1)
    if end < 0:
        raise UnableToReadPasted(_NOT_CLOSED, begin.start())
    body = text[begin.end() : end].removesuffix("\r")
    made = body if quote == "'" else _expanded(body, is_here=True)
    return _Token("text", made), end + 3


def _token(kind: str, piece: re.Match[str]) -> _Token:
    if kind == "single":
        return _Token("text", piece[kind].replace("''", "'"))
    if kind == "double":
        return _Token("text", _expanded(piece[kind], is_here=False))
    if kind == "bare":
        return _Token("bare", _expanded(piece[kind], is_here=True))
    return _Token(kind, piece[kind] if kind else piece[0])


def _expanded(text: str, *, is_here: bool) -> str:
    """As between double quotes: escapes, numbers of characters; a `Variable` where one is left."""
    if "`" not in text and "$" not in text and '""' not in text:
        return text
    coded = _code.sub(lambda found: chr(min(int(found[1], 0), 0x10FFFF)), text)
    is_unknown = bool(_variable.search(coded))
    made = clean_text(_escape.sub(lambda found: _meant(found, is_here=is_here), coded))
    return Variable(made) if is_unknown else made


def _meant(found: re.Match[str], *, is_here: bool) -> str:
    code = found[1]
    if code is None:
        return '""' if is_here else '"'
    if code[0] == "u" and len(code) > 1:
        return chr(min(int(code[2:-1], 16), 0x10FFFF))
    return _ESCAPES.get(code, code)


def _read(tokens: list[_Token], script: _Script) -> None:
    """Assignments of texts, pairs of hash tables, cookies of sessions, and words of commands."""
    words: list[str] = []
    # Of each brace that is open, whether it is that of a hash table.
    braces: list[bool] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        in_map = bool(braces) and braces[-1]
        behind = _next(tokens, at + 1)
        if token.kind in ("name", "text", "bare") and _is(tokens, behind, "="):
            value = _next(tokens, behind + 1)
            if value < len(tokens) and tokens[value].kind in ("text", "bare", "name"):
                given = _value(tokens[value], script)
                if token.kind == "name" and not in_map:
                    script.known[token.text.lower()] = given
                else:
                    script.pairs.append((token.text, given))
                at = value + 1
                words = words if in_map else []
                continue
        if token.kind == "bare" and token.text.lower().endswith("system.net.cookie"):
            script.cookies.append(_cookie(tokens, behind, script))
        if not in_map and (token.kind == "end" or _is(tokens, at, "{") or _is(tokens, at, "}")):
            script.commands += [words] if words else []
            words = []
        elif token.kind in ("text", "bare", "name") and not in_map:
            words.append(_value(token, script))
        if token.kind == "map" or _is(tokens, at, "{"):
            braces.append(token.kind == "map")
        elif braces and _is(tokens, at, "}"):
            braces.pop()
        at += 1
    script.commands += [words] if words else []


def _value(token: _Token, script: _Script) -> str:
    if token.kind != "name":
        return token.text
    return script.known.get(token.text.lower(), Variable(f"${token.text}"))


def _cookie(tokens: list[_Token], at: int, script: _Script) -> tuple[str, str, str]:
    given: list[str] = []
    end = at + _MOST_OF_COOKIE
    while at < min(len(tokens), end) and not _is(tokens, at, ")") and len(given) < 4:
        if tokens[at].kind in ("text", "name"):
            given.append(_value(tokens[at], script))
        at += 1
    if len(given) < 2:
        raise UnableToReadPasted("A cookie in this has no value: copy the command anew, whole.")
    name, value, _, domain = (*given, "", "")[:4]
    return name, value, domain


def _next(tokens: list[_Token], at: int) -> int:
    while at < len(tokens) and tokens[at].kind == "blank":
        at += 1
    return at


def _is(tokens: list[_Token], at: int, sign: str) -> bool:
    return at < len(tokens) and tokens[at].kind == "sign" and tokens[at].text == sign


def _name(words: list[str]) -> str:
    return words[0].lower() if words else ""


def _options(words: list[str]) -> dict[str, str]:
    """Each option with the word behind it; options may be cut where they stay unambiguous."""
    found: dict[str, str] = {}
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else ""
        if word.startswith("-") and len(word) > 1 and not isinstance(word, Variable):
            name = word[1:].rstrip(":").lower()
            full = next((one for one in ("uri", "method", "body") if one.startswith(name)), name)
            found.setdefault(full, following)
            if full == "body":
                # It may stand in brackets, as the bytes of a text.
                behind = words[at + 1 : at + 5]
                found["body"] = next((one for one in behind if _is_json(one)), following)
    return found


def _is_json(word: str) -> bool:
    return word.lstrip()[:1] in ("{", "[")


def _sending(commands: list[list[str]]) -> list[str]:
    """The first command that launches, else that sends; where functions of its own send, the first
    that has an address."""
    sends = [one for one in commands if _name(one) in _SENDS]
    calls = sends or [one for one in commands if _address(one)]
    launches = [one for one in calls if any("/schedule" in word for word in one)]
    return (launches or calls or [[]])[0]


def _address(words: list[str]) -> str:
    return next((word for word in words if word.startswith(("http://", "https://"))), "")
