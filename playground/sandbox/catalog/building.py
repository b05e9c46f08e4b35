"""The words in which the catalogue is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.contract.workflows import Input, ParametersSchema, Step, Workflow
from playground.sandbox.catalog import uids

WEB_ADDRESS = {"url": r"^https?://"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Automation:
    """What a step does, wherever it stands. `number` makes its template's UID."""

    number: int
    permalink: str
    name: str
    integrations: tuple[str, ...] = ()
    inputs: Mapping[str, Input]
    outputs: tuple[str, ...]
    parameters: Mapping[str, Any]

    @property
    def template_uid(self) -> str:
        return uids.template(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogWorkflow:
    """A workflow and what only listings and launch answers tell of it."""

    workflow: Workflow
    created_at: str
    template_uid: str | None
    linked_templates: tuple[str, ...]

    @property
    def permalink(self) -> str:
        """Slug of the name with a UUID appended, without separator (section 6)."""
        slug = "-".join("".join(c if c.isalnum() else " " for c in self.workflow.name).split())
        return slug.lower() + self.workflow.uid


def key(
    help_text: str,
    *,
    required: bool = True,
    primary: bool = False,
    regex: Mapping[str, str] | None = None,
    variations: tuple[str, ...] = (),
    retro_variations: tuple[str, ...] = (),
) -> Input:
    return Input(
        regex=dict(regex or {}),
        help=help_text,
        primary=primary,
        required=int(required),
        variations=variations,
        retro_variations=retro_variations,
    )


def flow(number: int, name: str, *automations: Automation, created_at: str) -> CatalogWorkflow:
    """A workflow of these steps. One of a single step is made from that step's template."""
    steps = tuple(_step(number, position, item) for position, item in enumerate(automations))
    templates = tuple(dict.fromkeys(item.template_uid for item in automations))
    return CatalogWorkflow(
        workflow=Workflow(uid=uids.workflow(number), name=name, steps=steps),
        created_at=created_at,
        template_uid=templates[0] if len(automations) == 1 else None,
        linked_templates=templates,
    )


def _step(workflow_number: int, position: int, automation: Automation) -> Step:
    return Step(
        step_uid=uids.step(workflow_number, position),
        step_name=automation.name,
        position=position,
        permalink=automation.permalink,
        integrations=automation.integrations,
        input_schema=dict(automation.inputs),
        output_schema=automation.outputs,
        parameters_schema=ParametersSchema(properties=dict(automation.parameters)),
    )
