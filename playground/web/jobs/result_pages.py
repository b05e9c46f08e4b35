"""What the results of a job look like on its page: kept and to be searched, or its first rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest

from playground.contract.jobs import Job
from playground.models import KeptJob
from playground.services.jobs import kept as kept_jobs
from playground.services.jobs import pages as job_pages
from playground.services.jobs import result_table, results
from playground.services.jobs.result_table import Look, TablePage
from playground.services.jobs.results import Results
from playground.web import http

_MOST_COLUMNS, _LONGEST_TEXT = 60, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnContext:
    """The head of a column: where a press on it leads, and how the rows are ordered now."""

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
class TableContext:
    page: TablePage
    columns: tuple[ColumnContext, ...]
    rows: tuple[RowContext, ...]
    chosen: frozenset[int]
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
        return {"table": table(request, kept)}
    found = first(request.user, job.uid, page=http.page_number(request))
    return {"results": found, "keeping": keeping(kept, job) if job.is_final else None}


def keeping(kept: KeptJob | None, job: Job) -> KeepingContext:
    told = (job_pages.told_rows(job), job_pages.told_inputs(job))
    if kept is None:
        return KeepingContext(is_many=max(told) > results.ROWS_SHOWN)
    facts = kept_jobs.facts_of(kept)
    done = facts.results.rows + facts.inputs.rows
    return KeepingContext(is_reading=True, done=done, total=max(done, sum(told)))


def look_of(request: HttpRequest) -> Look:
    """What the address asks for; nonsense is the usual."""
    chosen = tuple(filter(None, map(_number, request.GET.getlist("c")[:_MOST_COLUMNS])))
    sort = request.GET.get("sort", "")
    column = _number(sort.removeprefix("-"))
    return Look(
        text=request.GET.get("q", "")[:_LONGEST_TEXT].strip(),
        column=None if column is None else column - 1,
        is_down=sort.startswith("-"),
        columns=tuple(dict.fromkeys(at - 1 for at in chosen)),
        number=http.page_number(request),
    )


def _number(text: str) -> int | None:
    """Columns are counted from 1 in addresses."""
    is_number = text.isascii() and text.isdecimal() and len(text) < 5
    return int(text) or None if is_number else None


def table(request: HttpRequest, kept: KeptJob) -> TableContext:
    page = result_table.look_at(request.user, kept, look_of(request))
    look, number = page.look, page.number
    return TableContext(
        page=page,
        columns=tuple(_column(look, at, name) for at, name in page.columns),
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
        chosen=frozenset(at for at, _ in page.columns),
        previous=_query(look, page=number - 1) if number > 1 else "",
        next=_query(look, page=number + 1) if number < page.page_count else "",
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


def _column(look: Look, at: int, name: str) -> ColumnContext:
    is_sorted = look.column == at
    order = ("descending" if look.is_down else "ascending") if is_sorted else ""
    # Up, down, as they came.
    sort = f"-{at + 1}" if order == "ascending" else "" if order else str(at + 1)
    return ColumnContext(name=name, query=_query(look, sort=sort), order=order)


def _query(look: Look, **changes: object) -> str:
    sort = "" if look.column is None else f"{'-' * look.is_down}{look.column + 1}"
    told = {"q": look.text, "sort": sort, "page": ""} | changes
    pairs = [(name, str(value)) for name, value in told.items() if value not in ("", 1)]
    return "?" + urlencode([*pairs, *(("c", at + 1) for at in look.columns)])
