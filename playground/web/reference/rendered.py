"""What the reference says, as HTML: the same for everybody, so it is rendered once per process.

It depends on the address that the snippets call and on where the site is mounted.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.safestring import SafeString

from playground.reference.pages import basics, operations
from playground.services import reference
from playground.web.context_processor import api_base_url, is_sandbox_behind
from playground.web.reference import blocks
from playground.web.reference import nav as reference_nav
from playground.web.reference import pages as reference_pages

# All pages of the site and of its area of trials, for two host names; about 30 kB each.
_MOST_KEPT = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a page depends on, beside its name."""

    base_url: str
    prefix: str
    is_sandbox: bool


def site_of(request: HttpRequest) -> Site:
    return Site(
        base_url=api_base_url(request),
        prefix=get_script_prefix(),
        is_sandbox=is_sandbox_behind(),
    )


@functools.lru_cache(maxsize=_MOST_KEPT)
def nav_html(site: Site, current: str) -> SafeString:  # noqa: ARG001  # Its addresses are of the site.
    nav = reference_nav.nav_context(reference.list_guides(), current=current)
    return render_to_string("reference/_nav.html", {"nav": nav})


@functools.lru_cache(maxsize=_MOST_KEPT)
def overview_html(site: Site) -> SafeString:
    sections = basics.sections(site.base_url)
    show = reference.shows_calls(site.base_url)
    context = {
        "site": site,
        "overview": blocks.overview_context(sections, show),
        "guides": reference_nav.guide_links(reference.list_guides()),
        "marks": tuple(operations.EVIDENCE.items()),
    }
    return render_to_string("reference/_overview.html", context)


@functools.lru_cache(maxsize=_MOST_KEPT)
def operation_html(site: Site, name: str) -> SafeString:
    """Raises `KeyError` for a name that there is no operation of."""
    show = reference.shows_calls(site.base_url)
    context = {
        "shown": reference_pages.operation_context(operations.page_of(name), show),
        "languages": reference_pages.languages(),
        "marks": tuple(operations.EVIDENCE.items()),
    }
    return render_to_string("reference/_operation.html", context)


@functools.lru_cache(maxsize=_MOST_KEPT)
def guide_html(site: Site, name: str) -> SafeString:
    """Raises `UnknownPage`."""
    found, show = reference.find_guide(name), reference.shows_calls(site.base_url)
    context = {"site": site, "guide": blocks.guide_context(found, show)}
    return render_to_string("reference/_guide.html", context)
