r"""The words of commands as bash, zsh, sh and fish read them, and what their bodies come from.

Nothing is run: a variable or a command in its place makes its word a `Variable`, whose value
nobody knows here, unless the same text has set it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from playground.payload.edit.paste.found import (
    MOST_PIECES,
    TOO_MANY_PIECES,
    UnableToReadPasted,
    Variable,
)
from playground.payload.texts import clean_text

_piece = re.compile(
    r"""\$'(?P<escaped>(?:[^'\\]++|\\.)*+)'|'(?P<single>[^']*+)'
    |\$?"(?P<double>(?:[^"\\]++|\\.)*+)"|(?P<folded>\\[ \t]*+\r?\n(?:[ \t]*+\r?\n(?=[ \t]*-))*+)
    |\\(?P<literal>.)
    |(?P<end>\r?\n|;;?|&&|\|\|?|&(?!>)|[()])|(?P<blank>[ \t]++)
    |(?P<here><<-?(?!<))|(?P<words><<<)|(?P<into>[0-9]*+[<>][>&|]?|&>>?)
    |\$\{(?P<braced>[A-Za-z_][A-Za-z0-9_]*)(?::?[-?+=][^}]{0,200})?\}|\$(?P<named>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<unknown>\$\(|`|\$(?!['\"]))|(?P<comment>\#)|(?P<bare>[^\s'"\\$`;&|<>()\#]++)""",
    re.DOTALL | re.VERBOSE,
).match
# A command in its place that only prints: a here-document, or a file.
_document_begins = re.compile(
    r"(\"?)\$\(\s*cat\s*<<(-?)[ \t]*(['\"]?)(\w{1,60})\3[ \t]*\r?\n"
).match
_file_there = re.compile(r"(\"?)\$\(\s*(?:cat\s+|<\s*)([\w./-]{1,200})\s*\)\1").match
_in_fish = re.compile(r"'(?P<fish>(?:[^'\\]++|\\.)*+)'", re.DOTALL).match
_fish_escape = re.compile(r"\\(['\\])")
_VARIABLES = (
    r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::?[-?+=][^}]{0,200})?\}|\$([A-Za-z_][A-Za-z0-9_]*)|(\$\(|`)"
)
_in_double = re.compile(_VARIABLES + r"|\\([\"\\$`])|\\\r?\n").sub
# In a here-document a quote means nothing.
_in_here = re.compile(_VARIABLES + r"|\\([\\$`])|\\\n").sub
_assignment = re.compile(r"(?:(?:export|local|readonly|declare)\s+)?([A-Za-z_][A-Za-z0-9_]*)=")
_escape = re.compile(
    rb"\\(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|x([0-9a-fA-F]{1,2})|([0-7]{1,3})|c(.)|(.))",
    re.DOTALL,
)
_ESCAPES = {
    b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b", b"e": b"\x1b",
    b"E": b"\x1b", b"f": b"\f", b"v": b"\v", b"\\": b"\\", b"'": b"'", b'"': b'"', b"?": b"?",
}  # fmt: skip
_NOT_CLOSED = "a quote that opens here is not closed: copy the command anew, whole."
_MOST_WORDS = 100_000
_ECHO_OPTIONS = ("-n", "-e", "-E", "-ne", "-en")
_JQ_OPTIONS = frozenset({"-n", "--null-input", "-nc", "-cn", "-nr", "-rn"})


@dataclass(slots=True)
class Command:
    """The words of one command. `stdin` is what a here-document or a pipe gives it."""

    words: list[str] = field(default_factory=list)
    place: int = 0
    stdin: str | None = None
    sets: dict[str, str] = field(default_factory=dict)
    # The file that it writes, and what the commands before it have written into some.
    writes: str = ""
    files: dict[str, str] = field(default_factory=dict)


def read_commands(text: str, *, is_fish: bool = False) -> list[Command]:
    """Each command of a script, in its order. Raises `UnableToReadPasted`."""
    return list(_Script(text, is_fish=is_fish).commands())


