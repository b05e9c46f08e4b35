"""Cookies out of whatever a person can paste: a browser's export, a header, lines.

Reading never raises. Names are matched to the known ones without regard to case, since people
type them; nothing that was pasted is ever quoted in a sentence.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from playground.contract.accounts import MOST_COOKIES
from playground.credentials.commands import (
    Found,
    UnableToReadCommand,
    read_command,
    read_document,
    read_har,
)
from playground.credentials.kinds import Needs
from playground.payload.edit.paste import wrapping
from playground.payload.typed_json import JsonProblem, UnableToReadJson, read_typed

LONGEST_PASTE = 500_000
LONGEST_NAME = 200
# Without quotes or brackets around it, a longer "name" is rather a piece of a secret.
_LONGEST_BARE_NAME = 64
_DEEPEST = 4
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105
_is_token = re.compile(_TOKEN).fullmatch
# The blanks behind a value are cut off later: a pattern takes quadratic time to find them.
_pair = re.compile(rf"\s*({_TOKEN})\s*([=:])(.*)", re.DOTALL).fullmatch
_piece_of_value = re.compile(r"[A-Za-z0-9_+/.~%-]{4,}={0,2}").fullmatch
# What a header's semicolon leaves of a quote as a page's source has it.
_is_half_entity = re.compile(r"&(?:quot|#34|#39|#x22|#x27|apos)", re.IGNORECASE).fullmatch
_header = re.compile(r"\s*(set-)?cookie\s*:\s*", re.IGNORECASE).match
_domain = re.compile(r"\s*domain\s*=\s*(.*)", re.IGNORECASE).match

_NAME_KEYS, _VALUE_KEYS = ("name", "name raw"), ("value", "content raw")
_DOMAIN_KEYS = ("domain", "host", "host raw", "url")


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedCookie:
    """One cookie as it stood there; `domain` is empty when the text does not tell it."""

    name: str
    value: str = field(repr=False)
    domain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """The cookies that fit the integration, by name, and how many others there were.

    `elsewhere` names those that the export has for another site only. `problem` says why
    nothing could be read.
    """

    values: dict[str, str] = field(default_factory=dict, repr=False)
    others: int = 0
    elsewhere: tuple[str, ...] = ()
    problem: str = ""


def read_pasted(text: str, needs: Needs, integration: str) -> Pasted:
    """Pick the integration's cookies out of a pasted text. A blank text holds none."""
    if not text.strip():
        return Pasted()
    if len(text) > LONGEST_PASTE:
        return Pasted(problem=f"More than {LONGEST_PASTE:,} characters: paste only this site's.")
    try:
        found = tuple(_read(text, {name.casefold() for name in needs.cookie_names}))
    except UnableToReadJson as error:
        return Pasted(problem=_problem_of_json(error.problem))
    except (UnableToReadCommand, _NotExact) as error:
        return Pasted(problem=str(error))
    if not found:
        return Pasted(
            problem="No cookie was found in this. Paste an export (JSON or cookies.txt), a "
            "Cookie header, a request copied as cURL or lines of name=value."
        )
    picked = _pick(found, needs, integration)
    if not picked.values:
        names = ", ".join(needs.cookie_names) or "cookies with a value"
        return Pasted(others=len(found), problem=f"What is wanted is not in this: {names}.")
    if quoted := _quoted(picked, needs):
        return Pasted(problem=f"{quoted} stands between quotes, which no {quoted} has: leave them.")
    if damaged := _damaged(picked, needs):
        return Pasted(
            problem=f"{damaged} has quotes or backslashes of what it was copied from: copy it "
            "anew, whole."
        )
    if len(picked.values) > MOST_COOKIES:
        return Pasted(problem=f"More than {MOST_COOKIES} cookies: paste only this site's.")
    return picked


class _NotExact(Exception):
    """Nobody knows what is meant: two values under one name, or half of one."""


def _problem_of_json(problem: JsonProblem) -> str:
    """Without a word of what was pasted, except for a sign that JSON never has."""
    if problem.tells_sign:
        return f"This is no JSON yet. {problem.sentence}"
    return (
        f"This begins like JSON but is not: line {problem.line:,}, column {problem.column:,} is "
        "where it ends to be. Copy the whole export, from its first bracket to its last."
    )


