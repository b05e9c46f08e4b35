"""What the API refuses for certain, whoever wants it sent: contract sections 6 and 6.3.

Most of what stops a launch rests on what was looked up, or on what we take to be so: that may
have changed, or be wrong. What is missing or malformed in the payload itself is not of that kind.
"""

from __future__ import annotations

from typing import Any

from playground.contract.launches import META_KEY
from playground.payload.build.builder import Built
from playground.payload.build.options import MOST_SCHEDULE_VALUE
from playground.payload.issues import Issue

_CERTAIN = frozenset({"required", "no-rows", "rows-twice", "schedule-type"})


def is_certain(built: Built) -> bool:
    return any(_is_certain(issue, built) for issue in built.errors)


def _is_certain(issue: Issue, built: Built) -> bool:
    if issue.code in _CERTAIN:
        return True
    if issue.code == "schedule-value":
        return not _is_beyond_our_bound(built)
    # Of a table all is told of its rows together, and only their `meta` can be of a wrong type.
    of_table = built.stored is not None and issue.path == ("inputs",)
    is_meta = of_table or (issue.path[:1] == ("inputs",) and issue.path[-1:] == (META_KEY,))
    return issue.code == "wrong-type" and (is_meta or issue.path in (("job_name",), ("delay",)))


def _is_beyond_our_bound(built: Built) -> bool:
    """The vendor names no bound for it; ours is one."""
    schedule: Any = built.value.get("repeat_option")
    every = schedule.get("value") if isinstance(schedule, dict) else None
    return type(every) is int and every > MOST_SCHEDULE_VALUE
