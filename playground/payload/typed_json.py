"""JSON that a person typed or pasted: what keeps it from being read, and what would vanish.

What is wrong is told by line, column and the character's name, with what to do about it. A byte
order mark before the text means nothing.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from playground.contract import collector, wire
from playground.payload.build.guesses import guess_value
from playground.payload.texts import clean_text, fold, shorten

_MARK = "\ufeff"
_MOST_TOLD = 5
# Characters of a text in which it is looked up where a key stands, which takes its time.
_MOST_LOCATED = 500_000
# Names of a key that is told: longer ones are cut.
_SHOWN_KEY = 60

_DOUBLE_QUOTES = "“”„‟″«»＂"
_SINGLE_QUOTES = "'‘’‚‛`´′‹›"
_DASHES = "‐‑‒–—―−"
_WIDE = {"｛": "{", "｝": "}", "［": "[", "］": "]", "：": ":", "，": ",", "、": ","}
_WORDS = {
    "true": "true", "false": "false", "null": "null", "none": "null", "nil": "null",
    "undefined": "null",
}  # fmt: skip
_NO_NUMBERS = ("nan", "infinity", "inf")

# Of a longer word the beginning is told.
_next_word = re.compile(r"[^\s\"'{}\[\]:,]{1,100}").match
_last_word = re.compile(r"[^\s\"'{}\[\]:,]+$").search
_is_numeric = re.compile(r"[+-]?[0-9_.,xXeE]*[0-9][0-9A-Fa-f_.+-]*n?").fullmatch
_long_digits = re.compile(r"[0-9]{300,}")
_half = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|\\u[dD][c-fC-F]")
_token = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|\n')


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonProblem:
    """Why a text is no JSON. `line` and `column` count from 1.

    What only `tells_sign` quotes nothing but that sign.
    """

    line: int
    column: int
    text: str
    tells_sign: bool = False

    @property
    def sentence(self) -> str:
        return f"Line {self.line:,}, column {self.column:,}: {self.text}"

    def about(self, label: str) -> str:
        """The sentence, of what has this name."""
        return f"{label}, line {self.line:,}, column {self.column:,}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedKey:
    """A key that one object has more than once: only its last value counts.

    `lines` are where it stands, `count` how often; of a long text the lines are not told.
    """

    name: str
    count: int
    lines: tuple[int, ...] = ()

    @property
    def sentence(self) -> str:
        told = [f"{line:,}" for line in dict.fromkeys(self.lines)][:_MOST_TOLD]
        where = f", in line {told[0]}" if told else ""
        if len(told) > 1:
            where = f", in lines {', '.join(told[:-1])} and {told[-1]}"
        times = "twice" if self.count == 2 else f"{self.count:,} times"
        name = shorten(self.name, _SHOWN_KEY)
        return f"“{name}” is there {times}{where}: only its last value is kept."


class UnableToReadJson(Exception):
    """The text is no JSON."""

    def __init__(self, problem: JsonProblem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


def read_typed(text: str) -> tuple[Any, tuple[RepeatedKey, ...]]:
    """The value, and the keys of which only the last value is in it. Raises `UnableToReadJson`,
    whatever the text is."""
    text = clean_text(text)
    head = len(text) - len(wire.without_mark(text))
    # Without what it begins with, but with its lines: places are told by them.
    text = text[:head].replace(_MARK, "") + text[head:]
    try:
        value = wire.parse_json(text)
    except wire.WireError as error:
        raise UnableToReadJson(find_problem(text) or _unknown(error)) from None
    return value, find_repeated(text, value)


def find_repeated(text: str, value: Any) -> tuple[RepeatedKey, ...]:
    """Keys that an object of this valid JSON has more than once, the first of them first.

    `value` is what was read of it.
    """
    if _has_all_keys(text, value):
        return ()
    found: list[RepeatedKey] = []

    def look(pairs: list[tuple[str, Any]]) -> None:
        if len(dict(pairs)) != len(pairs):
            counted = Counter(key for key, _ in pairs).items()
            found.extend(RepeatedKey(name=key, count=times) for key, times in counted if times > 1)

    try:
        with collector.put_off(len(text)):
            json.loads(text, object_pairs_hook=look, parse_int=_nothing, parse_float=_nothing)
    except (ValueError, RecursionError):
        return ()
    return tuple(_with_lines(text)) if found and len(text) < _MOST_LOCATED else tuple(found)


def _has_all_keys(text: str, value: Any) -> bool:
    """Whether it is plain that no key vanished: the value, written again, has as many colons.

    Each stands behind a key or in a text, and a key that vanished took its colon along. One that
    was typed as an escape would make up for it.
    """
    if "\\u003a" in text or "\\u003A" in text:
        return False
    try:
        return text.count(":") == msgspec.json.encode(value).count(b":")
    except (ValueError, RecursionError):
        return False


def tell_repeated(repeated: tuple[RepeatedKey, ...]) -> tuple[str, ...]:
    """A sentence for each of the first few."""
    told = tuple(each.sentence for each in repeated[:_MOST_TOLD])
    more = len(repeated) - len(told)
    if not more:
        return told
    rest = "1 more key is" if more == 1 else f"{more:,} more keys are"
    return (*told, f"{rest} there more than once.")


def find_problem(text: str) -> JsonProblem | None:
    """The first thing that is wrong; None when nothing is, as far as can be told."""
    text = text.removeprefix(_MARK)
    try:
        with collector.put_off(len(text)):
            json.loads(text, parse_int=_nothing, parse_float=_nothing, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        return _explain(text, error)
    except _NoNumber as error:
        found = re.search(rf"(?<![\w\"]){re.escape(str(error))}(?!\w)", text)
        return _at(text, found.start() if found else 0, _as_word(str(error)))
    except RecursionError:
        return _at(text, 0, "this is nested too deeply.")
    except ValueError:
        return None
    if long := _long_digits.search(text):
        what = f"a number of {len(long[0]):,} digits is too long: write it as a text."
        return _at(text, long.start(), what)
    half = _half.search(text)
    if half:
        what = f"{half[0][:6]} is half of a character: write both halves, or the character."
        return _at(text, half.start(), what)
    return None


class _NoNumber(Exception):
    pass


def _refuse(word: str) -> None:
    raise _NoNumber(word)


def _nothing(_digits: str) -> None:
    """The value does not matter, and long digits take long to read."""


def _unknown(error: wire.WireError) -> JsonProblem:
    return JsonProblem(line=1, column=1, text=f"this cannot be read as JSON: {error.problem}.")


def _at(text: str, place: int, what: str) -> JsonProblem:
    return JsonProblem(
        line=text.count("\n", 0, place) + 1,
        column=place - text.rfind("\n", 0, place),
        text=what,
        tells_sign=bool(text[place : place + 1]) and what == _as_character(text, place),
    )


def _explain(text: str, error: json.JSONDecodeError) -> JsonProblem:
    place = min(error.pos, len(text))
    # Python 3.13 names the comma itself.
    if error.msg.startswith("Illegal trailing comma"):
        return _at(text, place, _TRAILING)
    if error.msg.startswith(("Unterminated string", "Invalid control", "Invalid \\")):
        return _explain_text(text, place, error.msg)
    while place < len(text) and text[place] in " \t\r\n":
        place += 1
    if place == len(text):
        return _at(text, place, _as_end(text))
    before = len(text[:place].rstrip(" \t\r\n")) - 1
    previous = text[before] if before >= 0 else ""
    if text[place] in "]}" and previous == ",":
        return _at(text, before, _TRAILING)
    inner = _quote_in_text_before(text, place)
    if inner is not None:
        return _at(text, inner, _as_character(text, inner))
    return _at(text, place, _as_character(text, place) or _as_syntax(text, place, error.msg))


_TRAILING = "a comma stands before the closing bracket: remove it."


def _explain_text(text: str, place: int, message: str) -> JsonProblem:
    if message.startswith("Unterminated"):
        line_end = text.find("\n", place)
        stop = len(text) if line_end < 0 else line_end
        for at in range(place + 1, min(stop, place + 1_000)):
            if text[at] in _DOUBLE_QUOTES:
                return _at(text, at, _as_character(text, at))
        return _at(text, place, 'the text that begins here has no closing quote: add a ".')
    if message.startswith("Invalid control"):
        named = {"\n": "a line break (\\n)", "\r": "a line break (\\r)", "\t": "a tab (\\t)"}
        code = f"\\u{ord(text[place]):04x}"
        what = named.get(text[place], f"a control character ({code})")
        how = "write it as in the brackets" if text[place] in named else "delete it"
        return _at(text, place, f"there is {what} inside a text: {how}.")
    return _at(
        text, place, "a backslash stands before something that it cannot: write two (\\\\) for one."
    )


def _quote_in_text_before(text: str, place: int) -> int | None:
    """Where a text began straight and was to end with another quote: it ran on to the next one."""
    last = None
    for found in _token.finditer(text, max(0, place - 2_000), place):
        if found[0].startswith('"'):
            last = found
    if last is None:
        return None
    inner = next((at for at in range(last.start(), last.end()) if text[at] in "“”„"), None)
    # A text may hold such quotes; one that has a colon or a comma behind it was to end there.
    if inner is None or not re.match(r"\s*[:,\]}]", text[inner + 1 : inner + 20]):
        return None
    return inner


def _as_character(text: str, place: int) -> str:
    """What to do about a character that JSON never has outside of texts; empty for others."""
    char = text[place]
    name = unicodedata.name(char, f"U+{ord(char):04X}").lower()
    if text.startswith("```", place):
        return "``` marks a block of code: leave its line out."
    if char in _DOUBLE_QUOTES:
        count = sum(map(text.count, _DOUBLE_QUOTES))
        others = f" There are {count:,} of its kind here." if count > 1 else ""
        return f'{char} ({name}) is no quote of JSON: write the straight " instead.{others}'
    if char in _SINGLE_QUOTES:
        return f'{char} ({name}) is no quote of JSON: write the straight " instead.'
    if char in "()":
        return f"{char} is no bracket of JSON: an array stands between [ and ], an object in {{ }}."
    if char in _DASHES:
        return f"{char} ({name}) is no minus sign of JSON: write - instead."
    if char in _WIDE:
        return f"{char} ({name}) is not read as {_WIDE[char]}: write {_WIDE[char]} instead."
    if unicodedata.category(char) in ("Cf", "Cc") or char == "\N{REPLACEMENT CHARACTER}":
        return f"there is a character that cannot be seen ({name}): delete it."
    if char.isspace():
        return f"there is a blank of another kind ({name}): write an ordinary one."
    return ""


def _as_syntax(text: str, place: int, message: str) -> str:
    char, rest = text[place], text[place : place + 2]
    if number := _number_with_comma(text, place):
        return f"{number} is no number of JSON: write {guess_value(number, 'number')}."
    if wrapped := _as_wrapped(text, place):
        return wrapped
    if rest in ("//", "/*") or char == "#":
        return "JSON has no comments: remove this one."
    if char == ";" and not message.startswith("Extra data"):
        return "a comma is to stand here, not “;”."
    begun = _word_before(text, place)
    if begun and begun[-1] not in "}])" and _next_word(text, place):
        return _as_word(begun + _word_at(text, place))
    if message.startswith("Extra data"):
        return "the JSON is over here, and more comes after it: paste one value only."
    word = _word_at(text, place)
    if message.startswith("Expecting property name"):
        return f'keys stand between straight quotes: write "{shorten(word)}".' if word else _KEY
    if message.startswith("Expecting ':'"):
        return f"a colon is to stand here, between key and value, not “{shorten(char)}”."
    if message.startswith("Expecting ','"):
        return f"a comma or a closing bracket is to stand here, not “{shorten(char)}”."
    is_known = word.casefold() in (*_WORDS, *_NO_NUMBERS) or _is_numeric(fold(word))
    if not text[:place].strip() and not is_known:
        return f"JSON begins with {{ or [, and a text with a straight quote, not “{char}”."
    return _as_word(word) if word else f"a value is to stand here, not “{char}”."


_KEY = "a key between straight quotes is to stand here."


def _word_at(text: str, place: int) -> str:
    found = _next_word(text, place)
    return found[0] if found else ""


def _word_before(text: str, place: int) -> str:
    """What stands right before the place, such as the 0 of 007."""
    found = _last_word(text[max(0, place - _SHOWN_KEY) : place])
    return found[0] if found else ""


def _number_with_comma(text: str, place: int) -> str:
    """What was written as 0,5 or 1.000,5: the comma ended a number, and a digit is no key."""
    digits = re.compile(r"[0-9][0-9.]*(?=\s*[,}\]])").match(text, place)
    before = re.search(r"[0-9][0-9.]*,$", text[max(0, place - _SHOWN_KEY) : place])
    number = f"{before[0]}{digits[0]}" if digits and before else ""
    return number if guess_value(number, "number") else ""


def _as_wrapped(text: str, place: int) -> str:
    """What to do about quotes that are written as the text around the JSON has them."""
    if text.startswith(('\\"', "\\'"), place):
        return 'a backslash stands before this quote: the JSON stood in a text. Write " alone.'
    if text.startswith(("&quot;", "&#34;", "&#39;"), place):
        return 'this is a quote as HTML has it: write the straight " instead.'
    if text[max(0, place - 2) : place] == '""' and text[place].isalnum():
        return "two quotes stand where JSON has one, as in a table (CSV): write one."
    return ""


def _as_word(word: str) -> str:
    shown, small = shorten(word), word.casefold().rstrip("();")
    if small.lstrip("+-") in _NO_NUMBERS:
        return f"JSON has no {shown}: write null, or a number."
    if small in _WORDS:
        return f"{shown} is written {_WORDS[small]} in JSON."
    if unicodedata.normalize("NFKC", word) != word and _is_numeric(wide := fold(word)):
        return f"{shown} is no number of JSON: write {wide}."
    if _is_numeric(word):
        return (
            f"{shown} is no number of JSON: write digits, a point before decimals, no plus sign "
            "and no zero in front."
        )
    return f'texts stand between straight quotes: write "{shown}".'


def _as_end(text: str) -> str:
    if not text.strip():
        return "there is nothing here: paste JSON."
    depth = Counter(found[0] for found in _token.finditer(text))
    missing = depth["{"] + depth["["] - depth["}"] - depth["]"]
    if missing > 0:
        brackets = "bracket is" if missing == 1 else "brackets are"
        return f"it ends here, and {missing:,} {brackets} still open: copy it to its end."
    return "it ends here, where a value is to stand: copy it to its end."


def _with_lines(text: str) -> Iterator[RepeatedKey]:
    """The same of each object, with the lines that they stand in."""
    line, stack, previous = 1, list[dict[str, list[int]]](), ("", 1)
    found: list[tuple[str, list[int]]] = []
    for match in _token.finditer(text):
        part = match[0]
        if part == "\n":
            line += 1
        elif part in "{[":
            stack.append({})
        elif part in "}]":
            found += [(key, lines) for key, lines in stack.pop().items() if len(lines) > 1]
        elif part == ":":
            key = json.loads(previous[0])
            stack[-1].setdefault(key, []).append(previous[1])
        elif part != ",":
            previous = (part, line)
    for key, lines in sorted(found, key=lambda each: each[1]):
        yield RepeatedKey(name=key, count=len(lines), lines=tuple(lines))