def _read(text: str, known: set[str]) -> Iterator[PastedCookie]:
    """Raises `UnableToReadJson` for what begins like JSON and is not, `UnableToReadCommand` and
    `_NotExact` for what cannot be read exactly."""
    text = text.lstrip("\ufeff \t\r\n")
    if text.startswith(("{", "[", "｛", "［")):
        yield from _from_export(text, known)
        return
    text = wrapping.without_surroundings(text).lstrip("\ufeff \t\r\n")
    if text.startswith(("{", "[")):
        yield from _from_export(text, known)
        return
    command = read_command(text, known)
    if command is not None:
        yield from _from_command(command, known)
        return
    lines = re.split(r"[\r\n]+", text)
    # Beside a Cookie header the others are headers, too, and hold no cookies.
    headers = [line for line in lines if _header(line)]
    for line, following in itertools.pairwise(lines):
        if _is_wanted_last(line, known) and _is_rest_of_value(following):
            raise _NotExact("A value is broken over two lines: join them, or copy it anew, whole.")
    for line in headers or lines:
        if cells := _cells(line):
            yield from _from_table(line, cells)
        elif not line.startswith("# "):
            yield from _from_header(line, known)


def _from_export(text: str, known: set[str]) -> Iterator[PastedCookie]:
    value, repeated = read_typed(text)
    if repeated:
        where = f" (line {repeated[0].lines[0]:,})" if repeated[0].lines else ""
        raise _NotExact(
            f"One name is there twice{where}, and nobody can tell which value is meant: leave only "
            "the right one."
        )
    requests = read_har(value)
    if requests is None:
        requests = read_document(value)
    if requests is None:
        yield from _from_json(value, _DEEPEST)
    else:
        yield from _from_command(requests, known)


def _from_command(found: Iterable[Found], known: set[str]) -> Iterator[PastedCookie]:
    for each in found:
        if each.name:
            yield PastedCookie(name=each.name, value=each.text, domain=each.domain)
        else:
            for cookie in _from_header(f"cookie:{each.text}", known):
                yield replace(cookie, domain=each.domain)


def _from_json(value: Any, depth: int) -> Iterator[PastedCookie]:
    if depth and isinstance(value, list):
        for item in value:
            yield from _from_json(item, depth - 1)
    if not depth or not isinstance(value, dict):
        return
    entry = {key.lower(): item for key, item in value.items()}
    name = _first(entry, _NAME_KEYS)
    if name and any(key in entry for key in _VALUE_KEYS):
        # A value that is no text is no cookie's, and then its neighbours are none either.
        content = _first(entry, _VALUE_KEYS) or ""
        yield PastedCookie(name=name, value=content, domain=_first(entry, _DOMAIN_KEYS) or "")
        return
    inner = [item for item in value.values() if isinstance(item, list | dict)]
    for item in inner:
        yield from _from_json(item, depth - 1)
    for key, item in value.items():
        # Beside a list of cookies stands something else, such as the address of their page.
        if isinstance(item, str) and not inner:
            yield PastedCookie(name=key, value=item)


def _first(entry: dict[str, Any], keys: Iterable[str]) -> str | None:
    return next((entry[key] for key in keys if isinstance(entry.get(key), str)), None)


def _cells(line: str) -> list[str]:
    """Of a line of cookies.txt, also where its tabs became blanks, or of a copied row."""
    bare = line.removeprefix("#HttpOnly_")
    if "\t" in line.strip():
        return bare.split("\t")
    cells = bare.split()
    is_row = len(cells) == 7 and cells[1].upper() in ("TRUE", "FALSE") and cells[4].isdecimal()
    return cells if is_row else []


def _from_table(line: str, cells: list[str]) -> Iterator[PastedCookie]:
    """A line of cookies.txt, or a row copied from a browser's developer tools."""
    if line.startswith("#") and not line.startswith("#HttpOnly_"):
        return
    if len(cells) >= 7 and cells[1].upper() in ("TRUE", "FALSE"):
        yield PastedCookie(name=cells[5], value=cells[6], domain=cells[0])
    elif len(cells) >= 2 and _is_token(cells[0].strip()):
        domain = cells[2] if len(cells) > 2 else ""
        yield PastedCookie(name=cells[0].strip(), value=cells[1], domain=domain)


