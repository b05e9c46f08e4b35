"""Commands and code that send a request: which dialect a text is of, and its request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from playground.payload.edit.paste import cmd, literals, programs, shell
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
from playground.payload.edit.paste.wget import read_wget

_LOOKED_AT = 200_000
_BEFORE_COMMAND = ("sudo", "time", "command", "!", "if", "then", "do", "while")
# Words before the command that another one runs.
_MOST_BEFORE = 40
_SHELLS = (["bash"], ["sh"], ["zsh"])
_BEFORE = (
    r"(?:^|[\n;|&({])[ \t]*+(?:[$>#%❯][ \t]++|[A-Za-z]:\\[^>\n]{0,200}+>[ \t]*+)?+"
    r"(?:\w{1,60}+=\S{0,200}+[ \t]++){0,9}+(?:(?:sudo|time|command)[ \t]++)*+"
)
# What runs another command.
_RUNNERS = (
    "docker",
    "podman",
    "kubectl",
    "ssh",
    "env",
    "watch",
    "timeout",
    "xargs",
    "nohup",
    "exec",
)
_curl_there = re.compile(
    rf"{_BEFORE}(?:(?:{'|'.join(_RUNNERS)})[ \t][^\n]{{0,300}}?[ \t/])?"
    r"(?:[\w./~:\\-]*[/\\])?curl(?:\.exe)?[ \t\\^`]"
).search
_wget_there = re.compile(_BEFORE + r"wget[ \t\\]").search
# PowerShell doubles the quote where shells end a text and begin another.
_curl_in_powershell = re.compile(r"\bcurl\.exe\b(?=[\s\S]*?(?:[^\s'=]''[^\s']|`\r?\n))").search
_goes_on_in_shell = re.compile(r"\\\r?\n").search
# Anywhere in a line of something else: a rule of make, a table of cron, a condition.
_curl_within = re.compile(
    r"(?<![\w/.-])(?:/[\w./-]*/)?curl(?:\.exe)?[ \t]+(?=-|https?://|['\"$\\])"
).search
_httpie_there = re.compile(
    _BEFORE + r"(?:https?|xhs?)[ \t]++(?:-|GET\b|POST\b|PUT\b|\S{1,200}[./])"
).search
_prompt = re.compile(r"\s*[$>#%❯][ \t]+").match
# fish alone knows an escape between single quotes; so our snippet for it begins.
_looks_like_fish = re.compile(r"\A\s*(?:#[^\n]*\n\s*)?printf %s '").match


def kind_of(text: str) -> Kind | None:
    """The dialect that a text is of, by how it looks; None for none."""
    head = text[:_LOOKED_AT]
    return next((_named(kind, head) for kind, looks, _ in _DIALECTS if looks(head)), None)


def read_request(text: str) -> tuple[Kind, Request] | None:
    """The request of a text, and its dialect; None where it is none. Raises
    `UnableToReadPasted`."""
    head = text[:_LOOKED_AT]
    for kind, looks, read in _DIALECTS:
        if looks(head):
            return _named(kind, head), read(text)
    return None


def _named(kind: Kind, head: str) -> Kind:
    """A program names its own kind."""
    return programs.kind_of(head) or kind if kind == "code" else kind


def is_curl_in_powershell(text: str) -> bool:
    """By how it doubles a quote, or goes on with a line."""
    head = text[:_LOOKED_AT]
    return bool(_curl_in_powershell(head)) and not _goes_on_in_shell(head)


def _read_curl(text: str) -> Request:
    if is_curl_in_powershell(text):
        return read_powershell(text)
    if cmd.looks_like_cmd(text):
        return read_curl(cmd.read_cmd(text))
    commands = _commands(text)
    given = _given_body(commands)
    within = _curl_within(text)
    if within and within.start() and not any(_is_of(one, ("curl",)) for one in commands):
        return _read_curl(text[within.start() :])
    try:
        request = read_curl(*_words_of(commands, ("curl",)))
    except UnableToReadPasted:
        if given is None:
            raise
        return given
    return given if given and request.body is None else request


def _read_curl_within(text: str) -> Request:
    found = _curl_within(text)
    return _read_curl(text[found.start() :] if found else text)


def _given_body(commands: Iterable[Command]) -> Request | None:
    """In a longer script the body may be written down apart, and sent by a function."""
    bodies = [one.stdin for one in commands if (one.stdin or "").lstrip()[:1] in ("{", "[")]
    words = (word for one in commands for word in one.words)
    url = next((word for word in words if "/schedule" in word and "://" in word), "")
    return Request(url=url, method="POST", body=bodies[0]) if bodies and bodies[0] else None


def _read_httpie(text: str) -> Request:
    words, stdin, _ = _words_of(_commands(text), ("http", "https", "xh", "xhs"))
    return read_httpie(words, stdin)


def _read_wget(text: str) -> Request:
    return read_wget(*_words_of(_commands(text), ("wget",)))


def _commands(text: str) -> list[Command]:
    begun = _prompt(text)
    bare = " " * begun.end() + text[begun.end() :] if begun else text
    commands = shell.read_commands(bare, is_fish=bool(_looks_like_fish(text)))
    # A script may be given to a shell as its input.
    scripts = [one.stdin for one in commands if one.stdin and one.words[:1] in _SHELLS]
    return [*commands, *(one for script in scripts[:1] for one in shell.read_commands(script))]


def _words_of(
    commands: Iterable[Command], names: tuple[str, ...]
) -> tuple[list[str], str | None, Mapping[str, str]]:
    """The words behind the name of the command that launches, else of the first; its input; and
    the files that were written."""
    found = [one for one in commands if _is_of(one, names)]
    if not found:
        raise UnableToReadPasted(f"There is no {names[0]} command in this.")
    launches = [one for one in found if any("/schedule" in word for word in one.words)]
    chosen = (launches or found)[0]
    return chosen.words[_place_of(chosen, names) :], chosen.stdin, chosen.files


def _is_of(command: Command, names: tuple[str, ...]) -> bool:
    return _place_of(command, names) > 0


def _place_of(command: Command, names: tuple[str, ...]) -> int:
    """Where the words behind the name of the program begin; 0 where it is another one."""
    words = command.words
    first = next((at for at, word in enumerate(words) if word not in _BEFORE_COMMAND), len(words))
    runs = first < len(words) and _program(words[first]) in _RUNNERS
    most = first + (_MOST_BEFORE if runs else 1)
    places = range(first, min(most, len(words)))
    return next((at + 1 for at in places if _program(words[at]) in names), 0)


def _program(word: str) -> str:
    return word.replace("\\", "/").rpartition("/")[2].removesuffix(".exe")


_Dialect = tuple[Kind, Callable[[str], object], Callable[[str], Request]]


# In the order in which they are looked for.
_DIALECTS: tuple[_Dialect, ...] = (
    ("http", looks_like_http, read_http),
    ("request", looks_like_fields, read_fields),
    ("powershell", looks_like_powershell, read_powershell),
    ("curl", _curl_there, _read_curl),
    ("httpie", _httpie_there, _read_httpie),
    ("request", _wget_there, _read_wget),
    ("code", literals.language_of, programs.read_program),
    ("curl", _curl_within, _read_curl_within),
)
