"""Text → the typed value that is sent. What is accepted, and what it becomes:

| type | default | `auto` text | becomes |
|---|---|---|---|
| boolean | `false` | `true`, `False`, `NULL` (any case, blanks around) | true, false, null |
| integer | `100` | `5`, ` 5 `, `+5`, `-5`, `007`, `５` | the number |
| integer | `100` | `5.0`, `1e3` | the same number as an integer: spreadsheets write it so |
| number | `0.5` | all of the above, `2.5`, `.5`, `5.`, `2e-3` | as written: `5`, `5.0` |
| text | `""` | anything | exactly that text |
| list, object | `[]`, `{}` | JSON of an array, of an object | that value |
| list | `[]` | texts, one a line | the list of them |
| any | `null` | JSON: number, true, false, null, array, object, quoted string | that value |
| any | `null` | anything else, also `007`, `+5` and `NaN` | exactly that text |

Refused for numbers: `NaN`, `Infinity`, `1e999` (JSON has none of them), `0x10`, `1_000` and
`1,000`, for an integer also `1.000` (read differently from place to place), digits other than 0–9
and their wide forms.
An integer must fit signed 64 bits. A `number` written as a longer integer becomes the nearest
float.

What cannot be read stays a string, so that it is seen in the payload, and what was probably meant
is asked (`guesses.py`).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, NamedTuple

from playground.contract import wire
from playground.payload.build.guesses import ParameterType as ParameterType
from playground.payload.build.guesses import guess_value, read_lines
from playground.payload.drafts import Entry
from playground.payload.texts import clean_text, shorten
from playground.payload.typed_json import find_problem

# How deep the JSON of one field may be nested. The upstream's own bound is not known; a person's
# data stays far below ours, and every program that reads the payload can follow it this far.
MOST_NESTING = 100
LEAST_INTEGER, MOST_INTEGER = -(2**63), 2**63 - 1

_TYPES: dict[type, ParameterType] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "text",
    list: "list",
    dict: "object",
}
EXPECTED: dict[ParameterType, str] = {
    "boolean": "true or false",
    "integer": "a whole number such as 100",
    "number": "a number such as 2.5",
    "text": "text",
    "list": 'a list, one value a line or such as ["a", "b"]',
    "object": 'an object such as {"key": "value"}',
    "any": "any value",
}
_LITERALS = {"true": True, "false": False, "null": None}
_WIDE_FORMS = {0xFF01 + at: 0x21 + at for at in range(94)}
_is_integer = re.compile(r"[+-]?[0-9]+").fullmatch
_is_perhaps_thousands = re.compile(r"[+-]?[1-9][0-9]{0,2}\.000").fullmatch
_is_decimal = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?").fullmatch
_strings = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_NO_BRACKETS = bytes(set(range(128)) - set(b"[]{}"))
_ALL_SQUARE = bytes.maketrans(b"{}", b"[]")
# Longer digits than this are no number that a person means; `Decimal` of them gets slow.
_MOST_DIGITS = 400


class Read(NamedTuple):
    """The value to send. `problem` says why a `json` entry is none; its text is sent then."""

    value: Any
    problem: str = ""


def parameter_type(default: Any) -> ParameterType:
    """The type of a parameter, from its default's JSON type (contract section 6)."""
    return _TYPES.get(type(default), "any")


def read_entry(entry: Entry, kind: ParameterType) -> Read:
    """The value of an entry that is not left out. Whether it fits is asked with `fits`."""
    if entry.kind == "null":
        return Read(None)
    text = clean_text(entry.text)
    if entry.kind == "text":
        return Read(text)
    return read_json(text) if entry.kind == "json" else Read(_read_auto(text, kind))


def read_json(text: str) -> Read:
    """JSON text → its value, or the text itself and the problem."""
    try:
        value = wire.parse_json(text)
    except wire.WireError as error:
        return Read(text, error.problem)
    if not is_shallow(text):
        return Read(text, "nested too deeply")
    return Read(value)


