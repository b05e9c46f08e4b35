"""The playground page: everything that it shows, made from a draft and what was found of it."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from playground.contract.launches import META_KEY, SCHEDULE_TYPES
from playground.contract.workflows import Input, Workflow
from playground.models import Launch
from playground.payload.build import moments
from playground.payload.drafts import BLANK, Entry, LaunchDraft, RowDraft
from playground.payload.edit.repairs import Repair
from playground.payload.paths import Path
from playground.payload.show.origins import Base, Origins
from playground.payload.texts import shorten
from playground.services import permissions
from playground.services.accounts import owners as owner_lookup
from playground.services.launches import origins, preflight, preview, repairs
from playground.services.launches.preflight import Check
from playground.services.launches.preview import Preview
from playground.services.ledger import history
from playground.services.workflows import lookup as workflow_lookup
from playground.services.workflows.lookup import TestInput
from playground.web.context_processor import api_base_url
from playground.web.field_ids import field_id
from playground.web.json_html import Link, payload_html
from playground.web.launches import (
    accounts,
    draft_line,
    edits,
    field_names,
    form_fields,
    json_editor,
    kept,
    preset_base,
    relaunch,
    seen,
    steps,
)
from playground.web.launches.accounts import AccountsLook
from playground.web.launches.draft_line import DraftLine
from playground.web.launches.field_names import FieldNames
from playground.web.launches.fields import (
    LONGEST_HELP,
    LONGEST_PLACEHOLDER,
    FieldContext,
    Look,
    Problems,
    boolean_choices,
    by_field,
    make_field,
)
from playground.web.launches.form import (
    LONGEST_KEY,
    NEW_COLUMN,
    OVERRIDE_REASON,
    SPLIT_ROWS,
    TRIAL_ROWS,
    USUAL_TRIAL_ROWS,
    LaunchForm,
)
from playground.web.launches.json_editor import Editor
from playground.web.launches.kept import KeptEntry
from playground.web.launches.preflight_panel import PreflightContext
from playground.web.launches.steps import Around, StepContext

# The template's number for the row that JavaScript copies.
NEW_ROW = "__row__"
# Copied rows that could not be filled in come back as they were, up to this many characters.
LONGEST_CELLS = 20_000

_SCHEDULE_VALUE = Look(placeholder="3")
_SCHEDULE_TYPE = Look(choices=(("", "never"), *((unit, unit) for unit in SCHEDULE_TYPES)))
_DELAY = Look(placeholder="0", help=f"Seconds, or when it starts: {moments.EXAMPLE}.")
_UNSTRUCTURE_META = Look(
    choices=boolean_choices("false by default"),
    help="unstructure_meta: meta comes back as columns of its own.",
)
_EXTRA = Look(is_area=True, placeholder="{}", help="A JSON object; its keys are sent beside ours.")
_JSON = Look(is_area=True)
_UNKNOWN_STEPS = Look(
    is_area=True, help="Kept from the pasted payload. Empty the field to drop them."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnContext:
    """One input key, with what the workflow says about it."""

    key: str
    id: str
    is_required: bool
    note: str
    help: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowContext:
    """A row of cells. `number` is the one in their names, `position` the one that is shown."""

    id: str
    number: str
    position: str
    cells: tuple[FieldContext, ...]
    is_kept: bool = False
    is_set_aside: bool = False
    name: str = ""

    @property
    def put_back_id(self) -> str:
        return edits.put_back_id(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedRows:
    """The box for copied rows: what waits in it, what became of those that were filled in, and
    whether that can be taken back."""

    cells: str = ""
    sheet: str = ""
    notice: str = ""
    can_undo: bool = False

    @classmethod
    def of(cls, form: LaunchForm) -> CopiedRows:
        """What waits in the form's box, unless it is too long to be shown again."""
        cells = form.cells if len(form.cells) <= LONGEST_CELLS else ""
        return cls(cells=cells, sheet=form.sheet)


NOTHING_COPIED = CopiedRows()


@dataclass(frozen=True, slots=True, kw_only=True)
class Splitting:
    """Whether a launch is to be several, of how many rows each as it was typed, and whether they
    wait while the plan is full."""

    rows: str = ""
    waits: bool = False

    @classmethod
    def of(cls, form: LaunchForm) -> Splitting:
        return cls(rows=form.data.get(SPLIT_ROWS, "")[:LONGEST_KEY], waits=form.waits_for_capacity)

    @property
    def is_open(self) -> bool:
        return bool(self.rows.strip()) or self.waits


