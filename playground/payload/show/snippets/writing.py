"""What the targets share: filling in a template, and JSON text that a literal can carry.

A JSON text may have any character of its strings as an escape of JSON, so whatever a language
would take for something else is written so, and the literal stays readable where it can be raw.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from playground.contract import jobs, wire
from playground.payload.show.curl import KEY_VARIABLE, PROJECT_VARIABLE
from playground.payload.show.snippets.calls import Call

# A line of a template that is there only if the call has a body.
_WITH_BODY = "«+»"
_slots = re.compile("«([a-z_]+)»")
_beyond_ascii = re.compile("[^\x00-\x7f]+")
_braces = re.compile(r"\{{2,}")
_NAMES = {
    "auth": wire.AUTHORIZATION_HEADER,
    "scheme": wire.authorization_value(""),
    "project_header": wire.PROJECT_HEADER,
    "key": KEY_VARIABLE,
    "project": PROJECT_VARIABLE,
    # Texts in double quotes, which all the languages have.
    "final": ", ".join(f'"{status}"' for status in sorted(jobs.FINAL)),
    "success": ", ".join(f'"{status}"' for status in sorted(jobs.SUCCESS)),
}


def fill(template: str, call: Call, **values: str) -> str:
    """The template with the call in it; nothing of what was put in is looked through again."""
    lines = [
        line.replace(_WITH_BODY, "")
        for line in template.strip("\n").split("\n")
        if (call.has_body or _WITH_BODY not in line) and (call.remark or "«remark»" not in line)
    ]
    known = {
        **_NAMES,
        "method": call.method,
        "url": call.url,
        "base_url": call.base_url,
        "file": call.file,
        "remark": call.remark,
        **values,
    }
    return _slots.sub(lambda found: known[found[1]], "\n".join(lines))


def escape(json_text: str, characters: str) -> str:
    """With each of these characters as an escape. None of them may stand outside of strings."""
    return re.sub(f"[{re.escape(characters)}]+", _as_escape, json_text)


def escape_beyond_ascii(json_text: str) -> str:
    """For places whose encoding is not known."""
    return _beyond_ascii.sub(_as_escape, json_text)


def escape_braces(json_text: str) -> str:
    """For what replaces `{{ … }}`: in JSON text of several lines two stand together only in
    strings."""
    return _braces.sub(_as_escape, json_text)


def one_line(json_text: str) -> str:
    """JSON text of several lines on one: its line feeds stand between its parts only."""
    return re.sub(r"\n *", " ", json_text)


def pieces(text: str, length: int) -> Iterator[str]:
    """The text in pieces of so many characters."""
    return (text[at : at + length] for at in range(0, len(text), length))


def _as_escape(found: re.Match[str]) -> str:
    return "\\u" + found[0].encode("utf-16-be").hex("\n", 2).replace("\n", "\\u")
