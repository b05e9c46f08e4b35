"""Search over everything that the reference says: names first, then meanings."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from playground.contract.folding import LONGEST_QUERY as LONGEST_QUERY
from playground.contract.folding import fold, search_words, searchable, spellings
from playground.reference.guides.samples import Guide
from playground.reference.pages import operations
from playground.reference.pages.blocks import Section
from playground.reference.pages.operations import Entry, OperationPage
from playground.reference.pages.prose import Place, plain

_MOST_HITS = 40
# Characters of a text that are shown, and of them before the word that was found.
_EXCERPT, _BEFORE = 150, 50
_NOWHERE = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something that can be found. `within` says where it stands, `text` what it is.

    `names` are looked through too, and not shown.
    """

    title: str
    kind: str
    within: str
    text: str
    to: Place
    names: str = ""
    is_code: bool = False

    def excerpt(self, query: str) -> str:
        """The part of the text that has the first word of the query which is in it."""
        folded = fold(self.text)
        at = next((at for word in search_words(query) if (at := folded.find(word)) >= 0), 0)
        start = self.text.rfind(" ", 0, at - _BEFORE) + 1 if at > _EXCERPT - _BEFORE else 0
        end = start + _EXCERPT
        cut = self.text[start:end].rpartition(" ")[0] if end < len(self.text) else ""
        return f"{'… ' if start else ''}{f'{cut} …' if cut else self.text[start:end]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best hits, and how many there are in all."""

    text: str
    hits: tuple[Hit, ...]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.hits)


def everything(sections: Sequence[Section], guides: Sequence[Guide]) -> tuple[Hit, ...]:
    """What there is to find: operations, parameters, fields, errors, basics and guides."""
    overview = Place(kind="overview")
    return (
        *_operation_hits(operations.all_pages()),
        *_section_hits(sections, "basics", "API reference", overview),
        *(hit for guide in guides for hit in _guide_hits(guide)),
    )


def find(query: str, hits: Iterable[Hit]) -> Found:
    """Hits that have every word of the query, the best first; none for an empty query."""
    wanted = search_words(query)
    if not wanted:
        return Found(text=query, hits=(), count=0)
    ranked = [
        (sum(ranks), at, hit)
        for at, hit in enumerate(hits)
        if _NOWHERE not in (ranks := [_rank_best(word, hit) for word in wanted])
    ]
    ranked.sort(key=lambda found: found[:2])
    return Found(
        text=query, hits=tuple(found[2] for found in ranked[:_MOST_HITS]), count=len(ranked)
    )


def _rank_best(word: str, hit: Hit) -> int:
    return min(_rank(spelled, *_folded(hit)) for spelled in spellings(word))


def _rank(word: str, title: str, within: str, text: str) -> int:
    """How well a word fits: 0 is best, `_NOWHERE` not at all."""
    bare = title.replace("[]", "")
    name = bare.rpartition(".")[2]
    if word in (title, bare, name):
        return 0
    if name.startswith(word) or title.startswith(word):
        return 1
    if word in title or word in bare:
        return 2
    if word in within:
        return 4
    return 5 if word in text else _NOWHERE


@functools.lru_cache(maxsize=4096)
def _folded(hit: Hit) -> tuple[str, str, str]:
    return (
        fold(hit.title),
        fold(hit.within),
        searchable(f"{hit.kind} {hit.title} {hit.text} {hit.names}"),
    )


def _operation_hits(found: Sequence[OperationPage]) -> Iterator[Hit]:
    for page in found:
        operation = page.operation
        here = Place(kind="operation", name=operation.name)
        yield Hit(
            title=operation.title,
            kind="operation",
            within=f"{operation.method} {operation.path}",
            text=plain(operation.purpose),
            to=here,
            names=operation.name,
        )
    for page in found:
        yield from _entry_hits(page)
    for page in found:
        yield from _failure_hits(page)


def _entry_hits(page: OperationPage) -> Iterator[Hit]:
    parameters = (*page.path_parameters, *page.query_parameters)
    yield from (_entry_hit(entry, "parameter", page) for entry in parameters)
    for field in page.body:
        yield from (_entry_hit(entry, "field of the body", page) for entry in field.walk())
    yield from (_entry_hit(entry, "field of the answer", page) for entry in page.answer_entries)


def _entry_hit(entry: Entry, kind: str, page: OperationPage) -> Hit:
    place = Place(kind="operation", name=page.operation.name, anchor=entry.anchor)
    return Hit(
        title=entry.path,
        kind=kind,
        within=page.operation.title,
        text=" ".join((plain(entry.meaning), *entry.choices)),
        to=place,
        is_code=True,
    )


def _failure_hits(page: OperationPage) -> Iterator[Hit]:
    for part in page.failures:
        place = Place(kind="operation", name=page.operation.name, anchor=part.anchor)
        for case in part.cases:
            yield Hit(
                title=str(part.status),
                kind="error",
                within=page.operation.title,
                text=plain(f"{case.when} {case.advice}"),
                to=place,
                is_code=True,
            )


def _guide_hits(guide: Guide) -> Iterator[Hit]:
    here = Place(kind="guide", name=guide.name)
    yield Hit(title=guide.title, kind="guide", within="Guides", text=plain(guide.lead), to=here)
    yield from _section_hits(guide.sections, "guide", guide.title, here)


def _section_hits(
    sections: Iterable[Section], kind: str, within: str, page: Place
) -> Iterator[Hit]:
    for section in sections:
        yield Hit(
            title=section.title,
            kind=kind,
            within=within,
            text=" ".join(map(plain, section.texts)),
            to=Place(kind=page.kind, name=page.name, anchor=section.anchor),
        )
