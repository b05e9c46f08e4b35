"""JSON documents of tools that hold requests: HAR, n8n, Postman, Insomnia, Make, Arazzo.

Of several requests the one that launches is taken, of several launches the last.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from playground.payload.edit.paste.found import Kind, Request, UnableToReadPasted, Variable
from playground.payload.edit.paste.requests import read_address, tell_several
from playground.payload.words import counted

_DEEPEST, _MOST_LOOKED_AT = 14, 300_000
_NAMES: Mapping[Kind, str] = {
    "har": "HAR",
    "n8n": "workflow of n8n",
    "postman": "collection of Postman",
    "insomnia": "export of Insomnia",
    "request": "document",
}
_expression = re.compile(r"\{\{.*?\}\}", re.DOTALL).search
_whole_expression = re.compile(r"\s*\{\{.*\}\}\s*", re.DOTALL).fullmatch


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRequest:
    """The request that launches, of those that a document of this kind has."""

    kind: Kind
    request: Request
    notices: tuple[str, ...] = ()


def kind_of(value: Any) -> Kind | None:
    """What kind of document a value is; None for what is none."""
    if isinstance(value, list):
        return kind_of(value[0]) if value and isinstance(value[0], dict) else None
    if not isinstance(value, dict):
        return None
    return next((kind for kind, is_of in _KINDS if is_of(value)), None)


def find_request(value: Any) -> FoundRequest | None:
    """None for what is no such document. Raises `UnableToReadPasted`."""
    kind = kind_of(value)
    if kind is None:
        return None
    requests = requests_of(value, kind)
    with_body = [one for one in requests if one.body is not None or one.has_value]
    launches = [one for one in with_body if read_address(one.url).is_launch]
    chosen = launches or (with_body if len(with_body) == 1 else [])
    if not chosen:
        raise UnableToReadPasted(_why_none(kind, len(requests), len(with_body)))
    notices = (*tell_several(len(launches), "launch", "launches"), *_tell_expressions(chosen[-1]))
    return FoundRequest(kind=kind, request=chosen[-1], notices=notices)


def requests_of(value: Any, kind: Kind) -> list[Request]:
    """Every request of a document of this kind, in its order."""
    return [_REQUESTS[kind](one) for one in _found(value, kind)]


def _why_none(kind: Kind, count: int, with_body: int) -> str:
    name = _NAMES.get(kind, "document")
    if not count:
        return f"There is no request in this {name}."
    if not with_body:
        return (
            f"No request of this {name} has a body, and the payload of a launch is one: copy the "
            "one that launches."
        )
    return (
        f"This {name} has {counted(count, 'request')}, and none of them launches a workflow: copy "
        "the one that does."
    )


def _tell_expressions(request: Request) -> tuple[str, ...]:
    if request.body and _expression(request.body):
        return ("What stands in {{ }} is taken as text: nothing is worked out here.",)
    return ()


def _is_har(value: dict[str, Any]) -> bool:
    log = value.get("log")
    if isinstance(log, dict) and isinstance(log.get("entries"), list):
        return True
    if isinstance(value.get("entries"), list) and "steps" not in value:
        return True
    request = value.get("request")
    if isinstance(request, dict) and isinstance(request.get("headers"), list):
        return True
    return (
        isinstance(value.get("headers"), list)
        and "url" in value
        and ("postData" in value or "httpVersion" in value)
    )


def _is_n8n(value: dict[str, Any]) -> bool:
    nodes = value.get("nodes")
    if isinstance(nodes, list):
        return any(isinstance(one, dict) and "type" in one for one in nodes[:1_000])
    return isinstance(value.get("parameters"), dict) and isinstance(value.get("type"), str)


def _is_postman(value: dict[str, Any]) -> bool:
    if isinstance(value.get("item"), list) or isinstance(value.get("collection"), dict):
        return True
    request = value.get("request", value)
    return (
        isinstance(request, dict)
        and isinstance(request.get("body"), dict)
        and ("mode" in request["body"] and "url" in request)
    )


def _is_insomnia(value: dict[str, Any]) -> bool:
    return isinstance(value.get("resources"), list) or value.get("_type") == "request"


def _is_request(value: dict[str, Any]) -> bool:
    if "arazzo" in value or "openapi" in value:
        return True
    if isinstance(value.get("flow"), list) or isinstance(value.get("subflows"), list):
        return True
    url = next((value[key] for key in ("url", "uri", "URL") if isinstance(value.get(key), str)), "")
    has_body = any(key in value for key in ("body", "data", "json", "payload"))
    # A row of a table may have such columns, too.
    return has_body and ("method" in value or read_address(url).is_launch)


_KINDS: tuple[tuple[Kind, Callable[[dict[str, Any]], bool]], ...] = (
    ("har", _is_har),
    ("postman", _is_postman),
    ("n8n", _is_n8n),
    ("insomnia", _is_insomnia),
    ("request", _is_request),
)


def _found(value: Any, kind: Kind) -> Iterator[dict[str, Any]]:
    """The objects of a document that are requests, in its order."""
    stack: list[tuple[Any, int]] = [(value, 0)]
    for _ in range(_MOST_LOOKED_AT):
        if not stack:
            return
        one, depth = stack.pop()
        if isinstance(one, dict) and _IS_REQUEST[kind](one):
            yield one
            continue
        inner: list[Any] = []
        if isinstance(one, list):
            inner = one
        elif isinstance(one, dict):
            inner = list(one.values())
        if depth < _DEEPEST:
            stack += [
                (each, depth + 1) for each in reversed(inner) if isinstance(each, dict | list)
            ]


_IS_REQUEST: Mapping[Kind, Any] = {
    "har": lambda one: (
        isinstance(one.get("headers"), list) and "url" in one and "content" not in one
    ),
    "n8n": lambda one: isinstance(one.get("parameters"), dict) and isinstance(one.get("type"), str),
    "postman": lambda one: "url" in one and ("method" in one or "body" in one),
    "insomnia": lambda one: one.get("_type") == "request" or ("url" in one and "method" in one),
    "request": lambda one: (
        (
            any(isinstance(one.get(key), str) for key in ("url", "uri", "URL"))
            and any(key in one for key in ("method", "body", "data", "json", "payload"))
        )
        or isinstance(one.get("requestBody"), dict)
    ),
}


def _pairs(value: Any) -> tuple[tuple[str, str], ...]:
    """Headers as an object, or as a list of objects with names and values."""
    if isinstance(value, dict):
        return tuple((str(name), _text(item)) for name, item in value.items())
    if not isinstance(value, list):
        return ()
    found = []
    for one in value:
        if isinstance(one, dict) and not one.get("disabled"):
            name = one.get("name", one.get("key"))
            if isinstance(name, str):
                found.append((name, _text(one.get("value"))))
    return tuple(found)


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else ""
    return Variable(text) if _expression(text) else text


def _of_har(one: dict[str, Any]) -> Request:
    data = one.get("postData")
    given = data if isinstance(data, dict) else {}
    text = given.get("text")
    if isinstance(text, str) and given.get("encoding") == "base64":
        with suppress(ValueError):
            text = base64.b64decode(text, validate=True).decode()
    return Request(
        url=_text(one.get("url")),
        method=_text(one.get("method")),
        headers=_pairs(one.get("headers")),
        body=text if isinstance(text, str) else None,
    )


def _of_n8n(one: dict[str, Any]) -> Request:
    given = one["parameters"]
    headers = given.get("headerParameters", given.get("headerParametersUi"))
    named = headers.get("parameters", headers.get("parameter")) if isinstance(headers, dict) else ()
    headers_json = given.get("headerParametersJson", given.get("jsonHeaders"))
    pairs = (*_pairs(named), *_pairs(_as_json(headers_json)))
    url = _without_sign(_text(given.get("url")))
    request = Request(
        url=url, method=_text(given.get("method", given.get("requestMethod"))), headers=pairs
    )
    for key in ("jsonBody", "body", "bodyParametersJson", "rawBody"):
        value = given.get(key)
        if isinstance(value, str) and value.strip():
            text = _without_sign(value)
            is_unknown = _whole_expression(text)
            return replace(request, body=Variable(text) if is_unknown else text)
        if isinstance(value, dict):
            return replace(request, value=value, has_value=True)
    fields = given.get("bodyParameters", given.get("bodyParametersUi"))
    listed = fields.get("parameters", fields.get("parameter")) if isinstance(fields, dict) else None
    if isinstance(listed, list) and listed:
        return replace(request, value=_fields_of(listed), has_value=True)
    return request


def _fields_of(listed: list[Any]) -> dict[str, Any]:
    """Fields by themselves, whose values are texts: those of JSON are read as JSON."""
    found: dict[str, Any] = {}
    for one in listed:
        if isinstance(one, dict) and isinstance(one.get("name"), str):
            value = one.get("value")
            text = _without_sign(value) if isinstance(value, str) else value
            parsed = _as_json(text) if isinstance(text, str) and text[:1] in "[{" else None
            found[one["name"]] = text if parsed is None else parsed
    return found


def _as_json(text: Any) -> Any:
    if not isinstance(text, str) or not text.strip():
        return None
    try:
        return json.loads(_without_sign(text))
    except (ValueError, RecursionError):
        return None


def _without_sign(text: str) -> str:
    """n8n marks what is worked out with a sign in front."""
    made = text.removeprefix("=")
    return Variable(made) if isinstance(text, Variable) else made


def _of_postman(one: dict[str, Any]) -> Request:
    url, body = one.get("url"), one.get("body")
    raw = url.get("raw") if isinstance(url, dict) else url
    text = body.get("raw") if isinstance(body, dict) else body
    auth = one.get("auth")
    values = [each for each in _walk_texts(auth) if each and not _expression(each)]
    kinds = ("apikey", "basic", "bearer", "header", "query", "key", "noauth")
    return Request(
        url=_text(raw),
        method=_text(one.get("method")),
        headers=_pairs(one.get("header")),
        body=text if isinstance(text, str) else None,
        has_secret=any(value.lower() not in kinds and len(value) > 8 for value in values),
    )


def _walk_texts(value: Any, depth: int = 4) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _walk_texts(one, depth - 1)


def _of_insomnia(one: dict[str, Any]) -> Request:
    body = one.get("body")
    text = body.get("text") if isinstance(body, dict) else body
    return Request(
        url=_text(one.get("url")),
        method=_text(one.get("method")),
        headers=_pairs(one.get("headers")),
        body=text if isinstance(text, str) else None,
    )


def _of_request(one: dict[str, Any]) -> Request:
    in_arazzo = one.get("requestBody")
    if isinstance(in_arazzo, dict):
        request = Request(url=_address_in_arazzo(one), method="POST")
        return _with_value(request, in_arazzo.get("payload"))
    url = next((one[key] for key in ("url", "uri", "URL") if isinstance(one.get(key), str)), "")
    request = Request(
        url=_text(url), method=_text(one.get("method")), headers=_pairs(one.get("headers"))
    )
    for key in ("body", "data", "json", "payload"):
        value = one.get(key)
        if isinstance(value, dict) and isinstance(value.get("raw"), str):
            value = value["raw"]
        if value:
            return _with_value(request, value)
    return request


def _address_in_arazzo(step: dict[str, Any]) -> str:
    """The path of the step: the host stands in another document."""
    parameters = step.get("parameters")
    for one in parameters if isinstance(parameters, list) else ():
        if isinstance(one, dict) and one.get("name") == "workflow_uid":
            uid = _text(one.get("value"))
            return f"/workflows/{quote(uid, safe='')}/schedule" if uid[:1] not in ("", "$") else ""
    return ""


def _with_value(request: Request, value: Any) -> Request:
    if isinstance(value, str):
        return replace(request, body=value)
    return (
        replace(request, value=value, has_value=True) if isinstance(value, dict | list) else request
    )


_REQUESTS: Mapping[Kind, Any] = {
    "har": _of_har,
    "n8n": _of_n8n,
    "postman": _of_postman,
    "insomnia": _of_insomnia,
    "request": _of_request,
}
