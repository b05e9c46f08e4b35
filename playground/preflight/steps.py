"""The steps that would be sent, the accounts that will do their work, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playground.contract.accounts import Account
from playground.contract.workflows import Step, Workflow
from playground.payload.build.builder import Built
from playground.payload.build.origins import StepSource, step_label
from playground.payload.paths import Path
from playground.payload.texts import fold, shorten
from playground.payload.words import cut_list, listed
from playground.preflight.allowances import MOST
from playground.preflight.facts import Facts
from playground.preflight.lines import Line
from playground.preflight.words import account_name, sentence

# Levels of accounts beyond the basic one that steps bear in their names.
_LEVELS = ("Sales Navigator", "Recruiter")
_MOST_NAMES = 3
# The parameter by which a step says how many results it gives for one input (contract section 10).
_MOST_RESULTS = "max_results"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentStep:
    """A step of the workflow as it would be sent, as the `index`-th of the payload's steps."""

    index: int
    step: Step
    source: StepSource
    accounts: tuple[str, ...]
    is_rotating: bool
    parameters: Mapping[str, Any]

    @property
    def label(self) -> str:
        return step_label(self.source)

    @property
    def accounts_path(self) -> Path:
        return ("steps", self.index, "accounts")

    @property
    def slugs(self) -> tuple[str, ...]:
        return self.step.integration_slugs


def sent_steps(workflow: Workflow, built: Built) -> Iterator[SentStep]:
    """Steps that are not the workflow's, or that were pasted as JSON, are passed over."""
    known: dict[str, Step] = {}
    for step in workflow.ordered_steps:
        known.setdefault(step.step_uid, step)
    values: list[Any] = built.value["steps"]
    for index, (source, value) in enumerate(zip(built.steps, values, strict=True)):
        if source is not None and source.position:
            yield SentStep(
                index=index,
                step=known[source.step_uid],
                source=source,
                accounts=tuple(dict.fromkeys(value["accounts"])),
                is_rotating=value.get("accounts_rotation_enabled") is True,
                parameters=value["parameters"],
            )


def check_accounts(sent: SentStep, facts: Facts) -> Line | None:
    """What the builder cannot tell: an integration not known, or rotation with nothing to use."""
    if not sent.slugs:
        return None
    missing = unknown_slugs(sent, facts)
    if missing:
        is_needless = sent.accounts and all(uid in facts.accounts.by_uid for uid in sent.accounts)
        return None if is_needless else _unknown_line(sent, facts, missing)
    if sent.is_rotating and not any(
        is_usable(sent, item) for item in facts.accounts.by_uid.values()
    ):
        wanted = " or ".join(map(shorten, sent.slugs))
        message = (
            f"{sent.label}: rotation is on, but {wanted} has no valid account, so the job will "
            "pause at this step: connect one."
        )
        return Line(
            code="no-account",
            severity="stops",
            section="steps",
            message=message,
            path=sent.accounts_path,
        )
    return None


def most_results(sent: SentStep) -> int:
    """How many results the step gives at most for one input; 1 where it does not say."""
    defaults = {item.name: item.default for item in sent.step.parameters}
    if _MOST_RESULTS not in defaults:
        return 1
    sets = sent.parameters.get(_MOST_RESULTS)
    most: Any = defaults[_MOST_RESULTS] if sets is None else sets
    return most if type(most) is int and 1 <= most <= MOST else 1


def check_levels(sent: SentStep, facts: Facts) -> Line | None:
    """A line when accounts that will do the work are of another level than the step works in.

    The API does not say what level a step needs: its name does (contract section 10).
    """
    named = fold(f"{sent.step.permalink or ''} {sent.step.step_name or ''}".replace("-", " "))
    wanted = next((level for level in _LEVELS if fold(level) in named), "")
    others = [
        account
        for account in working_accounts(sent, facts)
        if wanted
        and isinstance(account.level, str)
        and account.level.strip()
        and fold(wanted) not in fold(account.level)
    ]
    if not others:
        return None
    names = cut_list([account_name(account) for account in others], _MOST_NAMES)
    levels = cut_list([*dict.fromkeys(shorten(str(item.level)) for item in others)], _MOST_NAMES)
    are = f"is of level {levels}" if len(others) == 1 else f"are of level {levels}"
    return Line(
        code="account-level",
        severity="risky",
        section="steps",
        message=f"{sent.label}: {names} {are}, and this step works in {wanted}: it may fail, or "
        f"the job pause. Choose an account of {wanted}.",
        path=sent.accounts_path,
    )


def unknown_slugs(sent: SentStep, facts: Facts) -> tuple[str, ...]:
    """The step's integrations whose accounts are not known."""
    known = facts.accounts.integrations
    return tuple(slug for slug in sent.slugs if slug in facts.account_problems or slug not in known)


def working_accounts(sent: SentStep, facts: Facts) -> tuple[Account, ...]:
    """The accounts that will do the work; none when that is not known.

    Without rotation the first usable one that is given; with it all of them, or, when none is
    given, all that the integrations have (contract sections 1.6 and 13.6).
    """
    by_uid, is_unknown = facts.accounts.by_uid, bool(unknown_slugs(sent, facts))
    if is_unknown and not all(uid in by_uid for uid in sent.accounts):
        return ()
    chosen = [by_uid[uid] for uid in sent.accounts if uid in by_uid]
    usable = tuple(account for account in chosen if is_usable(sent, account))
    if not sent.is_rotating:
        return usable[:1]
    if sent.accounts or is_unknown:
        return usable
    return tuple(item for item in by_uid.values() if is_usable(sent, item))


def is_usable(sent: SentStep, account: Account) -> bool:
    """Whether it is of one of the step's integrations, and valid as far as is known."""
    permalink = account.application_permalink
    is_fitting = not isinstance(permalink, str) or permalink in sent.slugs
    return is_fitting and account.is_valid is not False


def _unknown_line(sent: SentStep, facts: Facts, missing: tuple[str, ...]) -> Line:
    reasons = [sentence(facts.account_problems.get(slug, "")) for slug in missing]
    names = [shorten(slug) for slug in missing]
    depends = bool(sent.accounts) or sent.is_rotating
    message = f"{sent.label}: the accounts of {listed(names)} are not known now"
    message += ", so the chosen ones were not checked." if sent.accounts else "."
    return Line(
        code="accounts-unknown",
        severity="risky" if depends else "note",
        section="steps",
        message=" ".join((message, *filter(None, reasons))),
        path=sent.accounts_path,
    )
