"""Values that some language, shell or tool takes for something else, as a JSON text has them."""

from __future__ import annotations

import json

LONG = 100_000
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
    "100 kB": ("0123456789abcdef'\"\\$`" * LONG)[:LONG],
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
    keys = {text: 1 for name, text in TEXTS.items() if name != "100 kB"}
    meta = json.dumps(keys, ensure_ascii=False)
    return (
        f'{{"job_name": "It\'s $(x) `y` !! \\\\", "inputs": [{rows}], "meta": {meta}, "steps": []}}'
    )


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
