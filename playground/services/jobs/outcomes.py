"""The outcome of each input row of a job: what was read of it, joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Literal, TypeAlias, get_args

import msgspec

from playground.contract.launches import META_KEY
from playground.models import Launch
from playground.outcomes import joining
from playground.outcomes.joining import Counts, Given, Outcomes, RowOutcome
from playground.outcomes.rows import Rows, cell_of, cells_of, columns_of, read_row
from playground.redaction import texts
from playground.services.jobs import pages, whole
from playground.services.jobs.whole import Asked, Read
from playground.services.permissions import Person
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.cache import FreshnessCache
from playground.services.upstream_cache.invalidation import Kept

# Groups of input rows. `again` are those that a relaunch is for.
Group: TypeAlias = Literal["", "again", "succeeded", "several", "failed", "none", "unknown"]
GROUPS: tuple[Group, ...] = get_args(Group)
ROWS_SHOWN = 50
_TOLD = ("status", "error_message")
# Seconds that outcomes are good for: a job that is over is over. What was not read may be soon.
_MAX_AGE, _CUT_MAX_AGE = 300.0, 5.0
_MOST_KEPT = 2

_outcomes: FreshnessCache[JobOutcomes] = FreshnessCache(most=_MOST_KEPT, is_ours=True)
invalidation.register(Kept.JOB_OUTCOMES, _outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOutcomes:
    """`inputs` are as many as `outcomes` has rows. `problems` say what could not be read."""

    asked: Asked
    outcomes: Outcomes
    counts: Counts
    inputs: Rows
    results: Rows
    problems: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        return not self.problems


def find_outcomes(user: Person, job_uid: str, step_uid: str = "") -> JobOutcomes:
    """Raises `UnableToGiveResults`, and `UnableToReachUpstream`."""
    asked = whole.find_job(user, job_uid, step_uid)
    is_kept = whole.is_kept(asked.job)
    key = f"{asked.job.uid} {pages.stamp(asked.job)} {is_kept}"
    kept = _outcomes.peek(key)
    return _outcomes.get(
        key,
        lambda: _read(asked),
        max_age=_MAX_AGE if kept is None or kept.value.is_whole else _CUT_MAX_AGE,
    ).value


def _read(asked: Asked) -> JobOutcomes:
    results, inputs = whole.read_all(asked.job), whole.read_all(asked.job, of="inputs")
    return join(asked, results, inputs)


def join(asked: Asked, results: Read, inputs: Read) -> JobOutcomes:
    """With inputs that could not be read, those of the launch stand for them where it is known."""
    count, rows = inputs.rows.count, inputs.rows
    has_all = inputs.is_whole
    if not has_all and asked.job.uid == asked.detail.job.uid:
        rows, has_all = _with_rows_of_launch(asked.detail.launch, inputs)
    given = Given(
        inputs=rows,
        results=results.rows,
        keys=_keys(asked),
        expected=inputs.told,
        told=count,
        has_all_inputs=has_all,
        has_all_results=results.is_whole,
    )
    problems = tuple(filter(None, (results.problem, inputs.problem)))
    joined = joining.join(given)
    return JobOutcomes(
        asked=asked,
        outcomes=joined,
        counts=joined.counts,
        inputs=rows,
        results=results.rows,
        problems=problems,
    )


def _keys(asked: Asked) -> tuple[joining.Names, ...]:
    """What the job, or the step that it ran, is given under."""
    chosen, workflow = asked.detail.chosen, asked.detail.workflow
    if chosen is not None and chosen.job is asked.job:
        return joining.keys_of(chosen.step.inputs if chosen.step else {})
    return joining.keys_of(workflow.inputs if workflow else {})


def _with_rows_of_launch(launch: Launch | None, inputs: Read) -> tuple[Rows, bool]:
    sent = _sent_inputs(launch) if launch else []
    count = inputs.rows.count
    if len(sent) <= count or inputs.told not in (0, len(sent)):
        return inputs.rows, False
    return inputs.rows.with_page(sent[count:]), True


def _sent_inputs(launch: Launch) -> list[bytes]:
    """The rows of its payload that are objects, if they all are."""
    payload = msgspec.json.decode(bytes(launch.payload), type=dict[str, msgspec.Raw])
    try:
        rows = msgspec.json.decode(payload.get("inputs", b"[]"), type=list[msgspec.Raw])
        for row in rows:
            read_row(bytes(row))
    except msgspec.DecodeError:
        return []
    # In one line each, as all rows are kept.
    return [bytes(row).replace(b"\n", b" ") for row in rows]


def own_values(row: dict[str, Any]) -> dict[str, Any]:
    """The input as it was sent: without what is told of it."""
    return {name: value for name, value in row.items() if name not in _TOLD}


def as_json(found: JobOutcomes, outcome: str = "") -> Iterator[bytes]:
    """A JSON array with an object for each input row, of this outcome or of all."""
    results = list(found.results.lines())
    rows = zip(found.outcomes.rows, found.inputs.lines(), strict=True)
    unread = ((one, None) for one in found.outcomes.unread_rows())
    begin = b"["
    for one, line in chain(rows, unread):
        if is_of(one, outcome):
            yield begin + _object(one, line, results)
            begin = b",\n"
    yield b"]\n" if begin != b"[" else b"[]\n"


def is_of(one: RowOutcome, group: str) -> bool:
    """Whether the row is of this group; all are of the one without a name."""
    if group == "several":
        return one.has_several
    if group == "again":
        return one.outcome in ("failed", "none")
    return group in ("", one.outcome)


def count_of(found: JobOutcomes, group: Group) -> int:
    """How many input rows are in the group."""
    counts = found.counts
    by_name = {"": counts.inputs, "again": counts.failed + counts.none}
    return by_name[group] if group in by_name else int(getattr(counts, group))


def results_of(found: JobOutcomes, group: Group) -> Iterator[int]:
    """Numbers of the results that are of input rows of this group, from 0."""
    for one in found.outcomes.rows:
        if one.results and is_of(one, group):
            yield from one.results


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOutcome:
    """An input row on a page: its values in short, and what became of it."""

    outcome: RowOutcome
    values: tuple[tuple[str, str], ...]
    reason: str


def page_of(found: JobOutcomes, group: Group, number: int) -> tuple[ShownOutcome, ...]:
    """The rows of this page of the group, from 1."""
    rows = zip(found.outcomes.rows, found.inputs.lines(), strict=True)
    unread = ((one, b"{}") for one in found.outcomes.unread_rows())
    of_group = ((one, line) for one, line in chain(rows, unread) if is_of(one, group))
    first = (number - 1) * ROWS_SHOWN
    return tuple(_shown(one, line) for one, line in islice(of_group, first, first + ROWS_SHOWN))


def _shown(one: RowOutcome, line: bytes) -> ShownOutcome:
    row = own_values(read_row(line))
    values = tuple((name, cell_of(row, name)) for name in row if name != META_KEY)
    return ShownOutcome(outcome=one, values=values, reason=texts.hide(one.reason))


def inputs_of(found: JobOutcomes, group: Group) -> list[bytes]:
    """The inputs of the group's rows that were read, as they were sent: where the upstream tells of
    the same row in the same place, byte by byte as the launch had it."""
    sent = _sent_by(found.asked)
    rows = zip(found.outcomes.rows, found.inputs.lines(), strict=True)
    wanted = ((one.row - 1, own_values(read_row(line))) for one, line in rows if is_of(one, group))
    return [
        sent[at]
        if at < len(sent) and own_values(read_row(sent[at])) == row
        else msgspec.json.encode(row)
        for at, row in wanted
    ]


def _sent_by(asked: Asked) -> list[bytes]:
    """The rows of the launch of this job; none of a job that is a part of it."""
    launch = asked.detail.launch
    return _sent_inputs(launch) if launch and asked.job.uid == asked.detail.job.uid else []


def table_of(found: JobOutcomes, group: Group) -> tuple[list[str], Iterator[list[str]]]:
    """The group as a table: what became of each row, and its inputs beside."""
    told = ["row", "outcome", "reason", "joined_by", "is_sure", "results"]
    columns = columns_of(map(own_values, found.inputs))
    return [*told, *(f"input.{name}" for name in columns)], _cells(found, group, columns)


def _cells(found: JobOutcomes, group: Group, columns: tuple[str, ...]) -> Iterator[list[str]]:
    rows = zip(found.outcomes.rows, found.inputs.lines(), strict=True)
    unread = ((one, b"{}") for one in found.outcomes.unread_rows())
    for one, line in chain(rows, unread):
        if is_of(one, group):
            sure = "yes" if one.is_sure else "no"
            told = [str(one.row), one.outcome, texts.hide(one.reason), one.joined_by, sure]
            yield [*told, str(len(one.results)), *cells_of(read_row(line), columns)]


def _object(one: RowOutcome, line: bytes | None, results: list[bytes]) -> bytes:
    return msgspec.json.encode(
        {
            "row": one.row,
            "input": own_values(read_row(line)) if line is not None else None,
            "outcome": one.outcome,
            "joined_by": one.joined_by or None,
            "is_sure": one.is_sure,
            "reason": texts.hide(one.reason) or None,
            "results": [msgspec.Raw(results[at]) for at in one.results],
        }
    )
