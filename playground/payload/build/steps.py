"""The steps of a draft → `steps`, with what is wrong or unusual about them (section 6)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.contract.accounts import Account
from playground.contract.wire import UNSET
from playground.contract.workflows import Step, Workflow
from playground.payload.build.extras import put_extra, read_extra
from playground.payload.build.findings import Findings
from playground.payload.build.guesses import looks_like_json
from playground.payload.build.origins import StepSource, step_label
from playground.payload.build.values import (
    ParameterType,
    explain_json,
    parameter_type,
    read_json,
)
from playground.payload.drafts import LaunchDraft, StepDraft
from playground.payload.paths import Path
from playground.payload.texts import clean_text, shorten, show_ends

STEP_KEYS = ("step_uid", "accounts", "accounts_rotation_enabled", "parameters", "output_column")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAccounts:
    """What was looked up: `integrations` are the slugs of which every account is in `by_uid`."""

    by_uid: Mapping[str, Account]
    integrations: frozenset[str]


class StepBuilder:
    """Builds the steps of one draft, in the workflow's order."""

    def __init__(self, findings: Findings, accounts: KnownAccounts | None) -> None:
        self._findings = findings
        self._accounts = accounts
        self._steps: list[Any] = []
        self._sources: list[StepSource | None] = []

    def build(
        self, workflow: Workflow, draft: LaunchDraft
    ) -> tuple[list[Any], tuple[StepSource | None, ...]]:
        known: dict[str, Step] = {}
        for step in workflow.ordered_steps:
            known.setdefault(step.step_uid, step)
        for position, (uid, step) in enumerate(known.items(), start=1):
            source = StepSource(uid, position)
            if draft.step(uid).is_left_out:
                self._judge_left_out(step, source)
            else:
                self._add_step(step, draft.step(uid), source)
        for uid, step_draft in draft.steps.items():
            if uid not in known and not step_draft.is_left_out:
                self._add_foreign(step_draft, StepSource(uid, 0))
        self._add_unknown(draft, known)
        return self._steps, tuple(self._sources)

    @property
    def _next_path(self) -> Path:
        """Of the next step that is sent."""
        return ("steps", len(self._steps))

    def _add_step(self, step: Step | None, draft: StepDraft, source: StepSource) -> None:
        findings, path, label = self._findings, self._next_path, step_label(source)
        value: dict[str, Any] = {
            "step_uid": clean_text(source.step_uid),
            "accounts": [clean_text(account) for account in draft.accounts],
        }
        rotation = findings.read(
            draft.rotation,
            "boolean",
            path=(*path, "accounts_rotation_enabled"),
            label=f"{label} · account rotation",
        )
        if step is not None:
            self._judge_accounts(step, value["accounts"], rotation is True, source, path)
        if rotation is not UNSET:
            value["accounts_rotation_enabled"] = rotation
        value["parameters"] = self._read_parameters(step, draft, source, path)
        column = findings.read(
            draft.output_column,
            "text",
            path=(*path, "output_column"),
            label=f"{label} · output column",
        )
        if column is not UNSET:
            value["output_column"] = column
        name = f"{label} · other keys"
        extra = read_extra(draft.extra, findings, path=path, label=name)
        put_extra(value, extra, STEP_KEYS, findings, path=path, label=name)
        self._steps.append(value)
        self._sources.append(source)

    def _read_parameters(
        self, step: Step | None, draft: StepDraft, source: StepSource, path: Path
    ) -> dict[str, Any]:
        types: dict[str, ParameterType] = {}
        if step is not None:
            types = {item.name: parameter_type(item.default) for item in step.parameters}
        values: dict[str, Any] = {}
        for name in (*types, *(name for name in draft.parameters if name not in types)):
            entry = draft.parameters.get(name)
            if entry is None or entry.is_left_out:
                continue
            key = clean_text(name)
            place = (*path, "parameters", key)
            label = f"{step_label(source)} · {key}"
            if key != name:
                self._findings.warn_half_character(name, path=place, label=label)
            if key in values:
                continue
            kind = types.get(name, "any")
            values[key] = self._findings.read(entry, kind, path=place, label=label)
            if step is not None and name not in types:
                message = f"{label} is not a parameter of this step: it is sent, and ignored."
                self._findings.add("hint", "unknown-parameter", path=place, message=message)
        return values

    def _judge_accounts(
        self, step: Step, uids: list[str], is_rotating: bool, source: StepSource, path: Path
    ) -> None:
        label, place = step_label(source), (*path, "accounts")
        usable = 0
        for index, uid in enumerate(uids):
            code, message = self._account_problem(step, uid)
            usable += not code
            if code:
                self._findings.add(
                    "warning" if code == "invalid-account" else "error",
                    code,
                    path=(*place, index),
                    message=f"{label}: {message}",
                    subject=label,
                )
        if step.integration_slugs and not usable and not is_rotating:
            what = "choose a valid account" if uids else "choose an account"
            message = f"{label}: {what}, or the job will pause at this step."
            self._findings.add("warning", "no-account", path=place, message=message)
        if is_rotating and len(set(uids)) == 1:
            message = f"{label}: rotation has only one account to use."
            place = (*path, "accounts_rotation_enabled")
            self._findings.add("hint", "rotation-of-one", path=place, message=message)

    def _account_problem(self, step: Step, uid: str) -> tuple[str, str]:
        """(code, message) of what is wrong with one chosen account; the code empty when nothing."""
        slugs = step.integration_slugs
        shown = shorten(uid)
        if not slugs:
            return "account-not-taken", f"this step takes no account, so “{shown}” is refused."
        if self._accounts is None:
            return "", ""
        account = self._accounts.by_uid.get(uid)
        wanted = " or ".join(slugs)
        if account is None:
            if not self._accounts.integrations.issuperset(slugs):
                return "", ""
            return "unknown-account", f"{wanted} has no account “{show_ends(uid)}”."
        permalink = account.application_permalink
        named = account.name or shown
        if isinstance(permalink, str) and permalink not in slugs:
            message = f"“{named}” is an account of {permalink}; this step takes {wanted}."
            return "foreign-account", message
        if account.is_valid is False:
            return "invalid-account", f"“{named}” is not valid any more: connect it again."
        return "", ""

    def _judge_left_out(self, step: Step, source: StepSource) -> None:
        if step.integration_slugs:
            message = (
                f"{step_label(source)} is left out: it runs with its default parameters and "
                "without an account, so the job will pause at this step."
            )
            path = ("steps", source.step_uid)
            self._findings.add("warning", "no-account", path=path, message=message)

    def _add_foreign(self, draft: StepDraft, source: StepSource) -> None:
        path = (*self._next_path, "step_uid")
        self._add_step(None, draft, source)
        message = f"This workflow has no step “{show_ends(source.step_uid)}”."
        self._findings.add("error", "unknown-step", path=path, message=message)

    def _add_unknown(self, draft: LaunchDraft, known: Mapping[str, Step]) -> None:
        """Steps that were pasted as JSON. Each is sent, and each is an error."""
        entry, path = draft.unknown_steps, self._next_path
        if entry.is_left_out or entry.kind == "null":
            return
        self._findings.warn_half_character(entry.text, path=path, label="Other steps")
        items, problem = read_json(clean_text(entry.text))
        if problem or not isinstance(items, list):
            message = f"Other steps: expected a JSON array, not “{shorten(entry.text)}”."
            if problem and looks_like_json(entry.text):
                message = explain_json(entry.text, "Other steps") or message
            self._findings.add("error", "invalid-json", path=path, message=message)
            return
        self._findings.warn_repeated_keys(entry.text, items, path=path, label="Other steps")
        sent = {step["step_uid"] for step in self._steps}
        for item in items:
            uid = item.get("step_uid") if isinstance(item, dict) else None
            code, message = _unknown_problem(uid, sent, known)
            self._findings.add("error", code, path=self._next_path, message=message)
            if isinstance(uid, str):
                sent.add(uid)
            self._steps.append(item)
            self._sources.append(None)


def _unknown_problem(uid: Any, sent: set[str], known: Mapping[str, Step]) -> tuple[str, str]:
    if not isinstance(uid, str):
        shown = shorten(json.dumps(uid))
        return "unknown-step", f"Other steps: {shown} is no step UID."
    if uid in sent:
        return "duplicate-step", f"Step “{shorten(uid)}” is there twice."
    if uid in known:
        # The upstream would take it: the person only put it into the wrong field.
        return "invalid-json", f"Step “{shorten(uid)}” has fields of its own: fill in those."
    return "unknown-step", f"This workflow has no step “{show_ends(uid)}”."
