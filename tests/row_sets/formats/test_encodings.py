"""The encoding of a text file is found for certain, or taken as Windows has it."""

from __future__ import annotations

import pytest

from playground.row_sets.formats.encodings import ENCODINGS, decode

TEXT = "Zo\u00eb,K\u00f6ln\r\n\u20ac5,\u201cquoted\u201d\r\n"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_same_text_in_each_encoding_is_the_same(encoding):
    found = decode(TEXT.encode(encoding))

    assert (found.text, found.encoding, found.damaged) == (TEXT, encoding, 0)
    assert decode(TEXT.encode(encoding), encoding) == found


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"", "", "utf-8"),
        (b"a", "a", "utf-8"),
        (b"\xef\xbb\xbfa\xef\xbb\xbf", "a\ufeff", "utf-8"),
        ("a".encode("utf-16"), "a", "utf-16-le"),
        (b"\xfe\xff\x00a", "a", "utf-16-be"),
        ("\u5317\u4eac,a\n".encode(), "\u5317\u4eac,a\n", "utf-8"),
        (b"caf\xe9", "caf\u00e9", "cp1252"),
        (b"\x81\x8d\xe9", "\x81\x8d\u00e9", "cp1252"),
        (b"a\x00b" + b"c" * 20, "a\x00b" + "c" * 20, "utf-8"),
    ],
)
def test_what_is_found_without_being_told(data, text, encoding):
    found = decode(data)

    assert (found.text, found.encoding, found.damaged) == (text, encoding, 0)


@pytest.mark.parametrize(
    ("data", "encoding", "text", "line", "damaged"),
    [
        (b"a\nb\xffc\xff", "utf-8", "a\nb\ufffdc\ufffd", 2, 2),
        (b"\xff\xfea\x00b", "", "a\ufffd", 1, 1),
        (b"\xef\xbb\xbfa\n\xe9b", "", "a\n\ufffdb", 2, 1),
    ],
)
def test_what_is_no_text_is_counted_and_placed(data, encoding, text, line, damaged):
    found = decode(data, encoding)

    assert (found.text, found.line, found.damaged) == (text, line, damaged)
