"""A pasted text, whatever it is → what it holds. Never raises, and tells what it was read as."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any

from playground.contract import collector
from playground.contract.folding import find_uid
from playground.payload.build.options import TOP_KEYS
from playground.payload.edit.paste import commands, documents, requests, wrapping
from playground.payload.edit.paste.almost_json import ReadJson, read_almost, repair
from playground.payload.edit.paste.found import (
    Kind,
    Pasted,
    Problem,
    Request,
    UnableToReadPasted,
    Variable,
    place_of,
)
from playground.payload.edit.paste.large import FROM_CHARACTERS, Split, split_rows
from playground.payload.edit.paste.wrapping import Bare
from playground.payload.texts import clean_text, shorten
from playground.payload.typed_json import JsonProblem, UnableToReadJson
from playground.redaction import texts

_begins_json = re.compile(r"[\s\ufeff\u200b\u2060]*(?:[{\[\"]|//|/\*|#[^!\S]|[｛［])").match
_comments = re.compile(r"(?:[\s\ufeff]++|//[^\n]*+|#[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)*+").match
_lines_of_json = re.compile(r"\s*(\{[^\n]*\})[ \t,]*\r?\n\s*\{").match
_yaml = re.compile(r"^(?:job_name|inputs|steps)[ \t]*:(?:[ \t]|\r?$)", re.MULTILINE).search
_toml = re.compile(r"^(?:job_name[ \t]*=[ \t]*[\"']|\[\[(?:inputs|steps)\]\])", re.MULTILINE).search
_page = re.compile(r"\s*<(?:!doctype|\?xml|html|[a-z]+>)", re.IGNORECASE).match
_only_address = re.compile(r"\s*https?://\S+\s*").fullmatch
_rules = re.compile(r"^[ \t]*+[|+:-][ \t|+:-]*+$", re.MULTILINE).finditer
_only_rule = re.compile(r"[|:\s+-]+").fullmatch
_NOTHING = "There is nothing here: paste a payload, a request that launches, or rows."
_UNKNOWN = (
    "This is nothing that can be read here: paste the JSON of a payload, a request as cURL, fetch, "
    "PowerShell, HAR or code, or rows."
)
_OTHER = "This is {name}, and a payload is read as JSON: paste it as that."
_ADDRESS = (
    "This is an address alone, and nothing is fetched from it: paste the payload, or the request "
    "that launches."
)
_STEP = "This is one step of a payload: put it into the array “steps” of one."
_STEPS = "These are steps of a payload: put them into the array “steps” of one."
_SEVERAL = "These are several payloads, and a form holds one: paste one of them."
_UNWRAPS: tuple[Callable[[str], Bare | None], ...] = (
    wrapping.without_prose,
    wrapping.without_quote_marks,
    wrapping.without_prompts,
    wrapping.without_markup,
    wrapping.with_straight_signs,
)
# Texts in texts, such as a body that is a JSON text once more.
_MOST_WRAPPED = 4
# Keys that are looked under.
_MOST_KEYS = 20


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
        self._unwrap()
        if self._is_json():
            return self._of_text(self.text, "payload")
        try:
            found = commands.read_request(self.text)
        except UnableToReadPasted as error:
            kind = commands.kind_of(self.text) or "code"
            raise _Refused(Pasted(kind=kind, problem=self._problem(error))) from None
        if found is not None:
            return self._of_request(found[0], found[1])
        return self._table_or_nothing()

    def _is_json(self) -> bool:
        """By how it begins. Code may begin with comments, and JSON too."""
        if not _begins_json(self.text):
            return False
        begins = _comments(self.text)
        end = begins.end() if begins else 0
        return self.text[end : end + 1] in ("{", "[", '"')

    def _unwrap(self) -> None:
        """Leaves out what stands around it, as a mail, a page, a chat or a terminal has it."""
        for without in _UNWRAPS:
            if self._is_json():
                return
            if bare := without(self.text):
                self._take(bare)

    def _take(self, bare: Bare) -> str:
        self.notices += [bare.notice] if bare.notice else []
        self.text = bare.text
        return bare.text

    def _problem(self, error: UnableToReadPasted) -> Problem:
        if error.place is None:
            return Problem(sentence=error.sentence)
        line, column = place_of(self.text, error.place)
        sentence = f"Line {line:,}, column {column:,}: {error.sentence}"
        return Problem(sentence=sentence, line=line, column=column)

    def _of_text(self, text: str, kind: Kind, of: str = "") -> Pasted:
        split = split_rows(text) or self._split_repaired(text)
        if split and not split.rest:
            return self._pasted(kind="rows" if kind == "payload" else kind, raw=split.rows)
        read = self._almost(split.rest if split else text, kind, of)
        pasted = self._of_value(read.value, kind)
        return replace(pasted, repeated=read.repeated, raw=split.rows if split else pasted.raw)

    def _split_repaired(self, text: str) -> Split | None:
        """Of a long text that is nearly JSON the same."""
        repaired = repair(text) if len(text) >= FROM_CHARACTERS else None
        split = split_rows(repaired.text) if repaired else None
        if split and repaired:
            self.notices += repaired.notices
        return split

    def _almost(self, text: str, kind: Kind, of: str = "") -> ReadJson:
        try:
            read = read_almost(text)
        except UnableToReadJson as error:
            if kind == "payload" and (first := _first_line(text)) is not None:
                if _has_lists(first):
                    raise self._refused(kind, _SEVERAL) from None
                return ReadJson(value=_Lines(text))
            unwrapped = self._unwrapped(text, kind)
            if unwrapped is None:
                raise self._no_json(error.problem, kind, of) from None
            read = unwrapped
        self.notices += read.notices
        return read

    def _unwrapped(self, text: str, kind: Kind) -> ReadJson | None:
        within = wrapping.json_within(text, self.row_keys) if kind == "payload" else ()
        for bare in chain(wrapping.unwrap_json(text), within):
            with suppress(UnableToReadJson):
                read = read_almost(bare.text)
                self.notices.append(bare.notice)
                return read
        return None

    def _no_json(self, problem: JsonProblem, kind: Kind, of: str) -> _Refused:
        place: dict[str, int] = {} if of else {"line": problem.line, "column": problem.column}
        sentence = f"{of or 'This is no JSON yet.'} {problem.sentence}"
        return self._refused(kind, sentence, **place)

    def _refused(self, kind: Kind, sentence: str, **place: int) -> _Refused:
        problem = Problem(sentence=sentence, **place)
        return _Refused(Pasted(kind=kind, notices=tuple(self.notices), problem=problem))

    def _of_request(self, kind: Kind, request: Request) -> Pasted:
        self.notices += requests.tell_credentials(request)
        address = requests.read_address(request.url)
        try:
            # Code that sends nothing may hold rows.
            sends = request.has_value or request.body is not None or bool(request.url)
            if not sends and (within := self._within()) is not None:
                return within
            if request.has_value:
                pasted = self._of_value(request.value, kind)
            else:
                body = requests.body_of(request)
                pasted = self._of_text(body, kind, "Its body is no JSON yet.")
        except UnableToReadPasted as error:
            raise self._refused(kind, error.sentence) from None
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
                raise _Refused(Pasted(kind=kind, problem=self._problem(error))) from None
            if found is not None:
                self.notices += found.notices
                return self._of_request(found.kind, found.request)
        if isinstance(value, list):
            return self._of_list(value, kind)
        if isinstance(value, dict):
            return self._of_object(value, kind, depth)
        raise self._refused(kind, f"{_name_of(value)} alone is no payload and no row.")

    def _of_list(self, value: list[Any], kind: Kind) -> Pasted:
        one = value[0] if len(value) == 1 else None
        if isinstance(one, dict) and (_is_payload(one, frozenset()) or _wrapped(one)):
            return self._of_object(one, kind, 0)
        if value and all(type(one) is str for one in value):
            return self._pasted(
                kind="rows", table="\n".join(one.replace("\n", " ") for one in value)
            )
        other = next((at for at, one in enumerate(value) if not isinstance(one, dict)), None)
        if other is not None or not value:
            what = (
                "it is empty" if other is None else f"[{other}] is {_name_of(value[other]).lower()}"
            )
            told = f"An array is read as rows, which are objects of keys and values: {what}."
            raise self._refused("rows", told)
        if all("step_uid" in one for one in value):
            raise self._refused(kind, _STEPS)
        if all(_is_payload(one, self.row_keys) for one in value):
            raise self._refused(kind, _SEVERAL)
        return self._pasted(kind="rows", rows=value)

    def _of_object(self, value: dict[str, Any], kind: Kind, depth: int) -> Pasted:
        if _is_payload(value, self.row_keys):
            return self._pasted(kind=kind, payload=value)
        inner = _wrapped(value)
        if inner is not None and depth < _MOST_WRAPPED:
            path, of = inner
            self.notices.append(f"What stands under “{path}” was taken for the payload.")
            return self._of_value(of, kind, depth + 1)
        if set(value) & {"step_uid"}:
            raise self._refused(kind, _STEP)
        if not value or not (self.row_keys & value.keys() or _is_flat(value)):
            return self._pasted(kind=kind, payload=value)
        return self._pasted(kind="rows" if kind == "payload" else kind, rows=[value])

    def _pasted(self, kind: Kind, **found: Any) -> Pasted:
        return Pasted(kind=kind, notices=tuple(self.notices), **found)

    def _table_or_nothing(self) -> Pasted:
        text = self.text
        bare = text.strip()
        is_value = "@" in text and not re.search(r"\s", bare)
        if "\t" not in bare:
            read = None if "\n" in bare or is_value else self._almost_or_none()
            if read is not None:
                return self._of_value(read.value, "payload")
            if (within := self._within()) is not None:
                return within
            self._refuse_other()
        if "\t" in bare or "\n" in bare or is_value:
            return self._pasted(kind="rows", table=self._without_rules(text))
        raise self._nothing_but_name()

    def _nothing_but_name(self) -> _Refused:
        """Of a text that is an address or a UID alone it says the workflow."""
        is_address = _only_address(self.text)
        refused = self._refused("payload", _ADDRESS if is_address else _UNKNOWN)
        address = requests.read_address(self.text) if is_address else None
        uid = address.workflow_uid if address else find_uid(self.text)
        refused.pasted = replace(refused.pasted, workflow_uid=uid)
        return refused

    def _within(self) -> Pasted | None:
        """The JSON in a text that is more than that; raises what is wrong with the first."""
        first: Bare | None = None
        for bare in wrapping.json_within(self.text, self.row_keys):
            with suppress(UnableToReadJson):
                read_almost(bare.text)
                return self._of_text(self._take(bare), "payload")
            first = first or bare
        return self._of_text(self._take(first), "payload") if first else None

    def _refuse_other(self) -> None:
        """What is a payload, written in a way that is not read, is no table."""
        name = "YAML" if _yaml(self.text) else "TOML" if _toml(self.text) else ""
        if name:
            raise self._refused("payload", _OTHER.format(name=name))
        if wrapping.has_payload_key(self.text) or _page(self.text):
            raise self._refused("payload", _UNKNOWN)

    def _without_rules(self, text: str) -> str:
        """A table that is drawn with lines, as in Markdown and by databases, as cells with tabs
        between them; any other as it is."""
        if "|" not in text or not any("---" in found[0] for found in _rules(text)):
            return text
        self.notices.append("The lines that are drawn between its cells were left out.")
        lines = (line.strip() for line in text.splitlines())
        rows = [
            line.strip("|").split("|") for line in lines if "|" in line and not _only_rule(line)
        ]
        return "\n".join("\t".join(cell.strip() for cell in row) for row in rows)

    def _almost_or_none(self) -> ReadJson | None:
        try:
            return read_almost(self.text)
        except UnableToReadJson:
            return None


class _Lines(str):
    """An object a line."""

    __slots__ = ()


def _first_line(text: str) -> dict[str, Any] | None:
    """The object that is the first line of several."""
    found = _lines_of_json(text)
    if found is None:
        return None
    try:
        value = read_almost(found[1]).value
    except UnableToReadJson:
        return None
    return value if isinstance(value, dict) else None


def _is_payload(value: dict[str, Any], row_keys: frozenset[str]) -> bool:
    """Whether an object is a payload and no row: by what only a payload has, else by its keys."""
    if _has_lists(value):
        return True
    if row_keys & value.keys():
        return False
    return bool(value.keys() & set(TOP_KEYS))


def _has_lists(value: dict[str, Any]) -> bool:
    return isinstance(value.get("inputs"), list) or isinstance(value.get("steps"), list)


def _wrapped(value: dict[str, Any]) -> tuple[str, Any] | None:
    """The key under which a payload stands, and that, where it stands beside what tells of it."""
    for key in ("payload", "body", "json", "data", "jsonBody"):
        inner = value.get(key)
        if isinstance(inner, dict) and _is_payload(inner, frozenset()):
            return key, inner
        if isinstance(inner, str) and inner.lstrip()[:1] == "{" and '"steps"' in inner:
            return key, inner
    return None if value.keys() & set(TOP_KEYS) else _nested(value)


def _nested(value: dict[str, Any], depth: int = _MOST_WRAPPED) -> tuple[str, Any] | None:
    """The same of what is deeper: the first that cannot be anything else."""
    for key, inner in islice(value.items(), _MOST_KEYS):
        if not isinstance(inner, dict):
            continue
        if isinstance(inner.get("inputs"), list) and isinstance(inner.get("steps"), list):
            return shorten(key), inner
        found = _nested(inner, depth - 1) if depth > 1 else None
        if found:
            return f"{shorten(key)}.{found[0]}", found[1]
    return None


def _is_flat(value: dict[str, Any]) -> bool:
    return all(not isinstance(item, dict | list) or key == "meta" for key, item in value.items())


def _name_of(value: Any) -> str:
    if value is None:
        return "Null"
    names = {bool: "True or false", str: "A text", list: "An array", dict: "An object"}
    return names.get(type(value), "A number")
