"""Values that some language, shell or tool takes for something else, as a JSON text has them."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal

LONGEST, LONG = "100 kB", 100_000
TEXTS = {
    "apostrophe": "O'Brien ''' it''s '",
    "double quote": 'say "hi" """ " \\" ""',
    "backslash": "a\\b \\\\ \\n \\u0041 C:\\new\\",
    "backtick": "`id` ``` `",
    "$( )": "$(id) $HOME ${HOME} ${x:-y} $((1+1)) $",
    "%VAR%": "%PATH% %% %1 %~dp0 100%",
    "!": "!! !echo wow! !PATH! !",
    "^": "^a ^^ ^",
    "& | < >": "a & b && c | d || e < f > g >> h <!-- -->",
    "parentheses": '( ) )" )-" )--" ()',
    "line feed": "one\ntwo\n\nthree\n",
    "CR LF": "one\r\ntwo\rthree\r",
    "tab": "a\tb\t",
    "blanks": "  two  at the ends  ",
    "emoji": "👩‍👩‍👧 🎉 é 漢",
    "right to left": "\u202eabc\u2066 שלום \u200f",
    "U+2028": "a\u2028b\u2029c\x85d",
    "byte order mark": "\ufeffa\ufeff",
    "typographic quotes": "‘a’ “b” ‚c‛ „d”",
    "NUL and controls": "\x00\x01\x07\x1b[2J\x7f",
    "PAYLOAD": "PAYLOAD",
    "PAYLOAD on a line": "x\nPAYLOAD\nREQUEST\nEOF\n",
    "'@": "'@\n'@ @' @\" \"@",
    "#{}": '#{1 + 1} #$x #@y "# "## "### ',
    "{{ }}": "{{ 1 + 1 }} {{$json.x}} {{{a}}} {% x %} }} ={{ 1 }}",
    "]]>": "]] ]=] ]==] ]]> [[ [=[ --[[ ]",
    "@file": "@payload.json",
    "starts with =": "=1+1",
    "a comment": "/* a */ // b # c -- d <# e #> ; f rem",
    "end of PHP": "?> <?php echo 1;",
    "empty": "",
    LONGEST: ("0123456789abcdef'\"\\$`" * LONG)[:LONG],
}
NUMBERS = {
    "20 digits": "12345678901234567890",
    "20 digits below zero": "-12345678901234567890",
    "2^53 + 1": "9007199254740993",
    "1.0": "1.0",
    "1e5": "1e5",
    "1E-7": "1E-7",
    "-0": "-0",
    "17 digits": "0.12345678901234567",
}
OTHERS = {"null": "null", "true": "true", "nothing": "{}", "no item": "[]"}
VALUES = {name: json.dumps(text, ensure_ascii=False) for name, text in TEXTS.items()}
VALUES |= NUMBERS | OTHERS


def payload(values: dict[str, str] = VALUES) -> str:
    """The text of a payload that has each of the values in a row of its own, and as keys."""
    rows = ", ".join(
        f'{{"label": {json.dumps(name)}, "value": {text}}}' for name, text in values.items()
    )
    keys = {text: 1 for name, text in TEXTS.items() if name != LONGEST}
    meta = json.dumps(keys, ensure_ascii=False)
    return (
        f'{{"job_name": "It\'s $(x) `y` !! \\\\", "inputs": [{rows}], "meta": {meta}, "steps": []}}'
    )


SHORT = {name: text for name, text in VALUES.items() if name != LONGEST}
# What one more column and what stands inside of others make of a CSV.
NESTED = '{"a": [1.0, "x,\\"y", 12345678901234567890, null], "b": {}}'
LATE = 'a column, of the "last" row only'
# As a server that writes ASCII has it, with half of a character, which no file can hold.
ESCAPED = r'"\ud83d\udc69\u00e9 \/ \\ud83d\n \udc69."'
_unescaped = re.compile("👩é / \\\\ud83d\n (?:\ufffd{1,3}|\\?)\\.")
ROWS = len(VALUES) + 2


def results(page: int) -> str:
    """Two pages of results: the texts, then all else."""
    named = list(VALUES.items())
    rows = [
        f'{{"label": {json.dumps(name)}, "value": {text}}}'
        for name, text in (named[: len(TEXTS)] if page == 1 else named[len(TEXTS) :])
    ]
    if page == 2:
        rows.append(f'{{"label": "escaped", "value": {ESCAPED}}}')
        rows.append(f'{{"label": "nested", {json.dumps(LATE)}: "late", "value": {NESTED}}}')
    paging = f'{{"previous": null, "next": null, "have_next_page": {json.dumps(page == 1)}}}'
    return f'{{"results": [{", ".join(rows)}], "paging": {paging}}}'


def failing_in_csv(text: str) -> list[str]:
    """The names of the rows of the results that a CSV does not have as they were."""
    head, *rows = list(csv.reader(io.StringIO(text, newline="")))
    if head != ["label", "value", LATE]:
        return [*VALUES, "the rest"]
    got = {row[0]: row[1:] for row in rows}
    wrong = [
        name
        for name, text in VALUES.items()
        if not _is_cell(got.get(name, ["missing", ""]), text, is_text=name in TEXTS)
    ]
    nested, late = got.get("nested", ["null", ""])
    is_same = len(rows) == ROWS and late == "late" and repr(read(nested)) == repr(read(NESTED))
    is_unescaped = _unescaped.fullmatch(got.get("escaped", [""])[0])
    return wrong if is_same and is_unescaped else [*wrong, "the rest"]


def _is_cell(cells: list[str], text: str, *, is_text: bool) -> bool:
    """Whole numbers have all their digits; others may be written in another way."""
    cell, late = cells
    if late:
        return False
    if is_text:
        return cell == json.loads(text)
    if text == "null":
        return cell == ""
    if text in NUMBERS.values():
        is_whole = text.lstrip("-").isdigit()
        return (Decimal(cell) == Decimal(text)) if is_whole else (float(cell) == float(text))
    return cell.replace(" ", "") == text


class Number(str):
    """A number as it was written."""

    __slots__ = ()


def read(text: str | bytes) -> object:
    """A JSON text, its numbers as they were written."""
    return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=Number)


def failing(received: bytes, sent: str) -> list[str]:
    """The names of what did not arrive as it was sent; `meta` for the keys, all of them if it was
    no payload at all."""
    expected = read(sent)
    try:
        got = read(received)
        rows = {row["label"]: row["value"] for row in got["inputs"]}
    except (ValueError, TypeError, KeyError):
        return [*(row["label"] for row in expected["inputs"]), "the rest"]
    wrong = [
        row["label"]
        for row in expected["inputs"]
        if repr(rows.get(row["label"], "missing")) != repr(row["value"])
    ]
    is_same = repr({**got, "inputs": 0}) == repr({**expected, "inputs": 0})
    return wrong if is_same else [*wrong, "the rest"]
