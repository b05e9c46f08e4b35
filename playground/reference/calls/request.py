"""From what is in the form of one operation to the request that is sent. Never raises.

Path values are one segment each. A query parameter that is left blank is not sent, unless it is
ticked to be sent as it is. The body is JSON; it is sent as it is shown, in compact form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import msgspec

from playground.contract import paths, wire
from playground.contract.folding import find_uid_in
from playground.contract.wire import UNSET
from playground.payload.issues import Issue, Severity
from playground.payload.paths import Path
from playground.payload.show import curl, folding
from playground.payload.show import lines as json_lines
from playground.payload.show.lines import Line
from playground.payload.texts import clean_text, shorten
from playground.payload.typed_json import UnableToReadJson, read_typed, tell_repeated
from playground.payload.uids import clean_uids
from playground.redaction import texts
from playground.redaction.answers import find_secret
from playground.reference.api.operations import Operation, Parameter
from playground.reference.calls.text import DEEPEST, depth_of

LONGEST_VALUE = 1_000
LONGEST_BODY = 256 * 1024
_BOOLEANS = ("true", "false")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDraft:
    """Exactly what is in the form. `blanks` are query parameters to be sent although blank."""

    values: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    blanks: frozenset[str] = frozenset()
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRequest:
    """What would be sent. With errors it is only as much as could be made of the draft.

    A path value that is missing stands in `path` as its name in braces. An issue is about
    `$.path.<name>`, `$.query.<name>` or `$.body`. `is_whole`: nothing of the body is folded.
    """

    operation: Operation
    values: Mapping[str, str]
    path: str
    query: Mapping[str, str]
    body: bytes | None
    lines: tuple[Line, ...]
    is_whole: bool
    issues: tuple[Issue, ...]

    @property
    def address(self) -> str:
        """Path and query, below the upstream's address."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    @property
    def errors(self) -> tuple[Issue, ...]:
        return tuple(issue for issue in self.issues if issue.severity == "error")

    @property
    def warnings(self) -> tuple[Issue, ...]:
        return tuple(issue for issue in self.issues if issue.severity == "warning")

    def curl(self, base_url: str) -> str:
        """The command, with variables for the credentials."""
        url = base_url + self.address
        return curl.render_request(self.operation.method, url, self.lines, is_whole=self.is_whole)


def parameters_of(operation: Operation, where: str) -> tuple[Parameter, ...]:
    return tuple(one for one in operation.parameters if one.where == where)


def takes_body(operation: Operation) -> bool:
    """Whether its form has a body: one with credentials is written elsewhere."""
    return operation.body is not None and not sends_secrets(operation)


def sends_secrets(operation: Operation) -> bool:
    """Whether its body is secret. Such a call cannot be sent from here, because calls are kept."""
    return operation.has_secrets and operation.body is not None


def example_body(operation: Operation) -> str:
    """The example as it is laid out; empty when there is none."""
    if operation.body_example is UNSET or operation.body_example is None:
        return ""
    return json_lines.text_of(json_lines.render_value(operation.body_example))


def first_draft(operation: Operation, given: Mapping[str, str]) -> CallDraft:
    """What the form begins with: `given` values by parameter, and the example of a needed body."""
    query = [one.name for one in parameters_of(operation, "query")]
    is_example = operation.is_body_needed and takes_body(operation)
    return CallDraft(
        values={one.name: given.get(one.name, "") for one in parameters_of(operation, "path")},
        query={name: given.get(name, "") for name in query},
        blanks=frozenset(name for name in query if name in given and not given[name]),
        body=example_body(operation) if is_example else "",
    )


def build_request(operation: Operation, draft: CallDraft) -> CallRequest:
    """The request as far as it goes, and what is wrong with it."""
    values = {
        one.name: _typed_value(one, draft.values.get(one.name, ""))
        for one in parameters_of(operation, "path")
    }
    query = {
        one.name: clean_text(draft.query.get(one.name, ""))
        for one in parameters_of(operation, "query")
        if draft.query.get(one.name) or one.name in draft.blanks
    }
    issues = [
        issue
        for one in operation.parameters
        for issue in _judge(one, (values if one.where == "path" else query).get(one.name))
    ]
    value, problem, remarks = _read_body(operation, draft.body)
    if problem:
        issues.append(_issue("error", ("body",), problem))
    issues += [_issue("warning", ("body",), f"The body: {remark}") for remark in remarks]
    is_sent = value is not UNSET
    # Where the body is secret, the example stands for it: nobody writes it here.
    shown = operation.body_example if sends_secrets(operation) else value
    lines, is_whole = ((), True) if shown is UNSET else folding.fold_value(shown)
    return CallRequest(
        operation=operation,
        values=values,
        path=_path(operation, values),
        query=query,
        body=wire.encode(value) if is_sent else None,
        lines=lines,
        is_whole=is_whole,
        issues=tuple(issues),
    )