@dataclass(slots=True)
class _Script:
    text: str
    is_fish: bool = False
    at: int = 0
    pieces: int = 0
    known: dict[str, str] = field(default_factory=dict)
    heres: list[tuple[Command, str, bool, bool]] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    unclosed: set[str] = field(default_factory=set)

    def commands(self) -> Iterator[Command]:
        before: Command | None = None
        is_piped = False
        while self.at < len(self.text):
            command, end = self._command()
            if is_piped and before and command.stdin is None:
                command.stdin = _printed(before)
            self._write_file(command)
            if command.words or command.sets:
                yield command
                before = command
            is_piped = end == "|" or (is_piped and not command.words)

    def _command(self) -> tuple[Command, str]:
        """The next one, and what ends it."""
        command, parts, end = Command(place=self.at, files=self.files), _Word(), ""
        while self.at < len(self.text):
            if (printed := self._printed_there()) is not None:
                parts.add(printed, is_quoted=True)
                continue
            piece = self._piece()
            self.pieces += 1
            if piece is None or self.pieces > MOST_PIECES:
                raise UnableToReadPasted(TOO_MANY_PIECES if piece else _NOT_CLOSED, self.at)
            kind, self.at = piece.lastgroup or "", piece.end()
            if kind == "end":
                end = piece[0]
                break
            if kind == "comment" and not parts.is_begun:
                self.at = _line_end(self.text, self.at)
            elif kind == "blank":
                self._end_word(command, parts)
            elif kind in ("here", "words", "into"):
                self._end_word(command, parts)
                self._redirect(command, kind, piece)
            elif kind != "folded":
                self._add(parts, kind, piece)
        self._end_word(command, parts)
        if self.heres and (end.endswith("\n") or self.at >= len(self.text)):
            self._read_heres()
        return command, end

    def _printed_there(self) -> str | None:
        """What `$(cat …)` stands for, which is passed over then."""
        if not self.text.startswith(("$(", '"$('), self.at):
            return None
        if (file := _file_there(self.text, self.at)) and file[2] in self.files:
            self.at = file.end()
            return self.files[file[2]].rstrip("\n")
        begin = _document_begins(self.text, self.at)
        if not begin or begin[4] in self.unclosed:
            return None
        ends = re.compile(rf"^[ \t]*{begin[4]}[ \t]*\s*\){begin[1]}", re.MULTILINE)
        end = ends.search(self.text, begin.end())
        if end is None:
            self.unclosed.add(begin[4])
            return None
        body = self.text[begin.end() : end.start()].replace("\r\n", "\n").rstrip("\n")
        self.at = end.end()
        if begin[2]:
            body = re.sub(r"^\t+", "", body, flags=re.MULTILINE)
        return body if begin[3] else self._expanded(body, _in_here)

    def _write_file(self, command: Command) -> None:
        if command.words[:1] == ["tee"]:
            command.writes = next((one for one in command.words[1:] if one[:1] != "-"), "")
        written = _printed(command) if command.writes else None
        if written is not None:
            self.files[command.writes] = written

    def _piece(self) -> re.Match[str] | None:
        if self.is_fish and self.text.startswith("'", self.at):
            return _in_fish(self.text, self.at)
        return _piece(self.text, self.at)

    def _end_word(self, command: Command, parts: _Word) -> None:
        if not parts.is_begun:
            return
        word, is_quoted_first = parts.take()
        set_now = None if command.words or is_quoted_first else _assignment.match(word)
        if set_now:
            value = word[set_now.end() :]
            made = Variable(value) if isinstance(word, Variable) else value
            command.sets[set_now[1]] = self.known[set_now[1]] = made
        elif len(command.words) < _MOST_WORDS:
            command.words.append(word)
            if command.words[0] in ("export", "local", "readonly"):
                command.words.clear()
            elif command.words[:1] == ["set"] and len(command.words) > 2:
                self._set_as_fish(command)

    def _set_as_fish(self, command: Command) -> None:
        name, value = command.words[-2:]
        if re.fullmatch(r"[A-Za-z_]\w*", name):
            self.known[name] = value

    def _add(self, parts: _Word, kind: str, piece: re.Match[str]) -> None:
        text = piece[kind]
        if kind == "fish":
            parts.add(_fish_escape.sub(r"\1", text), is_quoted=True)
        elif kind == "escaped":
            parts.add(unescape_bash(text, piece.start()), is_quoted=True)
        elif kind == "double":
            parts.add(self._expanded(text, _in_double), is_quoted=True)
        elif kind in ("braced", "named"):
            parts.add(self.known.get(text, Variable(f"${text}")))
        elif kind == "unknown":
            parts.add(Variable(text))
        else:
            parts.add(text, is_quoted=kind in ("single", "literal"))

    def _expanded(self, text: str, substitute: Callable[..., str]) -> str:
        if "\\" not in text and "$" not in text and "`" not in text:
            return text
        unknown = False

        def meant(found: re.Match[str]) -> str:
            nonlocal unknown
            if name := found[1] or found[2]:
                value = self.known.get(name)
                unknown = unknown or value is None or isinstance(value, Variable)
                return f"${name}" if value is None else value
            unknown = unknown or bool(found[3])
            return found[3] or found[4] or ""

        made = substitute(meant, text)
        return Variable(made) if unknown else made

    def _redirect(self, command: Command, kind: str, piece: re.Match[str]) -> None:
        word, is_quoted = self._next_word()
        if kind == "here":
            self.heres.append((command, word, is_quoted, piece[0].endswith("-")))
        elif kind == "words":
            command.stdin = word if isinstance(word, Variable) else f"{word}\n"
        elif piece[0] in (">", "1>", ">|"):
            command.writes = word
        elif piece[0] in ("<", "0<") and word in self.files:
            command.stdin = self.files[word]

    def _next_word(self) -> tuple[str, bool]:
        parts = _Word()
        while self.at < len(self.text):
            piece = self._piece()
            if piece is None:
                raise UnableToReadPasted(_NOT_CLOSED, self.at)
            kind = piece.lastgroup or ""
            if kind == "blank" and not parts.is_begun:
                self.at = piece.end()
                continue
            if kind in ("end", "blank", "here", "words", "into"):
                break
            self.at = piece.end()
            self._add(parts, kind, piece)
        is_quoted = parts.has_quoted
        return parts.take()[0], is_quoted

    def _read_heres(self) -> None:
        for command, delimiter, is_literal, strips_tabs in self.heres:
            begin = self.at
            end = begin
            tabs = r"\t*" if strips_tabs else ""
            closing = re.compile(rf"^{tabs}{re.escape(delimiter)}\r?$", re.MULTILINE)
            found = closing.search(self.text, begin)
            if not found:
                raise UnableToReadPasted(
                    f"the text that begins here has no end: a line {delimiter[:40]} is missing.",
                    begin,
                )
            end = found.start()
            body = self.text[begin:end].replace("\r\n", "\n")
            if strips_tabs:
                body = re.sub(r"^\t+", "", body, flags=re.MULTILINE)
            command.stdin = body if is_literal else self._expanded(body, _in_here)
            self.at = min(found.end() + 1, len(self.text))
        self.heres = []


