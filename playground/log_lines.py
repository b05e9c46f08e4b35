"""What the log looks like: one line for each thing that happened, whatever text is in it.

`launch sent id=12 by=ada workflow=5a9d… rows=3`: what, then facts by name. Values with blanks or
odd characters stand in quotes, as JSON writes them. No secrets; of what people typed, names alone.
"""

from __future__ import annotations

import json
import logging
import re

from playground.redaction import texts

_PLAIN = re.compile(r"[\w.@:/+,-]{1,200}", re.ASCII)
_LONGEST = 200
# Characters that begin a new line somewhere, move a cursor, or turn the reading direction.
_CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


class LineFormatter(logging.Formatter):
    """No text that is logged can end its line, or pass for the next one; nothing in it that looks
    like a secret is told."""

    def format(self, record: logging.LogRecord) -> str:
        return texts.hide(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # The base's name.
        return without_controls(super().formatMessage(record))

    def formatException(self, ei: logging._SysExcInfoType) -> str:  # noqa: N802  # The base's name.
        """Indented: a line of a traceback may be a foreign text."""
        lines = re.split(r"\r\n|\n", super().formatException(ei))
        return "\n".join("  " + without_controls(line) for line in lines)


def without_controls(text: str) -> str:
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape", "replace").decode(), text)


def event(what: str, **facts: object) -> str:
    """The line's text. Facts without a value are left out."""
    told = [f"{name}={_value(fact)}" for name, fact in facts.items() if fact not in (None, "")]
    return " ".join([what, *told])


def _value(fact: object) -> str:
    text = str(fact)
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + "…"
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=True)
