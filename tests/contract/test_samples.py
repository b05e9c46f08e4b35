"""Every contract type, both ways."""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from typing import Any

import pytest

from playground.contract import accounts, jobs, launches, wire, workflows
from playground.contract.wire import UNSET
from tests.contract.samples import NOT_ON_THE_WIRE, SAMPLES, Sample

UNKNOWN = {"kept": [0, None, "", {"extra": {}}], "big": 2**70}
EMPTY: dict[Any, Any] = {str: "", int: 0, bool: False, tuple: [], dict: {}}


def _types() -> set[type]:
    return {
        kind
        for module in (accounts, jobs, launches, workflows)
        for _, kind in inspect.getmembers(module, dataclasses.is_dataclass)
    }


def _optional_fields() -> list[tuple[Sample, str]]:
    return [
        (sample, field.name)
        for sample in SAMPLES
        for field in dataclasses.fields(sample.value)
        if field.default is UNSET
    ]


def _name(value: Any) -> str:
    return type(value.value).__name__ if isinstance(value, Sample) else str(value)


each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=_name)
each_optional_field = pytest.mark.parametrize(("sample", "name"), _optional_fields(), ids=_name)


def test_there_is_one_sample_of_each_contract_type() -> None:
    kinds = [type(sample.value) for sample in SAMPLES]

    assert set(kinds) == _types() - NOT_ON_THE_WIRE
    assert len(kinds) == len(set(kinds))


@each_sample
def test_a_sample_sets_every_field(sample: Sample) -> None:
    fields = {field.name for field in dataclasses.fields(sample.value)} - {"extra"}

    assert set(sample.raw) == fields


@each_sample
def test_a_body_becomes_its_value(sample: Sample) -> None:
    decoded = wire.decode(type(sample.value), wire.encode(sample.raw))

    assert decoded == sample.value


@each_sample
def test_a_value_becomes_its_body_and_comes_back(sample: Sample) -> None:
    body = wire.encode(sample.value)

    assert wire.parse_json(body) == sample.raw
    assert wire.decode(type(sample.value), body) == sample.value


@each_sample
@pytest.mark.parametrize("key", ["zz", "extra", "", "self", "__class__", "é\u0000"])
def test_an_unknown_key_survives_at_every_level(sample: Sample, key: str) -> None:
    raw = _with_unknown(sample.raw, key)

    decoded = wire.decode(type(sample.value), wire.encode(raw))

    assert decoded.extra == {key: UNKNOWN}
    assert wire.parse_json(wire.encode(decoded)) == raw


@each_optional_field
def test_a_missing_field_stays_missing(sample: Sample, name: str) -> None:
    raw = {key: value for key, value in sample.raw.items() if key != name}

    decoded = wire.decode(type(sample.value), wire.encode(raw))

    assert getattr(decoded, name) is UNSET
    assert wire.parse_json(wire.encode(decoded)) == raw


@each_optional_field
def test_a_null_field_stays_null(sample: Sample, name: str) -> None:
    raw = sample.raw | {name: None}

    decoded = wire.decode(type(sample.value), wire.encode(raw))

    assert getattr(decoded, name) is None
    assert wire.parse_json(wire.encode(decoded)) == raw


@each_optional_field
def test_an_empty_field_stays_empty(sample: Sample, name: str) -> None:
    empties = _empties(type(sample.value), name)

    assert empties
    for empty in empties:
        raw = sample.raw | {name: empty}

        decoded = wire.decode(type(sample.value), wire.encode(raw))

        found = getattr(decoded, name)
        assert (found is UNSET, found is None, bool(wire.to_builtins(found))) == (False,) * 3
        assert wire.parse_json(wire.encode(decoded)) == raw
        assert repr(wire.parse_json(wire.encode(decoded))[name]) == repr(empty)


@each_sample
def test_a_needed_field_is_named_when_it_is_missing(sample: Sample) -> None:
    needed = {
        field.name
        for field in dataclasses.fields(sample.value)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }

    for name in needed:
        raw = {key: value for key, value in sample.raw.items() if key != name}
        with pytest.raises(wire.WireError) as caught:
            wire.decode(type(sample.value), wire.encode(raw))
        assert str(caught.value) == f"$.{name}: missing"


@each_sample
def test_a_value_cannot_be_changed(sample: Sample) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        sample.value.extra = {}


def test_an_array_of_objects_becomes_a_tuple() -> None:
    assert wire.decode_many(jobs.Job, b'[{"uid": "a"}, {"uid": "b"}]') == (
        jobs.Job(uid="a"),
        jobs.Job(uid="b"),
    )
    assert wire.decode_many(jobs.Job, b" [] ") == ()


def _with_unknown(raw: Any, key: str) -> Any:
    """The same with one more key in each object, but for maps that hold text only."""
    if isinstance(raw, list):
        return [_with_unknown(item, key) for item in raw]
    if not isinstance(raw, dict):
        return raw
    return {
        name: value if name == "cookies" else _with_unknown(value, key)
        for name, value in raw.items()
    } | {key: UNKNOWN}


def _empties(kind: type, name: str) -> list[Any]:
    """What is empty, or zero, in each of the field's types."""
    found: list[Any] = []
    for hint in _alternatives(typing.get_type_hints(kind)[name]):
        origin = typing.get_origin(hint) or hint
        if hint is Any:
            found += ["", 0, False, [], {}]
        elif origin in EMPTY:
            found.append(EMPTY[origin])
        elif dataclasses.is_dataclass(hint):
            found.append({})
    return found


def _alternatives(hint: Any) -> tuple[Any, ...]:
    is_union = isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union
    return typing.get_args(hint) if is_union else (hint,)
