"""What a post of the launch form may hold, and its fields, those that a page folded whole again."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict

from playground.contract.workflows import Workflow
from playground.payload.edit.reading import UnableToReadPayload
from playground.payload.words import counted, noun
from playground.services.launches.preview import LONGEST_KEY, MOST_CELLS
from playground.web.launches import kept

# A step has its UID in the names of its fields.
LONGEST_NAME = LONGEST_KEY + 1_000
# Fields of a form beside those of rows, steps and parameters.
_OTHERS = 1_000


def read_fields(request: HttpRequest, workflow: Workflow) -> QueryDict:
    """The fields that were posted, each whole. Raises `UnableToReadPayload` with a sentence."""
    _check_size(request.POST, workflow)
    return kept.unfolded(request, workflow)


def most_fields(workflow: Workflow) -> int:
    """How many fields a form of this workflow may post: a field may have a second one that says
    how it is meant, and a form may still be that of the workflow before it was changed."""
    of_steps = sum(10 + 2 * len(step.parameters) for step in workflow.steps)
    return 2 * MOST_CELLS + 2 * of_steps + _OTHERS


def _check_size(data: QueryDict, workflow: Workflow) -> None:
    count = sum([len(values) for _, values in data.lists()])
    # Every keystroke comes through here: what a form has in any case is not added up.
    most = most_fields(workflow) if count > 2 * MOST_CELLS else count
    if count > most:
        raise UnableToReadPayload(
            "$",
            f"This form has {count:,} fields, and a form of this workflow has {most:,} at most. "
            "Nothing was sent. Split the rows over several launches.",
        )
    if max(map(len, data), default=0) > LONGEST_NAME:
        raise UnableToReadPayload(
            "$",
            f"A field of this form has a name of more than {LONGEST_NAME:,} characters. Nothing "
            "was sent. Send such a payload with cURL.",
        )
    cells = [name.split("-", 2) for name in data if name.startswith("inputs-")]
    rows, keys = {cell[1] for cell in cells}, {cell[-1] for cell in cells if len(cell) > 2}
    if len(rows) * len(keys) > 2 * MOST_CELLS:
        raise UnableToReadPayload(
            "$.inputs",
            f"{counted(len(rows), 'row')} of {counted(len(keys), 'key')} "
            f"{noun(len(rows), 'is', 'are')} more than this page can show "
            f"({2 * MOST_CELLS:,} values). Nothing was sent. Split the rows over several launches.",
        )
