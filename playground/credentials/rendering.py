"""The request as lines of JSON, with variables for its secrets, and as a curl command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from playground.contract import wire
from playground.contract.accounts import AccountSave
from playground.credentials import drafts
from playground.credentials.variables import Path, variables_of
from playground.payload.show import curl, lines
from playground.payload.show.lines import Line
from playground.payload.texts import clean_text

_FUNCTION = "json_string"
# A secret as a JSON string: of all printable characters only these two need an escape.
_DEFINITION = (
    f"{_FUNCTION}() {{ printf '\"%s\"' "
    """"$(printf '%s\\n' "$1" | LC_ALL=C sed 's/[\\\\"]/\\\\&/g')"; }"""
)


class _Shown(NamedTuple):
    """One line; `variable` stands for its value, empty when the value is no secret."""

    line: Line
    variable: str


def render_lines(request: AccountSave) -> tuple[Line, ...]:
    """Lines of pretty JSON, each of which knows the form field it comes from."""
    return tuple(shown.line for shown in _render(request))


def render_curl(request: AccountSave, url: str) -> str:
    """The command: runs in sh, bash and zsh once its variables are set, whatever they hold.

    It stops before anything is sent when one of them is not set.
    """
    shown = tuple(_render(request))
    variables = [line.variable for line in shown if line.variable]
    command, *options = curl.request_lines(url)
    guard = "".join(f'"${{{variable}:?}}" ' for variable in variables)
    return "\n".join(
        [
            *([f": 'Set these first: {', '.join(variables)}'", _DEFINITION] if variables else []),
            f": {guard}&& {command}" if variables else command,
            *options,
            curl.send_body(_pieces(shown), is_expanded=True),
        ]
    )


def _render(request: AccountSave) -> Iterator[_Shown]:
    variables = variables_of(request.account)
    path: list[str] = []
    for line in lines.render_value(_outline(request, variables)):
        depth, key = _place(line)
        path = [*path[: depth - 1], key] if key else path[:depth]
        variable = variables.get(tuple(path), "") if key else ""
        field, label = _source(tuple(path))
        yield _Shown(Line(line.tokens, field, label), variable)


def _outline(request: AccountSave, variables: Mapping[Path, str]) -> Any:
    """The request as builtins, every secret replaced by its variable."""
    value = wire.to_builtins(request)
    for path, variable in variables.items():
        *parents, last = path
        holder = value
        for parent in parents:
            holder = holder[parent]
        holder[last] = f"${variable}"
    return _clean(value)


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {clean_text(key): _clean(item) for key, item in value.items()}
    return clean_text(value) if isinstance(value, str) else value


def _place(line: Line) -> tuple[int, str]:
    """How deep the line is, and its key; empty for the first line and for closing brackets."""
    depth = next((len(text) // 2 for kind, text in line.tokens if kind == "space"), 0)
    key = next((text for kind, text in line.tokens if kind == "key"), '""')
    return depth, msgspec.json.decode(key.encode(), type=str)


def _source(path: Path) -> tuple[str, str]:
    if not path or path == ("account",) or path == ("account", "uid"):
        return "", ""
    if path[:2] == ("account", "cookies"):
        field = drafts.cookie_field(path[2]) if len(path) > 2 else drafts.PASTED
        return field, path[-1]
    return path[-1], path[-1]


def _pieces(shown: Iterable[_Shown]) -> Iterator[str]:
    """The JSON text, with code in the place of every secret."""
    between = ""
    for line, variable in shown:
        yield between
        for token in line.tokens:
            is_secret = bool(variable) and token.kind == "string"
            yield curl.Expansion(f'$({_FUNCTION} "${variable}")') if is_secret else token.text
        between = "\n"
