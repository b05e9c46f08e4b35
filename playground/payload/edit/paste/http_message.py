"""A request as it goes over the wire: its first line, its headers, and its body."""

from __future__ import annotations

import re

from playground.payload.edit.paste.found import Request, UnableToReadPasted, Variable

looks_like_http = re.compile(
    r"\s*(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)[ \t]++\S++[ \t]++HTTP/[0-9.]+[ \t]*\r?$"
    r"|\s*(?:POST|PUT)[ \t]++(?:https?:/)?/\S++[ \t]*\r?\n(?:[A-Za-z-]+:[^\n]*\n)",
    re.MULTILINE,
).match
_line = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*\Z").match
_body_begins = re.compile(r"\n(?=[ \t]*[{\[])").search
# What follows: the answer, or another request of the same file.
_ends = re.compile(r"^(?:HTTP(?:/[0-9.]+)?[ \t]+[0-9]{3}\b|###)", re.MULTILINE).split
_has_variable = re.compile(r"\$\{?\w|\{\{|%\w+%").search


def read_http(text: str) -> Request:
    """Raises `UnableToReadPasted`."""
    text = text.replace("\r\n", "\n").lstrip()
    head, _, body = text.partition("\n\n")
    if begin := _body_begins(head):
        # Some leave out the empty line before it.
        head, body = head[: begin.start()], text[begin.start() :]
    body = _ends(body, maxsplit=1)[0]
    first, *lines = head.split("\n")
    method, _, rest = first.partition(" ")
    target = rest.strip().rpartition(" HTTP/")[0] or rest.strip()
    headers = []
    for line in lines:
        found = _line(line)
        if found:
            value = found[2]
            headers.append((found[1], Variable(value) if _has_variable(value) else value))
        elif line.strip():
            raise UnableToReadPasted(
                "A line of its headers is none: copy the request anew, whole, with the empty line "
                "before its body."
            )
    host = next((value for name, value in headers if name.lower() == "host"), "")
    url = target if "://" in target else f"https://{host}{target}"
    return Request(url=url, method=method, headers=tuple(headers), body=body.strip() or None)


looks_like_fields = re.compile(
    r"(?=[\s\S]{0,2000}^URL:[ \t]*\S)(?=[\s\S]{0,20000}^(?:Data|Body):[ \t]*$)", re.MULTILINE
).match
_field = re.compile(r"(URL|Method):[ \t]*(\S+)", re.IGNORECASE).match
_of_header = re.compile(r"([\w-]{1,60})[ \t]*[|:][ \t]*(.+)").fullmatch


def read_fields(text: str) -> Request:
    """A request as a list of fields to be filled in elsewhere: the address, headers, and what is
    sent behind a line of its own."""
    text = text.replace("\r\n", "\n")
    head, body = re.split(r"(?im)^(?:data|body):[ \t]*(?:\n|\Z)", text, maxsplit=1)
    found: dict[str, str] = {}
    headers = []
    for line in head.split("\n"):
        if given := _field(line):
            found.setdefault(given[1].lower(), given[2])
        elif header := _of_header(line.strip()):
            value = header[2]
            headers.append((header[1], Variable(value) if _has_variable(value) else value))
    return Request(
        url=found.get("url", ""),
        method=found.get("method", "POST"),
        headers=tuple(headers),
        body=body.strip(),
    )
