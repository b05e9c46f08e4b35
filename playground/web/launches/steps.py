"""Steps as the launch form shows them: accounts to choose from, parameters, the rest folded."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from playground.contract.workflows import Parameter, Step, Workflow
from playground.payload.build import values
from playground.payload.drafts import BLANK, Entry, StepDraft
from playground.payload.texts import shorten
from playground.payload.words import counted
from playground.preflight.lines import Line
from playground.services.launches.preflight import Check
from playground.services.workflows import lookup as workflow_lookup
from playground.web.field_ids import field_id
from playground.web.launches import field_names
from playground.web.launches.accounts import AccountPicker, AccountsLook, make_picker
from playground.web.launches.fields import (
    LONGEST_HELP,
    LONGEST_PLACEHOLDER,
    FieldContext,
    Look,
    Problems,
    boolean_choices,
    make_field,
)

# A page has the fields of so many; of one step it names at most so many more.
MOST_PARAMETERS = 300
MOST_NAMED = 100
# Rotation is offered for certain automations of these (contract section 6, step object).
ROTATING = frozenset({"linkedin", "outlook"})
_TYPE_WORDS = {"list": "list, one value a line"}
_ROTATION = Look(choices=boolean_choices("off by default"))
_OUTPUT_COLUMN = Look(has_kinds=True, placeholder="not sent")
_EXTRA = Look(
    is_area=True, placeholder="{}", help="A JSON object; its keys are sent with the step."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepContext:
    number: int
    step: Step
    id: str
    accounts_name: str
    accounts_id: str
    picker: AccountPicker
    account_problems: tuple[str, ...]
    account_issues: tuple[Line, ...]
    rotation: FieldContext
    is_rotation_offered: bool
    parameters: tuple[FieldContext, ...]
    more_name: str
    others: tuple[str, ...]
    others_note: str
    output_column: FieldContext
    extra: FieldContext
    left_out_name: str
    is_left_out: bool

    @property
    def is_customised(self) -> bool:
        """Something below "more" is in use, so it must be open."""
        return bool(self.output_column.text or self.output_column.is_odd or self.extra.text)


class Around(NamedTuple):
    """What is known beside a step; `shown` are the fields of parameters to show, None for all."""

    check: Check
    problems: Problems
    shown: Collection[str] | None
    look: AccountsLook


def fields_to_show(workflow: Workflow, wanted: Collection[str]) -> Collection[str] | None:
    """A page carries the fields of a few hundred parameters: of more it has those that are set,
    and those that somebody wants."""
    count = sum(len(step.parameters) for step in workflow.steps)
    return wanted if count > MOST_PARAMETERS else None


def make_step(step: Step, draft: StepDraft, number: int, around: Around) -> StepContext:
    uid, (check, problems, _, look) = step.step_uid, around
    name = field_names.accounts(uid)
    parameters, others = _parameters(step, draft, around)
    return StepContext(
        number=number,
        step=step,
        id=field_id(field_names.step(uid)),
        accounts_name=name,
        accounts_id=field_id(name),
        picker=make_picker(step, draft, check, look),
        account_problems=_account_problems(step, check),
        account_issues=problems.get(name, ()),
        rotation=make_field(
            field_names.rotation(uid), "Rotate accounts", draft.rotation, problems, _ROTATION
        ),
        is_rotation_offered=not ROTATING.isdisjoint(step.integration_slugs),
        parameters=tuple(parameters),
        more_name=field_names.more_parameters(uid) if others else "",
        others=tuple(others[:MOST_NAMED]),
        others_note=_others_note(len(others), bool(parameters)),
        output_column=make_field(
            field_names.output_column(uid),
            "Output column",
            draft.output_column,
            problems,
            _OUTPUT_COLUMN,
        ),
        extra=make_field(
            field_names.step_extra(uid), "Other keys of this step", draft.extra, problems, _EXTRA
        ),
        left_out_name=field_names.left_out(uid),
        is_left_out=draft.is_left_out,
    )


def _account_problems(step: Step, check: Check) -> tuple[str, ...]:
    found = check.accounts.problems
    return tuple(found[slug] for slug in step.integration_slugs if slug in found)


def _parameters(
    step: Step, draft: StepDraft, around: Around
) -> tuple[list[FieldContext], list[str]]:
    """The fields of those that are shown, and the names of the others, which are not set."""
    known = {parameter.name: parameter for parameter in step.parameters}
    fields, others = [], []
    for name in dict.fromkeys((*known, *draft.parameters)):
        entry = draft.parameters.get(name, BLANK)
        if _is_shown(field_names.parameter(step.step_uid, name), entry, around):
            fields.append(_parameter(step, name, known.get(name), entry, around.problems))
        else:
            others.append(name)
    return fields, others


def _others_note(count: int, has_fields: bool) -> str:
    if not count:
        return ""
    what = counted(count, "more parameter" if has_fields else "parameter")
    return f"{what}, not set: sent only when you set one."


def _is_shown(field_name: str, entry: Entry, around: Around) -> bool:
    is_in_use = not entry.is_left_out or bool(entry.text) or field_name in around.problems
    return around.shown is None or is_in_use or field_name in around.shown


def _as_typed(known: Parameter | None, default: str) -> str:
    """A default as one would type it into the field: a text without quotes, a list by lines."""
    value = known.default if known else None
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "\n".join(value)
    return default


def _parameter(
    step: Step, name: str, known: Parameter | None, entry: Entry, problems: Problems
) -> FieldContext:
    kind = values.parameter_type(known.default) if known else "any"
    default = json.dumps(known.default, ensure_ascii=False) if known else ""
    is_choice = kind == "boolean"
    look = Look(
        choices=boolean_choices(f"{default} by default") if is_choice else (),
        is_area=kind in ("list", "object"),
        has_kinds=not is_choice,
        placeholder=shorten(_as_typed(known, default), LONGEST_PLACEHOLDER),
        help=shorten(workflow_lookup.explain_parameter(step, name), LONGEST_HELP) if known else "",
        type=_TYPE_WORDS.get(kind, kind) if known else "not in this step",
        is_code=True,
    )
    return make_field(field_names.parameter(step.step_uid, name), name, entry, problems, look)
