"""A draft that was entered into the form of a workflow which has changed since.

Nothing of it is dropped: what still has a place goes there, what has none is kept where the page
shows it, and the changes are told.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playground.contract.workflows import Input, ParametersSchema, Step, Workflow
from playground.payload.build import builder, values
from playground.payload.drafts import BLANK, Entry, LaunchDraft, RowDraft, StepDraft
from playground.payload.texts import shorten

# A default of more characters of JSON is remembered by its digest.
_LONGEST_DEFAULT = 200
_KINDS: dict[values.ParameterType, str] = {
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "text": "text",
    "list": "a list",
    "object": "an object",
    "any": "any value",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A draft as one of the workflow of now, and what has changed, a sentence each.

    Without changes it is the draft that it was.
    """

    draft: LaunchDraft
    changes: tuple[str, ...] = ()


def outline_of(workflow: Workflow) -> Workflow:
    """Only what decides a payload and what it does: steps, integrations, parameters, input keys."""
    ordered = workflow.ordered_steps
    return Workflow(
        uid=workflow.uid,
        name="",
        steps=tuple(
            Step(
                step_uid=step.step_uid,
                step_name=shorten(step.name),
                position=position,
                permalink=step.permalink or "",
                integrations=tuple(sorted(set(step.integration_slugs))),
                input_schema=_keys_of(step) if not position else {},
                parameters_schema=ParametersSchema(
                    properties={one.name: _short(one.default) for one in step.parameters}
                ),
            )
            for position, step in enumerate(ordered)
        ),
    )


def carry_over(before: Workflow, now: Workflow, draft: LaunchDraft) -> Carried:
    """A draft of the workflow as it was → a draft of it as it is. Both may be outlines."""
    before, outline = outline_of(before), outline_of(now)
    pairs = _pair_steps(before.steps, outline.steps)
    changes = (
        *_step_changes(before, outline, pairs, draft),
        *_key_changes(before.inputs, outline.inputs),
    )
    if not changes:
        return Carried(draft=draft)
    steps = {
        (pairs[uid].step_uid if uid in pairs else uid): dataclasses.replace(
            one, step_uid=pairs[uid].step_uid if uid in pairs else uid
        )
        for uid, one in draft.steps.items()
    }
    moved = dataclasses.replace(draft, steps=steps, rows=_carry_rows(before, outline, draft.rows))
    return Carried(draft=keep_foreign_steps(now, moved, before), changes=changes)


def keep_foreign_steps(
    workflow: Workflow, draft: LaunchDraft, before: Workflow | None = None
) -> LaunchDraft:
    """With what was entered for steps that the workflow does not have among the `unknown_steps`.

    `before` knows the types of their parameters. A step of which nothing was entered goes.
    """
    known = {step.step_uid for step in workflow.steps}
    foreign = {uid: one for uid, one in draft.steps.items() if uid not in known}
    if not foreign:
        return draft
    entered = {uid: one for uid, one in foreign.items() if not _is_blank(one)}
    kept = _payloads_of(before or workflow, entered)
    steps = {uid: one for uid, one in draft.steps.items() if uid in known}
    unknown = _with_steps(draft.unknown_steps, kept) if kept else draft.unknown_steps
    return dataclasses.replace(draft, steps=steps, unknown_steps=unknown)


def _keys_of(step: Step) -> dict[str, Input]:
    return {
        key: Input(required=int(one.is_required), variations=one.aliases)
        for key, one in step.inputs.items()
    }


def _short(default: Any) -> Any:
    """The default, or one of the same type that stands for it and no other."""
    text = json.dumps(default, sort_keys=True)
    if len(text) <= _LONGEST_DEFAULT or not isinstance(default, str | list | dict):
        return default
    digest = hashlib.sha256(text.encode()).hexdigest()
    if isinstance(default, str):
        return digest
    return [digest] if isinstance(default, list) else {"": digest}