NOT_SPLIT = Splitting()
NO_LINE = DraftLine()
_SINCE = "this page showed it"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledIn:
    """What was pasted is in the form: what there is to know of it, what the button does that takes
    it back, empty where the form was as it begins, and the workflow that it is of, where that is
    another one."""

    notices: tuple[str, ...] = ()
    undo: str = ""
    elsewhere: Workflow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchPage:
    """Everything the playground page shows on its left side."""

    workflow: Workflow
    token: str
    relaunch_of: str
    workflow_seen: str
    launches_seen: str
    job_name: FieldContext
    columns: tuple[ColumnContext, ...]
    rows: tuple[RowContext, ...]
    new_row: RowContext
    steps: tuple[StepContext, ...]
    schedule: tuple[FieldContext, ...]
    other: tuple[FieldContext, ...]
    test_inputs: tuple[TestInput, ...] = ()
    sentence: str = ""
    notice: str = ""
    changes: tuple[str, ...] = ()
    asks: bool = False
    copied: CopiedRows = NOTHING_COPIED
    new_column: str = ""
    pasted: Entry = BLANK
    pasted_problem: str = ""
    filled: FilledIn | None = None
    trial_rows: str = ""
    splitting: Splitting = NOT_SPLIT
    override_reason: str = ""
    kept: str = ""
    focus: str = ""
    begun: PageState | None = None

    @property
    def pasted_note(self) -> str:
        """Said of it where the page shows only its beginning."""
        return self.pasted.note if isinstance(self.pasted, KeptEntry) else ""

    @property
    def column_ideas(self) -> tuple[str, ...]:
        """Keys that could be added: other names of the workflow's keys, and the caller's own."""
        shown = {column.key for column in self.columns}
        ideas = dict.fromkeys((META_KEY, *(name for one in self.columns for name in one.aliases)))
        return tuple(idea for idea in ideas if idea not in shown)

    @property
    def has_rows(self) -> bool:
        """Whether there are rows in fields that could be kept as a table."""
        return any(cell.text or cell.is_odd for row in self.rows for cell in row.cells)

    @property
    def has_schedule(self) -> bool:
        return any(one.text or one.is_odd for one in self.schedule)

    @property
    def has_other(self) -> bool:
        return any(one.text or one.is_odd for one in self.other)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """What the page carries beside the draft: what its form carried, and what is said of it.

    Without a `token` the form gets a new one: it was not used yet, or a launch came of it.
    `sentence` is what went wrong, `notice` what there is to know, `launch` what was recorded;
    `launches_seen` is the number of the newest launch that the page knew of;
    `changes` are those of the workflow that the form was carried over; with `asks` another press
    of the button is the answer to the sentence;
    `check` is the one that refused the launch, so that what it found stands beside the fields.
    `shown_parameters` names fields that a page shows which does not show those of all parameters.
    `focus` is the id of what gets the focus, `account_filters` what each step's accounts are
    looked through for, `owners` who owns which account (account UID → name).
    `recorded` is the launch whose payload the page begins with, `kept` names the long values that
    the page does not carry, `pasted_of` the payload that was pasted. `editor` is the payload as
    text, while it is edited. `preset` is the number of the one that the form began with, by itself
    if it `is_default`; `line` says what is kept of the form, `since` since when the workflow has
    changed; with `wants_repairs` the page proposes some.
    """

    token: uuid.UUID | None = None
    relaunch_of: int | None = None
    pasted_of: str = ""
    new_column: str = ""
    copied: CopiedRows = NOTHING_COPIED
    pasted: Entry = BLANK
    filled: FilledIn | None = None
    trial_rows: str = ""
    splitting: Splitting = NOT_SPLIT
    override_reason: str = ""
    kept: str = ""
    shown_parameters: frozenset[str] = frozenset()
    recorded: int | None = None
    sentence: str = ""
    notice: str = ""
    focus: str = ""
    account_filters: Mapping[str, str] = dataclasses.field(default_factory=dict)
    owners: Mapping[str, str] = dataclasses.field(default_factory=dict)
    changes: tuple[str, ...] = ()
    asks: bool = False
    launches_seen: int = 0
    pasted_problem: str = ""
    launch: Launch | None = None
    check: Check | None = None
    editor: Editor | None = None
    preset: int | None = None
    line: DraftLine = NO_LINE
    since: str = _SINCE
    wants_repairs: bool = False
    repairs: tuple[Repair, ...] = ()
    is_default: bool = False

    @classmethod
    def carried(cls, form: LaunchForm) -> PageState:
        """What was posted comes back as it was."""
        return cls(
            token=form.token,
            relaunch_of=form.relaunch_of,
            pasted_of=form.pasted_of,
            changes=form.changes,
            launches_seen=form.seen.launches or 0,
            account_filters=form.account_filters,
            new_column=form.data.get(NEW_COLUMN, ""),
            copied=CopiedRows.of(form),
            pasted=Entry(form.pasted_to_show),
            trial_rows=form.data.get(TRIAL_ROWS, ""),
            splitting=Splitting.of(form),
            shown_parameters=form.shown_parameters,
            override_reason=form.data.get(OVERRIDE_REASON, ""),
            preset=form_fields.preset_in(form.data),
            line=draft_line.carried(form.user, form.workflow, form.data),
        )

    def after_edit(self, edited: edits.Edited) -> PageState:
        """What a button took into the rows does not wait any more."""
        cells = "" if edited.are_filled_in else self.copied.cells
        return replace(
            self,
            focus=edited.focus,
            notice=edited.notice,
            wants_repairs=edited.is_repaired,
            new_column="" if edited.is_column_made else self.new_column,
            copied=replace(
                self.copied, cells=cells, notice=edited.rows_notice, can_undo=edited.can_undo
            ),
        )


