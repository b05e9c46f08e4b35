"""A pasted text, whatever it is → what it holds. Never raises, and tells what it was read as."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from playground.contract import collector
from playground.payload.build.options import TOP_KEYS
from playground.payload.edit.paste import commands, documents, requests
from playground.payload.edit.paste.almost_json import ReadJson, read_almost
from playground.payload.edit.paste.found import (
    Kind,
    Pasted,
    Problem,
    Request,
    UnableToReadPasted,
    Variable,
    place_of,
)
from playground.payload.edit.paste.large import split_rows
from playground.payload.texts import clean_text
from playground.payload.typed_json import UnableToReadJson
from playground.redaction import texts

_fence = re.compile(r"\s*(`{3,}|~{3,})[\w+-]*[ \t]*\r?\n(.*?)\r?\n?\1\s*\Z", re.DOTALL).match
_begins_json = re.compile(r"[\s\ufeff\u200b\u2060]*(?:[{\[\"]|//|/\*|#[^!\S]|[｛［])").match
_comments = re.compile(r"(?:[\s\ufeff]++|//[^\n]*+|#[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)*+").match
_lines_of_json = re.compile(r"\s*\{[^\n]*\}[ \t,]*\r?\n\s*\{").match
_markdown_rules = re.compile(r"^[ \t]*+\|[^\n]*+\n([ \t:|-]++)$", re.MULTILINE).finditer
_only_rule = re.compile(r"[|:\s-]+").fullmatch
_NOTHING = "There is nothing here: paste a payload, a request that launches, or rows."
_UNKNOWN = (
    "This is nothing that can be read here: paste the JSON of a payload, a request as cURL, fetch, "
    "PowerShell, HAR or code, or rows."
)
# Texts in texts, such as a body that is a JSON text once more.
_MOST_WRAPPED = 4


def read_pasted(text: str, row_keys: Collection[str] = ()) -> Pasted:
    """What a text holds. `row_keys` are the input keys of the workflow, if it is known: an object
    of them is a row, and no payload."""
    with collector.put_off(len(text)):
        try:
            return _Reading(clean_text(text), frozenset(row_keys)).read()
        except _Refused as error:
            return _without_secrets(error.pasted)


def _without_secrets(pasted: Pasted) -> Pasted:
    """A sentence may quote a word of what was pasted."""
    if pasted.problem is None:
        return pasted
    sentence = texts.hide(pasted.problem.sentence)
    return replace(pasted, problem=replace(pasted.problem, sentence=sentence))


class _Refused(Exception):
    def __init__(self, pasted: Pasted) -> None:
        super().__init__(pasted.problem.sentence if pasted.problem else "")
        self.pasted = pasted


@dataclass(slots=True)
class _Reading:
    text: str
    row_keys: frozenset[str]
    notices: list[str] = field(default_factory=list)

    def read(self) -> Pasted:
        if not self.text.strip(" \t\r\n\ufeff\u200b\xa0"):
            raise _Refused(Pasted(kind="payload", problem=Problem(sentence=_NOTHING)))
        offset = self._without_fence()
        if _begins_json(self.text) and not self._is_commented_code():
            return self._json()
        try:
            found = commands.read_request(self.text)
        except UnableToReadPasted as error:
            kind = commands.kind_of(self.text) or "code"
            raise _Refused(Pasted(kind=kind, problem=self._problem(error, offset))) from None
        if found is not None:
            return self._of_request(found[0], found[1])
        return self._table_or_nothing()

    def _is_commented_code(self) -> bool:
        """Code may begin with comments, and JSON too."""
        begins = _comments(self.text)
        end = begins.end() if begins else 0
        return self.text[end : end + 1] not in ("{", "[", '"')

    def _without_fence(self) -> int:
        """Leaves out the fence around a block of code; gives how much stood before it."""
        found = _fence(self.text)
        if not found:
            return 0
        self.notices.append("The ``` around it were left out.")
        # The lines before it stay, so that places are told as they are in what was pasted.
        self.text = "\n" * self.text.count("\n", 0, found.start(2)) + found[2]
        return 0

    def _problem(self, error: UnableToReadPasted, _offset: int) -> Problem:
        if error.place is None:
            return Problem(sentence=error.sentence)
        line, column = place_of(self.text, error.place)
        sentence = f"Line {line:,}, column {column:,}: {error.sentence}"
        return Problem(sentence=sentence, line=line, column=column)

    def _json(self) -> Pasted:
        return self._of_text(self.text, "payload")

    def _of_text(self, text: str, kind: Kind, of: str = "") -> Pasted:
        split = split_rows(text)
        if split and not split.rest:
            return self._pasted(kind="rows" if kind == "payload" else kind, raw=split.rows)
        read = self._almost(split.rest if split else text, kind, of)
        pasted = self._of_value(read.value, kind)
        return replace(pasted, repeated=read.repeated, raw=split.rows if split else pasted.raw)

    def _almost(self, text: str, kind: Kind, of: str = "") -> ReadJson:
        try:
            read = read_almost(text)
        except UnableToReadJson as error:
            if kind == "payload" and _lines_of_json(text):
                return ReadJson(value=_Lines(text))
            problem = error.problem
            where = of or "This is no JSON yet."
            place: dict[str, int] = {} if of else {"line": problem.line, "column": problem.column}
            sentence = f"{where} {problem.sentence}"
            raise _Refused(
                Pasted(
                    kind=kind,
                    notices=tuple(self.notices),
                    problem=Problem(sentence=sentence, **place),
                )
            ) from None
        self.notices += read.notices
        return read

    def _of_request(self, kind: Kind, request: Request) -> Pasted:
        self.notices += requests.tell_credentials(request)
        address = requests.read_address(request.url)
        try:
            if request.has_value:
                pasted = self._of_value(request.value, kind)
            else:
                body = requests.body_of(request)
                pasted = self._of_text(body, kind, "Its body is no JSON yet.")
        except UnableToReadPasted as error:
            problem = Problem(sentence=error.sentence)
            raise _Refused(
                Pasted(kind=kind, notices=tuple(self.notices), problem=problem)
            ) from None
        return replace(
            pasted,
            host="" if isinstance(request.url, Variable) else address.host,
            workflow_uid=address.workflow_uid,
        )

    def _of_value(self, value: Any, kind: Kind, depth: int = 0) -> Pasted:
        if isinstance(value, _Lines):
            return self._pasted(kind="rows", table=value)
        if isinstance(value, str) and depth < _MOST_WRAPPED and _begins_json(value):
            self.notices.append("It was JSON within a text: the text was read.")
            return self._of_value(self._almost(value, kind).value, kind, depth + 1)
        if kind == "payload" and not (isinstance(value, dict) and _has_lists(value)):
            try:
                found = documents.find_request(value)
            except UnableToReadPasted as error:
                kind = documents.kind_of(value) or kind
                raise _Refused(Pasted(kind=kind, problem=self._problem(error, 0))) from None
            if found is not None:
                self.notices += found.notices
                return self._of_request(found.kind, found.request)
        if isinstance(value, list):
            return self._of_list(value, kind)
        if isinstance(value, dict):
            return self._of_object(value, kind, depth)
        problem = Problem(sentence=f"{_name_of(value)} alone is no payload and no row.")
        raise _Refused(Pasted(kind=kind, notices=tuple(self.notices), problem=problem))

    def _of_list(self, value: list[Any], kind: Kind) -> Pasted:
        if len(value) == 1 and isinstance(value[0], dict) and _is_payload(value[0], frozenset()):
            return self._of_object(value[0], kind, 0)
        if value and all(type(one) is str for one in value):
            return self._pasted(
                kind="rows", table="\n".join(one.replace("\n", " ") for one in value)
            )
        other = next((at for at, one in enumerate(value) if not isinstance(one, dict)), None)
        if other is not None or not value:
            what = (
                "it is empty" if other is None else f"[{other}] is {_name_of(value[other]).lower()}"
            )
            problem = Problem(
                sentence=f"An array is read as rows, which are objects of keys and values: {what}."
            )
            raise _Refused(Pasted(kind="rows", notices=tuple(self.notices), problem=problem))
        return self._pasted(kind="rows", rows=value)

    def _of_object(self, value: dict[str, Any], kind: Kind, depth: int) -> Pasted:
        if _is_payload(value, self.row_keys):
            return self._pasted(kind=kind, payload=value)
        inner = _wrapped(value)
        if inner is not None and depth < _MOST_WRAPPED:
            self.notices.append(f"What stands under “{inner}” was taken for the payload.")
            return self._of_value(value[inner], kind, depth + 1)
        if set(value) & {"step_uid"}:
            problem = Problem(
                sentence="This is one step of a payload: put it into the array “steps” of one."
            )
            raise _Refused(Pasted(kind=kind, notices=tuple(self.notices), problem=problem))
        if not value or not (self.row_keys & value.keys() or _is_flat(value)):
            return self._pasted(kind=kind, payload=value)
        return self._pasted(kind="rows" if kind == "payload" else kind, rows=[value])

    def _pasted(self, kind: Kind, **found: Any) -> Pasted:
        return Pasted(kind=kind, notices=tuple(self.notices), **found)

    def _table_or_nothing(self) -> Pasted:
        text = self.text
        is_value = "@" in text and not re.search(r"\s", text.strip())
        bare = text.strip()
        if "\t" in bare or "\n" in bare or is_value:
            return self._pasted(kind="rows", table=self._without_rules(text))
        read = self._almost_or_none()
        if read is not None:
            return self._of_value(read.value, "payload")
        raise _Refused(Pasted(kind="payload", problem=Problem(sentence=_UNKNOWN)))

    def _without_rules(self, text: str) -> str:
        """A table of Markdown as cells with tabs between them; any other as it is."""
        if not any("---" in found[1] for found in _markdown_rules(text)):
            return text
        self.notices.append("The table of Markdown was read as cells.")
        lines = (line.strip() for line in text.splitlines())
        rows = [line.strip("|").split("|") for line in lines if line and not _only_rule(line)]
        return "\n".join("\t".join(cell.strip() for cell in row) for row in rows)

    def _almost_or_none(self) -> ReadJson | None:
        try:
            return read_almost(self.text)
        except UnableToReadJson:
            return None


class _Lines(str):
    """An object a line."""

    __slots__ = ()


def _is_payload(value: dict[str, Any], row_keys: frozenset[str]) -> bool:
    """Whether an object is a payload and no row: by what only a payload has, else by its keys."""
    if _has_lists(value):
        return True
    if row_keys & value.keys():
        return False
    return bool(value.keys() & set(TOP_KEYS))


def _has_lists(value: dict[str, Any]) -> bool:
    return isinstance(value.get("inputs"), list) or isinstance(value.get("steps"), list)


def _wrapped(value: dict[str, Any]) -> str | None:
    """The key under which a payload stands, where it stands alone or beside what tells of it."""
    for key in ("payload", "body", "json", "data", "jsonBody"):
        inner = value.get(key)
        if isinstance(inner, dict) and _is_payload(inner, frozenset()):
            return key
        if isinstance(inner, str) and inner.lstrip()[:1] == "{" and '"steps"' in inner:
            return key
    return None


def _is_flat(value: dict[str, Any]) -> bool:
    return all(not isinstance(item, dict | list) or key == "meta" for key, item in value.items())


def _name_of(value: Any) -> str:
    if value is None:
        return "Null"
    names = {bool: "True or false", str: "A text", list: "An array", dict: "An object"}
    return names.get(type(value), "A number")
