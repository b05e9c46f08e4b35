"""All results of a job as a file: every one of them, or a sentence why not."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import msgspec

from playground.outcomes.rows import Row, Rows, cells_in, columns_of, read_row
from playground.row_sets import workbooks, writing
from playground.services.jobs import outcomes, whole
from playground.services.jobs.outcomes import JobOutcomes
from playground.services.jobs.whole import Read, UnableToGiveResults
from playground.services.permissions import Person

Ending: TypeAlias = Literal["csv", "exact.csv", "xlsx", "json", "jsonl"]
ENDINGS: tuple[Ending, ...] = get_args(Ending)
_INPUT = "input."
_NOBODY = -1
_NOT_ALL = (
    "These are not all results, so there is no file of them. {problem} Ask again{later}; or take "
    "what there is: add ?partial=1 to the address."
)
_TOO_LARGE = "{why} Take them as CSV, JSON or JSON Lines."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which results, and how. `is_partial` also takes results that are not all there is."""

    job_uid: str
    ending: Ending
    step_uid: str = ""
    with_inputs: bool = False
    is_partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFile:
    """`name` is without its ending, and tells if the results `are_all`."""

    name: str
    pieces: Iterator[bytes]
    are_all: bool


def export(user: Person, wanted: Wanted) -> ResultFile:
    """Raises `UnableToGiveResults` where not all of them can be had, or the file cannot hold them;
    and `UnableToReachUpstream`."""
    asked = whole.find_job(user, wanted.job_uid, wanted.step_uid)
    results = whole.read_all(asked.job)
    _refuse_cut(results, wanted)
    joined = None
    if wanted.with_inputs and whole.is_kept(asked.job):
        # All is here, and joined for the next one too.
        joined = outcomes.find_outcomes(user, wanted.job_uid, wanted.step_uid)
    elif wanted.with_inputs:
        inputs = whole.read_all(asked.job, of="inputs")
        _refuse_cut(inputs, wanted)
        joined = outcomes.join(asked, results, inputs)
    name = asked.job.name if isinstance(asked.job.name, str) and asked.job.name else "job"
    are_all = results.is_whole and (joined is None or joined.is_whole)
    pieces = _pieces(wanted.ending, results, joined)
    return ResultFile(name=f"Results of {name}", pieces=pieces, are_all=are_all)


def _refuse_cut(read: Read, wanted: Wanted) -> None:
    if not read.is_whole and not wanted.is_partial:
        later = " in a while" if read.may_pass else ""
        sentence = _NOT_ALL.format(problem=read.problem, later=later)
        raise UnableToGiveResults(sentence, may_pass=read.may_pass)


def _pieces(ending: Ending, read: Read, joined: JobOutcomes | None) -> Iterator[bytes]:
    rows = read.rows
    if ending in ("json", "jsonl"):
        lines = _lines(rows, joined)
        return _json(lines) if ending == "json" else (line + b"\n" for line in lines)
    table = _Table(rows, read.columns or columns_of(rows), joined)
    if ending == "xlsx":
        if why := workbooks.why_too_large(rows.count, len(table.names), table.longest):
            raise UnableToGiveResults(_TOO_LARGE.format(why=why))
        return workbooks.workbook(table.names, table.cells())
    return writing.table_csv(table.names, table.cells(), exact=ending == "exact.csv")


def _json(lines: Iterator[bytes]) -> Iterator[bytes]:
    begin = b"[\n"
    for line in lines:
        yield begin + line
        begin = b",\n"
    yield b"\n]\n" if begin == b",\n" else b"[]\n"


def _lines(rows: Rows, joined: JobOutcomes | None) -> Iterator[bytes]:
    """The rows as they came; with inputs, each beside its own."""
    if joined is None:
        yield from rows.lines()
        return
    inputs = _Inputs(joined)
    for at, line in enumerate(rows.lines()):
        yield msgspec.json.encode({"input": inputs.of(at), "result": msgspec.Raw(line)})


class _Inputs:
    """The input of each result. Results may come in any order, so all inputs are at hand: as JSON,
    which is a fraction of what they are as objects."""

    def __init__(self, joined: JobOutcomes) -> None:
        self._lines = list(joined.inputs.lines())
        self._of = array("q", [_NOBODY]) * joined.results.count
        for one in joined.outcomes.rows:
            for at in one.results:
                self._of[at] = one.row - 1

    def of(self, at: int) -> Row | None:
        """That of the result of this number; None where it is not known."""
        row = self._of[at]
        return None if row == _NOBODY else outcomes.own_values(read_row(self._lines[row]))

    def columns(self) -> tuple[str, ...]:
        """All keys of the inputs."""
        return columns_of(outcomes.own_values(read_row(line)) for line in self._lines)

    def cells(self, columns: Sequence[str]) -> Iterator[list[str]]:
        """The cells of the input of each result, in the order of the results."""
        lines = (b"{}" if row == _NOBODY else self._lines[row] for row in self._of)
        return cells_in(lines, columns)


class _Table:
    """The rows with a cell for every key that any of them has, behind those of their inputs."""

    def __init__(self, rows: Rows, columns: Sequence[str], joined: JobOutcomes | None) -> None:
        self._rows = rows
        self._inputs = _Inputs(joined) if joined else None
        self._columns = columns
        self._given = self._inputs.columns() if self._inputs else ()
        self.names = (*(_INPUT + name for name in self._given), *self._columns)

    @property
    def longest(self) -> int:
        """Characters of the longest cell."""
        found = max(map(len, self.names), default=0)
        for row in self.cells():
            found = max(found, *map(workbooks.length_of, row), 0)
        return found

    def cells(self) -> Iterator[Sequence[str]]:
        rows = cells_in(self._rows.lines(), self._columns)
        if self._inputs is None:
            yield from rows
            return
        for given, row in zip(self._inputs.cells(self._given), rows, strict=True):
            yield given + row
