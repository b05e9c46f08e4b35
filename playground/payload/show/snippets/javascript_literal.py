"""The payload in JavaScript and TypeScript.

Their programs are one function that imports what it needs: so they run as a module and as a
script, and at the prompt.
"""

from __future__ import annotations

from playground.payload.show.snippets.calls import Call


def payload(call: Call) -> str:
    """The assignment, in a template. A raw one would be shorter, but Bun changes its letters."""
    if call.file:
        return f'const payload = await readFile("{call.file}");'
    text = call.body.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return f"const payload = `{text}`;"


def imports(call: Call, *names: str) -> str:
    """A line for the functions that it uses of `node:fs/promises`, if any, with its line feed."""
    used = [*(["readFile"] if call.file else []), *names]
    line = f'  const {{ {", ".join(used)} }} = await import("node:fs/promises");\n'
    return line if used else ""
