"""The literal texts of a program, each as its language reads it. Nothing else of it is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playground.payload.edit.paste.found import MOST_PIECES, Variable
from playground.payload.edit.paste.strings import unescape

_COMMENTS = {
    "c": r"//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)",
    "hash": r"\#[^\n]*+",
    "lua": r"--(?!\[=*\[)[^\n]*+",
}
_DOUBLE = r'"(?P<double>(?:[^"\\]++|\\.)*+)"?'
# What is put in may hold texts of its own.
_DOUBLE_JOINED = r'"(?P<double>(?:[^"\\\#]++|\\.|\#\{[^{}\n]*+\}|\#)*+)"?'
_SINGLE = r"'(?P<single>(?:[^'\\]++|\\.)*+)'?"
# One letter, such as `'"'`, which opens no text.
_LETTER = r"'(?:[^'\\\n]|\\(?:u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.))'"
# Where a text ends with its line, whether it is closed or not.
_DOUBLE_LINE = r'"(?P<double>(?:[^"\\\n]++|\\.)*+)"?'
_SINGLE_LINE = r"'(?P<single>(?:[^'\\\n]++|\\.)*+)'?"
# A pattern, in which quotes open no text.
_PATTERN = r"(?<=[(=~,\s])(?:~r|s/(?:[^/\\\n]|\\.)*+)?/(?![\s*=])(?:[^/\\\n]|\\.)*+/"
_HERE = r"<<<?[-~]?(?P<here_quote>['\"]?)(?P<here_name>[A-Za-z_]\w*+)(?P=here_quote);?[^\n]*+\n"
_THREE = r'"""(?P<three>(?:[^"\\]++|\\.|"(?!""))*+)(?:"""|\Z)'
_THREE_SINGLE = r"'''(?P<three_single>(?:[^'\\]++|\\.|'(?!''))*+)(?:'''|\Z)"


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


_PYTHON = _language(
    r"^[^\S\n]*+(?:import|from)\s+\w[\w.]*|\b(?:requests|httpx|session|client|aiohttp)\.\w+\("
    r"|^\w+\s*=\s*(?:r?'''|r?\"\"\"|\{)|\burllib\.",
    _COMMENTS["hash"],
    r"(?<![\w'\"])(?P<prefix>[rRbBuUfF]{0,2})(?:"
    + "|".join((_THREE, _THREE_SINGLE, _DOUBLE_LINE, _SINGLE_LINE))
    + ")",
)
_JAVASCRIPT = _language(
    r"\bfetch\s*\(|\baxios\b|^import\s[^\n;]{0,200}\sfrom\s+['\"]|^[^\S\n]*+(?:const|let|var)\s+\w|\bXMLHttpRequest\b|\bdocument\.cookie\b"
    r"|\$\.ajax\b|\brequire\(",
    _COMMENTS["c"],
    r"String\.raw`(?P<raw_tick>[^`]*+)`?",
    r"`(?P<tick>(?:[^`\\]++|\\.)*+)`?",
    _DOUBLE_LINE,
    _SINGLE_LINE,
    variables=r"(?<!\\)\$\{",
)
_GO = _language(
    r"^[^\S\n]*+package\s+\w+|\bhttp\.NewRequest\b",
    _COMMENTS["c"],
    _LETTER,
    r"`(?P<raw_tick>[^`]*+)`?",
    _DOUBLE_LINE,
)
_JAVA = _language(
    r"^import java|\bpublic (?:static|class)\b|\bHttpRequest\.newBuilder\b|^[^\S\n]*+val \w+ =",
    _COMMENTS["c"],
    _LETTER,
    r'"""[ \t]*\n(?P<text_block>(?:[^"\\]++|\\.|"(?!""))*+)(?:"""|\Z)',
    # Of Kotlin, whose texts between three quotes have no escapes.
    r'"""(?P<raw_three>(?:[^"]++|"(?!""))*+)(?:"""|\Z)',
    _DOUBLE_LINE,
)
_SWIFT = _language(
    r"\bURLRequest\(|\bURLSession\b",
    _COMMENTS["c"],
    r'"""[ \t]*\n(?P<text_block>(?:[^"\\]++|\\.|"(?!""))*+)(?:"""|\Z)',
    _DOUBLE_LINE,
    variables=r"(?<!\\)\\\(",
)
_CSHARP = _language(
    r"^using [\w.]+;|\bnew HttpClient\b",
    _COMMENTS["c"],
    _LETTER,
    r'"{3}\n(?P<raw_block>(?:[^"]++|"(?!""))*+)(?:"""|\Z)',
    r'(?:@\$?|\$@)"(?P<verbatim>(?:[^"]++|"")*+)"?',
    _DOUBLE_LINE,
)
_RUST = _language(
    r"^[^\S\n]*+use \w+(?:::|;)|\bfn main\(",
    _COMMENTS["c"],
    _LETTER,
    r'r(?P<hashes>\#{0,50}+)"(?P<raw_hash>(?:[^"]++|"(?!(?P=hashes)))*+)(?:"(?P=hashes)|\Z)',
    _DOUBLE,
)
_PHP = _language(
    r"<\?php|\bcurl_(?:setopt|init)|^[^\S\n]*+\$\w+\s*=",
    _COMMENTS["c"],
    _COMMENTS["hash"],
    _HERE,
    _DOUBLE,
    _SINGLE,
    variables=r"(?<!\\)\$\w",
)
_RUBY = _language(
    r"^[^\S\n]*+require ['\"]|\bNet::HTTP\b|\bHTTParty\b|\bFaraday\b",
    _COMMENTS["hash"],
    _PATTERN,
    _HERE,
    r"%q\{(?P<raw_brace>[^{}]*+)\}?",
    _DOUBLE_JOINED,
    _SINGLE,
    variables=r"(?<!\\)\#\{",
)
_PERL = _language(
    r"^[^\S\n]*+use (?:strict|warnings)|\bHTTP::Tiny\b|\bLWP::|^[^\S\n]*+my \$\w+ =",
    _COMMENTS["hash"],
    _PATTERN,
    _HERE,
    r"q\{(?P<raw_brace>[^{}]*+)\}?",
    _DOUBLE,
    _SINGLE,
    variables=r"(?<!\\)[$@]\w",
)
_R = _language(
    r"^[^\S\n]*+library\(|\bhttr2?::|<-\s*r?[\"']",
    _COMMENTS["hash"],
    r"[rR]\"(?P<dashes>-{0,50}+)\("
    r"(?P<raw_round>(?:[^)]++|\)(?!(?P=dashes)\"))*+)(?:\)(?P=dashes)\"|\Z)",
    _DOUBLE,
    _SINGLE,
)
_ELIXIR = _language(
    r"\bdefmodule\b|(?<!\w):httpc\b|\bHTTPoison\b|\bReq\.post|~[Sc]\"|\bApplication\.ensure_all_started",
    _COMMENTS["hash"],
    _PATTERN,
    r'~S"""[ \t]*\n(?P<raw_sigil>(?:[^"]++|"(?!""))*+)(?:"""|\Z)',
    r'"""[ \t]*\n(?P<text_block>(?:[^"\\]++|\\.|"(?!""))*+)(?:"""|\Z)',
    r"~c" + _DOUBLE.replace("<double>", "<sigil>"),
    _DOUBLE_JOINED,
    _SINGLE_LINE,
    variables=r"(?<!\\)\#\{",
)
_LUA = _language(
    r"^[^\S\n]*+local \w+\s*=|\bltn12\b",
    _COMMENTS["lua"],
    r"\[(?P<level>={0,50}+)\["
    r"(?P<long>(?:[^\]]++|\](?!(?P=level)\]))*+)(?:\](?P=level)\]|\Z)",
    _DOUBLE_LINE,
    _SINGLE_LINE,
)
# The first that a text looks like.
_LANGUAGES = (
    _PERL, _PHP, _GO, _RUST, _SWIFT, _CSHARP, _JAVA, _ELIXIR, _LUA, _R, _RUBY, _JAVASCRIPT,
    _PYTHON,
)  # fmt: skip
_RAW = frozenset(("raw_tick", "raw_hash", "raw_brace", "raw_round", "raw_three"))
_INFORMATIVE = frozenset({"prefix", "here_quote", "here_name", "hashes", "dashes", "level"})
# Of a text this much tells its language.
_LOOKED_AT = 200_000
PYTHON, JAVASCRIPT = _PYTHON, _JAVASCRIPT


def language_of(text: str) -> Language | None:
    head = text[:_LOOKED_AT]
    return next((one for one in _LANGUAGES if one.looks.search(head)), None)


def literals_of(text: str, language: Language) -> Iterator[Literal]:
    """Each text of the program in its order. One that is not closed is passed over."""
    at, unclosed = 0, set[str]()
    for _ in range(MOST_PIECES):
        found = language.pieces.search(text, at)
        if not found:
            return
        at = max(found.end(), at + 1)
        parts = found.groupdict()
        if name := parts.get("here_name"):
            literal = None if name in unclosed else _heredoc(text, found, name)
            if literal is None:
                # None of its name is closed further on, either.
                unclosed.add(name)
            else:
                at = literal.end
                yield literal
            continue
        kinds = (kind for kind, part in parts.items() if part is not None)
        kind = next((one for one in kinds if one not in _INFORMATIVE), None)
        # What ends with its text is not closed.
        if kind and found.end(kind) < found.end():
            made = _decoded(kind, found[kind], language, parts.get("prefix") or "")
            yield Literal(found.start(), found.end(), made)


def _heredoc(text: str, found: re.Match[str], name: str) -> Literal | None:
    closing = re.compile(rf"^[ \t]*+{re.escape(name)}\b", re.MULTILINE).search(text, found.end())
    if not closing:
        return None
    body = text[found.end() : closing.start()].removesuffix("\n")
    return Literal(found.start(), closing.end(), body)


def _decoded(kind: str, part: str, language: Language, prefix: str = "") -> str:
    if kind == "verbatim":
        return part.replace('""', '"')
    if kind == "long":
        return part.removeprefix("\n")
    if kind in ("raw_block", "raw_sigil"):
        return part.rstrip(" \t").removesuffix("\n")
    if kind in _RAW or "r" in prefix.lower():
        return part
    escapes = language.escapes
    if kind == "single" and language in (_PHP, _PERL, _RUBY):
        escapes = _plain_escapes
    made = escapes(part)
    if made is None or ("f" in prefix.lower() and "{" in part):
        return Variable(part)
    if kind != "single" and language.variables and language.variables.search(part):
        return Variable(made)
    return made
