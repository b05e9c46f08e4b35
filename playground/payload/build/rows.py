"""The rows of a draft → `inputs`, with what is wrong or unusual about them (section 6.1)."""

from __future__ import annotations

from typing import Any

from playground.contract.folding import fold
from playground.contract.launches import META_KEY, MOST_INPUTS
from playground.contract.workflows import Workflow
from playground.payload.build import mapping, repeats
from playground.payload.build.findings import Findings
from playground.payload.build.mapping import KeyRule, KeyRules
from playground.payload.build.origins import RowSource, row_label
from playground.payload.build.patterns import PatternCheck
from playground.payload.build.values import ParameterType
from playground.payload.drafts import RowDraft
from playground.payload.paths import Path
from playground.payload.texts import bare_text, clean_text, shorten, show_ends
from playground.payload.words import counted, cut_list

_MOST_NAMED_ROWS = 10
_LONGEST_HINT = 120


class RowBuilder:
    """Builds the rows of one draft. Blank rows are not sent, but keep their place on the page."""

    def __init__(self, workflow: Workflow, findings: Findings) -> None:
        self._rules = mapping.rules_of(workflow)
        self._names = repeats.key_names(workflow)
        self._findings = findings
        self._check = PatternCheck()
        self._unusual: set[str] = set()
        self._unchecked: set[str] = set()
        self._patterned = tuple(rule for rule in self._rules.rules if rule.patterns)
        self._has_aliases = any(len(rule.names) > 1 for rule in self._rules.rules)

    def build(
        self, drafts: tuple[RowDraft, ...]
    ) -> tuple[list[dict[str, Any]], tuple[RowSource, ...]]:
        rows: list[dict[str, Any]] = []
        sources: list[RowSource] = []
        for position, draft in enumerate(drafts, start=1):
            if draft.is_set_aside:
                continue
            path = ("inputs", len(rows))
            cells = self._read_cells(draft, position, path)
            if not cells and not draft.is_kept:
                continue
            self._judge(cells, draft, position, path)
            rows.append(cells)
            sources.append(RowSource(draft.number, position))
        self._judge_all(rows, drafts)
        self._judge_bare(rows, sources)
        self._judge_repeats(rows, sources)
        return rows, tuple(sources)

    def _read_cells(self, draft: RowDraft, position: int, path: Path) -> dict[str, Any]:
        cells: dict[str, Any] = {}
        for name, entry in draft.entries.items():
            if entry.kind == "auto":
                if not entry.text.strip():
                    continue
                if name != META_KEY and name.isascii() and entry.text.isascii():
                    cells[name] = entry.text
                    continue
            self._read_cell(cells, draft, name, f"{row_label(position)} · {name}", path)
        return cells

    def _read_cell(
        self, cells: dict[str, Any], draft: RowDraft, name: str, label: str, path: Path
    ) -> None:
        entry, key = draft.entries[name], clean_text(name)
        place = (*path, key)
        if key != name:
            self._findings.warn_half_character(name, path=place, label=label)
        if key == META_KEY:
            cells[key] = self._findings.read(entry, "object", path=place, label=label)
        elif key not in cells:
            kind: ParameterType = "text" if entry.kind == "auto" else "any"
            cells[key] = self._findings.read(entry, kind, path=place, label=label)

    def _judge(self, cells: dict[str, Any], draft: RowDraft, position: int, path: Path) -> None:
        for key in mapping.missing_keys(self._rules, cells):
            self._add_required(key, draft, position, path)
        if self._has_aliases:
            for first, second in mapping.conflicting_names(self._rules, cells):
                self._findings.add(
                    "warning",
                    "alias-conflict",
                    path=(*path, second),
                    message=f"{row_label(position)}: {first} and {second} mean the same input, "
                    f"but their values differ. Keep one: which of them counts is not known (the "
                    f"sandbox takes {first}).",
                    subject=first,
                )
        for rule in self._patterned:
            self._judge_pattern(rule, cells, position, path)
        for name, value in cells.items():
            if isinstance(value, str) and not value.isascii() and value.strip() and not fold(value):
                self._findings.add(
                    "warning",
                    "invisible-value",
                    path=(*path, name),
                    message=f"{row_label(position)}: {name} holds only characters that nobody "
                    "sees, and they are sent. Empty it, or enter a value.",
                    subject=name,
                )
            if name not in self._rules.known and name not in self._unusual:
                self._unusual.add(name)
                add_unknown(self._findings, self._rules, name, path=(*path, name))

    def _add_required(self, key: str, draft: RowDraft, position: int, path: Path) -> None:
        names = next(rule.names for rule in self._rules.rules if rule.key == key)
        aliases = f" (or {', '.join(names[1:])})" if names[1:] else ""
        self._findings.add(
            "error",
            "required",
            path=(*path, _name_of_missing(draft, names)),
            message=f"{row_label(position)} needs a value for {key}{aliases}.",
            subject=key,
        )

    def _judge_pattern(
        self, rule: KeyRule, cells: dict[str, Any], position: int, path: Path
    ) -> None:
        for name in rule.names:
            value = cells.get(name)
            if not isinstance(value, str) or not value.strip():
                continue
            verdict = self._check.judge(rule.patterns, value)
            if verdict == "unchecked":
                self._add_unchecked(name, path)
            if verdict != "misfit":
                continue
            self._findings.add(
                "warning",
                "regex-mismatch",
                path=(*path, name),
                message=f"{row_label(position)}: {self._misfit(rule, name, value)}",
                subject=rule.key,
            )

    def _misfit(self, rule: KeyRule, name: str, value: str) -> str:
        bare = bare_text(value)
        told = f"“{show_ends(value)}” does not look like a value for {name}"
        if bare != value and self._check.judge(rule.patterns, bare) == "fits":
            return f"{told} with the blanks around it (␣); the row may fail. Take them away."
        hint = f" Expected: {_as_sentence(rule.help)}" if rule.help else ""
        return f"{told}; the row may fail.{hint}"

    def _add_unchecked(self, name: str, path: Path) -> None:
        """Said once for all rows: the pattern is at fault, or what is too long for any."""
        if name in self._unchecked:
            return
        self._unchecked.add(name)
        self._findings.add(
            "hint",
            "regex-unchecked",
            path=(*path, name),
            message=f"{name}: whether values look as they should was not checked; the workflow’s "
            "pattern, or a value, is too long or takes too long.",
        )

    def _judge_all(self, rows: list[dict[str, Any]], drafts: tuple[RowDraft, ...]) -> None:
        required = self._rules.required
        if not rows and required:
            path: Path = ("inputs",)
            if drafts:
                path = ("inputs", 0, _name_of_missing(drafts[0], required[0].names))
            keys = ", ".join(rule.key for rule in required)
            message = f"At least one row is needed: {keys} must have a value."
            self._findings.add("error", "no-rows", path=path, message=message)
        if len(rows) > MOST_INPUTS:
            message = f"{len(rows):,} rows are too many: at most {MOST_INPUTS:,} can be sent."
            self._findings.add("error", "too-many-rows", path=("inputs",), message=message)

    def _judge_bare(self, rows: list[dict[str, Any]], sources: list[RowSource]) -> None:
        """Where no key is required, rows without any value run too."""
        if len(rows) < 2 or self._rules.required:
            return
        bare = [i for i, row in enumerate(rows) if self._is_bare(row)]
        if not self._names:
            message = (
                f"This workflow takes no input, and still runs once for each row: {len(rows):,} "
                "times. Leave the rows out to run it once."
            )
            self._findings.add("warning", "rows-without-keys", path=("inputs", 1), message=message)
        elif bare:
            positions = [str(sources[index].position) for index in bare]
            told = cut_list(positions, _MOST_NAMED_ROWS)
            which = f"Row {told} has" if len(bare) == 1 else f"Rows {told} have"
            message = f"{which} no value for any key of this workflow, and still run"
            message += "s." if len(bare) == 1 else ", each by itself."
            path = ("inputs", bare[0])
            self._findings.add("warning", "row-without-values", path=path, message=message)

    def _is_bare(self, row: dict[str, Any]) -> bool:
        return all(value is None for value in repeats.values_of(row, self._names))

    def _judge_repeats(self, rows: list[dict[str, Any]], sources: list[RowSource]) -> None:
        repeated = repeats.find_groups(rows, self._names)
        if repeated:
            self._findings.add(
                "hint",
                "duplicate-rows",
                path=("inputs", repeated[0][1]),
                message=_repeats_sentence(
                    [[sources[index].position for index in group] for group in repeated]
                ),
            )


