r"""The words of a command as the command prompt of Windows, and then the program, read them.

Browsers have written three forms: `"…\"…"`, `"…^\^"…"` and `^"…^\^"…^"`; an older one doubles the
quotes. The prompt goes first: `^` keeps what follows, also a line end, from meaning anything. Then
the program: a backslash before a quote makes it a letter. Browsers double every backslash, though
the program would take two for two wherever no quote follows: what was copied is meant, not that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from playground.payload.edit.paste.found import (
    MOST_PIECES,
    TOO_MANY_PIECES,
    UnableToReadPasted,
    Variable,
)

_looks = re.compile(
    r"\^[ \t]*\r?\n|\^\\?\^?\"|%\^|curl\.exe|%[A-Za-z_]{3,60}%|^rem\b|\w\"\"|\"\"\w", re.MULTILINE
).search
_curls = re.compile(
    r"(?:^|[\n&|])[ \t]*(?:[A-Za-z]:\\[^>\n]{0,200}>[ \t]*)?"
    r"(?:[^\s\"]{0,200}\\)?curl(?:\.exe)?[ \t^]"
).finditer
_MOST_COMMANDS = 500
_LOOKED_AT = 200_000
_first_quote = re.compile(r"curl(?:\.exe)?[ \t^][^'\"]{0,5000}+(.)", re.DOTALL).search
_caret_before_line = re.compile(r"\^[ \t]*\r?\n[ \t]*")
_caret = re.compile(r"\^(\r?\n\r?\n|.)", re.DOTALL)
_in_plain = re.compile(r"(?<!%)\^(?=[A-Za-z0-9_ ])")
_variable = re.compile(r"%[A-Za-z_][A-Za-z0-9_]*%").search
# Of a word: what is in quotes, where `\"` and `""` are letters, and what is not.
_part = re.compile(
    r'"(?P<quoted>(?:[^"\\]++|\\+"?|"")*+)"|(?P<bare>(?:[^\s"\\]++|\\+"?)++)|(?P<blank>\s++)'
).match
# The same where quotes are doubled and a backslash is a letter.
_doubled_part = re.compile(
    r'"(?P<quoted>(?:[^"]++|"")*+)"|(?P<bare>[^\s"]++)|(?P<blank>\s++)'
).match
_escaped_quote = re.compile(r'(?<!\\)(?:\\\\)*+\\"').search
_slashes = re.compile(r'\\++"?')
_marks = re.compile(r'\\++"?|""')
_alone = re.compile(r'(?<!\\)(?:\\\\)*+\\(?![\\"])').search
_NOT_CLOSED = "a quote that opens here is not closed: copy the command anew, whole."


def looks_like_cmd(text: str) -> bool:
    """Whether a curl command is written for the prompt, which knows no single quotes."""
    head = text[:_LOOKED_AT]
    quote = _first_quote(head)
    is_shell = (quote and quote[1] == "'") or re.search(r"\\\r?\n", head)
    return bool(_looks(head)) and not is_shell


def read_cmd(text: str) -> list[str]:
    """The words of the first curl command. Raises `UnableToReadPasted`."""
    at = _begin(text)
    command = text[at:]
    is_escaped = bool(re.search(r'\^\\?\^?"|\^%', command))
    plain = _without_carets(command) if is_escaped else _caret_before_line.sub(" ", command)
    is_of_browser = "^" in command and not _alone(plain)
    if is_of_browser and '""' in plain and not _escaped_quote(plain):
        return _words(plain.replace("\\\\", "\\"), at, part=_doubled_part)
    return _words(_halved(plain) if is_of_browser else plain, at)


def _begin(text: str) -> int:
    """Behind the name of the command that launches, of those that were copied; else of the
    first."""
    begun = [found.end() - 1 for found in islice(_curls(text), _MOST_COMMANDS)]
    ends = [*begun[1:], len(text)]
    launches = (
        at for at, end in zip(begun, ends, strict=True) if text.find("/schedule", at, end) > 0
    )
    return next(launches, begun[0]) if begun else 0


def _halved(text: str) -> str:
    """Without the second of two backslashes, but where a quote follows: there the program does
    so."""
    return _slashes.sub(_half, text)


def _half(found: re.Match[str]) -> str:
    return found[0] if found[0].endswith('"') else "\\" * (len(found[0]) // 2)


def _without_carets(command: str) -> str:
    """What the prompt hands on. A caret that no browser would have written there is itself."""
    command = re.sub(r"\^[ \t]*\r?\n(?=[ \t]+-)", " ", command)
    return _caret.sub(lambda found: "\n" if found[1][0] in "\r\n" else found[1], command)


def _words(text: str, offset: int, part: Callable[..., re.Match[str] | None] = _part) -> list[str]:
    words: list[str] = []
    parts: list[str] | None = None
    at = 0
    while at < len(text):
        found = part(text, at)
        if not found or len(words) > MOST_PIECES:
            raise UnableToReadPasted(TOO_MANY_PIECES if found else _NOT_CLOSED, offset)
        if found["blank"] is not None:
            if parts is not None:
                words.append(_word(parts))
            parts = None
            # Behind the end of its line comes another command.
            if "\n" in found["blank"] and not text[found.end() :].lstrip().startswith("-"):
                break
        else:
            quoted = found["quoted"]
            parts = parts or []
            piece = found["bare"] if quoted is None else quoted
            parts.append(_unescaped(piece) if part is _part else piece.replace('""', '"'))
        at = found.end()
    return words if parts is None else [*words, _word(parts)]


def _word(parts: list[str]) -> str:
    text = "".join(parts)
    is_payload = text.lstrip()[:1] in ("{", "[")
    return Variable(text) if not is_payload and _variable(text) else text


def _unescaped(text: str) -> str:
    """As the program reads it: two backslashes before a quote are one, one makes it a letter."""
    return _marks.sub(_meant, text)


def _meant(found: re.Match[str]) -> str:
    if found[0] == '""':
        return '"'
    slashes = len(found[0].rstrip('"'))
    if not found[0].endswith('"'):
        return found[0]
    return "\\" * (slashes // 2) + '"'
