"""The launch form as its template shows it: fields with their text, in the page's order."""

from __future__ import annotations

from dataclasses import dataclass

from playground.contract.accounts import Account
from playground.contract.launches import META_KEY
from playground.contract.workflows import Step, Workflow
from playground.payload.drafts import Kind
from playground.preflight.allowances import Capacity
from playground.preflight.lines import Line
from playground.services.workflows.lookup import TestInput

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldContext:
    """One field. `choices` make it a select; `is_area` a text area; else it is a line."""

    name: str
    id: str
    label: str
    text: str
    kind: Kind = "auto"
    kind_name: str = ""
    has_kinds: bool = False
    placeholder: str = ""
    help: str = ""
    type: str = "text"
    choices: Choices = ()
    is_area: bool = False
    issues: tuple[Line, ...] = ()

    @property
    def is_odd(self) -> bool:
        """It is not simply read as typed: the page must show how it is meant."""
        return self.kind != "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnContext:
    """One input key, with what the workflow says about it."""

    key: str
    id: str
    is_required: bool
    note: str
    help: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowContext:
    id: str
    number: str
    cells: tuple[FieldContext, ...]
    is_kept: bool = False
    name: str = ""


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
        return f"{self.capacity.left_today:,} of {self.capacity.a_day:,} {limit} left today"

    @property
    def is_used_up(self) -> bool:
        return self.capacity is not None and not self.capacity.left_today


@dataclass(frozen=True, slots=True, kw_only=True)
class StepContext:
    number: int
    step: Step
    id: str
    accounts_name: str
    accounts_id: str
    accounts: tuple[AccountChoice, ...]
    account_problems: tuple[str, ...]
    account_issues: tuple[Line, ...]
    rotation: FieldContext
    is_rotation_offered: bool
    parameters: tuple[FieldContext, ...]
    output_column: FieldContext
    extra: FieldContext
    left_out_name: str
    is_left_out: bool

    @property
    def is_customised(self) -> bool:
        """Something below "more" is in use, so it must be open."""
        return bool(self.output_column.text or self.output_column.is_odd or self.extra.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchPage:
    """Everything the playground page shows on its left side."""

    workflow: Workflow
    token: str
    relaunch_of: str
    job_name: FieldContext
    columns: tuple[ColumnContext, ...]
    rows: tuple[RowContext, ...]
    new_row: RowContext
    steps: tuple[StepContext, ...]
    schedule: tuple[FieldContext, ...]
    other: tuple[FieldContext, ...]
    test_inputs: tuple[TestInput, ...] = ()
    sentence: str = ""
    notice: str = ""
    pasted: str = ""
    pasted_problem: str = ""
    trial_rows: str = ""
    override_reason: str = ""

    @property
    def column_ideas(self) -> tuple[str, ...]:
        """Keys that could be added: other names of the workflow's keys, and the caller's own."""
        shown = {column.key for column in self.columns}
        ideas = dict.fromkeys((META_KEY, *(name for one in self.columns for name in one.aliases)))
        return tuple(idea for idea in ideas if idea not in shown)

    @property
    def has_schedule(self) -> bool:
        return any(one.text or one.is_odd for one in self.schedule)

    @property
    def has_other(self) -> bool:
        return any(one.text or one.is_odd for one in self.other)
