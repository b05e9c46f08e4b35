"""JSON schemas of the contract types, as msgspec writes them.

Each type gets a struct of the same name with the annotations of `api.fields`, so that the schema
has descriptions and the types of the wire, and leaves out `extra`.

Programs are made from these schemas. Hence some things that a validator does not need: an answer
says that it may have more keys, or generated clients refuse or drop them; an object with somebody
else's keys has a name; and what is sent has no `default`, for which generators take the field as
given, but a sentence.
"""

from __future__ import annotations

import dataclasses
import functools
import operator
import types
import typing
from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from playground.reference.api.fields import Field, fields_of, sentence_of
from playground.reference.api.fields.free import FREE_OBJECTS
from playground.reference.api.fields.parts import FREE_KEY

TEMPLATE = "#/components/schemas/{name}"
_MARKS = {
    "documented": "",
    "observed": " (Observed, not documented.)",
    "assumed": " (Assumed, not documented.)",
}


def component_schemas(*, bodies: Iterable[type], answers: Iterable[type]) -> dict[str, Any]:
    """Type name → schema, of these types and of all that they hold, by name."""
    answered = {
        name: schema | {"additionalProperties": True}
        for name, schema in _components(answers).items()
    }
    found = {**_components(bodies), **answered}
    return dict(sorted({**found, **_free_schemas()}.items()))


def _components(kinds: Iterable[type]) -> dict[str, dict[str, Any]]:
    structs = [_struct(kind) for kind in dict.fromkeys(kinds)]
    components: dict[str, Any]
    _, components = msgspec.json.schema_components(structs, ref_template=TEMPLATE)
    return {name: _shorten(_refer(schema)) for name, schema in components.items()}


def _free_schemas() -> dict[str, dict[str, Any]]:
    return {
        name: {
            "title": name,
            "description": item.text,
            "type": "object",
            **({"properties": dict(item.properties)} if item.properties else {}),
            "additionalProperties": True,
        }
        for name, item in FREE_OBJECTS.items()
    }


def _refer(schema: Any) -> Any:
    """The schema with a reference in each place where a free object stands."""
    if isinstance(schema, list):
        return [_refer(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if FREE_KEY not in schema:
        return {key: _refer(item) for key, item in schema.items()}
    rest = {key: item for key, item in schema.items() if key not in (FREE_KEY, "type")}
    return rest | {"$ref": TEMPLATE.format(name=schema[FREE_KEY])}


def reference(kind: type) -> dict[str, Any]:
    return {"$ref": TEMPLATE.format(name=kind.__name__)}


def _shorten(schema: dict[str, Any]) -> dict[str, Any]:
    """A field that may be null says so in its `type`, where it has a type of its own."""
    properties = {name: _merge_null(field) for name, field in schema["properties"].items()}
    return {key: item for key, item in schema.items() if item} | {"properties": properties}


def _merge_null(field: dict[str, Any]) -> dict[str, Any]:
    kinds: list[dict[str, Any]] = field.get("anyOf", [])
    if len(kinds) != 2 or kinds[1] != {"type": "null"} or "type" not in kinds[0]:
        return field
    rest = {key: item for key, item in field.items() if key != "anyOf"}
    return rest | kinds[0] | {"type": [kinds[0]["type"], "null"]}


@functools.cache
def _struct(kind: type) -> type:
    members = [_member(field) for field in fields_of(kind)]
    struct = msgspec.defstruct(kind.__name__, members, kw_only=True)
    struct.__doc__ = sentence_of(kind)
    return struct


def _member(field: Field) -> Any:
    # Tools hide what is typed into a field of this format.
    more = {"format": "password"} if field.is_secret and field.type == "string" else None
    meta = Meta(description=_describe(field), extra_json_schema=more)
    annotation: Any = Annotated[_translate(field.hint), meta]
    if field.is_required:
        return field.name, annotation
    return field.name, annotation | UnsetType, UNSET


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _describe(field: Field) -> str:
    default = "" if field.default is UNSET else f" Default: `{_json(field.default)}`."
    return field.meaning + default + _MARKS[field.evidence]


def _translate(hint: Any) -> Any:
    """The annotation with each contract type replaced by its struct."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _struct(hint)
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return functools.reduce(operator.or_, map(_translate, typing.get_args(hint)))
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return types.GenericAlias(tuple, (_translate(arguments[0]), ...))
    if origin is dict:
        return types.GenericAlias(dict, (str, _translate(arguments[1])))
    return hint
