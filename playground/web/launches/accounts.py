"""The accounts that a step of the launch form offers: a few as they are, many to search in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from playground.contract.accounts import Account
from playground.contract.folding import has_words, search_words, searchable
from playground.contract.workflows import Step, Workflow
from playground.credentials.kinds import needs_of
from playground.payload.drafts import StepDraft
from playground.payload.edit import editing
from playground.preflight.allowances import Capacity
from playground.services.launches.preflight import Check
from playground.web.field_ids import field_id
from playground.web.launches import edits, field_names

# From so many on they are sorted, and can be filtered.
MANY = 8
# Of all steps of a page, and of one however many there are. Others are found by filtering.
MOST_OFFERED, MOST_OF_A_STEP = 1_000, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChoice:
    """One account that could run the step. `account` is None when the upstream lists none such,
    or, with `is_unknown`, when it could not be asked."""

    uid: str
    id: str
    account: Account | None
    is_chosen: bool
    is_unknown: bool = False
    capacity: Capacity | None = None
    owner: str = ""
    is_filtered_out: bool = False

    @property
    def name(self) -> str:
        return (self.account and self.account.name) or self.uid

    @property
    def is_expired(self) -> bool:
        return self.account is not None and self.account.is_valid is False

    @property
    def left_today(self) -> str:
        """What it may still do for this step; empty when no limit is known."""
        if self.capacity is None:
            return ""
        limit = self.capacity.parts[0].limit
        known = self.capacity
        queued = f", {known.queued:,} queued" if known.queued else ""
        used = f"{known.used:,} of {known.a_day:,} {limit} used{queued}"
        return f"{used}, {known.left_today:,} left today"

    @property
    def is_used_up(self) -> bool:
        return self.capacity is not None and not self.capacity.left_today

    @property
    def is_folded(self) -> bool:
        """Of many accounts those that cannot run anything stand apart, unless they are chosen."""
        return self.is_expired and not self.is_chosen

    @property
    def rank(self) -> int:
        return 0 if self.is_chosen else 1 + self.is_used_up

    def fits(self, words: Iterable[str]) -> bool:
        level = (self.account and self.account.level) or ""
        return has_words(searchable(f"{self.name} {self.owner} {level} {self.uid}"), words)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsLook:
    """What a page adds to what is known of accounts: what it filters each step's by (step UID →
    text), who owns which (account UID → name), in how many steps each choice could stand, and the
    `most` accounts that a step offers."""

    filters: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    alike: Mapping[str, int] = field(default_factory=dict)
    most: int = MOST_OFFERED

    @classmethod
    def of(
        cls, workflow: Workflow, filters: Mapping[str, str], owners: Mapping[str, str]
    ) -> AccountsLook:
        steps = workflow.ordered_steps
        alike = {one.step_uid: len(editing.steps_alike(workflow, one.step_uid)) for one in steps}
        most = max(MOST_OF_A_STEP, MOST_OFFERED // max(1, len(steps)))
        return cls(filters=filters, owners=owners, alike=alike, most=most)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPicker:
    """The accounts of one step. Of many the `folded` ones are those that cannot run it now, and of
    very many some are `left_out`; none that is chosen is folded, filtered out or left out."""

    shown: tuple[AccountChoice, ...]
    folded: tuple[AccountChoice, ...]
    is_long: bool
    filter_name: str
    filter: str
    use_in_all_id: str
    alike: int
    integrations: str
    count: int
    count_fitting: int

    @property
    def left_out(self) -> int:
        return self.count - len(self.shown) - len(self.folded)

    @property
    def filter_id(self) -> str:
        return field_id(self.filter_name)

    @property
    def is_unfolded(self) -> bool:
        """What is looked for stands among them."""
        return bool(self.filter) and any(not one.is_filtered_out for one in self.folded)


def make_picker(step: Step, draft: StepDraft, check: Check, look: AccountsLook) -> AccountPicker:
    choices = _choices(step, draft, check, look)
    is_long = len(choices) >= MANY
    text = look.filters.get(step.step_uid, "")
    if is_long:
        words = search_words(text)
        choices = tuple(
            replace(one, is_filtered_out=not (one.is_chosen or one.fits(words)))
            for one in sorted(choices, key=lambda one: one.rank)
        )
    offered = _offered(choices, look.most)
    return AccountPicker(
        shown=tuple(one for one in offered if not (is_long and one.is_folded)),
        folded=tuple(one for one in offered if is_long and one.is_folded),
        is_long=is_long,
        filter_name=field_names.account_filter(step.step_uid),
        filter=text,
        use_in_all_id=edits.use_in_all_id(step.step_uid),
        alike=look.alike.get(step.step_uid, 1),
        integrations=name_integrations(step),
        count=len(choices),
        count_fitting=sum(not one.is_filtered_out for one in choices),
    )


def _offered(choices: tuple[AccountChoice, ...], most: int) -> tuple[AccountChoice, ...]:
    """As many as a page can carry: those that are chosen, those that fit, others, in that order."""
    if len(choices) <= most:
        return choices
    # Those that are chosen stand first, and are never filtered out.
    chosen = sum(one.is_chosen for one in choices)
    wanted = sorted(choices, key=lambda one: one.is_filtered_out)
    offered = {one.id for one in wanted[: max(most, chosen)]}
    return tuple(one for one in choices if one.id in offered)


def are_many(workflow: Workflow, check: Check) -> bool:
    """Whether a step of the workflow has so many accounts to choose from."""
    listed = check.accounts.by_integration
    return any(
        sum(len(listed.get(slug, ())) for slug in step.integration_slugs) >= MANY
        for step in workflow.steps
    )


def name_integrations(step: Step) -> str:
    return " or ".join(needs_of(slug).title for slug in step.integration_slugs)


def _choices(
    step: Step, draft: StepDraft, check: Check, look: AccountsLook
) -> tuple[AccountChoice, ...]:
    listed = {
        account.uid: account
        for slug in step.integration_slugs
        for account in check.accounts.by_integration.get(slug, ())
    }
    # Chosen accounts that are gone stay, with their UID: they are named, not dropped.
    uids = tuple(dict.fromkeys((*listed, *draft.accounts)))
    if draft.accounts != tuple(uid for uid in uids if uid in draft.accounts):
        # Pasted in an order of their own, or twice: they come first, as the payload has them.
        uids = (*draft.accounts, *(uid for uid in listed if uid not in draft.accounts))
    name = field_names.accounts(step.step_uid)
    are_all_known = check.accounts.whole.issuperset(step.integration_slugs)
    return tuple(
        AccountChoice(
            uid=uid,
            id=field_id(f"{name}-{index}"),
            account=listed.get(uid),
            is_chosen=uid in draft.accounts,
            is_unknown=uid not in listed and not are_all_known,
            capacity=check.capacity_for(step, listed[uid]) if uid in listed else None,
            owner=look.owners.get(uid, ""),
        )
        for index, uid in enumerate(uids)
    )
