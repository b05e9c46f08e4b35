"""Keys that the contract does not know: typed as a JSON object, sent beside the known ones."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from playground.payload.build.findings import Findings
from playground.payload.build.guesses import looks_like_json
from playground.payload.build.values import explain_json, read_json
from playground.payload.drafts import Entry
from playground.payload.paths import OTHER_KEYS, Path
from playground.payload.texts import clean_text, shorten


def read_extra(
    entry: Entry, findings: Findings, *, path: Path, label: str
) -> dict[str, Any] | None:
    """The object that was typed; none when nothing was, or nothing that can be used.

    `path` is that of the object that the keys are sent with.
    """
    if entry.is_left_out or entry.kind == "null":
        return None
    path = (*path, OTHER_KEYS)
    findings.warn_half_character(entry.text, path=path, label=label)
    extra, problem = read_json(clean_text(entry.text))
    if problem or not isinstance(extra, dict):
        message = f"{label}: expected a JSON object, not “{shorten(entry.text)}”."
        if problem and looks_like_json(entry.text):
            message = explain_json(entry.text, label) or message
        findings.add("error", "invalid-json", path=path, message=message)
        return None
    findings.warn_repeated_keys(entry.text, extra, path=path, label=label)
    return extra


def put_extra(
    value: dict[str, Any],
    extra: dict[str, Any] | None,
    known: Collection[str],
    findings: Findings,
    *,
    path: Path,
    label: str,
) -> None:
    """Adds the keys to `value`, except for one that has a field of its own: that is an error."""
    clashes = [key for key in extra or {} if key in known]
    if clashes:
        # The code is the one for text that cannot be used where it stands: the upstream would
        # not object to the payload, which goes without these keys.
        message = f"{label}: {', '.join(clashes)} must be set in the field of that name."
        findings.add("error", "invalid-json", path=(*path, OTHER_KEYS), message=message)
    value.update((key, item) for key, item in (extra or {}).items() if key not in known)