def show_page(
    request: HttpRequest,
    workflow: Workflow,
    draft: LaunchDraft,
    state: PageState,
    *,
    status: int = 200,
) -> HttpResponse:
    """The whole page for a draft."""
    # Before they are looked at: what comes between is asked about, and not passed over.
    newest = state.launches_seen if state.check else history.newest_number()
    keep = kept.keep_as_launched(state.recorded) if state.recorded else kept.keep_for(request.user)
    folded = kept.fold(draft, state.pasted, keep)
    state = dataclasses.replace(state, launches_seen=newest, pasted=folded.pasted, kept=folded.kept)
    check = state.check or preflight.check_launch(
        request.user, workflow, draft, now=timezone.now(), patience=preflight.PAGE_PATIENCE
    )
    if accounts.are_many(workflow, check):
        owners = owner_lookup.name_owners(request.user, seconds=preflight.PAGE_PATIENCE)
        state = dataclasses.replace(state, owners=owners)
    if state.wants_repairs:
        state = dataclasses.replace(state, repairs=repairs.find(workflow, draft))
    shown = preview.show_launch(workflow, check.built, base_url=api_base_url(request))
    bases = origins.bases_of(
        request.user,
        workflow,
        launch=state.relaunch_of,
        pasted=state.pasted_of,
        others=preset_base.base_of(request.user, workflow, state.preset),
    )
    context = preview_context(workflow, draft, shown, bases) | {
        "form": launch_page(workflow, folded.draft, check, state),
        "launch": state.launch,
        "relaunch": relaunch.of(request, workflow, state.relaunch_of, check.built),
        "pasted_of": state.pasted_of,
        "editor": json_editor.filled(state.editor, check.built),
        "may_override": permissions.can(request.user, "override preflight", workflow.uid),
        "preflight": PreflightContext.of(check, FieldNames(draft, check.built)),
    }
    return render(request, "launches/new.html", context, status=status)


def preview_context(
    workflow: Workflow, draft: LaunchDraft, shown: Preview, bases: Sequence[Base]
) -> dict[str, object]:
    """What the right pane shows; `bases` are what its form began with."""
    names, found = FieldNames(draft, shown.built), Origins(shown.built, bases)

    def link_of(path: Path) -> Link | None:
        link = names.link_of(path)
        if link is None or (shown.built.stored is not None and path[0] == "inputs"):
            return link
        origin = found.of(path)
        return Link(link.field_id, f"{link.label} · {origin}") if origin else link

    return {
        "workflow": workflow,
        "preview": shown,
        "built": shown.built,
        "payload_html": payload_html(shown.lines, link_of),
    }


def launch_page(
    workflow: Workflow, draft: LaunchDraft, check: Check, state: PageState
) -> LaunchPage:
    """The page's left side for a draft."""
    lines = state.check.preflight.lines if state.check else ()
    problems = by_field(lines, FieldNames(draft, check.built))
    columns = _columns(workflow, draft)
    around = _around(workflow, check, problems, state)
    return LaunchPage(
        workflow=workflow,
        token=str(state.token or uuid.uuid4()),
        relaunch_of=str(state.relaunch_of or ""),
        workflow_seen=seen.pack_workflow(workflow),
        launches_seen=str(max(state.launches_seen, check.facts.newest_launch)),
        job_name=make_field(field_names.JOB_NAME, "Job name", draft.job_name, problems),
        columns=columns,
        rows=_rows(draft, columns, problems),
        new_row=_new_row(columns),
        steps=_steps(workflow, draft, around),
        schedule=_schedule(draft, problems),
        other=tuple(_other(draft, problems)),
        test_inputs=workflow_lookup.find_test_inputs(),
        sentence=state.sentence,
        notice=state.notice,
        copied=state.copied,
        changes=state.changes,
        asks=state.asks,
        new_column=state.new_column,
        focus=state.focus,
        pasted=state.pasted,
        kept=state.kept,
        pasted_problem=state.pasted_problem,
        filled=state.filled,
        trial_rows=state.trial_rows or str(USUAL_TRIAL_ROWS),
        splitting=state.splitting,
        override_reason=state.override_reason,
        begun=state,
    )


