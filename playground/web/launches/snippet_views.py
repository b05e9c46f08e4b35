"""The launch of a form as a snippet: beside it, on a page of its own, and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from playground.payload.show.folding import MOST_CHARACTERS
from playground.payload.show.snippets.calls import Target
from playground.payload.show.snippets.launches import Snippet
from playground.payload.show.snippets.proofs import PROOFS, Proof
from playground.payload.show.snippets.targets import TARGETS, TOOLS, by_language
from playground.services import permissions
from playground.services.launches import snippets
from playground.web.context_processor import api_base_url
from playground.web.launches.form import LaunchForm, read_form

TARGET = "snippet_target"
_PLAIN = "text/plain; charset=utf-8"
_NOT_CARRIED = ("csrfmiddlewaretoken", "action", TARGET)


@dataclass(frozen=True, slots=True, kw_only=True)
class SnippetContext:
    """One snippet, and the others that there are."""

    target: Target
    snippet: Snippet

    @property
    def groups(self) -> Iterator[tuple[str, tuple[Target, ...]]]:
        return by_language()

    @property
    def words(self) -> str:
        """How one says what it is written in, or for."""
        target = self.target
        return f"for {target.title}" if target.language == TOOLS else f"in {target.language}"

    @property
    def proof(self) -> Proof | None:
        return PROOFS.get(self.target.name)

    @classmethod
    def of(cls, request: HttpRequest, form: LaunchForm) -> SnippetContext:
        """In the language that was asked for, else in the one that the person chose last."""
        target = snippets.choose_target(request.user, form.data.get(TARGET, ""))
        snippet = snippets.write_snippet(
            target,
            form.workflow,
            form.to_draft(),
            base_url=api_base_url(request),
            most=MOST_CHARACTERS,
        )
        return cls(target=target, snippet=snippet)


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
    """One snippet of what is in the form, as text; with `?download` as a file."""
    permissions.require(request.user, "preview", workflow_uid)
    try:
        found = snippets.find_target(target)
    except snippets.UnableToFindTarget as error:
        return HttpResponse(error.sentence, status=404, content_type=_PLAIN)
    form = read_form(request, workflow_uid)
    written = snippets.write_snippet(
        found, form.workflow, form.to_draft(), base_url=api_base_url(request)
    )
    response = HttpResponse(written.text + "\n", content_type=_PLAIN)
    if "download" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="{found.file_name}"'
    return response


@require_POST
def panel(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """The snippet beside the form, in the language that is chosen there."""
    permissions.require(request.user, "preview", workflow_uid)
    form = read_form(request, workflow_uid)
    context = {"workflow": form.workflow, "shown": SnippetContext.of(request, form)}
    return render(request, "launches/_snippet.html", context)


@require_POST
def page(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """The same on a page of its own, for browsers without scripts."""
    permissions.require(request.user, "preview", workflow_uid)
    form = read_form(request, workflow_uid)
    carried = [
        (name, text)
        for name, texts in request.POST.lists()
        for text in map(str, texts)
        if name not in _NOT_CARRIED
    ]
    context = {
        "workflow": form.workflow,
        "shown": SnippetContext.of(request, form),
        "carried": carried,
    }
    return render(request, "launches/snippet.html", context)
