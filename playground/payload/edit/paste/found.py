"""What was found in a pasted text, and why it was not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from playground.payload.typed_json import RepeatedKey

Kind = Literal[
    "payload", "rows", "curl", "powershell", "fetch", "axios", "python", "httpie", "http", "har",
    "n8n", "postman", "insomnia", "request", "code",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why nothing was read. `line` and `column` count from 1; None where no place is to blame."""

    sentence: str
    line: int | None = None
    column: int | None = None


class UnableToReadPasted(Exception):
    """The text is not what it begins like. `place` is where, an index of the text."""

    def __init__(self, sentence: str, place: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.place = place


# Pieces of a command or a program that are looked at one by one: far more than any has.
MOST_PIECES = 300_000
TOO_MANY_PIECES = "This is too long to be read piece by piece: paste the payload alone."


class Variable(str):
    """A text of which a part is only known where it runs: `$UPSTREAM_API_KEY`, `process.env.X`."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as some dialect writes it. `body` is its text, `value` what it is where the
    dialect has values of its own; `notices` tell what of it was not taken as it stands."""

    url: str = field(default="", repr=False)
    method: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: str | None = field(default=None, repr=False)
    value: Any = field(default=None, repr=False)
    has_value: bool = False
    has_secret: bool = False
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """What a text holds: a `payload`, `rows`, or a `table` to be read as cells; else a `problem`.

    Of a long text the rows are `raw`: the JSON array as it stands there, not looked into. Then the
    `inputs` of a `payload` are empty, and `rows` are none.

    `host` is that of the address it was for, `workflow_uid` the workflow in that address; both
    empty where there is none. Beside a `problem` the latter is all that was pasted. `notices` tell
    what is not taken as it stands there; `repeated` are the keys that stand there more than once.
    """

    kind: Kind
    payload: dict[str, Any] | None = field(default=None, repr=False)
    rows: list[dict[str, Any]] | None = field(default=None, repr=False)
    table: str | None = field(default=None, repr=False)
    raw: bytes | None = field(default=None, repr=False)
    host: str = ""
    workflow_uid: str = ""
    notices: tuple[str, ...] = ()
    repeated: tuple[RepeatedKey, ...] = ()
    problem: Problem | None = None


def place_of(text: str, at: int) -> tuple[int, int]:
    """Line and column of an index, both from 1."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
