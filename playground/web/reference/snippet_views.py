"""An operation's example in another language: a page, of which the operation's takes a part."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from playground.contract.accounts import AccountSave
from playground.payload.show.snippets.targets import TARGETS
from playground.reference import snippets
from playground.services import permissions, reference
from playground.services.launches.snippets import USUAL
from playground.web.reference import rendered
from playground.web.reference.documents import find_page
from playground.web.reference.nav import section_of
from playground.web.reference.pages import languages


@require_safe
def snippet(request: HttpRequest, operation: str) -> HttpResponse:
    """`?target=` says which language."""
    permissions.require(request.user, "see reference")
    page = find_page(operation)
    target = TARGETS.get(request.GET.get("target", ""), TARGETS[USUAL])
    if target.flavour != "launch":
        target = TARGETS[USUAL]
    site = rendered.site_of(request)
    shown = reference.shows_calls(site.base_url)(snippets.example_of(page.operation))
    content = {
        "operation": page.operation,
        "languages": languages(),
        "target": target,
        "has_secrets": page.operation.body is AccountSave,
        "text": snippets.write_call(shown, target, site.base_url),
    }
    context = {
        "title": f"{page.operation.title} · {target.language}",
        "heading": page.operation.title,
        "within": section_of(operation),
        "nav": rendered.nav_html(site, operation),
        "content": render_to_string("reference/_in_language.html", content),
    }
    return render(request, "reference/page.html", context)
