"""The playground page's left side, made from a draft."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from playground.contract.launches import META_KEY, SCHEDULE_TYPES
from playground.contract.workflows import Input, Workflow
from playground.payload import fields
from playground.payload.drafts import BLANK, LaunchDraft, RowDraft
from playground.preflight.lines import Line
from playground.services.launches.preflight import Check
from playground.services.workflows import lookup as workflow_lookup
from playground.web.launches.contexts import ColumnContext, FieldContext, LaunchPage, RowContext
from playground.web.launches.fields import Problems, boolean_choices, by_field, make_field
from playground.web.launches.form import USUAL_TRIAL_ROWS
from playground.web.launches.steps import make_step

# The template's number for the row that JavaScript copies.
NEW_ROW = "__row__"


def launch_page(
    workflow: Workflow,
    draft: LaunchDraft,
    check: Check,
    *,
    lines: Iterable[Line] = (),
    token: uuid.UUID | None = None,
    relaunch_of: int | None = None,
    sentence: str = "",
    notice: str = "",
    pasted: str = "",
    pasted_problem: str = "",
    trial_rows: str = "",
    override_reason: str = "",
) -> LaunchPage:
    """The page for a draft. Without a `token` it gets a new one: the form was not used yet."""
    problems = by_field(lines)
    columns = _columns(workflow, draft)
    return LaunchPage(
        workflow=workflow,
        token=str(token or uuid.uuid4()),
        relaunch_of=str(relaunch_of or ""),
        job_name=make_field(fields.JOB_NAME, "Job name", draft.job_name, problems),
        columns=columns,
        rows=tuple(
            _row(row, columns, position, problems)
            for position, row in enumerate(draft.rows, start=1)
            if columns or row.is_kept
        ),
        new_row=_new_row(columns),
        steps=tuple(
            make_step(step, draft.step(step.step_uid), number, check, problems)
            for number, step in enumerate(workflow.ordered_steps, start=1)
        ),
        schedule=_schedule(draft, problems),
        other=_other(draft, problems),
        test_inputs=workflow_lookup.find_test_inputs(),
        sentence=sentence,
        notice=notice,
        pasted=pasted,
        pasted_problem=pasted_problem,
        trial_rows=trial_rows or str(USUAL_TRIAL_ROWS),
        override_reason=override_reason,
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
        id=fields.field_id(f"column-{key}"),
        is_required=known is not None and known.is_required,
        note=_note(key, aliases) if known is None else "",
        help=(known.help or "") if known else "",
        aliases=known.aliases if known else (),
    )


def _row(
    row: RowDraft, columns: tuple[ColumnContext, ...], position: int, problems: Problems
) -> RowContext:
    return RowContext(
        id=fields.field_id(fields.row(row.number)),
        number=str(row.number),
        name=fields.row(row.number),
        is_kept=row.is_kept,
        cells=tuple(
            make_field(
                fields.input_cell(row.number, column.key),
                f"Row {position}, {column.key}",
                row.entries.get(column.key, BLANK),
                problems,
                placeholder=column.help,
            )
            for column in columns
        ),
    )


def _new_row(columns: tuple[ColumnContext, ...]) -> RowContext:
    row_name = f"{fields.INPUTS}-{NEW_ROW}"
    cells = tuple(
        make_field(
            f"{row_name}-{column.key}",
            f"New row, {column.key}",
            BLANK,
            {},
            placeholder=column.help,
        )
        for column in columns
    )
    return RowContext(id=fields.field_id(row_name), number=NEW_ROW, cells=cells)


def _schedule(draft: LaunchDraft, problems: Problems) -> tuple[FieldContext, ...]:
    units = tuple((unit, unit) for unit in SCHEDULE_TYPES)
    return (
        make_field(
            fields.SCHEDULE_VALUE, "Repeat every", draft.schedule_value, problems, placeholder="3"
        ),
        make_field(
            fields.SCHEDULE_TYPE,
            "unit",
            draft.schedule_type,
            problems,
            choices=(("", "never"), *units),
        ),
        make_field(
            fields.DELAY,
            "Start after (seconds)",
            draft.delay,
            problems,
            placeholder="0",
            help="The job waits this long before it starts.",
        ),
    )


def _other(draft: LaunchDraft, problems: Problems) -> tuple[FieldContext, ...]:
    shown = [
        make_field(
            fields.UNSTRUCTURE_META,
            "Spread meta over the results",
            draft.unstructure_meta,
            problems,
            help="unstructure_meta: meta comes back as columns of its own.",
            choices=boolean_choices("false by default"),
        ),
        make_field(
            fields.EXTRA,
            "Other keys of the payload",
            draft.extra,
            problems,
            is_area=True,
            placeholder="{}",
            help="A JSON object; its keys are sent beside ours.",
        ),
    ]
    if draft.schedule_extra.text:
        shown.append(
            make_field(
                fields.SCHEDULE_EXTRA,
                "Other keys of repeat_option",
                draft.schedule_extra,
                problems,
                is_area=True,
            )
        )
    if draft.unknown_steps.text:
        shown.append(
            make_field(
                fields.UNKNOWN_STEPS,
                "Steps that this workflow does not have",
                draft.unknown_steps,
                problems,
                is_area=True,
                help="Kept from the pasted payload. Empty the field to drop them.",
            )
        )
    return tuple(shown)
