"""The reference as its templates show it: addresses looked up, prose and JSON as HTML."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from playground.contract.folding import search_words
from playground.payload.show.snippets.calls import Target
from playground.payload.show.snippets.targets import by_language
from playground.reference import snippets
from playground.reference.api.operations import Operation
from playground.reference.pages.operations import AnswerPart, Entry, FailurePart, OperationPage
from playground.reference.pages.prose import AddressOf, Place, Span, spans
from playground.reference.search import Found, Hit
from playground.reference.snippets import ShowCall, Snippet
from playground.web.json_html import payload_html


@dataclass(frozen=True, slots=True, kw_only=True)
class HitContext:
    hit: Hit
    href: str
    excerpt: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundContext:
    found: Found
    hits: tuple[HitContext, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryContext:
    """A parameter or field. `href` leads to it from anywhere, and back to it from itself."""

    entry: Entry
    meaning: SafeString
    href: str
    sentence: SafeString
    inside: tuple[EntryContext, ...]
    is_open: bool
    required: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SnippetContext:
    """`anchor` begins the ids of what can be copied."""

    anchor: str
    label: str
    snippet: Snippet
    json: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerContext:
    part: AnswerPart
    meaning: SafeString
    fields: tuple[EntryContext, ...]
    json: SafeString

    @property
    def json_id(self) -> str:
        return f"json-of-{self.part.anchor}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureContext:
    part: FailurePart
    cases: tuple[tuple[SafeString, SafeString], ...]
    json: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationContext:
    page: OperationPage
    operation: Operation
    purpose: SafeString
    entries: tuple[tuple[str, tuple[EntryContext, ...]], ...]
    example: SnippetContext
    answers: tuple[AnswerContext, ...]
    failures: tuple[FailureContext, ...]
    markdown: str


def address_of(place: Place) -> str:
    """The address of a place, within this site."""
    match place.kind:
        case "overview":
            address = reverse("reference")
        case "page":
            address = reverse(place.name)
        case kind:
            address = reverse(f"reference-{kind}", args=[place.name])
    return f"{address}#{place.anchor}" if place.anchor else address


def markdown_addresses(request: HttpRequest) -> AddressOf:
    """Places as absolute addresses of their Markdown, where they have one."""

    def address(place: Place) -> str:
        match place.kind:
            case "overview":
                path = reverse("reference-overview-markdown")
            case "page":
                path = reverse(place.name)
            case kind:
                path = reverse(f"reference-{kind}-markdown", args=[place.name])
        return request.build_absolute_uri(path)

    return address


def prose_html(text: str) -> SafeString:
    """Our prose with its links and code."""
    return format_html_join("", "{}", ((_span_html(span),) for span in spans(text)))


def found_context(found: Found) -> FoundContext:
    hits = tuple(
        HitContext(
            hit=hit,
            href=address_of(hit.to),
            excerpt=_marked(hit.excerpt(found.text), search_words(found.text)),
        )
        for hit in found.hits
    )
    return FoundContext(found=found, hits=hits)


def _marked(text: str, words: Sequence[str]) -> SafeString:
    """The text with the words that were looked for marked in it."""
    found = re.compile(f"({'|'.join(map(re.escape, words))})", re.IGNORECASE)
    parts = zip(found.split(text), itertools.cycle(("{}", "<mark>{}</mark>")), strict=False)
    return format_html_join("", "{}", ((format_html(how, part),) for part, how in parts))


def operation_context(page: OperationPage, show: ShowCall) -> OperationContext:
    operation = page.operation
    titles = ("Path", page.path_parameters), ("Query", page.query_parameters), ("Body", page.body)
    address = reverse("reference-operation", args=[operation.name])
    return OperationContext(
        page=page,
        operation=operation,
        purpose=prose_html(operation.purpose),
        entries=tuple(
            (title, entry_contexts(entries, address, depth=1, required="required"))
            for title, entries in titles
            if entries
        ),
        example=snippet_context(show(snippets.example_of(operation)), anchor="example"),
        answers=tuple(_answer(part, address) for part in page.answers),
        failures=tuple(map(_failure, page.failures)),
        markdown=reverse("reference-operation-markdown", args=[operation.name]),
    )


def languages() -> tuple[tuple[str, tuple[Target, ...]], ...]:
    """The languages that a call can be written in, with what each is written for."""
    found = (
        (language, tuple(one for one in targets if one.flavour == "launch"))
        for language, targets in by_language()
    )
    return tuple((language, targets) for language, targets in found if targets)


def snippet_context(snippet: Snippet, *, anchor: str, label: str = "") -> SnippetContext:
    lines = payload_html(snippet.lines)
    return SnippetContext(anchor=anchor, label=label, snippet=snippet, json=lines)


def entry_contexts(
    entries: Sequence[Entry], address: str, *, depth: int, required: str
) -> tuple[EntryContext, ...]:
    """What is inside of an entry is unfolded for `depth` levels; `required` says it of one."""
    return tuple(
        EntryContext(
            entry=entry,
            meaning=prose_html(entry.meaning),
            href=f"{address}#{entry.anchor}",
            sentence=prose_html(entry.sentence),
            inside=entry_contexts(entry.inside, address, depth=depth - 1, required=required),
            is_open=depth > 0,
            required=required if entry.is_required else "",
        )
        for entry in entries
    )


def _answer(part: AnswerPart, address: str) -> AnswerContext:
    return AnswerContext(
        part=part,
        meaning=prose_html(part.answer.meaning),
        fields=entry_contexts(part.fields, address, depth=0, required="always"),
        json=payload_html(part.lines),
    )


def _failure(part: FailurePart) -> FailureContext:
    cases = tuple((prose_html(case.when), prose_html(case.advice)) for case in part.cases)
    return FailureContext(part=part, cases=cases, json=payload_html(part.lines))


def _span_html(span: Span) -> SafeString | str:
    text = format_html('<code translate="no">{}</code>', span.text) if span.is_code else span.text
    return format_html('<a href="{}">{}</a>', address_of(span.to), text) if span.to else text
