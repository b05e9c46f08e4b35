"""Input keys ↔ the values of a row: what satisfies a required key, and what is unusual."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playground.contract.launches import META_KEY
from playground.contract.workflows import Input, Workflow
from playground.payload.build.patterns import MOST_PATTERNS, Patterns, patterns_of


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRule:
    """One input key of the workflow. `names` are the key and its aliases, the key first."""

    key: str
    names: tuple[str, ...]
    is_required: bool
    help: str
    patterns: Patterns


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRules:
    """The input keys of a workflow, which are those of its first step (contract section 6)."""

    rules: tuple[KeyRule, ...]
    required: tuple[KeyRule, ...]
    known: frozenset[str]
    later_steps: Mapping[str, int]


def rules_of(workflow: Workflow) -> KeyRules:
    rules, room = [], MOST_PATTERNS
    for key, definition in workflow.inputs.items():
        rules.append(_rule(key, definition, room))
        room = max(0, room - len(rules[-1].patterns))
    known = frozenset(name for rule in rules for name in rule.names) | {META_KEY}
    return KeyRules(
        rules=tuple(rules),
        required=tuple(rule for rule in rules if rule.is_required),
        known=known,
        later_steps=_later_keys(workflow),
    )


def _rule(key: str, definition: Input, most_patterns: int) -> KeyRule:
    return KeyRule(
        key=key,
        names=tuple(dict.fromkeys((key, *definition.aliases))),
        is_required=definition.is_required,
        help=definition.help if isinstance(definition.help, str) else "",
        patterns=patterns_of(definition, most_patterns),
    )


def has_value(value: Any) -> bool:
    """Null and blank text count as no value; `false`, `0` and empty containers are values."""
    return value is not None and not (isinstance(value, str) and not value.strip())


def is_satisfied(rule: KeyRule, row: Mapping[str, Any]) -> bool:
    """Whether the row has a value under the key or one of its aliases."""
    for name in rule.names:  # noqa: SIM110 - asked for every cell: a generator costs twice as much
        if has_value(row.get(name)):
            return True
    return False


def missing_keys(rules: KeyRules, row: Mapping[str, Any]) -> tuple[str, ...]:
    """The required keys that the row has no value for."""
    return tuple([rule.key for rule in rules.required if not is_satisfied(rule, row)])


def conflicting_names(rules: KeyRules, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Pairs of names that mean one input and carry different values.

    An alias that is an input key itself has a meaning of its own and conflicts with nothing.
    """
    keys = {rule.key for rule in rules.rules}
    for rule in rules.rules:
        if len(rule.names) == 1:
            continue
        given = [
            name
            for name in rule.names
            if (name == rule.key or name not in keys) and has_value(row.get(name))
        ]
        for name in given[1:]:
            if row[name] != row[given[0]]:
                yield given[0], name


def _later_keys(workflow: Workflow) -> dict[str, int]:
    """Input key → number of the first later step that has it (steps count from 1)."""
    found: dict[str, int] = {}
    for number, step in enumerate(workflow.ordered_steps[1:], start=2):
        for key in step.inputs:
            found.setdefault(key, number)
    return found
