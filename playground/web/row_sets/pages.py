"""Row sets as their pages show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from django.urls import reverse

from playground.contract.launches import META_KEY
from playground.contract.workflows import Workflow
from playground.models import RowSet
from playground.payload.texts import shorten
from playground.row_sets.facts import TableFacts
from playground.row_sets.formats.encodings import ENCODINGS
from playground.row_sets.formats.separated import DELIMITERS
from playground.row_sets.mapping import META, Target
from playground.services.permissions import Person
from playground.services.row_sets import listing, mapping, repair, store, table
from playground.services.row_sets.table import ShownRow
from playground.web.row_sets import posted
from playground.web.row_sets.posted import Where

# A list to choose from is longer than a person reads: beyond so many columns times keys a key is
# typed, and so many sheets are offered.
_MOST_OPTIONS, _MOST_SHEETS = 2_500, 200
# So many columns are mapped on one page.
COLUMNS_MAPPED = 50
_FEW_COLUMNS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressContext:
    """How far something is, `state` in a word. `total` is None while nobody knows how many rows
    there are. What `keeps_rows` can be stopped, and leaves them as they are."""

    row_set: RowSet
    state: str
    doing: str
    done: int
    total: int | None
    keeps_rows: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRowSet:
    row_set: RowSet
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChoice:
    """A key that a column may stand for; `label` says of what key it is another name."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnContext:
    """A column and what it is for; `meta` is the name that it has, or would have, in `meta`."""

    number: int
    name: str
    samples: tuple[str, ...]
    target: str
    meta: str
    written: str
    is_gone: bool

    @property
    def is_meta(self) -> bool:
        return self.target == META


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingContext:
    """`is_list` when the keys are to be chosen from a list; else they are typed. `open_keys` have
    no column. `remembered` and `offered` say whether there is another mapping to take."""

    columns: tuple[ColumnContext, ...]
    choices: tuple[KeyChoice, ...]
    is_list: bool
    taken: int
    total: int
    open_keys: tuple[KeyChoice, ...]
    remembered: bool
    offered: bool
    group: int
    groups: int

    @property
    def needs_key(self) -> bool:
        """Whether a key that is needed has no column."""
        return any(key.label for key in self.open_keys)

    @property
    def is_open(self) -> bool:
        """Whether there is something to decide, and it does not push the rows out of sight."""
        is_open = self.taken < self.total or self.remembered
        return self.needs_key or self.group > 1 or (is_open and self.total <= _FEW_COLUMNS)

    @property
    def first(self) -> int:
        return self.columns[0].number + 1

    @property
    def last(self) -> int:
        return self.columns[-1].number + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CellContext:
    """`is_field` for one that is edited where it stands; else on a page of its own."""

    name: str
    text: str
    problem: str
    column: int
    is_field: bool
    is_area: bool
    is_json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowContext:
    row: ShownRow
    cells: tuple[CellContext, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadContext:
    """What changes with each repair: the counts, the version, and what can be undone."""

    row_set: RowSet
    last_step: str
    where: Where
    place_word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableContext:
    """The rows of one page. `columns` are those that stand on it, with their numbers (from 0)."""

    rows: tuple[RowContext, ...]
    columns: tuple[tuple[int, str, Target], ...]
    all_columns: tuple[tuple[int, str], ...]
    column_count: int
    count: int
    number: int
    page_count: int
    where: Where
    place_word: str
    shown: str
    groups: int
    cells_address: str

    @property
    def group(self) -> int:
        return min(self.where.group, self.groups)

    @property
    def first_column(self) -> int:
        return self.columns[0][0] + 1

    @property
    def last_column(self) -> int:
        return self.columns[-1][0] + 1

    @property
    def previous_page(self) -> str:
        return self.where.query(page=self.number - 1)

    @property
    def next_page(self) -> str:
        return self.where.query(page=self.number + 1)

    @property
    def previous_columns(self) -> str:
        return self.where.query(columns=self.group - 1)

    @property
    def next_columns(self) -> str:
        return self.where.query(columns=self.group + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceContext:
    """How the table was read, and how else it could be."""

    facts: TableFacts
    encodings: tuple[tuple[str, str], ...]
    delimiters: tuple[tuple[str, str], ...]
    sheets: tuple[str, ...]
    is_sheet_typed: bool
    has_header: bool
    delimiter: str
    header: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What was entered to repair a column, shown again when it was refused."""

    column: int = 0
    find: str = ""
    text: str = ""
    whole_cell: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why something was not done, and what was typed meanwhile: row, column, text."""

    sentence: str = ""
    typed: tuple[tuple[int, str, str], ...] = ()
    targets: tuple[Target, ...] | None = None
    tools: Tools = field(default_factory=Tools)


_STATES = {
    "fetched": "fetching",
    "read": "reading",
    "checked": "checking",
    "repaired": "repairing",
}


def progress(row_set: RowSet, facts: TableFacts | None = None) -> ProgressContext:
    facts = facts or store.facts_of(row_set)
    state = _STATES[store.doing(facts)]
    # Between the turns of one that is fetched nobody holds it, and it is under way all the same.
    is_under_way = row_set.lease or (facts.is_fetch and row_set.done)
    doing = f"{state.capitalize()} the {'results' if facts.is_fetch else 'rows'}"
    return ProgressContext(
        row_set=row_set,
        state=state,
        keeps_rows=facts.order is not None,
        doing=doing if is_under_way else "Waiting for the background worker",
        done=row_set.done,
        total=facts.total or None,
    )


def listed(row_set: RowSet) -> ListedRowSet:
    return ListedRowSet(row_set=row_set, expires_at=listing.expires_at(row_set))


def state_of(row_set: RowSet) -> dict[str, object]:
    """What programs are told of a row set."""
    facts = store.facts_of(row_set)
    return {
        "state": row_set.state,
        "rows": row_set.rows,
        "ready": row_set.ready,
        "attention": row_set.attention,
        "duplicates": row_set.duplicates,
        "mapping": dict(zip(facts.columns, facts.mapping, strict=False)),
        "sentence": row_set.sentence or told(row_set, facts),
    }


def told(row_set: RowSet, facts: TableFacts) -> str:
    """Where a row set stands, in a sentence: what was read, or how far the reading is."""
    if row_set.is_reading:
        now = progress(row_set, facts)
        return f"{now.doing}: {now.done:,}" + (f" of {now.total:,}." if now.total else ".")
    return " ".join(filter(None, (facts.found, facts.offered)))


def source(row_set: RowSet) -> SourceContext:
    facts = store.facts_of(row_set)
    is_text = facts.kind in ("separated", "json", "json-lines", "")
    has_signs = facts.kind in ("separated", "copied", "")
    return SourceContext(
        facts=facts,
        encodings=tuple(ENCODINGS.items()) if is_text and not facts.is_copied else (),
        delimiters=tuple(
            ("tab" if sign == "\t" else sign, name) for sign, name in DELIMITERS.items()
        )
        if has_signs
        else (),
        sheets=facts.sheets[:_MOST_SHEETS],
        is_sheet_typed=len(facts.sheets) > _MOST_SHEETS,
        has_header=facts.kind not in ("json", "json-lines"),
        delimiter="tab" if facts.delimiter == "\t" else facts.delimiter,
        header="" if facts.header is None else str(facts.header),
    )


def head(row_set: RowSet, where: Where) -> HeadContext:
    return HeadContext(
        row_set=row_set,
        last_step=repair.last_step(row_set),
        where=where,
        place_word=store.facts_of(row_set).place_word,
    )


def table_of(user: Person, row_set: RowSet, where: Where) -> TableContext:
    facts = store.facts_of(row_set)
    count = len(facts.columns)
    shown = where.columns(count)
    page = table.look(user, row_set, number=where.number, view=where.view, columns=shown)
    rows = tuple(row_context(row) for row in page.rows)
    fields = [cell.text for row in rows for cell in row.cells if cell.is_field]
    tools = range(count) if count <= _MOST_SHEETS else shown
    return TableContext(
        rows=rows,
        columns=tuple((at, facts.columns[at], facts.mapping[at]) for at in shown),
        all_columns=tuple((at, shorten(facts.columns[at], 60)) for at in tools),
        column_count=count,
        count=page.count,
        number=page.number,
        page_count=page.page_count,
        where=where,
        place_word=facts.place_word,
        shown=posted.seal(map(posted.as_field, fields)),
        groups=max(1, -(-count // posted.COLUMNS_SHOWN)),
        cells_address=reverse("row-set-cells", args=[row_set.pk]) + where.query(),
    )


def row_context(row: ShownRow) -> RowContext:
    return RowContext(
        row=row,
        cells=tuple(
            CellContext(
                name=f"c{row.position}-{cell.column}",
                text=cell.text,
                problem=cell.problem,
                column=cell.column,
                is_field=_fits_a_field(cell.text),
                is_area="\n" in cell.text or "\r" in cell.text,
                is_json=cell.is_json,
            )
            for cell in row.cells
        ),
    )


def _fits_a_field(text: str) -> bool:
    # As it is posted: two characters for each line break.
    return len(text) + text.count("\n") <= posted.LONGEST_FIELD


def mapping_of(
    user: Person,
    row_set: RowSet,
    workflow: Workflow,
    *,
    group: int = 1,
    typed: tuple[Target, ...] | None = None,
) -> MappingContext:
    """What each column is for, or what was `typed` of it."""
    facts = store.facts_of(row_set)
    is_typed = typed is not None and len(typed) == len(facts.columns)
    targets = typed if typed is not None and is_typed else facts.mapping
    choices = _choices(workflow)
    keys = {choice.key for choice in choices} | {META_KEY}
    samples = table.samples(row_set)
    groups = max(1, -(-len(facts.columns) // COLUMNS_MAPPED))
    group = min(group, groups)
    first = (group - 1) * COLUMNS_MAPPED
    shown = range(first, min(len(facts.columns), first + COLUMNS_MAPPED))
    used = {target for target in targets if target}
    return MappingContext(
        columns=tuple(_column(facts, at, targets[at], samples[at], keys) for at in shown),
        choices=choices,
        is_list=len(shown) * len(choices) <= _MOST_OPTIONS,
        taken=sum(target is not None for target in targets),
        total=len(targets),
        open_keys=_open_keys(workflow, used),
        remembered=mapping.remembered(user, row_set) is not None,
        offered=mapping.offered(workflow, row_set).mapping != facts.mapping,
        group=group,
        groups=groups,
    )


def _column(
    facts: TableFacts, at: int, target: Target, samples: Sequence[str], keys: Set[str]
) -> ColumnContext:
    is_meta = (target or "").startswith(META)
    name = facts.columns[at]
    return ColumnContext(
        number=at,
        name=name,
        samples=tuple(samples),
        target=META if is_meta else target or "",
        meta=(target or "").removeprefix(META) if is_meta else shorten(name, 60),
        written=target or "",
        is_gone=target is not None and not is_meta and target not in keys,
    )


def _choices(workflow: Workflow) -> tuple[KeyChoice, ...]:
    found = []
    for key, definition in workflow.inputs.items():
        needed = " (needed)" if definition.is_required else ""
        found.append(KeyChoice(key=key, label=f"{shorten(key, 60)}{needed}"))
        found += [
            KeyChoice(key=alias, label=f"{shorten(alias, 60)} (another name of {shorten(key)})")
            for alias in definition.aliases
            if alias not in workflow.inputs
        ]
    return tuple({choice.key: choice for choice in found}.values())


def _open_keys(workflow: Workflow, used: set[str]) -> tuple[KeyChoice, ...]:
    return tuple(
        KeyChoice(key=key, label="needed" if definition.is_required else "")
        for key, definition in workflow.inputs.items()
        if not used & {key, *definition.aliases}
    )


def listed_texts(
    facts: TableFacts, typed: Mapping[tuple[int, int], str], most: int = 20
) -> tuple[tuple[int, str, str], ...]:
    """What was typed into cells: row (from 1), column, text."""
    return tuple(
        (row + 1, facts.columns[column] if column < len(facts.columns) else "", text)
        for (row, column), text in list(typed.items())[:most]
    )
