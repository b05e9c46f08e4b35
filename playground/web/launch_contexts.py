"""The launch form as its template shows it: fields with their text, in the page's order."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from playground.contract.accounts import Account
from playground.contract.launches import SCHEDULE_TYPES
from playground.contract.workflows import Input, Parameter, Step, Workflow
from playground.payload import fields, values
from playground.payload.drafts import BLANK, Entry, Kind, LaunchDraft, RowDraft, StepDraft
from playground.payload.issues import Issue
from playground.services.workflows import AccountsFound

# The template's number for the row that JavaScript copies.
NEW_ROW = "__row__"

KIND_CHOICES: tuple[tuple[Kind, str], ...] = (
    ("auto", "auto"),
    ("text", "text"),
    ("null", "null"),
    ("json", "JSON"),
)

Choices = tuple[tuple[str, str], ...]
Problems = Mapping[str, tuple[Issue, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldContext:
    """One field. `choices` make it a select; `is_area` a text area; else it is a line."""

    name: str
    id: str
    label: str
    text: str
    kind: Kind = "auto"
    kind_name: str = ""
    has_kinds: bool = False
    placeholder: str = ""
    help: str = ""
    type: str = "text"
    choices: Choices = ()
    is_area: bool = False
    issues: tuple[Issue, ...] = ()

    @property
    def is_odd(self) -> bool:
        """It is not simply read as typed: the page must show how it is meant."""
        return self.kind != "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnContext:
    """One input key, with what the workflow says about it."""

    key: str
    id: str
    is_required: bool
    is_known: bool
    help: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowContext:
    id: str
    number: str
    position: int
    cells: tuple[FieldContext, ...]
    is_kept: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChoice:
    """One account that could run the step. `account` is None when the upstream lists none such."""

    uid: str
    id: str
    account: Account | None
    is_chosen: bool

    @property
    def name(self) -> str:
        return (self.account and self.account.name) or self.uid

    @property
    def is_expired(self) -> bool:
        return self.account is not None and self.account.is_valid is False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepContext:
    number: int
    step: Step
    id: str
    accounts_name: str
    accounts_id: str
    accounts: tuple[AccountChoice, ...]
    account_problems: tuple[str, ...]
    account_issues: tuple[Issue, ...]
    rotation: FieldContext
    parameters: tuple[FieldContext, ...]
    output_column: FieldContext
    extra: FieldContext
    left_out_name: str
    is_left_out: bool

    @property
    def is_customised(self) -> bool:
        """Something below "more" is in use, so it must be open."""
        return bool(self.output_column.text or self.output_column.is_odd or self.extra.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchPage:
    """Everything the playground page shows on its left side."""

    workflow: Workflow
    token: str
    relaunch_of: str
    job_name: FieldContext
    columns: tuple[ColumnContext, ...]
    rows: tuple[RowContext, ...]
    new_row: RowContext
    steps: tuple[StepContext, ...]
    schedule: tuple[FieldContext, ...]
    other: tuple[FieldContext, ...]
    sentence: str = ""
    pasted: str = ""
    pasted_problem: str = ""
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def has_schedule(self) -> bool:
        return any(one.text or one.is_odd for one in self.schedule)

    @property
    def has_other(self) -> bool:
        return any(one.text or one.is_odd for one in self.other)


def launch_page(
    workflow: Workflow,
    draft: LaunchDraft,
    accounts: AccountsFound,
    *,
    issues: Iterable[Issue] = (),
    token: uuid.UUID | None = None,
    relaunch_of: int | None = None,
    sentence: str = "",
    pasted: str = "",
    pasted_problem: str = "",
) -> LaunchPage:
    """The page for a draft. Without a `token` it gets a new one: the form was not used yet."""
    problems = _by_field(issues)
    columns = _columns(workflow, draft)
    keys = tuple(column.key for column in columns)
    return LaunchPage(
        workflow=workflow,
        token=str(token or uuid.uuid4()),
        relaunch_of=str(relaunch_of or ""),
        job_name=_field(fields.JOB_NAME, "Job name", draft.job_name, problems),
        columns=columns,
        rows=tuple(
            _row(row, keys, position, problems) for position, row in enumerate(draft.rows, start=1)
        ),
        new_row=_new_row(keys),
        steps=tuple(
            _step(step, draft.step(step.step_uid), number, accounts, problems)
            for number, step in enumerate(workflow.ordered_steps, start=1)
        ),
        schedule=_schedule(draft, problems),
        other=_other(draft, problems),
        sentence=sentence,
        pasted=pasted,
        pasted_problem=pasted_problem,
    )


def _by_field(issues: Iterable[Issue]) -> Problems:
    found: dict[str, tuple[Issue, ...]] = {}
    for issue in issues:
        found[issue.field] = (*found.get(issue.field, ()), issue)
    return found


def _columns(workflow: Workflow, draft: LaunchDraft) -> tuple[ColumnContext, ...]:
    known = workflow.inputs
    typed = (key for row in draft.rows for key in row.entries)
    return tuple(_column(key, known.get(key)) for key in dict.fromkeys((*known, *typed)))


def _column(key: str, known: Input | None) -> ColumnContext:
    return ColumnContext(
        key=key,
        id=fields.field_id(f"column-{key}"),
        is_required=known is not None and known.is_required,
        is_known=known is not None,
        help=(known.help or "") if known else "",
        aliases=known.aliases if known else (),
    )


def _row(row: RowDraft, keys: tuple[str, ...], position: int, problems: Problems) -> RowContext:
    return RowContext(
        id=fields.field_id(fields.row(row.number)),
        number=str(row.number),
        position=position,
        name=fields.row(row.number),
        is_kept=row.is_kept,
        cells=tuple(
            _field(
                fields.input_cell(row.number, key),
                f"Row {position}, {key}",
                row.entries.get(key, BLANK),
                problems,
            )
            for key in keys
        ),
    )


def _new_row(keys: tuple[str, ...]) -> RowContext:
    cells = []
    for key in keys:
        name = f"{fields.INPUTS}-{NEW_ROW}-{key}"
        cells.append(
            FieldContext(name=name, id=fields.field_id(name), label=f"New row, {key}", text="")
        )
    row_id = fields.field_id(f"{fields.INPUTS}-{NEW_ROW}")
    return RowContext(id=row_id, number=NEW_ROW, position=0, cells=tuple(cells))


def _field(
    name: str,
    label: str,
    entry: Entry,
    problems: Problems,
    *,
    has_kinds: bool = False,
    placeholder: str = "",
    help: str = "",  # noqa: A002  # It is what the template calls it.
    type: str = "text",  # noqa: A002
    choices: Choices = (),
    is_area: bool = False,
) -> FieldContext:
    entry = _showable(entry, choices)
    if (
        choices
        and entry.is_left_out is False
        and (entry.kind != "auto" or entry.text not in dict(choices))
    ):
        choices, has_kinds = (), True
    return FieldContext(
        name=name,
        id=fields.field_id(name),
        label=label,
        text=entry.text,
        kind=entry.kind,
        kind_name=fields.kind(name),
        has_kinds=has_kinds or entry.kind != "auto",
        placeholder=placeholder,
        help=help,
        type=type,
        choices=choices,
        is_area=not choices and (is_area or "\n" in entry.text),
        issues=problems.get(name, ()),
    )


def _showable(entry: Entry, choices: Choices) -> Entry:
    """The same entry in a form that a page can carry without changing it.

    HTML replaces NUL, and turns a lone CR into a line feed: such text travels as JSON.
    """
    if choices and entry.kind == "null" and "null" in dict(choices):
        return Entry("null")
    if entry.kind in ("auto", "text") and ("\r" in entry.text or "\x00" in entry.text):
        return Entry(json.dumps(entry.text, ensure_ascii=False), "json")
    return entry


def _step(
    step: Step, draft: StepDraft, number: int, accounts: AccountsFound, problems: Problems
) -> StepContext:
    uid = step.step_uid
    name = fields.accounts(uid)
    return StepContext(
        number=number,
        step=step,
        id=fields.field_id(fields.step(uid)),
        accounts_name=name,
        accounts_id=fields.field_id(name),
        accounts=_account_choices(step, draft, accounts),
        account_problems=tuple(
            accounts.problems[slug] for slug in step.integration_slugs if slug in accounts.problems
        ),
        account_issues=problems.get(name, ()),
        rotation=_field(
            fields.rotation(uid),
            "Rotate accounts",
            draft.rotation,
            problems,
            choices=_boolean_choices("off by default"),
        ),
        parameters=_parameters(step, draft, problems),
        output_column=_field(
            fields.output_column(uid),
            "Output column",
            draft.output_column,
            problems,
            has_kinds=True,
            placeholder="not sent",
        ),
        extra=_field(
            fields.step_extra(uid),
            "Other keys of this step",
            draft.extra,
            problems,
            is_area=True,
            placeholder="{}",
            help="A JSON object; its keys are sent with the step.",
        ),
        left_out_name=fields.left_out(uid),
        is_left_out=draft.is_left_out,
    )


def _account_choices(
    step: Step, draft: StepDraft, accounts: AccountsFound
) -> tuple[AccountChoice, ...]:
    listed = {
        account.uid: account
        for slug in step.integration_slugs
        for account in accounts.by_integration.get(slug, ())
    }
    # Chosen accounts that are gone stay, with their UID: they are named, not dropped.
    uids = dict.fromkeys((*listed, *draft.accounts))
    name = fields.accounts(step.step_uid)
    return tuple(
        AccountChoice(
            uid=uid,
            id=fields.field_id(f"{name}-{index}"),
            account=listed.get(uid),
            is_chosen=uid in draft.accounts,
        )
        for index, uid in enumerate(uids)
    )


def _parameters(step: Step, draft: StepDraft, problems: Problems) -> tuple[FieldContext, ...]:
    known = {parameter.name: parameter for parameter in step.parameters}
    return tuple(
        _parameter(step, name, known.get(name), draft.parameters.get(name, BLANK), problems)
        for name in dict.fromkeys((*known, *draft.parameters))
    )


def _parameter(
    step: Step, name: str, known: Parameter | None, entry: Entry, problems: Problems
) -> FieldContext:
    kind = values.parameter_type(known.default) if known else "any"
    default = json.dumps(known.default, ensure_ascii=False) if known else ""
    is_choice = kind == "boolean"
    return _field(
        fields.parameter(step.step_uid, name),
        name,
        entry,
        problems,
        has_kinds=not is_choice,
        placeholder=default,
        type=kind if known else "not in this step",
        choices=_boolean_choices(f"{default} by default") if is_choice else (),
        is_area=kind in ("list", "object"),
    )


def _boolean_choices(default: str) -> Choices:
    return (("", f"not sent ({default})"), ("true", "true"), ("false", "false"), ("null", "null"))


def _schedule(draft: LaunchDraft, problems: Problems) -> tuple[FieldContext, ...]:
    units = tuple((unit, unit) for unit in SCHEDULE_TYPES)
    return (
        _field(
            fields.SCHEDULE_VALUE, "Repeat every", draft.schedule_value, problems, placeholder="3"
        ),
        _field(
            fields.SCHEDULE_TYPE,
            "unit",
            draft.schedule_type,
            problems,
            choices=(("", "never"), *units, ("null", "null")),
        ),
        _field(
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
        _field(
            fields.UNSTRUCTURE_META,
            "Spread meta over the results",
            draft.unstructure_meta,
            problems,
            help="unstructure_meta: meta comes back as columns of its own.",
            choices=_boolean_choices("false by default"),
        ),
        _field(
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
            _field(
                fields.SCHEDULE_EXTRA,
                "Other keys of repeat_option",
                draft.schedule_extra,
                problems,
                is_area=True,
            )
        )
    if draft.unknown_steps.text:
        shown.append(
            _field(
                fields.UNKNOWN_STEPS,
                "Steps that this workflow does not have",
                draft.unknown_steps,
                problems,
                is_area=True,
                help="Kept from the pasted payload. Empty the field to drop them.",
            )
        )
    return tuple(shown)
