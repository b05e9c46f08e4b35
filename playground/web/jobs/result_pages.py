"""What the results of a job look like on its page: kept and to be searched, or its first rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpRequest

from playground.contract.jobs import Job
from playground.models import KeptJob
from playground.outcomes.filters import How
from playground.services.jobs import kept as kept_jobs
from playground.services.jobs import pages as job_pages
from playground.services.jobs import result_table, results
from playground.services.jobs.result_table import Look, TablePage
from playground.services.jobs.results import Results
from playground.services.jobs.whole import UnableToGiveResults
from playground.services.row_sets import job_inputs
from playground.web import http
from playground.web.jobs import result_query


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnContext:
    """The head of a column: where a press on it leads, if it does, and how the rows are ordered."""

    name: str
    query: str
    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellContext:
    text: str
    is_cut: bool
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowContext:
    number: int
    cells: tuple[CellContext, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceContext:
    """A column to be shown, or not. With a query it can be put one place to the left, or right."""

    number: int
    name: str
    is_shown: bool
    left: str = ""
    right: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterContext:
    """What the rows are narrowed to by one column; `query` shows them without that."""

    column: str
    how: str
    text: str
    told: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableContext:
    """The table, and where other looks at it are. `here` is the query of this one."""

    page: TablePage
    step: str
    sort: str
    here: str
    columns: tuple[ColumnContext, ...]
    rows: tuple[RowContext, ...]
    choices: tuple[ChoiceContext, ...]
    filters: tuple[FilterContext, ...]
    hows: tuple[tuple[str, str], ...]
    outcomes: tuple[tuple[str, str], ...]
    is_choosing: bool
    previous: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepingContext:
    """How far results are kept: `done` of `total` rows of results and inputs."""

    is_reading: bool = False
    done: int = 0
    total: int = 0
    is_many: bool = False


def of(
    request: HttpRequest, job: Job, first: Callable[..., Results] = results.find_results
) -> dict[str, object]:
    """The context of the results of a job, kept if it is over; else the `first` are shown."""
    kept = kept_jobs.find(job) if job.is_final else None
    if kept and not kept.is_reading:
        try:
            return {"table": table(request, kept)}
        except UnableToGiveResults as error:
            told = Results(columns=(), rows=(), page=1, has_next=False, problem=error.sentence)
            return {"results": told}
    found = first(request.user, job.uid, page=http.page_number(request))
    return {"results": found, "keeping": keeping(kept, job) if job.is_final else None}


def keeping(kept: KeptJob | None, job: Job) -> KeepingContext:
    told = (job_pages.told_rows(job), job_pages.told_inputs(job))
    if kept is None:
        return KeepingContext(is_many=max(told) > results.ROWS_SHOWN)
    facts = kept_jobs.facts_of(kept)
    done = facts.results.rows + facts.inputs.rows
    return KeepingContext(is_reading=True, done=done, total=max(done, sum(told)))


def table(request: HttpRequest, kept: KeptJob) -> TableContext:
    look = result_query.look_of(request.GET, http.page_number(request))
    step = result_query.step_of(request.GET)
    page = result_table.look_at(request.user, kept, look)
    number = page.number
    return TableContext(
        page=page,
        step=step,
        sort=result_query.sort_of(look),
        here=result_query.query(look, step, page=number),
        columns=tuple(_column(look, step, at, name) for at, name in page.columns),
        rows=tuple(
            RowContext(
                number=row.number,
                cells=tuple(
                    CellContext(text=text, is_cut=is_cut, address="" if is_cut else link_of(text))
                    for text, is_cut in row.cells
                ),
            )
            for row in page.rows
        ),
        choices=tuple(_choices(page, step)),
        filters=tuple(_filters(page, step)),
        hows=tuple(_HOWS.items()),
        outcomes=tuple((one, job_inputs.NAMES[one]) for one in result_query.OUTCOMES),
        is_choosing="choosing" in request.GET,
        previous=result_query.query(look, step, page=number - 1) if number > 1 else "",
        next=result_query.query(look, step, page=number + 1) if number < page.page_count else "",
    )


def _choices(page: TablePage, step: str) -> Iterator[ChoiceContext]:
    """Those that are shown in their order, and the others behind them."""
    shown = [at for at, _ in page.columns]

    def moved(place: int, to: int) -> str:
        if not 0 <= to < len(shown):
            return ""
        return result_query.query(
            result_query.moved(page.look, shown, place, to), step, choosing="1", page=page.number
        )

    for place, (at, name) in enumerate(page.columns):
        yield ChoiceContext(
            number=at + 1,
            name=name,
            is_shown=True,
            left=moved(place, place - 1),
            right=moved(place, place + 1),
        )
    for at, name in page.all_columns:
        if at not in shown:
            yield ChoiceContext(number=at + 1, name=name, is_shown=False)


_HOWS: dict[How, str] = {
    "is": "is",
    "not": "is not",
    "has": "contains",
    "blank": "has no value",
    "filled": "has a value",
}


def _filters(page: TablePage, step: str) -> Iterator[FilterContext]:
    names = dict(page.all_columns)
    for one in page.look.filters:
        yield FilterContext(
            column=names.get(one.column, f"column {one.column + 1}"),
            how=_HOWS[one.how],
            text=one.text if one.needs_text else "",
            told=result_query.told(one),
            query=result_query.query(result_query.without(page.look, one), step),
        )


def link_of(text: str) -> str:
    """The text where it is the address of a web page, and nothing else."""
    if not text.startswith(("https://", "http://")) or not text.isprintable() or " " in text:
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.hostname and not parts.username else ""


def _column(look: Look, step: str, at: int, name: str) -> ColumnContext:
    is_sorted = look.column == at
    order = ("descending" if look.is_down else "ascending") if is_sorted else ""
    # Up, down, as they came.
    sort = f"-{at + 1}" if order == "ascending" else "" if order else str(at + 1)
    query = result_query.query(look, step, sort=sort) if at < kept_jobs.MOST_ORDERS else ""
    return ColumnContext(name=name, query=query, order=order)
