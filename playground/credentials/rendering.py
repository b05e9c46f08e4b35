"""The request as lines of JSON, with variables for its secrets, and as a curl command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from playground.contract import wire
from playground.contract.accounts import AccountSave
from playground.credentials.variables import variables_of
from playground.payload.paths import Path
from playground.payload.show import curl, lines
from playground.payload.show.lines import Line
from playground.payload.texts import clean_text

_FUNCTION = "json_string"
# A secret as a JSON string: of all printable characters only these two need an escape.
_DEFINITION = (
    f"{_FUNCTION}() {{ printf '\"%s\"' "
    """"$(printf '%s\\n' "$1" | LC_ALL=C sed 's/[\\\\"]/\\\\&/g')"; }"""
)


def render_lines(request: AccountSave) -> tuple[Line, ...]:
    """The request with a variable for every secret."""
    return lines.render_value(_outline(request, variables_of(request.account)))


def render_curl(request: AccountSave, url: str) -> str:
    """The command: runs in sh, bash and zsh once its variables are set, whatever they hold.

    It stops before anything is sent when one of them is not set.
    """
    named, shown = variables_of(request.account), render_lines(request)
    variables = [named[line.path] for line in shown if line.path in named]
    command, *options = curl.request_lines(url)
    guard = "".join(f'"${{{variable}:?}}" ' for variable in variables)
    return "\n".join(
        [
            *([f": 'Set these first: {', '.join(variables)}'", _DEFINITION] if variables else []),
            f": {guard}&& {command}" if variables else command,
            *options,
            curl.send_body(_pieces(shown, named), is_expanded=True),
        ]
    )


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


def _pieces(shown: Iterable[Line], variables: Mapping[Path, str]) -> Iterator[str]:
    """The JSON text, with code in the place of every secret."""
    between = ""
    for line in shown:
        variable = variables.get(line.path)
        yield between
        for kind, text in line.tokens:
            is_secret = variable is not None and kind == "string"
            yield curl.Expansion(f'$({_FUNCTION} "${variable}")') if is_secret else text
        between = "\n"
