"""The words of a wget command → its request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playground.payload.edit.paste.found import Request, UnableToReadPasted, Variable
from playground.payload.texts import shorten

_SECRETS = ("--user", "--password", "--http-user", "--http-password")
_WITH_WORD = (
    *("--header", "--post-data", "--body-data", "--post-file", "--body-file", "--method"),
    *("-O", "-o", "--output-document", "-U", "--user-agent", "-T", "--timeout", "-t", "--tries"),
    *_SECRETS,
)


def read_wget(
    words: Sequence[str], _stdin: str | None = None, files: Mapping[str, str] | None = None
) -> Request:
    """`words` are those behind the command's name, `files` what the same text has written into
    some. Raises `UnableToReadPasted`."""
    given: dict[str, str] = {}
    headers: list[tuple[str, str]] = []
    url, at = "", 0
    while at < len(words):
        word, at = words[at], at + 1
        name, sign, value = word.partition("=")
        if not word.startswith("-"):
            url = url or word
            continue
        if name not in _WITH_WORD:
            continue
        if not sign and at < len(words):
            value, at = words[at], at + 1
        is_unknown = isinstance(word if sign else value, Variable)
        made = Variable(value) if is_unknown else value
        if name == "--header":
            title, _, text = made.partition(":")
            headers.append((title.strip(), Variable(text) if is_unknown else text.strip()))
        given[name] = made
    body = given.get("--post-data", given.get("--body-data"))
    file = given.get("--post-file", given.get("--body-file"))
    if body is None and file is not None and (body := (files or {}).get(file)) is None:
        raise UnableToReadPasted(
            f"This command reads its body from the file {shorten(file)}, which is not in what was "
            "pasted: paste what is in the file, or choose it here."
        )
    return Request(
        url=url,
        method=given.get("--method", "GET" if body is None else "POST").upper(),
        headers=tuple(headers),
        body=body,
        has_secret=any(name in given for name in _SECRETS),
    )
