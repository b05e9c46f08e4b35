"""JSON as people and programs write it by hand → JSON, with a word about what was repaired.

The text is taken apart: what is JSON already stays as it is, and each piece between is looked at by
itself, alike pieces once. What cannot be repaired without guessing ends the repair, and is left as
it is for the sentence that names it.
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from playground.contract import wire
from playground.payload.edit.paste.strings import unescape
from playground.payload.texts import clean_text
from playground.payload.typed_json import (
    JsonProblem,
    RepeatedKey,
    UnableToReadJson,
    find_problem,
    find_repeated,
)
from playground.payload.words import counted, listed, noun

_MARK = "\ufeff"
_DOUBLE, _SINGLE = "“”„‟″«»＂", "'‘’‚‛`´′‹›"
# Blanks that are none of JSON's, and what cannot be seen.
_BLANK = r"[^\S \t\r\n]|[\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
# Words of Python and Ruby.
_WORDS = {"True": "true", "False": "false", "None": "null", "nil": "null"}

_STRING = r'"(?:[^"\\\x00-\x1f]++|\\.)*+"'
_NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![\w.$-])(?!\s*+(?::|=>))"
_COMMENT = r"//[^\r\n]*+|\#[^\r\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/"
_NO_VALUES = rf"(?:\s++|{_COMMENT})*+"
_END = r"(?=\s*+(?:[:,}\])]|//|/\*|\#|=>|\Z))"
_IN_DOUBLE = rf'(?:[^\\\x00-\x1f"{_DOUBLE}]++|\\.|["{_DOUBLE}](?!{_END}))*+["{_DOUBLE}]'
_IN_SINGLE = rf"(?:[^\\\x00-\x1f{_SINGLE}]++|\\.|[{_SINGLE}](?!{_END}))*+[{_SINGLE}]"
_NAME = r"[\w$][\w$-]*+"
# What is JSON as it stands. A comma that is one too many is not.
_SOUND = (
    rf"[{{}}\[\]: \t\r\n]++|{_STRING}|,[ \t\r\n]*+(?=[\"'\w{{])|{_NUMBER}"
    r"|(?:true|false|null)(?![\w$-])(?!\s*+(?::|=>))"
    rf"|,(?!{_NO_VALUES}[\]}}])"
)
_PIECE = (
    rf"{_NAME}(?:\s*+(?::|=>))?|[{_SINGLE}]{_IN_SINGLE}|[{_DOUBLE}]{_IN_DOUBLE}"
    rf"|,{_NO_VALUES}[\]}}]|{_COMMENT}|=>|(?:{_BLANK})++"
)
# Some of what is sound, and the piece behind it: none where more is sound, else all that is left.
_pieces = re.compile(rf"((?:{_SOUND}){{0,500}}+)((?={_SOUND})|{_PIECE}|.*+)", re.DOTALL)
_is_piece = re.compile(_PIECE, re.DOTALL).fullmatch
_comments = re.compile(_COMMENT).findall
_key = re.compile(rf"({_NAME})(\s*+)(?::|=>)").fullmatch
# Characters that are taken apart together: others wait no longer than that takes. What was cut at
# their end is left to the next ones, with so many pieces before it as may look that far ahead.
_AT_ONCE = 200_000
_LEFT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadJson:
    """`notices` tell what was repaired, `repeated` are keys that an object has more than once."""

    value: Any = field(repr=False)
    notices: tuple[str, ...] = ()
    repeated: tuple[RepeatedKey, ...] = ()


def read_almost(text: str) -> ReadJson:
    """The value of JSON, or of what is nearly JSON. Raises `UnableToReadJson`."""
    text, told = _without_mark(clean_text(text))
    try:
        value = wire.parse_json(text)
    except wire.WireError as error:
        return _read_repaired(text, told, error)
    return ReadJson(value=value, notices=told, repeated=find_repeated(text, value))


class Repaired(NamedTuple):
    """`notices` tell what was repaired. Whether the text is JSON now is another matter."""

    text: str
    notices: tuple[str, ...]


def repair(text: str) -> Repaired | None:
    """None where there is nothing that can be repaired."""
    bare, told = _without_mark(clean_text(text))
    walk = _Repair(bare)
    repaired = walk.run()
    return Repaired(repaired, (*told, *walk.notices())) if walk.counts else None


def _without_mark(text: str) -> tuple[str, tuple[str, ...]]:
    head = len(text) - len(wire.without_mark(text))
    if _MARK not in text[:head]:
        return text, ()
    # With the lines it begins with: places are told by them.
    bare = text[:head].replace(_MARK, "") + text[head:]
    return bare, ("A byte order mark before it was left out.",)


def _read_repaired(text: str, told: tuple[str, ...], error: wire.WireError) -> ReadJson:
    walk = _Repair(text)
    repaired = walk.run()
    if not walk.counts:
        raise UnableToReadJson(find_problem(text) or _unknown(error))
    try:
        value = wire.parse_json(repaired)
    except wire.WireError as again:
        problem = find_problem(repaired) or _unknown(again)
        raise UnableToReadJson(walk.in_original(problem, repaired)) from None
    return ReadJson(
        value=value,
        notices=(*told, *walk.notices()),
        repeated=find_repeated(repaired, value),
    )


def _unknown(error: wire.WireError) -> JsonProblem:
    return JsonProblem(line=1, column=1, text=f"this cannot be read as JSON: {error.problem}.")


@dataclass(slots=True)
class _Repair:
    """One walk through a text. `begins` are where its parts begin, in the result and in the text;
    none begins within a piece."""

    text: str
    counts: Counter[str] = field(default_factory=Counter)
    blanks: Counter[str] = field(default_factory=Counter)
    begins: list[tuple[int, int]] = field(default_factory=list)
    is_over: bool = False

    def run(self) -> str:
        out: list[str] = []
        size, end = 0, len(self.text)
        for begin, some in _slices(self.text):
            self.begins.append((size, begin))
            out.append(self._repair(some))
            size += len(out[-1])
            if self.is_over:
                end = begin + sum(len(sound) + len(piece) for sound, piece in some)
                break
        self.begins.append((size, end))
        return "".join([*out, self.text[end:]])

    def _repair(self, some: list[tuple[str, str]]) -> str:
        """They as they are to be. The repair `is_over` where one of them cannot be: that stays,
        and what is behind it is taken out of them."""
        times = Counter([piece for _, piece in some])
        made = {piece: _repaired(piece) for piece in times}
        if None in made.values():
            self.is_over = True
            stop = next(at for at, (_, piece) in enumerate(some) if made[piece] is None)
            del some[stop + 1 :]
            times = Counter([piece for _, piece in some[:stop]])
        for piece, count in times.items():
            self._count(piece, count)
        self.counts += Counter()
        texts = {piece: piece if text is None else text for piece, text in made.items()}
        return "".join([sound + texts[piece] for sound, piece in some])

    def _count(self, piece: str, count: int) -> None:
        first = piece[:1]
        if not first:
            return
        if first in "/#,":
            self.counts["comma"] += count * (first == ",")
            comments = len(_comments(piece))
            self.counts["comment"] += count * comments
        elif first in _SINGLE or first in _DOUBLE:
            self.counts[first] += count
        elif piece in _WORDS:
            self.counts[piece] += count
        elif piece == "=>":
            self.counts["arrow"] += count
        elif key := _key(piece):
            self.counts["key"] += count
            self.counts["arrow"] += count * piece.endswith("=>")
            self.blanks.update({sign: count for sign in key[2] if sign not in " \t\r\n"})
        else:
            self.counts["blank"] += count
            self.blanks.update({sign: count * times for sign, times in Counter(piece).items()})

    def in_original(self, problem: JsonProblem, repaired: str) -> JsonProblem:
        """The problem of the repaired text, at its place in the text as it was."""
        place = 0
        for _ in range(problem.line - 1):
            place = repaired.find("\n", place) + 1
        place += problem.column - 1
        at = max(bisect.bisect_right(self.begins, (place, len(self.text))) - 1, 0)
        size, there = self.begins[at]
        for found in _pieces.finditer(self.text, there):
            sound, piece = found.group(1, 2)
            made = _repaired(piece)
            size, there = size + len(sound), there + len(sound)
            if place < size or not piece:
                there += place - size
                break
            if made is None or place < size + len(made):
                there += min(place - size, len(piece) - 1)
                break
            size, there = size + len(made), there + len(piece)
        return replace(
            problem,
            line=self.text.count("\n", 0, there) + 1,
            column=there - self.text.rfind("\n", 0, there),
        )

    def notices(self) -> tuple[str, ...]:
        told = [_tell(what, self.counts[what]) for what in _TOLD if self.counts[what]]
        told += [
            f"{counted(count, 'text')} in {_name(char)}s {noun(count, 'was', 'were')} read as if "
            "in straight double quotes."
            for char, count in self.counts.items()
            if len(char) == 1
        ]
        told += [
            f"{counted(count, _name(char))} {noun(count, 'was', 'were')} read as "
            f"{noun(count, 'an ordinary blank', 'ordinary blanks')}."
            for char, count in self.blanks.items()
        ]
        words = [word for word in _WORDS if self.counts[word]]
        if words:
            meant = listed(list(dict.fromkeys(_WORDS[word] for word in words)))
            told.append(f"{listed(words)} {noun(len(words), 'was', 'were')} read as {meant}.")
        return tuple(told)


def _slices(text: str) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """All of the text, some of it at a time: where that begins, what of it is sound, and the
    piece behind that."""
    at, most = 0, _AT_ONCE
    while at < len(text):
        end = min(at + most, len(text))
        some: list[tuple[str, str]] = _pieces.findall(text, at, end)
        cut = 0
        if end < len(text):
            left = _LEFT
            while some and left:
                sound, piece = some.pop()
                cut += len(sound) + len(piece)
                left -= bool(sound.strip() or (piece.strip() and piece[0] not in "/#"))
            if not some:
                most *= 2
                continue
        yield at, some
        at = end - cut


def _repaired(piece: str) -> str | None:
    """What is to stand there; None for what cannot be repaired."""
    if not piece or not _is_piece(piece):
        return None if piece else ""
    first = piece[0]
    if first in ",/#":
        # Lines stay as many as they are: places are told by them.
        lines = "\n" * piece.count("\n")
        return lines + piece[-1] if first == "," else lines
    if first in _SINGLE or first in _DOUBLE:
        content = unescape(piece[1:-1])
        return None if content is None else encode_basestring(content)
    if piece == "=>":
        return ":"
    if key := _key(piece):
        return f'"{key[1]}"' + " " * len(key[2]) + ":"
    return " " if piece.isspace() or not piece.isprintable() else _WORDS.get(piece)


def _name(char: str) -> str:
    if char == "'":
        return "single quote"
    return unicodedata.name(char, f"U+{ord(char):04X}").lower()


_TOLD = {
    "comment": ("comment", "left out"),
    "comma": ("comma before a closing bracket", "left out"),
    "key": ("key without quotes", "read as if it had them"),
    "arrow": ("=>", "read as a colon"),
}
_SEVERAL = {
    "comment": ("comments", "left out"),
    "comma": ("commas before closing brackets", "left out"),
    "key": ("keys without quotes", "read as if they had them"),
    "arrow": ("=>", "read as colons"),
}


def _tell(what: str, count: int) -> str:
    noun_of, done = (_TOLD if count == 1 else _SEVERAL)[what]
    return f"{count:,} {noun_of} {noun(count, 'was', 'were')} {done}."
