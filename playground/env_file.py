"""Reading the file `.env`: each line exactly as it was meant, or a sentence that stops the start.

A sentence names the line and, when it can be told, the variable; never a value.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_LINE = re.compile(rf"(?:export[ \t]+)?({_NAME})[ \t]*=(.*)", re.DOTALL)
_FIRST_WORD = re.compile(rf"(?:export[ \t]+)?({_NAME})\b")
# What the shell takes a backslash away from, between double quotes. Any other stays as it is.
_ESCAPED = re.compile(r'\\([\\"$`])')
_QUOTED = re.compile(r"""'([^']*)'|"((?:[^"\\]|\\.)*)\"""", re.DOTALL)
_TYPOGRAPHIC = tuple("\u2018\u2019\u201a\u201c\u201d\u201e")
_COMMENT = re.compile(r"[ \t]#+(.?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """`line` is counted from 1."""

    value: str
    line: int


def read(path: Path) -> dict[str, Entry]:
    """Name → entry; nothing when there is no such file. Raises `ImproperlyConfigured`."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ImproperlyConfigured(f"{path.name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise ImproperlyConfigured(f"{path.name} must be a text file in UTF-8.") from None
    return parse(text, path.name)


def parse(text: str, name: str = ".env") -> dict[str, Entry]:
    """The same of the file's text. `name` is how sentences call the file."""
    entries: dict[str, Entry] = {}
    for number, raw in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        line = raw.strip(" \t")
        if not line or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        if not found:
            raise ImproperlyConfigured(_unreadable(line, number, name))
        variable, rest = found.groups()
        if variable in entries:
            raise ImproperlyConfigured(
                f"{variable} is set twice in {name}, in lines {entries[variable].line} and "
                f"{number}: take one of them out."
            )
        entries[variable] = Entry(_value(variable, rest, f"line {number} of {name}"), number)
    return entries


def _value(variable: str, rest: str, where: str) -> str:
    """What stands behind the equals sign: quoted, or up to a comment, and always literal."""
    if "\0" in rest:
        raise ImproperlyConfigured(f"{variable} in {where} has a character that is no text (NUL).")
    value = rest.strip(" \t")
    if value.startswith(_TYPOGRAPHIC):
        raise ImproperlyConfigured(
            f"{variable} in {where} begins with a typographic quotation mark: write ' or \" for it."
        )
    if not value.startswith(("'", '"')):
        return _unquoted(variable, rest, where)
    quoted = _QUOTED.match(value)
    if not quoted:
        raise ImproperlyConfigured(
            f"The quotation mark before the value of {variable} in {where} is never closed."
        )
    if not re.fullmatch(r"[ \t]*|[ \t]+#.*", value[quoted.end() :]):
        raise ImproperlyConfigured(
            f"Something follows the closing quotation mark of {variable} in {where}: put the whole "
            "value between single quotes."
        )
    literal, escaped = quoted.groups()
    return literal if literal is not None else _ESCAPED.sub(r"\1", escaped)


def _unquoted(variable: str, rest: str, where: str) -> str:
    """`#` inside a word belongs to the value; `# …` after a blank is a comment."""
    comment = _COMMENT.search(rest)
    if comment and comment[1] not in ("", " ", "\t"):
        raise ImproperlyConfigured(
            f"It is not clear whether the # after a blank in {variable} in {where} begins a "
            "comment: put the value between single quotes, or a blank after the #."
        )
    value = rest[: comment.start() if comment else None].strip(" \t")
    if hidden := next(filter(_is_hidden, value), ""):
        raise ImproperlyConfigured(
            f"{variable} in {where} has a character that cannot be seen (U+{ord(hidden):04X}), "
            "as copying from a page brings along: take it out, or put the value between single "
            "quotes if it belongs to it."
        )
    return value


def _is_hidden(character: str) -> bool:
    """Blanks of other kinds, marks without width, controls."""
    kind = unicodedata.category(character)
    return character not in " \t" and kind in ("Zs", "Zl", "Zp", "Cf", "Cc")


def _unreadable(line: str, number: int, name: str) -> str:
    word = _FIRST_WORD.match(line)
    # Only what looks like a setting's name is repeated: the line may be half of a secret.
    is_name = word and re.fullmatch(r"[A-Z]+(_[A-Z]+)+", word[1])
    told = f", about {word[1]}," if word and is_name else ""
    return f"Line {number} of {name}{told} cannot be read: it must be NAME=value."