def _steps(workflow: Workflow, draft: LaunchDraft, around: Around) -> tuple[StepContext, ...]:
    return tuple(
        steps.make_step(step, draft.step(step.step_uid), number, around)
        for number, step in enumerate(workflow.ordered_steps, start=1)
    )


def _around(workflow: Workflow, check: Check, problems: Problems, state: PageState) -> Around:
    return Around(
        check=check,
        problems=problems,
        shown=steps.fields_to_show(workflow, state.shown_parameters),
        look=AccountsLook.of(workflow, state.account_filters, state.owners),
    )


def _columns(workflow: Workflow, draft: LaunchDraft) -> tuple[ColumnContext, ...]:
    known = workflow.inputs
    typed = (key for row in draft.rows for key in row.entries)
    aliases = {name: key for key, one in known.items() for name in one.aliases}
    return tuple(_column(key, known.get(key), aliases) for key in dict.fromkeys((*known, *typed)))


def _note(key: str, aliases: Mapping[str, str]) -> str:
    if key == META_KEY:
        return "JSON, comes back with the row"
    return f"stands for {aliases[key]}" if key in aliases else "not a key here"


def _column(key: str, known: Input | None, aliases: Mapping[str, str]) -> ColumnContext:
    return ColumnContext(
        key=key,
        id=field_id(f"column-{key}"),
        is_required=known is not None and known.is_required,
        note=_note(key, aliases) if known is None else "",
        help=shorten(known.help or "", LONGEST_HELP) if known else "",
        aliases=known.aliases if known else (),
    )


def _rows(
    draft: LaunchDraft, columns: tuple[ColumnContext, ...], problems: Problems
) -> tuple[RowContext, ...]:
    return tuple(
        _row(row, columns, position, problems)
        for position, row in enumerate(draft.rows, start=1)
        if columns or row.is_kept or row.is_set_aside
    )


def _row(
    row: RowDraft, columns: tuple[ColumnContext, ...], position: int, problems: Problems
) -> RowContext:
    return RowContext(
        id=field_id(field_names.row(row.number)),
        number=str(row.number),
        position=str(position),
        name=field_names.row(row.number),
        is_kept=row.is_kept,
        is_set_aside=row.is_set_aside,
        cells=tuple(
            make_field(
                field_names.input_cell(row.number, column.key),
                f"{column.key}, row {position}",
                row.entries.get(column.key, BLANK),
                problems,
                _cell_look(column),
            )
            for column in columns
        ),
    )


def _cell_look(column: ColumnContext) -> Look:
    return Look(
        placeholder=shorten(column.help, LONGEST_PLACEHOLDER), is_required=column.is_required
    )


def _new_row(columns: tuple[ColumnContext, ...]) -> RowContext:
    row_name = f"{field_names.INPUTS}-{NEW_ROW}"
    cells = tuple(
        make_field(
            f"{row_name}-{column.key}",
            f"{column.key}, row {NEW_ROW}",
            BLANK,
            {},
            _cell_look(column),
        )
        for column in columns
    )
    return RowContext(id=field_id(row_name), number=NEW_ROW, position=NEW_ROW, cells=cells)


def _schedule(draft: LaunchDraft, problems: Problems) -> tuple[FieldContext, ...]:
    return (
        make_field(
            field_names.SCHEDULE_VALUE,
            "Repeat every",
            draft.schedule_value,
            problems,
            _SCHEDULE_VALUE,
        ),
        make_field(
            field_names.SCHEDULE_TYPE, "unit", draft.schedule_type, problems, _SCHEDULE_TYPE
        ),
        delay_field(draft.delay, problems),
    )


def delay_field(entry: Entry, problems: Problems) -> FieldContext:
    return make_field(field_names.DELAY, "Start after, or at", entry, problems, _DELAY)


def _other(draft: LaunchDraft, problems: Problems) -> Iterator[FieldContext]:
    label = "Spread meta over the results"
    yield make_field(
        field_names.UNSTRUCTURE_META, label, draft.unstructure_meta, problems, _UNSTRUCTURE_META
    )
    yield make_field(field_names.EXTRA, "Other keys of the payload", draft.extra, problems, _EXTRA)
    if draft.schedule_extra.text:
        label = "Other keys of repeat_option"
        yield make_field(field_names.SCHEDULE_EXTRA, label, draft.schedule_extra, problems, _JSON)
    if draft.unknown_steps.text:
        label = "Steps that this workflow does not have"
        yield make_field(
            field_names.UNKNOWN_STEPS, label, draft.unknown_steps, problems, _UNKNOWN_STEPS
        )
