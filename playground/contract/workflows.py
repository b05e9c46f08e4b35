"""Workflows as the API describes them. Contract section 6."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.contract.wire import UNSET, Maybe, UnsetType

Extra = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input key of a step: what may be sent under it (`input_schema`, section 6)."""

    required: Maybe[int | bool] = UNSET
    primary: Maybe[int | bool] = UNSET
    help: Maybe[str] = UNSET
    regex: Maybe[dict[str, Any]] = UNSET
    variations: Maybe[tuple[str, ...]] = UNSET
    retro_variations: Maybe[tuple[str, ...]] = UNSET
    extra: Extra = field(default_factory=dict)

    @property
    def is_required(self) -> bool:
        """`required` is an integer, 1 or 0 (section 6)."""
        return self.required is not UNSET and bool(self.required)

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other keys accepted in its place, without repeats: variations, then older names."""
        return tuple(dict.fromkeys((*_items(self.variations), *_items(self.retro_variations))))


@dataclass(frozen=True, slots=True, kw_only=True)
class ParametersSchema:
    """Parameter name → default. The type of a parameter is its default's JSON type (section 6)."""

    properties: Maybe[dict[str, Any]] = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a step and the value it takes when none is sent."""

    name: str
    default: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One automated action of a workflow (section 6)."""

    step_uid: str
    step_name: Maybe[str] = UNSET
    position: Maybe[int] = UNSET
    permalink: Maybe[str] = UNSET
    integrations: Maybe[tuple[str, ...]] = UNSET
    input_schema: Maybe[dict[str, Input]] = UNSET
    output_schema: Maybe[tuple[str, ...]] = UNSET
    parameters_schema: Maybe[ParametersSchema] = UNSET
    extra: Extra = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.step_name or self.permalink or self.step_uid

    @property
    def integration_slugs(self) -> tuple[str, ...]:
        """Integrations whose accounts the step takes; none means no account is needed."""
        return tuple(_items(self.integrations))

    @property
    def inputs(self) -> Mapping[str, Input]:
        return self.input_schema or {}

    @property
    def output_columns(self) -> tuple[str, ...]:
        return tuple(_items(self.output_schema))

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        schema = self.parameters_schema
        defaults = schema.properties if isinstance(schema, ParametersSchema) else None
        return tuple(
            Parameter(name=name, default=value) for name, value in (defaults or {}).items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """The answer of `GET /workflows/{uid}/details`, from which a form is made (section 6)."""

    uid: str
    name: str
    steps: tuple[Step, ...]
    extra: Extra = field(default_factory=dict)

    @property
    def ordered_steps(self) -> tuple[Step, ...]:
        """Steps by `position`; the given order where a position is missing or repeated."""
        indexed = enumerate(self.steps)
        return tuple(step for _, step in sorted(indexed, key=lambda pair: _rank(*pair)))

    @property
    def integration_slugs(self) -> tuple[str, ...]:
        """The integrations of all steps, each once, in the order of the steps."""
        slugs = (slug for step in self.ordered_steps for slug in step.integration_slugs)
        return tuple(dict.fromkeys(slugs))

    @property
    def inputs(self) -> Mapping[str, Input]:
        """What a caller sends: only the first step's inputs count (section 6)."""
        steps = self.ordered_steps
        return steps[0].inputs if steps else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSummary:
    """A step as `GET /workflows` lists it."""

    step_uid: Maybe[str] = UNSET
    name: Maybe[str] = UNSET
    uid: Maybe[str] = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowSummary:
    """One entry of `GET /workflows` (section 6)."""

    uid: str
    name: str
    created_at: Maybe[str] = UNSET
    project_id: Maybe[int] = UNSET
    template_uid: Maybe[str] = UNSET
    steps: Maybe[tuple[StepSummary, ...]] = UNSET
    # Assumed: whatever it is, the listing is of use.
    linked_templates: Any = UNSET
    extra: Extra = field(default_factory=dict)


def _items(value: tuple[str, ...] | UnsetType | None) -> tuple[str, ...]:
    return value or ()


def _rank(index: int, step: Step) -> tuple[int, int]:
    position = step.position
    return (position if isinstance(position, int) else index, index)
