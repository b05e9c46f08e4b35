"""The launch form: posted fields → a draft. Its fields come from the workflow, not from us.

Not a `django.forms.Form`: the fields are as many as the rows times the keys, a draft keeps
whatever was typed, and building hundreds of field objects would cost more than the whole
preview. Field names are those of `playground.web.launches.field_names`.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

from django.http import QueryDict

from playground.contract.workflows import Step, Workflow
from playground.payload.drafts import BLANK, KINDS, Entry, LaunchDraft, RowDraft, StepDraft
from playground.payload.edit.trials import MOST_ROWS
from playground.web import http
from playground.web.launches import field_names

TOKEN = "launch_token"  # noqa: S105
RELAUNCH_OF = "relaunch_of"
PASTED = "pasted"
ACTION = "action"
CHECK_AGAIN = "check-again"
NEW_COLUMN = "new_column"
OVERRIDE_REASON = "override_reason"
LONGEST_REASON = 500
TRIAL_ROWS = "trial_rows"
TRIAL_ON = "trial_on"
USUAL_TRIAL_ROWS = 3
LONGEST_KEY = 200

_CELL = re.compile(r"inputs-([0-9]{1,6})(?:-(.*))?", re.DOTALL)


class LaunchForm:
    """What one form post says. `to_draft` cannot fail; `token` is None when it is unusable."""

    def __init__(self, workflow: Workflow, data: QueryDict) -> None:
        self.workflow = workflow
        self.data = data

    @property
    def token(self) -> uuid.UUID | None:
        return http.posted_token(self.data, TOKEN)

    @property
    def relaunch_of(self) -> int | None:
        text = self.data.get(RELAUNCH_OF, "")
        return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None

    @property
    def pasted(self) -> str:
        return self.data.get(PASTED, "")

    @property
    def action(self) -> str:
        """Which button was pressed, with what it is about behind a colon."""
        return self.data.get(ACTION, "")

    @property
    def new_column(self) -> str:
        return self.data.get(NEW_COLUMN, "")[:LONGEST_KEY]

    @property
    def override_reason(self) -> str:
        """Why to launch what preflight stops; empty when nobody asked for that."""
        return self.data.get(OVERRIDE_REASON, "").strip()[:LONGEST_REASON]

    @property
    def trial_rows(self) -> int:
        """How many rows to try, within bounds; the usual number when it is nonsense."""
        text = self.data.get(TRIAL_ROWS, "").strip()
        count = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else USUAL_TRIAL_ROWS
        return min(max(count, 1), MOST_ROWS)

    @property
    def is_trial_on_sandbox(self) -> bool:
        return self.data.get(TRIAL_ON) == "sandbox"

    def to_draft(self) -> LaunchDraft:
        return LaunchDraft(
            job_name=self._entry(field_names.JOB_NAME),
            rows=self._rows(),
            steps={step.step_uid: self._step(step) for step in self.workflow.ordered_steps},
            unstructure_meta=self._entry(field_names.UNSTRUCTURE_META),
            schedule_type=self._entry(field_names.SCHEDULE_TYPE),
            schedule_value=self._entry(field_names.SCHEDULE_VALUE),
            schedule_extra=self._entry(field_names.SCHEDULE_EXTRA),
            delay=self._entry(field_names.DELAY),
            extra=self._entry(field_names.EXTRA),
            unknown_steps=self._entry(field_names.UNKNOWN_STEPS),
        )

    def _entry(self, name: str) -> Entry:
        text = self.data.get(name, "")
        kind = self.data.get(field_names.kind(name), "auto")
        if not text and kind == "auto":
            return BLANK
        # A text area is posted with CR LF wherever its text has LF.
        return Entry(text.replace("\r\n", "\n"), kind if kind in KINDS else "auto")

    def _rows(self) -> tuple[RowDraft, ...]:
        entries: dict[int, dict[str, Entry]] = {}
        kept: set[int] = set()
        for name in self.data:
            found = _CELL.fullmatch(name)
            if not found:
                continue
            cells = entries.setdefault(int(found[1]), {})
            if found[2] is None:
                kept.add(int(found[1]))
            else:
                cells[found[2]] = self._entry(name)
        return tuple(
            RowDraft(number=number, entries=cells, is_kept=number in kept)
            for number, cells in sorted(entries.items())
        )

    def _step(self, step: Step) -> StepDraft:
        uid = step.step_uid
        return StepDraft(
            step_uid=uid,
            is_left_out=field_names.left_out(uid) in self.data,
            accounts=tuple(
                account for account in self.data.getlist(field_names.accounts(uid)) if account
            ),
            rotation=self._entry(field_names.rotation(uid)),
            parameters=self._parameters(step),
            output_column=self._entry(field_names.output_column(uid)),
            extra=self._entry(field_names.step_extra(uid)),
        )

    def _parameters(self, step: Step) -> Mapping[str, Entry]:
        prefix = field_names.parameter(step.step_uid, "")
        names = [parameter.name for parameter in step.parameters]
        others = [name.removeprefix(prefix) for name in self.data if name.startswith(prefix)]
        return {name: self._entry(prefix + name) for name in dict.fromkeys([*names, *others])}
