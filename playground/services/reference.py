"""The reference: its guides, with examples that work on the sandbox, and search over all of it."""

from __future__ import annotations

import functools

from playground.reference import guides_all, pages_basics, search
from playground.reference.guides import Guide, Samples, SampleWorkflow
from playground.reference.search import Found, Hit
from playground.sandbox import catalog
from playground.sandbox.catalog import linkedin, local


class UnknownPage(LookupError):
    """The reference has no page of this name."""


@functools.cache
def list_guides() -> tuple[Guide, ...]:
    """All guides, in reading order."""
    return guides_all.write_guides(make_samples())


def find_guide(name: str) -> Guide:
    """Raises `UnknownPage`."""
    for guide in list_guides():
        if guide.name == name:
            return guide
    raise UnknownPage(name)


def search_reference(query: str) -> Found:
    """What fits all words of the query, the best first."""
    return search.find(query, _everything())


def make_samples() -> Samples:
    """What the examples name: workflows and accounts that the sandbox has from the beginning."""
    accounts = [one for one in catalog.ACCOUNTS if one.integration == linkedin.LINKEDIN]
    return Samples(
        search=_workflow(linkedin.SEARCH_LEADS.permalink),
        email=_workflow(local.FIND_EMAIL.permalink),
        visit=_workflow(linkedin.VISIT_PROFILE.permalink, linkedin.CONNECT_PROFILE.permalink),
        integration=linkedin.LINKEDIN,
        account_uid=next(one.uid for one in accounts if one.is_valid),
        expired_account_uid=next(one.uid for one in accounts if not one.is_valid),
        inputs={one.value: one.effect for one in catalog.TEST_INPUTS},
        credentials={one.value: one.effect for one in catalog.TEST_CREDENTIALS},
    )


def _workflow(*permalinks: str) -> SampleWorkflow:
    """The workflow of the catalogue with exactly these steps."""
    for item in catalog.WORKFLOWS:
        steps = item.workflow.ordered_steps
        if tuple(step.permalink for step in steps) == permalinks:
            uids = tuple(step.step_uid for step in steps)
            return SampleWorkflow(uid=item.workflow.uid, name=item.workflow.name, step_uids=uids)
    raise LookupError(f"The catalogue has no workflow of {permalinks}.")


@functools.cache
def _everything() -> tuple[Hit, ...]:
    return search.everything(pages_basics.sections(""), list_guides())
