"""The literal texts of a program, each as its language reads it. Nothing else of it is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playground.payload.edit.paste.found import Variable
from playground.payload.edit.paste.strings import unescape

_COMMENTS = {
    "c": r"//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)",
    "hash": r"\#[^\n]*+",
    "lua": r"--(?!\[=*\[)[^\n]*+",
}
_DOUBLE = r'"(?P<double>(?:[^"\\]++|\\.)*+)"'
_SINGLE = r"'(?P<single>(?:[^'\\]++|\\.)*+)'"
_RAW_SINGLE = r"'(?P<raw_single>[^']*+)'"
_HERE = r"<<<?[-~]?(?P<here_quote>['\"]?)(?P<here_name>[A-Za-z_]\w*+)(?P=here_quote);?[^\n]*+\n"
_THREE = r'"""(?P<three>(?:[^"\\]++|\\.|"(?!""))*+)"""'
_THREE_SINGLE = r"'''(?P<three_single>(?:[^'\\]++|\\.|'(?!''))*+)'''"


@dataclass(frozen=True, slots=True)
class Language:
    """How a language writes comments and texts. `looks` is what only it has."""

    looks: re.Pattern[str]
    pieces: re.Pattern[str]
    escapes: Callable[[str], str | None] = unescape
    variables: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Literal:
    """A text of a program, and where it stands; a `Variable` where a part of it is not known."""

    begin: int
    end: int
    text: str


def _language(
    looks: str, *pieces: str, variables: str = "", escapes: Callable[[str], str | None] = unescape
) -> Language:
    flags = re.DOTALL | re.VERBOSE
    return Language(
        looks=re.compile(looks, re.MULTILINE),
        pieces=re.compile("|".join(f"(?:{piece})" for piece in pieces), flags),
        escapes=escapes,
        variables=re.compile(variables) if variables else None,
    )


def _plain_escapes(text: str) -> str | None:
    r"""Between single quotes some languages know only `\'` and `\\`."""
    return re.sub(r"\\([\\'])", r"\1", text)


_PREFIX = r"(?<![\w'\"])"
_PYTHON = _language(
    r"^\s*(?:import|from)\s+\w[\w.]*|\b(?:requests|httpx|session|client|aiohttp)\.\w+\("
    r"|^\w+\s*=\s*(?:r?'''|r?\"\"\"|\{)|\burllib\.",
    _COMMENTS["hash"],
    _PREFIX + r"(?:[rR][bB]?|[bB][rR])(?:'''(?P<r1>.*?)'''|\"\"\"(?P<r2>.*?)\"\"\""
    r"|'(?P<r3>(?:[^'\\\n]++|\\.)*+)'|\"(?P<r4>(?:[^\"\\\n]++|\\.)*+)\")",
    _PREFIX + r"[fF](?:'''(?P<f1>.*?)'''|\"\"\"(?P<f2>.*?)\"\"\""
    r"|'(?P<f3>(?:[^'\\\n]++|\\.)*+)'|\"(?P<f4>(?:[^\"\\\n]++|\\.)*+)\")",
    _THREE,
    _THREE_SINGLE,
    _DOUBLE,
    _SINGLE,
)
_JAVASCRIPT = _language(
    r"\bfetch\s*\(|\baxios\b|^\s*(?:const|let|var)\s+\w|\bXMLHttpRequest\b|\bdocument\.cookie\b"
    r"|\$\.ajax\b|\brequire\(",
    _COMMENTS["c"],
    r"String\.raw`(?P<raw_tick>[^`]*+)`",
    r"`(?P<tick>(?:[^`\\]++|\\.)*+)`",
    _DOUBLE,
    _SINGLE,
    variables=r"(?<!\\)\$\{",
)
_GO = _language(
    r"^\s*package\s+\w+|\bhttp\.NewRequest\b",
    _COMMENTS["c"],
    r"`(?P<raw_tick>[^`]*+)`",
    _DOUBLE,
)
_JAVA = _language(
    r"^import java|\bpublic (?:static|class)\b|\bHttpRequest\.newBuilder\b|^\s*val \w+ =",
    _COMMENTS["c"],
    r'"""[ \t]*\n(?P<text_block>(?:[^"\\]++|\\.|"(?!""))*+)"""',
    _DOUBLE,
)
_CSHARP = _language(
    r"^using [\w.]+;|\bnew HttpClient\b",
    _COMMENTS["c"],
    r'"{3}\n(?P<raw_block>.*?)\n[ \t]*"{3}',
    r'(?:@\$?|\$@)"(?P<verbatim>(?:[^"]++|"")*+)"',
    _DOUBLE,
)
_RUST = _language(
    r"^\s*use \w+(?:::|;)|\bfn main\(",
    _COMMENTS["c"],
    r'r(?P<hashes>\#*+)"(?P<raw_hash>.*?)"(?P=hashes)(?!\#)',
    _DOUBLE,
)
_PHP = _language(
    r"<\?php|\bcurl_(?:setopt|init)|^\s*\$\w+\s*=",
    _COMMENTS["c"],
    _COMMENTS["hash"],
    _HERE,
    _DOUBLE,
    _SINGLE,
    variables=r"(?<!\\)\$\w",
)
_RUBY = _language(
    r"^\s*require ['\"]|\bNet::HTTP\b|\bHTTParty\b|\bFaraday\b",
    _COMMENTS["hash"],
    _HERE,
    r"%q\{(?P<raw_brace>[^{}]*+)\}",
    _DOUBLE,
    _SINGLE,
    variables=r"(?<!\\)\#\{",
)
_PERL = _language(
    r"^\s*use (?:strict|warnings)|\bHTTP::Tiny\b|\bLWP::|^\s*my \$\w+ =",
    _COMMENTS["hash"],
    _HERE,
    r"q\{(?P<raw_brace>[^{}]*+)\}",
    _DOUBLE,
    _SINGLE,
    variables=r"(?<!\\)[$@]\w",
)
_R = _language(
    r"^\s*library\(|\bhttr2?::|<-\s*r?[\"']",
    _COMMENTS["hash"],
    r"[rR]\"(?P<dashes>-*+)\((?P<raw_round>.*?)\)(?P=dashes)\"",
    _DOUBLE,
    _SINGLE,
)
_ELIXIR = _language(
    r"\bdefmodule\b|\b:httpc\b|\bHTTPoison\b|\bReq\.post|~[Sc]\"|\bApplication\.ensure_all_started",
    _COMMENTS["hash"],
    r'~S"""[ \t]*\n(?P<raw_sigil>.*?)\n[ \t]*"""',
    r'"""[ \t]*\n(?P<text_block>(?:[^"\\]++|\\.|"(?!""))*+)"""',
    r"~c" + _DOUBLE.replace("<double>", "<sigil>"),
    _DOUBLE,
    variables=r"(?<!\\)\#\{",
)
_LUA = _language(
    r"^\s*local \w+\s*=|\bltn12\b",
    _COMMENTS["lua"],
    r"\[(?P<level>=*+)\[(?P<long>.*?)\](?P=level)\]",
    _DOUBLE,
    _SINGLE,
)
# The first that a text looks like.
_LANGUAGES = (
    _PHP, _GO, _PERL, _RUST, _CSHARP, _JAVA, _ELIXIR, _LUA, _R, _RUBY, _JAVASCRIPT, _PYTHON,
)  # fmt: skip
_RAW_KINDS = ("tick", "block", "hash", "brace", "round", "sigil")
_RAW = frozenset(("r1", "r2", "r3", "r4", *(f"raw_{of}" for of in _RAW_KINDS)))
_INFORMATIVE = frozenset({"here_quote", "here_name", "hashes", "dashes", "level"})
# Looked for once: where a text is not closed, no other of its kind is either.
_UNCLOSED = 50
PYTHON, JAVASCRIPT = _PYTHON, _JAVASCRIPT


def language_of(text: str) -> Language | None:
    return next((one for one in _LANGUAGES if one.looks.search(text)), None)


def literals_of(text: str, language: Language) -> Iterator[Literal]:
    """Each text of the program in its order. One that is not closed is passed over."""
    at = 0
    while found := language.pieces.search(text, at):
        at = max(found.end(), at + 1)
        if name := found.groupdict().get("here_name"):
            literal = _heredoc(text, found, name)
            if literal:
                at = literal.end
                yield literal
            continue
        kind = next(
            (
                kind
                for kind, part in found.groupdict().items()
                if part is not None and kind not in _INFORMATIVE
            ),
            None,
        )
        if kind:
            made = _decoded(kind, found[kind], language)
            yield Literal(found.start(), found.end(), made)


def _heredoc(text: str, found: re.Match[str], name: str) -> Literal | None:
    closing = re.compile(rf"^[ \t]*{re.escape(name)}\b", re.MULTILINE).search(text, found.end())
    if not closing:
        return None
    body = text[found.end() : closing.start()].removesuffix("\n")
    return Literal(found.start(), closing.end(), body)


def _decoded(kind: str, part: str, language: Language) -> str:
    if kind == "verbatim":
        return part.replace('""', '"')
    if kind == "long":
        return part.removeprefix("\n")
    if kind in _RAW:
        return part
    escapes = language.escapes
    if kind == "single" and language in (_PHP, _PERL, _RUBY):
        escapes = _plain_escapes
    made = escapes(part)
    if made is None or (kind[0] == "f" and "{" in part):
        return Variable(part)
    if kind != "single" and language.variables and language.variables.search(part):
        return Variable(made)
    return made
