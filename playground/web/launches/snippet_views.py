"""The launch of a form as a snippet: for programs, and as a page without scripts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from playground.payload.show.snippets.proofs import PROOFS
from playground.payload.show.snippets.targets import TARGETS
from playground.services import permissions
from playground.services.launches import snippets
from playground.web.context_processor import api_base_url
from playground.web.launches.form import read_form

_PLAIN = "text/plain; charset=utf-8"


@require_safe
def targets(request: HttpRequest) -> HttpResponse:
    """What there is to write a launch in."""
    permissions.require(request.user, "preview")
    listed = [
        {
            "target": target.name,
            "language": target.language,
            "flavour": target.flavour,
            "proven": target.name in PROOFS,
        }
        for target in TARGETS.values()
    ]
    return JsonResponse(listed, safe=False)


@require_POST
def snippet(request: HttpRequest, workflow_uid: str, target: str) -> HttpResponse:
    """One snippet of what is in the form."""
    permissions.require(request.user, "preview", workflow_uid)
    try:
        found = snippets.find_target(target)
    except snippets.UnableToFindTarget as error:
        return HttpResponse(error.sentence, status=404, content_type=_PLAIN)
    form = read_form(request, workflow_uid)
    text = snippets.write_snippet(
        found, form.workflow, form.to_draft(), base_url=api_base_url(request)
    )
    return HttpResponse(text + "\n", content_type=_PLAIN)
