"""The outcome of each input row of a job: what was read of it, joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import msgspec

from playground.models import Launch
from playground.outcomes import joining
from playground.outcomes.joining import Given, Outcomes, RowOutcome
from playground.outcomes.rows import Rows, read_row
from playground.redaction import texts
from playground.services.jobs import whole
from playground.services.jobs.whole import Asked, Read
from playground.services.permissions import Person

_TOLD = ("status", "error_message")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOutcomes:
    """`inputs` are as many as `outcomes` has rows. `problems` say what could not be read."""

    outcomes: Outcomes
    inputs: Rows
    results: Rows
    problems: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        return not self.problems


def find_outcomes(user: Person, job_uid: str, step_uid: str = "") -> JobOutcomes:
    """Raises `UnableToGiveResults`, and `UnableToReachUpstream`."""
    asked = whole.find_job(user, job_uid, step_uid)
    results, inputs = whole.read_all(asked.job), whole.read_all(asked.job, of="inputs")
    return join(asked, results, inputs)


def join(asked: Asked, results: Read, inputs: Read) -> JobOutcomes:
    """With inputs that could not be read, those of the launch stand for them where it is known."""
    count, rows = inputs.rows.count, inputs.rows
    has_all = inputs.is_whole
    if not has_all and asked.job.uid == asked.detail.job.uid:
        rows, has_all = _with_rows_of_launch(asked.detail.launch, inputs)
    given = Given(
        inputs=list(rows.read()),
        results=results.rows.read(),
        keys=_keys(asked),
        expected=inputs.told,
        told=count,
        has_all_inputs=has_all,
        has_all_results=results.is_whole,
    )
    problems = tuple(filter(None, (results.problem, inputs.problem)))
    return JobOutcomes(
        outcomes=joining.join(given), inputs=rows, results=results.rows, problems=problems
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
        rows = msgspec.json.decode(payload.get("inputs", b"[]"), type=list[dict[str, Any]])
    except msgspec.DecodeError:
        return []
    return [msgspec.json.encode(row) for row in rows]


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


def is_of(one: RowOutcome, outcome: str) -> bool:
    """Whether the row is of this group: an outcome, `several`, or all for nothing."""
    return outcome in ("", one.outcome) or (outcome == "several" and one.has_several)


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
