"""Which workflows use which integration, as it is found and kept."""

from __future__ import annotations

import httpx
import pytest

from playground.contract.workflows import WorkflowSummary
from playground.services.workflows import usage as workflow_usage
from tests.upstreams import AnsweringTransport, upstream


def test_uses_name_the_steps_that_take_accounts():
    steps = [
        {"step_uid": "s-2", "position": 1, "step_name": "Add", "integrations": ["crm", "mail"]},
        {"step_uid": "s-1", "position": 0, "step_name": "Find", "integrations": None},
        {"step_uid": "s-3", "position": 2, "integrations": ["mail"]},
    ]
    details = {"uid": "w-1", "name": "One", "steps": steps}
    with upstream(AnsweringTransport(details=lambda _: httpx.Response(200, json=details))):
        uses = workflow_usage.find_uses([WorkflowSummary(uid="w-1", name="One")], seconds=5)

    assert (uses.integrations, uses.missing) == (("crm", "mail"), 0)
    assert [[step.name for step in use.steps] for use in uses.of("mail")] == [["Add", "s-3"]]
    assert uses.of("find") == ()


@pytest.mark.parametrize("age", [599, 601])
def test_uses_are_kept_for_ten_minutes(monkeypatch, age):
    seconds = [0.0]
    monkeypatch.setattr(workflow_usage._steps, "_clock", lambda: seconds[0])
    details = {"uid": "w-1", "name": "One", "steps": []}
    transport = AnsweringTransport(details=lambda _: httpx.Response(200, json=details))
    with upstream(transport):
        for at in (0, age):
            seconds[0] = at
            workflow_usage.find_uses([WorkflowSummary(uid="w-1", name="One")], seconds=5)

    assert len(transport.requests) == (1 if age < 600 else 2)
