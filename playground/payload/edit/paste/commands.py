"""Commands and code that send a request: which dialect a text is of, and its request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from playground.payload.edit.paste import cmd, programs, shell
from playground.payload.edit.paste.curl import read_curl
from playground.payload.edit.paste.found import Kind, Request, UnableToReadPasted
from playground.payload.edit.paste.http_message import (
    looks_like_fields,
    looks_like_http,
    read_fields,
    read_http,
)
from playground.payload.edit.paste.httpie import read_httpie
from playground.payload.edit.paste.powershell import looks_like_powershell, read_powershell
from playground.payload.edit.paste.shell import Command

_LOOKED_AT = 200_000
_SHELLS = (["bash"], ["sh"], ["zsh"])
_BEFORE = (
    r"(?:^|[\n;|&({])[ \t]*+(?:[$>#%❯][ \t]++|[A-Za-z]:\\[^>\n]{0,200}+>[ \t]*+)?+"
    r"(?:\w{1,60}+=\S{0,200}+[ \t]++){0,9}+(?:(?:sudo|time|command)[ \t]++)*+"
)
_curl_there = re.compile(_BEFORE + r"(?:[\w./~:\\-]*[/\\])?curl(?:\.exe)?[ \t\\^`]").search
_httpie_there = re.compile(
    _BEFORE + r"(?:https?|xhs?)[ \t]++(?:-|GET\b|POST\b|PUT\b|\S{1,200}[./])"
).search
_prompt = re.compile(r"\s*[$>#%❯][ \t]+").match
# fish alone knows an escape between single quotes; so our snippet for it begins.
_looks_like_fish = re.compile(r"\A\s*(?:#[^\n]*\n\s*)?printf %s '").match


def kind_of(text: str) -> Kind | None:
    """The dialect that a text is of, by how it looks; None for none."""
    head = text[:_LOOKED_AT]
    return next((kind for kind, looks, _ in _dialects(head) if looks(head)), None)


def read_request(text: str) -> tuple[Kind, Request] | None:
    """The request of a text, and its dialect; None where it is none. Raises
    `UnableToReadPasted`."""
    head = text[:_LOOKED_AT]
    for kind, looks, read in _dialects(head):
        if looks(head):
            return kind, read(text)
    return None


def _read_curl(text: str) -> Request:
    if cmd.looks_like_cmd(text):
        return read_curl(cmd.read_cmd(text))
    commands = _commands(text)
    given = _given_body(commands)
    try:
        request = read_curl(*_words_of(commands, ("curl",)))
    except UnableToReadPasted:
        if given is None:
            raise
        return given
    return given if given and request.body is None else request


def _given_body(commands: Iterable[Command]) -> Request | None:
    """In a longer script the body may be written down apart, and sent by a function."""
    bodies = [one.stdin for one in commands if (one.stdin or "").lstrip()[:1] in ("{", "[")]
    words = (word for one in commands for word in one.words)
    url = next((word for word in words if "/schedule" in word and "://" in word), "")
    return Request(url=url, method="POST", body=bodies[0]) if bodies and bodies[0] else None


def _read_httpie(text: str) -> Request:
    words, stdin = _words_of(_commands(text), ("http", "https", "xh", "xhs"))
    return read_httpie(words, stdin)


def _commands(text: str) -> list[Command]:
    begun = _prompt(text)
    bare = " " * begun.end() + text[begun.end() :] if begun else text
    commands = shell.read_commands(bare, is_fish=bool(_looks_like_fish(text)))
    # A script may be given to a shell as its input.
    scripts = [one.stdin for one in commands if one.stdin and one.words[:1] in _SHELLS]
    return [*commands, *(one for script in scripts[:1] for one in shell.read_commands(script))]


def _words_of(commands: Iterable[Command], names: tuple[str, ...]) -> tuple[list[str], str | None]:
    """The words behind the name of the command that launches, else of the first."""
    found: list[Command] = []
    for command in commands:
        words = [word for word in command.words if word not in ("sudo", "time", "command")]
        first = words[0].replace("\\", "/").rpartition("/")[2] if words else ""
        if first.removesuffix(".exe") in names:
            command.words = words[1:]
            found.append(command)
    if not found:
        raise UnableToReadPasted(f"There is no {names[0]} command in this.")
    launches = [one for one in found if any("/schedule" in word for word in one.words)]
    chosen = (launches or found)[0]
    return chosen.words, chosen.stdin


_Dialect = tuple[Kind, Callable[[str], object], Callable[[str], Request]]


def _dialects(head: str) -> tuple[_Dialect, ...]:
    """In the order in which they are looked for. A program names its own kind."""
    return (
        ("http", looks_like_http, read_http),
        ("request", looks_like_fields, read_fields),
        ("powershell", looks_like_powershell, read_powershell),
        ("curl", _curl_there, _read_curl),
        ("httpie", _httpie_there, _read_httpie),
        (programs.kind_of(head) or "code", programs.kind_of, programs.read_program),
    )
