"""Some inputs of a job, chosen by what became of them, as the source of a table."""

from __future__ import annotations

from playground.payload.texts import shorten
from playground.services.jobs import outcomes
from playground.services.jobs.outcomes import Group, JobOutcomes
from playground.services.row_sets.errors import UnableToMakeRowSet
from playground.services.row_sets.reading import Source

# What a group of rows is called; and what its word means, where somebody may take it for another.
NAMES: dict[Group, str] = {
    "": "All rows",
    "again": "Rows that failed or gave nothing",
    "succeeded": "Rows that succeeded",
    "several": "Rows with several results",
    "failed": "Rows that failed",
    "none": "Rows without a result",
    "unknown": "Rows that nobody knows of",
}
MEANINGS: dict[Group, str] = {
    "again": "Failed are rows of which the upstream tells an error; the others gave no result.",
    "failed": "Failed are rows of which the upstream tells an error.",
    "none": "They gave no result, and the upstream tells no error.",
    "several": "More than one result was joined to each of them.",
    "unknown": "What became of them could not be read, or no result could be joined to them.",
}
_EMPTY = "No row is in this group, so there is nothing to make a row set of."
_UNREAD = "The inputs of these rows could not be read, so there is nothing to make a row set of."


def source_of_group(found: JobOutcomes, group: Group) -> tuple[Source, int]:
    """The inputs of the group just as they were sent, and how many they are. Raises
    `UnableToMakeRowSet` for an empty one."""
    rows = outcomes.inputs_of(found, group)
    if not rows:
        is_empty = not outcomes.count_of(found, group)
        raise UnableToMakeRowSet(_EMPTY if is_empty else _UNREAD)
    job = found.asked.job
    title = shorten(job.name) if isinstance(job.name, str) and job.name else "a job"
    name = f"{NAMES[group]}: {title}"
    data = b"[" + b",".join(rows) + b"]"
    return Source(name=name, data=data, is_inputs=True, keeps_all=True), len(rows)
