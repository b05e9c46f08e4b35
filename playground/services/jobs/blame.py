"""Which row, account or parameter a job's errors are about, as far as their texts tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from playground.contract import jobs
from playground.models import Launch
from playground.outcomes import culprits
from playground.outcomes.culprits import Account, Culprit, Known
from playground.outcomes.rows import cell_of
from playground.services.jobs.follow import JobDetail
from playground.services.jobs.results import Failures

# Of a launch of more rows none is looked for by its values, nor has it fields to lead to.
MOST_ROWS = 500
_BLAMED = frozenset({jobs.WARNING, jobs.PAUSED, jobs.SHUTDOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Blame:
    """What the errors name, and the rows of the launch while they are few. A job that is not in
    trouble has nobody to blame; its failed rows lead to their fields all the same."""

    culprits: tuple[Culprit, ...]
    rows: tuple[Mapping[str, Any], ...]


def find(detail: JobDetail, failures: Failures | None = None) -> Blame:
    """Each culprit once, the proved ones first."""
    rows = _rows_of(detail.launch) if failures or detail.error_message else ()
    if detail.job.status not in _BLAMED:
        return Blame(culprits=(), rows=rows)
    known = _known(detail, rows)
    found: dict[tuple[object, ...], Culprit] = {}
    for text, step in _texts(detail):
        _add(found, culprits.find(text, replace(known, step=step)))
    # What is said of a row is of that row: but an account may be to blame for it.
    for reason in dict.fromkeys(one.reason for one in (failures.inputs if failures else ())):
        _add(found, (one for one in culprits.find(reason, known) if one.kind == "account"))
    in_order = sorted(found.values(), key=lambda one: not one.is_sure)
    return Blame(culprits=tuple(in_order), rows=rows)


def _add(found: dict[tuple[object, ...], Culprit], some: Iterable[Culprit]) -> None:
    for one in some:
        key = (one.kind, one.name, one.row, one.step)
        if key not in found or one.is_sure > found[key].is_sure:
            found[key] = one


def key_in(reason: str, keys: Iterable[str]) -> str:
    """The key of an input that the reason of its failure names; empty where it names none."""
    found = culprits.find(reason, Known(keys=tuple(keys)))
    return next((one.name for one in found if one.kind == "key"), "")


def _texts(detail: JobDetail) -> Iterator[tuple[str, int | None]]:
    """Each error with the number of the step that it is of. A main job says what its step said."""
    of_steps = {one.error_message: one.number for one in detail.steps if one.error_message}
    yield from of_steps.items()
    if detail.error_message and detail.error_message not in of_steps:
        yield detail.error_message, None


def _known(detail: JobDetail, rows: tuple[Mapping[str, Any], ...]) -> Known:
    workflow = detail.workflow
    accounts = (
        Account(uid=account.uid, name=account.name, step=step.number)
        for step in detail.steps
        for account in step.accounts
    )
    parameters = (
        (step.number, one.name)
        for step in detail.steps
        if step.step
        for one in step.step.parameters
    )
    told = detail.job.number_inputs
    return Known(
        accounts=tuple(accounts),
        parameters=tuple(parameters),
        keys=tuple(workflow.inputs) if workflow else (),
        rows=[frozenset(cell_of(row, key) for key in row) for row in rows],
        row_count=detail.launch.row_count if detail.launch else told if type(told) is int else 0,
    )


def _rows_of(launch: Launch | None) -> tuple[Mapping[str, Any], ...]:
    if launch is None or not 0 < launch.row_count <= MOST_ROWS:
        return ()
    payload = msgspec.json.decode(bytes(launch.payload), type=dict[str, msgspec.Raw])
    try:
        return tuple(msgspec.json.decode(payload["inputs"], type=list[dict[str, Any]]))
    except (KeyError, msgspec.DecodeError):
        return ()
