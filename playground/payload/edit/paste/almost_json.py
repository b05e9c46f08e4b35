"""JSON as people and programs write it by hand → JSON, with a word about what was repaired.

Whatever is JSON already is passed over in long pieces; only what is not is looked at. What cannot
be repaired without guessing is left as it is, for the sentence that names it.
"""

from __future__ import annotations

import bisect
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

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

_MARK, _NO_BREAK = "\ufeff", "\xa0"
_DOUBLE, _SINGLE = "“”„‟″«»", "'‘’‚‛`´′‹›"
# Blanks that are none of JSON's, and what cannot be seen.
_BLANK = r"[^\S \t\r\n]|[\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
_PYTHON = {"True": "true", "False": "false", "None": "null"}

_STRING = r'"(?:[^"\\\x00-\x1f]++|\\.)*+"'
_NUMBER = r"(?<![\w.$])-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![\w.$])(?!\s*+:)"
_END = r"(?=\s*+(?:[:,}\])]|//|/\*|#|\Z))"
# What is JSON as it stands. A comma that may be one too many is looked at.
_sound = re.compile(
    rf"(?:[{{}}\[\]: \t\r\n]++|{_STRING}|,(?![ \t\r\n]*+[\]}}/#])|{_NUMBER}"
    r"|(?:true|false|null)(?![\w$])(?!\s*+:))*+"
).match
# The same, and what is so nearly JSON that all of it is repaired at once: texts without an escape
# between other quotes, keys without quotes, words of Python, a comma before a bracket.
_TEXT = r"'[^'\"\\\x00-\x1f]*+'(?=\s*+[:,}\]])|[“„][^“”„‟\"\\\x00-\x1f]*+[”“](?=\s*+[:,}\]])"
_KEY = r"(?<![\w.$-])[A-Za-z_$][A-Za-z0-9_$]*+(?=[ \t\r\n]*+:)"
_nearly = re.compile(
    rf"(?:[{{}}\[\]: \t\r\n\xa0]++|{_STRING}|,(?![ \t\r\n\xa0]*+[/#])|{_NUMBER}"
    rf"|(?:true|false|null|True|False|None)(?![\w$-])(?!\s*+:)|{_TEXT}|{_KEY})*+"
).match
_texts = re.compile(rf"({_STRING}|{_TEXT})")
_single = re.compile(r"(?<![^\x00])'([^'\x00]*+)'(?![^\x00])")
_curly = re.compile(r"(?<![^\x00])[“„]([^“”„‟\x00]*+)[”“](?![^\x00])")
_keys = re.compile(rf"({_KEY})")
_last_comma = re.compile(r",([ \t\r\n]*+[\]}])")
_words = {word: re.compile(rf"\b{word}\b") for word in _PYTHON}

_comment = re.compile(r"//[^\r\n]*+|#[^\r\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/").match
_no_values = re.compile(
    r"(?:\s++|//[^\r\n]*+|#[^\r\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)*+", re.DOTALL
).match
_word = re.compile(r"[\w$][\w$-]*+").match
_before_colon = re.compile(r"\s*+:").match
_blanks = re.compile(rf"(?:{_BLANK})++").match
_in_double = re.compile(
    rf'(?:[^\\\x00-\x1f"{_DOUBLE}]++|\\.|["{_DOUBLE}](?!{_END}))*+(["{_DOUBLE}])', re.DOTALL
).match
_in_single = re.compile(
    rf"(?:[^\\\x00-\x1f{_SINGLE}]++|\\.|[{_SINGLE}](?!{_END}))*+([{_SINGLE}])", re.DOTALL
).match
# Places that are looked at one by one.
_MOST_PLACES = 200_000
# What is JSON for so long is taken as it is.
_LONG = 10_000
# Of a longer text, the place of what is wrong may be some columns off.
_MOST_PLACED = 1_000_000

# What is to stand there, and where that ends; None for what is left as it is.
_Step: TypeAlias = "tuple[str, int] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadJson:
    """`notices` tell what was repaired, `repeated` are keys that an object has more than once."""

    value: Any = field(repr=False)
    notices: tuple[str, ...] = ()
    repeated: tuple[RepeatedKey, ...] = ()


def read_almost(text: str) -> ReadJson:
    """The value of JSON, or of what is nearly JSON. Raises `UnableToReadJson`."""
    text = clean_text(text)
    head = len(text) - len(wire.without_mark(text))
    told = ("A byte order mark before it was left out.",) if _MARK in text[:head] else ()
    # With the lines it begins with: places are told by them.
    text = text[:head].replace(_MARK, "") + text[head:]
    try:
        value = wire.parse_json(text)
    except wire.WireError as error:
        return _read_repaired(text, told, error)
    return ReadJson(value=value, notices=told, repeated=find_repeated(text, value))


def _read_repaired(text: str, told: tuple[str, ...], error: wire.WireError) -> ReadJson:
    repair = _Repair(text)
    repaired = repair.run()
    if not repair.counts:
        raise UnableToReadJson(find_problem(text) or _unknown(error))
    try:
        value = wire.parse_json(repaired)
    except wire.WireError as again:
        if len(text) <= _MOST_PLACED:
            repair = _Repair(text, goes=_sound)
            repaired = repair.run()
        problem = find_problem(repaired) or _unknown(again)
        raise UnableToReadJson(repair.in_original(problem, repaired)) from None
    return ReadJson(
        value=value,
        notices=(*told, *repair.notices()),
        repeated=find_repeated(repaired, value),
    )


def _unknown(error: wire.WireError) -> JsonProblem:
    return JsonProblem(line=1, column=1, text=f"this cannot be read as JSON: {error.problem}.")


