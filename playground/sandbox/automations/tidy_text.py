"""Small repairs of a text, each by a parameter."""

from __future__ import annotations

from typing import Any

from playground.sandbox.automations.work import Work, texts

_CASES = {"upper": str.upper, "lower": str.lower, "title": str.title}
_MOST_REPLACEMENTS = 100


def run(work: Work) -> dict[str, Any]:
    text = work.text("text")
    tidy = _shorten(_replace(text, work), work)
    tidy = _CASES.get(str(work.parameters.get("case")), str)(tidy)
    if not tidy or _digit_share(tidy) > work.parameters.get("largest_digit_share", 1.0):
        fallback = work.parameters.get("fallback")
        return {"tidy_text": fallback, "length": 0, "was_changed": True}
    return {"tidy_text": tidy, "length": len(tidy), "was_changed": tidy != text}


def _replace(text: str, work: Work) -> str:
    for part in texts(work.parameters.get("remove")):
        text = text.replace(part, "") if part else text
    replace = work.parameters.get("replace") or {}
    for old, new in list(replace.items())[:_MOST_REPLACEMENTS]:
        text = text.replace(old, new[:100]) if old and isinstance(new, str) else text
        # Replacements may feed each other: the text must not grow without end.
        text = text[:10_000]
    return text


def _shorten(text: str, work: Work) -> str:
    if work.parameters.get("fold_spaces", True):
        text = " ".join(text.split())
    most = max(0, work.parameters.get("max_length", 500))
    return text if len(text) <= most else text[: max(0, most - 1)].rstrip() + "…"[:most]


def _digit_share(text: str) -> float:
    return sum(char.isdigit() for char in text) / len(text)
