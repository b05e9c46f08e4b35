"""Input and result rows, one page at a time, out of a launch's raw body.

What the caller sent is passed on as the JSON text it came in: nothing is lost on the way, and
nothing in it is taken apart that no step asks for.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from playground.contract.launches import META_KEY
from playground.contract.workflows import Step
from playground.sandbox import automations, catalog
from playground.sandbox.automations import Work
from playground.sandbox.jobs import flow
from playground.sandbox.jobs.attempts import AttemptState
from playground.sandbox.json_values import as_text, has_value
from playground.sandbox.records import ROW_ERRORS, Plan

PAGE_SIZE = 1_000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    rows: tuple[Row, ...]
    has_next: bool


def results_page(state: AttemptState, seed: int, body: bytes, step: int, number: int) -> Page:
    """Page `number`, from 1, of what this step has produced so far."""
    first, last = (number - 1) * PAGE_SIZE, number * PAGE_SIZE
    count = state.steps[step].row_count
    if first >= count:
        return Page(rows=(), has_next=False)
    source = _Source(state.attempt.plan, seed, body)
    rows = tuple(source.result(step, index) for index in range(first, min(last, count)))
    return Page(rows=rows, has_next=last < count)


def inputs_page(state: AttemptState, seed: int, body: bytes, step: int | None, number: int) -> Page:
    """Page `number`, from 1, of the rows given to this step (None: to the job), and their fate."""
    if step:
        return _later_inputs_page(state, seed, body, step, number)
    plan = state.attempt.plan
    first, last = (number - 1) * PAGE_SIZE, number * PAGE_SIZE
    source = _Source(plan, seed, body)
    rows = tuple(
        source.input(index) | _fate(state, step, index)
        for index in range(first, min(last, plan.number_inputs))
    )
    return Page(rows=rows, has_next=last < plan.number_inputs)


def _later_inputs_page(state: AttemptState, seed: int, body: bytes, step: int, number: int) -> Page:
    page = results_page(state, seed, body, step - 1, number)
    now = state.steps[step]
    first, waiting = (number - 1) * PAGE_SIZE, _waiting(now.finish_at is not None)
    rows = tuple(
        row | (_SUCCEEDED if first + index < now.inputs_done else waiting)
        for index, row in enumerate(page.rows)
    )
    return Page(rows=rows, has_next=page.has_next)


_SUCCEEDED = {"status": "succeeded", "error_message": None}


def _waiting(is_over: bool) -> Row:
    if is_over:
        sentence = "The job ended before this input was worked on."
        return {"status": "failed", "error_message": sentence}
    return {"status": "pending", "error_message": None}


def _fate(state: AttemptState, step: int | None, index: int) -> Row:
    """How the input row has fared: a row fails in the first step or goes through all of them."""
    plan = state.attempt.plan
    error = _row_error(plan, index)
    judged_by = state.steps[0 if error or step == 0 else -1]
    if index >= judged_by.rows_done:
        return _waiting(judged_by.finish_at is not None)
    return {"status": "failed", "error_message": error} if error else _SUCCEEDED


def _row_error(plan: Plan, index: int) -> str:
    place = bisect_left(plan.failed, index)
    if place < len(plan.failed) and plan.failed[place] == index:
        return ROW_ERRORS[plan.reasons[place]]
    return "All inputs of this job failed." if plan.fate == "warning" else ""


class _Source:
    """Makes rows by their numbers. Reading the body costs its length, a row only itself."""

    def __init__(self, plan: Plan, seed: int, body: bytes) -> None:
        self._plan = plan
        self._seed = seed
        self._inputs = _read_inputs(body)
        self._records = [flow.records_after(plan, step) for step in range(len(plan.steps))]

    def input(self, index: int) -> Row:
        if index >= len(self._inputs):
            return {}  # The one run of a workflow that needs no input.
        return msgspec.json.decode(self._inputs[index], type=dict[str, msgspec.Raw])

    def result(self, step: int, index: int) -> Row:
        """Row `index` of the step's output: the caller's own data, the step's columns, `meta`."""
        number, index = divmod(index, self._records[step])
        place = flow.place_of_success(self._plan.failed, number)
        given = self.input(place)
        meta = given.pop(META_KEY, None)
        columns = self._columns(given, place, step, index)
        if meta is None or bytes(meta) == b"null":
            return given | columns
        if self._plan.spreads_meta:
            return msgspec.json.decode(meta, type=dict[str, msgspec.Raw]) | given | columns
        return given | columns | {META_KEY: meta}

    def _columns(self, given: Row, place: int, last: int, index: int) -> Row:
        """The columns of step `last`, each step having worked on the row of the one before."""
        known, columns = dict(given), {}
        for position, plan in enumerate(self._plan.steps[: last + 1]):
            step = catalog.find_step(plan.step_uid)
            if step is None:
                continue
            # Of several records for one input, the one that leads to row `index` in the end.
            number = index * self._records[position] // self._records[last]
            work = Work(
                inputs=_texts(known, step),
                parameters=plan.parameters,
                seed=_mix(self._seed, place, position, number),
                number=number,
            )
            columns = automations.run(step.permalink or "", step.output_columns, work)
            known |= columns
        return columns


def _read_inputs(body: bytes) -> list[msgspec.Raw]:
    """The rows, each left as text. Of a key given twice the last one counts, as when judged."""
    top = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    found = (
        msgspec.json.decode(top["inputs"], type=list[msgspec.Raw] | None)
        if "inputs" in top
        else None
    )
    return found or []


def _texts(row: Mapping[str, Any], step: Step) -> dict[str, str]:
    """The step's inputs as texts: the key's own value, else the first alias that has one."""
    found = {}
    for key, item in step.inputs.items():
        values = (_decoded(row[name]) for name in (key, *item.aliases) if name in row)
        found[key] = as_text(next((value for value in values if has_value(value)), None))
    return found


def _decoded(value: Any) -> Any:
    return msgspec.json.decode(value) if isinstance(value, msgspec.Raw) else value


def _mix(*numbers: int) -> int:
    digest = hashlib.blake2b(repr(numbers).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")