@dataclass(slots=True)
class _Repair:
    """One walk through a text. `begins` are where pieces begin, in the result and in the text."""

    text: str
    goes: Callable[..., re.Match[str] | None] = _nearly
    counts: Counter[str] = field(default_factory=Counter)
    blanks: Counter[str] = field(default_factory=Counter)
    begins: list[tuple[int, int]] = field(default_factory=list)

    def run(self) -> str:
        out: list[str] = []
        at, size, length = 0, 0, len(self.text)
        while at < length and len(out) < 2 * _MOST_PLACES:
            self.begins.append((size, at))
            found = _sound(self.text, at)
            if found and found.end() - at >= _LONG:
                step: _Step = (found[0], found.end())
            elif (found := self.goes(self.text, at)) and found.end() > at:
                piece = self.text[at : found.end()]
                step = (self._all_at_once(piece), found.end())
            else:
                step = self._looked_at(at)
            if step is None:
                break
            out.append(step[0])
            size, at = size + len(step[0]), step[1]
        self.begins.append((size, at))
        out.append(self.text[at:])
        return "".join(out)

    def _all_at_once(self, piece: str) -> str:
        if self.goes is _sound:
            return piece
        parts = _texts.split(piece)
        outside, texts = "\0".join(parts[::2]), "\0".join(parts[1::2])
        if _NO_BREAK in outside:
            self.counts["blank"] += 1
            self.blanks[_NO_BREAK] += outside.count(_NO_BREAK)
            outside = outside.replace(_NO_BREAK, " ")
        for what, pattern, written in (("key", _keys, r'"\1"'), ("comma", _last_comma, r"\1")):
            outside, count = pattern.subn(written, outside)
            self.counts[what] += count
        for word, pattern in _words.items():
            if word in outside:
                outside, count = pattern.subn(_PYTHON[word], outside)
                self.counts[word] += count
        for what, pattern in (("'", _single), ("“", _curly)):
            if what in texts or what == "“":
                texts, count = pattern.subn(r'"\1"', texts)
                self.counts[what] += count
        parts[::2] = outside.split("\0")
        parts[1::2] = texts.split("\0") if len(parts) > 1 else []
        self.counts += Counter()
        return "".join(parts)

    def _looked_at(self, at: int) -> _Step:
        char = self.text[at]
        if char in "/#":
            return self._comment(at)
        if char == ",":
            return self._comma(at)
        if char in _SINGLE or char in _DOUBLE:
            return self._quoted(at)
        return self._blank(at) or self._word(at)

    def _comment(self, at: int) -> _Step:
        found = _comment(self.text, at)
        if not found:
            return None
        self.counts["comment"] += 1
        # Lines stay as many as they are: places are told by them.
        return "\n" * found[0].count("\n"), found.end()

    def _comma(self, at: int) -> _Step:
        behind = _no_values(self.text, at + 1)
        end = behind.end() if behind else at + 1
        if self.text[end : end + 1] in ("]", "}"):
            self.counts["comma"] += 1
            return "", at + 1
        return ",", at + 1

    def _quoted(self, at: int) -> _Step:
        char = self.text[at]
        found = (_in_double if char in _DOUBLE else _in_single)(self.text, at + 1)
        content = unescape(self.text[at + 1 : found.start(1)]) if found else None
        if found is None or content is None:
            return None
        self.counts[char] += 1
        return json.dumps(content, ensure_ascii=False), found.end()

    def _word(self, at: int) -> _Step:
        found = _word(self.text, at)
        if not found:
            return None
        word, end = found[0], found.end()
        if _before_colon(self.text, end):
            self.counts["key"] += 1
            return json.dumps(word, ensure_ascii=False), end
        if word in _PYTHON:
            self.counts[word] += 1
            return _PYTHON[word], end
        return None

    def _blank(self, at: int) -> _Step:
        found = _blanks(self.text, at)
        if not found:
            return None
        self.counts["blank"] += 1
        self.blanks.update(found[0])
        return " ", found.end()

    def in_original(self, problem: JsonProblem, repaired: str) -> JsonProblem:
        """The problem of the repaired text, at its place in the text as it was."""
        place = 0
        for _ in range(problem.line - 1):
            place = repaired.find("\n", place) + 1
        place += problem.column - 1
        at = max(bisect.bisect_right(self.begins, (place, len(self.text))) - 1, 0)
        begin, original = self.begins[at]
        end = self.begins[at + 1][1] if at + 1 < len(self.begins) else len(self.text) + 1
        there = min(original + place - begin, max(end - 1, original))
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
        words = [word for word in _PYTHON if self.counts[word]]
        if words:
            meant = listed([_PYTHON[word] for word in words])
            told.append(f"{listed(words)} {noun(len(words), 'was', 'were')} read as {meant}.")
        return tuple(told)


def _name(char: str) -> str:
    if char == "'":
        return "single quote"
    return unicodedata.name(char, f"U+{ord(char):04X}").lower()


_TOLD = {
    "comment": ("comment", "left out"),
    "comma": ("comma before a closing bracket", "left out"),
    "key": ("key without quotes", "read as if it had them"),
}
_SEVERAL = {
    "comment": ("comments", "left out"),
    "comma": ("commas before closing brackets", "left out"),
    "key": ("keys without quotes", "read as if they had them"),
}


def _tell(what: str, count: int) -> str:
    noun_of, done = (_TOLD if count == 1 else _SEVERAL)[what]
    return f"{count:,} {noun_of} {noun(count, 'was', 'were')} {done}."
