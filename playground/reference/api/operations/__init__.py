"""The table of all operations of the API, in reading order.

What a reference says of a call is here and nowhere else: pages, the OpenAPI document and the forms
that try a call are made from it. Facts are those of the contract reference; what it marks as
inferred is `assumed` here. Method and path come from `paths`. Sentences are plain text, with code
in backticks and no other mark-up.
"""

from __future__ import annotations

from collections.abc import Mapping

from playground.reference.api.operations.accounts import ACCOUNTS
from playground.reference.api.operations.jobs import JOBS
from playground.reference.api.operations.parts import (
    GENERAL_FAILURES,
    Answer,
    Evidence,
    Failure,
    Group,
    Operation,
    Parameter,
)
from playground.reference.api.operations.workflows import WORKFLOWS
from playground.reference.api.operations.workspace import USERS, WORKSPACE

__all__ = [
    "GENERAL_FAILURES",
    "GROUPS",
    "OPERATIONS",
    "Answer",
    "Evidence",
    "Failure",
    "Group",
    "Operation",
    "Parameter",
]

OPERATIONS: Mapping[str, Operation] = {
    operation.name: operation for operation in (*WORKFLOWS, *JOBS, *ACCOUNTS, *USERS, *WORKSPACE)
}
GROUPS: tuple[Group, ...] = tuple(
    dict.fromkeys(operation.group for operation in OPERATIONS.values())
)
