"""Guides and the overview's basics as their templates show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString

from playground.reference import snippets
from playground.reference.api.operations import Operation
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
from playground.reference.snippets import ShowCall
from playground.web.json_html import payload_html
from playground.web.reference.pages import SnippetContext, prose_html, snippet_context
from playground.web.trial_scope import outside


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockContext:
    """One block; which of the fields hold something depends on `kind`."""

    kind: str
    anchor: str
    label: str = ""
    text: SafeString | str = ""
    items: tuple[SafeString, ...] = ()
    is_ordered: bool = False
    head: tuple[str, ...] = ()
    rows: tuple[tuple[SafeString, ...], ...] = ()
    call: SnippetContext | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionContext:
    anchor: str
    title: str
    href: str
    blocks: tuple[BlockContext, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRow:
    operation: Operation
    href: str
    purpose: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewContext:
    groups: tuple[tuple[str, tuple[OperationRow, ...]], ...]
    sections: tuple[SectionContext, ...]
    markdown: str
    sandbox_openapi: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideContext:
    title: str
    lead: SafeString
    sections: tuple[SectionContext, ...]
    markdown: str


def overview_context(sections: Iterable[Section], show: ShowCall) -> OverviewContext:
    groups = tuple(
        (group.name, tuple(map(_operation_row, group.operations))) for group in operations.groups()
    )
    return OverviewContext(
        groups=groups,
        sections=_sections(sections, reverse("reference"), show),
        markdown=reverse("reference-overview-markdown"),
        sandbox_openapi=outside(reverse("sandbox-openapi")),
    )


def guide_context(guide: Guide, show: ShowCall) -> GuideContext:
    address = reverse("reference-guide", args=[guide.name])
    return GuideContext(
        title=guide.title,
        lead=prose_html(guide.lead),
        sections=_sections(guide.sections, address, show),
        markdown=reverse("reference-guide-markdown", args=[guide.name]),
    )


def _operation_row(operation: Operation) -> OperationRow:
    return OperationRow(
        operation=operation,
        href=reverse("reference-operation", args=[operation.name]),
        purpose=prose_html(operation.purpose),
    )


def _sections(
    sections: Iterable[Section], address: str, show: ShowCall
) -> tuple[SectionContext, ...]:
    return tuple(
        SectionContext(
            anchor=section.anchor,
            title=section.title,
            href=f"{address}#{section.anchor}",
            blocks=tuple(
                _block(block, f"{section.anchor}-{at}", show)
                for at, block in enumerate(section.blocks, start=1)
            ),
        )
        for section in sections
    )


def _block(block: Block, anchor: str, show: ShowCall) -> BlockContext:
    match block:
        case Prose(text=text):
            return BlockContext(kind=block.kind, anchor=anchor, text=prose_html(text))
        case Listing(items=items, is_ordered=is_ordered):
            shown = tuple(map(prose_html, items))
            return BlockContext(kind=block.kind, anchor=anchor, items=shown, is_ordered=is_ordered)
        case Table(label=label, head=head, rows=rows):
            cells = tuple(tuple(map(prose_html, row)) for row in rows)
            return BlockContext(kind=block.kind, anchor=anchor, label=label, head=head, rows=cells)
        case Code(label=label, text=code):
            return BlockContext(kind=block.kind, anchor=anchor, label=label, text=code)
        case Reply(label=label, value=value):
            lines = payload_html(snippets.lines_of(value))
            return BlockContext(kind="code", anchor=anchor, label=label, text=lines)
        case ExampleCall(label=label):
            snippet = show(block)
            call = snippet_context(snippet, anchor=anchor, label=label)
            return BlockContext(kind=block.kind, anchor=anchor, call=call)
