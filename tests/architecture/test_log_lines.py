"""Each thing that happens is one line of the log, whatever text is in it."""

import logging

import pytest

from playground.log_lines import LineFormatter, event

FORGED = "a\n2026-01-01 00:00:00 INFO playground: launch sent id=99 by=eve"


@pytest.fixture
def formatted():
    def write(message, *arguments, error=None):
        told = (type(error), error, error.__traceback__) if error else None
        record = logging.LogRecord("playground", 20, "", 1, message, arguments, told)
        return LineFormatter("{levelname} {name}: {message}", style="{").format(record)

    return write


@pytest.mark.parametrize("odd", ["\n", "\r", "\r\n", "\x1b[2K", "\u2028", "\x85", "\u202e", "\0"])
def test_no_text_ends_its_line(formatted, odd):
    line = formatted("signed in: %s", f"ada{odd}ERROR forged")

    assert line.isprintable()
    assert line.startswith("INFO playground: signed in: ada\\")


def test_a_traceback_cannot_forge_a_line(formatted):
    try:
        int(FORGED)
    except ValueError as error:
        written = formatted("it broke", error=error)

    first, *rest = written.split("\n")
    assert first == "INFO playground: it broke"
    assert all(line.startswith("  ") for line in rest)


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ({"id": 12, "by": "ada", "job_uid": None, "state": ""}, "launch sent id=12 by=ada"),
        ({"by": "ada id=13"}, 'launch sent by="ada id=13"'),
        ({"by": 'a"b'}, r'launch sent by="a\"b"'),
        ({"by": "Zoë"}, r'launch sent by="Zo\u00eb"'),
        ({"by": FORGED[:6]}, r'launch sent by="a\n2026"'),
        ({"rows": 0}, "launch sent rows=0"),
    ],
)
def test_no_value_passes_for_another_fact(facts, line):
    assert event("launch sent", **facts) == line
