"""The launch form: posted fields → a draft. Its fields come from the workflow, not from us.

Not a `django.forms.Form`: the fields are as many as the rows times the keys, a draft keeps
whatever was typed, and building hundreds of field objects would cost more than the whole
preview. Field names are those of `playground.web.launches.field_names`.
"""

from __future__ import annotations

import dataclasses
import re
import uuid
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from playground.contract.workflows import Step, Workflow
from playground.payload.build import moments
from playground.payload.drafts import BLANK, KINDS, Entry, LaunchDraft, RowDraft, StepDraft
from playground.payload.edit import carrying
from playground.payload.edit.carrying import Carried
from playground.payload.edit.paste.secrets import may_hold_credentials
from playground.payload.edit.trials import MOST_ROWS
from playground.services.launches import preflight, stored_rows
from playground.services.launches.seen import Seen
from playground.services.permissions import Person
from playground.services.workflows import lookup as workflow_lookup
from playground.web import http
from playground.web.launches import field_names, posted, seen

TOKEN = "launch_token"  # noqa: S105
RELAUNCH_OF = "relaunch_of"
PASTED, PASTED_OF = "pasted", "pasted_of"
ACTION = "action"
EDITED, EDITED_OF = "edited", "edited_of"
CHECK_AGAIN = "check-again"
SHOW_PARAMETER = "show-parameter"
NEW_COLUMN = "new_column"
SET_ASIDE, SELECTED = "set_aside", "selected"
FILE, SHEET = "file", "sheet"
ROW_SET, ROW_SET_VERSION = "row_set", "row_set_version"
CELLS, CELLS_HTML, CELLS_AT = "cells", "cells_html", "cells_at"
SPLIT_ROWS, WAIT_FOR_CAPACITY = "split_rows", "wait_for_capacity"
OVERRIDE_REASON = "override_reason"
LONGEST_REASON = 500
TRIAL_ROWS = "trial_rows"
TRIAL_ON = "trial_on"
USUAL_TRIAL_ROWS = 3
LONGEST_KEY = 200

_CELL = re.compile(r"inputs-([0-9]{1,6})(?:-(.*))?", re.DOTALL)
# A field of a step that the workflow does not have: where its UID ends is told by what follows.
_OF_STEP = re.compile(
    r"steps-(.{1,200}?)-(?:accounts|accounts_rotation_enabled|output_column|extra|left_out"
    r"|parameters-(.*))",
    re.DOTALL,
)
# While somebody types into a form of a workflow that has changed, it is asked about this often,
# in seconds.
_MAX_AGE_OF_NEWS = 5.0
_CHANGED = "The workflow has changed. How it was cannot be told any more: look the form over."