def add_unknown(findings: Findings, rules: KeyRules, name: str, *, path: Path) -> None:
    """What is to be known of a key that the workflow does not have."""
    later = rules.later_steps.get(name)
    code = "later-step-key" if later else "unknown-key"
    message = f"{shorten(name)} is not a key of this workflow: it is sent, and ignored."
    if later:
        message = (
            f"{shorten(name)} is a key of step {later}; only the first step’s keys count: "
            "it is sent, and ignored."
        )
    findings.add("hint", code, path=path, message=message)


def _name_of_missing(draft: RowDraft, names: tuple[str, ...]) -> str:
    """The first name that the draft has a blank entry for; the key's own when there is none."""
    return next((name for name in names if name in draft.entries), names[0])


def _repeats_sentence(groups: list[list[int]]) -> str:
    """`groups` are places of rows that are the same."""
    count = sum(len(group) - 1 for group in groups)
    parts = []
    for group in groups[:_MOST_NAMED_ROWS]:
        named = [str(position) for position in group[:_MOST_NAMED_ROWS]]
        rest = len(group) - len(named)
        tail = f" and {rest:,} more" if rest else ""
        parts.append(f"rows {', '.join(named)}{tail}")
    if len(groups) > len(parts):
        parts.append(counted(len(groups) - len(parts), "more group"))
    repeats = counted(count, "row is a repeat", "rows are repeats")
    return f"{repeats}: {'; '.join(parts)} are the same."


def _as_sentence(text: str) -> str:
    # An example of a whole value is of more use than its first half.
    told = shorten(text, _LONGEST_HINT)
    return told if told.endswith((".", "…")) else f"{told}."
