"""Which accounts a step may work with at a time, and which of their limits govern it."""

from __future__ import annotations

from datetime import datetime

from playground.sandbox import catalog
from playground.sandbox.account_book import AccountBook
from playground.sandbox.catalog import AccountLimit
from playground.sandbox.records import StepPlan, StoredAccount

_LIMITS = {
    (item.integration, item.level, template): item
    for item in catalog.LIMITS
    for template in item.templates
}
_TEMPLATES = {template for _, _, template in _LIMITS}
_TEMPLATE_OF = {
    step.step_uid: template
    for item in catalog.WORKFLOWS
    for step in item.workflow.steps
    if (template := catalog.template_of(step.step_uid)) in _TEMPLATES
}
_LIMITED = {
    item.workflow.uid: tuple(
        index
        for index, step in enumerate(item.workflow.ordered_steps)
        if step.step_uid in _TEMPLATE_OF
    )
    for item in catalog.WORKFLOWS
}
# The workflows in which the limit of some account may make a step wait.
LIMITED_WORKFLOWS = frozenset(uid for uid, steps in _LIMITED.items() if steps)


def limited_steps(workflow_uid: str) -> tuple[int, ...]:
    """The indexes of the workflow's steps for whose work accounts have a limit."""
    return _LIMITED.get(workflow_uid, ())


def is_limited(step_uid: str) -> bool:
    """Whether accounts have a limit for what the step does."""
    return step_uid in _TEMPLATE_OF


def limit_of(account: StoredAccount, step_uid: str) -> AccountLimit | None:
    """The limit that the account's level picks for this step."""
    template = _TEMPLATE_OF.get(step_uid)
    return _LIMITS.get((account.integration, account.level or "", template or ""))


def accounts_for(plan: StepPlan, at: datetime, book: AccountBook) -> tuple[StoredAccount, ...]:
    """Those that work, in the order in which they are taken: without rotation the first one
    given, with it all that are given; any of the step's integrations only if none is given."""
    found = (book.account(uid, at) for uid in plan.accounts)
    given = tuple(account for account in found if account and account.is_valid)
    if not plan.is_rotating:
        return given[:1]
    if plan.accounts:
        return given
    step = catalog.find_step(plan.step_uid)
    wanted = step.integration_slugs if step else ()
    return tuple(item for item in book.accounts(at) if item.is_valid and item.integration in wanted)
