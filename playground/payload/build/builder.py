"""A draft → the payload: the one place where it is made. Contract section 6."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from playground.contract import wire
from playground.contract.launches import LaunchRequest, StepLaunch
from playground.contract.wire import UNSET
from playground.contract.workflows import Workflow
from playground.payload import fingerprints
from playground.payload.build import stored_rows
from playground.payload.build.findings import Findings
from playground.payload.build.mapping import has_value
from playground.payload.build.options import add_options, has_schedule
from playground.payload.build.origins import RowSource, StepSource
from playground.payload.build.rows import RowBuilder
from playground.payload.build.steps import KnownAccounts, StepBuilder
from playground.payload.drafts import LaunchDraft
from playground.payload.issues import Issue, Severity
from playground.payload.stored_rows import StoredRows

__all__ = ["Built", "KnownAccounts", "build_launch_request"]


# Without slots: `cached_property` keeps its values in the instance's dictionary.
@dataclass(frozen=True, kw_only=True)
class Built:
    """A payload and what there is to say about it. Treat `value` as frozen.

    `body` is what is sent: compact JSON of `value`. `issues` stand in the page's order. `rows`
    and `steps` tell where each sent row and step comes from, `None` standing for a step that was
    pasted as JSON.

    With `stored` rows `value` has the first of them only, and `rows` tells of none: `body` is made
    of all of them when it is asked for, `body_parts` gives it piece by piece.
    """

    value: dict[str, Any]
    issues: tuple[Issue, ...]
    rows: tuple[RowSource, ...]
    steps: tuple[StepSource | None, ...]
    stored: StoredRows | None = None

    @cached_property
    def body(self) -> bytes:
        return b"".join(self.body_parts())

    def body_parts(self) -> Iterator[bytes]:
        if self.stored is None:
            yield msgspec.json.encode(self.value)
        else:
            yield from stored_rows.body_parts(self.value, self.stored)

    @property
    def size(self) -> int:
        """The bytes of `body`."""
        if self.stored is None:
            return len(self.body)
        return stored_rows.body_size(self.value, self.stored)

    @cached_property
    def request(self) -> LaunchRequest:
        """The payload as the contract's type, without pasted steps that do not fit the type."""
        steps = [step for step in self.value["steps"] if _is_step(step)]
        return wire.from_builtins(LaunchRequest, self.value | {"steps": steps})

    @cached_property
    def fingerprint(self) -> str:
        if self.stored is not None:
            return stored_rows.fingerprint(self.value, self.stored)
        return fingerprints.fingerprint(self.value)

    @property
    def row_count(self) -> int:
        return len(self.rows) if self.stored is None else self.stored.count

    @property
    def has_errors(self) -> bool:
        return any(issue.severity == "error" for issue in self.issues)

    @property
    def errors(self) -> tuple[Issue, ...]:
        return self._issues_of("error")

    @property
    def warnings(self) -> tuple[Issue, ...]:
        return self._issues_of("warning")

    @property
    def hints(self) -> tuple[Issue, ...]:
        return self._issues_of("hint")

    def _issues_of(self, severity: Severity) -> tuple[Issue, ...]:
        return tuple(issue for issue in self.issues if issue.severity == severity)


def build_launch_request(
    workflow: Workflow,
    draft: LaunchDraft,
    accounts: KnownAccounts | None = None,
) -> Built:
    """The payload of a draft, as far as it goes, and every issue. Never raises on a draft.

    Without `accounts`, or for integrations that could not be listed, nothing is said about
    whether a chosen account exists.
    """
    findings = Findings()
    value: dict[str, Any] = {}
    _add_job_name(value, workflow, draft, findings)
    findings.end_section()
    rows: tuple[RowSource, ...] = ()
    if draft.stored is None:
        value["inputs"], rows = RowBuilder(workflow, findings).build(draft.rows)
    else:
        value["inputs"] = list(draft.stored.head)
        stored_rows.add_findings(draft.stored, findings)
        stored_rows.note_unknown(draft.stored, workflow, findings)
        stored_rows.refuse_others(draft.stored, draft.rows, findings)
    findings.end_section()
    value["steps"], steps = StepBuilder(findings, accounts).build(workflow, draft)
    findings.end_section()
    add_options(value, draft, findings)
    findings.end_section()
    return Built(
        value=value,
        issues=tuple(findings.issues),
        rows=rows,
        steps=steps,
        stored=draft.stored,
    )


def _add_job_name(
    value: dict[str, Any], workflow: Workflow, draft: LaunchDraft, findings: Findings
) -> None:
    name = findings.read(draft.job_name, "text", path=("job_name",), label="Job name")
    if name is not UNSET:
        value["job_name"] = name
    if name is not UNSET and has_value(name):
        return
    severity: Severity = "warning" if has_schedule(draft) else "hint"
    message = f"No job name: the job is called “{workflow.name}”, like the workflow."
    if severity == "warning":
        message += " A repeat schedule is removed by its job name, so give it one of its own."
    findings.add(severity, "no-job-name", path=("job_name",), message=message)


def _is_step(step: Any) -> bool:
    try:
        wire.from_builtins(StepLaunch, step)
    except wire.WireError:
        return False
    return True
