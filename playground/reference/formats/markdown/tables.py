"""Tables in Markdown. Cells hold Markdown already; only what would end a cell is escaped here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from playground.reference.formats.markdown.text import code, prose
from playground.reference.pages.operations import Entry
from playground.reference.pages.prose import AddressOf


def write(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def write_entries(
    entries: Iterable[Entry], address_of: AddressOf, *, required: str = "Required"
) -> str:
    """Parameters or fields, each with everything that is known of it."""
    head = ("Name", "Type", required, "Default", "Meaning", "Evidence")
    return write(head, [_row(entry, address_of) for entry in entries])


def _row(entry: Entry, address_of: AddressOf) -> tuple[str, ...]:
    choices = f" One of {', '.join(map(code, entry.choices))}." if entry.choices else ""
    return (
        code(entry.path),
        entry.type,
        "yes" if entry.is_required else "no",
        code(entry.default) if entry.default else "",
        prose(entry.meaning, address_of) + choices,
        entry.evidence,
    )


def _cell(text: str) -> str:
    # Also inside of code a bar ends the cell unless a backslash stands before it.
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(text.split()))
