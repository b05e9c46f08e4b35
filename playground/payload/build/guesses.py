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
_YES = {"yes", "y", "on", "1", "ja", "oui", "si", "sim", "wahr", "vrai", "verdadero", "t"}
_NO = {"no", "n", "off", "0", "nein", "non", "nao", "falsch", "faux", "falso", "f"}
_NOTHING = {"none", "nil", "nothing", "undefined", "n/a", "-"}
_AROUND = " \"'`"
# 1.234.567,5 and 1,234,567.5, with any sign between groups of three.
_grouped = re.compile(r"([+-]?[0-9]{1,3})((?:[ .,'_][0-9]{3})+)(?:([.,])([0-9]+))?").fullmatch
_comma = re.compile(r"([+-]?[0-9]*),([0-9]+)").fullmatch
_plain = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,3})?").fullmatch


def guess_value(text: str, kind: ParameterType) -> str:
    """How it is written; empty where nobody can tell."""
    if len(text) > _LONGEST:
        return ""
    bare = _with_digits(fold(text)).strip(_AROUND)
    if kind == "boolean":
        return _guess_boolean(bare)
    if kind in ("integer", "number"):
        guess = _guess_number(bare, is_whole=kind == "integer")
        # A number that is too large is what was meant.
        return "" if guess == text.strip() else guess
    return _guess_list(text) if kind == "list" else ""


def looks_like_json(text: str) -> bool:
    """Whether it begins like a list or an object, also in wide brackets, or like a comment."""
    return fold(text[:20]).startswith(("{", "[", "//", "/*", "#"))


def _with_digits(text: str) -> str:
    """Digits of any script as those of this one."""
    return "".join(str(int(char)) if char.isdecimal() else char for char in text)


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
        if sign in ".," and grouped[3] is None and grouped[2].count(sign) == 1 and not is_whole:
            # 1,234 is a thousand here and one and a bit there.
            return f"{grouped[1]}{grouped[2][1:]} or {grouped[1]}.{grouped[2][1:]}"
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
    """Values that stand in one line, as a list."""
    if looks_like_json(text):
        return ""
    parts = [part.strip().strip("\"'“”‘’„") for part in re.split("[,;]", text)]
    return json.dumps([part for part in parts if part], ensure_ascii=False)
