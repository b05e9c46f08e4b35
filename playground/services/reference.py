"""The reference: its guides, with examples that work on the sandbox, and search over all of it."""

from __future__ import annotations

import functools

from playground.contract import wire
from playground.contract.accounts import AccountSave
from playground.credentials import rendering
from playground.reference import search, snippets
from playground.reference.api import operations
from playground.reference.guides import all as all_guides
from playground.reference.guides.samples import Guide, Samples, SampleWorkflow
from playground.reference.pages import basics
from playground.reference.pages.blocks import ExampleCall
from playground.reference.search import Found, Hit
from playground.reference.snippets import ShowCall, Snippet
from playground.sandbox import catalog
from playground.sandbox.catalog import linkedin, local


class UnknownPage(LookupError):
    """The reference has no page of this name."""


@functools.cache
def list_guides() -> tuple[Guide, ...]:
    """All guides, in reading order."""
    return all_guides.write_guides(make_samples())


def find_guide(name: str) -> Guide:
    """Raises `UnknownPage`."""
    for guide in list_guides():
        if guide.name == name:
            return guide
    raise UnknownPage(name)


def search_reference(query: str) -> Found:
    """What fits all words of the query, the best first."""
    return search.find(query, _everything())


def shows_calls(base_url: str) -> ShowCall:
    """How calls are shown to whoever calls `base_url`: secrets are variables, as in the forms."""

    def show(call: ExampleCall) -> Snippet:
        if call.is_secret and operations.OPERATIONS[call.operation].body is AccountSave:
            return _show_account_save(call, base_url)
        return snippets.show_call(call, base_url)

    return show


def _show_account_save(call: ExampleCall, base_url: str) -> Snippet:
    method, path = snippets.address_of(call)
    request = wire.from_builtins(AccountSave, call.body)
    return Snippet(
        method=method,
        path=path,
        lines=rendering.render_lines(request),
        curl=rendering.render_curl(request, base_url + path),
    )


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
    return search.everything(basics.sections(""), list_guides())
