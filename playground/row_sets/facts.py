"""What is known of a table beside its rows: what it was read as, and whose its columns are."""

from __future__ import annotations

from typing import Literal

import msgspec

from playground.contract import wire
from playground.contract.workflows import Workflow
from playground.payload import fingerprints
from playground.payload.stored_rows import RowFinding
from playground.row_sets.repairs import CheckAgain, Order

# What is still to be done with it: fetch its source, read that, or check its rows anew.
Work = Literal["fetch", "read", "check"]


class JobResults(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A job whose results are the rows, where it ran, and how far they are fetched.

    `rows` came so far, of those that the job `told` of; they go on with `next_page`, unless they
    are whole. `is_cut` when they are more than a table may have. `stamp` is the same while the job
    is not run again; `tries` were made in vain for the next page.
    """

    job_uid: str
    title: str
    upstream: str
    stamp: str = ""
    told: int = 0
    rows: int = 0
    next_page: int = 1
    last_page: str = ""
    tries: int = 0
    is_cut: bool = False
    is_whole: bool = False


class TableFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`encoding`, `delimiter`, `sheet` and `header` are as a person chose them until the source
    was read, and then as it was read; `mapping` has a target for each of the `columns`.

    With `is_inputs` its rows are inputs as they were sent, `meta` among them; with `keeps_all` they
    are sent again just so: under their keys, known or not, and with blank texts.
    `order` is what the worker is to do with rows that are ready: until it is done they are as they
    were. `checked_for` tells for which inputs of the workflow the `findings` hold. `results` are
    those of the job that it was made of.
    """

    kind: str = ""
    work: Work = "read"
    is_copied: bool = False
    is_inputs: bool = False
    keeps_all: bool = False
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header: int | None = None
    sheets: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    mapping: tuple[str | None, ...] = ()
    offered: str = ""
    found: str = ""
    notices: tuple[str, ...] = ()
    findings: tuple[RowFinding, ...] = ()
    checked_for: str = ""
    has_names: bool = False
    total: int = 0
    order: Order | None = None
    results: JobResults | None = None

    @property
    def is_fetch(self) -> bool:
        return self.work == "fetch"

    @property
    def is_check(self) -> bool:
        return self.work == "check" or isinstance(self.order, CheckAgain)

    @property
    def is_repair(self) -> bool:
        return self.order is not None and not self.is_check

    @property
    def place_word(self) -> str:
        return "row" if self.kind in ("spreadsheet", "json", "copied") else "line"


_kept: dict[int, tuple[Workflow, str]] = {}
_MOST_KEPT = 8


def inputs_digest(workflow: Workflow) -> str:
    """The same while rows would be judged alike. Asked for at every keystroke, of a workflow that
    is the same object until it is outdated."""
    known = _kept.get(id(workflow))
    if known and known[0] is workflow:
        return known[1]
    inputs = {key: wire.to_builtins(definition) for key, definition in workflow.inputs.items()}
    digest = fingerprints.fingerprint(inputs)
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[id(workflow)] = (workflow, digest)
    return digest
