"""What was probably meant by a text that cannot be read as the type that is wanted.

Nothing is sent on a guess: it is asked, and a person decides.
"""

from __future__ import annotations

import json
import re
from typing import Literal

from playground.payload.texts import fold

ParameterType = Literal["boolean", "integer", "number", "text", "list", "object", "any"]

_LONGEST = 200
_YES = {
    "yes",
    "y",
    "on",
    "1",
    "ja",
    "oui",
    "si",
    "sim",
    "wahr",
    "vrai",
    "verdadero",
    "t",
    "j",
    "da",
    "tak",
    "да",
    "✓",
}
_NO = {"no", "n", "off", "0", "nein", "non", "nao", "falsch", "faux", "falso", "f"}
_NOTHING = {"none", "nil", "nothing", "undefined", "n/a", "-"}
_AROUND = " \"'`€$£¥"
_QUOTES = "\"'“”‘’„«»"
_SEPARATORS = str.maketrans("٫٬", ".,")
# What stands before each value where people write lists, and between them in one line.
_bullet_at_start = re.compile(r"\A(?:[-*•‣◦·–—]|[0-9]{1,3}[.)])[ \t]+")
_bullet = _bullet_at_start.match
_between = re.compile("[,;\t，、；]")
# 1.234.567,5 and 1,234,567.5, with any sign between groups of three.
_grouped = re.compile(r"([+-]?[0-9]{1,3})((?:[ .,'_][0-9]{3})+)(?:([.,])([0-9]+))?").fullmatch
_comma = re.compile(r"([+-]?[0-9]*),([0-9]+)").fullmatch
_plain = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,3})?").fullmatch


def guess_value(text: str, kind: ParameterType) -> str:
    """How it is written; empty where nobody can tell."""
    if len(text) > _LONGEST:
        return ""
    bare = _with_digits(fold(text)).rstrip(",;").strip(_AROUND)
    if kind == "boolean":
        return _guess_boolean(bare)
    if kind in ("integer", "number"):
        guess = _guess_number(bare, is_whole=kind == "integer")
        # A number that is too large is what was meant.
        return "" if guess == text.strip() else guess
    return _guess_list(text) if kind == "list" else ""


def looks_like_json(text: str) -> bool:
    """Whether it begins like a list or an object, also in wide brackets, or with a comment that
    stands before one: a line of its own may as well be #sales or //cdn.example."""
    begin = fold(text[:20])
    if begin.startswith(("//", "/*", "#")):
        return bool(re.search(r"^\s*[\[{]", text, re.MULTILINE))
    return begin.startswith(("{", "["))


def read_lines(text: str) -> list[str] | None:
    """A list with one text a line. What is rather JSON, one line of several, or lines that carry
    bullets, quotes or commas of what they were copied from, is none."""
    lines = [line.strip(" \t\xa0\ufeff\u200b") for line in re.split("[\r\n]+", text) if fold(line)]
    if looks_like_json(text) or (len(lines) == 1 and _between.search(lines[0])):
        return None
    is_marked = all(map(_has_quotes, lines)) or (
        len(lines) > 1
        and (all(map(_bullet, lines)) or all(line.endswith((",", ";")) for line in lines[:-1]))
    )
    return None if is_marked else lines


def _with_digits(text: str) -> str:
    """Digits of any script as those of this one."""
    plain = text.translate(_SEPARATORS)
    return "".join(str(int(char)) if char.isdecimal() else char for char in plain)


def _guess_boolean(bare: str) -> str:
    if bare in _YES or bare == "true":
        return "true"
    if bare in _NO or bare == "false":
        return "false"
    return "null" if bare in _NOTHING or bare == "null" else ""


def _guess_number(bare: str, *, is_whole: bool) -> str:
    bare = bare.removesuffix("%").strip()
    grouped, comma = _grouped(bare), _comma(bare)
    if grouped and len(set(re.findall(r"[ .,'_]", grouped[2]))) == 1:
        sign = grouped[2][0]
        if sign in ".," and grouped[3] is None and grouped[2].count(sign) == 1:
            # 1,234 is a thousand here and one and a bit there.
            thousand, other = f"{grouped[1]}{grouped[2][1:]}", f"{grouped[1]}.{grouped[2][1:]}"
            if not is_whole:
                return f"{thousand} or {other}"
            if sign == "." and int(grouped[2][1:]) == 0:
                return f"{thousand} or {grouped[1]}"
        if grouped[3] == sign:
            return ""
        whole = grouped[1] + re.sub(r"[^0-9]", "", grouped[2])
        bare = whole if grouped[4] is None else f"{whole}.{grouped[4]}"
    elif comma:
        bare = f"{comma[1] or 0}.{comma[2]}"
    if not _plain(bare) or (is_whole and "." in bare.rstrip("0").rstrip(".")):
        return ""
    return bare.removeprefix("+").partition(".")[0] if is_whole else bare.removeprefix("+")


def _guess_list(text: str) -> str:
    """Values that stand in one line, or that carry signs of a list, as a list."""
    bare = text.strip()
    is_list = bare[:1] == "[" and bare[-1:] == "]" and not re.search(r"[\[\]{}]", bare[1:-1])
    if is_list:
        bare = bare[1:-1]
    elif looks_like_json(text):
        return ""
    lines = [line.strip() for line in re.split("[\r\n]+", bare) if line.strip()]
    if len(lines) > 1:
        if all(map(_bullet, lines)):
            lines = [_bullet_at_start.sub("", line) for line in lines]
        parts = [line.rstrip(" ,;") for line in lines]
    else:
        parts = _between.split(bare)
    found = [part.strip().strip(_QUOTES) for part in parts]
    return json.dumps([part for part in found if part], ensure_ascii=False)


def _has_quotes(line: str) -> bool:
    bare = line.rstrip(" ,;")
    return len(bare) > 1 and bare[0] in _QUOTES and bare[-1] in _QUOTES
