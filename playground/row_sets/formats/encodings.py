"""Bytes of a text file → text, and which encoding it was. No statistics: each test is certain or
says what it took for granted."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

# What may be chosen by hand: name of the codec → what it is called.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 (little endian)",
    "utf-16-be": "UTF-16 (big endian)",
    "cp1252": "Windows-1252 (Western European)",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# UTF-16 of Western text has a NUL in every other byte; no 8-bit text has that many.
_SAMPLE = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """`encoding` is a key of `ENCODINGS`. `damaged` counts the places that are no text in it: each
    is a U+FFFD in `text`, and the first stands in line `line` (from 1)."""

    text: str
    encoding: str
    damaged: int = 0
    line: int = 0


def decode(data: bytes, encoding: str = "") -> Decoded:
    """The text of a file in this encoding, else in the one that is found.

    A byte order mark decides and is no part of the text; then NULs tell UTF-16, then whatever is
    valid UTF-8 is that; else it is Windows-1252, whose five undefined bytes are kept as controls.
    """
    for mark, marked in _MARKS:
        if data.startswith(mark) and encoding in ("", marked):
            return _decode(data[len(mark) :], marked)
    if encoding:
        return _decode(data, encoding)
    if utf16 := is_utf16(data):
        return _decode(data, utf16)
    try:
        return Decoded(text=data.decode(), encoding="utf-8")
    except UnicodeDecodeError:
        return _decode(data, "cp1252")


def is_utf16(data: bytes) -> str:
    """Which UTF-16 it is, by its mark or its NULs; blank for what is none."""
    for mark, marked in _MARKS[1:]:
        if data.startswith(mark):
            return marked
    sample = data[:_SAMPLE]
    for at, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(sample) > 1 and sample[at::2].count(0) * 3 > len(sample[at::2]):
            return name
    return ""


def _decode(data: bytes, encoding: str) -> Decoded:
    if encoding == "cp1252":
        return Decoded(text=_from_windows(data), encoding=encoding)
    try:
        return Decoded(text=data.decode(encoding), encoding=encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "replace").count("\n") + 1
        text = data.decode(encoding, "replace")
        damaged = max(1, text.count("\ufffd") - data.count("\ufffd".encode(encoding)))
        return Decoded(text=text, encoding=encoding, damaged=damaged, line=line)


def _from_windows(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        # As browsers do it: what Windows does not define is the control of the same number.
        return "".join(_WINDOWS[byte] for byte in data)


_WINDOWS = [
    bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)
    for byte in range(256)
]
