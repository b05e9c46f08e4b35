"""The objects of the wire whose keys are somebody else's, each with a name.

Generated programs have a type for them then, and keep every key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playground.contract import launches
from playground.reference.api.fields.parts import FreeObject

_SENTENCE = {"type": ["string", "null"], "description": "Why it failed; null otherwise."}


def _reference(name: str) -> dict[str, Any]:
    return {"anyOf": [{"$ref": f"#/components/schemas/{name}"}, {"type": "null"}]}


FREE_OBJECTS: Mapping[str, FreeObject] = {
    "InputRow": FreeObject(
        text="One row: input key to value. Which keys there are is in the workflow's "
        "`input_schema`.",
        # Only `meta` has a type of its own (section 6.1).
        properties={
            launches.META_KEY: {
                "description": "Your own keys; they travel with the row.",
                **_reference("RowMeta"),
            }
        },
    ),
    "RowMeta": FreeObject(text="Keys and values of your own, which come back with the row."),
    "Parameters": FreeObject(
        text="Parameter name to value. Which ones a step has, and their defaults, is in its "
        "`parameters_schema`.",
    ),
    "ResultRow": FreeObject(text="One row that a step made: column to value."),
    "InputOutcome": FreeObject(
        text="An input row as it was sent, and how it fared.",
        properties={
            "status": {"type": "string", "description": "Such as `succeeded` or `failed`."},
            "error_message": _SENTENCE,
        },
    ),
    "Configuration": FreeObject(text="What a job ran with."),
    "Patterns": FreeObject(text="Patterns for a value, under names of the vendor's."),
    "Defaults": FreeObject(text="Parameter name to default value."),
    "CookieStates": FreeObject(text="Cookie name to value, which may be masked."),
    "Profile": FreeObject(text="What an account is on the site that it belongs to."),
}
