"""Whatever was pasted → the draft of a launch: what it is, of which workflow, and what to know."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from playground.contract.workflows import Workflow
from playground.models import RowSetState
from playground.payload.drafts import LaunchDraft
from playground.payload.edit import pasting
from playground.payload.edit.paste import rows as pasted_rows
from playground.payload.edit.paste.found import Kind, Pasted, Problem
from playground.payload.edit.paste.mismatches import KnownAround, explain_mismatches
from playground.payload.edit.paste.reader import read_pasted
from playground.payload.edit.reading import UnableToReadPayload
from playground.payload.texts import shorten
from playground.payload.typed_json import RepeatedKey
from playground.payload.words import counted
from playground.row_sets.columns import ColumnNames
from playground.row_sets.formats.encodings import find_encoding, is_no_text
from playground.row_sets.formats.files import Table
from playground.row_sets.formats.json_rows import UnableToReadRows
from playground.row_sets.formats.sources import ReadAs, open_copied
from playground.services.accounts import lookup as account_lookup
from playground.services.launches import filling, preview, stored_rows, which_workflow
from playground.services.permissions import Person
from playground.services.row_sets import listing, reading
from playground.services.row_sets.errors import RowSetError, UnableToMakeRowSet
from playground.services.row_sets.reading import Source

# More rows than somebody wants to look through as fields are kept as a table on the server.
MOST_FIELD_ROWS = 50
_SPREADSHEET = (
    "This is a spreadsheet: choose it under “Rows from a spreadsheet or a file”, at the inputs."
)
_NO_TEXT = "This is no file of text: choose JSON, a HAR, or a table as CSV."
_IN_WORDS: Mapping[Kind, str] = {
    "payload": "a payload",
    "rows": "rows",
    "curl": "a request as cURL",
    "powershell": "a request as PowerShell",
    "fetch": "a request as fetch",
    "axios": "a request as axios",
    "python": "a request as Python",
    "httpie": "a request as HTTPie",
    "http": "a request as it goes over the wire",
    "har": "a request of a HAR",
    "n8n": "a node of n8n",
    "postman": "a request of Postman",
    "insomnia": "a request of Insomnia",
    "request": "a request",
    "code": "a request as code",
}


class UnableToReadPasted(Exception):
    """Nothing was filled in. `kind` is what it looked like, `problem` what keeps it from being
    read; `notices` were true all the same. `names` is the workflow that alone was pasted."""

    def __init__(
        self,
        kind: Kind,
        problem: Problem,
        notices: tuple[str, ...] = (),
        names: Workflow | None = None,
    ) -> None:
        super().__init__(problem.sentence)
        self.kind = kind
        self.problem = problem
        self.notices = notices
        self.names = names


@dataclass(frozen=True, slots=True, kw_only=True)
class FromPasted:
    """The draft, and what there is to know, a sentence each. `keeps_text`: something of the text
    is not in the draft, so the text is to stay where it is. `workflow` is the one the text is of,
    where it tells; None where it does not, or nobody here knows it. `raw` are the inputs, as a JSON
    array, that are too many for a draft."""

    kind: Kind
    draft: LaunchDraft
    notices: tuple[str, ...]
    keeps_text: bool = False
    workflow: Workflow | None = None
    raw: bytes | None = None


def text_of(data: bytes) -> str:
    """What is in a file. Raises `UnableToReadPasted`."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnableToReadPasted("rows", Problem(sentence=_SPREADSHEET))
    encoded = find_encoding(data)
    if encoded.encoding == "cp1252" and is_no_text(data):
        raise UnableToReadPasted("payload", Problem(sentence=_NO_TEXT))
    return encoded.text


def look_at(text: str, workflow: Workflow | None = None) -> Pasted:
    """What a text holds, whatever is made of it. Raises `UnableToReadPasted`."""
    pasted = read_pasted(text, _row_keys(workflow) if workflow else ())
    if pasted.problem:
        names = which_workflow.find(pasted) if pasted.workflow_uid else None
        raise UnableToReadPasted(pasted.kind, pasted.problem, pasted.notices, names)
    return pasted


def make_draft(
    workflow: Workflow, before: LaunchDraft, pasted: Pasted, hosts: Iterable[str] = ()
) -> FromPasted:
    """What the form is to hold, with all rows in the draft, however many: for who shows no page.
    Raises `UnableToReadPasted`."""
    return _make(workflow, before, pasted, hosts, _Rows())


def fill_in(
    user: Person,
    workflow: Workflow,
    before: LaunchDraft,
    pasted: Pasted,
    *,
    hosts: Iterable[str],
    now: dt.datetime,
) -> FromPasted:
    """The same for a page: more rows than it shows become a table of this person's. Raises
    `UnableToReadPasted`."""
    return _make(workflow, before, pasted, hosts, _KeptRows(user=user, now=now))


