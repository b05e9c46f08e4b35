"""The payload in JavaScript and TypeScript."""

from __future__ import annotations

from playground.payload.show.snippets.calls import Call


def payload(call: Call) -> str:
    """The assignment, in a template. A raw one would be shorter, but Bun changes its letters."""
    if call.file:
        return f'const payload = await readFile("{call.file}");'
    text = call.body.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return f"const payload = `{text}`;"


def imports(call: Call) -> str:
    """What it needs, each with a line feed behind it."""
    return 'import { readFile } from "node:fs/promises";\n' if call.file else ""
