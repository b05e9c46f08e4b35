"""What a job's errors name, with the places where it can be mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from playground.models import Launch
from playground.outcomes.culprits import Culprit
from playground.services.jobs import blame, outcomes
from playground.services.jobs.blame import Blame
from playground.services.jobs.follow import JobDetail, UsedAccount
from playground.services.jobs.results import FailedInput, Failures, summary
from playground.web.field_ids import field_id
from playground.web.launches import field_names


@dataclass(frozen=True, slots=True, kw_only=True)
class BlamedContext:
    """`what` it is and its `name`, whether and by what that is proved; `address` is where it is
    mended, and `draft` where another one is chosen, if there are such places."""

    what: str
    name: str
    is_sure: bool
    why: str
    address: str = ""
    draft: str = ""

    @property
    def leads_to(self) -> str:
        if self.what == "account":
            return "See to the account"
        return "Open it in a draft" if "?launch=" in self.address else "See the row"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedContext:
    """`address` leads to the row: its field in a draft, else what became of it."""

    row: int
    values: str
    reason: str
    address: str
    is_field: bool


def blamed(detail: JobDetail, found: Blame) -> tuple[BlamedContext, ...]:
    return tuple(map(_Places(detail).of, found.culprits))


def failed(detail: JobDetail, failures: Failures, found: Blame) -> Iterator[FailedContext]:
    places = _Places(detail)
    for one in failures.inputs:
        place = _field_of(one, found)
        address = places.draft(place) if place else places.outcome(one.row)
        yield FailedContext(
            row=one.row,
            values=one.values,
            reason=one.reason,
            address=address,
            is_field=bool(place and address),
        )


def _field_of(one: FailedInput, found: Blame) -> str:
    """The field of a row in a draft of the launch; none where that has another row in its place."""
    if one.row > len(found.rows) or summary(found.rows[one.row - 1]) != one.values:
        return ""
    keys = list(found.rows[one.row - 1])
    key = blame.key_in(one.reason, keys) or next(iter(keys), "")
    return field_names.input_cell(one.row - 1, key) if key else field_names.row(one.row - 1)


class _Places:
    def __init__(self, detail: JobDetail) -> None:
        self._detail = detail
        self._steps = {one.number: one for one in detail.steps}

    def draft(self, field_name: str) -> str:
        """The field in a draft of the launch, or nothing where that is not known."""
        launch: Launch | None = self._detail.launch
        if launch is None:
            return ""
        page = reverse("launch-new", args=[launch.workflow_uid])
        return f"{page}?launch={launch.pk}#{field_id(field_name)}"

    def outcome(self, row: int) -> str:
        """The page of outcomes that has this row."""
        page = (row - 1) // outcomes.ROWS_SHOWN + 1
        return f"{reverse('job-outcome-list', args=[self._detail.job.uid])}?page={page}#row-{row}"

    def of(self, one: Culprit) -> BlamedContext:
        make = {"row": self._row, "account": self._account, "parameter": self._parameter}
        return make.get(one.kind, self._key)(one)

    def _row(self, one: Culprit) -> BlamedContext:
        is_field = self._detail.launch and self._detail.launch.row_count <= blame.MOST_ROWS
        name = field_names.input_cell(one.row - 1, one.name) if one.name else ""
        address = self.draft(name or field_names.row(one.row - 1)) if is_field else ""
        address = address or self.outcome(one.row)
        name = f"{one.row:,}{f', {one.name}' if one.name else ''}"
        return BlamedContext(
            what="row", name=name, is_sure=one.is_sure, why=one.why, address=address
        )

    def _account(self, one: Culprit) -> BlamedContext:
        step = self._steps[one.step or 0]
        account = next((each for each in step.accounts if each.uid == one.name), None)
        return BlamedContext(
            what="account",
            name=account.name if account and account.name else f"…{one.name[-4:]}",
            is_sure=one.is_sure,
            why=one.why,
            address=self._page_of(account),
            draft=self.draft(field_names.accounts(step.step_uid)),
        )

    def _page_of(self, account: UsedAccount | None) -> str:
        """Where it is updated, unless it is gone."""
        if account is None or not account.integration:
            return ""
        if account.is_gone:
            return reverse("account-detail", args=[account.integration, account.uid])
        page = reverse("account-edit", args=[account.integration, account.uid])
        return f"{page}?next={reverse('job-detail', args=[self._detail.job.uid])}"

    def _parameter(self, one: Culprit) -> BlamedContext:
        step = self._steps[one.step or 0]
        return BlamedContext(
            what=f"step {step.number}, parameter",
            name=one.name,
            is_sure=one.is_sure,
            why=one.why,
            address=self.draft(field_names.parameter(step.step_uid, one.name)),
        )

    def _key(self, one: Culprit) -> BlamedContext:
        return BlamedContext(
            what="input key",
            name=one.name,
            is_sure=one.is_sure,
            why=one.why,
            address=self.draft(field_names.input_cell(0, one.name)),
        )
