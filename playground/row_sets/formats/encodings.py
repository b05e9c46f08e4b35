"""Bytes of a text file → text, and which encoding it was. No statistics: each test is certain or
says what it took for granted."""

from __future__ import annotations

import codecs
import io
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
# Text has controls here and there: such as a file of a program has are one byte in ten.
_CONTROLS = bytes({*range(1, 32), 127} - {*b"\t\n\v\f\r\x1b"})
_MOST_CONTROLS = 0.04
_CHECKED_AT_ONCE = 1_000_000


def _as_browsers_do(error: UnicodeError) -> tuple[str, int]:
    """What Windows-1252 does not define is the control of the same number."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("windows-controls", _as_browsers_do)


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedText:
    """A text in its bytes, which begins at `begin`: behind a mark. `encoding` is a key of
    `ENCODINGS`. `damaged` counts the places that are no text in it: each is a U+FFFD in the text,
    and the first stands in line `line` (from 1)."""

    data: bytes
    begin: int = 0
    encoding: str
    damaged: int = 0
    line: int = 0

    @property
    def text(self) -> str:
        return str(memoryview(self.data)[self.begin :], self.encoding, self._errors)

    def open(self) -> io.TextIOWrapper:
        """The text to be read line by line, each with its end as it is, in little memory."""
        file = io.BytesIO(self.data)
        file.seek(self.begin)
        return io.TextIOWrapper(file, self.encoding, self._errors, newline="")

    @property
    def _errors(self) -> str:
        return "windows-controls" if self.encoding == "cp1252" else "replace"


def find_encoding(data: bytes, encoding: str = "") -> EncodedText:
    """The text of a file in this encoding, else in the one that is found.

    A byte order mark decides and is no part of the text; then NULs tell UTF-16, then whatever is
    valid UTF-8 is that; else it is Windows-1252, whose five undefined bytes are kept as controls.
    """
    for mark, marked in _MARKS:
        if data.startswith(mark) and encoding in ("", marked):
            return _checked(data, len(mark), marked)
    if encoding:
        return _checked(data, 0, encoding)
    if utf16 := find_utf16(data):
        return _checked(data, 0, utf16)
    found = "cp1252" if _first_damage(data, 0, "utf-8") is not None else "utf-8"
    return EncodedText(data=data, encoding=found)


def find_utf16(data: bytes) -> str:
    """Which UTF-16 it is, by its mark or its NULs; blank for what is none."""
    for mark, marked in _MARKS[1:]:
        if data.startswith(mark):
            return marked
    sample = data[:_SAMPLE]
    for at, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(sample) > 1 and sample[at::2].count(0) * 3 > len(sample[at::2]):
            return name
    return ""


def is_no_text(data: bytes) -> bool:
    """Whether bytes that are no Unicode are no text in another encoding either."""
    sample = data[:_SAMPLE]
    text = sample.translate(None, _CONTROLS)
    return len(sample) - len(text) > _MOST_CONTROLS * len(sample)


def _checked(data: bytes, begin: int, encoding: str) -> EncodedText:
    if encoding == "cp1252" or (at := _first_damage(data, begin, encoding)) is None:
        return EncodedText(data=data, begin=begin, encoding=encoding)
    line = data[begin:at].decode(encoding, "replace").count("\n") + 1
    found = EncodedText(data=data, begin=begin, encoding=encoding)
    meant = data.count("\ufffd".encode(encoding))
    damaged = max(1, found.text.count("\ufffd") - meant)
    return EncodedText(data=data, begin=begin, encoding=encoding, damaged=damaged, line=line)


def _first_damage(data: bytes, begin: int, encoding: str) -> int | None:
    """Where the bytes are no text in this encoding; None where all are."""
    decoder, view = codecs.getincrementaldecoder(encoding)(), memoryview(data)
    for at in range(begin, max(len(data), begin + 1), _CHECKED_AT_ONCE):
        end = at + _CHECKED_AT_ONCE
        try:
            decoder.decode(view[at:end], final=end >= len(data))
        except UnicodeDecodeError as error:
            # It counts from what the piece before left over.
            return at + error.start - (len(error.object) - len(view[at:end]))
    return None
