"""Pages of the reference as Markdown (GitHub's flavour), from the same data as their HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from playground.payload.show.lines import Line, text_of
from playground.reference import snippets
from playground.reference.formats.markdown import tables
from playground.reference.formats.markdown.text import block_of_code, code, prose
from playground.reference.guides.samples import Guide
from playground.reference.pages import operations
from playground.reference.pages.blocks import (
    Block,
    Code,
    ExampleCall,
    Listing,
    Prose,
    Reply,
    Section,
    Table,
)
from playground.reference.pages.operations import AnswerPart, Entry, FailurePart, OperationPage
from playground.reference.pages.prose import AddressOf, Place
from playground.reference.snippets import ShowCall, Snippet


def write_operation(page: OperationPage, *, show: ShowCall, address_of: AddressOf) -> str:
    """The page of one operation."""
    operation = page.operation
    parts = [
        f"# {prose(operation.title, address_of)}",
        prose(operation.purpose, address_of),
        f"{code(f'{operation.method} {operation.path}')} · {operation.evidence}",
        *_entries("Path", page.path_parameters, address_of),
        *_entries("Query", page.query_parameters, address_of),
        *_entries("Body", page.body, address_of),
        "## Example request",
        *_snippet(show(snippets.example_of(operation))),
        *(part for answer in page.answers for part in _answer(answer, address_of)),
        *_failures(page.failures, address_of),
        legend(),
    ]
    return _joined(parts)


def write_guide(guide: Guide, *, show: ShowCall, address_of: AddressOf) -> str:
    parts = [f"# {prose(guide.title, address_of)}", prose(guide.lead, address_of)]
    return _joined([*parts, *_sections(guide.sections, show, address_of)])


def write_overview(
    sections: Sequence[Section], guides: Sequence[Guide], *, show: ShowCall, address_of: AddressOf
) -> str:
    """The whole API at a glance."""
    parts = ["# API reference", *_sections(sections, show, address_of)]
    for group in operations.groups():
        rows = [
            (
                code(operation.method),
                code(operation.path),
                prose(f"[{operation.title}](operation:{operation.name})", address_of),
                operation.evidence,
            )
            for operation in group.operations
        ]
        parts += [f"## {group.name}", tables.write(("Method", "Path", "Purpose", "Evidence"), rows)]
    links = [prose(f"[{guide.title}](guide:{guide.name})", address_of) for guide in guides]
    return _joined([*parts, "## Guides", _listing(links), legend()])


_ORDER = (
    "Launch in this order: [List workflows](operation:list_workflows) → "
    "[Get a workflow](operation:get_workflow) (step UIDs, input keys, parameters) → "
    "[List accounts](operation:list_accounts) (only if a step takes some) → "
    "[Launch a workflow](operation:launch_workflow), once → "
    "[Get a job](operation:get_job) every 30 seconds → "
    "[List a job's results](operation:list_results). "
    "[Your first launch](guide:your-first-launch) has each of these calls, where the key is and "
    "what to do when something goes wrong."
)


def write_index(
    guides: Sequence[Guide], *, base_url: str, address_of: AddressOf, openapi: str
) -> str:
    """`llms.txt`: one title, one summary, and lists of links to the Markdown pages."""
    overview = address_of(Place(kind="overview"))
    parts = [
        "# Workflow API, version 3",
        (
            "> Launch saved workflows with a JSON payload, follow the jobs they make, and manage "
            "the accounts they run with. One page of Markdown for each operation and each guide."
        ),
        prose(f"{_ORDER} Paths are relative to `{base_url}`.", address_of),
        _listing(
            [
                f"[Overview]({overview}): address, authentication, errors, limits, pagination",
                f"[OpenAPI 3.1 document]({openapi}): every operation, for tools",
            ]
        ),
    ]
    for group in operations.groups():
        links = [
            f"{prose(f'[{operation.title}](operation:{operation.name})', address_of)}: "
            f"{code(f'{operation.method} {operation.path}')}"
            for operation in group.operations
        ]
        parts += [f"## {group.name}", _listing(links)]
    shown = [
        f"{prose(f'[{guide.title}](guide:{guide.name})', address_of)}: "
        f"{prose(guide.lead, address_of)}"
        for guide in guides
    ]
    return _joined([*parts, "## Guides", _listing(shown)])


def legend() -> str:
    """What the marks of evidence say."""
    told = "; ".join(f"*{mark}*: {meaning}" for mark, meaning in operations.EVIDENCE.items())
    return f"Evidence: {told}."


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _entries(title: str, entries: Sequence[Entry], address_of: AddressOf) -> list[str]:
    every = [inner for entry in entries for inner in entry.walk()]
    return [f"## {title}", tables.write_entries(every, address_of)] if every else []


def _snippet(snippet: Snippet) -> list[str]:
    return [*([_json(snippet.lines)] if snippet.lines else []), block_of_code(snippet.curl, "sh")]


def _json(lines: Sequence[Line]) -> str:
    return block_of_code(text_of(lines), "json")


def _answer(part: AnswerPart, address_of: AddressOf) -> list[str]:
    head = f"## Answer {part.answer.status}"
    every = [inner for entry in part.fields for inner in entry.walk()]
    fields = [tables.write_entries(every, address_of, required="Always")] if every else []
    return [head, prose(part.answer.meaning, address_of), *fields, _json(part.lines)]


def _failures(parts: Sequence[FailurePart], address_of: AddressOf) -> list[str]:
    rows = [
        (code(str(part.status)), prose(case.when, address_of), prose(case.advice, address_of))
        for part in parts
        for case in part.cases
    ]
    return ["## Errors", tables.write(("Status", "When", "What to do"), rows)] if rows else []


def _sections(sections: Sequence[Section], show: ShowCall, address_of: AddressOf) -> Iterable[str]:
    for section in sections:
        yield f"## {prose(section.title, address_of)}"
        for block in section.blocks:
            yield from _block(block, show, address_of)


def _block(block: Block, show: ShowCall, address_of: AddressOf) -> list[str]:
    match block:
        case Prose(text=text):
            return [prose(text, address_of)]
        case Listing(items=items, is_ordered=is_ordered):
            return [_listing([prose(item, address_of) for item in items], is_ordered=is_ordered)]
        case Table(head=head, rows=rows):
            cells = [tuple(prose(cell, address_of) for cell in row) for row in rows]
            return [tables.write(head, cells)]
        case Code(text=text, language=language):
            return [block_of_code(text, language)]
        case ExampleCall(label=label):
            return [f"{label}:", *_snippet(show(block))]
        case Reply(label=label, value=value):
            return [f"{label}:", _json(snippets.lines_of(value))]


def _listing(items: Sequence[str], *, is_ordered: bool = False) -> str:
    marks = [f"{at}." if is_ordered else "-" for at in range(1, len(items) + 1)]
    return "\n".join(f"{mark} {item}" for mark, item in zip(marks, items, strict=True))
