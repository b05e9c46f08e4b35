"""The list beside every page of the reference."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from playground.reference.api.operations import Operation
from playground.reference.guides.samples import Guide
from playground.reference.pages import basics, operations
from playground.reference.pages.blocks import Section
from playground.reference.pages.prose import Place
from playground.web.reference.pages import address_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkContext:
    title: str
    href: str
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NavSection:
    """A folded part of the list; open where one is."""

    title: str
    links: tuple[LinkContext, ...]
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NavContext:
    """The list beside every page: what holds for all, groups of operations, guides."""

    sections: tuple[NavSection, ...]
    is_overview: bool


def nav_context(guides: Iterable[Guide], *, current: str = "") -> NavContext:
    """On the overview everything is open; elsewhere what is around the page, so that it is seen."""
    sections = (
        ("Basics", tuple(map(_basics_link, basics.sections("")))),
        *(
            (group.name, tuple(_operation_link(one, current) for one in group.operations))
            for group in operations.groups()
        ),
        ("Guides", guide_links(guides, current=current)),
    )
    return NavContext(
        sections=tuple(
            NavSection(
                title=title,
                links=links,
                is_open=not current or any(link.is_current for link in links),
            )
            for title, links in sections
        ),
        is_overview=not current,
    )


def section_of(operation: str) -> str:
    """The title of the group that an operation stands in."""
    return next(
        (
            group.name
            for group in operations.groups()
            if any(one.name == operation for one in group.operations)
        ),
        "",
    )


def guide_links(guides: Iterable[Guide], *, current: str = "") -> tuple[LinkContext, ...]:
    return tuple(_guide_link(guide, current) for guide in guides)


def _basics_link(section: Section) -> LinkContext:
    place = Place(kind="overview", anchor=section.anchor)
    return LinkContext(title=section.title, href=address_of(place))


def _operation_link(operation: Operation, current: str) -> LinkContext:
    place = Place(kind="operation", name=operation.name)
    is_current = operation.name == current
    return LinkContext(title=operation.title, href=address_of(place), is_current=is_current)


def _guide_link(guide: Guide, current: str) -> LinkContext:
    place = Place(kind="guide", name=guide.name)
    is_current = guide.name == current
    return LinkContext(title=guide.title, href=address_of(place), is_current=is_current)