def _make(
    workflow: Workflow, before: LaunchDraft, pasted: Pasted, hosts: Iterable[str], rows: _Rows
) -> FromPasted:
    try:
        if pasted.payload is not None:
            made = rows.of_payload(workflow, pasted.payload, pasted.raw)
        elif pasted.raw is not None:
            made = rows.of_raw(workflow, before, pasted.raw)
        elif pasted.rows is not None:
            made = rows.of_json(workflow, before, pasted.rows)
        else:
            made = rows.of_table(workflow, before, pasted.table or "")
    except UnableToReadPayload as error:
        is_told = not error.path or error.path in error.sentence
        sentence = error.sentence if is_told else f"{error.sentence} (at {error.path})"
        raise UnableToReadPasted(pasted.kind, Problem(sentence=sentence), pasted.notices) from error
    except (RowSetError, UnableToReadRows) as error:
        problem = Problem(sentence=error.sentence)
        raise UnableToReadPasted(pasted.kind, problem, pasted.notices) from error
    of = which_workflow.find(pasted, workflow)
    notices = (
        *_understood(pasted),
        *pasted.notices,
        *tell_repeated(pasted.repeated),
        *_tell_host(pasted, hosts),
        *_tell_workflow(pasted, workflow, of),
        *made.notices,
        *_tell_mismatches(workflow, pasted.payload),
    )
    return FromPasted(
        kind=pasted.kind,
        draft=made.draft,
        notices=notices,
        keeps_text=bool(pasted.repeated),
        workflow=of,
        raw=rows.left,
    )


def tell_repeated(repeated: tuple[RepeatedKey, ...]) -> tuple[str, ...]:
    """A sentence for each of the first few keys that are there more than once."""
    most = 5
    told = tuple(
        each.sentence.replace("only its last value is kept", "its last value is filled in")
        for each in repeated[:most]
    )
    more = len(repeated) - len(told)
    if more:
        told = (*told, f"So {'are' if more > 1 else 'is'} {counted(more, 'more key')}.")
    if told:
        told = (*told, "What was pasted stays in its box, with every value.")
    return told


def _understood(pasted: Pasted) -> tuple[str, ...]:
    if pasted.kind == "payload":
        return ()
    holds = "" if pasted.kind == "rows" or pasted.payload is not None else ", which holds rows"
    return (f"It was read as {_IN_WORDS[pasted.kind]}{holds}.",)


def _tell_host(pasted: Pasted, hosts: Iterable[str]) -> tuple[str, ...]:
    known = {host.lower() for host in hosts}
    if not pasted.host or not known or pasted.host.lower() in known:
        return ()
    host = shorten(pasted.host)
    told = f"It was for {host}, which the playground does not call: only the payload was taken."
    return (told,)


def _tell_workflow(pasted: Pasted, here: Workflow, of: Workflow | None) -> tuple[str, ...]:
    if of is not None and of.uid != here.uid:
        return (f"It is of another workflow, “{shorten(of.name)}”.",)
    if of is None and pasted.workflow_uid and pasted.workflow_uid != here.uid:
        uid = shorten(pasted.workflow_uid)
        return (f"Its address is that of the workflow {uid}, which is not known here.",)
    return ()


def _tell_mismatches(workflow: Workflow, payload: Mapping[str, Any] | None) -> tuple[str, ...]:
    if payload is None or not isinstance(payload.get("steps"), list):
        return ()
    slugs = {
        slug for summary in which_workflow.known_workflows() for slug in summary.integration_slugs
    }
    found = account_lookup.peek(slugs | set(workflow.integration_slugs))
    accounts = {
        account.uid: (slug, account.name or "")
        for slug, several in found.by_integration.items()
        for account in several
    }
    around = KnownAround(steps=which_workflow.known_steps(), accounts=accounts)
    return explain_mismatches(workflow, payload, around)


def _row_keys(workflow: Workflow) -> tuple[str, ...]:
    aliases = (name for one in workflow.inputs.values() for name in one.aliases)
    return (*workflow.inputs, *aliases)


@dataclass(slots=True)
class _Rows:
    """What becomes of pasted rows: all of them are in the draft, or `left` as they are."""

    left: bytes | None = None

    def of_payload(
        self, workflow: Workflow, payload: dict[str, Any], raw: bytes | None
    ) -> pasting.PastedPayload:
        self.left = raw
        return pasting.make_draft(workflow, payload)

    def of_raw(self, workflow: Workflow, before: LaunchDraft, raw: bytes) -> pasting.PastedPayload:
        own = msgspec.json.encode(stored_rows.inputs_of(workflow, before))
        self.left = raw if own == b"[]" else own[:-1] + b"," + raw.lstrip()[1:]
        draft = dataclasses.replace(before, rows=(), stored=None)
        return pasting.PastedPayload(draft=draft)

    def of_json(
        self, workflow: Workflow, before: LaunchDraft, rows: list[dict[str, Any]]
    ) -> pasting.PastedPayload:
        draft = pasted_rows.add_rows(workflow, before, rows)
        return pasting.PastedPayload(draft=draft, notices=_tell_rows(len(rows)))

    def of_table(self, workflow: Workflow, before: LaunchDraft, text: str) -> pasting.PastedPayload:
        return _fill(workflow, before, _table_of(workflow, text), is_bounded=False)


