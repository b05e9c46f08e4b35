"""Targets that nothing here runs: read by a parser of their language, to the body they send."""

from __future__ import annotations

import mslex
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

PARSED = (
    *("powershell", "powershell-follow", "powershell-curl", "cmd"),
    *("http", "n8n", "make", "zapier", "arazzo"),
)
_POWERSHELL = Parser(Language(tree_sitter_powershell.language()))


def powershell_body(text: str) -> str:
    """What the here-string holds. Fails where PowerShell would not read it."""
    tree = _POWERSHELL.parse(text.encode())
    assert not tree.root_node.has_error, tree.root_node
    (found,) = [node for node in _walk(tree.root_node) if node.type.startswith("verbatim_here")]
    whole = (found.text or b"").decode()
    assert whole.startswith("@'\n")
    assert whole.endswith("\n'@")
    return whole[3:-3]


def cmd_arguments(text: str, **variables: str) -> list[str]:
    """The arguments of the last line, as the command prompt and then the program split it. Fails
    where something else than these variables means something to the prompt."""
    line = text.split("\n")[-1]
    for name, value in variables.items():
        line = line.replace(f"%{name}%", value)
    return mslex.split(line)


def _walk(node: Node) -> list[Node]:
    return [node, *(inner for child in node.children for inner in _walk(child))]


def http_request(text: str) -> tuple[str, dict[str, str], str]:
    """The first line, the headers and the body of a request as it goes over the wire."""
    head, _, body = text.partition("\n\n")
    first, *lines = head.split("\n")
    return first, dict(line.split(": ", 1) for line in lines), body
