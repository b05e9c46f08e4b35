"""A program that sends a request → its request: by the texts in it, not by running it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from playground.payload.edit.paste.almost_json import read_almost
from playground.payload.edit.paste.found import Kind, Request, UnableToReadPasted, Variable
from playground.payload.edit.paste.large import split_rows
from playground.payload.edit.paste.literals import (
    JAVASCRIPT,
    PYTHON,
    Literal,
    language_of,
    literals_of,
)
from playground.payload.edit.paste.requests import read_address
from playground.payload.typed_json import UnableToReadJson

_is_address = re.compile(r"(?:https?:)?//|/v\d+/").match
# What makes the text before it the name of the text behind it.
_between = re.compile(r"\s*+(?:=>|:|=|,|\]\s*=|\)\s*=)\s*+").fullmatch
_bare_name = re.compile(r"([A-Za-z][\w-]{0,60})[\"'`\]]*+\s*+(?:=>|:|=)\s*+\Z").search
_header_text = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60}):(?!//)[ \t]*+(\S.*)", re.DOTALL).fullmatch
_goes_on = re.compile(r"\s*+(?:\+|\.\.?|<>|%|&)\s*+[\w\"'$(]").match
_went_on = re.compile(r"[\w\"')\]]\s*+(?:\+|\.\.?|<>|&)\s*+\Z").search
# Where values of the language itself stand for the body.
_object_begins = re.compile(
    r"(?:JSON\.stringify\(|json\.dumps\(|\b(?:json|data|body|payload|PAYLOAD)\b[\"']?\s*+[:=]|"
    r"\b(?:const|let|var)\s+\w+\s*=|^\w+\s*=|\.post\([^{}\n]{0,200},)\s*+(?=[{\[])",
    re.MULTILINE,
)
_brackets = re.compile(
    r"\"(?:[^\"\\]++|\\.)*+\"?|'(?:[^'\\]++|\\.)*+'?|`(?:[^`\\]++|\\.)*+`?|//[^\n]*+|[{}\[\]()]",
    re.DOTALL,
)
_LONGEST_NAMES = 200
_MOST_TRIED = 20


def kind_of(text: str) -> Kind | None:
    """What a program sends with; None for what is none, as far as can be told."""
    language = language_of(text)
    if language is None:
        return None
    if language is JAVASCRIPT:
        return "axios" if "axios" in text else "fetch" if "fetch" in text else "code"
    return "python" if language is PYTHON else "code"


def read_program(text: str) -> Request:
    """Raises `UnableToReadPasted`."""
    language = language_of(text)
    literals = list(literals_of(text, language)) if language else []
    own, begin, end = _of_launch(literals, len(text))
    url = next((one.text for one in own if _is_address(one.text)), "")
    method = next((one.text for one in own if one.text in ("GET", "POST", "PUT", "DELETE")), "")
    body = _body_in_text(own) or _body_in_values(text[begin:end])
    is_nothing = body is None or not body.strip("{}[] \n")
    if is_nothing and len(own) < len(literals):
        # It may be written down before, under a name.
        body = _body_in_text(literals) or _body_in_values(text) or body
    # The body is a text under a name, as the headers are.
    headers = tuple(pair for pair in _headers(text, literals) if pair[1] != body)
    return Request(url=url, method=method, headers=headers, body=body)


def _of_launch(literals: list[Literal], length: int) -> tuple[list[Literal], int, int]:
    """Of several requests the texts of the one that launches, from its address to the next one,
    and where these begin and end."""
    addresses = [at for at, one in enumerate(literals) if _is_address(one.text)]
    launch = next((at for at in addresses if read_address(literals[at].text).is_launch), None)
    if launch is None or len(addresses) < 2:
        return literals, 0, length
    behind = next((at for at in addresses if at > launch), len(literals))
    end = literals[behind].begin if behind < len(literals) else length
    return literals[launch:behind], literals[launch].begin, end


def _body_in_text(literals: list[Literal]) -> str | None:
    """The longest text that is an object or an array of JSON."""
    texts = [one for one in literals if one.text.lstrip()[:1] in ("{", "[")]
    texts = [one for one in texts if len(one.text.strip()) > 1]
    for literal in sorted(texts, key=lambda one: -len(one.text))[:_MOST_TRIED]:
        with suppress(UnableToReadJson):
            if split_rows(literal.text) is None:
                read_almost(literal.text)
            return str(literal.text)
    longest = max(texts, key=lambda one: len(one.text), default=None)
    return str(longest.text) if longest and len(longest.text) > _LONGEST_NAMES else None


def _body_in_values(text: str) -> str | None:
    for tried, found in enumerate(_object_begins.finditer(text)):
        if tried == _MOST_TRIED:
            break
        end = end_of(text, found.end())
        if end is None:
            continue
        value = text[found.end() : end]
        if '"steps"' in value or "inputs" in value or "job_name" in value:
            _refuse_calls(value)
            return value
    return None


def _refuse_calls(value: str) -> None:
    bare = re.sub(r"\"(?:[^\"\\]++|\\.)*+\"?|'(?:[^'\\]++|\\.)*+'?", "", value)
    if found := re.search(r"[A-Za-z_]\w*(?:\.\w+)*\(|`", bare):
        raise UnableToReadPasted(
            f"Its body has {found[0]}, which is only known where that runs: paste the payload "
            "itself."
        )


def end_of(text: str, begin: int) -> int | None:
    """Where the bracket that opens here is closed; None where it is not."""
    depth = 0
    for found in _brackets.finditer(text, begin):
        sign = found[0]
        if sign in "{[(":
            depth += 1
        elif sign in "}])":
            depth -= 1
            if not depth:
                return found.end()
    return None


class Pair(NamedTuple):
    """A name, the text that belongs to it, and where that stands. A `Variable` is not known."""

    name: str
    text: str
    place: int


def pairs_of(text: str) -> tuple[Pair, ...]:
    """Names and texts of a program, such as those of headers and cookies."""
    language = language_of(text)
    return tuple(_pairs(text, list(literals_of(text, language)))) if language else ()


def _headers(text: str, literals: list[Literal]) -> Iterator[tuple[str, str]]:
    for pair in _pairs(text, literals):
        yield pair.name, pair.text


def _pairs(text: str, literals: list[Literal]) -> Iterator[Pair]:
    before: Literal | None = None
    for literal in literals:
        place = literal.begin
        value = _whole(text, literal)
        between = text[before.end : literal.begin] if before else ""
        if before and len(between) < _LONGEST_NAMES and _between(between):
            yield Pair(before.text[:_LONGEST_NAMES], value, place)
            before = None
            continue
        elif found := _bare_name(text[max(0, literal.begin - _LONGEST_NAMES) : literal.begin]):
            yield Pair(found[1], value, place)
        elif found := _header_text(literal.text[:20_000]):
            given = Variable(found[2]) if isinstance(value, Variable) else found[2]
            yield Pair(found[1], given, place)
        before = literal


def _whole(text: str, literal: Literal) -> str:
    """The text; a `Variable` where something else is joined to it."""
    behind = _goes_on(text, literal.end)
    ahead = _went_on(text[max(0, literal.begin - _LONGEST_NAMES) : literal.begin])
    return Variable(literal.text) if behind or ahead else literal.text