@dataclass(slots=True, kw_only=True)
class _KeptRows(_Rows):
    """More than a page shows are kept on the server."""

    user: Person
    now: dt.datetime

    def of_payload(
        self, workflow: Workflow, payload: dict[str, Any], raw: bytes | None
    ) -> pasting.PastedPayload:
        if raw is not None:
            preview.check_size(workflow, payload)
            made = pasting.make_draft(workflow, payload)
            return self._with_table(workflow, made, _source_of(raw))
        inputs = None
        if preview.has_many_rows(workflow, payload):
            inputs, payload = payload["inputs"], {**payload, "inputs": []}
        preview.check_size(workflow, payload)
        made = pasting.make_draft(workflow, payload)
        if inputs is None:
            return made
        return self._with_table(workflow, made, _source(inputs))

    def _with_table(
        self, workflow: Workflow, made: pasting.PastedPayload, source: Source
    ) -> pasting.PastedPayload:
        draft = self._keep(workflow, made.draft, source)
        told = "Its rows are more than the page shows as fields: they are kept as a table."
        return dataclasses.replace(made, draft=draft, notices=(*made.notices, told))

    def of_raw(self, workflow: Workflow, before: LaunchDraft, raw: bytes) -> pasting.PastedPayload:
        _Rows.of_raw(self, workflow, before, raw)
        draft = self._keep(workflow, before, _source_of(self.left or b"[]"))
        self.left = None
        count = draft.stored.count if draft.stored else 0
        return pasting.PastedPayload(draft=draft, notices=_tell_kept(count))

    def of_json(
        self, workflow: Workflow, before: LaunchDraft, rows: list[dict[str, Any]]
    ) -> pasting.PastedPayload:
        if len(rows) <= MOST_FIELD_ROWS and before.stored is None:
            made = _Rows.of_json(self, workflow, before, rows)
            _check_rows(workflow, made.draft)
            return made
        return self._as_table(workflow, before, rows)

    def of_table(self, workflow: Workflow, before: LaunchDraft, text: str) -> pasting.PastedPayload:
        table = _table_of(workflow, text)
        if len(table.rows) <= MOST_FIELD_ROWS and before.stored is None:
            return _fill(workflow, before, table, is_bounded=True)
        is_empty = before.stored is None and all(row.is_left_out for row in before.rows)
        source = (
            Source(name="Pasted rows", data=text.encode(errors="replace"), is_copied=True)
            if is_empty
            else stored_rows.joined(workflow, before, table)
        )
        draft = self._keep(workflow, before, source)
        count = draft.stored.count if draft.stored else 0
        return pasting.PastedPayload(draft=draft, notices=_tell_kept(count))

    def _as_table(
        self, workflow: Workflow, before: LaunchDraft, rows: list[dict[str, Any]]
    ) -> pasting.PastedPayload:
        own = stored_rows.inputs_of(workflow, before)
        kept = self._keep(workflow, before, _source([*own, *rows]))
        return pasting.PastedPayload(draft=kept, notices=_tell_kept(len(own) + len(rows)))

    def _keep(self, workflow: Workflow, draft: LaunchDraft, source: Source) -> LaunchDraft:
        row_set = reading.make(self.user, workflow, source, now=self.now)
        if row_set.state == RowSetState.FAILED:
            listing.remove(self.user, row_set)
            raise UnableToMakeRowSet(row_set.sentence)
        return stored_rows.with_row_set(self.user, workflow, draft, row_set)


def _source(inputs: list[Any]) -> Source:
    return _source_of(msgspec.json.encode(inputs))


def _source_of(data: bytes) -> Source:
    return Source(name="Pasted payload", data=data, is_inputs=True, keeps_all=True)


def _check_rows(workflow: Workflow, draft: LaunchDraft) -> None:
    keys = set(workflow.inputs).union(*(row.entries for row in draft.rows))
    preview.check_cells(len(draft.rows), len(keys))


def _table_of(workflow: Workflow, text: str) -> Table:
    source = open_copied(text, "", ReadAs(), ColumnNames(workflow).is_header)
    read = source.read()
    rows = tuple(cells for _, cells in read)
    return Table(
        rows=rows,
        found=source.found,
        names=source.names or (),
        notices=(*source.notices, *read.notices),
    )


def _fill(
    workflow: Workflow, before: LaunchDraft, table: Table, *, is_bounded: bool
) -> pasting.PastedPayload:
    used = [at for at, row in enumerate(before.rows) if row.is_set_aside or not row.is_left_out]
    first = used[-1] + 1 if used else 0
    filled = filling.fill_in(workflow, before, table, first=first, is_bounded=is_bounded)
    if not filled.keys:
        raise UnableToReadRows(filled.notice)
    return pasting.PastedPayload(draft=filled.draft, notices=(filled.notice,))


def _tell_rows(count: int) -> tuple[str, ...]:
    return (f"{counted(count, 'row')} added; all else stays as it is.",)


def _tell_kept(count: int) -> tuple[str, ...]:
    if not count:
        return ("The rows are kept as a table.",)
    return (f"{counted(count, 'row')} kept as a table; all else stays as it is.",)
