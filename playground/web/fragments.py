"""A fragment is never a page: what htmx asks for and cannot have is a status and a sentence.

The page shows the sentence in its one banner. Nothing of another page is swapped into it, and no
redirect is followed behind its back.
"""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

SIGNED_OUT = "You were signed out. Nothing you typed is lost: sign in, and go on here."
TOO_OLD = (
    "The security token of this page does not fit any more, so nothing was done. "
    "Nothing you typed is lost: reload the page if this stays."
)
OTHER_VERSION = (
    "The playground was changed to another version since this page was opened, so this part of it "
    "was not renewed. Nothing you typed is lost: reload the page, and go on."
)
# How a page says of which version it is.
VERSION_HEADER = "X-Playground-Version"
MOVED = "What this part of the page shows has moved. Reload the page."

_SENTENCES = {
    400: "This cannot be read: what was entered is not text, or there is too much of it.",
    403: "You may not see or do this.",
    404: "What this part of the page shows is not there any more.",
    413: "This is too much for one request: shorten what was entered or pasted.",
    429: "That was asked too often. It is asked again in a moment.",
    500: "Something broke on our side, and the reason is in the log. Nothing you typed is lost.",
    503: "No answer just now. Nothing you typed is lost, and it is asked again in a moment.",
}
_OTHERWISE = "The playground cannot answer this. Reload the page."
_TEXT = "text/plain; charset=utf-8"


def is_fragment(request: HttpRequest) -> bool:
    """Whether the page's script asks, for a part of the page that is open. The sandbox has none:
    its API answers a program, whatever headers that sends."""
    is_api = request.path_info.startswith("/sandbox/")
    return request.headers.get("HX-Request") == "true" and not is_api


def refuse(sentence: str, status: int) -> HttpResponse:
    """What a fragment gets in place of a page: the sentence for the banner."""
    return HttpResponse(sentence, status=status, content_type=_TEXT)


_SOURCES = (".py", ".html", ".js", ".css")


@functools.cache
def version() -> str:
    """Names what the program is made of, as it was when this process began to serve pages. Two
    versions may tell the same number: a checkout between releases, a change of one's own."""
    files = [
        Path(place, name)
        for folder in ("playground", "templates", "static")
        for place, _, names in os.walk(settings.BASE_DIR / folder)
        for name in names
        if name.endswith(_SOURCES)
    ]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(settings.BASE_DIR)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


class FragmentMiddleware:
    """Whatever refused a fragment, the frame or a view, it is told as `refuse` tells it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        version()  # Now: the files may be replaced while this process runs on.

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_fragment(request) and request.headers.get(VERSION_HEADER, version()) != version():
            # Before anything is done: a page of another version may mean something else by it.
            return refuse(OTHER_VERSION, 409)
        response = self.get_response(request)
        is_refused = response.status_code >= 300 and response.status_code != 304
        if not is_fragment(request) or not is_refused:
            return response
        if response.headers.get("Content-Type") == _TEXT:
            return response
        _tell(response)
        return response


def _tell(response: HttpResponse) -> None:
    """In place: its cookies and other headers stay."""
    if response.status_code < 400:
        response.status_code = 409
        del response.headers["Location"]
        sentence = MOVED
    else:
        if response.status_code in (502, 504):
            response.status_code = 503
        sentence = _SENTENCES.get(response.status_code, _OTHERWISE)
    response.reason_phrase = None  # type: ignore[assignment]
    response.content = sentence.encode()
    response.headers["Content-Type"] = _TEXT
    response.headers["Content-Length"] = str(len(response.content))
