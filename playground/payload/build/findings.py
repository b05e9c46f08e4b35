"""What a build finds wrong, in the order of the page, without repeating itself for ever."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playground.contract.wire import UNSET
from playground.payload.build.guesses import looks_like_json
from playground.payload.build.values import (
    ParameterType,
    explain_json,
    fits,
    misfit_sentence,
    read_entry,
)
from playground.payload.drafts import Entry
from playground.payload.issues import Issue, Severity
from playground.payload.paths import Path
from playground.payload.texts import clean_text
from playground.payload.typed_json import find_repeated, tell_repeated

MOST_OF_ONE_CODE = 20
# "And 31 more rows lack company_name.", by code: for one, for several.
_MORE = {
    "required": ("row lacks", "rows lack"),
    "regex-mismatch": ("row has an unusual", "rows have an unusual"),
    "invisible-value": ("row has nothing to be seen for", "rows have nothing to be seen for"),
    "alias-conflict": ("row has two values for", "rows have two values for"),
}
_MORE_OTHER = ("field has this problem:", "fields have this problem:")


@dataclass(slots=True)
class _Held:
    """Issues of one code that are counted and no longer listed."""

    first: Issue
    subjects: dict[str, int]


@dataclass(slots=True)
class Findings:
    """Collects issues. `end_section` tells what was held back since the last call."""

    issues: list[Issue] = field(default_factory=list)
    _listed: dict[str, int] = field(default_factory=dict)
    _held: dict[str, _Held] = field(default_factory=dict)

    def add(
        self, severity: Severity, code: str, *, path: Path, message: str, subject: str = ""
    ) -> None:
        """`subject` is what a summary of many counts by."""
        listed, held = self._listed.get(code, 0), self._held.get(code)
        if listed < MOST_OF_ONE_CODE or held is None:
            issue = Issue(path=path, code=code, severity=severity, message=message)
            if listed < MOST_OF_ONE_CODE:
                self._listed[code] = listed + 1
                self.issues.append(issue)
                return
            held = self._held[code] = _Held(issue, {})
        held.subjects[subject] = held.subjects.get(subject, 0) + 1

    def end_section(self) -> None:
        for code, held in self._held.items():
            self.issues.append(_summary(code, held))
        self._held.clear()

    def read(self, entry: Entry, kind: ParameterType, *, path: Path, label: str) -> Any:
        """The value of an entry, or `UNSET` when it is left out; adds whatever is wrong with it."""
        if entry.is_left_out:
            return UNSET
        value, problem = read_entry(entry, kind)
        if not entry.text.isascii() and entry.kind != "null":
            self.warn_half_character(entry.text, path=path, label=label)
        if problem:
            told = explain_json(entry.text, label) or f"{label}: this is no JSON, but {problem}."
            message = f"{told} Until then it is sent as text."
            self.add("error", "invalid-json", path=path, message=message, subject=label)
        elif not fits(value, kind):
            is_json = isinstance(value, str) and kind in ("list", "object")
            told = explain_json(entry.text, label) if is_json and looks_like_json(value) else ""
            message = told or misfit_sentence(label, value, kind)
            self.add("error", "wrong-type", path=path, message=message, subject=label)
        if not problem and isinstance(value, dict | list) and entry.text:
            self.warn_repeated_keys(entry.text, value, path=path, label=label)
        return value

    def warn_repeated_keys(self, text: str, value: Any, *, path: Path, label: str) -> None:
        """For text that was read as this JSON value."""
        for sentence in tell_repeated(find_repeated(clean_text(text), value)):
            message = f"{label}: {sentence}"
            self.add("warning", "repeated-key", path=path, message=message, subject=label)

    def warn_half_character(self, text: str, *, path: Path, label: str) -> None:
        if clean_text(text) != text:
            message = f"{label}: half of a character was replaced by “\N{REPLACEMENT CHARACTER}”."
            self.add("warning", "half-character", path=path, message=message, subject=label)


def _summary(code: str, held: _Held) -> Issue:
    one, several = _MORE.get(code, _MORE_OTHER)
    parts = [
        f"{count} more {one if count == 1 else several} {subject}".rstrip(" :")
        for subject, count in list(held.subjects.items())[:MOST_OF_ONE_CODE]
    ]
    first = held.first
    return Issue(
        path=first.path,
        code=code,
        severity=first.severity,
        message=f"And {'; '.join(parts)}.",
    )