def encode_draft(draft: CallDraft) -> bytes:
    """For keeping. Half characters, which JSON cannot carry, are replaced."""
    return msgspec.json.encode(
        {
            "values": {name: clean_text(text) for name, text in draft.values.items()},
            "query": {name: clean_text(text) for name, text in draft.query.items()},
            "blanks": sorted(draft.blanks),
            "body": clean_text(draft.body),
        }
    )


def decode_draft(kept: bytes) -> CallDraft:
    """What `encode_draft` made."""
    return msgspec.json.decode(kept, type=CallDraft)


def _typed_value(parameter: Parameter, text: str) -> str:
    """A UUID is read however it was copied; what else stands there is somebody's own."""
    cleaned = find_uid_in(text) if parameter.name.endswith("_uid") else ""
    return cleaned or clean_text(text)


def _path(operation: Operation, values: Mapping[str, str]) -> str:
    path = paths.path_for(
        operation.name, **{name: value or f"{{{name}}}" for name, value in values.items()}
    )
    for name, value in values.items():
        if not value:
            path = path.replace(f"%7B{name}%7D", f"{{{name}}}")
    return path


def _judge(parameter: Parameter, text: str | None) -> Iterator[Issue]:
    """`text` is None where nothing is sent."""
    name, path = parameter.name, (parameter.where, parameter.name)
    if parameter.where == "path" and not text:
        yield _issue("error", path, f"Enter {name}: it is a part of the address.")
    if not text:
        return
    if len(text) > LONGEST_VALUE:
        message = f"{name}: at most {LONGEST_VALUE:,} characters, not {len(text):,}."
        yield _issue("error", path, message)
    elif texts.holds_secret(f"{name}={text}"):
        message = f"{name}: this looks like a credential. Tries are kept: send it with cURL."
        yield _issue("error", path, message)
    elif wanted := _wanted(parameter, text):
        message = f"{name}: {wanted} is expected. “{shorten(text)}” can be sent all the same."
        yield _issue("warning", path, message)


def _wanted(parameter: Parameter, text: str) -> str:
    """What the parameter takes; empty when the text is such a value."""
    if parameter.choices:
        return "" if text in parameter.choices else f"one of {', '.join(parameter.choices)}"
    if parameter.type == "boolean":
        return "" if text in _BOOLEANS else "true or false"
    if parameter.type == "integer":
        digits = text.removeprefix("-")
        is_whole = digits.isascii() and digits.isdecimal() and len(digits) < 19
        return "" if is_whole else "a whole number"
    return ""


def _read_body(operation: Operation, typed: str) -> tuple[Any, str, tuple[str, ...]]:
    """The JSON value, `UNSET` when none is sent; what is wrong; what there is to know."""
    text = clean_text(typed).strip() if takes_body(operation) else ""
    if not text:
        is_missing = operation.is_body_needed and takes_body(operation)
        return UNSET, "This call needs a body: write it as JSON." if is_missing else "", ()
    if len(text) > LONGEST_BODY:
        most = f"at most {LONGEST_BODY // 1024} KB"
        return UNSET, f"The body is too long to be tried here ({most}): send it with cURL.", ()
    if depth_of(text) > DEEPEST:
        return (
            UNSET,
            f"The body is nested too deeply: at most {DEEPEST} levels can be sent here.",
            (),
        )
    try:
        value, repeated = read_typed(text)
    except UnableToReadJson as error:
        return UNSET, f"{error.problem.about('The body')} Correct it to send it.", ()
    if secret := find_secret(text):
        return (
            UNSET,
            (
                f"The body holds a credential ({shorten(secret)}). Tries are kept, so it cannot be "
                "sent from here: use the form of the account."
            ),
            (),
        )
    return value, "", (*tell_repeated(repeated), *clean_uids(value))


def _issue(severity: Severity, path: Path, message: str) -> Issue:
    return Issue(path=path, code="try", severity=severity, message=message)
