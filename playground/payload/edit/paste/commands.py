"""Commands and code that send a request: which dialect a text is of, and its request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from playground.payload.edit.paste import cmd, programs, shell
from playground.payload.edit.paste.curl import read_curl
from playground.payload.edit.paste.found import Kind, Request, UnableToReadPasted
from playground.payload.edit.paste.http_message import looks_like_http, read_http
from playground.payload.edit.paste.httpie import read_httpie
from playground.payload.edit.paste.powershell import looks_like_powershell, read_powershell
from playground.payload.edit.paste.shell import Command

_LOOKED_AT = 200_000
_BEFORE = (
    r"(?:^|[\n;|&({])[ \t]*+(?:[$>#%❯][ \t]++|[A-Za-z]:\\[^>\n]*+>[ \t]*+)?+"
    r"(?:[\w.]++=\S*+[ \t]++)*+(?:(?:sudo|time|command)[ \t]++)*+"
)
_curl_there = re.compile(_BEFORE + r"(?:[\w./~:\\-]*[/\\])?curl(?:\.exe)?[ \t\\^`]").search
_httpie_there = re.compile(
    _BEFORE + r"(?:https?|xhs?)[ \t]++(?:-|GET\b|POST\b|PUT\b|\S+[./])"
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
    words, stdin = _words_of(_commands(text), ("curl",))
    return read_curl(words, stdin)


def _read_httpie(text: str) -> Request:
    words, stdin = _words_of(_commands(text), ("http", "https", "xh", "xhs"))
    return read_httpie(words, stdin)


def _commands(text: str) -> list[Command]:
    begun = _prompt(text)
    bare = " " * begun.end() + text[begun.end() :] if begun else text
    return shell.read_commands(bare, is_fish=bool(_looks_like_fish(text)))


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
        ("powershell", looks_like_powershell, read_powershell),
        ("curl", _curl_there, _read_curl),
        ("httpie", _httpie_there, _read_httpie),
        (programs.kind_of(head) or "code", programs.kind_of, programs.read_program),
    )