def _pair_steps(before: tuple[Step, ...], now: tuple[Step, ...]) -> dict[str, Step]:
    """UID of a step as it was → the same step now: by UID, else by what it does, else by name,
    else by its place, when it takes the same there."""
    pairs = {old.step_uid: new for old in before for new in now if old.step_uid == new.step_uid}
    for is_same in (_is_same_automation, _is_same_name, _is_same_place):
        _pair_more(pairs, before, now, is_same)
    return pairs


def _pair_more(
    pairs: dict[str, Step],
    before: tuple[Step, ...],
    now: tuple[Step, ...],
    is_same: Callable[[Step, Step], bool],
) -> None:
    for old in before:
        taken = {new.step_uid for new in pairs.values()}
        if old.step_uid in pairs:
            continue
        found = next((new for new in now if new.step_uid not in taken and is_same(old, new)), None)
        if found:
            pairs[old.step_uid] = found


def _is_same_automation(old: Step, new: Step) -> bool:
    return bool(old.permalink) and old.permalink == new.permalink


def _is_same_name(old: Step, new: Step) -> bool:
    return old.name not in ("", old.step_uid) and old.name == new.name


def _is_same_place(old: Step, new: Step) -> bool:
    names = {one.name for one in old.parameters}
    return (
        old.position == new.position
        and old.integration_slugs == new.integration_slugs
        and names == {one.name for one in new.parameters}
    )


def _step_changes(
    before: Workflow, now: Workflow, pairs: Mapping[str, Step], draft: LaunchDraft
) -> Iterator[str]:
    for old in before.steps:
        entered = draft.step(old.step_uid)
        if old.step_uid in pairs:
            yield from _changes_of(old, pairs[old.step_uid], entered)
        elif _is_blank(entered):
            yield f"{_label(old)} is gone."
        else:
            yield (
                f"{_label(old)} is gone. What was entered for it is kept under “Steps that this "
                "workflow does not have”: empty that field to launch without it."
            )
    paired = {new.step_uid for new in pairs.values()}
    yield from (f"{_label(new)} is new." for new in now.steps if new.step_uid not in paired)
    order = [pairs[old.step_uid].position or 0 for old in before.steps if old.step_uid in pairs]
    if order != sorted(order):
        yield "The steps run in another order."


def _changes_of(old: Step, new: Step, entered: StepDraft) -> Iterator[str]:
    label = _label(new)
    if old.step_uid != new.step_uid:
        moved = "" if _is_blank(entered) else " What was entered for the old one went with it."
        yield f"{label} has another UID, {shorten(new.step_uid)}.{moved}"
    elif old.permalink and new.permalink and old.permalink != new.permalink:
        yield f"{label} does something else now: it was “{old.name}”."
    if old.integration_slugs != new.integration_slugs:
        taken = " or ".join(new.integration_slugs)
        yield f"{label} takes {f'accounts of {taken}' if taken else 'no account'} now."
    defaults = {one.name: one.default for one in new.parameters}
    earlier = {one.name: one.default for one in old.parameters}
    for name, default in earlier.items():
        entry = entered.parameters.get(name, BLANK)
        place = f"{label}: the parameter {shorten(name)}"
        if name not in defaults:
            yield f"{place} is gone.{_kept(entry)}"
        elif values.parameter_type(default) != values.parameter_type(defaults[name]):
            yield f"{place} takes {_kind(defaults[name])} now, not {_kind(default)}."
        elif _text(default) != _text(defaults[name]):
            yield (
                f"{place} is {shorten(_text(defaults[name]))} by default now, and was "
                f"{shorten(_text(default))}."
            )
    for name in defaults:
        if name not in earlier:
            told = shorten(_text(defaults[name]))
            yield f"{label}: the parameter {shorten(name)} is new. It is {told} by default."