class LaunchForm:
    """What one form post says. `to_draft` cannot fail; `token` is None when it is unusable.

    `workflow` is as it is now. A form that was made for it as it was is read as such, and its
    draft carried over: `changes` say what differs. No field of a step is dropped, whatever
    workflow it is of.
    """

    def __init__(
        self,
        workflow: Workflow,
        data: QueryDict,
        user: Person,
        file: UploadedFile[Any] | None = None,
    ) -> None:
        """`user` is whose rows are found, `file` one of rows that came along, if any."""
        self.workflow = workflow
        self.data = data
        self.user = user
        self.file = file

    @property
    def changes(self) -> tuple[str, ...]:
        """What has changed in the workflow since the form was made, a sentence each."""
        return self._carried.changes

    @property
    def seen(self) -> Seen:
        """What the page showed that this form comes from."""
        return Seen(
            relaunch_of=self.relaunch_of,
            launches=seen.newest_launch_seen(self.data),
            before=self._before if self.changes else None,
            changes=self.changes,
        )

    @property
    def token(self) -> uuid.UUID | None:
        return http.posted_token(self.data, TOKEN)

    @property
    def relaunch_of(self) -> int | None:
        text = self.data.get(RELAUNCH_OF, "")
        return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None

    @property
    def pasted_of(self) -> str:
        """The name under which the payload is kept that was pasted into the form, if any."""
        return self.data.get(PASTED_OF, "")

    @property
    def pasted(self) -> str:
        return self.data.get(PASTED, "")

    @cached_property
    def pasted_to_show(self) -> str:
        """The same for a page, unless it may hold what signs somebody in."""
        return "" if may_hold_credentials(self.pasted) else self.pasted

    @property
    def is_pasted_hidden(self) -> bool:
        return self.pasted_to_show != self.pasted

    @property
    def edited(self) -> str | None:
        """The payload as it was edited as text, whose line ends browsers change; None where it is
        not edited."""
        text = self.data.get(EDITED)
        return None if text is None else text.replace("\r\n", "\n")

    @property
    def edited_of(self) -> str:
        """The mark of the text that the form was last like."""
        return self.data.get(EDITED_OF, "")

    @property
    def action(self) -> str:
        """Which button was pressed, with what it is about behind a colon."""
        return self.data.get(ACTION, "")

    @property
    def new_column(self) -> str:
        """The key of another column; empty when it is too long for one."""
        key = self.data.get(NEW_COLUMN, "")
        return key if len(key) <= LONGEST_KEY else ""

    @property
    def shown_parameters(self) -> frozenset[str]:
        """Names of the parameters' fields that the page is to have, whatever is in them: those
        that it had, and one that was asked for."""
        shown = set(self._of_parameters)
        action, _, step_uid = self.action.partition(":")
        name = self.data.get(field_names.more_parameters(step_uid), "").strip()
        if action == SHOW_PARAMETER and 0 < len(name) <= LONGEST_KEY:
            shown.add(field_names.parameter(step_uid, name))
        return frozenset(shown)

    @property
    def account_filters(self) -> dict[str, str]:
        """What the accounts of each step are filtered by: step UID → text."""
        prefix = field_names.account_filter("")
        return {
            name.removeprefix(prefix): text
            for name in self.data
            if name.startswith(prefix) and (text := self.data.get(name, "").strip())
        }

    @property
    def selected(self) -> frozenset[str]:
        """The numbers of the rows that are ticked."""
        return frozenset(self.data.getlist(SELECTED))

    @property
    def row_set(self) -> int | None:
        """The number of the rows that are kept on the server and stand for the inputs."""
        text = self.data.get(ROW_SET, "").strip()
        return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None

    @property
    def have_rows_changed(self) -> bool:
        """Whether the kept rows are others than the page showed."""
        seen, stored = self.data.get(ROW_SET_VERSION, ""), self.to_draft().stored
        return bool(seen and stored and not stored.problem and seen != str(stored.version))

    @property
    def cells(self) -> str:
        """Rows as they were copied from a spreadsheet, whose line ends browsers change."""
        return self.data.get(CELLS, "").replace("\r\n", "\n")

    @property
    def has_rows_to_fill_in(self) -> bool:
        """Copied rows, or the name of a file, that nobody filled in: they are in no payload."""
        return bool(self.cells.strip() or self.data.get(FILE, "").strip() or self.file)

    @cached_property
    def file_bytes(self) -> bytes:
        """What is in the file; nothing without one."""
        return self.file.read() if self.file else b""

    @property
    def sheet(self) -> str:
        """Which sheet of a spreadsheet is meant; blank for the first."""
        return self.data.get(SHEET, "").strip()[:LONGEST_KEY]

    @property
    def cells_html(self) -> str:
        """The same as HTML, as far as it came along."""
        return self.data.get(CELLS_HTML, "")

    @property
    def cells_at(self) -> tuple[str, str]:
        """Number and key of the cell into which they were pasted; empty where there is none."""
        found = _CELL.fullmatch(self.data.get(CELLS_AT, ""))
        return (str(int(found[1])), found[2] or "") if found else ("", "")

    @property
    def override_reason(self) -> str:
        """Why to launch what preflight stops; empty when nobody asked for that."""
        return self.data.get(OVERRIDE_REASON, "").strip()[:LONGEST_REASON]

    @property
    def split_rows(self) -> int | None:
        """How many rows each of several launches is to have; None for a single one."""
        text = self.data.get(SPLIT_ROWS, "").replace(",", "").strip()
        return max(1, int(text)) if re.fullmatch(r"[0-9]{1,9}", text) else None

    @property
    def waits_for_capacity(self) -> bool:
        return WAIT_FOR_CAPACITY in self.data

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
        return self._draft

    @cached_property
    def _draft(self) -> LaunchDraft:
        draft = self._carried.draft
        if self.row_set is None:
            return draft
        stored = stored_rows.find(self.user, self.row_set, self.workflow)
        return dataclasses.replace(draft, stored=stored)

    @cached_property
    def _carried(self) -> Carried:
        if seen.is_same_workflow(self.data.get(seen.WORKFLOW_SEEN, ""), self.workflow):
            return Carried(draft=self._draft_of(self.workflow))
        if self._before is None:
            return Carried(draft=self._draft_of(self.workflow), changes=(_CHANGED,))
        before, draft = self._before
        return carrying.carry_over(before, self.workflow, draft)

    @cached_property
    def _before(self) -> tuple[Workflow, LaunchDraft] | None:
        """The workflow that the form was made for, and its draft then."""
        before = seen.unpack_workflow(self.data.get(seen.WORKFLOW_SEEN, ""))
        return (before, self._draft_of(before)) if before else None

    def _draft_of(self, workflow: Workflow) -> LaunchDraft:
        steps = {step.step_uid: self._step(step) for step in workflow.ordered_steps}
        for uid, names in self._foreign_steps(workflow).items():
            steps[uid] = self._step_draft(uid, names)
        delay = self._entry(field_names.DELAY)
        draft = LaunchDraft(
            job_name=self._entry(field_names.JOB_NAME),
            rows=self._rows(),
            steps=steps,
            unstructure_meta=self._entry(field_names.UNSTRUCTURE_META),
            schedule_type=self._entry(field_names.SCHEDULE_TYPE),
            schedule_value=self._entry(field_names.SCHEDULE_VALUE),
            schedule_extra=self._entry(field_names.SCHEDULE_EXTRA),
            delay=delay,
            now=timezone.now() if moments.is_like(delay.text) else None,
            extra=self._entry(field_names.EXTRA),
            unknown_steps=self._entry(field_names.UNKNOWN_STEPS),
        )
        return carrying.keep_foreign_steps(workflow, draft)

    def _foreign_steps(self, workflow: Workflow) -> dict[str, list[str]]:
        """Steps that have fields here and are not the workflow's: UID → names of parameters."""
        known = tuple(field_names.step(f"{step.step_uid}-") for step in workflow.steps)
        names: dict[str, list[str]] = {}
        for name in self.data:
            if name.startswith("steps-") and not (known and name.startswith(known)):
                found = _OF_STEP.fullmatch(name)
                if found:
                    of_step = names.setdefault(found[1], [])
                    of_step.extend([found[2]] if found[2] else ())
        return names

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
        aside = set(self.data.getlist(SET_ASIDE))
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
            RowDraft(
                number=number,
                entries=cells,
                is_kept=number in kept,
                is_set_aside=str(number) in aside,
            )
            for number, cells in sorted(entries.items())
        )

    @cached_property
    def _of_parameters(self) -> tuple[str, ...]:
        """The names among which each step looks for its own: one walk through all, not one each."""
        return tuple(name for name in self.data if "-parameters-" in name)

    def _step(self, step: Step) -> StepDraft:
        prefix = field_names.parameter(step.step_uid, "")
        names = [parameter.name for parameter in step.parameters]
        others = [name[len(prefix) :] for name in self._of_parameters if name.startswith(prefix)]
        return self._step_draft(step.step_uid, dict.fromkeys([*names, *others]))

    def _step_draft(self, uid: str, parameters: Iterable[str]) -> StepDraft:
        return StepDraft(
            step_uid=uid,
            is_left_out=field_names.left_out(uid) in self.data,
            accounts=tuple(
                account for account in self.data.getlist(field_names.accounts(uid)) if account
            ),
            rotation=self._entry(field_names.rotation(uid)),
            parameters={name: self._entry(field_names.parameter(uid, name)) for name in parameters},
            output_column=self._entry(field_names.output_column(uid)),
            extra=self._entry(field_names.step_extra(uid)),
        )


def read_form(
    request: HttpRequest,
    workflow_uid: str,
    find: Callable[[str], Workflow] = workflow_lookup.get_known_workflow,
) -> LaunchForm:
    """The form that was posted. Where it was made for another workflow than the one that this
    process knows, it may be this process that is behind: the upstream is asked then.

    Raises `UnableToReachUpstream` when nothing is known of the workflow, `UnableToReadPayload` for
    a form that is too large or whose kept values are gone.
    """
    workflow = find(workflow_uid)
    data = posted.read_fields(request, workflow)
    form = LaunchForm(workflow, data, request.user, _file_of(request))
    if not form.changes:
        return form
    newest = workflow_lookup.look_again(
        workflow_uid, max_age=_MAX_AGE_OF_NEWS, seconds=preflight.PATIENCE
    )
    return LaunchForm(newest, data, request.user, form.file)


def _file_of(request: HttpRequest) -> UploadedFile[Any] | None:
    """A browser sends an empty one where none was chosen."""
    file = request.FILES.get(FILE)
    return file if isinstance(file, UploadedFile) and file.name else None