def explain_json(text: str, label: str) -> str:
    """What to change in a text that is to be JSON, as a sentence; empty when it can be read."""
    problem = find_problem(clean_text(text))
    return problem.about(label) if problem else ""


def is_shallow(text: str) -> bool:
    """Whether at most `MOST_NESTING` containers of a JSON text stand in one another."""
    if text.count("[") + text.count("{") <= MOST_NESTING:
        return True
    # What closes right behind its opening is taken out, level by level.
    bare = _strings.sub("", text).encode("ascii", "replace")
    brackets = bare.translate(_ALL_SQUARE, _NO_BRACKETS)
    for _ in range(MOST_NESTING):
        if not brackets:
            return True
        brackets = brackets.replace(b"[]", b"")
    return not brackets


def fits(value: Any, kind: ParameterType) -> bool:
    """Whether the API takes the value for a parameter of this type; null always stands."""
    if value is None or kind == "any":
        return True
    if type(value) is int:
        return kind in ("integer", "number") and LEAST_INTEGER <= value <= MOST_INTEGER
    return _TYPES.get(type(value)) == kind


def misfit_sentence(label: str, value: Any, kind: ParameterType) -> str:
    """What was expected instead of a value that does not fit."""
    expected = EXPECTED[kind]
    if kind in ("integer", "number") and _reads_as_huge(value):
        expected = f"a whole number from {_grouped(LEAST_INTEGER)} to {_grouped(MOST_INTEGER)}"
    shown = value if isinstance(value, str) else wire.encode(value).decode("utf-8", "replace")
    if isinstance(value, str) and _fits_as_number(value, kind):
        return f"{label}: expected {expected}, not the text “{shorten(shown)}”."
    guess = guess_value(value, kind) if isinstance(value, str) else ""
    meant = f" Did you mean {shorten(guess)}?" if guess else ""
    return f"{label}: expected {expected}, not “{shorten(shown)}”.{meant}"


def _fits_as_number(value: str, kind: ParameterType) -> bool:
    """Whether only its being a text is wrong with it."""
    is_number = kind in ("integer", "number")
    return is_number and _read_number(value.strip(), is_whole=kind == "integer") is not None


def _reads_as_huge(value: Any) -> bool:
    if isinstance(value, str):
        bare = value.strip()
        is_whole = len(bare) > _MOST_DIGITS or bool(_is_integer(bare))
        return is_whole and bare.lstrip("+-").isdigit() and not _fits_as_number(bare, "integer")
    return type(value) is int


def _grouped(number: int) -> str:
    return f"{number:,}".replace("-", "−")


def _read_auto(text: str, kind: ParameterType) -> Any:
    if kind == "text":
        return text
    if kind == "any":
        return read_json(text).value
    bare = text.strip()
    if kind == "boolean":
        return _LITERALS.get(bare.lower(), text)
    if kind in ("list", "object"):
        value = read_json(text).value
        if _TYPES.get(type(value)) == kind:
            return value
        return (read_lines(text) if kind == "list" else None) or text
    number = _read_number(bare, is_whole=kind == "integer")
    return text if number is None else number


def _read_number(bare: str, *, is_whole: bool) -> int | float | None:
    if not bare.isascii():
        bare = bare.translate(_WIDE_FORMS)
    if len(bare) > _MOST_DIGITS or not _is_decimal(bare):
        return None
    if is_whole and _is_perhaps_thousands(bare):
        return None
    exact = Decimal(bare)
    is_small = LEAST_INTEGER <= exact <= MOST_INTEGER
    if _is_integer(bare) and is_small:
        return int(bare)
    if is_whole:
        return int(exact) if is_small and exact == exact.to_integral_value() else None
    rounded = float(bare)
    return None if rounded in (float("inf"), float("-inf")) else rounded
