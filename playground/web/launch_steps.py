"""Steps as the launch form shows them: accounts to choose from, parameters, the rest folded."""

from __future__ import annotations

import json

from playground.contract.workflows import Parameter, Step
from playground.payload import fields
from playground.payload.build import values
from playground.payload.drafts import BLANK, Entry, StepDraft
from playground.services.preflights import Check
from playground.web.launch_contexts import AccountChoice, FieldContext, StepContext
from playground.web.launch_fields import Problems, boolean_choices, make_field

# Rotation is offered for certain automations of these (contract section 6, step object).
ROTATING = frozenset({"linkedin", "outlook"})


def make_step(
    step: Step, draft: StepDraft, number: int, check: Check, problems: Problems
) -> StepContext:
    uid = step.step_uid
    name = fields.accounts(uid)
    return StepContext(
        number=number,
        step=step,
        id=fields.field_id(fields.step(uid)),
        accounts_name=name,
        accounts_id=fields.field_id(name),
        accounts=_account_choices(step, draft, check),
        account_problems=tuple(
            check.accounts.problems[slug]
            for slug in step.integration_slugs
            if slug in check.accounts.problems
        ),
        account_issues=problems.get(name, ()),
        rotation=make_field(
            fields.rotation(uid),
            "Rotate accounts",
            draft.rotation,
            problems,
            choices=boolean_choices("off by default"),
        ),
        is_rotation_offered=not ROTATING.isdisjoint(step.integration_slugs),
        parameters=_parameters(step, draft, problems),
        output_column=make_field(
            fields.output_column(uid),
            "Output column",
            draft.output_column,
            problems,
            has_kinds=True,
            placeholder="not sent",
        ),
        extra=make_field(
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


def _account_choices(step: Step, draft: StepDraft, check: Check) -> tuple[AccountChoice, ...]:
    listed = {
        account.uid: account
        for slug in step.integration_slugs
        for account in check.accounts.by_integration.get(slug, ())
    }
    # Chosen accounts that are gone stay, with their UID: they are named, not dropped.
    uids = tuple(dict.fromkeys((*listed, *draft.accounts)))
    if draft.accounts != tuple(uid for uid in uids if uid in draft.accounts):
        # Pasted in an order of their own, or twice: they come first, as the payload has them.
        uids = (*draft.accounts, *(uid for uid in listed if uid not in draft.accounts))
    name = fields.accounts(step.step_uid)
    are_all_known = check.accounts.whole.issuperset(step.integration_slugs)
    return tuple(
        AccountChoice(
            uid=uid,
            id=fields.field_id(f"{name}-{index}"),
            account=listed.get(uid),
            is_chosen=uid in draft.accounts,
            is_unknown=uid not in listed and not are_all_known,
            capacity=check.capacity_for(step, listed[uid]) if uid in listed else None,
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
    return make_field(
        fields.parameter(step.step_uid, name),
        name,
        entry,
        problems,
        has_kinds=not is_choice,
        placeholder=default,
        type=kind if known else "not in this step",
        choices=boolean_choices(f"{default} by default") if is_choice else (),
        is_area=kind in ("list", "object"),
    )