def _key_changes(before: Mapping[str, Input], now: Mapping[str, Input]) -> Iterator[str]:
    renamed = _renamed(before, now)
    for key, one in before.items():
        name = f"The input key {shorten(key)}"
        if key in renamed:
            yield f"{name} is called {shorten(renamed[key])} now."
        elif key not in now:
            yield f"{name} is gone. What is in its column stays there, and is ignored."
        elif one.is_required != now[key].is_required:
            yield f"{name} is {'required now' if now[key].is_required else 'required no more'}."
        elif set(one.aliases) != set(now[key].aliases):
            yield f"{name} has other names beside it now: {', '.join(now[key].aliases) or 'none'}."
    for key, one in now.items():
        if key not in before and key not in renamed.values():
            told = "new and required" if one.is_required else "new"
            yield f"The input key {shorten(key)} is {told}."


def _renamed(before: Mapping[str, Input], now: Mapping[str, Input]) -> dict[str, str]:
    """Keys of before that are gone → those that mean the same: each is another name of the other.

    Keys that merely come and go at a time may mean anything.
    """
    found = {}
    for key, one in before.items():
        if key not in now:
            same = (
                name
                for name, other in now.items()
                if name not in before and (key in other.aliases or name in one.aliases)
            )
            name = next(same, None)
            if name is not None:
                found[key] = name
    return found


def _carry_rows(
    before: Workflow, now: Workflow, rows: tuple[RowDraft, ...]
) -> tuple[RowDraft, ...]:
    """Values of a renamed key go under its new name, where a row has none there yet. A column
    that the old form had and nobody filled in goes."""
    renamed = _renamed(before.inputs, now.inputs)
    gone = before.inputs.keys() - now.inputs.keys()
    empty = {key for key in gone if all(row.entries.get(key, BLANK).is_left_out for row in rows)}
    return tuple(
        dataclasses.replace(row, entries=_carry_row(row.entries, renamed, empty)) for row in rows
    )


def _carry_row(
    entries: Mapping[str, Entry], renamed: Mapping[str, str], empty: set[str]
) -> dict[str, Entry]:
    carried: dict[str, Entry] = {}
    for key, entry in entries.items():
        name = renamed.get(key, key)
        if key in empty or (entry.is_left_out and name in carried):
            continue
        is_free = entries.get(name, BLANK).is_left_out and carried.get(name, BLANK).is_left_out
        carried[name if is_free else key] = entry
    return carried


def _payloads_of(workflow: Workflow, steps: Mapping[str, StepDraft]) -> list[Any]:
    """The steps as a payload has them."""
    sent = {uid: dataclasses.replace(one, is_left_out=False) for uid, one in steps.items()}
    built = builder.build_launch_request(workflow, LaunchDraft(steps=sent))
    pairs = zip(built.value["steps"], built.steps, strict=True)
    return [value for value, source in pairs if source and source.step_uid in steps]


def _with_steps(entry: Entry, steps: list[Any]) -> Entry:
    """Text that cannot be read stays before them: it is for its author to mend."""
    if entry.is_left_out or entry.kind == "null":
        return Entry(json.dumps(steps, ensure_ascii=False))
    earlier, problem = values.read_json(entry.text)
    if problem or not isinstance(earlier, list):
        return Entry(f"{entry.text}\n{json.dumps(steps, ensure_ascii=False)}")
    return Entry(json.dumps([*earlier, *steps], ensure_ascii=False))


def _is_blank(step: StepDraft) -> bool:
    entries = (step.rotation, step.output_column, step.extra, *step.parameters.values())
    return not step.accounts and all(entry.is_left_out for entry in entries)


def _label(step: Step) -> str:
    return f"Step {(step.position or 0) + 1} “{step.name}”"


def _kept(entry: Entry) -> str:
    if entry.is_left_out:
        return ""
    told = "null" if entry.kind == "null" else shorten(entry.text) or "an empty text"
    return f" The {told} in its field is kept and sent, and would do nothing: empty it to drop it."


def _kind(default: Any) -> str:
    return _KINDS[values.parameter_type(default)]


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
