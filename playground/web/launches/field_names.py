"""Names of the launch form's fields: the stable hooks that other programs may rely on.

`inputs-<row>-<mapping key>`, `steps-<step_uid>-accounts`, `steps-<step_uid>-parameters-<name>`
and the plain names below. How an entry is meant (`Entry.kind`) travels under `kind-<field name>`.
`FieldNames` tells which of them a place in the payload comes from.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TypeAlias

from playground.payload.build.builder import Built
from playground.payload.build.origins import RowSource, StepSource, row_label, step_label
from playground.payload.drafts import LaunchDraft
from playground.payload.paths import Path
from playground.payload.texts import clean_text
from playground.web.field_ids import field_id
from playground.web.json_html import Link

JOB_NAME = "job_name"
UNSTRUCTURE_META = "unstructure_meta"
SCHEDULE_TYPE = "repeat_option-type"
SCHEDULE_VALUE = "repeat_option-value"
SCHEDULE_EXTRA = "repeat_option-extra"
DELAY = "delay"
EXTRA = "extra"
UNKNOWN_STEPS = "unknown_steps"
INPUTS = "inputs"
_in_payload = re.compile(r"(?<![\w.])(?:\$\.)?(inputs|steps)\[([0-9]{1,7})\](\.(?=\w))?")
_CALLED = {"inputs": "row", "steps": "step"}


def row(number: int) -> str:
    """The row itself; as a field of the form it marks an empty row that is kept (`{}`)."""
    return f"inputs-{number}"


def input_cell(number: int, key: str) -> str:
    return f"inputs-{number}-{key}"


def step(step_uid: str) -> str:
    return f"steps-{step_uid}"


def in_words(sentence: str) -> str:
    """A sentence about a pasted payload with its rows and steps as people count them."""

    def word(found: re.Match[str]) -> str:
        return f"{_CALLED[found[1]]} {int(found[2]) + 1:,}{' · ' if found[3] else ''}"

    return _in_payload.sub(word, sentence)


def left_out(step_uid: str) -> str:
    return f"steps-{step_uid}-left_out"


def accounts(step_uid: str) -> str:
    return f"steps-{step_uid}-accounts"


def account_filter(step_uid: str) -> str:
    """What a step's accounts are looked through for: it is the page's, and never sent."""
    return f"filter-{step_uid}"


def rotation(step_uid: str) -> str:
    return f"steps-{step_uid}-accounts_rotation_enabled"


def parameter(step_uid: str, name: str) -> str:
    return f"steps-{step_uid}-parameters-{name}"


def more_parameters(step_uid: str) -> str:
    """The name of a parameter that the page is to show, where it does not show all of them."""
    return f"more-{step_uid}"


def output_column(step_uid: str) -> str:
    return f"steps-{step_uid}-output_column"


def step_extra(step_uid: str) -> str:
    return f"steps-{step_uid}-extra"


def kind(name: str) -> str:
    """The field that says how the field `name` is meant."""
    return f"kind-{name}"


# A field's name, empty where there is none, and what the place is called on the page.
Named: TypeAlias = tuple[str, str]
_NOWHERE: Named = ("", "")
_OTHER_KEYS = (EXTRA, "Other keys")
_TOP: dict[str, Named] = {
    "job_name": (JOB_NAME, "Job name"),
    "inputs": (INPUTS, "Rows"),
    "steps": ("", "Steps"),
    "unstructure_meta": (UNSTRUCTURE_META, "Unstructure meta"),
    "repeat_option": (SCHEDULE_TYPE, "Schedule"),
    "delay": (DELAY, "Delay"),
}
_SCHEDULE: dict[str, Named] = {
    "type": (SCHEDULE_TYPE, "Schedule · unit"),
    "value": (SCHEDULE_VALUE, "Schedule · every"),
}
_SCHEDULE_OTHERS = (SCHEDULE_EXTRA, "Schedule · other keys")
_OF_STEP = {
    "accounts": (accounts, "chosen accounts"),
    "accounts_rotation_enabled": (rotation, "account rotation"),
    "parameters": (step, "parameters"),
    "output_column": (output_column, "output column"),
}
_PASTED_STEPS = (UNKNOWN_STEPS, "Steps of another workflow")


class FieldNames:
    """The fields of one draft, by places in the payload that was built of it.

    Every path of the payload has one, and so has what is not there (see `payload.paths`).
    """

    def __init__(self, draft: LaunchDraft, built: Built) -> None:
        self._draft = draft
        sent = {source.position for source in built.rows}
        left_out_rows = (
            RowSource(one.number, position)
            for position, one in enumerate(draft.rows, start=1)
            if position not in sent
        )
        self._rows = (*built.rows, *left_out_rows)
        self._steps = built.steps
        self._stored = built.stored

    def name_of(self, path: Path) -> str:
        return self._find(path)[0]

    def link_of(self, path: Path) -> Link | None:
        """What leads to the field; None where there is none."""
        name, label = self._find(path)
        return Link(field_id(name), label) if name else None

    def _find(self, path: Path) -> Named:
        if not path:
            return _NOWHERE
        top = path[0]
        if len(path) > 1:
            if top == "inputs":
                return self._find_in_rows(path)
            if top == "steps":
                return self._find_in_steps(path)
            if top == "repeat_option":
                return _SCHEDULE.get(str(path[1]), _SCHEDULE_OTHERS)
        return _TOP.get(str(top), _OTHER_KEYS)

    def _find_in_rows(self, path: Path) -> Named:
        index = path[1]
        if self._stored is not None and isinstance(index, int):
            return (INPUTS, " · ".join((self._stored.place_of(index), *map(str, path[2:3]))))
        if not isinstance(index, int) or index >= len(self._rows):
            return _TOP["inputs"]
        number, position = self._rows[index]
        if len(path) == 2:
            return (row(number), row_label(position))
        key = str(path[2])
        name = _typed(key, self._draft.rows[position - 1].entries)
        return (input_cell(number, name), f"{row_label(position)} · {key}")

    def _find_in_steps(self, path: Path) -> Named:
        index = path[1]
        if isinstance(index, str):
            return (left_out(index), "Steps")
        source = self._steps[index] if index < len(self._steps) else None
        return self._find_in_step(source, path[2:]) if source else _PASTED_STEPS

    def _find_in_step(self, source: StepSource, path: Path) -> Named:
        uid, label = source.step_uid, step_label(source)
        if not path or path[0] == "step_uid":
            return (step(uid), label)
        if path[0] == "parameters" and len(path) > 1:
            key = str(path[1])
            name = _typed(key, self._draft.step(uid).parameters)
            return (parameter(uid, name), f"{label} · {key}")
        name_of, part = _OF_STEP.get(str(path[0]), (step_extra, "other keys"))
        return (name_of(uid), f"{label} · {part}")


def _typed(key: str, names: Collection[str]) -> str:
    """The name that was typed for a key of the payload, in which half characters are replaced."""
    if key in names:
        return key
    return next((name for name in names if clean_text(name) == key), key)
