"""A call of the API as JSON, as a command and in other languages, from the renderers of the
playground's payload."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urlencode

from playground.contract import paths
from playground.contract.wire import UNSET
from playground.payload.show import curl
from playground.payload.show import lines as json_lines
from playground.payload.show.lines import Line
from playground.payload.show.snippets.calls import Call, Target, plain_address
from playground.reference.api.operations import Operation
from playground.reference.pages.blocks import ExampleCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """`lines` are those of the JSON body, none when the call has no body."""

    method: str
    path: str
    lines: tuple[Line, ...]
    curl: str


ShowCall: TypeAlias = Callable[[ExampleCall], Snippet]


def example_of(operation: Operation) -> ExampleCall:
    """The operation's own example."""
    values = {item.name: item.example for item in operation.parameters if item.where == "path"}
    return ExampleCall(
        label="", operation=operation.name, values=values, body=operation.body_example
    )


def show_call(call: ExampleCall, base_url: str) -> Snippet:
    """Any call; `base_url` is what the command calls."""
    method, path = address_of(call)
    lines = lines_of(call.body) if _has_body(call.body) else ()
    return Snippet(
        method=method,
        path=path,
        lines=lines,
        curl=curl.render_request(method, base_url + path, lines),
    )


def write_call(shown: Snippet, target: Target, base_url: str) -> str:
    """The same call in another language; `base_url` is what it calls."""
    call = Call(
        method=shown.method,
        url=plain_address(base_url + shown.path),
        base_url=plain_address(base_url),
        body=json_lines.text_of(shown.lines),
    )
    return target.write(call)


def address_of(call: ExampleCall) -> tuple[str, str]:
    """Method and path, relative to the base address, with the query."""
    path = paths.path_for(call.operation, **call.values) + _query(call.query)
    return paths.TEMPLATES[call.operation][0], path


def lines_of(value: Any) -> tuple[Line, ...]:
    """Any JSON value as lines of coloured text."""
    return json_lines.render_value(value)


def _has_body(body: Any) -> bool:
    return body is not UNSET and body is not None


def _query(query: Mapping[str, str]) -> str:
    return f"?{urlencode(query)}" if query else ""
