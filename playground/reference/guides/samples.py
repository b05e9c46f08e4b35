"""Guides: what people ask first, each answered with a call that works.

The identifiers in the calls are those of `Samples`, so that they work on the sandbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.reference.pages.blocks import ExampleCall, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleWorkflow:
    """A workflow that the examples launch."""

    uid: str
    name: str
    step_uids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """What the examples name, and what can only be told of the sandbox.

    `search` takes an account of `integration` and has parameters, `email` takes three keys and no
    account, `visit` takes accounts and is limited. `inputs` and `credentials` map a value that
    goes wrong on purpose to its effect.
    """

    search: SampleWorkflow
    email: SampleWorkflow
    visit: SampleWorkflow
    integration: str
    account_uid: str
    expired_account_uid: str
    inputs: Mapping[str, str]
    credentials: Mapping[str, str]

    def email_launch(self, job_name: str, *rows: Mapping[str, Any], **more: Any) -> ExampleCall:
        """A launch of the workflow that needs no account."""
        (step_uid,) = self.email.step_uids
        step = {"step_uid": step_uid, "accounts": [], "parameters": {}}
        return ExampleCall(
            label=job_name,
            operation="launch_workflow",
            values={"workflow_uid": self.email.uid},
            body={"job_name": job_name, "steps": [step], "inputs": list(rows), **more},
        )


def person(first_name: str, last_name: str, company_name: str, **more: Any) -> dict[str, Any]:
    """A row of the workflow that takes three keys."""
    names = {"first_name": first_name, "last_name": last_name, "company_name": company_name}
    return {**names, **more}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    name: str
    title: str
    lead: str
    sections: tuple[Section, ...]
