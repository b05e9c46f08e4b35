"""How many rows come to each step of a job, and what becomes of them.

A step's places count what it would work on if every row of the launch succeeded: each row has as
many places in a step as the steps before make records of one. So all steps keep to one beat.
Where a row failed in the first step, its places in later steps are empty.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from playground.sandbox import automations, catalog
from playground.sandbox.records import Plan, StepPlan


def succeeded_before(plan: Plan, row: int) -> int:
    """How many of the rows before this one succeed."""
    return 0 if plan.fate == "warning" else row - bisect_left(plan.failed, row)


def place_of_success(failed: tuple[int, ...], number: int) -> int:
    """The row number of success `number`: both count from 0."""
    skipped = bisect_right(range(len(failed)), number, key=lambda rank: failed[rank] - rank)
    return number + skipped


def records_after(plan: Plan, index: int) -> int:
    """How many output rows of the step one succeeding input row becomes."""
    factor = 1
    for item in plan.steps[: index + 1]:
        factor *= _records_of(item)
    return factor


def places_each(plan: Plan, index: int) -> int:
    """How many places one row of the launch has in the step."""
    places = 1
    for item in plan.steps[:index]:
        places *= max(1, _records_of(item))
    return places


def inputs_before(plan: Plan, index: int, place: int) -> int:
    """How many inputs of the step stand before this place."""
    if index == 0:
        return place
    row, rest = divmod(place, places_each(plan, index))
    before = succeeded_before(plan, row)
    is_empty = succeeded_before(plan, row + 1) == before
    each = records_after(plan, index - 1)
    return before * each + (0 if is_empty else min(rest, each))


def inputs_of(plan: Plan, index: int) -> int:
    """All inputs that the step will have had in the end."""
    return inputs_before(plan, index, plan.number_rows * places_each(plan, index))


def results_before(plan: Plan, index: int, place: int) -> int:
    """How many records the step makes of the inputs before this place."""
    inputs = inputs_before(plan, index, place) if index else succeeded_before(plan, place)
    return inputs * _records_of(plan.steps[index])


def places_for(plan: Plan, index: int, start: int, inputs: int) -> int:
    """How many places from `start` on hold at most so many inputs; empty ones cost nothing."""
    if index == 0:
        return inputs
    last = inputs_before(plan, index, start) + inputs
    if last >= inputs_of(plan, index):
        return plan.number_rows * places_each(plan, index) - start
    number, rest = divmod(last, records_after(plan, index - 1))
    return place_of_success(plan.failed, number) * places_each(plan, index) + rest - start


def _records_of(item: StepPlan) -> int:
    step = catalog.find_step(item.step_uid)
    permalink = (step.permalink if step else "") or ""
    return automations.records_per_input(permalink, item.parameters)
