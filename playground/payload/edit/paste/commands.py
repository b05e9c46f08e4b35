"""Commands and code that send a request: which dialect a text is of, and its request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from playground.payload.edit.paste.curl import read_curl
from playground.payload.edit.paste.found import Kind, Request, UnableToReadPasted
from playground.payload.edit.paste.shell import Command, read_commands

_curl_there = re.compile(
    r"(?:^|[\n;|&({])[ \t]*+(?:[$>#%❯][ \t]++)?+(?:[\w.]++=\S*+[ \t]++)*+"
    r"(?:(?:sudo|time|command)[ \t]++)*+(?:[\w./~:\\-]*[/\\])?curl(?:\.exe)?[ \t\\^`]"
).search


def kind_of(text: str) -> Kind | None:
    """The dialect that a text is of, by how it looks; None for none."""
    head = text[:_LOOKED_AT]
    return next((kind for kind, looks, _ in _DIALECTS if looks(head)), None)


def read_request(text: str) -> tuple[Kind, Request] | None:
    """The request of a text, and its dialect; None where it is none. Raises
    `UnableToReadPasted`."""
    head = text[:_LOOKED_AT]
    for kind, looks, read in _DIALECTS:
        if looks(head):
            return kind, read(text)
    return None


def _read_shell(text: str) -> Request:
    begun = re.match(r"\s*[$>#%❯][ \t]+", text)
    bare = " " * begun.end() + text[begun.end() :] if begun else text
    return read_curl(*_words_of(read_commands(bare), "curl"))


def _words_of(commands: Iterable[Command], name: str) -> tuple[list[str], str | None]:
    """The words behind the name of the command that launches, else of the first."""
    found: list[Command] = []
    for command in commands:
        words = [word for word in command.words if word not in ("sudo", "time", "command")]
        first = words[0].replace("\\", "/").rpartition("/")[2] if words else ""
        if first.removesuffix(".exe") == name:
            command.words = words[1:]
            found.append(command)
    if not found:
        raise UnableToReadPasted(f"There is no {name} command in this.")
    launches = [one for one in found if any("/schedule" in word for word in one.words)]
    chosen = (launches or found)[0]
    return chosen.words, chosen.stdin


_LOOKED_AT = 200_000
_DIALECTS: tuple[tuple[Kind, Callable[[str], object], Callable[[str], Request]], ...] = (
    ("curl", _curl_there, _read_shell),
)
