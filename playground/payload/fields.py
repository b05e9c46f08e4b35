"""Names and ids of form fields: the stable hooks that other programs may rely on.

`inputs-<row>-<mapping key>`, `steps-<step_uid>-accounts`, `steps-<step_uid>-parameters-<name>`
and the plain names below. How an entry is meant (`Entry.kind`) travels under `kind-<field name>`.
"""

from __future__ import annotations

from urllib.parse import quote

JOB_NAME = "job_name"
UNSTRUCTURE_META = "unstructure_meta"
SCHEDULE_TYPE = "repeat_option-type"
SCHEDULE_VALUE = "repeat_option-value"
SCHEDULE_EXTRA = "repeat_option-extra"
DELAY = "delay"
EXTRA = "extra"
UNKNOWN_STEPS = "unknown_steps"
INPUTS = "inputs"


def row(number: int) -> str:
    """The row itself; as a field of the form it marks an empty row that is kept (`{}`)."""
    return f"inputs-{number}"


def input_cell(number: int, key: str) -> str:
    return f"inputs-{number}-{key}"


def step(step_uid: str) -> str:
    return f"steps-{step_uid}"


def left_out(step_uid: str) -> str:
    return f"steps-{step_uid}-left_out"


def accounts(step_uid: str) -> str:
    return f"steps-{step_uid}-accounts"


def rotation(step_uid: str) -> str:
    return f"steps-{step_uid}-accounts_rotation_enabled"


def parameter(step_uid: str, name: str) -> str:
    return f"steps-{step_uid}-parameters-{name}"


def output_column(step_uid: str) -> str:
    return f"steps-{step_uid}-output_column"


def step_extra(step_uid: str) -> str:
    return f"steps-{step_uid}-extra"


def kind(name: str) -> str:
    """The field that says how the field `name` is meant."""
    return f"kind-{name}"


def field_id(name: str) -> str:
    """A field's id on the page: any name becomes a valid id and a valid URL fragment."""
    return "field-" + quote(name, safe="-_.~", errors="replace").replace("%", ":")
