"""What Django's command line says where a command ends before it is done."""

from __future__ import annotations

import sys

import pytest

import manage
from playground.management.command_line import CommandLine


@pytest.mark.parametrize(
    ("command", "ends_in", "words"),
    [
        # `changepassword` and `flush` ask, and there may be no terminal: `docker exec`, a pipe.
        ("changepassword", EOFError, "asks a question, and nobody is there to answer it"),
        ("flush", EOFError("EOF when reading a line"), "Run it in a terminal"),
        ("createsuperuser", KeyboardInterrupt, "ended at the keyboard"),
    ],
)
def test_a_question_without_an_answer_is_one_sentence(monkeypatch, command, ends_in, words):
    def execute(_: CommandLine) -> None:
        raise ends_in

    monkeypatch.setattr(CommandLine, "execute", execute)
    monkeypatch.setattr(sys, "argv", ["manage.py", command])

    with pytest.raises(SystemExit, match=words) as ended:
        manage.main()

    assert str(ended.value).strip().startswith("playground: ")
