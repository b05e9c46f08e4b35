"""The encoding of a text file is found for certain, or taken as Windows has it."""

from __future__ import annotations

import pytest

from playground.row_sets.formats.encodings import ENCODINGS, find_encoding, is_no_text

TEXT = "Zo\u00eb,K\u00f6ln\r\n\u20ac5,\u201cquoted\u201d\r\n"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_same_text_in_each_encoding_is_the_same(encoding):
    found = find_encoding(TEXT.encode(encoding))

    assert (found.text, found.encoding, found.damaged) == (TEXT, encoding, 0)
    with found.open() as lines:
        assert list(lines) == TEXT.splitlines(keepends=True)
    assert find_encoding(TEXT.encode(encoding), encoding) == found


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
    found = find_encoding(data)

    assert (found.text, found.encoding, found.damaged) == (text, encoding, 0)


@pytest.mark.parametrize(
    ("data", "encoding", "text", "line", "damaged"),
    [
        (b"a\nb\xffc\xff", "utf-8", "a\nb\ufffdc\ufffd", 2, 2),
        (b"\xff\xfea\x00b", "", "a\ufffd", 1, 1),
        (b"\xef\xbb\xbfa\n\xe9b", "", "a\n\ufffdb", 2, 1),
        (b"a\n" * 600_000 + b"\xc3", "utf-8", "a\n" * 600_000 + "\ufffd", 600_001, 1),
        (
            b"a" * 999_999 + "\u00e9\n".encode() + b"\xe9\n",
            "utf-8",
            "a" * 999_999 + "\u00e9\n\ufffd\n",
            2,
            1,
        ),
    ],
)
def test_what_is_no_text_is_counted_and_placed(data, encoding, text, line, damaged):
    found = find_encoding(data, encoding)

    assert (found.text, found.line, found.damaged) == (text, line, damaged)


@pytest.mark.parametrize(
    ("data", "is_none"),
    [
        (bytes(range(256)) * 20, True),
        (bytes(range(128, 256)), False),
        (b"caf\xe9\x00\x0b,\x1b", False),
        (b"\xe9", False),
    ],
)
def test_bytes_of_a_program_are_no_text(data, is_none):
    assert is_no_text(data) is is_none