def _from_header(line: str, known: set[str]) -> Iterator[PastedCookie]:
    begin = _header(line)
    parts = line[begin.end() if begin else 0 :].split(";")
    domain = ""
    if begin and begin[1]:
        # Behind the cookie stand its attributes.
        domain = next((found[1] for part in parts[1:] if (found := _domain(part))), "")
        parts = parts[:1]
    for part in parts:
        found = _pair(part)
        if not found:
            continue
        name, sign, value = found[1], found[2], found[3].strip()
        # Half a secret must not become a name, which is shown: base64 ends in "=" as well.
        is_name = sign == "=" and value.strip("=") and len(name) <= _LONGEST_BARE_NAME
        if is_name or name.casefold() in known:
            yield PastedCookie(name=name, value=value, domain=domain.strip())


def _is_wanted_last(line: str, known: set[str]) -> bool:
    """Whether the line ends within the value of a cookie that is looked for."""
    begin = _header(line)
    found = _pair(line[begin.end() if begin else 0 :].rpartition(";")[2])
    return found is not None and (not known or found[1].casefold() in known)


def _is_rest_of_value(line: str) -> bool:
    """One word that is no name of a header: those are copied with small letters alone."""
    word = line.strip()
    return bool(_piece_of_value(word)) and not word.replace("-", "").islower()


def _pick(found: Sequence[PastedCookie], needs: Needs, integration: str) -> Pasted:
    spelled = {name.casefold(): name for name in needs.cookie_names}
    ranked = [(_rank(cookie.domain, needs, integration), cookie) for cookie in found]
    has_own = any(rank == 2 for rank, _ in ranked)
    best: dict[str, tuple[int, str]] = {}
    others = set()
    for rank, cookie in ranked:
        name = spelled.get(cookie.name.casefold(), "" if spelled else cookie.name)
        value = cookie.value.strip()
        # Without known names, the site tells which cookies are meant.
        if not name or not value or (not spelled and has_own and rank == 0):
            others.add(cookie.name)
        elif name not in best or rank > best[name][0]:
            best[name] = (rank, value)
    return Pasted(
        values={name: value for name, (_, value) in best.items()},
        others=len(others),
        elsewhere=tuple(name for name, (rank, _) in best.items() if rank == 0 and spelled),
    )


def _quoted(picked: Pasted, needs: Needs) -> str:
    """The cookie whose value has quotes that can only be those of what it was copied from."""
    bare = (cookie.name for cookie in needs.cookies if cookie.is_never_quoted)
    return next((name for name in bare if picked.values.get(name, "").startswith('"')), "")


def _damaged(picked: Pasted, needs: Needs) -> str:
    """The cookie whose value has a sign inside that none may have there (RFC 6265, 4.1.1): a quote
    or a backslash, which the text around it has put there."""
    values = ((name, picked.values.get(name, "")) for name in needs.cookie_names)
    return next((name for name, value in values if _is_broken(value)), "")


def _is_broken(value: str) -> bool:
    is_whole = len(value) > 1 and value[0] == value[-1] == '"'
    inner = value[1:-1] if is_whole else value
    return '"' in inner or "\\" in inner or bool(_is_half_entity(inner))


def _rank(domain: str, needs: Needs, integration: str) -> int:
    """2 for the integration's own site, 1 when the site is not known, 0 for another."""
    host = re.sub(r"^[a-z]+://", "", domain.strip().lower()).partition("/")[0]
    host = host.partition(":")[0].strip(".")
    if not host:
        return 1
    if needs.domains:
        own = any(host == one or host.endswith(f".{one}") for one in needs.domains)
        return 2 if own else 0
    word = re.sub(r"[^a-z0-9]", "", integration.lower())
    return 2 if word and word in host.replace("-", "") else 0


def is_cookie_name(name: str) -> bool:
    return _is_token(name) is not None