@dataclass(slots=True)
class _Word:
    parts: list[str] = field(default_factory=list)
    is_begun: bool = False
    is_unknown: bool = False
    has_quoted: bool = False
    is_quoted_first: bool = False

    def add(self, part: str, *, is_quoted: bool = False) -> None:
        self.is_quoted_first = is_quoted if not self.is_begun else self.is_quoted_first
        self.is_begun = True
        self.is_unknown = self.is_unknown or isinstance(part, Variable)
        self.has_quoted = self.has_quoted or is_quoted
        self.parts.append(part)

    def take(self) -> tuple[str, bool]:
        """The word, and whether it begins with a quote; then it is empty."""
        text = "".join(self.parts)
        word, first = Variable(text) if self.is_unknown else text, self.is_quoted_first
        self.parts, self.is_begun, self.is_unknown = [], False, False
        self.has_quoted = self.is_quoted_first = False
        return word, first


def unescape_bash(text: str, place: int) -> str:
    """What stands between `$'` and `'`. Escapes of bytes are those of UTF-8."""
    if "\\" not in text:
        return text
    raw = _escape.sub(_as_bytes, text.encode("utf-8", "surrogatepass"))
    try:
        return clean_text(raw.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError:
        raise UnableToReadPasted(
            "an escape in the text that begins here stands for half of a character: copy the "
            "command anew, whole.",
            place,
        ) from None


def _as_bytes(found: re.Match[bytes]) -> bytes:
    code = found[1] or found[2]
    if code:
        number = int(code, 16)
        return chr(number).encode("utf-8", "surrogatepass") if number <= 0x10FFFF else found[0]
    if found[3]:
        return bytes([int(found[3], 16)])
    if found[4]:
        return bytes([int(found[4], 8) & 0xFF])
    if found[5]:
        return bytes([found[5][0] & 0x1F])
    return _ESCAPES.get(found[6], found[0])


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _printed(command: Command) -> str | None:
    """What a command prints that only prints what it is given."""
    name, words = command.words[0] if command.words else "", command.words[1:]
    if name in ("cat", "tee") and (not words or name == "tee"):
        return command.stdin
    if name == "cat" and len(words) == 1:
        return command.files.get(words[0])
    if name == "echo":
        return f"{' '.join(word for word in words if word not in _ECHO_OPTIONS)}\n"
    if name == "printf" and len(words) == 2 and words[0] in ("%s", "%s\\n"):
        return words[1]
    # What makes a value of nothing but its own text.
    if name == "jq" and _JQ_OPTIONS.intersection(words) and words[-1].lstrip()[:1] == "{":
        return words[-1]
    return None
