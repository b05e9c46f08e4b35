"""The words of a HTTPie command → its request."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from playground.payload.edit.paste.almost_json import read_almost
from playground.payload.edit.paste.found import Request, UnableToReadPasted, Variable
from playground.payload.texts import shorten
from playground.payload.typed_json import UnableToReadJson

_item = re.compile(r"((?:[^:=@\\]++|\\.)++)(:=@|:=|=@|==|=|:|@)(.*)", re.DOTALL).fullmatch
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


def read_httpie(words: Sequence[str], stdin: str | None) -> Request:
    """`words` are those behind the command's name. Raises `UnableToReadPasted`."""
    raw: str | None = None
    method = url = ""
    headers: list[tuple[str, str]] = []
    fields: dict[str, Any] = {}
    has_secret = False
    at = 0
    while at < len(words):
        word, at = words[at], at + 1
        if word.startswith("--raw"):
            raw = word.partition("=")[2] or (words[at] if at < len(words) else "")
            at += "=" not in word
        elif word in ("-a", "--auth", "--auth-type", "-A", "--timeout", "-o", "--session"):
            has_secret = has_secret or word in ("-a", "--auth")
            at += 1
        elif word.startswith("-"):
            continue
        elif not method and word in _METHODS:
            method = word
        elif not url:
            url = word
        elif found := _item(word):
            _take(found, isinstance(word, Variable), headers, fields)
    body = raw if raw is not None else stdin
    return Request(
        url=url,
        method=method,
        headers=tuple(headers),
        body=body if body is not None or not fields else json.dumps(fields),
        has_secret=has_secret,
    )


def _take(
    found: re.Match[str], is_unknown: bool, headers: list[tuple[str, str]], fields: dict[str, Any]
) -> None:
    name, sign, value = re.sub(r"\\(.)", r"\1", found[1]), found[2], found[3]
    if sign == ":":
        headers.append((name, Variable(value) if is_unknown else value))
    elif sign == "=":
        fields[name] = value
    elif sign == ":=":
        try:
            fields[name] = read_almost(value).value
        except UnableToReadJson as error:
            raise UnableToReadPasted(f"{shorten(name)}: {error.problem.sentence}") from None
    elif "@" in sign:
        raise UnableToReadPasted(
            f"This command reads {shorten(value)}, which is not in what was pasted: paste what is "
            "in the file, or choose it here."
        )
